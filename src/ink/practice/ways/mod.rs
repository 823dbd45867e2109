//! The ways in which people write each digit.

mod fours_to_sixes;
mod sevens_to_nines;
mod zeros_to_threes;

/// One way of writing a digit.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Way {
    /// How common it is among the ways of its digit, as a weight.
    pub(super) share: u8,
    /// Stroke by stroke, the places that the pen passes, in hundredths of the digit's height, x right, y down. A place
    /// that is given twice is a corner, everything else is round.
    pub(super) strokes: &'static [&'static [(i8, i8)]],
}

/// The ways of each digit. Their tables keep one stroke together, where rustfmt would give each place a line.
pub(super) const WAYS: [&[Way]; 10] = [
    zeros_to_threes::ZEROS,
    zeros_to_threes::ONES,
    zeros_to_threes::TWOS,
    zeros_to_threes::THREES,
    fours_to_sixes::FOURS,
    fours_to_sixes::FIVES,
    fours_to_sixes::SIXES,
    sevens_to_nines::SEVENS,
    sevens_to_nines::EIGHTS,
    sevens_to_nines::NINES,
];

const fn way(share: u8, strokes: &'static [&'static [(i8, i8)]]) -> Way {
    Way { share, strokes }
}
