use super::{Cells, Drawing};
use rand::Rng;

/// One digit 0..=9 as a hand might write it.
pub fn practice_digit(digit: u8, rng: &mut impl Rng) -> Drawing {
    let _ = (digit, rng);
    todo!()
}

/// `count` written digits, all ten in turn and shuffled, normalised as the pad is; the same for the same seed.
pub fn practice_digits(count: usize, seed: u64) -> Vec<(Cells, u8)> {
    let _ = (count, seed);
    todo!()
}
