//! Models as safetensors files: the numbers as tensors that PyTorch loads as they are, the rest as metadata.

use super::dense_tensors::{DenseTensors, in_order};
use super::description::{Description, activation_of, quoted};
use super::format::description_text;
use super::place::shortened;
use super::read::check_sizes;
use super::{Model, ModelProblem, SaveError, TrainingRecord};
use crate::nn::{Activation, Cost, Layer, Network};
use safetensors::tensor::TensorView;
use safetensors::{Dtype, SafeTensorError, SafeTensors};
use serde::Deserialize;
use serde::de::{Deserializer, IgnoredAny, MapAccess, Visitor};
use std::collections::{BTreeMap, HashMap, HashSet};
use std::fmt;
use std::path::Path;

/// The header names each tensor; a longer one is refused unread.
pub(super) const MAX_HEADER_BYTES: u64 = 1 << 20;

/// Under which key of the metadata the description of the model is: all that a JSON file says but the numbers.
const KEY: &str = "inkgrad";

/// Bytes of the number at the beginning of the file: how long its header is.
const LENGTH_BYTES: usize = 8;

/// What a layer is in the description: its numbers are tensors.
#[derive(Deserialize)]
struct LayerKind {
    activation: String,
}

/// The first name that is twice in a JSON object, or in the metadata in it.
struct Repeated(Option<String>);

pub(super) fn has_its_extension(path: &Path) -> bool {
    path.extension()
        .is_some_and(|extension| extension.eq_ignore_ascii_case("safetensors"))
}

/// A model of this program, or a network of another one whose layers are all dense.
pub(super) fn read(path: &Path, bytes: &[u8]) -> Result<Model, ModelProblem> {
    check_header(bytes)?;
    let (_, header) = SafeTensors::read_metadata(bytes).map_err(|error| not_safetensors(&error))?;
    let file = SafeTensors::deserialize(bytes).map_err(|error| not_safetensors(&error))?;
    let layers = DenseTensors::all(&file)?;
    let metadata = header.metadata().clone().unwrap_or_default();
    match metadata.get(KEY) {
        Some(description) => own_model(description, layers),
        None => foreign_model(path, &metadata, layers),
    }
}

