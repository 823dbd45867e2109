//! Pictures that are changed in the same way, cell by cell side by side: what is found out for a cell is found out once
//! for all of them, and one instruction goes over a whole row of pictures.

use super::Augmentation;
use crate::ink::{Cells, SIDE};
use std::mem::offset_of;
use std::ops::Range;

/// Pictures side by side.
const ABREAST: usize = Augmentation::TOGETHER;

/// One cell of each picture.
type Abreast = [f32; ABREAST];

/// Up to [`ABREAST`] pictures with blank cells around, so that a look beside them finds paper. `C` keeps the cells in
/// front: each then begins where a line of the cache does, and is loaded in half the time.
#[repr(C, align(64))]
pub(super) struct Sheet {
    cells: [[Abreast; PADDED_SIDE]; PADDED_SIDE + 1],
    inked: Inked,
}

const _: () = assert!(offset_of!(Sheet, cells).is_multiple_of(align_of::<Sheet>()));

/// Where there may be ink in any of the pictures: for each line of padded cells from its first column on up to its end.
/// Lines without have their end before their first.
#[derive(Clone)]
struct Inked {
    first: [usize; PADDED_SIDE],
    end: [usize; PADDED_SIDE],
}

/// Where the cells of a line look, in cells from the left and from the top of the old picture.
pub(super) type Places = [[f32; SIDE]; 2];

/// Blank cells before the first: as many as a cubic curve reaches from the farthest place that is looked at.
const BEFORE: usize = 3;

const PADDED_SIDE: usize = SIDE + 2 * BEFORE + 1;

impl Sheet {
    pub(super) const BLANK: Self = Self {
        cells: [[[0.0; ABREAST]; PADDED_SIDE]; PADDED_SIDE + 1],
        inked: Inked::NOTHING,
    };

    /// Puts `pictures` in the place of those that are on the sheet, with ink that reaches `thickening` of a cell farther to
    /// all sides, or less far where that is negative: each cell goes this part of the way to the strongest, or faintest, of
    /// itself and its four neighbours. `thickening` is from −1 to 1.
    #[inline(always)]
    pub(super) fn put(&mut self, pictures: &[Cells], thickening: f32) {
        for (row, line) in self.cells[..PADDED_SIDE].iter_mut().enumerate() {
            line[self.inked.columns(row)].fill([0.0; ABREAST]);
        }
        self.inked = Inked::of(pictures);
        let cells = side_by_side(pictures);
        for row in BEFORE..BEFORE + SIDE {
            let columns = self.inked.columns(row);
            let from = &cells[(row - BEFORE) * SIDE..][..SIDE];
            // A line lower than its place, to which thickening takes it.
            for column in columns {
                let to = &mut self.cells[row + 1][column];
                for (to, from) in to.iter_mut().zip(from[column - BEFORE]) {
                    *to = f32::from(from);
                }
            }
        }
        self.inked = self.inked.with_neighbours();
        if thickening < 0.0 {
            self.go_toward(-thickening, |a, b| if a < b { a } else { b });
        } else {
            self.go_toward(thickening, |a, b| if a < b { b } else { a });
        }
    }

    #[inline(always)]
    fn go_toward(&mut self, part: f32, extreme: impl Fn(f32, f32) -> f32) {
        for row in 0..PADDED_SIDE - 1 {
            // The line above is seen for the last time, and takes what becomes of this one.
            let [above, here, below] = &mut self.cells[row..row + 3] else {
                return;
            };
            for x in self.inked.columns(row) {
                let (left, right, below) = (&here[x - 1], &here[x + 1], &below[x]);
                for (place, cell) in above[x].iter_mut().enumerate() {
                    let beside = extreme(left[place], right[place]);
                    let across = extreme(*cell, below[place]);
                    let here = here[x][place];
                    *cell = here + part * (extreme(here, extreme(beside, across)) - here);
                }
            }
        }
    }

