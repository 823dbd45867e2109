//! Directions that a plane can be spanned by.

use super::weights::{add_scaled, difference, dot, flat, length, unit};
use crate::nn::Network;
use rand::Rng;
use rand_distr::{Distribution, StandardNormal};

/// A random direction in which the weights of each unit are as long as those of the unit itself, so that a step of a
/// given length means the same to every unit; biases stay (Li et al., *Visualizing the Loss Landscape of Neural Nets*,
/// NeurIPS 2018, section 4, with the weights that come into a unit as its filter).
pub(super) fn filter_normalised(network: &Network, rng: &mut impl Rng) -> Vec<f32> {
    let mut direction = Vec::with_capacity(network.parameter_count());
    for layer in network.layers() {
        let mut drawn = layer
            .weights
            .mapv(|_| -> f32 { StandardNormal.sample(rng) });
        for (mut drawn, weights) in drawn.columns_mut().into_iter().zip(layer.weights.columns()) {
            let scale = (weights.dot(&weights) / drawn.dot(&drawn)).sqrt();
            drawn *= if scale.is_finite() { scale } else { 0.0 };
        }
        direction.extend(drawn.iter());
        direction.extend(layer.biases.iter().map(|_| 0.0));
    }
    direction
}

/// Two directions of length 1 at a right angle: the first from `from` to `to`, the second towards `aside`. `None`
/// where two of the three are the same or all lie on a line.
pub(super) fn through_three(
    from: &Network,
    to: &Network,
    aside: &Network,
) -> Option<[Vec<f32>; 2]> {
    let from = flat(from);
    let along = difference(&flat(to), &from);
    let reach = length(&along);
    let first = unit(along)?;
    let mut second = difference(&flat(aside), &from);
    let part = dot(&second, &first);
    add_scaled(&mut second, &first, -part as f32);
    // Nearer to the line than this, what is left is rounding.
    if length(&second) < 1e-3 * reach {
        return None;
    }
    Some([first, unit(second)?])
}

/// How far `network` lies from the line through two others, which are not the same.
pub(super) fn distance_from_line(network: &Network, from: &Network, to: &Network) -> Option<f64> {
    let from = flat(from);
    let first = unit(difference(&flat(to), &from))?;
    let mut aside = difference(&flat(network), &from);
    let part = dot(&aside, &first);
    add_scaled(&mut aside, &first, -part as f32);
    Some(length(&aside))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::nn::{Activation, Architecture, BiasInit, Cost, Init, Layer};
    use ndarray::array;
    use rand::SeedableRng;
    use rand::rngs::StdRng;

    fn network(numbers: [f32; 3]) -> Network {
        let [a, b, c] = numbers;
        let layer = Layer {
            weights: array![[a], [b]],
            biases: array![c],
            activation: Activation::Linear,
        };
        Network::new(vec![layer], Cost::Quadratic).unwrap()
    }

    #[test]
    fn every_unit_of_a_random_direction_is_as_long_as_the_unit_itself_and_biases_stay() {
        let architecture = Architecture {
            sizes: vec![12, 7, 5],
            hidden: Activation::Relu,
            output: Activation::Softmax,
            cost: Cost::CrossEntropy,
        };
        let rng = &mut StdRng::seed_from_u64(2);
        let network = Network::init(&architecture, Init::He, BiasInit::Normal, rng).unwrap();
        let direction = filter_normalised(&network, rng);
        let as_network = super::super::weights::unflat(&network, &direction).unwrap();
        for (drawn, layer) in as_network.layers().iter().zip(network.layers()) {
            let columns = drawn.weights.columns().into_iter();
            for (drawn, unit) in columns.zip(layer.weights.columns()) {
                let (drawn, unit) = (drawn.dot(&drawn).sqrt(), unit.dot(&unit).sqrt());
                assert!((drawn / unit - 1.0).abs() < 1e-5, "{drawn} {unit}");
            }
            assert!(drawn.biases.iter().all(|bias| *bias == 0.0));
        }
    }

    #[test]
    fn a_unit_without_weights_does_not_move() {
        let direction = filter_normalised(&network([0.0, 0.0, 3.0]), &mut StdRng::seed_from_u64(1));
        assert_eq!(direction, [0.0, 0.0, 0.0]);
    }

    #[test]
    fn three_networks_span_two_directions_at_a_right_angle() {
        let (from, to) = (network([1.0, 1.0, 0.0]), network([5.0, 1.0, 0.0]));
        let aside = network([3.0, 3.0, 0.0]);
        let [first, second] = through_three(&from, &to, &aside).unwrap();
        assert_eq!(first, [1.0, 0.0, 0.0]);
        assert_eq!(second, [0.0, 1.0, 0.0]);
        assert_eq!(distance_from_line(&aside, &from, &to), Some(2.0));
    }

    #[test]
    fn three_networks_on_a_line_span_nothing() {
        let at = |x: f32| network([x, 2.0 * x, 0.0]);
        assert!(through_three(&at(0.0), &at(2.0), &at(1.0)).is_none());
        assert!(through_three(&at(1.0), &at(1.0), &at(3.0)).is_none());
    }
}
