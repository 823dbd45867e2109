//! Dense layers among the tensors of a safetensors file: which tensors belong together, in which order the layers
//! come, and their numbers.

use super::ModelProblem;
use super::description::quoted;
use crate::ink::SIDE;
use crate::nn::{Activation, Layer};
use ndarray::{Array1, Array2};
use safetensors::tensor::TensorView;
use safetensors::{Dtype, SafeTensors};
use std::collections::BTreeMap;

/// The tensors of one dense layer.
pub(super) struct DenseTensors<'a> {
    /// What stands before ".weight": "layers.0", "fc1"; blank for a lone layer.
    pub(super) name: String,
    /// `[units, inputs]`
    weights: TensorView<'a>,
    /// `[units]`; absent in a layer without biases.
    biases: Option<TensorView<'a>>,
}

/// Looks for the ways in which all layers, one behind the other, lead from 784 inputs to 10 outputs.
struct OrderSearch<'a> {
    layers: &'a [DenseTensors<'a>],
    order: Vec<usize>,
    /// Two are enough to know that there is not just one.
    found: Vec<Vec<usize>>,
    steps_left: usize,
}

/// Layers whose order only their sizes can tell; deeper networks of other programs number their layers.
const MOST_UNNUMBERED: usize = 32;

impl<'a> DenseTensors<'a> {
    /// All layers of a file, in the order of their names. Whatever is no part of one is refused.
    pub(super) fn all(file: &SafeTensors<'a>) -> Result<Vec<Self>, ModelProblem> {
        let mut matrices = BTreeMap::new();
        let mut vectors = BTreeMap::new();
        for (name, tensor) in file.iter() {
            let (layer, part) = name.rsplit_once('.').unwrap_or(("", name));
            match (part, tensor.shape().len()) {
                ("weight", 2) => matrices.insert(layer.to_owned(), tensor),
                ("bias", 1) => vectors.insert(layer.to_owned(), tensor),
                _ => return Err(not_dense(name, &tensor)),
            };
        }
        let layers: Vec<Self> = matrices
            .into_iter()
            .map(|(name, weights)| Self {
                biases: vectors.remove(&name),
                weights,
                name,
            })
            .collect();
        if let Some((name, tensor)) = vectors.first_key_value() {
            return Err(not_dense(&full_name(name, "bias"), tensor));
        }
        if layers.is_empty() {
            return Err(ModelProblem::NoTensors);
        }
        Ok(layers)
    }

    pub(super) fn has_biases(&self) -> bool {
        self.biases.is_some()
    }

    /// `number` is the layer's place in the network, from 1.
    pub(super) fn to_layer(
        &self,
        number: usize,
        activation: Activation,
    ) -> Result<Layer, ModelProblem> {
        let (inputs, units) = (self.inputs(), self.units());
        if units == 0 {
            return Err(ModelProblem::NoUnits { layer: number });
        }
        if inputs == 0 {
            return Err(ModelProblem::NoInputs { layer: number });
        }
        let biases = match &self.biases {
            Some(tensor) => numbers(&full_name(&self.name, "bias"), tensor)?,
            None => vec![0.0; units],
        };
        if biases.len() != units {
            return Err(ModelProblem::BiasCount {
                layer: number,
                units,
                biases: biases.len(),
            });
        }
        let weights = numbers(&full_name(&self.name, "weight"), &self.weights)?;
        Ok(Layer {
            // The file has a row for each unit; the network has a column.
            weights: Array2::from_shape_fn((inputs, units), |(input, unit)| {
                weights[unit * inputs + input]
            }),
            biases: Array1::from_vec(biases),
            activation,
        })
    }

    fn units(&self) -> usize {
        self.weights.shape()[0]
    }

    fn inputs(&self) -> usize {
        self.weights.shape()[1]
    }

    /// "layers.0.linear" is 0 in "layers..linear".
    fn stem_and_numbers(&self) -> (String, Vec<u64>) {
        let stem = self.name.chars().filter(|c| !c.is_ascii_digit()).collect();
        let numbers = self
            .name
            .split(|c: char| !c.is_ascii_digit())
            .filter(|digits| !digits.is_empty())
            .map(|digits| digits.parse().unwrap_or(u64::MAX))
            .collect();
        (stem, numbers)
    }
}

