use super::{Parameter, WholeGradient};
use crate::nn::{Gradients, Network, Scalar, Workspace, backprop};
use ndarray::{Array1, ArrayView2};

/// What one example wishes of the network, or what a batch wishes on average.
#[derive(Clone, Debug, PartialEq)]
pub struct Nudge {
    /// `−∂C/∂z` of each output: which way its sum should go, and how much depends on it.
    pub output_wishes: Vec<f64>,
    /// `−∂C/∂p` of the parameter that was asked for.
    pub parameter_wish: Option<f64>,
    pub cost: f64,
    /// `‖∇C‖` over all weights and biases.
    pub norm: f64,
    /// Cosine of the whole gradient with the mean of the batch, −1..=1; `None` where one of them is 0.
    pub with_batch: Option<f64>,
    /// Cosine with the gradient over the whole training set, where that is known.
    pub with_whole: Option<f64>,
}

/// The wishes of a batch, one by one and averaged.
#[derive(Clone, Debug, PartialEq)]
pub struct BatchNudges {
    /// In the order of the rows.
    pub examples: Vec<Nudge>,
    /// What remains when they are averaged: the step that a mini-batch takes.
    pub mean: Nudge,
    /// The parameter that the mean moves most.
    pub steepest: Parameter,
}

/// The wishes of the examples `x` `[n, inputs]` with truths `y` `[n, outputs]`, and their mean; `None` without
/// examples.
///
/// No gradient of a single example is ever laid out. That of a dense layer is the outer product of what came in and
/// its error, `∂Cᵢ/∂W = aᵢᵀ·δᵢ`, so that its inner product with a matrix `G` is `aᵢ·G·δᵢᵀ` and its squared length
/// `‖aᵢ‖²·‖δᵢ‖²`; the bias is the weight of an input that is always 1.
pub fn average_nudges<S: Scalar>(
    network: &Network<S>,
    x: ArrayView2<'_, S>,
    y: ArrayView2<'_, S>,
    parameter: Option<Parameter>,
    whole: Option<&WholeGradient<S>>,
) -> Option<BatchNudges> {
    let n = x.nrows();
    if n == 0 {
        return None;
    }
    let mut workspace = Workspace::new(network, n);
    let cost = backprop(network, x, y, &mut workspace).to_f64();
    let gradients = &workspace.gradients;
    let norm = squared_norm(gradients).sqrt();
    let norms = squared_norms(&workspace, x).mapv(f64::sqrt);
    let with_batch = inner_products(&workspace, x, gradients);
    let with_whole = whole.map(|whole| (whole, inner_products(&workspace, x, &whole.gradients)));

    let last = network.layers().len() - 1;
    let errors = workspace.errors(last, n);
    let outputs = workspace.outputs(n);
    let examples = (0..n).map(|i| Nudge {
        output_wishes: errors.row(i).iter().map(|&delta| -delta.to_f64()).collect(),
        parameter_wish: parameter.and_then(|parameter| wish(&workspace, x, i, parameter)),
        cost: network.cost_of(outputs.row(i), y.row(i)).to_f64(),
        norm: norms[i],
        with_batch: cosine(with_batch[i], norms[i], norm),
        with_whole: with_whole
            .as_ref()
            .and_then(|(whole, products)| cosine(products[i], norms[i], whole.norm)),
    });
    let examples: Vec<Nudge> = examples.collect();
    let mean = Nudge {
        output_wishes: mean_errors(errors).iter().map(|delta| -delta).collect(),
        parameter_wish: parameter
            .and_then(|parameter| parameter.gradient(gradients))
            .map(|slope| -slope.to_f64()),
        cost,
        norm,
        with_batch: cosine(norm * norm, norm, norm),
        with_whole: whole.and_then(|whole| {
            let product = inner_product(gradients, &whole.gradients);
            cosine(product, norm, whole.norm)
        }),
    };
    Some(BatchNudges {
        examples,
        mean,
        steepest: Parameter::steepest(gradients),
    })
}

