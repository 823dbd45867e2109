use super::dataset::{Dataset, Examples};
use super::error::DataError;
use crate::ink::{Cells, Hands, practice_digits};
use rand::rngs::StdRng;
use rand::{RngExt as _, SeedableRng as _};
use rayon::prelude::*;
use std::ops::ControlFlow;
use std::sync::Arc;

/// Practice digits to learn from, to validate with and to test with.
pub(super) const PRACTICE_COUNTS: [usize; 3] = [20_000, 2_000, 2_000];

/// Practice digits written with one seed.
const CHUNK: usize = 100;

/// Chunks written side by side between two looks at the progress.
const AT_ONCE: usize = 16;

/// Writes three sets of practice digits: known hands write the first, other people the rest.
///
/// Each set has seeds of its own, so that writing more to learn from leaves the digits to be judged by as they are.
pub(super) fn write_practice(
    counts: [usize; 3],
    seed: u64,
    progress: &mut dyn FnMut(f32) -> ControlFlow<()>,
) -> Result<[Examples; 3], DataError> {
    let total: usize = counts.iter().sum();
    let mut done = 0;
    let hands = [Hands::Known, Hands::HeldOut, Hands::HeldOut];
    let mut sets = [const { Dataset::EMPTY }; 3];
    let mut seed_of_seeds = StdRng::seed_from_u64(seed);
    for ((set, count), hands) in sets.iter_mut().zip(counts).zip(hands) {
        // Every chunk has a seed of its own, drawn in turn, so that the digits do not depend on the threads.
        let mut seeds = StdRng::seed_from_u64(seed_of_seeds.random());
        while set.len() < count {
            if progress(done as f32 / total as f32).is_break() {
                return Err(DataError::Cancelled);
            }
            let chunks: Vec<(usize, u64)> = (0..AT_ONCE)
                .map(|k| (set.len() + k * CHUNK).min(count))
                .map(|start| (CHUNK.min(count - start), seeds.random()))
                .collect();
            let digits: Vec<(Cells, u8)> = chunks
                .into_par_iter()
                .flat_map_iter(|(count, seed)| practice_digits(hands, count, seed))
                .collect();
            for (cells, label) in &digits {
                set.push(cells, *label);
            }
            done += digits.len();
        }
    }
    Ok(sets.map(|set| Examples::all(Arc::new(set))))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn images(set: &Examples) -> Vec<Vec<u8>> {
        (0..set.len()).map(|i| set.image(i).to_vec()).collect()
    }

    fn written(counts: [usize; 3], seed: u64) -> [Vec<Vec<u8>>; 3] {
        let sets = write_practice(counts, seed, &mut |_| ControlFlow::Continue(())).unwrap();
        assert_eq!(sets.each_ref().map(Examples::len), counts);
        sets.each_ref().map(images)
    }

    #[test]
    fn practice_digits_follow_the_seed_and_no_part_repeats_another() {
        // More than one chunk, and a chunk that is not full.
        let counts = [130, 20, 20];
        let first = written(counts, 1);
        assert_eq!(first, written(counts, 1));
        let mut all: Vec<_> = first
            .into_iter()
            .chain(written(counts, 2))
            .flatten()
            .collect();
        all.sort();
        all.dedup();
        assert_eq!(all.len(), 2 * 170);
    }

    #[test]
    fn more_digits_to_learn_from_leave_the_judges_as_they_are() {
        let [few, validation, test] = written([100, 20, 20], 1);
        let [more, same_validation, same_test] = written([230, 20, 20], 1);
        assert_eq!((validation, test), (same_validation, same_test));
        assert_eq!(few, more[..100]);
    }
}
