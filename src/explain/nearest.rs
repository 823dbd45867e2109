use crate::data::Examples;
use crate::ink::unit;
use crate::nn::Network;
use ndarray::{Array2, ArrayView1, ArrayView2, Axis, s};

/// Examples as a network sees them: the activations of its last hidden layer, in which like is near to like.
///
/// Made for one network and one data set; 15 MB at most.
#[derive(Clone, Debug)]
pub struct ExampleIndex {
    /// `[examples, units]`; of the input, where there is no hidden layer.
    activations: Array2<f32>,
}

/// One of the nearest examples.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Neighbour {
    /// Into the examples.
    pub index: usize,
    /// Euclidean, between activations.
    pub distance: f32,
}

/// 60,000 examples of 64 units: what can be searched in a millisecond or two.
const MOST_NUMBERS: usize = 60_000 * 64;

/// Rows of a forward pass.
const CHUNK: usize = 250;

impl ExampleIndex {
    /// Of the first examples, as many as there is room for; one forward pass over them.
    pub fn new(network: &Network, examples: &Examples) -> Self {
        let units = units(network);
        let count = examples.len().min(MOST_NUMBERS / units.max(1));
        let mut activations = Array2::zeros((count, units));
        for start in (0..count).step_by(CHUNK) {
            let end = (start + CHUNK).min(count);
            let x = Array2::from_shape_fn((end - start, network.input_size()), |(row, input)| {
                unit(examples.image(start + row)[input])
            });
            activations
                .slice_mut(s![start..end, ..])
                .assign(&last_hidden(network, x.view()));
        }
        Self { activations }
    }

    pub fn len(&self) -> usize {
        self.activations.nrows()
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The `count` examples whose activations are nearest to `activations` (`[units]`), the nearest first.
    pub fn nearest(&self, activations: ArrayView1<'_, f32>, count: usize) -> Vec<Neighbour> {
        if activations.len() != self.activations.ncols() {
            return Vec::new();
        }
        let mut nearest: Vec<Neighbour> = Vec::with_capacity(count + 1);
        for (index, row) in self.activations.axis_iter(Axis(0)).enumerate() {
            let squares = row.iter().zip(&activations).map(|(a, b)| (a - b) * (a - b));
            let distance: f32 = squares.sum();
            let is_near = nearest.len() < count
                || nearest.last().is_some_and(|last| distance < last.distance);
            if is_near && distance.is_finite() {
                let place = nearest.partition_point(|other| other.distance <= distance);
                nearest.insert(place, Neighbour { index, distance });
                nearest.truncate(count);
            }
        }
        for neighbour in &mut nearest {
            neighbour.distance = neighbour.distance.sqrt();
        }
        nearest
    }
}

fn units(network: &Network) -> usize {
    let sizes = network.sizes();
    sizes[sizes.len() - 2]
}

/// The activations before the output layer, `[n, units]`, for the inputs `x` `[n, inputs]`.
fn last_hidden(network: &Network, x: ArrayView2<'_, f32>) -> Array2<f32> {
    let layers = network.layers();
    layers[..layers.len() - 1]
        .iter()
        .fold(x.to_owned(), |a, layer| layer.forward(a.view()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::Dataset;
    use crate::ink::{Hands, practice_digits};
    use crate::nn::{Activation, Cost, Layer};
    use ndarray::Array1;
    use std::sync::Arc;

    fn examples(count: usize) -> Examples {
        let digits = practice_digits(Hands::Known, count, 5);
        let images = digits.iter().flat_map(|(cells, _)| cells.0).collect();
        let labels = digits.iter().map(|(_, label)| *label).collect();
        Examples::all(Arc::new(Dataset::new(images, labels).unwrap()))
    }

    /// Two hidden units, the ink of the upper half and of the lower.
    fn network() -> Network {
        let hidden = Layer {
            weights: Array2::from_shape_fn((784, 2), |(cell, unit)| {
                if (cell < 392) == (unit == 0) {
                    1.0
                } else {
                    0.0
                }
            }),
            biases: Array1::zeros(2),
            activation: Activation::Relu,
        };
        let output = Layer {
            weights: Array2::zeros((2, 10)),
            biases: Array1::zeros(10),
            activation: Activation::Softmax,
        };
        Network::new(vec![hidden, output], Cost::CrossEntropy).unwrap()
    }

    #[test]
    fn an_example_is_nearest_to_itself_and_the_others_follow_by_distance() {
        let (network, examples) = (network(), examples(300));
        let index = ExampleIndex::new(&network, &examples);
        assert_eq!(index.len(), 300);
        let x = Array2::from_shape_vec((1, 784), examples.cells(123).input()).unwrap();
        let own = last_hidden(&network, x.view());
        let nearest = index.nearest(own.row(0), 5);
        assert_eq!(nearest.len(), 5);
        assert_eq!(nearest[0].index, 123);
        assert!(nearest[0].distance < 1e-3, "{nearest:?}");
        assert!(nearest.is_sorted_by(|a, b| a.distance <= b.distance));
        // Against sorting all of them.
        let mut all: Vec<f32> = index
            .activations
            .rows()
            .into_iter()
            .map(|row| (&row - &own.row(0)).mapv(|v| v * v).sum().sqrt())
            .collect();
        all.sort_by(f32::total_cmp);
        for (found, expected) in nearest.iter().zip(all) {
            assert!((found.distance - expected).abs() < 1e-3);
        }
    }

    #[test]
    fn activations_of_another_network_have_no_neighbours() {
        let index = ExampleIndex::new(&network(), &examples(20));
        assert!(index.nearest(Array1::zeros(3).view(), 5).is_empty());
        assert_eq!(index.nearest(Array1::zeros(2).view(), 50).len(), 20);
    }
}