/// The layers in their order in the network: by the numbers in their names where these differ in nothing else, or else
/// in the only order in which their sizes fit.
pub(super) fn in_order(
    mut layers: Vec<DenseTensors<'_>>,
) -> Result<Vec<DenseTensors<'_>>, ModelProblem> {
    layers.sort_by_cached_key(DenseTensors::stem_and_numbers);
    let alike = |a: &DenseTensors<'_>, b: &DenseTensors<'_>| {
        let ((a, a_numbers), (b, b_numbers)) = (a.stem_and_numbers(), b.stem_and_numbers());
        a == b && a_numbers != b_numbers
    };
    if layers.windows(2).all(|pair| alike(&pair[0], &pair[1])) {
        return Ok(layers);
    }
    if layers.len() > MOST_UNNUMBERED {
        return Err(unclear(&layers));
    }
    let mut search = OrderSearch {
        layers: &layers,
        order: Vec::new(),
        found: Vec::new(),
        steps_left: 100_000,
    };
    search.go_on_from(SIDE * SIDE);
    let order = match search.found.as_slice() {
        [] if search.steps_left > 0 => {
            // No order fits: the sentence about the first two that do not is as good as any.
            return Ok(layers);
        }
        [only] if search.steps_left > 0 => only.clone(),
        _ => return Err(unclear(&layers)),
    };
    let interchangeable = order.iter().enumerate().any(|(place, &one)| {
        order[..place].iter().any(|&other| {
            let (one, other) = (&layers[one], &layers[other]);
            one.weights.shape() == other.weights.shape() && !alike(one, other)
        })
    });
    if interchangeable {
        return Err(unclear(&layers));
    }
    let mut layers: Vec<Option<DenseTensors<'_>>> = layers.into_iter().map(Some).collect();
    Ok(order
        .into_iter()
        .filter_map(|index| layers[index].take())
        .collect())
}

impl OrderSearch<'_> {
    /// Tries all layers that take `size` inputs next, of layers of the same shape the one with the lowest number.
    fn go_on_from(&mut self, size: usize) {
        if self.order.len() == self.layers.len() {
            if size == 10 {
                self.found.push(self.order.clone());
            }
            return;
        }
        let mut tried = Vec::new();
        for (index, layer) in self.layers.iter().enumerate() {
            let fits = layer.inputs() == size && !self.order.contains(&index);
            if !fits || tried.contains(&layer.units()) {
                continue;
            }
            if self.found.len() > 1 || self.steps_left == 0 {
                return;
            }
            self.steps_left -= 1;
            tried.push(layer.units());
            self.order.push(index);
            self.go_on_from(layer.units());
            self.order.pop();
        }
    }
}

fn numbers(name: &str, tensor: &TensorView<'_>) -> Result<Vec<f32>, ModelProblem> {
    let data = tensor.data();
    match tensor.dtype() {
        Dtype::F32 => Ok(data
            .as_chunks()
            .0
            .iter()
            .map(|&bytes| f32::from_le_bytes(bytes))
            .collect()),
        Dtype::F16 => Ok(halves(data).map(from_half).collect()),
        // The upper half of an f32.
        Dtype::BF16 => Ok(halves(data)
            .map(|bits| f32::from_bits(u32::from(bits) << 16))
            .collect()),
        other => Err(ModelProblem::UnknownNumbers {
            name: quoted(name),
            found: other.to_string(),
        }),
    }
}

fn halves(data: &[u8]) -> impl Iterator<Item = u16> {
    let (pairs, _) = data.as_chunks();
    pairs.iter().map(|&bytes| u16::from_le_bytes(bytes))
}

/// The value of an IEEE 754 half: one sign bit, five of exponent, ten of fraction.
fn from_half(bits: u16) -> f32 {
    let sign = u32::from(bits & 0x8000) << 16;
    let (exponent, fraction) = (u32::from(bits >> 10 & 0x1f), u32::from(bits & 0x3ff));
    let magnitude = match exponent {
        0 => fraction as f32 * 2f32.powi(-24),
        0x1f => f32::from_bits(0x7f80_0000 | fraction << 13),
        _ => f32::from_bits((exponent + 112) << 23 | fraction << 13),
    };
    f32::from_bits(sign | magnitude.to_bits())
}

fn full_name(layer: &str, part: &str) -> String {
    if layer.is_empty() {
        part.to_owned()
    } else {
        format!("{layer}.{part}")
    }
}

