use super::share_out::{Alone, ByColumns, ByRows, Crew, EXAMPLES, UNITS, share_out};
use super::{Activation, Scalar};
use ndarray::{Array1, Array2, ArrayView2, ArrayViewMut2, s};

/// One dense layer: `Z = X·W + b`, `A = σ(Z)`.
#[derive(Clone, Debug, PartialEq)]
pub struct Layer<S = f32> {
    /// `[inputs, outputs]`
    pub weights: Array2<S>,
    /// `[outputs]`
    pub biases: Array1<S>,
    pub activation: Activation,
}

impl<S: Scalar> Layer<S> {
    /// Units of the layer before.
    pub fn inputs(&self) -> usize {
        self.weights.nrows()
    }

    pub fn units(&self) -> usize {
        self.weights.ncols()
    }

    /// `A = σ(X·W + b)`: `[batch, inputs]` → `[batch, units]`.
    pub fn forward(&self, x: ArrayView2<'_, S>) -> Array2<S> {
        self.forward_by(x, Alone)
    }

    /// The same by `crew`.
    pub(super) fn forward_by(&self, x: ArrayView2<'_, S>, crew: impl Crew) -> Array2<S> {
        let mut a = Array2::zeros((x.nrows(), self.units()));
        self.forward_into(x, a.view_mut(), crew);
        a
    }

    /// `A = σ(X·W + b)` written into `a` `[batch, units]` by `crew`.
    pub(super) fn forward_into(
        &self,
        x: ArrayView2<'_, S>,
        a: ArrayViewMut2<'_, S>,
        crew: impl Crew,
    ) {
        let (w, b) = (self.weights.view(), self.biases.view());
        let parts = crew.worth(x.nrows() * w.len());
        // Each has some units, and reads their weights only; where units are few, or their answers depend on one
        // another, each has some examples.
        if self.activation == Activation::Softmax || self.units() < parts * UNITS {
            share_out(
                crew,
                parts,
                EXAMPLES,
                0..x.nrows(),
                ByRows(a),
                &|examples, mut a| {
                    let x = x.slice(s![examples, ..]);
                    S::multiply(x, w, 0..w.ncols(), a.0.view_mut());
                    self.activation.activate(&mut a.0, b);
                },
            );
        } else {
            share_out(
                crew,
                parts,
                UNITS,
                0..self.units(),
                ByColumns(a),
                &|units, mut a| {
                    S::multiply(x, w, units.clone(), a.0.view_mut());
                    self.activation.activate(&mut a.0, b.slice(s![units]));
                },
            );
        }
    }

    /// `Z = X·W + b` and `A = σ(Z)`, bit for bit as in [`Layer::forward`].
    pub(super) fn sums_and_activations(&self, x: ArrayView2<'_, S>) -> (Array2<S>, Array2<S>) {
        let mut z = Array2::zeros((x.nrows(), self.units()));
        S::multiply(x, self.weights.view(), 0..self.units(), z.view_mut());
        let mut a = z.clone();
        z += &self.biases;
        self.activation
            .activate(&mut a.view_mut(), self.biases.view());
        (z, a)
    }

    /// `‖W‖`, the square root of the sum of all squared weights.
    pub fn weight_norm(&self) -> f64 {
        norm(&self.weights)
    }

    /// The same layer with its weights laid out row by row in memory.
    pub(super) fn into_row_major(mut self) -> Self {
        if !self.weights.is_standard_layout() {
            self.weights = self.weights.as_standard_layout().into_owned();
        }
        self
    }

    pub(super) fn cast<T: Scalar>(&self) -> Layer<T> {
        let convert = |v: S| T::from_f64(v.to_f64());
        Layer {
            weights: self.weights.mapv(convert),
            biases: self.biases.mapv(convert),
            activation: self.activation,
        }
    }
}

/// The Frobenius norm, summed in double precision.
pub(super) fn norm<S: Scalar>(matrix: &Array2<S>) -> f64 {
    matrix.fold(0.0, |sum, &v| sum + v.to_f64().powi(2)).sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::array;

    fn layer() -> Layer<f64> {
        Layer {
            weights: array![[1.0, -2.0], [3.0, 0.5], [0.0, 4.0]],
            biases: array![0.5, -1.0],
            activation: Activation::Relu,
        }
    }

    #[test]
    fn a_layer_weighs_adds_the_bias_and_activates() {
        // [1 2 3]·W = [7, 11]; [−1 0 0]·W = [−1, 2].
        let a = layer().forward(array![[1.0, 2.0, 3.0], [-1.0, 0.0, 0.0]].view());
        assert_eq!(a, array![[7.5, 10.0], [0.0, 1.0]]);
    }

    #[test]
    fn one_example_gives_the_same_as_its_row_in_a_batch() {
        let a = layer().forward(array![[1.0, 2.0, 3.0]].view());
        assert_eq!(a, array![[7.5, 10.0]]);
    }

    #[test]
    fn the_norm_is_the_square_root_of_the_sum_of_squares() {
        assert!((layer().weight_norm() - 30.25_f64.sqrt()).abs() < 1e-12);
    }
}
