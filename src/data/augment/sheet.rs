//! Pictures that are changed in the same way, cell by cell side by side: what is found out for a cell is found out once
//! for all of them, and one instruction goes over a whole row of pictures.

use super::Augmentation;
use crate::ink::{Cells, SIDE, whole};
use pulp::Simd;
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
    cells: [[Abreast; PADDED_SIDE]; PADDED_SIDE],
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
pub(super) type Places = [[f32; WIDE]; 2];

/// Cells of a line and as many more, which nobody looks at, as it takes to fill the widest vector.
const WIDE: usize = SIDE.next_multiple_of(ABREAST);

/// Blank cells before the first: as many as a cubic curve reaches from the farthest place that is looked at.
const BEFORE: usize = 3;

const PADDED_SIDE: usize = SIDE + 2 * BEFORE + 1;

impl Sheet {
    pub(super) const BLANK: Self = Self {
        cells: [[[0.0; ABREAST]; PADDED_SIDE]; PADDED_SIDE],
        inked: Inked::NOTHING,
    };

    /// Puts `pictures` in the place of those that are on the sheet, with ink that reaches `thickening` of a cell farther to
    /// all sides, or less far where that is negative: each cell goes this part of the way to the strongest, or faintest, of
    /// itself and its four neighbours. `thickening` is from −1 to 1.
    #[inline(always)]
    pub(super) fn put(&mut self, pictures: &[Cells], thickening: f32) {
        if thickening < 0.0 {
            self.put_toward(pictures, -thickening, |a, b| if a < b { a } else { b });
        } else {
            self.put_toward(pictures, thickening, |a, b| if a < b { b } else { a });
        }
    }

    #[inline(always)]
    fn put_toward(&mut self, pictures: &[Cells], part: f32, extreme: impl Fn(f32, f32) -> f32) {
        let (cells, any) = side_by_side(pictures);
        let inked = Inked::of(&any);
        let reached = inked.with_neighbours();
        for row in 0..PADDED_SIDE - 2 {
            let [above, here, below] = &mut self.cells[row..row + 3] else {
                return;
            };
            // The next line comes a line lower than its place, where there may be ink of the pictures before.
            let (old, new) = (self.inked.columns(row + 2), inked.columns(row + 1));
            below[old.start..new.start.clamp(old.start, old.end)].fill([0.0; ABREAST]);
            below[new.end.clamp(old.start, old.end)..old.end].fill([0.0; ABREAST]);
            for column in new {
                let from = cells[(row + 1 - BEFORE) * SIDE + column - BEFORE];
                for (to, from) in below[column].iter_mut().zip(from) {
                    *to = f32::from(from);
                }
            }
            // The line above is seen for the last time, and takes what becomes of this one.
            for x in reached.columns(row) {
                let (left, right, below) = (&here[x - 1], &here[x + 1], &below[x]);
                for (place, cell) in above[x].iter_mut().enumerate() {
                    let beside = extreme(left[place], right[place]);
                    let across = extreme(*cell, below[place]);
                    let here = here[x][place];
                    *cell = here + part * (extreme(here, extreme(beside, across)) - here);
                }
            }
        }
        self.inked = reached;
    }

    /// The pictures whose every cell holds the ink of the place where `look` says that it looks. `look` is asked line by
    /// line, for places in many cells at once.
    #[inline(always)]
    pub(super) fn warp<S: Simd>(
        &self,
        simd: S,
        pictures: &mut [Cells],
        look: impl Fn(usize) -> Places,
    ) {
        let mut warped = [[0; ABREAST]; SIDE * SIDE];
        let near_ink = self.inked.near();
        let mut corners = [0; WIDE];
        let mut weights = [[[0.0; WIDE]; 4]; 2];
        for (row, warped) in warped.chunks_exact_mut(SIDE).enumerate() {
            let [left, top] = look(row);
            for (column, corner) in corners.iter_mut().enumerate() {
                let [left, top] = [in_padded(left[column]), in_padded(top[column])];
                let parts = [left - left.floor(), top - top.floor()];
                *corner = whole(top.floor() * PADDED_SIDE as f32 + left.floor());
                for (weights, part) in weights.iter_mut().zip(parts) {
                    for (weights, weight) in weights.iter_mut().zip(cubic(part)) {
                        weights[column] = weight;
                    }
                }
            }
            let [right, down] = &weights;
            for (column, warped) in warped.iter_mut().enumerate() {
                let corner = corners[column] as usize;
                if near_ink[corner] {
                    let weights = [splat(simd, right, column), splat(simd, down, column)];
                    let mut ink = [0.0; ABREAST];
                    self.at(simd, corner, weights, &mut ink);
                    for (warped, ink) in warped.iter_mut().zip(ink) {
                        *warped = whole(ink.clamp(0.0, 255.0)) as u8;
                    }
                }
            }
        }
        one_by_one(&warped, pictures);
    }

