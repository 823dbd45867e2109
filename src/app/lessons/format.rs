//! Reading a lesson: Markdown of a few kinds of lines, checked line by line.

use super::error::Problem;
use super::{Condition, Item, Lesson, LessonError, Question, SetUp, Stage, Step};
use std::fs::File;
use std::io::Read;
use std::path::Path;

/// A longer file is no lesson.
const MOST_BYTES: u64 = 256 * 1024;

/// What an item of a list can begin with, and an example of each.
const WORDS: [(&str, &str); 5] = [
    ("do", "do (draw): Draw a digit"),
    ("ask", "ask (costliest output): Which output costs most?"),
    ("say", "say: That was all"),
    ("show", "show (learn, backprop)"),
    (
        "set up",
        "set up (preset textbook): Begin with fresh weights",
    ),
];

/// What was read so far, and what of it the next line belongs to.
#[derive(Default)]
struct Reader {
    title: Option<String>,
    summary: Option<String>,
    set_up: Option<SetUp>,
    stage: Option<Stage>,
    steps: Vec<StepReader>,
}

/// A step that is being read.
struct StepReader {
    line: usize,
    title: String,
    paragraphs: Vec<String>,
    /// A blank line came: the next text is another paragraph.
    is_paragraph_over: bool,
    stage: Option<Stage>,
    items: Vec<Item>,
}

/// An item as it stands in the file: `- word (inside): sentence`.
struct RawItem<'a> {
    word: &'static str,
    example: &'static str,
    inside: Option<&'a str>,
    sentence: Option<&'a str>,
}

impl Lesson {
    /// Reads the text of a lesson's file; the error names the line.
    pub fn read(text: &str) -> Result<Self, LessonError> {
        let mut reader = Reader::default();
        let lines = joined_lines(text);
        for (number, line) in &lines {
            reader
                .take(*number, line)
                .map_err(|problem| problem.at(*number))?;
        }
        let last = lines.last().map_or(1, |(number, _)| *number);
        reader.finish(last)
    }
}

/// Reads a lesson's file; the error is a sentence that names file and line.
pub(in crate::app) fn open_lesson(path: &Path) -> Result<Lesson, String> {
    let name = path.display();
    let mut bytes = Vec::new();
    File::open(path)
        .and_then(|file| file.take(MOST_BYTES + 1).read_to_end(&mut bytes))
        .map_err(|error| format!("{name} cannot be read: {error}"))?;
    if bytes.len() as u64 > MOST_BYTES {
        return Err(format!("{name} is longer than 256 KB: that is no lesson"));
    }
    let text = String::from_utf8(bytes)
        .map_err(|_| format!("{name} is not in UTF-8: save it as UTF-8 text"))?;
    Lesson::read(&text).map_err(|error| format!("{name}, {error}"))
}

impl Reader {
    fn take(&mut self, number: usize, line: &str) -> Result<(), Problem> {
        if let Some(title) = line.strip_prefix("## ") {
            return self.begin_step(number, title.trim());
        }
        if let Some(title) = line.strip_prefix("# ") {
            return match self.title.replace(named(title)?) {
                None => Ok(()),
                Some(_) => Err(Problem::SecondTitle),
            };
        }
        if self.title.is_none() && !line.is_empty() {
            return Err(Problem::NoTitle);
        }
        let item = line.strip_prefix("- ");
        match (self.steps.last_mut(), item) {
            (Some(step), Some(item)) => step.take_item(&RawItem::read(item)?),
            (Some(step), None) => step.take_text(line),
            (None, Some(item)) => self.take_head_item(&RawItem::read(item)?),
            (None, None) => self.take_summary(line),
        }
    }

    fn begin_step(&mut self, number: usize, title: &str) -> Result<(), Problem> {
        if self.title.is_none() {
            return Err(Problem::NoTitle);
        }
        if self.summary.is_none() {
            return Err(Problem::NoSummary);
        }
        self.steps.push(StepReader {
            line: number,
            title: named(title)?,
            paragraphs: Vec::new(),
            is_paragraph_over: true,
            stage: None,
            items: Vec::new(),
        });
        Ok(())
    }

    fn take_summary(&mut self, line: &str) -> Result<(), Problem> {
        if line.is_empty() {
            return Ok(());
        }
        match self.summary.replace(line.to_owned()) {
            None => Ok(()),
            Some(_) => Err(Problem::LongSummary),
        }
    }

    fn take_head_item(&mut self, item: &RawItem<'_>) -> Result<(), Problem> {
        match item.word {
            "set up" => only_one("set up", &mut self.set_up, SetUp::read(item.inside()?)?),
            "show" => only_one("show", &mut self.stage, Stage::read(item.inside()?)?),
            word => Err(Problem::NotInTheHead { word }),
        }
    }

