//! How a data set without sets of its own is told apart into training, validation and test.

use super::dataset::Examples;
use super::error::DataError;
use std::collections::BTreeSet;
use std::path::Path;

/// The fewest examples that give all three sets something.
pub(super) const FEWEST: usize = 3;

/// The fewest writers that are split by writer.
const FEWEST_WRITERS: usize = 5;

/// Eight tenths, one tenth and one tenth, none of them empty.
pub(super) fn in_three(path: &Path, all: &Examples, seed: u64) -> Result<[Examples; 3], DataError> {
    if all.len() < FEWEST {
        return Err(DataError::TooFew {
            path: path.to_owned(),
            found: all.len(),
            needed: FEWEST,
        });
    }
    let tenth = (all.len() / 10).max(1);
    let (test, rest) = all.split(tenth, seed);
    // The rest is in the order of the first shuffle; shuffling it again does no harm.
    let (validation, train) = rest.split(tenth, seed);
    Ok([train, validation, test])
}

/// The last fifth of the writers validates and the others train, with a note that says so; there is no test set,
/// for which people stay aside who are not in the file at all. `None` where fewer than five writers are known.
///
/// Digits of one hand resemble each other: split by digit, a network would be judged by hands that it has learned.
pub(super) fn by_writer(all: &Examples) -> Option<([Examples; 3], String)> {
    let writers: BTreeSet<u32> = (0..all.len())
        .map(|index| all.writer(index))
        .collect::<Option<_>>()?;
    if writers.len() < FEWEST_WRITERS {
        return None;
    }
    let validating = writers.len() / FEWEST_WRITERS;
    let training = writers.len() - validating;
    let judges: Vec<u32> = writers.into_iter().skip(training).collect();
    let judges_are = |wanted: bool| {
        all.filtered(|index| {
            let judges_it = all.writer(index).is_some_and(|w| judges.contains(&w));
            judges_it == wanted
        })
    };
    let note = format!(
        "Split by writer: {training} train, {validating} validate ({}), none test",
        ranges(&judges)
    );
    Some((
        [judges_are(false), judges_are(true), all.filtered(|_| false)],
        note,
    ))
}

/// Sorted numbers with runs of three and more drawn together: "1, 3, 25–30".
fn ranges(sorted: &[u32]) -> String {
    let runs = sorted.chunk_by(|a, b| a.checked_add(1) == Some(*b));
    let texts: Vec<String> = runs
        .flat_map(|run| match run {
            [first, _, .., last] => vec![format!("{first}–{last}")],
            few => few.iter().map(u32::to_string).collect(),
        })
        .collect();
    texts.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::Dataset;
    use crate::ink::Cells;
    use std::sync::Arc;

    fn blank(count: usize) -> Dataset {
        let mut data = Dataset::default();
        for i in 0..count {
            data.push(&Cells::BLANK, (i % 10) as u8);
        }
        data
    }

    fn data(count: usize) -> Examples {
        Examples::all(Arc::new(blank(count)))
    }

    fn written_by(writers: &[u32]) -> Examples {
        let mut data = blank(writers.len());
        data.set_writers(writers.to_vec());
        Examples::all(Arc::new(data))
    }

    #[test]
    fn a_data_set_without_a_test_is_split_in_proportion_and_never_into_nothing() {
        for (count, expected) in [(3, [1, 1, 1]), (9, [7, 1, 1]), (1000, [800, 100, 100])] {
            let sets = in_three(Path::new("x"), &data(count), 1).unwrap();
            assert_eq!(sets.map(|set| set.len()), expected);
        }
        let sentence = in_three(Path::new("x"), &data(2), 1).unwrap_err();
        assert_eq!(
            sentence.to_string(),
            "x holds 2 examples; at least 3 are needed to train, to validate and to test"
        );
    }

    #[test]
    fn the_last_fifth_of_the_writers_validates_and_no_hand_is_on_both_sides() {
        let writers: Vec<u32> = (0..300).map(|index| index * 7 % 30 + 1).collect();
        let ([train, validation, test], note) = by_writer(&written_by(&writers)).unwrap();
        let all = |set: &Examples| -> BTreeSet<u32> {
            (0..set.len()).filter_map(|i| set.writer(i)).collect()
        };
        assert_eq!(all(&train), (1..=24).collect());
        assert_eq!(all(&validation), (25..=30).collect());
        assert_eq!((train.len(), validation.len(), test.len()), (240, 60, 0));
        assert_eq!(
            note,
            "Split by writer: 24 train, 6 validate (25–30), none test"
        );
    }

    #[test]
    fn few_or_unknown_writers_are_not_split_by() {
        assert!(by_writer(&written_by(&[1, 2, 3, 4, 4])).is_none());
        assert!(by_writer(&written_by(&[9, 2, 3, 4, 5])).is_some());
        assert!(by_writer(&data(50)).is_none());
        assert!(by_writer(&data(0)).is_none());
    }

    #[test]
    fn numbers_in_a_row_are_drawn_together() {
        assert_eq!(ranges(&[1, 3, 4, 7, 8, 9]), "1, 3, 4, 7–9");
        assert_eq!(ranges(&[u32::MAX]), "4294967295");
    }
}
