//! Several data sets as one: every digit of each once an epoch, or in chosen shares.

use super::dataset::Examples;
use super::error::DataError;
use super::source::{Purpose, SPLIT_SEED};
use super::written::{PRACTICE_COUNTS, write_practice};
use super::{DataSource, Part, grouped};
use std::ops::ControlFlow;

/// Practice digits that a mix writes at most; where its share asks for more, they repeat as other parts do.
const MOST_PRACTICE: usize = 200_000;

/// The longest epoch: beyond it, a share is a slip of the hand.
const LONGEST_EPOCH: usize = 10_000_000;

/// What is wrong with the parts of a mix, if anything is.
pub(super) fn check(parts: &[Part]) -> Result<(), DataError> {
    for (index, part) in parts.iter().enumerate() {
        let label = part.source.label();
        if parts[..index]
            .iter()
            .any(|other| other.source == part.source)
        {
            return Err(DataError::RepeatedPart { part: label });
        }
        match part.share {
            Some(share) if !(share.is_finite() && share > 0.0) => {
                return Err(DataError::Share { part: label, share });
            }
            None if parts.iter().any(|other| other.share.is_some()) => {
                return Err(DataError::ShareMissing { part: label });
            }
            _ => {}
        }
    }
    Ok(())
}

/// The shares of an epoch, which add up to 1; `None` where every digit of each part comes once.
pub(super) fn shares(parts: &[Part]) -> Option<Vec<f64>> {
    let shares: Vec<f64> = parts
        .iter()
        .map(|part| part.share.map(f64::from))
        .collect::<Option<_>>()?;
    let sum: f64 = shares.iter().sum();
    Some(shares.into_iter().map(|share| share / sum).collect())
}

/// Training, validation and test examples of all parts, one part after the other.
///
/// With shares an epoch is as long as it must be for no part to lose a digit: smaller parts repeat evenly, and
/// practice digits are written in the number that is needed. Validation and test know no shares.
pub(super) fn read(
    parts: &[Part],
    purpose: Purpose,
    progress: &mut dyn FnMut(f32) -> ControlFlow<()>,
    notes: &mut Vec<String>,
) -> Result<[Examples; 3], DataError> {
    check(parts)?;
    let shares = match purpose {
        Purpose::Learning => shares(parts),
        Purpose::Scoring => None,
    };
    let mut sets: Vec<Option<[Examples; 3]>> = vec![None; parts.len()];
    let mut turns = Turns::new(parts.len(), progress);
    // How many practice digits are needed shows when the other parts are there.
    let is_written = |part: &Part| shares.is_some() && part.source == DataSource::Practice;
    for (part, sets) in parts.iter().zip(&mut sets) {
        if !is_written(part) {
            let mut own_notes = Vec::new();
            let mut progress = |fraction| turns.progress(fraction);
            *sets = Some(part.source.read(purpose, &mut progress, &mut own_notes)?);
            turns.next();
            let label = part.source.label();
            notes.extend(own_notes.iter().map(|note| format!("{note} ({label})")));
        }
    }
    let epoch = match &shares {
        Some(shares) => Some(epoch_length(parts, shares, &sets)?),
        None => None,
    };
    for (index, part) in parts.iter().enumerate() {
        if is_written(part) {
            let mut counts = PRACTICE_COUNTS;
            if let (Some(epoch), Some(shares)) = (epoch, &shares) {
                counts[0] = wanted(epoch, shares[index]).min(MOST_PRACTICE);
            }
            let mut progress = |fraction| turns.progress(fraction);
            sets[index] = Some(write_practice(counts, SPLIT_SEED, &mut progress)?);
            turns.next();
        }
    }
    let sets: Vec<[Examples; 3]> = sets.into_iter().flatten().collect();
    let mixed = joined(&sets, |part, train| match (epoch, &shares) {
        (Some(epoch), Some(shares)) => train.repeated(wanted(epoch, shares[part]), SPLIT_SEED),
        _ => train,
    })?;
    if purpose == Purpose::Learning {
        let counts: Vec<usize> = match (epoch, &shares) {
            (Some(epoch), Some(shares)) => shares.iter().map(|&s| wanted(epoch, s)).collect(),
            _ => sets.iter().map(|[train, ..]| train.len()).collect(),
        };
        notes.push(told(parts, &counts, &sets));
    }
    Ok(mixed)
}

/// The progress of several readings, one after the other.
struct Turns<'a> {
    count: usize,
    done: usize,
    whole: &'a mut dyn FnMut(f32) -> ControlFlow<()>,
}