    /// The pictures whose every cell holds the ink of the place where `look` says that it looks. `look` is asked line by
    /// line, for places in many cells at once.
    #[inline(always)]
    pub(super) fn warp(&self, pictures: &mut [Cells], look: impl Fn(usize) -> Places) {
        let mut warped = [[0; ABREAST]; SIDE * SIDE];
        let near = self.inked.near();
        for (row, line) in warped.chunks_exact_mut(SIDE).enumerate() {
            let places = look(row);
            let mut corners = [[0; SIDE]; 2];
            let mut weights = [[[0.0; SIDE]; 4]; 2];
            for (axis, places) in places.iter().enumerate() {
                for (column, place) in places.iter().enumerate() {
                    let place = in_padded(*place);
                    let corner = place as i32;
                    corners[axis][column] = corner as usize;
                    let cubic = cubic(place - corner as f32);
                    for (weights, weight) in weights[axis].iter_mut().zip(cubic) {
                        weights[column] = weight;
                    }
                }
            }
            for (column, cell) in line.iter_mut().enumerate() {
                let [left, top] = corners.each_ref().map(|corner| corner[column]);
                if near.first[top] <= left + 2 && left <= near.end[top] {
                    let [right, down] = weights
                        .each_ref()
                        .map(|weights| weights.each_ref().map(|weights| weights[column]));
                    *cell = self.at(left, top, right, down);
                }
            }
        }
        one_by_one(&warped, pictures);
    }

    /// The ink beyond the corner, on the cubic curves through the middles of the sixteen cells around it, which have these
    /// weights from left to right and from the top down.
    #[inline(always)]
    fn at(&self, left: usize, top: usize, right: [f32; 4], down: [f32; 4]) -> [u8; ABREAST] {
        let mut ink = [0.0; ABREAST];
        for (line, down) in self.cells[top - 1..top + 3].iter().zip(down) {
            let mut sum = [0.0; ABREAST];
            for (cells, right) in line[left - 1..left + 3].iter().zip(right) {
                for (sum, cell) in sum.iter_mut().zip(cells) {
                    *sum += right * cell;
                }
            }
            for (ink, sum) in ink.iter_mut().zip(sum) {
                *ink += down * sum;
            }
        }
        std::array::from_fn(|place| rounded(ink[place]))
    }
}

impl Inked {
    const NOTHING: Self = Self {
        first: [PADDED_SIDE; PADDED_SIDE],
        end: [0; PADDED_SIDE],
    };

    #[inline(always)]
    fn of(pictures: &[Cells]) -> Self {
        let mut any = [0; SIDE * SIDE];
        for picture in pictures.iter().take(ABREAST) {
            for (any, ink) in any.iter_mut().zip(&picture.0) {
                *any |= ink;
            }
        }
        let mut inked = Self::NOTHING;
        for (row, line) in any.chunks_exact(SIDE).enumerate() {
            let is_ink = |ink: &u8| *ink != 0;
            let ends = (line.iter().position(is_ink), line.iter().rposition(is_ink));
            if let (Some(first), Some(last)) = ends {
                inked.first[row + BEFORE] = first + BEFORE;
                inked.end[row + BEFORE] = last + 1 + BEFORE;
            }
        }
        inked
    }

    #[inline(always)]
    fn columns(&self, row: usize) -> Range<usize> {
        let end = self.end[row];
        self.first[row].min(end)..end
    }

    /// With the four neighbours of each cell.
    #[inline(always)]
    fn with_neighbours(&self) -> Self {
        let mut wide = Self::NOTHING;
        for row in 1..PADDED_SIDE - 1 {
            let [above, here, below] = [row - 1, row, row + 1].map(|row| self.first[row]);
            wide.first[row] = above.min(here - 1).min(below);
            let [above, here, below] = [row - 1, row, row + 1].map(|row| self.end[row]);
            wide.end[row] = above.max(here + 1).max(below);
        }
        wide
    }

    /// For each corner from the top: the four lines from one before it on taken together.
    #[inline(always)]
    fn near(&self) -> Self {
        let mut near = Self::NOTHING;
        for top in 1..PADDED_SIDE - 2 {
            for row in top - 1..top + 3 {
                near.first[top] = near.first[top].min(self.first[row]);
                near.end[top] = near.end[top].max(self.end[row]);
            }
        }
        near
    }
}

/// Cell by cell what lies in `pictures` one by one. Those that are missing are blank.
#[inline(always)]
fn side_by_side(pictures: &[Cells]) -> [[u8; ABREAST]; SIDE * SIDE] {
    let mut cells = [[0; ABREAST]; SIDE * SIDE];
    for (block, cells) in cells.as_chunks_mut().0.iter_mut().enumerate() {
        let mut bytes = [[0; ABREAST]; ABREAST];
        for (bytes, picture) in bytes.iter_mut().zip(pictures) {
            *bytes = picture.0.as_chunks().0[block];
        }
        *cells = turned(bytes);
    }
    cells
}

