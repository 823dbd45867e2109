//! The terms of a sum that are not 0: two rows of `L` at a time pass over the terms that are 0 in both.
//!
//! A part of `R` that fits into the first cache is copied there, row by row and without what no row of `L` asks for;
//! all rows of `L` go over it before the next part comes.

use super::{Left, Product, Right, add, load};
use pulp::Simd;
use std::ops::Range;

/// Terms of the sums that are added in one go: bits of a [`Terms`].
const TERMS: usize = 64;
/// Columns of a strip at most: eight vectors of sixteen. With [`TERMS`] rows they take 32 KiB.
const COLUMNS: usize = 128;
/// Pairs of rows that go over a part of `R` at most.
const PAIRS: usize = 64;

/// Which of [`TERMS`] terms there are, the first in the lowest bit.
type Terms = u64;

/// A part of `R`: [`TERMS`] rows of a strip. What is not wanted there is what stood there before.
#[repr(align(64))]
pub(super) struct Part([[f32; COLUMNS]; TERMS]);

/// Where the sums stand between two parts of `R`.
#[derive(Clone, Copy)]
struct Stage {
    /// The first of the terms that are added.
    from: usize,
    /// The sums begin with 0, not with what stands in `C`.
    first: bool,
    last: bool,
}

impl Product<'_> {
    /// `C = scale · L·R`
    #[inline(always)]
    pub(super) fn over_gaps<S: Simd>(&mut self, simd: S, part: &mut Part) {
        let (rows, columns) = (self.c.rows, self.c.columns);
        if self.inner == 0 {
            (0..rows).for_each(|row| self.c.row_mut(row).fill(0.0));
        }
        // So many vectors of two rows fit into the registers.
        let strip = S::F32_LANES * if S::REGISTER_COUNT >= 32 { 8 } else { 4 };
        let mut pairs = [0; PAIRS];
        for top in (0..rows).step_by(2 * PAIRS) {
            let rows = top..(top + 2 * PAIRS).min(rows);
            for from in (0..self.inner).step_by(TERMS) {
                let terms = from..(from + TERMS).min(self.inner);
                let wanted = self.find_terms(rows.clone(), terms.clone(), &mut pairs);
                let stage = Stage {
                    from,
                    first: from == 0,
                    last: terms.end == self.inner,
                };
                for column in (0..columns).step_by(strip) {
                    let width = (columns - column).min(strip);
                    part.copy(self.right, terms.clone(), wanted, column..column + width);
                    for (row, &terms) in rows.clone().step_by(2).zip(&pairs) {
                        let vectors = width.div_ceil(S::F32_LANES);
                        let place = (row, column, width);
                        match (rows.end - row, vectors) {
                            (1, ..=2) => self.add_terms::<S, 2, 1>(simd, place, terms, part, stage),
                            (1, ..=4) => self.add_terms::<S, 4, 1>(simd, place, terms, part, stage),
                            (1, _) => self.add_terms::<S, 8, 1>(simd, place, terms, part, stage),
                            (_, ..=2) => self.add_terms::<S, 2, 2>(simd, place, terms, part, stage),
                            (_, ..=4) => self.add_terms::<S, 4, 2>(simd, place, terms, part, stage),
                            (_, _) => self.add_terms::<S, 8, 2>(simd, place, terms, part, stage),
                        }
                    }
                }
            }
        }
    }

    /// Finds for each pair of `rows` which of `terms` are not 0 in one of them at least, and returns which any pair wants.
    #[inline(always)]
    fn find_terms(
        &self,
        rows: Range<usize>,
        terms: Range<usize>,
        pairs: &mut [Terms; PAIRS],
    ) -> Terms {
        match self.left {
            Left::Rows(a) => {
                for (row, pair) in rows.clone().step_by(2).zip(&mut *pairs) {
                    let mut bits = [0; TERMS];
                    for row in row..(row + 2).min(rows.end) {
                        let x = &a[row * self.inner..][terms.clone()];
                        for (bits, x) in bits.iter_mut().zip(x) {
                            *bits |= x.to_bits();
                        }
                    }
                    *pair = not_zero(&bits);
                }
            }
            Left::Columns(a) => {
                pairs.fill(0);
                for (term, k) in terms.enumerate() {
                    let x = &a.at(k, rows.start)[..rows.len()];
                    let (two, one) = x.as_chunks::<2>();
                    for (pair, [x, y]) in pairs.iter_mut().zip(two) {
                        *pair |= Terms::from(x.to_bits() | y.to_bits() != 0) << term;
                    }
                    if let ([x], Some(pair)) = (one, pairs.get_mut(two.len())) {
                        *pair |= Terms::from(x.to_bits() != 0) << term;
                    }
                }
            }
        }
        let pairs = pairs.iter().take(rows.len().div_ceil(2));
        pairs.fold(0, |all, pair| all | pair)
    }

    /// Adds `terms` to the sums of one or two rows in a strip that fills up to `VECTORS` vectors.
    #[inline(always)]
    fn add_terms<S: Simd, const VECTORS: usize, const ROWS: usize>(
        &mut self,
        simd: S,
        (row, column, width): (usize, usize, usize),
        terms: Terms,
        part: &Part,
        stage: Stage,
    ) {
        let mut sums = [[simd.splat_f32s(0.0); VECTORS]; ROWS];
        let whole = VECTORS * S::F32_LANES;
        if !stage.first {
            for (r, sums) in sums.iter_mut().enumerate() {
                let c = &self.c.row_mut(row + r)[column..][..width];
                if width == whole {
                    *sums = load(simd, c);
                } else {
                    let mut padded = [0.0; COLUMNS];
                    padded[..width].copy_from_slice(c);
                    *sums = load(simd, &padded);
                }
            }
        }
        match self.left {
            Left::Rows(a) => {
                let rows: [&[f32]; ROWS] = std::array::from_fn(|r| {
                    let row = &a[(row + r) * self.inner..][..self.inner];
                    &row[stage.from..]
                });
                each(terms, |k| {
                    let b = load(simd, &part.0[k]);
                    add(simd, &mut sums, rows.map(|row| &row[k]), b);
                });
            }
            Left::Columns(a) => each(terms, |k| {
                let x = &a.at(stage.from + k, row)[..ROWS];
                let b = load(simd, &part.0[k]);
                add(simd, &mut sums, std::array::from_fn(|r| &x[r]), b);
            }),
        }
        let scale = simd.splat_f32s(if stage.last { self.scale } else { 1.0 });
        for (r, sums) in sums.into_iter().enumerate() {
            let c = &mut self.c.row_mut(row + r)[column..][..width];
            let scaled = sums.map(|sum| simd.mul_f32s(scale, sum));
            if width == whole {
                store::<S, VECTORS>(c, scaled);
            } else {
                let mut padded = [0.0; COLUMNS];
                store::<S, VECTORS>(&mut padded, scaled);
                c.copy_from_slice(&padded[..width]);
            }
        }
    }
}

