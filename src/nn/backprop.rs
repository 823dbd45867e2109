//! Backpropagation as a loop over the layers, for a whole mini-batch at once.
//!
//! `n` examples go through layers `l = 1 … L`; `A⁰` is the input `X`.
//!
//! | value | shape                | what it is                                          |
//! |-------|----------------------|-----------------------------------------------------|
//! | `Wˡ`  | `[unitsˡ⁻¹, unitsˡ]` | weights; `∂C/∂Wˡ` has the same shape                |
//! | `bˡ`  | `[unitsˡ]`           | biases; `∂C/∂bˡ` has the same shape                 |
//! | `Zˡ`  | `[n, unitsˡ]`        | weighted sums, `Zˡ = Aˡ⁻¹·Wˡ + bˡ`                  |
//! | `Aˡ`  | `[n, unitsˡ]`        | activations, `Aˡ = σ(Zˡ)`                           |
//! | `δˡ`  | `[n, unitsˡ]`        | errors, `∂C/∂Zˡ`, of each example for itself        |
//!
//! The chain rule, from the cost back to the first layer (Nielsen, *Neural Networks and Deep Learning*,
//! chapter 2, with examples as rows; `⊙` multiplies element by element):
//!
//! 1. `δᴸ = ∂C/∂Aᴸ ⊙ σ′(Zᴸ)`: how much the cost depends on each output's sum;
//! 2. `∂C/∂Wˡ = (Aˡ⁻¹)ᵀ·δˡ / n`: the product sums over the examples, so `n` is gone from its shape;
//! 3. `∂C/∂bˡ = Σ δˡ / n` over the rows: a bias is the weight of an input that is always 1;
//! 4. `δˡ⁻¹ = (δˡ·(Wˡ)ᵀ) ⊙ σ′(Zˡ⁻¹)`: what all units of layer `l` wish of the one before, summed by the product.

use super::share_out::{Alone, ByColumns, Crew, UNITS, share_out};
use super::workspace::{rows, rows_mut};
use super::{Gradients, Network, Pass, Scalar, Workspace};
use ndarray::{Array1, ArrayView2, ArrayViewMut2, s};
use std::ops::Range;

/// Mean cost of the batch `x` `[n, inputs]` with truths `y` `[n, outputs]`; leaves the mean gradients in
/// `workspace.gradients`. No examples cost 0 and have the gradient 0.
pub fn backprop<S: Scalar>(
    network: &Network<S>,
    x: ArrayView2<'_, S>,
    y: ArrayView2<'_, S>,
    workspace: &mut Workspace<S>,
) -> S {
    let n = x.nrows();
    let Workspace { pass, gradients } = workspace;

    // Forward to the cost, and back to the errors of the first layer. No weight changes on the way.
    pass.forward_and_back(network, x, y, Alone);
    let cost = network.total_cost(pass.outputs(n), y) * share_of(n);

    pass.gradients_into(x, gradients);
    cost
}

impl<S: Scalar> Pass<S> {
    /// Takes the examples `x` `[n, inputs]` with truths `y` `[n, outputs]` to their outputs, and their errors back.
    /// The `crew` shares the work; the result does not depend on it.
    pub(crate) fn forward_and_back(
        &mut self,
        network: &Network<S>,
        x: ArrayView2<'_, S>,
        y: ArrayView2<'_, S>,
        crew: impl Crew,
    ) {
        let n = x.nrows();
        let layers = network.layers();
        self.make_room(network, n);
        let Self {
            activations,
            deltas,
        } = self;

        // From the first layer to the last: Aˡ = σ(Aˡ⁻¹·Wˡ + bˡ).
        for (l, layer) in layers.iter().enumerate() {
            let (before, after) = activations.split_at_mut(l);
            let a_before = before.last().map_or(x, |a| rows(a, n));
            layer.forward_into(a_before, rows_mut(&mut after[0], n), crew);
        }

        // The error of the last layer: δᴸ = ∂C/∂Aᴸ ⊙ σ′(Zᴸ).
        let last = layers.len() - 1;
        let a = rows(&activations[last], n);
        network.output_delta_into(a, y, &mut rows_mut(&mut deltas[last], n));

        // From the last layer to the second: δˡ⁻¹ = (δˡ·(Wˡ)ᵀ) ⊙ σ′(Zˡ⁻¹) is [n, unitsˡ]·[unitsˡ, unitsˡ⁻¹].
        // Nobody asks how the cost depends on the input.
        for l in (1..layers.len()).rev() {
            let (before, after) = deltas.split_at_mut(l);
            let delta_before = ByColumns(rows_mut(&mut before[l - 1], n));
            let (delta, w) = (rows(&after[0], n), layers[l].weights.view());
            let a_before = rows(&activations[l - 1], n);
            let (units, parts) = (0..w.nrows(), crew.worth(n * w.len()));
            share_out(crew, parts, UNITS, units, delta_before, &|units, part| {
                let ByColumns(mut delta_before) = part;
                S::multiply_by_transposed(delta, w, units.clone(), delta_before.view_mut());
                let sigma = layers[l - 1].activation;
                sigma.pull_back(a_before.slice(s![.., units]), &mut delta_before);
            });
        }
    }

