use super::layer::norm;
use super::{Network, Scalar};
use ndarray::{Array1, Array2};

/// `∂C/∂W` and `∂C/∂b` of every layer, in the shapes of the layers.
#[derive(Clone, Debug, PartialEq)]
pub struct Gradients<S = f32> {
    /// `[inputs, outputs]` of each layer.
    pub weights: Vec<Array2<S>>,
    /// `[outputs]` of each layer.
    pub biases: Vec<Array1<S>>,
}

impl<S: Scalar> Gradients<S> {
    /// Zeros in the shapes of `network`.
    pub fn zeros_like(network: &Network<S>) -> Self {
        let layers = network.layers();
        Self {
            weights: layers
                .iter()
                .map(|layer| Array2::zeros(layer.weights.dim()))
                .collect(),
            biases: layers
                .iter()
                .map(|layer| Array1::zeros(layer.biases.dim()))
                .collect(),
        }
    }

    /// Puts every number back to 0 and keeps the memory.
    pub fn set_zero(&mut self) {
        self.weights.iter_mut().for_each(|w| w.fill(S::zero()));
        self.biases.iter_mut().for_each(|b| b.fill(S::zero()));
    }

    /// `self ← self + scale · other`, for gradients of one network.
    ///
    /// The mean over a batch that was shared out is `Σ (nₛ / n) · meanₛ` over the shares of `nₛ` examples.
    pub fn add_scaled(&mut self, other: &Self, scale: S) {
        for (sum, w) in self.weights.iter_mut().zip(&other.weights) {
            sum.scaled_add(scale, w);
        }
        for (sum, b) in self.biases.iter_mut().zip(&other.biases) {
            sum.scaled_add(scale, b);
        }
    }

    /// `‖∂C/∂W‖` of weight layer `layer` (from 0).
    pub fn weight_norm(&self, layer: usize) -> f64 {
        norm(&self.weights[layer])
    }
}
