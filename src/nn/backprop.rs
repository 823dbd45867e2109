//! Backpropagation as a loop over the layers, for a whole mini-batch at once.
//!
//! Notation: `n` examples, layers `l = 1 … L`, `A⁰ = X`.
//!
//! | value  | shape                 | what it is                                  |
//! |--------|-----------------------|---------------------------------------------|
//! | `Aˡ`   | `[n, unitsˡ]`         | activations, `Aˡ = σ(Zˡ)`, `Zˡ = Aˡ⁻¹·Wˡ + bˡ` |
//! | `δˡ`   | `[n, unitsˡ]`         | `∂C/∂Zˡ` of each example                    |
//! | `Wˡ`   | `[unitsˡ⁻¹, unitsˡ]`  | weights; `∂C/∂Wˡ` has the same shape        |
//! | `bˡ`   | `[unitsˡ]`            | biases; `∂C/∂bˡ` has the same shape         |
//!
//! The four equations (Nielsen, *Neural Networks and Deep Learning*, chapter 2, with rows as examples):
//!
//! 1. `δᴸ = ∂C/∂Aᴸ ⊙ σ′(Zᴸ)`, which the cost knows best: [`Cost`](super::Cost) and output activation
//!    are differentiated together;
//! 2. `∂C/∂Wˡ = (Aˡ⁻¹)ᵀ·δˡ / n`: the product over the examples sums them, and `n` disappears from the shape;
//! 3. `∂C/∂bˡ = Σ δˡ / n` over the rows: the same with an input that is always 1;
//! 4. `δˡ⁻¹ = (δˡ·(Wˡ)ᵀ) ⊙ σ′(Zˡ⁻¹)`: each unit's wishes for the layer before, summed by the product.

use super::{Gradients, Network, Scalar};
use ndarray::linalg::general_mat_mul;
use ndarray::{Array1, Array2, ArrayView2, ArrayViewMut2, Zip, s};

/// The buffers of a forward and a backward pass, reused from batch to batch.
#[derive(Clone, Debug)]
pub struct Workspace<S = f32> {
    /// What [`backprop`] found: the mean over the examples of the batch.
    pub gradients: Gradients<S>,
    /// `Aˡ` `[capacity, units]`. `Z` is not kept: every `σ′` here can be told from `A`.
    activations: Vec<Array2<S>>,
    /// `δˡ` `[capacity, units]`
    deltas: Vec<Array2<S>>,
}

impl<S: Scalar> Workspace<S> {
    /// Room for batches of at most `batch_size` examples of `network`'s shape.
    pub fn new(network: &Network<S>, batch_size: usize) -> Self {
        let rows = || buffers(network, batch_size);
        Self {
            gradients: Gradients::zeros_like(network),
            activations: rows(),
            deltas: rows(),
        }
    }

    /// The outputs `Aᴸ` of the first `n` examples of the last batch.
    pub fn outputs(&self, n: usize) -> ArrayView2<'_, S> {
        first(&self.activations[self.activations.len() - 1], n)
    }
}

