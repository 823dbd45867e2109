use crate::nn::Layer;
use std::collections::HashSet;

/// How many units of a layer differ: two with the same weights and the same bias, to the last bit, compute the same
/// and learn the same for ever.
pub fn different_units(layer: &Layer) -> usize {
    let columns = layer.weights.columns();
    let units: HashSet<Vec<u32>> = columns
        .into_iter()
        .zip(&layer.biases)
        .map(|(weights, bias)| weights.iter().chain([bias]).map(bits).collect())
        .collect();
    units.len()
}

/// Zero is zero, whatever its sign.
fn bits(value: &f32) -> u32 {
    (value + 0.0).to_bits()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::nn::Activation;
    use ndarray::array;

    #[test]
    fn units_are_alike_in_all_their_weights_and_their_bias() {
        let mut layer = Layer {
            weights: array![[0.5, 0.5, 0.5, 0.1], [0.0, -0.0, 1.0, 0.0]],
            biases: array![0.0, 0.0, 0.0, 0.0],
            activation: Activation::Sigmoid,
        };
        assert_eq!(different_units(&layer), 3);
        layer.biases[1] = 0.2;
        assert_eq!(different_units(&layer), 4);
    }
}
