use super::product::{COLUMNS_WORTH_GAPS, tile_rows};
use super::share_out::{Alone, ByColumns, ByRows, Crew, EXAMPLES, UNITS, half, share_out};
use super::{Activation, Scalar, aligned};
use ndarray::{Array1, Array2, ArrayView2, ArrayViewMut2, Axis, s};

/// One dense layer: `Z = X·W + b`, `A = σ(Z)`.
#[derive(Clone, Debug, PartialEq)]
pub struct Layer<S = f32> {
    /// `[inputs, outputs]`
    pub weights: Array2<S>,
    /// `[outputs]`
    pub biases: Array1<S>,
    pub activation: Activation,
}

/// From so many on inputs are many: fewer are gone through before the other half could begin.
const MANY_INPUTS: usize = 512;

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
        mut a: ArrayViewMut2<'_, S>,
        crew: impl Crew,
    ) {
        let (w, b) = (self.weights.view(), self.biases.view());
        let (inputs, units) = w.dim();
        let parts = crew.worth(x.nrows() * w.len());
        if parts == 2 && units < COLUMNS_WORTH_GAPS && inputs >= MANY_INPUTS {
            // Each has half of the inputs: who will take their weights a step down goes up with them, and no weight
            // travels from one to the other. A product of more units packs the weights, which takes too long for a few
            // examples at a time.
            let (half, height) = (half(inputs), tile_rows());
            let x = x.axis_chunks_iter(Axis(0), height);
            crew.relay(
                a.axis_chunks_iter_mut(Axis(0), height).zip(x),
                |(a, x)| S::multiply(x.view(), w, 0..half, 0..units, a.view_mut()),
                |(mut a, x)| {
                    S::multiply(x, w, half..inputs, 0..units, a.view_mut());
                    self.activation.activate(&mut a, b);
                },
            );
            return;
        }
        // Each has some units, and reads their weights only; where units are few, or their answers depend on one
        // another, each has some examples.
        let all = 0..inputs;
        if self.activation == Activation::Softmax || units < parts * UNITS {
            share_out(
                crew,
                parts,
                EXAMPLES,
                0..x.nrows(),
                ByRows(a),
                &|examples, mut a| {
                    let x = x.slice(s![examples, ..]);
                    S::multiply(x, w, all.clone(), 0..units, a.0.view_mut());
                    self.activation.activate(&mut a.0, b);
                },
            );
        } else {
            share_out(
                crew,
                parts,
                UNITS,
                0..units,
                ByColumns(a),
                &|units, mut a| {
                    S::multiply(x, w, all.clone(), units.clone(), a.0.view_mut());
                    self.activation.activate(&mut a.0, b.slice(s![units]));
                },
            );
        }
    }

    /// `Z = X·W + b` and `A = σ(Z)`, bit for bit as in [`Layer::forward`].
    pub(super) fn sums_and_activations(&self, x: ArrayView2<'_, S>) -> (Array2<S>, Array2<S>) {
        let mut z = Array2::zeros((x.nrows(), self.units()));
        let (w, inputs, units) = (self.weights.view(), 0..self.inputs(), 0..self.units());
        S::multiply(x, w, inputs, units, z.view_mut());
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

    /// The same layer with weights that begin where a line of the cache does.
    pub(super) fn aligned(&self) -> Self {
        Self {
            weights: aligned::copy(&self.weights),
            biases: self.biases.clone(),
            activation: self.activation,
        }
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
    use rand::rngs::StdRng;
    use rand::{RngExt, SeedableRng};

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

    /// So many of a crew, of whom the second begins.
    #[derive(Clone, Copy)]
    struct Several(usize);

    impl Crew for Several {
        fn size(self) -> usize {
            self.0
        }

        fn join(self, one: impl FnOnce() + Send, other: impl FnOnce() + Send) {
            other();
            one();
        }
    }

    #[test]
    fn a_layer_is_the_same_bit_for_bit_by_one_or_several_and_taken_apart() {
        let rng = &mut StdRng::seed_from_u64(3);
        for (inputs, units) in [(784, 10), (784, 30), (520, 70), (100, 300)] {
            for activation in [Activation::Relu, Activation::Softmax] {
                let mut random = |rows, columns| {
                    Array2::from_shape_simple_fn((rows, columns), || rng.random_range(-1.0..1.0))
                };
                let layer: Layer = Layer {
                    weights: random(inputs, units),
                    biases: random(1, units).remove_axis(Axis(0)),
                    activation,
                };
                let x = random(70, inputs).mapv(|x| x.max(0.0));
                let alone = layer.forward(x.view());
                for size in [2, 3, 4] {
                    let several = layer.forward_by(x.view(), Several(size));
                    assert_eq!(several, alone, "{size}, {inputs}, {units}");
                }
                assert_eq!(layer.sums_and_activations(x.view()).1, alone);
            }
        }
    }

    #[test]
    fn the_norm_is_the_square_root_of_the_sum_of_squares() {
        assert!((layer().weight_norm() - 30.25_f64.sqrt()).abs() < 1e-12);
    }
}
