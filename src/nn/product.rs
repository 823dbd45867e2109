//! Matrix products in `f32`, with the widest vectors that the processor has.
//!
//! Every cell of a product is one sum that runs over its terms in their order, a fused multiplication and addition at
//! a time. How a matrix is cut into tiles, how wide the vectors are and how many threads share the work therefore
//! changes no bit of the result; only a processor that cannot fuse rounds otherwise.
//!
//! There are two ways, both after Goto and van de Geijn (*Anatomy of High-Performance Matrix Multiplication*, 2008).
//! `tiles` goes through all terms of a sum. `gaps` passes over those whose left factor is 0, which changes no bit
//! either: four of five cells of a digit are paper, and ReLU lets half of what comes to it pass at most.

mod gaps;
mod tiles;

use gaps::Desk;
use ndarray::{ArrayView2, ArrayViewMut2};
use pulp::{Arch, Simd, WithSimd};
use std::cell::Cell;
use std::ops::Range;

/// The columns `columns` of `A·B`, `[rows, all]·[all, all columns]`, written into `c` `[rows, columns]`: of every sum the
/// terms `terms`. What comes before them stands in `c` already, unless they begin with the first.
///
/// `None`, and nothing is written, unless the factors lie row by row in memory and each row of `c` in one piece.
pub(super) fn multiply(
    a: ArrayView2<'_, f32>,
    b: ArrayView2<'_, f32>,
    terms: Range<usize>,
    columns: Range<usize>,
    c: ArrayViewMut2<'_, f32>,
) -> Option<()> {
    let left = Left::Rows(Rows::of(a, 0, terms.start)?);
    let right = Right::Rows(Rows::of(b, terms.start, columns.start)?);
    let product = Product {
        goes_on: terms.start > 0,
        ..Product::of(left, terms.len(), right, 1.0, c)?
    };
    product.compute(Arch::new());
    Some(())
}

/// The rows `rows` of `scale · Aᵀ·B`, where `a` is `[inner, width]` and `b` `[inner, columns]`, written into `c`
/// `[rows, columns]`. `None` as with [`multiply`].
pub(super) fn multiply_transposed(
    a: ArrayView2<'_, f32>,
    rows: Range<usize>,
    b: ArrayView2<'_, f32>,
    scale: f32,
    c: ArrayViewMut2<'_, f32>,
) -> Option<()> {
    let left = Left::Columns(Rows::of(a, 0, rows.start)?);
    let right = Right::Rows(Rows::of(b, 0, 0)?);
    Product::of(left, a.nrows(), right, scale, c)?.compute(Arch::new());
    Some(())
}

/// `A·Bᵀ` with the rows `rows` of `B`: `[n, inner]·[inner, rows]`, written into `c` `[n, rows]`. `None` as with
/// [`multiply`].
pub(super) fn multiply_by_transposed(
    a: ArrayView2<'_, f32>,
    b: ArrayView2<'_, f32>,
    rows: Range<usize>,
    c: ArrayViewMut2<'_, f32>,
) -> Option<()> {
    let left = Left::Rows(Rows::of(a, 0, 0)?);
    let right = Right::Columns(Rows::of(b, rows.start, 0)?);
    Product::of(left, a.ncols(), right, 1.0, c)?.compute(Arch::new());
    Some(())
}

/// How many numbers the widest vector of this processor holds.
pub(crate) fn lanes() -> usize {
    struct Lanes;
    impl WithSimd for Lanes {
        type Output = usize;

        #[inline(always)]
        fn with_simd<S: Simd>(self, _: S) -> usize {
            S::F32_LANES
        }
    }
    Arch::new().dispatch(Lanes)
}

/// How many rows of a product are computed together.
pub(super) fn tile_rows() -> usize {
    struct TileRows;
    impl WithSimd for TileRows {
        type Output = usize;

        #[inline(always)]
        fn with_simd<S: Simd>(self, _: S) -> usize {
            tiles::rows::<S>()
        }
    }
    Arch::new().dispatch(TileRows)
}

