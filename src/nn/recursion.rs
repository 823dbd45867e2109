use super::{Gradients, Layer, Network, Scalar};
use ndarray::{Array2, ArrayView2, Axis};

/// Backpropagation as the plain recursion of the texts, for reading; [`super::backprop`] is the loop that trains.
/// Returns the mean cost and the mean gradients of the batch.
pub fn backprop_recursive<S: Scalar>(
    network: &Network<S>,
    x: ArrayView2<'_, S>,
    y: ArrayView2<'_, S>,
) -> (S, Gradients<S>) {
    let (cost, gradients, _) = descend(network, network.layers(), x, y);
    (cost, gradients)
}

/// The cost of a batch that enters the last few `layers` of `network` as `x`, its gradients for those layers,
/// and what the layer before should do about it: `∂C/∂X`, example by example.
fn descend<S: Scalar>(
    network: &Network<S>,
    layers: &[Layer<S>],
    x: ArrayView2<'_, S>,
    y: ArrayView2<'_, S>,
) -> (S, Gradients<S>, Array2<S>) {
    let n = S::from_f64(x.nrows() as f64);
    let [layer, rest @ ..] = layers else {
        // Behind the last layer x is the answer itself. Its δ is taken from the cost right here, because
        // cost and output activation are differentiated together.
        let delta = network.output_delta(x, y);
        let gradients = Gradients {
            weights: Vec::new(),
            biases: Vec::new(),
        };
        return (network.total_cost(x, y) / n, gradients, delta);
    };

    let a = layer.forward(x);
    let (cost, mut gradients, mut delta) = descend(network, rest, a.view(), y);
    if !rest.is_empty() {
        layer.activation.pull_back(a.view(), &mut delta.view_mut());
    }
    gradients.weights.insert(0, x.t().dot(&delta) / n);
    gradients.biases.insert(0, delta.sum_axis(Axis(0)) / n);
    (cost, gradients, delta.dot(&layer.weights.t()))
}
