use super::{Activation, Gradients, Network, Trace, Workspace, backprop};
use ndarray::ArrayView2;

/// The worst disagreement between backpropagation and central differences.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct GradientCheck {
    /// `|g − d| / max(|g| + |d|, tiny)`. `tiny` is 1e-4 of the cost and at least 1e-5: rounding of the cost and the
    /// curvature of its graph leave `d` wrong by about 1e-11, so smaller gradients are compared by their difference.
    pub worst_relative_error: f64,
    /// Layer of the worst parameter, counted from 1.
    pub layer: usize,
    /// The unit of the layer before that the worst parameter comes from; `None` for a bias.
    pub from: Option<usize>,
    /// The unit that the worst parameter leads to.
    pub unit: usize,
    pub checked: usize,
    /// Parameters left out because a step of `h` takes a ReLU across its kink, where there is no derivative.
    pub at_kinks: usize,
}

/// Compares every `stride`-th parameter's gradient with `(C(w + h) − C(w − h)) / 2h`, `h = 1e-5`.
pub fn check_gradients(
    network: &Network<f64>,
    x: ArrayView2<'_, f64>,
    y: ArrayView2<'_, f64>,
    stride: usize,
) -> GradientCheck {
    let mut workspace = Workspace::new(network, x.nrows());
    backprop(network, x, y, &mut workspace);
    compare(network, &workspace.gradients, x, y, &|_| stride)
}

/// The same for about `per_layer` parameters of every layer, at even distances.
pub fn check_gradients_of_sample(
    network: &Network<f64>,
    x: ArrayView2<'_, f64>,
    y: ArrayView2<'_, f64>,
    per_layer: usize,
) -> GradientCheck {
    let mut workspace = Workspace::new(network, x.nrows());
    backprop(network, x, y, &mut workspace);
    let stride = |parameters: usize| parameters.div_ceil(per_layer.max(1));
    compare(network, &workspace.gradients, x, y, &stride)
}

/// The step to both sides.
const H: f64 = 1e-5;

/// Measures how well `gradients` agree with the slopes of the cost. `stride` is told the parameters of each layer.
fn compare(
    network: &Network<f64>,
    gradients: &Gradients<f64>,
    x: ArrayView2<'_, f64>,
    y: ArrayView2<'_, f64>,
    stride: &dyn Fn(usize) -> usize,
) -> GradientCheck {
    let mut check = GradientCheck {
        worst_relative_error: 0.0,
        layer: 1,
        from: Some(0),
        unit: 0,
        checked: 0,
        at_kinks: 0,
    };
    let tiny = (1e-4 * network.mean_cost(x, y)).max(1e-5);
    let mut moved = network.clone();
    for (l, layer) in network.layers().iter().enumerate() {
        let rows = (0..=layer.inputs()).flat_map(|i| (0..layer.units()).map(move |j| (i, j)));
        let parameters = (layer.inputs() + 1) * layer.units();
        for (i, j) in rows.step_by(stride(parameters).max(1)) {
            let w = *parameter(&mut moved, l, i, j);
            *parameter(&mut moved, l, i, j) = w + H;
            let above = moved.trace(x);
            *parameter(&mut moved, l, i, j) = w - H;
            let below = moved.trace(x);
            *parameter(&mut moved, l, i, j) = w;

            if kink_between(network, &above, &below) {
                check.at_kinks += 1;
                continue;
            }
            let rise = mean_cost(network, &above, y) - mean_cost(network, &below, y);
            let d = rise / (2.0 * H);
            let g = match gradients.weights[l].get((i, j)) {
                Some(&g) => g,
                None => gradients.biases[l][j],
            };
            let error = (g - d).abs() / (g.abs() + d.abs()).max(tiny);
            check.checked += 1;
            if error > check.worst_relative_error || error.is_nan() {
                check.worst_relative_error = error;
                check.layer = l + 1;
                check.from = (i < layer.inputs()).then_some(i);
                check.unit = j;
            }
        }
    }
    check
}

/// The weight from unit `i` to unit `j` of layer `l`; the bias of unit `j` is the weight of one more unit `i`.
fn parameter(network: &mut Network<f64>, l: usize, i: usize, j: usize) -> &mut f64 {
    let layer = &mut network.layers_mut()[l];
    if i < layer.inputs() {
        &mut layer.weights[[i, j]]
    } else {
        &mut layer.biases[j]
    }
}

fn mean_cost(network: &Network<f64>, trace: &Trace<f64>, y: ArrayView2<'_, f64>) -> f64 {
    let outputs = &trace.activations[network.layers().len()];
    network.total_cost(outputs.view(), y) / y.nrows() as f64
}

