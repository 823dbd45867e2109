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

    /// `C = A·B`
    fn multiply(a: ArrayView2<'_, Self>, b: ArrayView2<'_, Self>, c: &mut ArrayViewMut2<'_, Self>) {
        general_mat_mul(Self::one(), &a, &b, Self::zero(), c);
    }

    /// The rows `rows` of `scale · Aᵀ·B` written into `c`, or of `scale · (C + Aᵀ·B)` where the sums go `onto` what
    /// stands there.
    fn multiply_transposed(
        a: ArrayView2<'_, Self>,
        rows: Range<usize>,
        b: ArrayView2<'_, Self>,
        c: &mut ArrayViewMut2<'_, Self>,
        onto: bool,
        scale: Self,
    ) {
        let keep = if onto { scale } else { Self::zero() };
        general_mat_mul(scale, &a.slice(s![.., rows]).t(), &b, keep, c);
    }
}

impl Scalar for f32 {
    fn from_f64(x: f64) -> Self {
        x as f32
    }
    fn to_f64(self) -> f64 {
        f64::from(self)
    }

    fn multiply(a: ArrayView2<'_, f32>, b: ArrayView2<'_, f32>, c: &mut ArrayViewMut2<'_, f32>) {
        let (inner, columns) = b.dim();
        match (a.to_slice(), b.to_slice(), c.as_slice_mut()) {
            (Some(a), Some(b), Some(c)) => product::multiply(inner, columns, a, b, c),
            _ => general_mat_mul(1.0, &a, &b, 0.0, c),
        }
    }

    fn multiply_transposed(
        a: ArrayView2<'_, f32>,
        rows: Range<usize>,
        b: ArrayView2<'_, f32>,
        c: &mut ArrayViewMut2<'_, f32>,
        onto: bool,
        scale: f32,
    ) {
        let (inner, columns) = b.dim();
        let sizes = [inner, a.ncols(), columns];
        match (a.to_slice(), b.to_slice(), c.as_slice_mut()) {
            (Some(a), Some(b), Some(c)) => {
                product::multiply_transposed(sizes, rows, a, b, c, (onto, scale));
            }
            _ => {
                let keep = if onto { scale } else { 0.0 };
                general_mat_mul(scale, &a.slice(s![.., rows]).t(), &b, keep, c);
            }
        }
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
