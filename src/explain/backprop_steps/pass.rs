use super::UnitPlace;
use crate::explain::{CostTerm, cost_terms};
use crate::nn::{Activation, Gradients, Network, Trace, Workspace, backprop};
use ndarray::{Array1, Array2, ArrayView1, Axis};
use std::sync::Arc;

/// Everything that one example makes of a network, forward and back; no weight is changed.
#[derive(Clone, Debug)]
pub struct ExamplePass {
    pub network: Arc<Network>,
    pub label: u8,
    /// The forward pass over the one example.
    pub trace: Trace,
    pub cost: f32,
    /// The cost, output by output.
    pub terms: Vec<CostTerm>,
    /// Of this one example.
    pub gradients: Gradients,
    /// `∂C/∂Aˡ` of the layers 0 to L − 1: what the layer after each wishes of it, with the sign turned.
    pulls: Vec<Array1<f32>>,
}

impl ExamplePass {
    /// `input` has a number for each input and `label` names an output; else there is no such pass.
    pub fn new(network: &Arc<Network>, input: &[f32], label: u8) -> Option<Self> {
        let outputs = network.output_size();
        if input.len() != network.input_size() || usize::from(label) >= outputs {
            return None;
        }
        let x = ArrayView1::from(input).insert_axis(Axis(0));
        let y = truth(outputs, label);
        let mut workspace = Workspace::new(network, 1);
        let cost = backprop(network, x, y.view(), &mut workspace);
        let trace = network.trace(x);
        let terms = cost_terms(network, trace.activations.last()?.as_slice()?, label);
        let gradients = workspace.gradients;
        let layers = network.layers().iter().zip(&gradients.biases);
        // A single example makes ∂C/∂b of a layer the same as its δ.
        let pulls = layers
            .map(|(layer, delta)| layer.weights.dot(delta))
            .collect();
        Some(Self {
            network: Arc::clone(network),
            label,
            trace,
            cost,
            terms,
            gradients,
            pulls,
        })
    }

    /// Layers with weights, `L`.
    pub fn layers(&self) -> usize {
        self.network.layers().len()
    }

    /// Units of every layer, the input first.
    pub fn sizes(&self) -> Vec<usize> {
        self.network.sizes()
    }

    /// Whether there is such a unit.
    pub fn holds(&self, place: UnitPlace) -> bool {
        let units = self.trace.activations.get(place.layer);
        units.is_some_and(|units| place.unit < units.ncols())
    }

    /// `Aˡ`; the input for layer 0.
    pub fn a(&self, layer: usize) -> ArrayView1<'_, f32> {
        self.trace.activations[layer].row(0)
    }

    /// `Zˡ` of a layer from 1 on.
    pub fn z(&self, layer: usize) -> ArrayView1<'_, f32> {
        self.trace.zs[layer - 1].row(0)
    }

    /// `δˡ = ∂C/∂Zˡ` of a layer from 1 on. With a single example it is `∂C/∂bˡ`.
    pub fn delta(&self, layer: usize) -> ArrayView1<'_, f32> {
        self.gradients.biases[layer - 1].view()
    }

    /// `∂C/∂Aˡ = δˡ⁺¹·(Wˡ⁺¹)ᵀ` of a layer before the last; its opposite is what that layer is wished to do.
    pub fn pull(&self, layer: usize) -> ArrayView1<'_, f32> {
        self.pulls[layer].view()
    }

    /// `σ′(Zˡ)` of a layer from 1 on; of softmax the diagonal of its Jacobian.
    pub fn slopes(&self, layer: usize) -> Array1<f32> {
        let sigma = self.activation(layer);
        self.a(layer).mapv(|a| sigma.derivative(a))
    }

    /// The activation function of a layer from 1 on.
    pub fn activation(&self, layer: usize) -> Activation {
        self.network.layers()[layer - 1].activation
    }

    /// `y`: 1 for the label, 0 for the others.
    pub fn truth(&self) -> Array1<f32> {
        truth(self.network.output_size(), self.label).remove_axis(Axis(0))
    }

    /// `‖∇C‖²`, over all weights and biases.
    pub fn squared_gradient(&self) -> f64 {
        let weights = self.gradients.weights.iter().flatten();
        let biases = self.gradients.biases.iter().flatten();
        weights.chain(biases).map(|g| f64::from(*g).powi(2)).sum()
    }
}