/// The cosine of the angle between two vectors with this inner product and these lengths.
pub(super) fn cosine(product: f64, norm: f64, other_norm: f64) -> Option<f64> {
    let lengths = norm * other_norm;
    // Rounding may carry two vectors that are the same a hair beyond 1.
    (lengths > 0.0).then(|| (product / lengths).clamp(-1.0, 1.0))
}

/// `‖∇C‖²`
pub(super) fn squared_norm<S: Scalar>(gradients: &Gradients<S>) -> f64 {
    inner_product(gradients, gradients)
}

/// `⟨∇, ∇′⟩` over all weights and biases.
pub(super) fn inner_product<S: Scalar>(one: &Gradients<S>, other: &Gradients<S>) -> f64 {
    let product = |sum: f64, (&a, &b): (&S, &S)| sum + a.to_f64() * b.to_f64();
    let weights = one.weights.iter().zip(&other.weights);
    let biases = one.biases.iter().zip(&other.biases);
    let sum = weights.fold(0.0, |sum, (a, b)| a.iter().zip(b).fold(sum, product));
    biases.fold(sum, |sum, (a, b)| a.iter().zip(b).fold(sum, product))
}

/// `‖∇Cᵢ‖²` of each example of the last batch of `workspace`, which was `x`: `Σₗ (‖aᵢ‖² + 1)·‖δᵢ‖²`.
pub(super) fn squared_norms<S: Scalar>(
    workspace: &Workspace<S>,
    x: ArrayView2<'_, S>,
) -> Array1<f64> {
    let n = x.nrows();
    let mut sums = Array1::zeros(n);
    for layer in 0..workspace.gradients.weights.len() {
        let a = before(workspace, x, layer);
        let delta = workspace.errors(layer, n);
        for (i, sum) in sums.iter_mut().enumerate() {
            let (a, delta) = (a.row(i), delta.row(i));
            *sum += (a.dot(&a).to_f64() + 1.0) * delta.dot(&delta).to_f64();
        }
    }
    sums
}

/// `⟨∇Cᵢ, G⟩` of each example of the last batch of `workspace`, which was `x`: `Σₗ (aᵢ·G + g)·δᵢᵀ`, where `G` is the
/// part of `gradients` for the weights of a layer and `g` that for its biases.
fn inner_products<S: Scalar>(
    workspace: &Workspace<S>,
    x: ArrayView2<'_, S>,
    gradients: &Gradients<S>,
) -> Array1<f64> {
    let n = x.nrows();
    let mut sums = Array1::zeros(n);
    for (layer, (weights, biases)) in gradients.weights.iter().zip(&gradients.biases).enumerate() {
        let projected = before(workspace, x, layer).dot(weights) + biases;
        let delta = workspace.errors(layer, n);
        for (i, sum) in sums.iter_mut().enumerate() {
            *sum += projected.row(i).dot(&delta.row(i)).to_f64();
        }
    }
    sums
}

/// What example `i` of the last batch wishes of `parameter`: `−aᵢ·δᵢ`; `None` where it is not there.
fn wish<S: Scalar>(
    workspace: &Workspace<S>,
    x: ArrayView2<'_, S>,
    i: usize,
    parameter: Parameter,
) -> Option<f64> {
    // It has a slope exactly where it is there.
    parameter.gradient(&workspace.gradients)?;
    let errors = workspace.errors(parameter.layer(), x.nrows());
    Some(match parameter {
        Parameter::Weight { layer, from, to } => {
            let a = before(workspace, x, layer)[[i, from]];
            -(a * errors[[i, to]]).to_f64()
        }
        Parameter::Bias { unit, .. } => -errors[[i, unit]].to_f64(),
    })
}

/// `Aˡ⁻¹`, what came into weight layer `layer` (from 0): `[n, inputs]`.
fn before<'a, S: Scalar>(
    workspace: &'a Workspace<S>,
    x: ArrayView2<'a, S>,
    layer: usize,
) -> ArrayView2<'a, S> {
    match layer.checked_sub(1) {
        Some(before) => workspace.activations(before, x.nrows()),
        None => x,
    }
}

