//! Matrix products in `f32`, with the widest vectors that the processor has.
//!
//! Every cell of a product is one sum that runs over its terms in their order, a fused multiplication and addition at
//! a time. How a matrix is cut into tiles, how wide the vectors are and how many threads share the rows therefore
//! changes no bit of the result; only a processor that cannot fuse rounds otherwise.
//!
//! A tile of a few rows and one to three vectors of columns is summed up in registers, after Goto and van de Geijn
//! (*Anatomy of High-Performance Matrix Multiplication*, 2008), but without packing: the matrices of a mini-batch are
//! small enough for the second cache.

use pulp::{Arch, Simd, WithSimd};
use std::ops::Range;

/// `C = A·B`: `[rows, inner]·[inner, columns]`, all of them row by row in memory.
pub(super) fn multiply(inner: usize, columns: usize, a: &[f32], b: &[f32], c: &mut [f32]) {
    Arch::new().dispatch(Product {
        rows: c.len().checked_div(columns).unwrap_or(0),
        inner,
        columns,
        left: Left::Rows(a),
        b,
        c,
        onto: false,
        scale: 1.0,
    });
}

/// The rows `rows` of `scale · Aᵀ·B` written into `c` `[rows, columns]`, or of `scale · (C + Aᵀ·B)` where the sums go
/// `onto` what stands there. `a` is `[inner, width]`, `b` is `[inner, columns]`.
pub(super) fn multiply_transposed(
    [inner, width, columns]: [usize; 3],
    rows: Range<usize>,
    a: &[f32],
    b: &[f32],
    c: &mut [f32],
    (onto, scale): (bool, f32),
) {
    let zeros = a.iter().take(width).filter(|a| **a == 0.0).count();
    Arch::new().dispatch(Product {
        rows: rows.len(),
        inner,
        columns,
        left: Left::Columns {
            values: a,
            width,
            first: rows.start,
            mostly_zero: zeros > width / 2,
        },
        b,
        c,
        onto,
        scale,
    });
}

/// `[rows, inner]`, as it lies in memory.
#[derive(Clone, Copy)]
enum Left<'a> {
    /// Row by row.
    Rows(&'a [f32]),
    /// Column by column: `width` values each, of which the rows from `first` on are meant.
    Columns {
        values: &'a [f32],
        width: usize,
        first: usize,
        /// As pictures of digits are: zeros are worth looking for, because a tile that meets only zeros adds nothing.
        mostly_zero: bool,
    },
}

struct Product<'a> {
    rows: usize,
    inner: usize,
    columns: usize,
    left: Left<'a>,
    /// `[inner, columns]`
    b: &'a [f32],
    /// `[rows, columns]`
    c: &'a mut [f32],
    /// The sums begin with what stands in `c`, not with 0.
    onto: bool,
    scale: f32,
}

/// Columns of the widest tile: three vectors of sixteen.
const MOST_COLUMNS: usize = 48;

impl WithSimd for Product<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(mut self, simd: S) {
        let wide = 3 * S::F32_LANES;
        let mut column = 0;
        while column + wide <= self.columns {
            self.strip::<S, 3, true>(simd, column, wide);
            column += wide;
        }
        let width = self.columns - column;
        match width.div_ceil(S::F32_LANES) {
            0 => {}
            1 => self.strip::<S, 1, false>(simd, column, width),
            2 => self.strip::<S, 2, false>(simd, column, width),
            _ => self.strip::<S, 3, false>(simd, column, width),
        }
    }
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
        product: &Product<'_>,
        column: usize,
        width: usize,
    ) -> Self {
        let &Product {
            inner, columns, b, ..
        } = product;
        let mut end = Self {
            first: inner,
            rows: [[0.0; MOST_COLUMNS]; MOST_ROWS],
        };
        if !WHOLE {
            let missing = (VECTORS * S::F32_LANES - width).div_ceil(columns.max(1));
            end.first = inner.saturating_sub(missing);
            for (copy, k) in end.rows.iter_mut().zip(end.first..inner) {
                copy[..width].copy_from_slice(&b[k * columns + column..][..width]);
            }
        }
        end
    }
}