/// `C = scale · L·R`
struct Product<'a> {
    /// `[rows, inner]`
    left: Left<'a>,
    inner: usize,
    /// `[inner, columns]`
    right: Right<'a>,
    scale: f32,
    c: Target<'a>,
    /// The sums begin with what stands in `c`.
    goes_on: bool,
    way: Way,
}

/// Which terms of a sum are gone through.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    /// All.
    Tiles,
    /// Those whose left factor is not 0.
    Gaps,
}

/// The left factor, `[rows, inner]`.
#[derive(Clone, Copy)]
enum Left<'a> {
    /// As it lies in memory, row by row.
    Rows(Rows<'a>),
    /// The transposed of what lies in memory.
    Columns(Rows<'a>),
}

impl Left<'_> {
    /// With a quarter of zeros the ways are level: tiles ask less of the first cache.
    fn has_gaps(self) -> bool {
        let (Left::Rows(Rows { values, .. }) | Left::Columns(Rows { values, .. })) = self;
        let sample = &values[..values.len().min(SAMPLE)];
        let zeros = sample.iter().filter(|x| **x == 0.0).count();
        4 * zeros >= sample.len()
    }
}

/// The right factor, `[inner, columns]`.
#[derive(Clone, Copy)]
enum Right<'a> {
    /// As it lies in memory, row by row.
    Rows(Rows<'a>),
    /// The transposed of what lies in memory.
    Columns(Rows<'a>),
}

/// A matrix that lies row by row in memory, without its first rows and columns.
#[derive(Clone, Copy)]
struct Rows<'a> {
    /// From the first number that is meant to the end of the matrix.
    values: &'a [f32],
    /// Numbers from one row to the next.
    stride: usize,
}

impl<'a> Rows<'a> {
    fn of(matrix: ArrayView2<'a, f32>, first_row: usize, first_column: usize) -> Option<Self> {
        let stride = matrix.ncols();
        let first = first_row * stride + first_column;
        let values = matrix.to_slice()?.get(first..)?;
        Some(Self { values, stride })
    }

    /// Row `row` from `column` on, and whatever comes after it.
    #[inline(always)]
    fn at(self, row: usize, column: usize) -> &'a [f32] {
        &self.values[row * self.stride + column..]
    }
}

/// The product, `[rows, columns]`.
struct Target<'a> {
    rows: usize,
    columns: usize,
    room: Room<'a>,
}