    fn finish(self, last_line: usize) -> Result<Lesson, LessonError> {
        let title = self.title.ok_or(Problem::NoTitle.at(1))?;
        let summary = self.summary.ok_or(Problem::NoSummary.at(last_line))?;
        let found = self.steps.len();
        let [least, most] = Lesson::STEPS;
        if !(least..=most).contains(&found) {
            return Err(Problem::WrongNumberOfSteps { found }.at(last_line));
        }
        let steps = self.steps.into_iter().map(StepReader::finish);
        Ok(Lesson {
            title,
            summary,
            set_up: self.set_up,
            stage: self.stage.unwrap_or_default(),
            steps: steps.collect::<Result<_, _>>()?,
        })
    }
}

impl StepReader {
    fn take_text(&mut self, line: &str) -> Result<(), Problem> {
        if line.is_empty() {
            self.is_paragraph_over = true;
            return Ok(());
        }
        if !self.items.is_empty() || self.stage.is_some() {
            return Err(Problem::TextAfterItems);
        }
        match self.paragraphs.last_mut() {
            Some(paragraph) if !self.is_paragraph_over => {
                paragraph.push(' ');
                paragraph.push_str(line);
            }
            _ => self.paragraphs.push(line.to_owned()),
        }
        self.is_paragraph_over = false;
        Ok(())
    }

    fn take_item(&mut self, item: &RawItem<'_>) -> Result<(), Problem> {
        let read = match item.word {
            "show" => {
                return only_one("show", &mut self.stage, Stage::read(item.inside()?)?);
            }
            "do" => Item::Do {
                condition: Condition::read(item.inside()?)?,
                sentence: item.sentence()?,
            },
            "ask" => Item::Ask {
                question: Question::read(item.inside()?)?,
                sentence: item.sentence()?,
            },
            "set up" => Item::SetUp {
                set_up: SetUp::read(item.inside()?)?,
                sentence: item.sentence()?,
            },
            _ => Item::Say(item.sentence()?),
        };
        self.items.push(read);
        Ok(())
    }

    fn finish(self) -> Result<Step, LessonError> {
        if self.paragraphs.is_empty() {
            return Err(Problem::NoText { title: self.title }.at(self.line));
        }
        Ok(Step {
            title: self.title,
            text: self.paragraphs,
            stage: self.stage.unwrap_or_default(),
            items: self.items,
        })
    }
}

impl<'a> RawItem<'a> {
    fn read(item: &'a str) -> Result<Self, Problem> {
        let end = item.find(['(', ':']).unwrap_or(item.len());
        let (before, behind) = item.split_at(end);
        let found = WORDS.into_iter().find(|(word, _)| *word == before.trim());
        let (word, example) = found.ok_or_else(|| Problem::UnknownItem {
            word: before.trim().to_owned(),
        })?;
        let (inside, rest) = match behind.strip_prefix('(') {
            None => (None, behind),
            Some(opened) => match opened.split_once(')') {
                Some((inside, rest)) => (Some(inside.trim()), rest),
                None => return Err(Problem::NoParentheses { word, example }),
            },
        };
        let sentence = rest.trim().strip_prefix(':').map(str::trim);
        Ok(Self {
            word,
            example,
            inside,
            sentence: sentence.filter(|sentence| !sentence.is_empty()),
        })
    }

    fn inside(&self) -> Result<&'a str, Problem> {
        let inside = self.inside.filter(|inside| !inside.is_empty());
        inside.ok_or(Problem::NoParentheses {
            word: self.word,
            example: self.example,
        })
    }

    fn sentence(&self) -> Result<String, Problem> {
        let sentence = self.sentence.ok_or(Problem::NoSentence {
            word: self.word,
            example: self.example,
        })?;
        Ok(sentence.to_owned())
    }
}

/// The lines with their numbers, trimmed. What is indented beneath an item belongs to it.
fn joined_lines(text: &str) -> Vec<(usize, String)> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut joined: Vec<(usize, String)> = Vec::new();
    for (index, line) in text.lines().enumerate() {
        let trimmed = line.trim();
        if line.starts_with("  ")
            && !trimmed.is_empty()
            && let Some((_, last)) = joined.last_mut()
            && last.starts_with("- ")
        {
            last.push(' ');
            last.push_str(trimmed);
        } else {
            joined.push((index + 1, trimmed.to_owned()));
        }
    }
    joined
}

fn named(title: &str) -> Result<String, Problem> {
    match title.trim() {
        "" => Err(Problem::EmptyTitle),
        title => Ok(title.to_owned()),
    }
}