    /// All mean gradients of the last examples, which had the inputs `x`.
    pub(crate) fn gradients_into(&self, x: ArrayView2<'_, S>, gradients: &mut Gradients<S>) {
        // What came into a layer and the error that came back to it make its gradients. The step comes after.
        for l in (0..gradients.weights.len()).rev() {
            let (w, b) = (&mut gradients.weights[l], &mut gradients.biases[l]);
            self.weight_gradient(x, l, 0..w.nrows(), w.view_mut());
            self.bias_gradient(x.nrows(), l, b);
        }
    }

    /// `∂C/∂Wˡ = (Aˡ⁻¹)ᵀ·δˡ / n`, `[unitsˡ⁻¹, n]·[n, unitsˡ]`, of layer `l` (from 0) for the last examples, which had
    /// the inputs `x`: the rows `from` of it, written into `gradient`.
    pub(crate) fn weight_gradient(
        &self,
        x: ArrayView2<'_, S>,
        l: usize,
        from: Range<usize>,
        gradient: ArrayViewMut2<'_, S>,
    ) {
        let n = x.nrows();
        let a_before = match l {
            0 => x,
            _ => rows(&self.activations[l - 1], n),
        };
        let delta = rows(&self.deltas[l], n);
        S::multiply_transposed(a_before, from, delta, share_of(n), gradient);
    }

    /// `∂C/∂bˡ = Σ δˡ / n` of layer `l` (from 0) for the last `n` examples, `[unitsˡ]`.
    pub(crate) fn bias_gradient(&self, n: usize, l: usize, gradient: &mut Array1<S>) {
        gradient.fill(S::zero());
        for delta in rows(&self.deltas[l], n).rows() {
            *gradient += &delta;
        }
        *gradient *= share_of::<S>(n);
    }
}