    /// The ink beyond the corner, on the cubic curves through the middles of the sixteen cells around it, which have these
    /// weights from left to right and from the top down.
    #[inline(always)]
    fn at<S: Simd>(
        &self,
        simd: S,
        corner: usize,
        [right, down]: [[S::f32s; 4]; 2],
        ink: &mut Abreast,
    ) {
        const REACH: usize = 3 * PADDED_SIDE + 4;
        let cells = &self.cells.as_flattened()[corner - PADDED_SIDE - 1..][..REACH];
        for (vector, ink) in S::as_mut_simd_f32s(ink).0.iter_mut().enumerate() {
            let mut along = [simd.splat_f32s(0.0); 4];
            for (line, along) in along.iter_mut().enumerate() {
                let cells = neighbours(simd, &cells[line * PADDED_SIDE..], vector);
                *along = mixed(simd, right, cells);
            }
            *ink = mixed(simd, down, along);
        }
    }
}

/// Four weights of a cell, each for all pictures.
#[inline(always)]
fn splat<S: Simd>(simd: S, weights: &[[f32; WIDE]; 4], column: usize) -> [S::f32s; 4] {
    let [a, b, c, d] = weights;
    [
        simd.splat_f32s(a[column]),
        simd.splat_f32s(b[column]),
        simd.splat_f32s(c[column]),
        simd.splat_f32s(d[column]),
    ]
}

/// Without fused multiplication, which not every processor has: the same bits come from all of them.
#[inline(always)]
fn mixed<S: Simd>(simd: S, weights: [S::f32s; 4], ink: [S::f32s; 4]) -> S::f32s {
    let sum = simd.mul_f32s(weights[0], ink[0]);
    let sum = simd.add_f32s(sum, simd.mul_f32s(weights[1], ink[1]));
    let sum = simd.add_f32s(sum, simd.mul_f32s(weights[2], ink[2]));
    simd.add_f32s(sum, simd.mul_f32s(weights[3], ink[3]))
}

/// A vector of four neighbours from this one on.
#[inline(always)]
fn neighbours<S: Simd>(_: S, cells: &[Abreast], vector: usize) -> [S::f32s; 4] {
    let [a, b, c, d] = &cells.as_chunks().0[0];
    [
        S::as_simd_f32s(a).0[vector],
        S::as_simd_f32s(b).0[vector],
        S::as_simd_f32s(c).0[vector],
        S::as_simd_f32s(d).0[vector],
    ]
}

impl Inked {
    const NOTHING: Self = Self {
        first: [PADDED_SIDE; PADDED_SIDE],
        end: [0; PADDED_SIDE],
    };

    /// By the cells that are not zero.
    #[inline(always)]
    fn of(cells: &[u8; SIDE * SIDE]) -> Self {
        let mut inked = Self::NOTHING;
        for (row, line) in cells.chunks_exact(SIDE).enumerate() {
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

    /// For each corner: whether there may be ink in the sixteen cells around it.
    #[inline(always)]
    fn near(&self) -> [bool; PADDED_SIDE * PADDED_SIDE] {
        let mut near = [false; PADDED_SIDE * PADDED_SIDE];
        for row in 0..PADDED_SIDE {
            let columns = self.columns(row);
            if !columns.is_empty() {
                for top in row - 2..row + 2 {
                    near[top * PADDED_SIDE..][columns.start - 2..columns.end + 1].fill(true);
                }
            }
        }
        near
    }
}

/// Cell by cell what lies in `pictures` one by one, and which cells have ink in any of them. Pictures that are missing
/// are blank.
#[inline(always)]
fn side_by_side(pictures: &[Cells]) -> ([[u8; ABREAST]; SIDE * SIDE], [u8; SIDE * SIDE]) {
    let mut cells = [[0; ABREAST]; SIDE * SIDE];
    let mut inked = [0; SIDE * SIDE];
    let blocks = cells.as_chunks_mut().0.iter_mut();
    for (block, (cells, inked)) in blocks.zip(inked.as_chunks_mut().0).enumerate() {
        let mut bytes = [[0; ABREAST]; ABREAST];
        let mut any = [0; ABREAST];
        for (bytes, picture) in bytes.iter_mut().zip(pictures) {
            *bytes = picture.0.as_chunks().0[block];
            for (any, byte) in any.iter_mut().zip(bytes) {
                *any |= *byte;
            }
        }
        *inked = any;
        // Much is blank paper in all of them.
        if any != [0; ABREAST] {
            *cells = turned(bytes);
        }
    }
    (cells, inked)
}

/// The way back.
#[inline(always)]
fn one_by_one(cells: &[[u8; ABREAST]; SIDE * SIDE], pictures: &mut [Cells]) {
    for (block, cells) in cells.as_chunks().0.iter().enumerate() {
        let blank = [[0; ABREAST]; ABREAST];
        let bytes = if *cells == blank {
            blank
        } else {
            turned(*cells)
        };
        for (picture, bytes) in pictures.iter_mut().zip(bytes) {
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
            let (cells, inked) = side_by_side(&pictures);
            for (cell, bytes) in cells.iter().enumerate() {
                for (place, &byte) in bytes.iter().enumerate() {
                    let expected = pictures.get(place).map_or(0, |picture| picture.0[cell]);
                    assert_eq!(byte, expected);
                }
                assert_eq!(inked[cell] != 0, bytes.iter().any(|&byte| byte != 0));
            }
            let mut back = vec![Cells::BLANK; count];
            one_by_one(&cells, &mut back);
            assert_eq!(back, pictures);
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