impl Product<'_> {
    /// All rows of the `width` columns from `column` on, which fill `VECTORS` vectors, the last of them in part unless
    /// they are `WHOLE`.
    #[inline(always)]
    fn strip<S: Simd, const VECTORS: usize, const WHOLE: bool>(
        &mut self,
        simd: S,
        column: usize,
        width: usize,
    ) {
        let end = End::of::<S, VECTORS, WHOLE>(self, column, width);
        // So many rows that their sums fit into the registers.
        let most = if S::REGISTER_COUNT >= 32 { 8 } else { 4 };
        let mut row = 0;
        while row < self.rows {
            row += match (self.rows - row).min(most) {
                8 => self.tile::<S, VECTORS, WHOLE, 8>(simd, row, column, width, &end),
                4..8 => self.tile::<S, VECTORS, WHOLE, 4>(simd, row, column, width, &end),
                2..4 => self.tile::<S, VECTORS, WHOLE, 2>(simd, row, column, width, &end),
                _ => self.tile::<S, VECTORS, WHOLE, 1>(simd, row, column, width, &end),
            };
        }
    }

    /// One tile. Returns how many rows it has.
    #[inline(always)]
    fn tile<S: Simd, const VECTORS: usize, const WHOLE: bool, const ROWS: usize>(
        &mut self,
        simd: S,
        row: usize,
        column: usize,
        width: usize,
        end: &End,
    ) -> usize {
        let width = match WHOLE {
            true => VECTORS * S::F32_LANES,
            false => width,
        };
        let (inner, columns) = (self.inner, self.columns);
        let place = |r: usize| (row + r) * columns + column;
        let mut sums = [[simd.splat_f32s(0.0); VECTORS]; ROWS];
        if self.onto {
            for (r, sums) in sums.iter_mut().enumerate() {
                let mut present = [0.0; MOST_COLUMNS];
                present[..width].copy_from_slice(&self.c[place(r)..][..width]);
                *sums = load(simd, &present);
            }
        }
        let whole = if WHOLE { inner } else { end.first };
        let b = |k: usize| load(simd, &self.b[k * columns + column..]);
        let end_of_b = |k: usize| load(simd, &end.rows[k - whole]);
        match self.left {
            Left::Rows(a) => {
                let rows: [&[f32]; ROWS] =
                    std::array::from_fn(|r| &a[(row + r) * inner..][..inner]);
                for k in 0..whole {
                    // A single row is one drawing, most of which is paper.
                    if ROWS == 1 && rows[0][k] == 0.0 {
                        continue;
                    }
                    add(simd, &mut sums, rows.map(|row| &row[k]), b(k));
                }
                for k in whole..inner {
                    add(simd, &mut sums, rows.map(|row| &row[k]), end_of_b(k));
                }
            }
            Left::Columns {
                values,
                width: stride,
                first,
                mostly_zero,
            } => {
                let column = |k: usize| &values[k * stride + first + row..][..ROWS];
                for k in 0..whole {
                    let x = column(k);
                    if mostly_zero && x.iter().fold(0, |bits, x| bits | x.to_bits()) == 0 {
                        continue;
                    }
                    add(simd, &mut sums, std::array::from_fn(|r| &x[r]), b(k));
                }
                for k in whole..inner {
                    let x = column(k);
                    add(simd, &mut sums, std::array::from_fn(|r| &x[r]), end_of_b(k));
                }
            }
        }
        let scale = simd.splat_f32s(self.scale);
        for (r, sums) in sums.iter().enumerate() {
            let scaled = sums.map(|sum| simd.mul_f32s(scale, sum));
            store::<S, VECTORS, WHOLE>(simd, scaled, &mut self.c[place(r)..][..width]);
        }
        ROWS
    }
}

/// `sums += x·b`, a row for each `x`: references, so that the processor spreads an `x` over a vector while it loads it.
#[inline(always)]
fn add<S: Simd, const VECTORS: usize, const ROWS: usize>(
    simd: S,
    sums: &mut [[S::f32s; VECTORS]; ROWS],
    x: [&f32; ROWS],
    b: [S::f32s; VECTORS],
) {
    for (sums, x) in sums.iter_mut().zip(x) {
        let x = simd.splat_f32s(*x);
        for (sum, b) in sums.iter_mut().zip(b) {
            *sum = simd.mul_add_e_f32s(x, b, *sum);
        }
    }
}