fn mean_errors<S: Scalar>(errors: ArrayView2<'_, S>) -> Vec<f64> {
    let share = 1.0 / errors.nrows() as f64;
    let columns = errors.columns().into_iter();
    columns
        .map(|column| share * column.fold(0.0, |sum, &delta| sum + delta.to_f64()))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::nn::{Activation, Architecture, BiasInit, Cost, Init};
    use ndarray::{Array2, Axis};
    use rand::rngs::StdRng;
    use rand::{RngExt, SeedableRng};

    fn network<S: Scalar>(output: Activation, cost: Cost) -> Network<S> {
        let architecture = Architecture {
            sizes: vec![9, 8, 7, 4],
            hidden: Activation::Sigmoid,
            output,
            cost,
        };
        let rng = &mut StdRng::seed_from_u64(3);
        Network::init(&architecture, Init::Xavier, BiasInit::Normal, rng).unwrap()
    }

    fn batch<S: Scalar>(n: usize) -> (Array2<S>, Array2<S>) {
        let rng = &mut StdRng::seed_from_u64(8);
        let x = Array2::from_shape_simple_fn((n, 9), || S::from_f64(rng.random()));
        let y = Array2::from_shape_fn((n, 4), |(i, j)| {
            S::from_f64(if i % 4 == j { 1.0 } else { 0.0 })
        });
        (x, y)
    }

    /// The whole gradient of one example, as backpropagation lays it out.
    fn gradient_of<S: Scalar>(
        network: &Network<S>,
        x: &Array2<S>,
        y: &Array2<S>,
        i: usize,
    ) -> (f64, Gradients<S>) {
        let mut workspace = Workspace::new(network, 1);
        let row = |all: &Array2<S>| all.row(i).to_owned().insert_axis(Axis(0));
        let cost = backprop(network, row(x).view(), row(y).view(), &mut workspace);
        (cost.to_f64(), workspace.gradients)
    }

    /// A gradient to compare with that is not that of the batch.
    fn some_whole<S: Scalar>(network: &Network<S>) -> WholeGradient<S> {
        let (x, y) = batch(31);
        let mut workspace = Workspace::new(network, 31);
        let cost = backprop(network, x.view(), y.view(), &mut workspace).to_f64();
        let gradients = workspace.gradients;
        WholeGradient {
            norm: squared_norm(&gradients).sqrt(),
            gradients,
            cost,
            spread: 1.0,
            count: 31,
        }
    }

    fn worst_difference<S: Scalar>(output: Activation, cost: Cost) -> f64 {
        let network = network::<S>(output, cost);
        let (x, y) = batch(6);
        let whole = some_whole(&network);
        let mut workspace = Workspace::new(&network, 6);
        let batch_cost = backprop(&network, x.view(), y.view(), &mut workspace).to_f64();
        let mean = &workspace.gradients;
        let mut worst: f64 = 0.0;
        let mut compare = |found: f64, expected: f64| {
            worst = worst.max((found - expected).abs() / expected.abs().max(1e-3));
        };
        for name in ["W1[2,5]", "W3[6,1]", "b2[3]"] {
            let parameter: Parameter = name.parse().unwrap();
            let found = average_nudges(&network, x.view(), y.view(), Some(parameter), Some(&whole))
                .unwrap();
            let length = |gradients: &Gradients<S>| squared_norm(gradients).sqrt();
            for (i, nudge) in found.examples.iter().enumerate() {
                let (cost, own) = gradient_of(&network, &x, &y, i);
                compare(nudge.cost, cost);
                compare(nudge.norm, length(&own));
                let with_batch = inner_product(&own, mean) / (length(&own) * length(mean));
                compare(nudge.with_batch.unwrap(), with_batch);
                let with_whole =
                    inner_product(&own, &whole.gradients) / (length(&own) * whole.norm);
                compare(nudge.with_whole.unwrap(), with_whole);
                let slope = parameter.gradient(&own).unwrap().to_f64();
                compare(nudge.parameter_wish.unwrap(), -slope);
                // A bias of the last layer adds to its output's sum and to nothing else.
                for (wish, slope) in nudge.output_wishes.iter().zip(&own.biases[2]) {
                    compare(*wish, -Scalar::to_f64(*slope));
                }
            }
            compare(found.mean.cost, batch_cost);
            compare(found.mean.norm, length(mean));
            let slope = parameter.gradient(mean).unwrap().to_f64();
            compare(found.mean.parameter_wish.unwrap(), -slope);
            for (wish, slope) in found.mean.output_wishes.iter().zip(&mean.biases[2]) {
                compare(*wish, -Scalar::to_f64(*slope));
            }
            let with_whole = inner_product(mean, &whole.gradients) / (length(mean) * whole.norm);
            compare(found.mean.with_whole.unwrap(), with_whole);
            assert_eq!(found.mean.with_batch, Some(1.0));
        }
        worst
    }

    #[test]
    fn every_number_is_that_of_the_gradients_laid_out_one_by_one() {
        for (output, cost) in [
            (Activation::Softmax, Cost::CrossEntropy),
            (Activation::Softmax, Cost::Quadratic),
            (Activation::Sigmoid, Cost::Quadratic),
        ] {
            let exact = worst_difference::<f64>(output, cost);
            assert!(exact < 1e-12, "{output:?}, {cost:?}: {exact}");
            let single = worst_difference::<f32>(output, cost);
            assert!(single < 2e-3, "{output:?}, {cost:?}: {single}");
        }
    }

    #[test]
    fn the_wish_for_a_weight_is_the_slope_of_the_cost_downhill() {
        let network = network::<f64>(Activation::Softmax, Cost::CrossEntropy);
        let (x, y) = batch(5);
        let parameter: Parameter = "W2[4,6]".parse().unwrap();
        let found = average_nudges(&network, x.view(), y.view(), Some(parameter), None).unwrap();
        let h = 1e-5;
        let cost_of = |i: usize, step: f64| {
            let mut layers = network.layers().to_vec();
            layers[1].weights[[4, 6]] += step;
            let moved = Network::new(layers, Cost::CrossEntropy).unwrap();
            let row = |all: &Array2<f64>| all.row(i).to_owned().insert_axis(Axis(0));
            moved.mean_cost(row(&x).view(), row(&y).view())
        };
        let mut sum = 0.0;
        for (i, nudge) in found.examples.iter().enumerate() {
            let slope = (cost_of(i, h) - cost_of(i, -h)) / (2.0 * h);
            assert!((nudge.parameter_wish.unwrap() + slope).abs() < 1e-9);
            sum += nudge.parameter_wish.unwrap();
        }
        assert!((found.mean.parameter_wish.unwrap() - sum / 5.0).abs() < 1e-14);
    }

    #[test]
    fn an_example_alone_agrees_with_itself_and_none_have_no_mean() {
        let network = network::<f32>(Activation::Softmax, Cost::CrossEntropy);
        let (x, y) = batch(1);
        let found = average_nudges(&network, x.view(), y.view(), None, None).unwrap();
        assert!((found.examples[0].with_batch.unwrap() - 1.0).abs() < 1e-6);
        assert_eq!(found.examples[0].with_whole, None);
        assert_eq!(found.examples[0].parameter_wish, None);
        let (x, y) = batch(0);
        assert_eq!(
            average_nudges(&network, x.view(), y.view(), None, None),
            None
        );
    }

    #[test]
    fn an_example_that_wishes_nothing_points_nowhere() {
        assert_eq!(cosine(0.0, 0.0, 2.0), None);
        assert_eq!(cosine(-6.0, 2.0, 3.0), Some(-1.0));
        assert_eq!(cosine(6.0 + 1e-9, 2.0, 3.0), Some(1.0));
    }

    #[test]
    fn a_parameter_that_is_not_there_has_no_wish() {
        let network = network::<f32>(Activation::Softmax, Cost::CrossEntropy);
        let (x, y) = batch(2);
        let absent: Parameter = "W9[0,0]".parse().unwrap();
        let found = average_nudges(&network, x.view(), y.view(), Some(absent), None).unwrap();
        assert_eq!(found.examples[0].parameter_wish, None);
        assert_eq!(found.mean.parameter_wish, None);
    }
}
