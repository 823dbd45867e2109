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

use super::workspace::{rows, rows_mut};
use super::{Network, Pass, Scalar, Workspace};
use ndarray::{Array1, ArrayView2, ArrayViewMut2, Zip};
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
    pass.forward_and_back(network, x, y);
    let cost = network.total_cost(pass.outputs(n), y) * share_of(n);

    // What came into a layer and the error that came back to it make its gradients. The step comes after.
    let share = || std::iter::once(pass.share(x));
    for l in (0..network.layers().len()).rev() {
        let (w, b) = (&mut gradients.weights[l], &mut gradients.biases[l]);
        gradient_rows(share(), n, l, 0..w.nrows(), &mut w.view_mut());
        bias_gradient(share(), n, l, b);
    }
    cost
}

impl<S: Scalar> Pass<S> {
    /// Takes the examples `x` `[n, inputs]` with truths `y` `[n, outputs]` to their outputs, and their errors back.
    pub(crate) fn forward_and_back(
        &mut self,
        network: &Network<S>,
        x: ArrayView2<'_, S>,
        y: ArrayView2<'_, S>,
    ) {
        let n = x.nrows();
        let layers = network.layers();
        self.make_room(network, n);
        let Self {
            activations,
            deltas,
            across,
        } = self;

        // From the first layer to the last: Aˡ = σ(Aˡ⁻¹·Wˡ + bˡ).
        for (l, layer) in layers.iter().enumerate() {
            let (before, after) = activations.split_at_mut(l);
            let a_before = before.last().map_or(x, |a| rows(a, n));
            layer.forward_into(a_before, &mut rows_mut(&mut after[0], n));
        }

        // The error of the last layer: δᴸ = ∂C/∂Aᴸ ⊙ σ′(Zᴸ).
        let last = layers.len() - 1;
        let a = rows(&activations[last], n);
        network.output_delta_into(a, y, &mut rows_mut(&mut deltas[last], n));

        // From the last layer to the second: δˡ⁻¹ = (δˡ·(Wˡ)ᵀ) ⊙ σ′(Zˡ⁻¹) is [n, unitsˡ]·[unitsˡ, unitsˡ⁻¹].
        // Nobody asks how the cost depends on the input.
        for l in (1..layers.len()).rev() {
            let (before, after) = deltas.split_at_mut(l);
            let (delta_before, delta) = (&mut before[l - 1], &after[0]);
            let mut delta_before = rows_mut(delta_before, n);
            let w = layers[l].weights.view();
            multiply_by_transposed(rows(delta, n), w, &mut delta_before, across);
            let sigma = layers[l - 1].activation;
            sigma.pull_back(rows(&activations[l - 1], n), &mut delta_before);
        }
    }

    /// What these examples, with the inputs `x`, add to the gradients.
    pub(crate) fn share<'a>(&'a self, x: ArrayView2<'a, S>) -> Share<'a, S> {
        Share { x, pass: self }
    }
}

/// Some examples of a batch after their way forward and back.
#[derive(Clone, Copy)]
pub(crate) struct Share<'a, S = f32> {
    /// `[n, inputs]`
    x: ArrayView2<'a, S>,
    pass: &'a Pass<S>,
}

impl<'a, S: Scalar> Share<'a, S> {
    /// `Aˡ⁻¹` and `δˡ` of layer `l`, counted from 0.
    fn factors(self, l: usize) -> (ArrayView2<'a, S>, ArrayView2<'a, S>) {
        let n = self.x.nrows();
        let a_before = match l {
            0 => self.x,
            _ => rows(&self.pass.activations[l - 1], n),
        };
        (a_before, rows(&self.pass.deltas[l], n))
    }
}

