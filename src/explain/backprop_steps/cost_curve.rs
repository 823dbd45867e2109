use super::ExamplePass;
use super::pass::truth;
use crate::explain::Parameter;
use crate::nn::{Activation, Layer, Network, Workspace, backprop};
use ndarray::{Array1, Array2, ArrayView2};

/// The cost of the example as one weight moves and all others stay, in double precision.
#[derive(Clone, Debug, PartialEq)]
pub struct CostCurve {
    pub parameter: Parameter,
    /// The weight as it is.
    pub weight: f64,
    /// The cost there.
    pub cost: f64,
    /// `∂C/∂w`, as backpropagation claims: the slope of the tangent.
    pub gradient: f64,
    /// `(C(w + h) − C(w − h)) / 2h` with `h = 1e-5`.
    pub difference: f64,
    /// `|g − d| / max(|g| + |d|, tiny)`, as in [`GradientCheck`](crate::nn::GradientCheck).
    pub relative_error: f64,
    /// A ReLU has its kink within the step, where there is no derivative to compare with.
    pub at_kink: bool,
    /// `[w, C(w)]` from left to right.
    pub points: Vec<[f64; 2]>,
}

/// Points of the curve; odd, so that the present weight is one of them.
const POINTS: usize = 81;
/// The step to both sides of the finite difference.
const H: f64 = 1e-5;

impl CostCurve {
    /// Of one weight or bias, as far as `span` to both sides. `None` when the network has no such weight, or holds
    /// numbers that are not finite.
    pub fn new(pass: &ExamplePass, parameter: Parameter, span: f64) -> Option<Self> {
        parameter.check(&pass.network).ok()?;
        let exact: Network<f64> = pass.network.cast();
        let x = pass.trace.activations[0].mapv(f64::from);
        let y = truth(exact.output_size(), pass.label).mapv(f64::from);
        let layer = parameter.layer();

        let mut workspace = Workspace::new(&exact, 1);
        let cost = backprop(&exact, x.view(), y.view(), &mut workspace);
        let trace = exact.trace(x.view());
        let weight = parameter.value(&exact)?;
        let gradient = parameter.gradient(&workspace.gradients)?;
        let a = match parameter.from() {
            Some(from) => trace.activations[layer][[0, from]],
            None => 1.0,
        };

        let tail = tail(&exact, &trace.zs[layer], layer, parameter.unit())?;
        let middle = (POINTS - 1) as f64 / 2.0;
        let moves = (0..POINTS).map(|point| span * (point as f64 - middle) / middle);
        let moves: Vec<f64> = moves.chain([H, -H]).collect();
        let rows = Array2::from_shape_fn((moves.len(), 2), |(row, input)| match input {
            0 => 1.0,
            _ => a * moves[row],
        });
        let costs: Vec<f64> = tail
            .forward(rows.view())
            .rows()
            .into_iter()
            .map(|outputs| tail.cost_of(outputs, y.row(0)))
            .collect();
        let points = moves.iter().zip(&costs).take(POINTS);
        let points = points.map(|(by, &cost)| [weight + by, cost]).collect();
        let difference = (costs[POINTS] - costs[POINTS + 1]) / (2.0 * H);
        let tiny = (1e-4 * cost).max(1e-5);
        Some(Self {
            parameter,
            weight,
            cost,
            gradient,
            difference,
            relative_error: (gradient - difference).abs()
                / (gradient.abs() + difference.abs()).max(tiny),
            at_kink: crosses_a_kink(&tail, rows.view()),
            points,
        })
    }

    /// The height of the tangent at `weight`.
    pub fn tangent(&self, weight: f64) -> f64 {
        self.cost + self.gradient * (weight - self.weight)
    }
}

/// The layers from `layer` on as a network of its own with two inputs: 1, which brings the sums `z` of that layer, and
/// what the weight adds to the sum of `unit`. So a hundred values of a weight cost one small product of matrices.
fn tail(exact: &Network<f64>, z: &Array2<f64>, layer: usize, unit: usize) -> Option<Network<f64>> {
    let first = exact.layers().get(layer)?;
    let weights = Array2::from_shape_fn((2, z.ncols()), |(input, to)| match input {
        0 => z[[0, to]],
        _ => f64::from(u8::from(to == unit)),
    });
    let first = Layer {
        weights,
        biases: Array1::zeros(z.ncols()),
        activation: first.activation,
    };
    let rest = exact.layers().iter().skip(layer + 1).cloned();
    Network::new(std::iter::once(first).chain(rest).collect(), exact.cost()).ok()
}