/// Mean cost of the batch `x` `[n, inputs]` with truths `y` `[n, outputs]`; leaves the mean gradients in
/// `workspace.gradients`. Allocates nothing while the batches are no larger than the workspace was made for;
/// a larger one makes it grow. No examples cost 0 and have the gradient 0.
///
/// The means are over the `n` rows given. Shares of one batch are put together with the weights `nₛ / n`,
/// see [`Gradients::add_scaled`].
pub fn backprop<S: Scalar>(
    network: &Network<S>,
    x: ArrayView2<'_, S>,
    y: ArrayView2<'_, S>,
    workspace: &mut Workspace<S>,
) -> S {
    let n = x.nrows();
    let layers = network.layers();
    let last = layers.len() - 1;
    let one = S::one();
    let per_example = one / S::from_f64(n.max(1) as f64);
    workspace.make_room(network, n);
    let Workspace {
        gradients,
        activations,
        deltas,
    } = workspace;

    // Forward: Aˡ = σ(Aˡ⁻¹·Wˡ + bˡ)
    for (l, layer) in layers.iter().enumerate() {
        let (before, after) = activations.split_at_mut(l);
        let input = before.last().map_or(x, |a| first(a, n));
        layer.forward_into(input, &mut first_mut(&mut after[0], n));
    }

    // The cost, and the error of the last layer: δᴸ = ∂C/∂Zᴸ
    let output = first(&activations[last], n);
    let cost = network.total_cost(output, y) * per_example;
    network.cost().delta(
        layers[last].activation,
        output,
        y,
        &mut first_mut(&mut deltas[last], n),
    );

    // Backward, from the last layer to the first; the weights are changed by nobody on the way.
    for l in (0..layers.len()).rev() {
        let (before, after) = deltas.split_at_mut(l);
        let delta = first(&after[0], n);
        let input = if l == 0 {
            x
        } else {
            first(&activations[l - 1], n)
        };

        // ∂C/∂Wˡ = (Aˡ⁻¹)ᵀ·δˡ / n: [unitsˡ⁻¹, n]·[n, unitsˡ]
        let zero = S::zero();
        general_mat_mul(
            per_example,
            &input.t(),
            &delta,
            zero,
            &mut gradients.weights[l],
        );

        // ∂C/∂bˡ = Σ δˡ / n
        sum_rows(per_example, delta, &mut gradients.biases[l]);

        // δˡ⁻¹ = (δˡ·(Wˡ)ᵀ) ⊙ σ′(Zˡ⁻¹): [n, unitsˡ]·[unitsˡ, unitsˡ⁻¹]. The input X has no error to pass on to.
        if let Some(delta_before) = before.last_mut() {
            let mut delta_before = first_mut(delta_before, n);
            general_mat_mul(one, &delta, &layers[l].weights.t(), zero, &mut delta_before);
            layers[l - 1].activation.pull_back(input, &mut delta_before);
        }
    }
    cost
}

impl<S: Scalar> Workspace<S> {
    fn make_room(&mut self, network: &Network<S>, n: usize) {
        if self.activations.iter().any(|a| a.nrows() < n) {
            self.activations = buffers(network, n);
            self.deltas = buffers(network, n);
        }
    }
}

/// One buffer `[rows, units]` for each layer.
fn buffers<S: Scalar>(network: &Network<S>, rows: usize) -> Vec<Array2<S>> {
    network
        .layers()
        .iter()
        .map(|layer| Array2::zeros((rows, layer.units())))
        .collect()
}

/// The first `n` rows of a buffer.
fn first<S: Scalar>(buffer: &Array2<S>, n: usize) -> ArrayView2<'_, S> {
    buffer.slice(s![..n, ..])
}

fn first_mut<S: Scalar>(buffer: &mut Array2<S>, n: usize) -> ArrayViewMut2<'_, S> {
    buffer.slice_mut(s![..n, ..])
}

/// `sum = scale · Σ rows`
fn sum_rows<S: Scalar>(scale: S, rows: ArrayView2<'_, S>, sum: &mut Array1<S>) {
    sum.fill(S::zero());
    for row in rows.rows() {
        Zip::from(&mut *sum).and(row).for_each(|sum, &v| *sum += v);
    }
    sum.mapv_inplace(|sum| scale * sum);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::nn::{Activation, Architecture, BiasInit, Cost, Init, backprop_recursive};
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
    fn shares_of_a_batch_add_up_to_the_whole() {
        let network = network::<f64>(Activation::Softmax, Cost::Quadratic);
        let (x, y) = batch(7);
        let mut workspace = Workspace::new(&network, 7);
        let whole_cost = backprop(&network, x.view(), y.view(), &mut workspace);
        let whole = workspace.gradients.clone();

        let mut cost = 0.0;
        let mut sum = Gradients::zeros_like(&network);
        for rows in [0..4, 4..7] {
            let part = rows.len() as f64 / 7.0;
            let (x, y) = (x.slice(s![rows.clone(), ..]), y.slice(s![rows, ..]));
            cost += part * backprop(&network, x, y, &mut workspace);
            sum.add_scaled(&workspace.gradients, part);
        }
        assert!((cost - whole_cost).abs() < 1e-14);
        assert!(distance(&sum, &whole) < 1e-14);
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
