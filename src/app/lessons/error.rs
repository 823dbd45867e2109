use super::Lesson;

/// Why a file is no lesson: where, what, and what to do.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {problem}")]
pub struct LessonError {
    /// Counted from 1.
    pub line: usize,
    pub problem: Problem,
}

/// What is wrong with a line of a lesson, or with all that was read until then.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Problem {
    #[error("a lesson begins with its title: write “# Title” in the first line")]
    NoTitle,
    #[error("there is a title already: a step begins with “## ”")]
    SecondTitle,
    #[error("the title is empty: write it behind the “#”")]
    EmptyTitle,
    #[error("the summary is missing: write one sentence beneath the title, before the first step")]
    NoSummary,
    #[error("the summary has more than one line: keep it to one sentence")]
    LongSummary,
    #[error("the step “{title}” says nothing: write a sentence beneath its title")]
    NoText { title: String },
    #[error("the lesson has {found} steps, each beginning with “## ”: it must have {least} to {most}", least = Lesson::STEPS[0], most = Lesson::STEPS[1])]
    WrongNumberOfSteps { found: usize },
    #[error("text after the items of a step: write it before them, or as “- say: …”")]
    TextAfterItems,
    #[error(
        "“{word}” is nothing that a step can hold: use do, ask, say, show or set up, as in “- do (draw): Draw a digit”"
    )]
    UnknownItem { word: String },
    #[error("“{word}” belongs in a step: before the first “## ” there is only set up and show")]
    NotInTheHead { word: &'static str },
    #[error("there is more than one “{word}” here: put all of it in one pair of parentheses")]
    Twice { word: &'static str },
    #[error("“{word}” needs parentheses that open and close, as in “- {example}”")]
    NoParentheses {
        word: &'static str,
        example: &'static str,
    },
    #[error("“{word}” needs a colon and a sentence behind it, as in “- {example}”")]
    NoSentence {
        word: &'static str,
        example: &'static str,
    },
    #[error("“{text}” is no condition: use {known}")]
    UnknownCondition { text: String, known: String },
    #[error("no command is called “{text}”: use its name as it stands in the menu")]
    UnknownCommand { text: String },
    #[error("“{text}” is no question that can be computed: use {known}")]
    UnknownQuestion { text: String, known: String },
    #[error("“{text}” is no number of the chain: use x, w1, b1, z1, a1, w2 and so on")]
    NoPlaceOfTheChain { text: String },
    #[error("“{text}” cannot be shown: use {known}")]
    UnknownPlace { text: String, known: String },
    #[error("“{text}” is no setting: use {known}")]
    UnknownSetting { text: String, known: String },
    #[error("there is no {what} “{text}”: use {known}")]
    UnknownName {
        what: &'static str,
        text: String,
        known: String,
    },
    #[error("“{text}” is no value for {setting}: {reason}")]
    WrongValue {
        setting: String,
        text: String,
        reason: String,
    },
    #[error("the settings do not go together: {0}")]
    WrongSettings(String),
    #[error("“{text}” is no number")]
    NoNumber { text: String },
}

impl Problem {
    pub(super) fn at(self, line: usize) -> LessonError {
        LessonError {
            line,
            problem: self,
        }
    }
}

/// "draw, label or train", for the end of a sentence.
pub(super) fn one_of<T: AsRef<str>>(names: &[T]) -> String {
    match names {
        [] => String::new(),
        [only] => only.as_ref().to_owned(),
        [first @ .., last] => {
            let first: Vec<&str> = first.iter().map(AsRef::as_ref).collect();
            format!("{} or {}", first.join(", "), last.as_ref())
        }
    }
}
