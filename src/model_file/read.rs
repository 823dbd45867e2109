use super::format::FORMAT;
use super::place::{Place, Step, path_at, shortened};
use super::{Model, ModelFileError, ModelProblem, TrainingRecord, VERSION};
use crate::ink::{NORMALIZATION_ID, SIDE};
use crate::nn::{Activation, Cost, Layer, Network};
use ndarray::{Array1, Array2};
use serde::Deserialize;
use serde::de::{DeserializeSeed, Deserializer, Error, SeqAccess, Visitor};
use std::fmt;
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

/// A number that is neither NaN nor too large for `f32`.
struct Finite(f32);

/// Rows of numbers, kept one after the other.
///
/// A row costs no memory beyond its numbers, so a file cannot ask for many times its own size.
#[derive(Default)]
struct Rows {
    count: usize,
    /// Length of the first row.
    width: usize,
    /// The first row of another length: its place from 0 and its length.
    ragged: Option<(usize, usize)>,
    values: Vec<f32>,
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

/// What serde_json found, said in terms of the model.
fn problem_at(text: &str, error: &serde_json::Error) -> ModelProblem {
    let (line, column) = (error.line(), error.column());
    let offset = offset_of(text, line, column);
    let path = path_at(text, offset);
    let message = error.to_string();
    let reason = message
        .rsplit_once(" at line ")
        .map_or(message.as_str(), |(reason, _)| reason);
    let reason = shortened(reason, 100);
    let place = Place::from_path(&path);

    if matches!(place, Place::Weight { .. } | Place::Bias { .. }) && !error.is_eof() {
        let found = token_at(text, offset);
        if !found.is_empty() && !found.parse::<f32>().is_ok_and(f32::is_finite) {
            return ModelProblem::NotANumber {
                place,
                found: shortened(found, 30),
                line,
                column,
            };
        }
    }
    if !error.is_data() {
        return ModelProblem::NotJson {
            line,
            column,
            reason,
        };
    }
    // serde names the field only in its sentence. The last field that was read is not the place of these two.
    let outer = match path.split_last() {
        Some((Step::Field(_), outer)) => outer,
        _ => &path,
    };
    if let Some(field) = reason.strip_prefix("missing field ") {
        return ModelProblem::MissingField {
            place: Place::from_path(outer),
            field: field.replace('`', ""),
        };
    }
    if let Some(field) = reason.strip_prefix("duplicate field ") {
        return ModelProblem::DuplicateField {
            place: Place::from_path(outer),
            field: field.replace('`', ""),
            line,
        };
    }
    ModelProblem::WrongValue {
        place,
        reason,
        line,
        column,
    }
}

/// The byte that serde_json's line and column, both from 1, stand for.
fn offset_of(text: &str, line: usize, column: usize) -> usize {
    let start: usize = text
        .split_inclusive('\n')
        .take(line.saturating_sub(1))
        .map(str::len)
        .sum();
    start + column.saturating_sub(1)
}

/// The run of text around `offset` between two separators.
fn token_at(text: &str, offset: usize) -> &str {
    let separates = |byte: &u8| b",[]{}: \t\r\n".contains(byte);
    let bytes = text.as_bytes();
    let offset = offset.min(bytes.len());
    let start = bytes[..offset].iter().rposition(separates);
    let end = bytes[offset..].iter().position(separates);
    let start = start.map_or(0, |before| before + 1);
    text.get(start..end.map_or(bytes.len(), |length| offset + length))
        .unwrap_or_default()
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

impl<'de> Deserialize<'de> for Finite {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let number = f32::deserialize(deserializer)?;
        if number.is_finite() {
            Ok(Self(number))
        } else {
            Err(D::Error::custom("the number is too large"))
        }
    }
}

impl<'de> Deserialize<'de> for Rows {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct AllRows;
        impl<'de> Visitor<'de> for AllRows {
            type Value = Rows;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "a list with the weights of each unit")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut rows: A) -> Result<Rows, A::Error> {
                let mut all = Rows::default();
                while let Some(length) = rows.next_element_seed(Row(&mut all.values))? {
                    if all.count == 0 {
                        all.width = length;
                    } else if length != all.width && all.ragged.is_none() {
                        all.ragged = Some((all.count, length));
                    }
                    all.count += 1;
                }
                Ok(all)
            }
        }
        deserializer.deserialize_seq(AllRows)
    }
}

/// Reads one row to the end of the values that there are, and says how long it was.
struct Row<'a>(&'a mut Vec<f32>);

impl<'de> DeserializeSeed<'de> for Row<'_> {
    type Value = usize;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<usize, D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for Row<'_> {
    type Value = usize;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "a list of weights")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut numbers: A) -> Result<usize, A::Error> {
        let before = self.0.len();
        while let Some(Finite(number)) = numbers.next_element()? {
            self.0.push(number);
        }
        Ok(self.0.len() - before)
    }
}
