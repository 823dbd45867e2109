//! All terms of every sum: tiles of a few rows and one to three vectors of columns are summed up in registers, without
//! packing, because the matrices of a mini-batch are small enough for the second cache.

use super::{Left, Product, Rows, add, load};
use pulp::Simd;

/// Columns of the widest tile: three vectors of sixteen.
const MOST_COLUMNS: usize = 48;

impl Product<'_> {
    /// `C = scale · L·B`
    #[inline(always)]
    pub(super) fn in_tiles<S: Simd>(&mut self, simd: S, b: Rows<'_>) {
        let columns = self.c.columns;
        let mut column = 0;
        while column < columns {
            let left = columns - column;
            // Four vectors are two and two: a single one keeps the processor waiting for its sums.
            let (two, three) = (2 * S::F32_LANES, 3 * S::F32_LANES);
            column += match left.div_ceil(S::F32_LANES) {
                1 => self.strip::<S, 1, false>(simd, b, column, left),
                2 | 4 => self.strip::<S, 2, false>(simd, b, column, left.min(two)),
                _ if left >= three => self.strip::<S, 3, true>(simd, b, column, three),
                _ => self.strip::<S, 3, false>(simd, b, column, left),
            };
        }
    }

    /// All rows of the `width` columns from `column` on, which fill `VECTORS` vectors, the last of them in part unless
    /// they are `WHOLE`. Returns the width.
    #[inline(always)]
    fn strip<S: Simd, const VECTORS: usize, const WHOLE: bool>(
        &mut self,
        simd: S,
        b: Rows<'_>,
        column: usize,
        width: usize,
    ) -> usize {
        let end = End::of::<S, VECTORS, WHOLE>(b, self.inner, column, width);
        // So many rows that their sums fit into the registers, and the places of their left factors too.
        let most = match self.left {
            Left::Columns(_) if VECTORS == 2 && S::REGISTER_COUNT < 32 => 6,
            _ => rows::<S>(),
        };
        let mut row = 0;
        let rows = self.c.rows;
        while row < rows {
            row += match (rows - row).min(most) {
                8 => self.tile::<S, VECTORS, WHOLE, 8>(simd, b, row, column, width, &end),
                6.. if VECTORS == 2 => {
                    self.tile::<S, VECTORS, WHOLE, 6>(simd, b, row, column, width, &end)
                }
                4.. => self.tile::<S, VECTORS, WHOLE, 4>(simd, b, row, column, width, &end),
                2..4 => self.tile::<S, VECTORS, WHOLE, 2>(simd, b, row, column, width, &end),
                _ => self.tile::<S, VECTORS, WHOLE, 1>(simd, b, row, column, width, &end),
            };
        }
        width
    }

    /// One tile. Returns how many rows it has.
    #[inline(always)]
    fn tile<S: Simd, const VECTORS: usize, const WHOLE: bool, const ROWS: usize>(
        &mut self,
        simd: S,
        b: Rows<'_>,
        row: usize,
        column: usize,
        width: usize,
        end: &End,
    ) -> usize {
        let width = match WHOLE {
            true => VECTORS * S::F32_LANES,
            false => width,
        };
        let inner = self.inner;
        let mut sums = [[simd.splat_f32s(0.0); VECTORS]; ROWS];
        if self.goes_on {
            for (r, sums) in sums.iter_mut().enumerate() {
                let mut before = [0.0; MOST_COLUMNS];
                before[..width].copy_from_slice(&self.c.row_mut(row + r)[column..][..width]);
                *sums = load(simd, &before);
            }
        }
        let whole = if WHOLE { inner } else { end.first };
        match self.left {
            Left::Rows(a) => {
                let rows: [&[f32]; ROWS] = std::array::from_fn(|r| &a.at(row + r, 0)[..inner]);
                for k in 0..whole {
                    // A single row is one drawing, most of which is paper.
                    if ROWS == 1 && rows[0][k] == 0.0 {
                        continue;
                    }
                    add(
                        simd,
                        &mut sums,
                        rows.map(|row| &row[k]),
                        load(simd, b.at(k, column)),
                    );
                }
                for k in whole..inner {
                    add(
                        simd,
                        &mut sums,
                        rows.map(|row| &row[k]),
                        load(simd, &end.rows[k - whole]),
                    );
                }
            }
            Left::Columns(a) => {
                for k in 0..whole {
                    let x = &a.at(k, row)[..ROWS];
                    add(
                        simd,
                        &mut sums,
                        std::array::from_fn(|r| &x[r]),
                        load(simd, b.at(k, column)),
                    );
                }
                for k in whole..inner {
                    let x = &a.at(k, row)[..ROWS];
                    add(
                        simd,
                        &mut sums,
                        std::array::from_fn(|r| &x[r]),
                        load(simd, &end.rows[k - whole]),
                    );
                }
            }
        }
        let scale = simd.splat_f32s(self.scale);
        for (r, sums) in sums.into_iter().enumerate() {
            let scaled = sums.map(|sum| simd.mul_f32s(scale, sum));
            let c = &mut self.c.row_mut(row + r)[column..][..width];
            store::<S, VECTORS, WHOLE>(simd, scaled, c);
        }
        ROWS
    }
}

/// The rows of a tile: so many that their sums fit into the registers, beside what they are made of.
#[inline(always)]
pub(super) fn rows<S: Simd>() -> usize {
    if S::REGISTER_COUNT >= 32 { 8 } else { 4 }
}

/// The last rows of a strip of `B` that have too little behind them for whole vectors, in a copy with zeros behind:
/// loading a part of a vector takes a call, for which every sum would have to leave its register.
struct End {
    /// The first of these rows.
    first: usize,
    rows: [[f32; MOST_COLUMNS]; MOST_ROWS],
}

/// Only rows that begin less than a vector before the end of `B` can have too little behind them.
const MOST_ROWS: usize = 16;

impl End {
    #[inline(always)]
    fn of<S: Simd, const VECTORS: usize, const WHOLE: bool>(
        b: Rows<'_>,
        inner: usize,
        column: usize,
        width: usize,
    ) -> Self {
        let mut end = Self {
            first: inner,
            rows: [[0.0; MOST_COLUMNS]; MOST_ROWS],
        };
        if !WHOLE {
            let has_enough = |k: usize| b.at(k, column).len() >= VECTORS * S::F32_LANES;
            while end.first > 0 && !has_enough(end.first - 1) {
                end.first -= 1;
            }
            for (copy, k) in end.rows.iter_mut().zip(end.first..inner) {
                copy[..width].copy_from_slice(&b.at(k, column)[..width]);
            }
        }
        end
    }
}

/// As many values as there is room for.
#[inline(always)]
fn store<S: Simd, const VECTORS: usize, const WHOLE: bool>(
    simd: S,
    vectors: [S::f32s; VECTORS],
    values: &mut [f32],
) {
    let (whole, part) = S::as_mut_simd_f32s(values);
    for (place, vector) in whole.iter_mut().zip(vectors) {
        *place = vector;
    }
    if !WHOLE && !part.is_empty() {
        simd.partial_store_f32s(part, vectors[VECTORS - 1]);
    }
}