/// The way back.
#[inline(always)]
fn one_by_one(cells: &[[u8; ABREAST]; SIDE * SIDE], pictures: &mut [Cells]) {
    for (block, cells) in cells.as_chunks().0.iter().enumerate() {
        for (picture, bytes) in pictures.iter_mut().zip(turned(*cells)) {
            picture.0.as_chunks_mut().0[block] = bytes;
        }
    }
}

/// Rows as columns: two halves shuffled into each other like cards, as often as 16 can be halved.
#[inline(always)]
fn turned(mut rows: [[u8; ABREAST]; ABREAST]) -> [[u8; ABREAST]; ABREAST] {
    const HALF: usize = ABREAST / 2;
    for _ in 0..ABREAST.ilog2() {
        let mut shuffled = [[0; ABREAST]; ABREAST];
        for (pair, shuffled) in shuffled.as_chunks_mut::<2>().0.iter_mut().enumerate() {
            let (first, second) = (rows[pair], rows[pair + HALF]);
            for (half, shuffled) in shuffled.iter_mut().enumerate() {
                for place in 0..HALF {
                    shuffled[2 * place] = first[half * HALF + place];
                    shuffled[2 * place + 1] = second[half * HALF + place];
                }
            }
        }
        rows = shuffled;
    }
    rows
}

const _: () = assert!(ABREAST.is_power_of_two() && (SIDE * SIDE).is_multiple_of(ABREAST));

/// As a byte. A number so great that `f32` has no parts of it keeps it, rounded, in its lowest bits.
#[inline(always)]
fn rounded(ink: f32) -> u8 {
    const WHOLE: f32 = (1 << 23) as f32;
    (ink.clamp(0.0, 255.0) + WHOLE).to_bits() as u8
}

/// A coordinate in cells as one between the middles of padded cells. What lies farther away is as blank as the cells
/// around the picture.
#[inline(always)]
fn in_padded(coordinate: f32) -> f32 {
    const FARTHEST: f32 = (SIDE + 2 * BEFORE - 2) as f32;
    (coordinate + (BEFORE as f32 - 0.5)).clamp(1.0, FARTHEST)
}

/// Weights of four neighbours at `t` between the second and the third, on a curve that keeps edges which a linear mix
/// would blur (Keys 1981, a = −½).
#[inline(always)]
fn cubic(t: f32) -> [f32; 4] {
    let (t2, t3) = (t * t, t * t * t);
    [
        -0.5 * t + t2 - 0.5 * t3,
        1.0 - 2.5 * t2 + 1.5 * t3,
        0.5 * t + 2.0 * t2 - 1.5 * t3,
        -0.5 * t2 + 0.5 * t3,
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::rngs::StdRng;
    use rand::{RngExt, SeedableRng};

    #[test]
    fn cells_side_by_side_are_those_of_the_pictures() {
        let mut rng = StdRng::seed_from_u64(1);
        for count in [1, 7, 8, 11, 16] {
            let mut picture = || Cells(std::array::from_fn(|_| rng.random()));
            let pictures: Vec<Cells> = (0..count).map(|_| picture()).collect();
            let cells = side_by_side(&pictures);
            for (cell, bytes) in cells.iter().enumerate() {
                for (place, &byte) in bytes.iter().enumerate() {
                    let expected = pictures.get(place).map_or(0, |picture| picture.0[cell]);
                    assert_eq!(byte, expected);
                }
            }
            let mut back = vec![Cells::BLANK; count];
            one_by_one(&cells, &mut back);
            assert_eq!(back, pictures);
        }
    }

    #[test]
    fn ink_is_rounded_and_stays_within_a_byte() {
        for (ink, byte) in [
            (-3.0, 0),
            (0.4, 0),
            (0.6, 1),
            (101.7, 102),
            (254.8, 255),
            (270.0, 255),
        ] {
            assert_eq!(rounded(ink), byte);
        }
    }

    #[test]
    fn a_cubic_curve_passes_through_its_middle_and_its_weights_sum_to_one() {
        assert_eq!(cubic(0.0), [0.0, 1.0, 0.0, 0.0]);
        assert_eq!(cubic(1.0), [0.0, 0.0, 1.0, 0.0]);
        for t in [0.1, 0.5, 0.9] {
            assert!((cubic(t).iter().sum::<f32>() - 1.0).abs() < 1e-6);
        }
    }
}