impl Default for Part {
    fn default() -> Self {
        Self([[0.0; COLUMNS]; TERMS])
    }
}

impl Part {
    /// The rows `terms` of `right`, those that are `wanted`, in these columns.
    #[inline(always)]
    fn copy(
        &mut self,
        right: Right<'_>,
        terms: Range<usize>,
        wanted: Terms,
        columns: Range<usize>,
    ) {
        match right {
            Right::Rows(b) => each(wanted, |k| {
                let row = &b.at(terms.start + k, columns.start)[..columns.len()];
                match row.first_chunk() {
                    // A length that the compiler knows takes no call.
                    Some(row) => self.0[k] = *row,
                    None => self.0[k][..row.len()].copy_from_slice(row),
                }
            }),
            Right::Columns(b) => {
                for (place, column) in columns.enumerate() {
                    let column = &b.at(column, terms.start)[..terms.len()];
                    for (row, x) in self.0.iter_mut().zip(column) {
                        row[place % COLUMNS] = *x;
                    }
                }
            }
        }
    }
}

/// Calls `f` with the place of each term.
#[inline(always)]
fn each(mut terms: Terms, mut f: impl FnMut(usize)) {
    while terms != 0 {
        f(terms.trailing_zeros() as usize % TERMS);
        terms &= terms - 1;
    }
}

#[inline(always)]
fn store<S: Simd, const VECTORS: usize>(values: &mut [f32], vectors: [S::f32s; VECTORS]) {
    let places = S::as_mut_simd_f32s(values).0;
    for (place, vector) in places.iter_mut().zip(vectors) {
        *place = vector;
    }
}

/// Which of them are not 0.
#[inline(always)]
fn not_zero(bits: &[u32; TERMS]) -> Terms {
    let flags = bits.map(|bits| u8::from(bits != 0));
    let mut terms = 0;
    for (byte, flags) in flags.as_chunks::<8>().0.iter().enumerate() {
        // Eight bytes of 0 or 1 become the eight bits of the highest byte of the product.
        let bits = u64::from_le_bytes(*flags).wrapping_mul(0x0102_0408_1020_4080) >> 56;
        terms |= bits << (8 * byte);
    }
    terms
}
