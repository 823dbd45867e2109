use super::Stop;
use super::bar::{fraction_bar, set_fraction};
use crate::data::{DataSource, Examples};
use clap::{Args, ValueEnum};
use std::fmt::{self, Display};
use std::ops::{ControlFlow, RangeInclusive};
use std::str::FromStr;

/// Which digits are scored or written.
#[derive(Debug, Args)]
pub(super) struct Chosen {
    /// mnist, practice, an IDX folder, an image folder ROOT/<label>/*.png, a drawings file, or several joined by +
    #[arg(long)]
    data: String,

    /// Which part of the data [default: test, but all of a drawings file]
    #[arg(long, value_enum)]
    split: Option<Split>,

    /// Only digits by these writers, as in 25-30 or 3,7; for drawings that name their writers
    #[arg(long, value_name = "NUMBERS")]
    writers: Option<Writers>,
}

/// A part of a data set.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Split {
    All,
    Train,
    Validation,
    Test,
}

/// Numbers of writers, as in 25-30 or 3,7.
#[derive(Clone, Debug)]
pub(super) struct Writers {
    text: String,
    ranges: Vec<RangeInclusive<u32>>,
}

/// Digits that were chosen, and where they are from.
pub(super) struct Digits {
    /// "strokes.jsonl, all examples by writers 25-30".
    pub(super) name: String,
    pub(super) split: Split,
    pub(super) examples: Examples,
    pub(super) notes: Vec<String>,
}

impl Chosen {
    /// Reads them; never none.
    pub(super) fn load(&self) -> Result<Digits, Stop> {
        let source = DataSource::parse(&self.data).map_err(Stop::sentence)?;
        let bar = fraction_bar("Reading the data");
        let data = source.load_to_score(&mut |fraction| {
            set_fraction(&bar, fraction);
            ControlFlow::Continue(())
        });
        bar.finish_and_clear();
        let data = data.map_err(Stop::sentence)?;
        let split = self.split.unwrap_or(match source {
            // People have no test set in mind when they draw, and the writers in the file are all of interest.
            DataSource::Path(path) if path.is_file() => Split::All,
            _ => Split::Test,
        });
        let mut examples = match split {
            Split::All => data.all().map_err(Stop::sentence)?,
            Split::Train => data.train,
            Split::Validation => data.validation,
            Split::Test => data.test,
        };
        let mut name = format!("{}, {split}", data.name);
        if let Some(writers) = &self.writers {
            examples = writers.of(&examples, &name)?;
            name = format!("{name} by writers {}", writers.text);
        }
        if examples.is_empty() {
            return Err(Stop::Sentence(format!(
                "{name}: there are none; choose another part with --split"
            )));
        }
        Ok(Digits {
            name,
            split,
            examples,
            notes: data.notes,
        })
    }
}

impl Writers {
    pub(super) fn contain(&self, writer: u32) -> bool {
        self.ranges.iter().any(|range| range.contains(&writer))
    }

    fn of(&self, examples: &Examples, name: &str) -> Result<Examples, Stop> {
        let written_by_them = |index| {
            examples
                .writer(index)
                .is_some_and(|writer| self.contain(writer))
        };
        let chosen = examples.filtered(written_by_them);
        if !chosen.is_empty() {
            return Ok(chosen);
        }
        let known = (0..examples.len()).filter_map(|index| examples.writer(index));
        let (first, last) = (known.clone().min(), known.max());
        Err(Stop::Sentence(match (first, last) {
            (Some(first), Some(last)) => format!(
                "{name}: none are by the writers {}; theirs are from {first} to {last}",
                self.text
            ),
            _ => format!("{name}: the writers are not known, so --writers cannot choose"),
        }))
    }
}

impl FromStr for Writers {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let range = |part: &str| {
            // A dash, or the longer one that ranges are printed with.
            let (first, last) = part.split_once(['-', '–']).unwrap_or((part, part));
            let (first, last) = (first.trim().parse().ok()?, last.trim().parse().ok()?);
            (first <= last).then_some(first..=last)
        };
        let ranges = text.split(',').map(range).collect::<Option<_>>();
        let ranges = ranges.ok_or("writers are numbers, as in 25-30 or 3,7")?;
        Ok(Self {
            text: text.to_owned(),
            ranges,
        })
    }
}

impl Split {
    /// Its name on the command line.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::All => "all",
            Self::Train => "train",
            Self::Validation => "validation",
            Self::Test => "test",
        }
    }
}

impl Display for Split {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::All => "all examples",
            Self::Train => "training examples",
            Self::Validation => "validation examples",
            Self::Test => "test examples",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn writers_are_numbers_and_ranges() {
        let writers = |text: &str| text.parse::<Writers>().map(|writers| writers.ranges);
        assert_eq!(writers("25-30"), Ok(vec![25..=30]));
        assert_eq!(writers("3, 7,9–11"), Ok(vec![3..=3, 7..=7, 9..=11]));
        for wrong in ["", "a", "5-3", "1-2-3", "1,", "-1", "4294967296"] {
            assert!(writers(wrong).is_err(), "{wrong}");
        }
    }
}