fn only_one<T>(word: &'static str, place: &mut Option<T>, value: T) -> Result<(), Problem> {
    match place.replace(value) {
        None => Ok(()),
        Some(_) => Err(Problem::Twice { word }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::lessons::NetworkFrom;
    use crate::app::{Depth, Tab};

    const SMALL: &str = "\
# Cost

How wrong an answer is

- set up (model textbook)
- show (learn, network, no curves)

## First

Draw a digit.
Then look.

A second paragraph.

- do (draw): Draw a digit
- ask (costliest output): Which output
  costs most?

## Second

Text.

- show (weights)
- say: Well done

## Third

Text.
";

    fn broken(old: &str, new: &str) -> String {
        assert!(SMALL.contains(old), "{old}");
        let text = SMALL.replacen(old, new, 1);
        Lesson::read(&text).unwrap_err().to_string()
    }

    #[test]
    fn a_lesson_is_read_as_it_is_written() {
        let lesson = Lesson::read(SMALL).unwrap();
        assert_eq!(lesson.title, "Cost");
        assert_eq!(lesson.summary, "How wrong an answer is");
        let set_up = lesson.set_up.as_ref().unwrap();
        assert_eq!(set_up.network, Some(NetworkFrom::Bundled("textbook")));
        assert_eq!(lesson.steps.len(), 3);
        let first = &lesson.steps[0];
        assert_eq!(
            first.text,
            ["Draw a digit. Then look.", "A second paragraph."]
        );
        assert!(matches!(&first.items[1], Item::Ask { sentence, .. }
            if sentence == "Which output costs most?"));
        assert_eq!(lesson.stage_at(0).tab, Some(Tab::Network));
        assert_eq!(lesson.stage_at(2).tab, Some(Tab::Weights));
        assert_eq!(lesson.stage_at(2).depth, Some(Depth::Learn));
        assert!(lesson.brings_a_network());
    }

    #[test]
    fn line_ends_and_marks_of_other_systems_do_not_matter() {
        let windows = format!("\u{feff}{}", SMALL.replace('\n', "\r\n"));
        assert_eq!(Lesson::read(&windows), Lesson::read(SMALL));
    }

    #[test]
    fn a_broken_lesson_says_where_and_what() {
        let starts = |error: String, expected: &str| {
            assert!(error.starts_with(expected), "{error}");
        };
        starts(
            broken("# Cost\n", "Cost\n"),
            "line 1: a lesson begins with its title",
        );
        starts(broken("# Cost", "# "), "line 1: a lesson begins");
        starts(
            broken("How wrong an answer is\n", ""),
            "line 7: the summary is missing",
        );
        starts(
            broken("is\n", "is\nand why\n"),
            "line 4: the summary has more than one line",
        );
        starts(
            broken("## First", "# First"),
            "line 8: there is a title already",
        );
        starts(
            broken("- do (draw)", "- dance (draw)"),
            "line 15: “dance” is nothing that a step can hold",
        );
        starts(
            broken("- do (draw)", "- do (dance)"),
            "line 15: “dance” is no condition",
        );
        starts(
            broken("(draw)", "(draw"),
            "line 15: “do” needs parentheses that open and close",
        );
        starts(
            broken("(draw): Draw a digit", "(draw)"),
            "line 15: “do” needs a colon",
        );
        starts(
            broken("costliest output", "cheapest output"),
            "line 16: “cheapest output” is no question that can be computed",
        );
        starts(
            broken("(weights)", "(kitchen)"),
            "line 23: “kitchen” cannot be shown",
        );
        starts(
            broken("- say: Well done", "Well done"),
            "line 24: text after the items",
        );
        starts(
            broken("- set up (model textbook)", "- do (draw): Draw"),
            "line 5: “do” belongs",
        );
        starts(
            broken("- set up (model textbook)", "- show (network)"),
            "line 6: there is more than one “show”",
        );
        starts(
            broken("model textbook", "model big"),
            "line 5: there is no model inside",
        );
        starts(
            broken("## Third\n\nText.\n", "## Third\n"),
            "line 26: the step “Third” says",
        );
        starts(
            broken("## Third\n\nText.\n", ""),
            "line 25: the lesson has 2 steps",
        );
        assert_eq!(
            Lesson::read("").unwrap_err().to_string(),
            "line 1: a lesson begins with its title: write “# Title” in the first line"
        );
    }

    #[test]
    fn any_text_at_all_is_read_or_refused() {
        for cut in 0..SMALL.len() {
            if SMALL.is_char_boundary(cut) {
                // Neither half may end in a panic.
                let _ = Lesson::read(&SMALL[..cut]);
                let _ = Lesson::read(&SMALL[cut..]);
            }
        }
    }
}
