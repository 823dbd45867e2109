use super::layer::norm;
use super::{Network, Scalar, aligned};
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
                .map(|layer| aligned::zeros(layer.weights.dim()))
                .collect(),
            biases: layers
                .iter()
                .map(|layer| Array1::zeros(layer.biases.dim()))
                .collect(),
        }
    }

    /// `self ← factor · self`
    pub fn scale(&mut self, factor: S) {
        self.weights.iter_mut().for_each(|w| *w *= factor);
        self.biases.iter_mut().for_each(|b| *b *= factor);
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

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::array;

    fn gradients() -> Gradients<f64> {
        Gradients {
            weights: vec![array![[3.0, -4.0]], array![[1.0], [2.0]]],
            biases: vec![array![5.0, 6.0], array![-7.0]],
        }
    }

    #[test]
    fn scaling_reaches_every_number() {
        let mut scaled = gradients();
        scaled.scale(0.5);
        let mut summed = gradients();
        summed.add_scaled(&gradients(), -0.5);
        assert_eq!(scaled, summed);
        assert_eq!(scaled.weights[0], array![[1.5, -2.0]]);
        assert_eq!(scaled.biases[1], array![-3.5]);
    }

    #[test]
    fn the_norm_of_a_layer_is_that_of_its_weights() {
        assert_eq!(gradients().weight_norm(0), 5.0);
        assert!((gradients().weight_norm(1) - 5.0_f64.sqrt()).abs() < 1e-12);
    }
}