enum Room<'a> {
    /// Row by row in one piece, which is quicker to find a row in.
    Whole(&'a mut [f32]),
    /// Each row in one piece: some columns of a larger matrix.
    Part(ArrayViewMut2<'a, f32>),
}

impl<'a> Target<'a> {
    fn of(mut c: ArrayViewMut2<'a, f32>) -> Option<Self> {
        let (rows, columns) = c.dim();
        let room = if c.is_standard_layout() {
            Room::Whole(c.into_slice()?)
        } else {
            c.row_mut(0).into_slice()?;
            Room::Part(c)
        };
        Some(Self {
            rows,
            columns,
            room,
        })
    }

    #[inline(always)]
    fn row_mut(&mut self, row: usize) -> &mut [f32] {
        match &mut self.room {
            Room::Whole(c) => &mut c[row * self.columns..][..self.columns],
            Room::Part(c) => c.row_mut(row).into_slice().unwrap_or_default(),
        }
    }
}

/// Fewer columns do not outweigh the search for the terms that are not 0.
pub(super) const COLUMNS_WORTH_GAPS: usize = 64;
/// Nor do fewer rows outweigh copying the right factor.
const ROWS_WORTH_GAPS: usize = 8;
/// So many numbers of the left factor tell whether it has zeros enough.
const SAMPLE: usize = 512;

impl<'a> Product<'a> {
    fn of(
        left: Left<'a>,
        inner: usize,
        right: Right<'a>,
        scale: f32,
        c: ArrayViewMut2<'a, f32>,
    ) -> Option<Self> {
        let c = Target::of(c)?;
        let fits_tiles = match right {
            Right::Rows(_) => true,
            Right::Columns(_) => Desk::has_room_for(inner, c.columns),
        };
        let worth = c.rows >= ROWS_WORTH_GAPS && c.columns >= COLUMNS_WORTH_GAPS;
        let way = match fits_tiles && !(worth && left.has_gaps()) {
            true => Way::Tiles,
            false => Way::Gaps,
        };
        Some(Self {
            left,
            inner,
            right,
            scale,
            c,
            goes_on: false,
            way,
        })
    }

    fn compute(self, arch: Arch) {
        if let (Way::Tiles, Right::Rows(b)) = (self.way, self.right) {
            return arch.dispatch(InTiles(self, b));
        }
        let mut desk = DESK.take().unwrap_or_default();
        match self.way {
            Way::Tiles => {
                let b = desk.turned(self.right, self.inner, self.c.columns);
                arch.dispatch(InTiles(self, b));
            }
            Way::Gaps => arch.dispatch(OverGaps(self, &mut desk)),
        }
        DESK.set(Some(desk));
    }
}

thread_local! {
    /// To clear it for each product would take longer than a small product.
    static DESK: Cell<Option<Box<Desk>>> = const { Cell::new(None) };
}

struct InTiles<'p, 'b>(Product<'p>, Rows<'b>);
struct OverGaps<'p, 'd>(Product<'p>, &'d mut Desk);

impl WithSimd for InTiles<'_, '_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let Self(mut product, b) = self;
        product.in_tiles(simd, b);
    }
}

impl WithSimd for OverGaps<'_, '_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let Self(mut product, desk) = self;
        product.over_gaps(simd, desk);
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

/// Vectors of the first values; what does not belong to the product among them is not stored again.
#[inline(always)]
fn load<S: Simd, const VECTORS: usize>(_: S, values: &[f32]) -> [S::f32s; VECTORS] {
    let vectors = S::as_simd_f32s(&values[..VECTORS * S::F32_LANES]).0;
    std::array::from_fn(|v| vectors[v])
}

