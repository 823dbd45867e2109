use super::diagnosis::problem_at;
use super::format::FORMAT;
use super::place::{Place, shortened};
use super::rows::{Finite, Rows};
use super::{Model, ModelFileError, ModelProblem, TrainingRecord, VERSION};
use crate::ink::{NORMALIZATION_ID, SIDE};
use crate::nn::{Activation, Cost, Layer, Network};
use ndarray::{Array1, Array2};
use serde::Deserialize;
use std::path::Path;

/// What is looked at first, so that a file of another kind or version is called that and not faulty.
#[derive(Deserialize)]
struct Header {
    format: Option<String>,
    version: Option<u64>,
}

/// The fields of version 1. A duplicate is refused; a field that is not known is passed over.
#[derive(Deserialize)]
struct ModelText {
    name: String,
    cost: String,
    normalization: String,
    training: TrainingRecord,
    layers: Vec<LayerText>,
}

#[derive(Deserialize)]
struct LayerText {
    activation: String,
    weights: Rows,
    biases: Vec<Finite>,
}

/// Checks the text of a model file; `path` only names it in errors.
pub fn read_model(path: &Path, bytes: &[u8]) -> Result<Model, ModelFileError> {
    model_of(bytes).map_err(|problem| ModelFileError {
        path: path.to_owned(),
        problem,
    })
}

fn model_of(bytes: &[u8]) -> Result<Model, ModelProblem> {
    let text = std::str::from_utf8(bytes).map_err(|error| ModelProblem::NotText {
        offset: error.valid_up_to(),
    })?;
    if text.trim().is_empty() {
        return Err(ModelProblem::Empty);
    }
    check_header(text)?;
    let model: ModelText = serde_json::from_str(text).map_err(|error| problem_at(text, &error))?;
    if model.normalization != NORMALIZATION_ID {
        return Err(ModelProblem::UnknownNormalization {
            found: quoted(&model.normalization),
        });
    }
    let cost = Cost::ALL
        .into_iter()
        .find(|cost| cost.id() == model.cost)
        .ok_or_else(|| ModelProblem::UnknownCost {
            found: quoted(&model.cost),
            known: listed(Cost::ALL.map(Cost::id)),
        })?;
    let layers = layers_of(model.layers)?;
    Ok(Model {
        name: model.name,
        network: Network::new(layers, cost)?,
        record: model.training,
    })
}

fn check_header(text: &str) -> Result<(), ModelProblem> {
    let header: Header = serde_json::from_str(text).map_err(|error| {
        let problem = problem_at(text, &error);
        match &problem {
            ModelProblem::WrongValue { place, .. } if *place != version_field() => {
                ModelProblem::NotAModel {
                    found: "is not there as a text".to_owned(),
                }
            }
            _ => problem,
        }
    })?;
    match header.format {
        Some(format) if format == FORMAT => {}
        Some(format) => {
            return Err(ModelProblem::NotAModel {
                found: format!("is {}", quoted(&format)),
            });
        }
        None => {
            return Err(ModelProblem::NotAModel {
                found: "is missing".to_owned(),
            });
        }
    }
    match header.version {
        Some(VERSION) => Ok(()),
        Some(found) if found > VERSION => Err(ModelProblem::NewerVersion { found }),
        Some(found) => Err(ModelProblem::NoSuchVersion { found }),
        None => Err(ModelProblem::MissingField {
            place: Place::Model,
            field: "version".to_owned(),
        }),
    }
}

/// The layers, once their sizes are known to fit each other and the task.
fn layers_of(texts: Vec<LayerText>) -> Result<Vec<Layer>, ModelProblem> {
    let mut layers: Vec<Layer> = Vec::with_capacity(texts.len());
    for (index, text) in texts.into_iter().enumerate() {
        let layer = layer_of(index + 1, text)?;
        if let Some(previous) = layers.last()
            && previous.biases.len() != layer.weights.nrows()
        {
            return Err(ModelProblem::SizesDoNotFit {
                layer: index + 1,
                inputs: layer.weights.nrows(),
                units: previous.biases.len(),
            });
        }
        layers.push(layer);
    }
    let (Some(first), Some(last)) = (layers.first(), layers.last()) else {
        return Err(ModelProblem::NoLayers);
    };
    let (inputs, outputs) = (first.weights.nrows(), last.biases.len());
    if (inputs, outputs) != (SIDE * SIDE, 10) {
        return Err(ModelProblem::NotADigitReader { inputs, outputs });
    }
    Ok(layers)
}

fn layer_of(layer: usize, text: LayerText) -> Result<Layer, ModelProblem> {
    let activation = Activation::ALL
        .into_iter()
        .find(|activation| activation.id() == text.activation)
        .ok_or_else(|| ModelProblem::UnknownActivation {
            layer,
            found: quoted(&text.activation),
            known: listed(Activation::ALL.map(Activation::id)),
        })?;
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

fn version_field() -> Place {
    Place::Field("version".to_owned())
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", shortened(text, 40))
}

fn listed<const N: usize>(ids: [&str; N]) -> String {
    ids.join(", ")
}