/// The bytes of a safetensors file: `layers.0.weight` `[units, inputs]`, `layers.0.bias` `[units]`, and so on.
pub(super) fn write(model: &Model) -> Result<Vec<u8>, SaveError> {
    if let Some(place) = model.network.first_non_finite() {
        return Err(SaveError::NotFinite(place));
    }
    let description = description_text(model, |layer| {
        let activation = serde_json::to_string(layer.activation.id())?;
        Ok(format!("    {{\"activation\": {activation}}}"))
    })
    .map_err(SaveError::Record)?;
    let mut parts = Vec::new();
    for (index, layer) in model.network.layers().iter().enumerate() {
        // A column of the network is a row of the file.
        let weights = bytes_of(layer.weights.t().iter());
        let shape = vec![layer.units(), layer.inputs()];
        parts.push((format!("layers.{index}.weight"), shape, weights));
        let biases = bytes_of(layer.biases.iter());
        parts.push((format!("layers.{index}.bias"), vec![layer.units()], biases));
    }
    let tensors: Vec<(&str, TensorView<'_>)> = parts
        .iter()
        .map(|(name, shape, bytes)| {
            let tensor = TensorView::new(Dtype::F32, shape.clone(), bytes)?;
            Ok((name.as_str(), tensor))
        })
        .collect::<Result<_, _>>()
        .map_err(SaveError::Tensors)?;
    let metadata = HashMap::from([(KEY.to_owned(), description)]);
    safetensors::serialize(tensors, Some(metadata)).map_err(SaveError::Tensors)
}

fn own_model(description: &str, layers: Vec<DenseTensors<'_>>) -> Result<Model, ModelProblem> {
    let within = |problem| ModelProblem::Description(Box::new(problem));
    let model = Description::<LayerKind>::read(description).map_err(within)?;
    let cost = model.cost().map_err(within)?;
    let mut by_name: BTreeMap<String, DenseTensors<'_>> = layers
        .into_iter()
        .map(|layer| (layer.name.clone(), layer))
        .collect();
    let mut network = Vec::new();
    for (index, kind) in model.layers.iter().enumerate() {
        let activation = activation_of(index + 1, &kind.activation).map_err(within)?;
        let name = format!("layers.{index}");
        let missing = |part| ModelProblem::MissingTensor {
            name: quoted(&format!("{name}.{part}")),
        };
        let tensors = by_name.remove(&name).ok_or_else(|| missing("weight"))?;
        if !tensors.has_biases() {
            return Err(missing("bias"));
        }
        network.push(tensors.to_layer(index + 1, activation)?);
    }
    if let Some(name) = by_name.keys().next() {
        return Err(ModelProblem::SuperfluousTensor {
            name: quoted(&format!("{name}.weight")),
            layers: model.layers.len(),
        });
    }
    check_sizes(&network)?;
    Ok(Model {
        name: model.name,
        network: Network::new(network, cost)?,
        record: model.training,
        calibration: model.calibration,
    })
}

/// What such a file does not say is assumed, and the record says so. Its metadata may name the activations:
/// "activation" of the hidden layers, "output_activation" of the last.
fn foreign_model(
    path: &Path,
    metadata: &HashMap<String, String>,
    layers: Vec<DenseTensors<'_>>,
) -> Result<Model, ModelProblem> {
    let layers = in_order(layers)?;
    let last = layers.len() - 1;
    let named = |key: &str, layer| {
        let id = metadata.get(key);
        id.map(|id| activation_of(layer, id)).transpose()
    };
    let (hidden, output) = (
        named("activation", 1)?,
        named("output_activation", last + 1)?,
    );
    let mut assumed = Vec::new();
    if hidden.is_none() && last > 0 {
        assumed.push("ReLU in the hidden layers");
    }
    if output.is_none() {
        assumed.push("softmax at the output");
    }
    if !layers.iter().all(DenseTensors::has_biases) {
        assumed.push("biases of 0 where there are none");
    }
    assumed.push("cells from 0 for paper to 1 for ink");
    let network: Vec<Layer> = layers
        .iter()
        .enumerate()
        .map(|(index, layer)| {
            let activation = if index == last {
                output.unwrap_or(Activation::Softmax)
            } else {
                hidden.unwrap_or(Activation::Relu)
            };
            layer.to_layer(index + 1, activation)
        })
        .collect::<Result<_, _>>()?;
    check_sizes(&network)?;
    let output = network[last].activation;
    let cost = match Cost::CrossEntropy.check_output(output) {
        Ok(()) => Cost::CrossEntropy,
        Err(_) => Cost::Quadratic,
    };
    Ok(Model {
        name: path
            .file_stem()
            .map_or_else(String::new, |stem| stem.to_string_lossy().into_owned()),
        network: Network::new(network, cost)?,
        record: TrainingRecord {
            assumed: Some(assumed.join(", ")),
            ..TrainingRecord::default()
        },
        calibration: None,
    })
}

/// What the reader of the format leaves open: how long the header may be, and that each name is there once.
fn check_header(bytes: &[u8]) -> Result<(), ModelProblem> {
    let too_short = || ModelProblem::NotSafetensors("it ends within its header".to_owned());
    let (length, rest) = bytes
        .split_first_chunk::<LENGTH_BYTES>()
        .ok_or_else(too_short)?;
    let length = u64::from_le_bytes(*length);
    if length > MAX_HEADER_BYTES {
        return Err(ModelProblem::HeaderTooLarge { bytes: length });
    }
    let header = usize::try_from(length)
        .ok()
        .and_then(|length| rest.get(..length))
        .ok_or_else(too_short)?;
    match serde_json::from_slice(header) {
        Ok(Repeated(Some(name))) => Err(ModelProblem::DuplicateName {
            name: quoted(&name),
        }),
        // Whatever else is wrong is told by the reader of the format.
        _ => Ok(()),
    }
}

fn bytes_of<'a>(numbers: impl Iterator<Item = &'a f32>) -> Vec<u8> {
    numbers.flat_map(|number| number.to_le_bytes()).collect()
}

fn not_safetensors(error: &SafeTensorError) -> ModelProblem {
    ModelProblem::NotSafetensors(shortened(&error.to_string(), 160))
}

impl<'de> Deserialize<'de> for Repeated {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Names;
        impl<'de> Visitor<'de> for Names {
            type Value = Repeated;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Repeated, A::Error> {
                let mut repeated = None;
                let mut names = HashSet::new();
                while let Some(name) = map.next_key::<String>()? {
                    if name == "__metadata__" {
                        let Repeated(inside) = map.next_value()?;
                        repeated = repeated.or(inside);
                    } else {
                        map.next_value::<IgnoredAny>()?;
                    }
                    if names.contains(&name) {
                        repeated = Some(name);
                    } else {
                        names.insert(name);
                    }
                }
                Ok(Repeated(repeated))
            }
        }
        deserializer.deserialize_map(Names)
    }
}