/// The ways of computing that this processor has, the plainest first.
#[cfg(test)]
pub(crate) fn arches() -> Vec<Arch> {
    let mut arches = vec![Arch::Scalar];
    #[cfg(target_arch = "x86_64")]
    {
        arches.extend(pulp::x86::V3::try_new().map(Arch::V3));
        arches.extend(pulp::x86::V4::try_new().map(Arch::V4));
    }
    if arches.len() == 1 {
        arches.push(Arch::new());
    }
    arches
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::{Array2, Axis, s};
    use rand::rngs::StdRng;
    use rand::{RngExt, SeedableRng};

    /// Fewer and more rows and columns than a tile of any width, and remainders of all kinds.
    const SHAPES: [[usize; 3]; 12] = [
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
        [129, 65, 128],
        [131, 150, 300],
    ];

    /// About half of the numbers are 0.
    fn random(rows: usize, columns: usize, seed: u64) -> Array2<f32> {
        let rng = &mut StdRng::seed_from_u64(seed);
        Array2::from_shape_simple_fn((rows, columns), || {
            rng.random_range(-1.0_f32..1.0) * f32::from(u8::from(rng.random_bool(0.5)))
        })
    }

    const WAYS: [Way; 2] = [Way::Tiles, Way::Gaps];

    /// `scale · left·right`, `[rows, inner]·[inner, columns]`.
    fn computed(
        (arch, way): (Arch, Way),
        [rows, inner, columns]: [usize; 3],
        (left, right): (Left<'_>, Right<'_>),
        scale: f32,
    ) -> Array2<f32> {
        let mut c = Array2::from_elem((rows, columns), f32::NAN);
        let product = Product::of(left, inner, right, scale, c.view_mut()).unwrap();
        Product { way, ..product }.compute(arch);
        c
    }

    fn rows_of(matrix: &Array2<f32>) -> Rows<'_> {
        Rows::of(matrix.view(), 0, 0).unwrap()
    }

    /// `a·b`
    fn ahead(arch: Arch, way: Way, a: &Array2<f32>, b: &Array2<f32>) -> Array2<f32> {
        let factors = (Left::Rows(rows_of(a)), Right::Rows(rows_of(b)));
        let sizes = [a.nrows(), a.ncols(), b.ncols()];
        computed((arch, way), sizes, factors, 1.0)
    }

    /// `aᵀ·b / 2`
    fn across(arch: Arch, way: Way, a: &Array2<f32>, b: &Array2<f32>) -> Array2<f32> {
        let factors = (Left::Columns(rows_of(a)), Right::Rows(rows_of(b)));
        let sizes = [a.ncols(), a.nrows(), b.ncols()];
        computed((arch, way), sizes, factors, 0.5)
    }

    /// `a·bᵀ`
    fn back(arch: Arch, way: Way, a: &Array2<f32>, b: &Array2<f32>) -> Array2<f32> {
        let factors = (Left::Rows(rows_of(a)), Right::Columns(rows_of(b)));
        let sizes = [a.nrows(), a.ncols(), b.nrows()];
        let way = match Desk::has_room_for(sizes[1], sizes[2]) {
            true => way,
            false => Way::Gaps,
        };
        computed((arch, way), sizes, factors, 1.0)
    }

    fn turned(a: &Array2<f32>) -> Array2<f32> {
        a.t().as_standard_layout().into_owned()
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
            let exact = exact(&a, &b);
            for arch in arches() {
                for way in WAYS {
                    assert_close(&ahead(arch, way, &a, &b), &exact);
                    assert_close(&across(arch, way, &turned(&a), &b), &(&exact * 0.5));
                    assert_close(&back(arch, way, &a, &turned(&b)), &exact);
                }
            }
        }
    }

    #[test]
    fn both_ways_and_vectors_of_every_width_find_the_same_bits_and_plain_numbers_nearly_so() {
        for [rows, inner, columns] in SHAPES {
            let (a, b) = (random(rows, inner, 3), random(inner, columns, 4));
            let (a_turned, b_turned) = (turned(&a), turned(&b));
            let found = |arch: Arch| {
                let aheads = WAYS.map(|way| ahead(arch, way, &a, &b));
                let acrosses = WAYS.map(|way| across(arch, way, &a_turned, &b));
                assert_eq!(aheads[0], aheads[1], "{rows}, {inner}, {columns}");
                assert_eq!(acrosses[0], acrosses[1], "{rows}, {inner}, {columns}");
                for way in WAYS {
                    assert_eq!(aheads[0], back(arch, way, &a, &b_turned));
                }
                aheads
            };
            let found: Vec<_> = arches().into_iter().map(found).collect();
            for fused in &found[1..] {
                assert_eq!(fused, &found[1]);
                assert_close(&fused[0], &found[0][0].mapv(f64::from));
            }
        }
    }

    #[test]
    fn parts_of_a_product_have_the_bits_of_the_whole() {
        let (a, b) = (random(20, 30, 7), random(30, 90, 8));
        let mut whole = Array2::zeros((20, 90));
        multiply(a.view(), b.view(), 0..30, 0..90, whole.view_mut()).unwrap();
        let mut parts = Array2::zeros((20, 90));
        let (left, right) = parts.view_mut().split_at(Axis(1), 13);
        multiply(a.view(), b.view(), 0..30, 0..13, left).unwrap();
        multiply(a.view(), b.view(), 0..30, 13..90, right).unwrap();
        assert_eq!(parts, whole);

        let turned_b = turned(&b);
        let mut parts = Array2::zeros((20, 90));
        let (left, right) = parts.view_mut().split_at(Axis(1), 13);
        multiply_by_transposed(a.view(), turned_b.view(), 0..13, left).unwrap();
        multiply_by_transposed(a.view(), turned_b.view(), 13..90, right).unwrap();
        assert_eq!(parts, whole);

        let turned_a = turned(&a);
        let mut parts = Array2::zeros((20, 90));
        let (upper, lower) = parts.view_mut().split_at(Axis(0), 7);
        multiply_transposed(turned_a.view(), 0..7, b.view(), 1.0, upper).unwrap();
        multiply_transposed(turned_a.view(), 7..20, b.view(), 1.0, lower).unwrap();
        assert_eq!(parts, whole);
    }

    #[test]
    fn sums_may_go_on_where_they_ended() {
        for columns in [10, 30, 90] {
            let (a, b) = (random(21, 150, 7), random(150, columns, 8));
            let mut whole = Array2::zeros((21, columns));
            multiply(a.view(), b.view(), 0..150, 0..columns, whole.view_mut()).unwrap();
            let mut in_parts = Array2::from_elem((21, columns), f32::NAN);
            for terms in [0..64, 64..64, 64..80, 80..150] {
                let c = in_parts.view_mut();
                multiply(a.view(), b.view(), terms, 0..columns, c).unwrap();
            }
            assert_eq!(in_parts, whole, "{columns}");

            for arch in arches() {
                for way in WAYS {
                    let mut parts = ahead(arch, way, &part(&a, 0..64), &part_of_rows(&b, 0..64));
                    let (left, right) = (part(&a, 64..150), part_of_rows(&b, 64..150));
                    let factors = (Left::Rows(rows_of(&left)), Right::Rows(rows_of(&right)));
                    let c = parts.view_mut();
                    let product = Product::of(factors.0, 86, factors.1, 1.0, c).unwrap();
                    let goes_on = true;
                    Product {
                        way,
                        goes_on,
                        ..product
                    }
                    .compute(arch);
                    assert_eq!(parts, ahead(arch, way, &a, &b));
                }
            }
        }
    }

    fn part(a: &Array2<f32>, columns: Range<usize>) -> Array2<f32> {
        a.slice(s![.., columns]).as_standard_layout().into_owned()
    }

    fn part_of_rows(b: &Array2<f32>, rows: Range<usize>) -> Array2<f32> {
        b.slice(s![rows, ..]).as_standard_layout().into_owned()
    }

    #[test]
    fn matrices_that_lie_otherwise_in_memory_are_left_alone() {
        let (a, b) = (random(4, 5, 9), random(5, 6, 10));
        let mut c = Array2::from_elem((4, 6), 7.0);
        let turned_a = turned(&a);
        let multiply = |a, c: ArrayViewMut2<'_, f32>| multiply(a, b.view(), 0..5, 0..6, c);
        assert_eq!(multiply(turned_a.t(), c.view_mut()), None);
        let mut columns = Array2::from_elem((6, 4), 7.0);
        let turned_c = columns.view_mut().reversed_axes();
        assert_eq!(multiply(a.view(), turned_c), None);
        assert!(c.iter().chain(&columns).all(|c| *c == 7.0));
    }

    #[test]
    fn a_sum_without_terms_is_0() {
        for arch in arches() {
            let (a, b) = (Array2::zeros((3, 0)), Array2::zeros((0, 70)));
            for way in WAYS {
                assert_eq!(ahead(arch, way, &a, &b), Array2::<f32>::zeros((3, 70)));
            }
        }
    }

    #[test]
    fn nan_passes_through() {
        let (mut a, b) = (random(9, 20, 9), random(20, 70, 10));
        a[[4, 7]] = f32::NAN;
        for arch in arches() {
            for c in WAYS.map(|way| ahead(arch, way, &a, &b)) {
                assert!(c.row(4).iter().all(|c| c.is_nan()));
                assert!(c.row(3).iter().all(|c| !c.is_nan()));
            }
        }
    }
}
