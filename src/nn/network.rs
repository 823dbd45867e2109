use super::{Activation, BiasInit, Cost, Init, Scalar};
use ndarray::{Array1, Array2, ArrayView2};
use rand::Rng;
use serde::{Deserialize, Serialize};

/// One dense layer: `Z = X·W + b`, `A = σ(Z)`.
#[derive(Clone, Debug, PartialEq)]
pub struct Layer<S = f32> {
    /// `[inputs, outputs]`
    pub weights: Array2<S>,
    /// `[outputs]`
    pub biases: Array1<S>,
    pub activation: Activation,
}

/// Layers that fit together, and the cost that they are trained to lower.
///
/// Shapes and the pairing of cost and output activation are checked when it is made and hold ever after.
#[derive(Clone, Debug, PartialEq)]
pub struct Network<S = f32> {
    layers: Vec<Layer<S>>,
    cost: Cost,
}

/// What a network is, without its numbers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Architecture {
    /// Units of every layer, the input first: `[784, 128, 64, 10]`.
    pub sizes: Vec<usize>,
    pub hidden: Activation,
    pub output: Activation,
    pub cost: Cost,
}

/// Every value of a forward pass over a batch, kept for looking at.
#[derive(Clone, Debug, PartialEq)]
pub struct Trace<S = f32> {
    /// Weighted sums `Z` of each layer, `[batch, units]`.
    pub zs: Vec<Array2<S>>,
    /// Activations, the input `X` first: one more entry than `zs`.
    pub activations: Vec<Array2<S>>,
}

/// Where the first NaN or infinity of a network is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NonFinite {
    /// Counted from 1, as people count layers of weights.
    pub layer: usize,
    /// In the biases rather than the weights.
    pub in_biases: bool,
}

/// Why layers do not make a network.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum NetworkError {
    #[error("a network needs at least one layer of weights")]
    NoLayers,
    // the owner of `nn` adds the others: sizes that do not fit (with the layer and both numbers), zero units,
    // softmax in a hidden layer, a cost that does not go with the output activation, a value that is not finite
}

impl<S: Scalar> Network<S> {
    /// Checks that the layers fit together, go with the cost and hold finite numbers only.
    pub fn new(layers: Vec<Layer<S>>, cost: Cost) -> Result<Self, NetworkError> {
        let _ = (layers, cost);
        todo!()
    }

    /// A fresh network.
    pub fn init(
        architecture: &Architecture,
        weights: Init,
        biases: BiasInit,
        rng: &mut impl Rng,
    ) -> Result<Self, NetworkError> {
        let _ = (architecture, weights, biases, rng);
        todo!()
    }

    pub fn layers(&self) -> &[Layer<S>] {
        &self.layers
    }

    /// The layers, for an optimiser to change their numbers. Shapes must stay.
    pub(crate) fn layers_mut(&mut self) -> &mut [Layer<S>] {
        &mut self.layers
    }

    pub fn cost(&self) -> Cost {
        self.cost
    }

    /// Units of every layer, the input first.
    pub fn sizes(&self) -> Vec<usize> {
        todo!()
    }

    pub fn input_size(&self) -> usize {
        todo!()
    }

    pub fn output_size(&self) -> usize {
        todo!()
    }

    /// Weights and biases together.
    pub fn parameter_count(&self) -> usize {
        todo!()
    }

    /// The architecture, with the activation of the first layer as the hidden one.
    pub fn architecture(&self) -> Architecture {
        todo!()
    }

    /// The outputs for a batch: `[batch, inputs]` → `[batch, outputs]`.
    pub fn forward(&self, x: ArrayView2<'_, S>) -> Array2<S> {
        let _ = x;
        todo!()
    }

    /// The forward pass with everything in between kept.
    pub fn trace(&self, x: ArrayView2<'_, S>) -> Trace<S> {
        let _ = x;
        todo!()
    }

    /// The outputs for one example.
    pub fn predict(&self, x: &[S]) -> Array1<S> {
        let _ = x;
        todo!()
    }

    /// The first layer that holds a NaN or an infinity.
    pub fn first_non_finite(&self) -> Option<NonFinite> {
        todo!()
    }

    /// The same network in another precision.
    pub fn cast<T: Scalar>(&self) -> Network<T> {
        todo!()
    }
}