impl<'a> Turns<'a> {
    fn new(count: usize, whole: &'a mut dyn FnMut(f32) -> ControlFlow<()>) -> Self {
        Self {
            count,
            done: 0,
            whole,
        }
    }

    fn progress(&mut self, fraction: f32) -> ControlFlow<()> {
        (self.whole)((self.done as f32 + fraction) / self.count.max(1) as f32)
    }

    fn next(&mut self) {
        self.done += 1;
    }
}

/// The shortest epoch in which every part that was read has room for all its digits.
fn epoch_length(
    parts: &[Part],
    shares: &[f64],
    sets: &[Option<[Examples; 3]>],
) -> Result<f64, DataError> {
    let mut longest = 0.0_f64;
    for ((part, share), sets) in parts.iter().zip(shares).zip(sets) {
        let Some([train, ..]) = sets else { continue };
        let length = train.len() as f64 / share;
        if length > LONGEST_EPOCH as f64 {
            return Err(DataError::LongEpoch {
                part: part.source.label(),
                found: train.len(),
                share: *share,
                limit: LONGEST_EPOCH,
            });
        }
        longest = longest.max(length);
    }
    Ok(longest)
}

/// Digits of a part in an epoch; a share that is tiny still gives one.
fn wanted(epoch: f64, share: f64) -> usize {
    ((epoch * share).round() as usize).max(1)
}

/// The sets of all parts as views of one data set; `in_epoch` makes of a part's training digits those of an epoch.
fn joined(
    sets: &[[Examples; 3]],
    in_epoch: impl Fn(usize, Examples) -> Examples,
) -> Result<[Examples; 3], DataError> {
    let all: Vec<Examples> = sets.iter().flatten().cloned().collect();
    let shared = Examples::sharing(&all)?;
    let of = |set: usize| shared.iter().skip(set).step_by(3).cloned();
    let train: Vec<Examples> = of(0)
        .enumerate()
        .map(|(part, train)| in_epoch(part, train))
        .collect();
    let [validation, test] = [1, 2].map(|set| of(set).collect::<Vec<_>>());
    Ok([train, validation, test].map(|parts| Examples::chained(&parts)))
}