/// `∂C/∂Wˡ = (Aˡ⁻¹)ᵀ·δˡ / n`, `[unitsˡ⁻¹, n]·[n, unitsˡ]`, of layer `l` (from 0): the rows `wanted` of it, written
/// into `gradient`. The mean is over the `n` examples of all `shares` together.
pub(crate) fn gradient_rows<'a, S: Scalar>(
    shares: impl Iterator<Item = Share<'a, S>>,
    n: usize,
    l: usize,
    wanted: Range<usize>,
    gradient: &mut ArrayViewMut2<'_, S>,
) {
    let mut onto = false;
    let mut shares = shares.peekable();
    while let Some(share) = shares.next() {
        let (a_before, delta) = share.factors(l);
        let scale = match shares.peek() {
            Some(_) => S::one(),
            None => share_of(n),
        };
        S::multiply_transposed(a_before, wanted.clone(), delta, gradient, onto, scale);
        onto = true;
    }
}

/// `∂C/∂bˡ = Σ δˡ / n` of layer `l` (from 0), `[unitsˡ]`.
pub(crate) fn bias_gradient<'a, S: Scalar>(
    shares: impl Iterator<Item = Share<'a, S>>,
    n: usize,
    l: usize,
    gradient: &mut Array1<S>,
) {
    gradient.fill(S::zero());
    for share in shares {
        for delta in share.factors(l).1.rows() {
            Zip::from(&mut *gradient)
                .and(delta)
                .for_each(|sum, &delta| *sum += delta);
        }
    }
    *gradient *= share_of::<S>(n);
}

/// `1 / n`, what one of `n` examples counts in a mean.
fn share_of<S: Scalar>(n: usize) -> S {
    S::one() / S::from_f64(n.max(1) as f64)
}

/// `product = a·bᵀ`, found as `(b·aᵀ)ᵀ`: so the large `b` is read as it lies in memory.
fn multiply_by_transposed<S: Scalar>(
    a: ArrayView2<'_, S>,
    b: ArrayView2<'_, S>,
    product: &mut ArrayViewMut2<'_, S>,
    across: &mut [Vec<S>; 2],
) {
    let [a_room, product_room] = across;
    let (a_across, product_across) = (a.len(), product.len());
    let a_across = ArrayViewMut2::from_shape((a.ncols(), a.nrows()), &mut a_room[..a_across]);
    let product_across = ArrayViewMut2::from_shape(
        (product.ncols(), product.nrows()),
        &mut product_room[..product_across],
    );
    if let (Ok(mut a_across), Ok(mut product_across)) = (a_across, product_across) {
        a_across.assign(&a.t());
        S::multiply(b, a_across.view(), &mut product_across);
        product.assign(&product_across.t());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::nn::{
        Activation, Architecture, BiasInit, Cost, Gradients, Init, backprop_recursive,
    };
    use ndarray::{Array2, Axis, s};
    use rand::SeedableRng;
    use rand::rngs::StdRng;
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

    #[test]
    fn the_gradients_of_a_shared_out_batch_are_those_of_the_whole_bit_for_bit() {
        let network = network::<f32>(Activation::Softmax, Cost::Quadratic);
        let (x, y) = batch(7);
        let mut workspace = Workspace::new(&network, 7);
        backprop(&network, x.view(), y.view(), &mut workspace);
        let whole = workspace.gradients;

        let rows = [0..4, 4..7];
        let passes = rows.clone().map(|rows| {
            let mut pass = Pass::new(&network, 4);
            let (x, y) = (x.slice(s![rows.clone(), ..]), y.slice(s![rows, ..]));
            pass.forward_and_back(&network, x, y);
            pass
        });
        let shares = [0, 1].map(|i| passes[i].share(x.slice(s![rows[i].clone(), ..])));
        let mut shared = Gradients::zeros_like(&network);
        for l in 0..network.layers().len() {
            // The rows in two parts as well.
            let (mut upper, mut lower) = shared.weights[l].view_mut().split_at(Axis(0), 3);
            let end = 3 + lower.nrows();
            gradient_rows(shares.into_iter(), 7, l, 0..3, &mut upper);
            gradient_rows(shares.into_iter(), 7, l, 3..end, &mut lower);
            bias_gradient(shares.into_iter(), 7, l, &mut shared.biases[l]);
        }
        assert_eq!(shared, whole);
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
