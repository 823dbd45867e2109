//! Digits written by hands that the program makes up.

mod hand;
mod manner;
mod motion;
mod page;
mod ways;

use super::normal::normal;
use super::normalize::{PEN_WIDTH, cells_with_pen};
use super::{Cells, Drawing};
use hand::Hand;
use rand::rngs::StdRng;
use rand::seq::SliceRandom;
use rand::{Rng, RngExt, SeedableRng};

/// Whose hands write. No hand is in both groups.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hands {
    /// Hands to learn from.
    Known,
    /// Other people with preferences of their own, who only judge what was learnt.
    HeldOut,
}

impl Hands {
    /// People in each group.
    const COUNT: u64 = 1 << 16;

    /// The seed of somebody in the group.
    fn pick(self, rng: &mut impl Rng) -> u64 {
        let first = match self {
            Self::Known => 0,
            Self::HeldOut => Self::COUNT,
        };
        first + rng.random_range(0..Self::COUNT)
    }
}

/// One digit 0..=9 as somebody might write it.
pub fn practice_digit(digit: u8, rng: &mut impl Rng) -> Drawing {
    Hand::new(Hands::Known.pick(rng)).write(digit, rng)
}

/// `count` digits written by `hands`, all ten in turn and shuffled, normalised as the pad is; the same for the same seed.
///
/// Each depends on the seed and its own number only. Pens differ a little from hand to hand.
pub fn practice_digits(hands: Hands, count: usize, seed: u64) -> Vec<(Cells, u8)> {
    // Seeds far apart, so that neighbouring ones share no digit.
    let base = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15);
    let mut digits: Vec<(Cells, u8)> = (0..count)
        .map(|index| {
            let mut rng = StdRng::seed_from_u64(base.wrapping_add(index as u64));
            let digit = (index % 10) as u8;
            let drawing = Hand::new(hands.pick(&mut rng)).write(digit, &mut rng);
            let pen = PEN_WIDTH + normal(&mut rng, 0.5).clamp(-0.9, 0.9);
            // A written digit is never blank.
            let cells = cells_with_pen(&drawing, pen).unwrap_or(Cells::BLANK);
            (cells, digit)
        })
        .collect();
    digits.shuffle(&mut StdRng::seed_from_u64(base.wrapping_sub(1)));
    digits
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ink::SIDE;

    #[test]
    fn the_same_seed_writes_the_same_digits() {
        assert_eq!(
            practice_digits(Hands::Known, 200, 7),
            practice_digits(Hands::Known, 200, 7)
        );
        let other = practice_digits(Hands::Known, 200, 8);
        assert!(
            practice_digits(Hands::Known, 200, 7)
                .iter()
                .all(|digit| !other.contains(digit))
        );
    }

    #[test]
    fn no_two_digits_are_alike_and_all_ten_are_as_many() {
        let digits = practice_digits(Hands::Known, 500, 3);
        for (index, digit) in digits.iter().enumerate() {
            assert!(!digits[..index].contains(digit));
        }
        for label in 0..10 {
            assert_eq!(digits.iter().filter(|(_, l)| *l == label).count(), 50);
        }
        // Shuffled: not every tenth is the same.
        assert!(digits.chunks_exact(10).any(|ten| ten[0].1 != digits[0].1));
    }

    #[test]
    fn practice_digits_have_as_much_ink_as_mnist() {
        let digits = practice_digits(Hands::Known, 1000, 1);
        let ink: f64 = digits
            .iter()
            .flat_map(|(cells, _)| cells.0)
            .map(|ink| f64::from(ink) / 255.0)
            .sum();
        // MNIST's training pixels have a mean of 0.1307: 102.5 cells of ink a digit.
        let mean = ink / digits.len() as f64;
        assert!((90.0..118.0).contains(&mean), "{mean}");
    }

    #[test]
    fn a_written_digit_is_a_drawing_that_can_be_used() {
        let mut rng = StdRng::seed_from_u64(1);
        for digit in (0..10).cycle().take(3000) {
            let drawing = practice_digit(digit, &mut rng);
            assert_eq!(drawing.label, Some(digit));
            assert_eq!(drawing.check(), Ok(()));
            assert!((1..=3).contains(&drawing.strokes.len()));
            let places = drawing.strokes.iter().flat_map(|s| &s.points);
            let inside = |v: f32| (0.0..=page::PAD).contains(&v);
            assert!(places.into_iter().all(|p| inside(p.x) && inside(p.y)));
        }
    }
    #[test]
    fn known_and_held_out_hands_are_different_people() {
        let mut rng = StdRng::seed_from_u64(1);
        let mut seeds =
            |hands: Hands| -> Vec<u64> { (0..20_000).map(|_| hands.pick(&mut rng)).collect() };
        let [known, held_out] = [Hands::Known, Hands::HeldOut].map(&mut seeds);
        assert!(known.iter().max() < held_out.iter().min());
        let [known, held_out] = [Hands::Known, Hands::HeldOut].map(|h| practice_digits(h, 300, 1));
        assert!(known.iter().all(|digit| !held_out.contains(digit)));
    }

    #[test]
    fn loops_are_closed_where_a_digit_has_them_and_nowhere_else() {
        let mut holes = [const { Vec::new() }; 10];
        for (cells, digit) in practice_digits(Hands::Known, 1000, 4) {
            holes[usize::from(digit)].push(count_holes(&cells));
        }
        for (digit, count, least) in [
            (0, 1, 85),
            (1, 0, 80),
            (2, 0, 80),
            (3, 0, 85),
            (5, 0, 90),
            (6, 1, 60),
            (7, 0, 85),
            (8, 2, 75),
            (9, 1, 65),
        ] {
            let found = holes[digit].iter().filter(|&&found| found == count).count();
            assert!(found >= least, "{digit}: {found} of 100 have {count}");
        }
    }

    /// Pieces of paper that ink encloses.
    fn count_holes(cells: &Cells) -> usize {
        let mut is_paper: Vec<bool> = cells.0.iter().map(|&ink| ink < 96).collect();
        let mut pieces = 0;
        for start in 0..is_paper.len() {
            let mut open = vec![start];
            pieces += usize::from(is_paper[start]);
            while let Some(cell) = open.pop() {
                if !std::mem::take(&mut is_paper[cell]) {
                    continue;
                }
                let (x, y) = (cell % SIDE, cell / SIDE);
                open.extend((x > 0).then(|| cell - 1));
                open.extend((x + 1 < SIDE).then(|| cell + 1));
                open.extend((y > 0).then(|| cell - SIDE));
                open.extend((y + 1 < SIDE).then(|| cell + SIDE));
            }
        }
        pieces - 1
    }
}
