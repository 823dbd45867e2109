use super::description::{Description, activation_of};
use super::rows::{Finite, Rows};
use super::{Model, ModelFileError, ModelProblem, safetensors_file};
use crate::ink::SIDE;
use crate::nn::{Layer, Network};
use ndarray::{Array1, Array2};
use serde::Deserialize;
use std::path::Path;

/// A layer in a JSON text.
#[derive(Deserialize)]
struct LayerText {
    activation: String,
    weights: Rows,
    biases: Vec<Finite>,
}

/// Checks the bytes of a model file, JSON or safetensors; `path` names it, in errors and where it has no name inside.
pub fn read_model(path: &Path, bytes: &[u8]) -> Result<Model, ModelFileError> {
    let model = if is_safetensors(path, bytes) {
        safetensors_file::read(path, bytes)
    } else {
        read_json(bytes)
    };
    model.map_err(|problem| ModelFileError {
        path: path.to_owned(),
        problem,
    })
}

/// What is in a file decides, and where that says nothing its name: `JSON` has no zero bytes, and a safetensors file
/// begins with the length of its header, which is far below 2⁵⁶.
fn is_safetensors(path: &Path, bytes: &[u8]) -> bool {
    match bytes {
        [_, _, _, _, _, _, _, 0, b'{', ..] => true,
        _ => {
            let is_json = bytes.trim_ascii_start().first() == Some(&b'{');
            safetensors_file::has_its_extension(path) && !is_json && !bytes.is_empty()
        }
    }
}

fn read_json(bytes: &[u8]) -> Result<Model, ModelProblem> {
    let text = std::str::from_utf8(bytes).map_err(|error| ModelProblem::NotText {
        offset: error.valid_up_to(),
    })?;
    if text.trim().is_empty() {
        return Err(ModelProblem::Empty);
    }
    let mut model = Description::<LayerText>::read(text)?;
    let cost = model.cost()?;
    let mut layers = Vec::new();
    for (index, text) in std::mem::take(&mut model.layers).into_iter().enumerate() {
        layers.push(layer_of(index + 1, text)?);
    }
    check_sizes(&layers)?;
    Ok(Model {
        name: model.name,
        network: Network::new(layers, cost)?,
        record: model.training,
        calibration: model.calibration,
    })
}

/// Whether the sizes of the layers fit each other and the task.
pub(super) fn check_sizes(layers: &[Layer]) -> Result<(), ModelProblem> {
    for (index, pair) in layers.windows(2).enumerate() {
        let (inputs, units) = (pair[1].weights.nrows(), pair[0].biases.len());
        if inputs != units {
            return Err(ModelProblem::SizesDoNotFit {
                layer: index + 2,
                inputs,
                units,
            });
        }
    }
    let (Some(first), Some(last)) = (layers.first(), layers.last()) else {
        return Err(ModelProblem::NoLayers);
    };
    let (inputs, outputs) = (first.weights.nrows(), last.biases.len());
    if (inputs, outputs) != (SIDE * SIDE, 10) {
        return Err(ModelProblem::NotADigitReader { inputs, outputs });
    }
    Ok(())
}

fn layer_of(layer: usize, text: LayerText) -> Result<Layer, ModelProblem> {
    let activation = activation_of(layer, &text.activation)?;
    let rows = text.weights;
    if rows.count == 0 {
        return Err(ModelProblem::NoUnits { layer });
    }
    if let Some((unit, found)) = rows.ragged {
        return Err(ModelProblem::RaggedRow {
            layer,
            unit: unit + 1,
            found,
            expected: rows.width,
        });
    }
    if rows.width == 0 {
        return Err(ModelProblem::NoInputs { layer });
    }
    if text.biases.len() != rows.count {
        return Err(ModelProblem::BiasCount {
            layer,
            units: rows.count,
            biases: text.biases.len(),
        });
    }
    Ok(Layer {
        // The file has a row for each unit; the network has a column.
        weights: Array2::from_shape_fn((rows.width, rows.count), |(input, unit)| {
            rows.values[unit * rows.width + input]
        }),
        biases: Array1::from_iter(text.biases.into_iter().map(|Finite(bias)| bias)),
        activation,
    })
}