fn not_dense(name: &str, tensor: &TensorView<'_>) -> ModelProblem {
    let sizes: Vec<String> = tensor
        .shape()
        .iter()
        .take(6)
        .map(usize::to_string)
        .collect();
    ModelProblem::NotDense {
        name: quoted(name),
        shape: if sizes.is_empty() {
            "a single number".to_owned()
        } else {
            sizes.join("×")
        },
    }
}

fn unclear(layers: &[DenseTensors<'_>]) -> ModelProblem {
    let mut names: Vec<String> = layers.iter().map(|layer| quoted(&layer.name)).collect();
    if names.len() > 4 {
        names.truncate(4);
        names.push("…".to_owned());
    }
    ModelProblem::UnclearOrder {
        names: names.join(", "),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The order of layers that are given as (name, units, inputs).
    fn order(layers: &[(&str, usize, usize)]) -> Result<Vec<String>, String> {
        let layers = layers
            .iter()
            .map(|&(name, units, inputs)| {
                // An empty type of number would do; one byte each is the smallest that there is.
                let zeros = vec![0; units * inputs].leak();
                DenseTensors {
                    name: name.to_owned(),
                    weights: TensorView::new(Dtype::U8, vec![units, inputs], zeros).unwrap(),
                    biases: None,
                }
            })
            .collect();
        match in_order(layers) {
            Ok(layers) => Ok(layers.into_iter().map(|layer| layer.name).collect()),
            Err(problem) => Err(problem.to_string()),
        }
    }

    #[test]
    fn numbers_in_the_names_give_the_order() {
        let layers = [("net.10", 10, 16), ("net.0", 16, 784), ("net.2", 16, 16)];
        assert_eq!(order(&layers).unwrap(), ["net.0", "net.2", "net.10"]);
    }

    #[test]
    fn without_numbers_the_only_order_that_fits_is_taken() {
        let layers = [("hidden", 32, 64), ("input", 64, 784), ("output", 10, 32)];
        assert_eq!(order(&layers).unwrap(), ["input", "hidden", "output"]);
        let mixed = [
            ("fc1", 16, 784),
            ("fc2", 16, 16),
            ("fc3", 16, 16),
            ("out", 10, 16),
        ];
        assert_eq!(order(&mixed).unwrap(), ["fc1", "fc2", "fc3", "out"]);
    }

    #[test]
    fn layers_that_could_change_places_are_refused() {
        let same_shape = [
            ("entry", 16, 784),
            ("left", 16, 16),
            ("right", 16, 16),
            ("exit", 10, 16),
        ];
        let sentence = order(&same_shape).unwrap_err();
        assert!(sentence.contains("\"left\", \"right\""), "{sentence}");
        let two_ways = [
            ("a", 16, 784),
            ("b", 32, 16),
            ("c", 16, 32),
            ("d", 64, 16),
            ("e", 16, 64),
            ("f", 10, 16),
        ];
        assert!(order(&two_ways).is_err());
        assert!(order(&[("fc1", 10, 784), ("fc01", 10, 10)]).is_ok());
        assert!(order(&[("fc1", 10, 10), ("fc01", 10, 10)]).is_ok());
        assert!(order(&[("fc0", 10, 784), ("fc1", 10, 10), ("fc01", 10, 10)]).is_err());
    }

    #[test]
    fn many_layers_that_fit_in_many_ways_are_refused_quickly() {
        let names: Vec<String> = ('a'..='z').map(String::from).collect();
        let mut layers: Vec<(&str, usize, usize)> = names
            .iter()
            .enumerate()
            .map(|(index, name)| (name.as_str(), 2 + index % 5, 2 + index / 5))
            .collect();
        layers.push(("in", 2, 784));
        // Nothing leads back from 784 outputs: every order would have to be tried.
        layers.push(("stray", 784, 9));
        let sentence = order(&layers).unwrap_err();
        assert!(sentence.contains("not clear"), "{sentence}");
    }

    #[test]
    fn halves_have_their_values() {
        // From the table of IEEE 754: one, the largest, the smallest normal, the smallest, −2.
        for (bits, value) in [
            (0x3c00, 1.0),
            (0x7bff, 65_504.0),
            (0x0400, 6.103_515_6e-5),
            (0x0001, 5.960_464_5e-8),
            (0xc000, -2.0),
            (0x8000, -0.0),
            (0x7c00, f32::INFINITY),
        ] {
            assert_eq!(from_half(bits).to_bits(), f32::to_bits(value), "{bits:#x}");
        }
        assert!(from_half(0x7e00).is_nan());
    }
}