/// "An epoch is 91,667 digits: 55,000 of MNIST; 27,500 of Practice digits; 9,167 of strokes.jsonl, where each of
/// 5,995 comes about 1.5 times".
fn told(parts: &[Part], counts: &[usize], sets: &[[Examples; 3]]) -> String {
    let text_of = |count: usize| grouped(count as u64);
    let each: Vec<String> = parts
        .iter()
        .zip(sets)
        .zip(counts)
        .map(|((part, [train, ..]), &count)| {
            let text = format!("{} of {}", text_of(count), part.source.label());
            if count > train.len() {
                let times = count as f64 / train.len() as f64;
                let own = text_of(train.len());
                format!("{text}, where each of {own} comes about {times:.1} times")
            } else {
                text
            }
        })
        .collect();
    let total = text_of(counts.iter().sum());
    format!("An epoch is {total} digits: {}", each.join("; "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::DataSets;
    use std::fmt::Write as _;
    use std::fs;
    use std::path::{Path, PathBuf};

    /// A drawings file of so many digits by so many writers.
    fn drawings(folder: &Path, name: &str, count: usize, writers: usize) -> PathBuf {
        let mut text = String::new();
        for i in 0..count {
            let (label, writer, x) = (i % 10, i % writers, 10 + i);
            let strokes = format!("[[[{x},10],[90,{x}],[20,95]]]");
            writeln!(
                text,
                r#"{{"label":{label},"size":[999,999],"strokes":{strokes},"writer":{writer}}}"#
            )
            .unwrap();
        }
        let path = folder.join(name);
        fs::write(&path, text).unwrap();
        path
    }

    fn part(source: DataSource, share: Option<f32>) -> Part {
        Part { source, share }
    }

    fn load(parts: Vec<Part>) -> Result<DataSets, DataError> {
        DataSource::Mix(parts).load(&mut |_| ControlFlow::Continue(()))
    }

    fn images(set: &Examples) -> Vec<Vec<u8>> {
        (0..set.len()).map(|i| set.image(i).to_vec()).collect()
    }

    fn lengths(sets: &DataSets) -> [usize; 3] {
        [&sets.train, &sets.validation, &sets.test].map(Examples::len)
    }

    #[test]
    fn without_shares_every_digit_comes_once() {
        let folder = tempfile::tempdir().unwrap();
        let a = DataSource::Path(drawings(folder.path(), "a.jsonl", 100, 2));
        let b = DataSource::Path(drawings(folder.path(), "b.jsonl", 60, 6));
        let mut fractions = Vec::new();
        let mix = DataSource::Mix(vec![part(a.clone(), None), part(b, None)]);
        let sets = mix
            .load(&mut |fraction| {
                fractions.push(fraction);
                ControlFlow::Continue(())
            })
            .unwrap();
        assert_eq!(sets.name, "a.jsonl + b.jsonl");
        // The first is split by digit, the second by writer, without a test.
        assert_eq!(lengths(&sets), [80 + 50, 10 + 10, 10]);
        let note = "Split by writer: 5 train, 1 validate (5), none test (b.jsonl)";
        assert_eq!(
            sets.notes,
            [note, "An epoch is 130 digits: 80 of a.jsonl; 50 of b.jsonl"]
        );
        assert!(fractions.is_sorted() && fractions.iter().all(|part| (0.0..=1.0).contains(part)));
        // The parts come one after the other, as they are alone.
        let alone = a.load(&mut |_| ControlFlow::Continue(())).unwrap();
        assert_eq!(images(&sets.train)[..80], images(&alone.train));
        assert_eq!(images(&sets.test), images(&alone.test));
    }

    #[test]
    fn with_shares_no_part_loses_a_digit_and_smaller_ones_repeat_evenly() {
        let folder = tempfile::tempdir().unwrap();
        let large = DataSource::Path(drawings(folder.path(), "large.jsonl", 100, 2));
        let small = DataSource::Path(drawings(folder.path(), "small.jsonl", 20, 2));
        let parts = vec![
            part(large, Some(3.0)),
            part(small, Some(2.0)),
            part(DataSource::Practice, Some(1.0)),
        ];
        let sets = load(parts.clone()).unwrap();
        assert_eq!(
            sets.name,
            "50 % large.jsonl + 33.3 % small.jsonl + 16.7 % Practice digits"
        );
        // 80 digits are a half of 160; the small part has 16, of which 53 make 3 times each and 5 once more.
        let practice_judges = PRACTICE_COUNTS[1];
        assert_eq!(sets.train.len(), 80 + 53 + 27);
        assert_eq!(sets.validation.len(), 10 + 2 + practice_judges);
        let all = images(&sets.train);
        let mut times: Vec<usize> = all[80..133]
            .iter()
            .map(|image| all[80..133].iter().filter(|other| *other == image).count())
            .collect();
        times.sort_unstable();
        assert_eq!(times, [vec![3; 11 * 3], vec![4; 5 * 4]].concat());
        let mut written = all[133..].to_vec();
        written.sort();
        written.dedup();
        assert_eq!(written.len(), 27);
        assert_eq!(
            sets.notes.last().unwrap(),
            "An epoch is 160 digits: 80 of large.jsonl; 53 of small.jsonl, where each of 16 comes about 3.3 times; 27 of Practice digits"
        );
        assert_eq!(images(&load(parts).unwrap().train), all);
    }

    #[test]
    fn a_share_that_is_a_slip_is_refused_with_its_numbers() {
        let folder = tempfile::tempdir().unwrap();
        let large = DataSource::Path(drawings(folder.path(), "large.jsonl", 100, 2));
        let small = DataSource::Path(drawings(folder.path(), "small.jsonl", 20, 2));
        let parts = vec![part(large, Some(1e-6)), part(small.clone(), Some(1.0))];
        let sentence = load(parts).unwrap_err().to_string();
        assert!(
            sentence.starts_with("80 examples of large.jsonl in a share of 0.000001"),
            "{sentence}"
        );
        // What the command line refuses, settings may still hold.
        let parts = vec![
            part(small, Some(f32::NAN)),
            part(DataSource::Practice, None),
        ];
        let sentence = load(parts).unwrap_err().to_string();
        assert!(sentence.contains("is NaN"), "{sentence}");
    }

    #[test]
    fn a_part_that_is_absent_is_named() {
        let parts = DataSource::parse("practice+/no/such.jsonl").unwrap();
        let outcome = parts.load(&mut |_| ControlFlow::Continue(()));
        let sentence = outcome.unwrap_err().to_string();
        assert!(sentence.contains("/no/such.jsonl"), "{sentence}");
    }
}