/// Whether a ReLU has its sum on different sides of 0 in the two passes.
fn kink_between(network: &Network<f64>, above: &Trace<f64>, below: &Trace<f64>) -> bool {
    let kinked = |activation| matches!(activation, Activation::Relu | Activation::LeakyRelu);
    network
        .layers()
        .iter()
        .zip(above.zs.iter().zip(&below.zs))
        .filter(|(layer, _)| kinked(layer.activation))
        .any(|(_, (above, below))| {
            let mut pairs = above.iter().zip(below);
            pairs.any(|(above, below)| (*above > 0.0) != (*below > 0.0))
        })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::nn::{Architecture, BiasInit, Cost, Init};
    use ndarray::Array2;
    use rand::SeedableRng;
    use rand::rngs::StdRng;
    use rand_distr::{Distribution, StandardNormal};

    const DEEP: [usize; 6] = [7, 6, 5, 6, 5, 4];
    const SHALLOW: [usize; 3] = [7, 6, 4];

    /// A network of that kind with five examples of one class each.
    fn example(
        sizes: &[usize],
        hidden: Activation,
        output: Activation,
        cost: Cost,
    ) -> (Network<f64>, Array2<f64>, Array2<f64>) {
        let rng = &mut StdRng::seed_from_u64(11);
        let architecture = Architecture {
            sizes: sizes.to_vec(),
            hidden,
            output,
            cost,
        };
        let network = Network::init(&architecture, Init::Xavier, BiasInit::Normal, rng).unwrap();
        let x = Array2::from_shape_simple_fn((5, 7), || StandardNormal.sample(rng));
        let y = Array2::from_shape_fn((5, 4), |(i, j)| f64::from(i % 4 == j));
        (network, x, y)
    }

    #[test]
    fn backpropagation_agrees_with_differences_for_every_activation_and_cost() {
        for sizes in [&DEEP[..], &SHALLOW, &[7, 4]] {
            for hidden in Activation::ALL {
                for output in Activation::ALL {
                    for cost in Cost::ALL {
                        let skip = hidden == Activation::Softmax && sizes.len() > 2;
                        if skip || cost.check_output(output).is_err() {
                            continue;
                        }
                        let (network, x, y) = example(sizes, hidden, output, cost);
                        let check = check_gradients(&network, x.view(), y.view(), 1);
                        let name =
                            format!("{sizes:?}, {hidden:?}, {output:?}, {cost:?}: {check:?}");
                        assert!(check.worst_relative_error <= 1e-6, "{name}");
                        assert_eq!(check.at_kinks, 0, "{name}");
                        assert_eq!(check.checked, network.parameter_count(), "{name}");
                    }
                }
            }
        }
    }

    #[test]
    fn an_error_of_a_thousandth_is_caught_and_placed() {
        let (network, x, y) = example(
            &SHALLOW,
            Activation::Tanh,
            Activation::Softmax,
            Cost::CrossEntropy,
        );
        let mut workspace = Workspace::new(&network, 5);
        backprop(&network, x.view(), y.view(), &mut workspace);
        let honest = workspace.gradients;
        let worst = |gradients: &Gradients<f64>| {
            let check = compare(&network, gradients, x.view(), y.view(), &|_| 1);
            (
                check.worst_relative_error,
                (check.layer, check.from, check.unit),
            )
        };

        let mut planted = honest.clone();
        planted.weights[1][[2, 1]] *= 1.001;
        let (error, place) = worst(&planted);
        assert!(error > 1e-4, "{error}");
        assert_eq!(place, (2, Some(2), 1));

        let mut planted = honest.clone();
        planted.biases[0][3] *= 1.001;
        let (error, place) = worst(&planted);
        assert!(error > 1e-4, "{error}");
        assert_eq!(place, (1, None, 3));

        let mut planted = honest;
        planted.biases[1][0] = f64::NAN;
        assert!(worst(&planted).0.is_nan());
    }

    #[test]
    fn a_stride_checks_fewer_parameters_of_every_layer() {
        let (network, x, y) = example(
            &SHALLOW,
            Activation::Sigmoid,
            Activation::Sigmoid,
            Cost::Quadratic,
        );
        let check = check_gradients(&network, x.view(), y.view(), 10);
        // 48 and 28 parameters: every tenth, rounded up.
        assert_eq!(check.checked, 5 + 3);
    }

    #[test]
    fn a_sample_has_its_share_of_every_layer() {
        let (network, x, y) = example(
            &[7, 6, 5, 4],
            Activation::Tanh,
            Activation::Softmax,
            Cost::CrossEntropy,
        );
        let check = check_gradients_of_sample(&network, x.view(), y.view(), 8);
        // 48, 35 and 24 parameters: every sixth, fifth and third.
        assert_eq!(check.checked, 8 + 7 + 8);
        assert!(check.worst_relative_error <= 1e-6);
    }

    #[test]
    fn a_step_across_a_kink_is_left_out() {
        let (mut network, x, y) = example(
            &SHALLOW,
            Activation::Relu,
            Activation::Linear,
            Cost::Quadratic,
        );
        // Zero weights and biases put every hidden sum of layer 1 exactly on the kink.
        network.layers_mut()[0].weights.fill(0.0);
        network.layers_mut()[0].biases.fill(0.0);
        let check = check_gradients(&network, x.view(), y.view(), 1);
        assert_eq!(check.at_kinks, 48);
        assert_eq!(check.checked, 28);
        assert!(check.worst_relative_error <= 1e-6);
    }
}