/// `[1, outputs]`, 1 for the label.
pub(super) fn truth(outputs: usize, label: u8) -> Array2<f32> {
    Array2::from_shape_fn((1, outputs), |(_, output)| {
        f32::from(u8::from(output == usize::from(label)))
    })
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::nn::{Architecture, BiasInit, Cost, Init};
    use rand::SeedableRng;
    use rand::rngs::StdRng;

    pub const INPUT: [f32; 6] = [0.9, 0.0, 0.4, 1.0, 0.0, 0.2];

    /// 6-5-4-3 units, with biases, for the input above and label 1.
    pub fn pass(hidden: Activation, output: Activation, cost: Cost) -> ExamplePass {
        let architecture = Architecture {
            sizes: vec![6, 5, 4, 3],
            hidden,
            output,
            cost,
        };
        let rng = &mut StdRng::seed_from_u64(8);
        let network = Network::init(&architecture, Init::Xavier, BiasInit::Normal, rng).unwrap();
        ExamplePass::new(&Arc::new(network), &INPUT, 1).unwrap()
    }

    /// Every pair of hidden and output activation and cost that a network can have.
    pub fn passes() -> Vec<ExamplePass> {
        let mut all = Vec::new();
        for hidden in Activation::ALL {
            for output in Activation::ALL {
                for cost in Cost::ALL {
                    if hidden != Activation::Softmax && cost.check_output(output).is_ok() {
                        all.push(pass(hidden, output, cost));
                    }
                }
            }
        }
        all
    }

    pub fn close(a: f32, b: f32) -> bool {
        (a - b).abs() <= 2e-6 + 2e-5 * a.abs().max(b.abs())
    }

    #[test]
    fn the_walk_holds_what_backpropagation_finds() {
        for pass in passes() {
            let x = ArrayView1::from(&INPUT[..]).insert_axis(Axis(0));
            let y = truth(3, 1);
            let outputs = pass.network.forward(x);
            assert_eq!(pass.a(3), outputs.row(0));
            assert!(close(
                pass.cost,
                pass.network.total_cost(outputs.view(), y.view())
            ));
            let sum: f32 = pass.terms.iter().map(|term| term.cost).sum();
            assert!(close(pass.cost, sum), "the terms add up to the cost");
            let delta = pass.network.output_delta(outputs.view(), y.view());
            assert_eq!(pass.delta(3), delta.row(0));
        }
    }

    #[test]
    fn the_delta_of_a_layer_is_the_pull_times_the_slope() {
        for pass in passes() {
            for layer in 1..3 {
                let product = &pass.pull(layer) * &pass.slopes(layer);
                for (found, expected) in pass.delta(layer).iter().zip(&product) {
                    assert!(close(*found, *expected), "{found} {expected}");
                }
            }
        }
    }

    #[test]
    fn a_walk_leaves_the_network_as_it_is() {
        let pass = pass(Activation::Relu, Activation::Softmax, Cost::CrossEntropy);
        let before = (*pass.network).clone();
        let again = ExamplePass::new(&pass.network, &INPUT, 2).unwrap();
        assert_eq!(*again.network, before);
        assert!(Arc::ptr_eq(&again.network, &pass.network));
    }

    #[test]
    fn an_input_or_a_label_that_does_not_fit_gives_no_walk() {
        let network = pass(Activation::Relu, Activation::Softmax, Cost::CrossEntropy).network;
        assert!(ExamplePass::new(&network, &INPUT[..5], 1).is_none());
        assert!(ExamplePass::new(&network, &INPUT, 3).is_none());
    }
}