/// `1 / n`, what one of `n` examples counts in a mean.
fn share_of<S: Scalar>(n: usize) -> S {
    S::one() / S::from_f64(n.max(1) as f64)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::nn::{Activation, Architecture, BiasInit, Cost, Init, backprop_recursive};
    use ndarray::{Array2, Axis, s};
    use rand::rngs::StdRng;
    use rand::{RngExt, SeedableRng};
    use rand_distr::{Distribution, StandardNormal};

    fn network<S: Scalar>(output: Activation, cost: Cost) -> Network<S> {
        let architecture = Architecture {
            sizes: vec![9, 8, 7, 5],
            hidden: Activation::Tanh,
            output,
            cost,
        };
        let rng = &mut StdRng::seed_from_u64(3);
        Network::init(&architecture, Init::Xavier, BiasInit::Normal, rng).unwrap()
    }

    fn batch<S: Scalar>(n: usize) -> (Array2<S>, Array2<S>) {
        let rng = &mut StdRng::seed_from_u64(5);
        let x = Array2::from_shape_simple_fn((n, 9), || {
            let unit: f64 = StandardNormal.sample(rng);
            S::from_f64(unit)
        });
        let y = Array2::from_shape_fn((n, 5), |(i, j)| {
            S::from_f64(if i % 5 == j { 1.0 } else { 0.0 })
        });
        (x, y)
    }

    /// The largest difference between two gradients.
    fn distance(a: &Gradients<f64>, b: &Gradients<f64>) -> f64 {
        let weights = a.weights.iter().zip(&b.weights).map(|(a, b)| a - b);
        let biases = a.biases.iter().zip(&b.biases).map(|(a, b)| a - b);
        let largest = |worst: f64, d: &f64| worst.max(d.abs());
        let worst = weights.fold(0.0, |worst, d| d.iter().fold(worst, largest));
        biases.fold(worst, |worst, d| d.iter().fold(worst, largest))
    }

    #[test]
    fn the_loop_and_the_recursion_find_the_same() {
        for output in Activation::ALL {
            for cost in Cost::ALL {
                if cost.check_output(output).is_err() {
                    continue;
                }
                let network = network::<f64>(output, cost);
                let (x, y) = batch(6);
                let mut workspace = Workspace::new(&network, 6);
                let looped = backprop(&network, x.view(), y.view(), &mut workspace);
                let (recursed, gradients) = backprop_recursive(&network, x.view(), y.view());
                assert!((looped - recursed).abs() < 1e-14, "{output:?}, {cost:?}");
                let apart = distance(&workspace.gradients, &gradients);
                assert!(apart < 1e-14, "{output:?}, {cost:?}: {apart}");
            }
        }
    }

    #[test]
    fn what_an_earlier_batch_left_behind_does_not_matter() {
        let network = network::<f32>(Activation::Softmax, Cost::CrossEntropy);
        let (x, y) = batch(8);
        let mut used = Workspace::new(&network, 8);
        let nan = Array2::from_elem((8, 9), f32::NAN);
        assert!(backprop(&network, nan.view(), y.view(), &mut used).is_nan());

        let (x, y) = (x.slice(s![..3, ..]), y.slice(s![..3, ..]));
        let mut fresh = Workspace::new(&network, 3);
        let cost = backprop(&network, x, y, &mut fresh);
        assert_eq!(backprop(&network, x, y, &mut used), cost);
        assert_eq!(used.gradients, fresh.gradients);
        assert_eq!(used.outputs(3), network.forward(x));
    }

    #[test]
    fn a_batch_larger_than_the_workspace_makes_it_grow() {
        let network = network::<f32>(Activation::Sigmoid, Cost::Quadratic);
        let (x, y) = batch(8);
        let mut small = Workspace::new(&network, 2);
        let mut large = Workspace::new(&network, 8);
        let cost = backprop(&network, x.view(), y.view(), &mut large);
        assert_eq!(backprop(&network, x.view(), y.view(), &mut small), cost);
        assert_eq!(small.gradients, large.gradients);
    }

    #[test]
    fn no_examples_have_no_cost_and_no_gradient() {
        let network = network::<f32>(Activation::Softmax, Cost::CrossEntropy);
        let (x, y) = batch(0);
        let mut workspace = Workspace::new(&network, 4);
        let cost = backprop(&network, x.view(), y.view(), &mut workspace);
        assert_eq!(cost, 0.0);
        assert_eq!(workspace.gradients, Gradients::zeros_like(&network));
    }

    /// Takes its parts in another order.
    #[derive(Clone, Copy)]
    struct Three;

    impl Crew for Three {
        fn size(self) -> usize {
            3
        }

        fn join(self, one: impl FnOnce() + Send, other: impl FnOnce() + Send) {
            other();
            one();
        }
    }

    #[test]
    fn gradients_in_parts_and_by_several_are_the_same_bit_for_bit() {
        let architecture = Architecture {
            sizes: vec![90, 200, 170, 5],
            hidden: Activation::Relu,
            output: Activation::Softmax,
            cost: Cost::CrossEntropy,
        };
        let rng = &mut StdRng::seed_from_u64(3);
        let network = Network::<f32>::init(&architecture, Init::He, BiasInit::Normal, rng).unwrap();
        let x = Array2::from_shape_simple_fn((70, 90), || rng.random_range(-1.0..1.0_f32).max(0.0));
        let y = Array2::from_shape_fn((70, 5), |(i, j)| f32::from(u8::from(i % 5 == j)));
        let mut workspace = Workspace::new(&network, 70);
        backprop(&network, x.view(), y.view(), &mut workspace);
        let whole = workspace.gradients;

        let mut pass = Pass::new(&network, 70);
        pass.forward_and_back(&network, x.view(), y.view(), Three);
        let mut parts = Gradients::zeros_like(&network);
        for (l, gradient) in parts.weights.iter_mut().enumerate() {
            let rows = gradient.nrows();
            let (upper, lower) = gradient.view_mut().split_at(Axis(0), 31);
            pass.weight_gradient(x.view(), l, 0..31, upper);
            pass.weight_gradient(x.view(), l, 31..rows, lower);
            pass.bias_gradient(70, l, &mut parts.biases[l]);
        }
        assert_eq!(parts, whole);
    }

    #[test]
    fn nan_in_the_input_reaches_cost_and_gradients() {
        for hidden in [Activation::Relu, Activation::LeakyRelu, Activation::Sigmoid] {
            let architecture = Architecture {
                sizes: vec![9, 8, 5],
                hidden,
                output: Activation::Softmax,
                cost: Cost::CrossEntropy,
            };
            let rng = &mut StdRng::seed_from_u64(3);
            let network = Network::init(&architecture, Init::He, BiasInit::Zero, rng).unwrap();
            let (mut x, y) = batch::<f32>(4);
            x[[2, 3]] = f32::NAN;
            let mut workspace = Workspace::new(&network, 4);
            assert!(backprop(&network, x.view(), y.view(), &mut workspace).is_nan());
            let gradients = &workspace.gradients;
            assert!(
                gradients
                    .weights
                    .iter()
                    .all(|w| w.iter().any(|w| w.is_nan()))
            );
        }
    }
}