/// Vectors of the first values; what does not belong to the tile among them is not stored again.
#[inline(always)]
fn load<S: Simd, const VECTORS: usize>(_: S, values: &[f32]) -> [S::f32s; VECTORS] {
    let vectors = S::as_simd_f32s(&values[..VECTORS * S::F32_LANES]).0;
    std::array::from_fn(|v| vectors[v])
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

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::{Array2, s};
    use rand::rngs::StdRng;
    use rand::{RngExt, SeedableRng};

    /// Fewer and more rows and columns than a tile of any width, and remainders of all kinds.
    const SHAPES: [[usize; 3]; 10] = [
        [1, 1, 1],
        [1, 784, 128],
        [2, 3, 10],
        [3, 784, 16],
        [7, 5, 15],
        [8, 64, 16],
        [9, 20, 33],
        [13, 31, 50],
        [32, 16, 48],
        [64, 30, 107],
    ];

    /// The ways of computing that this processor has, the plainest first.
    fn ways() -> Vec<Arch> {
        let mut ways = vec![Arch::Scalar];
        #[cfg(target_arch = "x86_64")]
        {
            ways.extend(pulp::x86::V3::try_new().map(Arch::V3));
            ways.extend(pulp::x86::V4::try_new().map(Arch::V4));
        }
        if ways.len() == 1 {
            ways.push(Arch::new());
        }
        ways
    }

    /// About half of the numbers are 0.
    fn random(rows: usize, columns: usize, seed: u64) -> Array2<f32> {
        let rng = &mut StdRng::seed_from_u64(seed);
        Array2::from_shape_simple_fn((rows, columns), || {
            rng.random_range(-1.0_f32..1.0) * f32::from(u8::from(rng.random_bool(0.5)))
        })
    }

    fn product(way: Arch, left: &Array2<f32>, b: &Array2<f32>) -> Array2<f32> {
        let mut c = Array2::from_elem((left.nrows(), b.ncols()), f32::NAN);
        way.dispatch(Product {
            rows: left.nrows(),
            inner: b.nrows(),
            columns: b.ncols(),
            left: Left::Rows(left.as_slice().unwrap()),
            b: b.as_slice().unwrap(),
            c: c.as_slice_mut().unwrap(),
            onto: false,
            scale: 1.0,
        });
        c
    }

    fn transposed(way: Arch, a: &Array2<f32>, b: &Array2<f32>, mostly_zero: bool) -> Array2<f32> {
        let mut c = Array2::from_elem((a.ncols(), b.ncols()), f32::NAN);
        way.dispatch(Product {
            rows: a.ncols(),
            inner: b.nrows(),
            columns: b.ncols(),
            left: Left::Columns {
                values: a.as_slice().unwrap(),
                width: a.ncols(),
                first: 0,
                mostly_zero,
            },
            b: b.as_slice().unwrap(),
            c: c.as_slice_mut().unwrap(),
            onto: false,
            scale: 0.5,
        });
        c
    }

    /// `a·b` in double precision.
    fn exact(a: &Array2<f32>, b: &Array2<f32>) -> Array2<f64> {
        a.mapv(f64::from).dot(&b.mapv(f64::from))
    }

    fn assert_close(found: &Array2<f32>, exact: &Array2<f64>) {
        for (found, exact) in found.iter().zip(exact) {
            let apart = (f64::from(*found) - exact).abs();
            assert!(apart < 1e-4 * (1.0 + exact.abs()), "{found} for {exact}");
        }
    }

    #[test]
    fn products_of_all_shapes_are_those_of_double_precision() {
        for [rows, inner, columns] in SHAPES {
            let (a, b) = (random(rows, inner, 1), random(inner, columns, 2));
            for way in ways() {
                assert_close(&product(way, &a, &b), &exact(&a, &b));
                let a = a.t().as_standard_layout().into_owned();
                let half = exact(&a.t().to_owned(), &b) * 0.5;
                assert_close(&transposed(way, &a, &b, false), &half);
            }
        }
    }

    #[test]
    fn vectors_of_every_width_find_the_same_bits_and_plain_numbers_nearly_so() {
        for [rows, inner, columns] in SHAPES {
            let (a, b) = (random(rows, inner, 3), random(inner, columns, 4));
            let across = a.t().as_standard_layout().into_owned();
            let found = ways().into_iter().map(|way| {
                let ahead = product(way, &a, &b);
                let back = transposed(way, &across, &b, false);
                (ahead, back)
            });
            let found: Vec<_> = found.collect();
            for fused in &found[1..] {
                assert_eq!(fused, &found[1]);
                assert_close(&fused.0, &found[0].0.mapv(f64::from));
            }
        }
    }

    #[test]
    fn zeros_that_are_passed_over_change_no_bit() {
        let (mut a, b) = (random(20, 64, 5), random(20, 40, 6));
        a.slice_mut(s![.., 8..40]).fill(0.0);
        for way in ways() {
            let all = transposed(way, &a, &b, false);
            assert_eq!(all, transposed(way, &a, &b, true));
        }
    }

    #[test]
    fn a_sum_in_two_parts_and_rows_in_two_parts_change_no_bit() {
        let (a, b) = (random(20, 30, 7), random(20, 40, 8));
        let mut whole = Array2::zeros((30, 40));
        let mut parts = Array2::zeros((30, 40));
        let of = |m: &Array2<f32>, from: usize, to: usize| m.slice(s![from..to, ..]).to_owned();
        fn run(
            a: &Array2<f32>,
            b: &Array2<f32>,
            rows: Range<usize>,
            c: &mut [f32],
            last: (bool, f32),
        ) {
            let sizes = [a.nrows(), a.ncols(), b.ncols()];
            let (a, b) = (a.as_slice().unwrap(), b.as_slice().unwrap());
            multiply_transposed(sizes, rows, a, b, c, last);
        }
        run(&a, &b, 0..30, whole.as_slice_mut().unwrap(), (false, 0.25));
        let (upper, lower) = parts.as_slice_mut().unwrap().split_at_mut(11 * 40);
        for (rows, c) in [(0..11, upper), (11..30, lower)] {
            run(&of(&a, 0, 7), &of(&b, 0, 7), rows.clone(), c, (false, 1.0));
            run(&of(&a, 7, 20), &of(&b, 7, 20), rows, c, (true, 0.25));
        }
        assert_eq!(parts, whole);
    }

    #[test]
    fn nan_passes_through() {
        let (mut a, b) = (random(9, 20, 9), random(20, 33, 10));
        a[[4, 7]] = f32::NAN;
        for way in ways() {
            let c = product(way, &a, &b);
            assert!(c.row(4).iter().all(|c| c.is_nan()));
            assert!(c.row(3).iter().all(|c| !c.is_nan()));
        }
    }
}
