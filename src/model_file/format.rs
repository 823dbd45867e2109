use super::description::FORMAT;
use super::{
    ModelFileError, ModelProblem, SaveError, TrainingRecord, read_model, safetensors_file,
};
use crate::answering::Calibration;
use crate::ink::NORMALIZATION_ID;
use crate::nn::{Layer, Network};
use serde_json::to_string;
use std::fs::File;
use std::io::Read;
use std::path::Path;

/// A network with its name and history, as it is kept in a file.
#[derive(Clone, Debug, PartialEq)]
pub struct Model {
    pub name: String,
    pub network: Network,
    pub record: TrainingRecord,
    /// How sure its answers are; none where it was never fitted to these very weights.
    pub calibration: Option<Calibration>,
}

/// The version of the format that is written, and the newest that is read.
pub const VERSION: u64 = 1;

/// Larger files are refused unread; room for all that can be trained here.
pub const MAX_FILE_BYTES: u64 = 256 << 20;

/// Reads and checks a model file. Whatever it returns has 784 inputs and 10 outputs.
pub fn open_model(path: &Path) -> Result<Model, ModelFileError> {
    let bytes = read_bounded(path).map_err(|problem| ModelFileError {
        path: path.to_owned(),
        problem,
    })?;
    read_model(path, &bytes)
}

/// The text of a JSON model file, with a row of weights, those of one unit, on each line.
///
/// Each `f32` is written with the digits that bring the same bits back.
pub fn write_model(model: &Model) -> Result<String, SaveError> {
    if let Some(place) = model.network.first_non_finite() {
        return Err(SaveError::NotFinite(place));
    }
    description_text(model, layer_text).map_err(SaveError::Record)
}

/// Writes a model file, whole or not at all: safetensors where the name ends so, JSON otherwise.
pub fn save_model(path: &Path, model: &Model) -> Result<(), SaveError> {
    let bytes = if safetensors_file::has_its_extension(path) {
        safetensors_file::write(model)?
    } else {
        write_model(model)?.into_bytes()
    };
    Ok(crate::data::write_atomically(path, &bytes)?)
}

/// A JSON object with all that a file says of a model; of its layers it says what `layer_text` makes of them.
pub(super) fn description_text(
    model: &Model,
    layer_text: impl Fn(&Layer) -> Result<String, serde_json::Error>,
) -> Result<String, serde_json::Error> {
    let layers: Vec<String> = model
        .network
        .layers()
        .iter()
        .map(layer_text)
        .collect::<Result<_, _>>()?;
    let training = serde_json::to_string_pretty(&model.record)?.replace('\n', "\n  ");
    let calibration = match &model.calibration {
        Some(calibration) => format!("\n  \"calibration\": {},", to_string(calibration)?),
        None => String::new(),
    };
    Ok(format!(
        "{{\n  \"format\": {},\n  \"version\": {VERSION},\n  \"name\": {},\n  \"cost\": {},\n  \"normalization\": {},\n  \"training\": {training},{calibration}\n  \"layers\": [\n{}\n  ]\n}}\n",
        to_string(FORMAT)?,
        to_string(&model.name)?,
        to_string(model.network.cost().id())?,
        to_string(NORMALIZATION_ID)?,
        layers.join(",\n"),
    ))
}

fn layer_text(layer: &Layer) -> Result<String, serde_json::Error> {
    let mut rows = Vec::new();
    for unit in layer.weights.columns() {
        rows.push(format!("        {}", to_string(&unit.to_vec())?));
    }
    Ok(format!(
        "    {{\n      \"activation\": {},\n      \"biases\": {},\n      \"weights\": [\n{}\n      ]\n    }}",
        to_string(layer.activation.id())?,
        to_string(&layer.biases.to_vec())?,
        rows.join(",\n"),
    ))
}

/// The bytes of a file, once it is known to be one and not too large.
fn read_bounded(path: &Path) -> Result<Vec<u8>, ModelProblem> {
    // Looked at before it is opened: opening a pipe waits for a writer.
    let metadata = std::fs::metadata(path).map_err(ModelProblem::Unreadable)?;
    if metadata.is_dir() {
        return Err(ModelProblem::Folder);
    }
    if !metadata.is_file() {
        return Err(ModelProblem::NotAFile);
    }
    if metadata.len() > MAX_FILE_BYTES {
        return Err(ModelProblem::TooLarge {
            bytes: metadata.len(),
        });
    }
    let mut bytes = Vec::new();
    File::open(path)
        .and_then(|file| file.take(MAX_FILE_BYTES).read_to_end(&mut bytes))
        .map_err(ModelProblem::Unreadable)?;
    Ok(bytes)
}