/// Whether a ReLU has its sum on different sides of 0 in the last two rows.
fn crosses_a_kink(tail: &Network<f64>, rows: ArrayView2<'_, f64>) -> bool {
    let trace = tail.trace(rows);
    let last = rows.nrows() - 1;
    let mut kinked =
        tail.layers().iter().zip(&trace.zs).filter(|(layer, _)| {
            matches!(layer.activation, Activation::Relu | Activation::LeakyRelu)
        });
    kinked.any(|(_, z)| {
        let mut pairs = z.row(last).into_iter().zip(z.row(last - 1));
        pairs.any(|(below, above)| (*below > 0.0) != (*above > 0.0))
    })
}

#[cfg(test)]
mod tests {
    use super::super::pass::tests::{pass, passes};
    use super::*;
    use crate::nn::Cost;

    fn parameters() -> [Parameter; 5] {
        ["W1[0,2]", "b1[4]", "W2[3,1]", "W3[2,1]", "b3[0]"].map(|name| name.parse().unwrap())
    }

    #[test]
    fn the_curve_is_the_cost_of_the_whole_network_with_the_weight_moved() {
        for pass in passes() {
            for parameter in parameters() {
                let curve = CostCurve::new(&pass, parameter, 0.5).unwrap();
                let mut moved: Network<f64> = pass.network.cast();
                let x = pass.trace.activations[0].mapv(f64::from);
                let y = truth(3, pass.label).mapv(f64::from);
                for [w, cost] in [curve.points[0], curve.points[40], curve.points[80]] {
                    let layer = &mut moved.layers_mut()[parameter.layer()];
                    match parameter.from() {
                        Some(from) => layer.weights[[from, parameter.unit()]] = w,
                        None => layer.biases[parameter.unit()] = w,
                    }
                    let whole = moved.mean_cost(x.view(), y.view());
                    assert!(
                        (whole - cost).abs() < 1e-12 * (1.0 + cost),
                        "{parameter}: {whole} {cost}"
                    );
                }
                assert_eq!(curve.points[40][0], curve.weight);
            }
        }
    }

    #[test]
    fn the_tangent_touches_and_the_difference_agrees_with_it() {
        for pass in passes() {
            for parameter in parameters() {
                let curve = CostCurve::new(&pass, parameter, 1e-3).unwrap();
                assert!(!curve.at_kink, "{parameter}");
                assert!(curve.relative_error < 1e-6, "{curve:?}");
                assert_eq!(curve.tangent(curve.weight), curve.cost);
                let [w, cost] = curve.points[41];
                assert!((curve.tangent(w) - cost).abs() < 1e-7, "{parameter}");
            }
        }
    }

    #[test]
    fn a_weight_from_an_input_without_ink_changes_nothing() {
        let pass = pass(Activation::Tanh, Activation::Softmax, Cost::CrossEntropy);
        let parameter = "W1[1,0]".parse().unwrap();
        let curve = CostCurve::new(&pass, parameter, 1.0).unwrap();
        assert_eq!((curve.gradient, curve.difference), (0.0, 0.0));
        assert_eq!(curve.relative_error, 0.0);
        assert!(
            curve
                .points
                .iter()
                .all(|point| point[1] == curve.points[0][1])
        );
    }

    #[test]
    fn a_sum_on_the_kink_of_a_relu_is_said() {
        let usual = pass(Activation::Relu, Activation::Softmax, Cost::CrossEntropy);
        let mut network = (*usual.network).clone();
        network.layers_mut()[0].weights.fill(0.0);
        network.layers_mut()[0].biases.fill(0.0);
        let pass =
            ExamplePass::new(&std::sync::Arc::new(network), &usual.a(0).to_vec(), 1).unwrap();
        let parameter = "W1[0,0]".parse().unwrap();
        assert!(CostCurve::new(&pass, parameter, 1.0).unwrap().at_kink);
    }
}
