//! All weights and biases of a network as one long vector, and what can be done with such vectors.

use crate::nn::{Layer, Network, NetworkError};
use ndarray::{Array, ArrayView, ArrayView1, ArrayView2, Dimension, Zip};

/// All numbers of `network` in a row: layer by layer the weights row by row, then the biases.
pub(super) fn flat(network: &Network) -> Vec<f32> {
    let mut numbers = Vec::with_capacity(network.parameter_count());
    for layer in network.layers() {
        numbers.extend(layer.weights.iter());
        numbers.extend(layer.biases.iter());
    }
    numbers
}

/// A network in the shape of `like` with these numbers; an error where one is not finite.
pub(super) fn unflat(like: &Network, numbers: &[f32]) -> Result<Network, NetworkError> {
    let parts = like.layers().iter().zip(parts(like, numbers));
    let layers = parts.map(|(layer, (weights, biases))| Layer {
        weights: weights.to_owned(),
        biases: biases.to_owned(),
        activation: layer.activation,
    });
    Network::new(layers.collect(), like.cost())
}

/// The weights `[inputs, units]` and biases `[units]` of each layer within `numbers`, which are in the shape of `like`.
pub(super) fn parts<'a>(
    like: &Network,
    numbers: &'a [f32],
) -> Vec<(ArrayView2<'a, f32>, ArrayView1<'a, f32>)> {
    let mut rest = numbers;
    let mut parts = Vec::with_capacity(like.layers().len());
    for layer in like.layers() {
        let (weights, after) = rest.split_at(layer.weights.len());
        let (biases, after) = after.split_at(layer.biases.len());
        if let Ok(weights) = ArrayView2::from_shape(layer.weights.dim(), weights) {
            parts.push((weights, ArrayView1::from(biases)));
        }
        rest = after;
    }
    parts
}

/// `Σ a·b` in double precision, in lanes that a processor adds side by side.
pub(super) fn dot(a: &[f32], b: &[f32]) -> f64 {
    const LANES: usize = 8;
    let mut sums = [0.0; LANES];
    let (a, a_rest) = a.as_chunks::<LANES>();
    let (b, b_rest) = b.as_chunks::<LANES>();
    for (a, b) in a.iter().zip(b) {
        for lane in 0..LANES {
            sums[lane] += f64::from(a[lane]) * f64::from(b[lane]);
        }
    }
    let rest = a_rest.iter().zip(b_rest);
    sums.iter().sum::<f64>()
        + rest
            .map(|(&a, &b)| f64::from(a) * f64::from(b))
            .sum::<f64>()
}

/// `a − b`
pub(super) fn difference(a: &[f32], b: &[f32]) -> Vec<f32> {
    a.iter().zip(b).map(|(a, b)| a - b).collect()
}

/// `sum ← sum + factor · other`
pub(super) fn add_scaled(sum: &mut [f32], other: &[f32], factor: f32) {
    for (sum, other) in sum.iter_mut().zip(other) {
        *sum += factor * other;
    }
}

/// `‖a‖`
pub(super) fn length(a: &[f32]) -> f64 {
    dot(a, a).sqrt()
}

/// `a / ‖a‖`; `None` where `a` is too short to have a direction.
pub(super) fn unit(mut a: Vec<f32>) -> Option<Vec<f32>> {
    let length = length(&a);
    if !length.is_finite() || length < f64::from(f32::MIN_POSITIVE) {
        return None;
    }
    for number in &mut a {
        *number = (f64::from(*number) / length) as f32;
    }
    Some(a)
}

/// `w + x·u + y·v`
pub(super) fn combined<D: Dimension>(
    w: ArrayView<'_, f32, D>,
    [u, v]: [ArrayView<'_, f32, D>; 2],
    [x, y]: [f32; 2],
) -> Array<f32, D> {
    let mut sum = w.to_owned();
    Zip::from(&mut sum)
        .and(u)
        .and(v)
        .for_each(|w, &u, &v| *w += x * u + y * v);
    sum
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::nn::{Activation, Cost};
    use ndarray::array;

    fn network() -> Network {
        let layers = vec![
            Layer {
                weights: array![[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]],
                biases: array![7.0, 8.0],
                activation: Activation::Tanh,
            },
            Layer {
                weights: array![[9.0], [10.0]],
                biases: array![11.0],
                activation: Activation::Sigmoid,
            },
        ];
        Network::new(layers, Cost::Quadratic).unwrap()
    }

    #[test]
    fn a_network_in_a_row_and_back_is_the_same() {
        let numbers = flat(&network());
        assert_eq!(numbers, (1..=11).map(|n| n as f32).collect::<Vec<_>>());
        assert_eq!(unflat(&network(), &numbers).unwrap(), network());
    }

    #[test]
    fn numbers_that_are_not_finite_make_no_network() {
        let mut numbers = flat(&network());
        numbers[6] = f32::NAN;
        assert!(unflat(&network(), &numbers).is_err());
    }

    #[test]
    fn a_product_reaches_every_number_also_beyond_the_last_lane() {
        let a: Vec<f32> = (1..=19).map(|n| n as f32).collect();
        // 19·20·39/6
        assert_eq!(dot(&a, &a), 2470.0);
        assert_eq!(length(&[3.0, 4.0]), 5.0);
        assert_eq!(unit(vec![3.0, 4.0]).unwrap(), [0.6, 0.8]);
        assert_eq!(unit(vec![0.0; 3]), None);
    }
}
