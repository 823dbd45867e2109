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
use super::{Network, Scalar, Workspace};
use ndarray::linalg::general_mat_mul;
use ndarray::{Array1, ArrayView2, ArrayViewMut2, Zip};

/// Mean cost of the batch `x` `[n, inputs]` with truths `y` `[n, outputs]`; leaves the mean gradients in
/// `workspace.gradients`. No examples cost 0 and have the gradient 0.
///
/// The means are over the `n` rows given. Shares of one batch are put together with the weights `nₛ / n`,
/// see [`Gradients::add_scaled`](super::Gradients::add_scaled).
pub fn backprop<S: Scalar>(
    network: &Network<S>,
    x: ArrayView2<'_, S>,
    y: ArrayView2<'_, S>,
    workspace: &mut Workspace<S>,
) -> S {
    let n = x.nrows();
    let share = S::one() / S::from_f64(n.max(1) as f64);
    let layers = network.layers();
    workspace.make_room(network, n);
    let Workspace {
        activations,
        deltas,
        gradients,
    } = workspace;

    // Forward, from the first layer to the last: Aˡ = σ(Aˡ⁻¹·Wˡ + bˡ).
    for (l, layer) in layers.iter().enumerate() {
        let (before, after) = activations.split_at_mut(l);
        let a_before = before.last().map_or(x, |a| rows(a, n));
        layer.forward_into(a_before, &mut rows_mut(&mut after[0], n));
    }

    // The cost, and the error of the last layer: δᴸ = ∂C/∂Aᴸ ⊙ σ′(Zᴸ).
    let last = layers.len() - 1;
    let a = rows(&activations[last], n);
    let cost = network.total_cost(a, y) * share;
    network.output_delta_into(a, y, &mut rows_mut(&mut deltas[last], n));

    // Backward, from the last layer to the first. No weight changes on the way: the step comes after.
    for l in (0..layers.len()).rev() {
        let (before, after) = deltas.split_at_mut(l);
        let delta = rows(&after[0], n);
        let a_before = match l {
            0 => x,
            _ => rows(&activations[l - 1], n),
        };

        // ∂C/∂Wˡ = (Aˡ⁻¹)ᵀ·δˡ / n is [unitsˡ⁻¹, n]·[n, unitsˡ], and ∂C/∂bˡ = Σ δˡ / n.
        multiply(share, a_before.t(), delta, gradients.weights[l].view_mut());
        sum_rows(share, delta, &mut gradients.biases[l]);

        // δˡ⁻¹ = (δˡ·(Wˡ)ᵀ) ⊙ σ′(Zˡ⁻¹) is [n, unitsˡ]·[unitsˡ, unitsˡ⁻¹]. No layer is before the first,
        // and nobody asks how the cost depends on the input.
        if let Some(delta_before) = before.last_mut() {
            let mut delta_before = rows_mut(delta_before, n);
            let w = &layers[l].weights;
            multiply(S::one(), delta, w.t(), delta_before.view_mut());
            let sigma = layers[l - 1].activation;
            sigma.pull_back(a_before, &mut delta_before);
        }
    }
    cost
}

/// `product = scale · a·b`
fn multiply<S: Scalar>(
    scale: S,
    a: ArrayView2<'_, S>,
    b: ArrayView2<'_, S>,
    mut product: ArrayViewMut2<'_, S>,
) {
    general_mat_mul(scale, &a, &b, S::zero(), &mut product);
}

/// `sum = scale · Σ rows`
fn sum_rows<S: Scalar>(scale: S, rows: ArrayView2<'_, S>, sum: &mut Array1<S>) {
    sum.fill(S::zero());
    for row in rows.rows() {
        Zip::from(&mut *sum).and(row).for_each(|sum, &v| *sum += v);
    }
    *sum *= scale;
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::nn::{
        Activation, Architecture, BiasInit, Cost, Gradients, Init, backprop_recursive,
    };
    use ndarray::{Array2, s};
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
