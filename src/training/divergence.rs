use super::Divergence;
use super::stepper::Stepper;
use crate::nn::{Gradients, Network};

impl Divergence {
    /// Names what is not finite, in the order in which numbers follow from each other: the weights, the sums that
    /// they make of the last batch, its gradients; and if it is none of them, the cost.
    pub(super) fn find(
        network: &Network,
        stepper: &mut Stepper,
        step: u64,
        learning_rate: f32,
    ) -> Self {
        let (layer, what) = if let Some(place) = network.first_non_finite() {
            let numbers = if place.in_biases { "biases" } else { "weights" };
            let what = format!("Layer {} has {numbers} that are not finite", place.layer);
            (Some(place.layer), what)
        } else if let Some(layer) = layer_with_infinite_sums(network, stepper) {
            let what = format!("The weights of layer {layer} make sums that are not finite");
            (Some(layer), what)
        } else if let Some(layer) = stepper.gradients().and_then(damaged_layer) {
            let what = format!("Layer {layer} has gradients that are not finite");
            (Some(layer), what)
        } else {
            (None, "The cost is not finite".to_owned())
        };
        Self {
            step,
            layer,
            sentence: format!("{what} after step {step}; the last good network is kept"),
            learning_rate,
        }
    }
}

/// The layer, counted from 1, where a gradient that is not finite was met first: backpropagation begins at the last.
pub(super) fn damaged_layer(gradients: &Gradients) -> Option<usize> {
    let layers = gradients.weights.iter().zip(&gradients.biases);
    let damaged = layers.enumerate().filter(|(_, (weights, biases))| {
        let mut numbers = weights.iter().chain(*biases);
        numbers.any(|number| !number.is_finite())
    });
    damaged.map(|(index, _)| index + 1).next_back()
}

fn layer_with_infinite_sums(network: &Network, stepper: &Stepper) -> Option<usize> {
    let sums = network.trace(stepper.inputs()?).zs;
    let layer = sums.iter().position(|z| z.iter().any(|z| !z.is_finite()));
    layer.map(|index| index + 1)
}

#[cfg(test)]
mod tests {
    use super::damaged_layer;
    use crate::nn::Gradients;
    use ndarray::{Array1, Array2};

    #[test]
    fn the_layer_nearest_to_the_output_is_where_a_damaged_gradient_began() {
        let mut gradients = Gradients {
            weights: vec![Array2::zeros((2, 2)); 3],
            biases: vec![Array1::zeros(2); 3],
        };
        assert_eq!(damaged_layer(&gradients), None);
        gradients.weights[0][[1, 1]] = f32::NAN;
        gradients.biases[1][0] = f32::INFINITY;
        assert_eq!(damaged_layer(&gradients), Some(2));
    }
}
