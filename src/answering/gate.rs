use crate::ink::{Cells, SIDE};
use crate::nn::{Activation, Cost, Layer, Network, NetworkError};
use flate2::read::GzDecoder;
use ndarray::Array2;
use serde::{Deserialize, Serialize};
use std::sync::LazyLock;

/// A small network with one output that tells digits from what is none.
///
/// It has learned from digits and from ink that is no digit (`ink::stranger`), not from any network that it stands
/// beside: it is as good for one that was made a moment ago.
#[derive(Clone, Debug, PartialEq)]
pub struct Gate {
    network: Network,
    least_likeness: f32,
}

/// Why a text is no gate.
#[derive(Debug, thiserror::Error)]
pub enum GateError {
    #[error("this is not the JSON of a gate: {0}")]
    Json(#[from] serde_json::Error),
    #[error("layer {layer}: unit {unit} has {found} weights, and unit 1 has {expected}")]
    Ragged {
        layer: usize,
        unit: usize,
        found: usize,
        expected: usize,
    },
    #[error("the gate has {inputs} inputs and {outputs} outputs; it needs 784 and 1")]
    Shape { inputs: usize, outputs: usize },
    #[error("the least likeness is {found}, but it must be between 0 and 1")]
    LeastLikeness { found: f32 },
    #[error("{0}")]
    Network(#[from] NetworkError),
}

/// The file: `assets/gate.json`.
#[derive(Serialize, Deserialize)]
struct GateText {
    /// The command that made it.
    made_by: String,
    least_likeness: f32,
    /// ReLU between them, a sigmoid after the last.
    layers: Vec<LayerText>,
}

/// In thousandths: more digits change no answer and make the file longer.
#[derive(Serialize, Deserialize)]
struct LayerText {
    biases: Vec<i32>,
    /// A row for each unit.
    weights: Vec<Vec<i32>>,
}

/// `assets/gate.json`, as `build.rs` has zipped it.
const ZIPPED: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/gate.json.gz"));

static BUNDLED: LazyLock<Option<Gate>> = LazyLock::new(|| {
    let text = std::io::read_to_string(GzDecoder::new(ZIPPED)).ok()?;
    Gate::read(&text).ok()
});

impl Gate {
    /// The gate that comes with the program. `None` would be a damaged program; a test holds that it is not.
    pub fn bundled() -> Option<&'static Self> {
        BUNDLED.as_ref()
    }

    /// Checks the shape and the limit.
    pub(super) fn new(network: Network, least_likeness: f32) -> Result<Self, GateError> {
        let shape = (network.input_size(), network.output_size());
        if shape != (SIDE * SIDE, 1) {
            let (inputs, outputs) = shape;
            return Err(GateError::Shape { inputs, outputs });
        }
        if !(0.0..=1.0).contains(&least_likeness) {
            return Err(GateError::LeastLikeness {
                found: least_likeness,
            });
        }
        Ok(Self {
            network,
            least_likeness,
        })
    }

    /// How much the ink looks like a digit, 0..=1.
    pub fn likeness(&self, cells: &Cells) -> f32 {
        self.network.predict(&cells.input())[0]
    }

    /// [`Self::likeness`] of each row of `x` `[n, 784]`.
    pub fn likeness_of_rows(&self, x: &Array2<f32>) -> Vec<f32> {
        self.network.forward(x.view()).into_raw_vec_and_offset().0
    }

    /// Less is no digit, where a network has no [`super::Calibration`] of its own. It was chosen so that 99 % of
    /// the validation digits of every data set that the gate was made from pass.
    pub fn least_likeness(&self) -> f32 {
        self.least_likeness
    }

    pub fn read(text: &str) -> Result<Self, GateError> {
        let GateText {
            least_likeness,
            layers: texts,
            ..
        } = serde_json::from_str(text)?;
        let last = texts.len().saturating_sub(1);
        let layers = texts
            .into_iter()
            .enumerate()
            .map(|(index, text)| layer_of(index, index == last, text))
            .collect::<Result<Vec<Layer>, GateError>>()?;
        Self::new(Network::new(layers, Cost::CrossEntropy)?, least_likeness)
    }

    /// The text of its file; `made_by` is the command that makes it again.
    pub fn write(&self, made_by: &str) -> Result<String, GateError> {
        let layers = self.network.layers().iter().map(|layer| LayerText {
            biases: layer.biases.iter().copied().map(in_thousandths).collect(),
            weights: layer
                .weights
                .columns()
                .into_iter()
                .map(|unit| unit.iter().copied().map(in_thousandths).collect())
                .collect(),
        });
        let text = GateText {
            made_by: made_by.to_owned(),
            least_likeness: self.least_likeness,
            layers: layers.collect(),
        };
        // A line for each unit.
        Ok(serde_json::to_string(&text)?.replace("],[", "],\n[") + "\n")
    }
}

fn in_thousandths(weight: f32) -> i32 {
    (weight * 1000.0).round() as i32
}

fn from_thousandths(weight: i32) -> f32 {
    weight as f32 / 1000.0
}

/// The same network with the numbers that its file will hold.
pub(super) fn as_in_file(network: &Network) -> Result<Network, NetworkError> {
    let round = |weight: &f32| from_thousandths(in_thousandths(*weight));
    let layers = network.layers().iter().map(|layer| Layer {
        weights: layer.weights.map(round),
        biases: layer.biases.map(round),
        activation: layer.activation,
    });
    Network::new(layers.collect(), network.cost())
}

fn layer_of(index: usize, is_last: bool, text: LayerText) -> Result<Layer, GateError> {
    let units = text.weights.len();
    let inputs = text.weights.first().map_or(0, Vec::len);
    if let Some(unit) = text.weights.iter().position(|row| row.len() != inputs) {
        return Err(GateError::Ragged {
            layer: index + 1,
            unit: unit + 1,
            found: text.weights[unit].len(),
            expected: inputs,
        });
    }
    Ok(Layer {
        weights: Array2::from_shape_fn((inputs, units), |(input, unit)| {
            from_thousandths(text.weights[unit][input])
        }),
        biases: text.biases.into_iter().map(from_thousandths).collect(),
        activation: if is_last {
            Activation::Sigmoid
        } else {
            Activation::Relu
        },
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bundled_gate_can_be_read_and_written_again() {
        let gate = Gate::bundled().unwrap();
        let again = Gate::read(&gate.write("inkgrad train-gate").unwrap()).unwrap();
        assert_eq!(&again, gate);
    }

    #[test]
    fn a_blank_and_a_full_picture_are_no_digits() {
        let gate = Gate::bundled().unwrap();
        for cells in [Cells::BLANK, Cells([255; SIDE * SIDE])] {
            assert!(gate.likeness(&cells) < gate.least_likeness());
        }
    }

    #[test]
    fn what_is_no_gate_is_refused() {
        let layer = |weights: &str| {
            format!(
                r#"{{"made_by":"","least_likeness":0.1,"layers":[{{"biases":[0],"weights":{weights}}}]}}"#
            )
        };
        for (text, sentence) in [
            (
                layer("[[1,2]]"),
                "the gate has 2 inputs and 1 outputs; it needs 784 and 1",
            ),
            (
                layer("[[1,2],[3]]"),
                "layer 1: unit 2 has 1 weights, and unit 1 has 2",
            ),
        ] {
            assert_eq!(Gate::read(&text).unwrap_err().to_string(), sentence);
        }
        assert!(Gate::read("{}").is_err());
    }
}
