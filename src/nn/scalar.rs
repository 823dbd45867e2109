use super::product;
use ndarray::linalg::general_mat_mul;
use ndarray::{ArrayView2, ArrayViewMut2, NdFloat, s};
use std::ops::Range;

/// The number type of a network: `f32` to train, `f64` to check gradients.
pub trait Scalar: NdFloat + Default + 'static {
    /// The nearest value to `x`.
    fn from_f64(x: f64) -> Self;
    /// The same value in double precision.
    fn to_f64(self) -> f64;

    /// The columns `columns` of `A·B`, written into `c`: of every sum the terms `terms`. What comes before them stands
    /// in `c` already, unless they begin with the first.
    fn multiply(
        a: ArrayView2<'_, Self>,
        b: ArrayView2<'_, Self>,
        terms: Range<usize>,
        columns: Range<usize>,
        c: ArrayViewMut2<'_, Self>,
    ) {
        multiply_some(a, b, terms, columns, c);
    }

    /// The rows `rows` of `scale · Aᵀ·B`, written into `c`.
    fn multiply_transposed(
        a: ArrayView2<'_, Self>,
        rows: Range<usize>,
        b: ArrayView2<'_, Self>,
        scale: Self,
        c: ArrayViewMut2<'_, Self>,
    ) {
        let a = a.slice(s![.., rows]);
        multiply(a.t(), b, scale, c);
    }

    /// `A·Bᵀ` with the rows `rows` of `B`, written into `c`.
    fn multiply_by_transposed(
        a: ArrayView2<'_, Self>,
        b: ArrayView2<'_, Self>,
        rows: Range<usize>,
        c: ArrayViewMut2<'_, Self>,
    ) {
        multiply(a, b.slice(s![rows, ..]).t(), Self::one(), c);
    }
}

/// See [`Scalar::multiply`].
fn multiply_some<S: Scalar>(
    a: ArrayView2<'_, S>,
    b: ArrayView2<'_, S>,
    terms: Range<usize>,
    columns: Range<usize>,
    mut c: ArrayViewMut2<'_, S>,
) {
    let before = if terms.start > 0 { S::one() } else { S::zero() };
    let a = a.slice(s![.., terms.clone()]);
    let b = b.slice(s![terms, columns]);
    general_mat_mul(S::one(), &a, &b, before, &mut c);
}

/// `C = scale · A·B`, with matrices that lie in memory as they please.
fn multiply<S: Scalar>(
    a: ArrayView2<'_, S>,
    b: ArrayView2<'_, S>,
    scale: S,
    mut c: ArrayViewMut2<'_, S>,
) {
    general_mat_mul(scale, &a, &b, S::zero(), &mut c);
}

impl Scalar for f32 {
    fn from_f64(x: f64) -> Self {
        x as f32
    }
    fn to_f64(self) -> f64 {
        f64::from(self)
    }

    fn multiply(
        a: ArrayView2<'_, f32>,
        b: ArrayView2<'_, f32>,
        terms: Range<usize>,
        columns: Range<usize>,
        mut c: ArrayViewMut2<'_, f32>,
    ) {
        let done = product::multiply(a, b, terms.clone(), columns.clone(), c.view_mut());
        done.unwrap_or_else(|| multiply_some(a, b, terms, columns, c));
    }

    fn multiply_transposed(
        a: ArrayView2<'_, f32>,
        rows: Range<usize>,
        b: ArrayView2<'_, f32>,
        scale: f32,
        mut c: ArrayViewMut2<'_, f32>,
    ) {
        let done = product::multiply_transposed(a, rows.clone(), b, scale, c.view_mut());
        done.unwrap_or_else(|| {
            let a = a.slice(s![.., rows]);
            multiply(a.t(), b, scale, c);
        });
    }

    fn multiply_by_transposed(
        a: ArrayView2<'_, f32>,
        b: ArrayView2<'_, f32>,
        rows: Range<usize>,
        mut c: ArrayViewMut2<'_, f32>,
    ) {
        let done = product::multiply_by_transposed(a, b, rows.clone(), c.view_mut());
        done.unwrap_or_else(|| multiply(a, b.slice(s![rows, ..]).t(), 1.0, c));
    }
}

impl Scalar for f64 {
    fn from_f64(x: f64) -> Self {
        x
    }
    fn to_f64(self) -> f64 {
        self
    }
}
