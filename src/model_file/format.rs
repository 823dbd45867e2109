use super::{
    BUNDLED, ModelFileError, ModelProblem, SaveError, TrainingRecord, bundled_model, read_model,
};
use crate::ink::NORMALIZATION_ID;
use crate::nn::Network;
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
}

/// What the field "format" of every model file says.
pub(super) const FORMAT: &str = "inkgrad-model";

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

/// The model that a command-line argument means: a bundled name or a path.
pub fn resolve_model(name_or_path: &str) -> Result<Model, ModelFileError> {
    if let Some(model) = bundled_model(name_or_path) {
        return Ok(model);
    }
    open_model(Path::new(name_or_path)).map_err(|mut error| {
        if let ModelProblem::Unreadable(source) = &error.problem
            && source.kind() == std::io::ErrorKind::NotFound
        {
            error.problem = ModelProblem::NoSuchModel {
                known: BUNDLED.join(", "),
            };
        }
        error
    })
}

/// The text of a model file: JSON with a row of weights, those of one unit, on each line.
///
/// Each `f32` is written with the digits that bring the same bits back.
pub fn write_model(model: &Model) -> Result<String, SaveError> {
    if let Some(place) = model.network.first_non_finite() {
        return Err(SaveError::NotFinite(place));
    }
    text_of(model).map_err(SaveError::Record)
}

/// Writes a model file, whole or not at all.
pub fn save_model(path: &Path, model: &Model) -> Result<(), SaveError> {
    let text = write_model(model)?;
    Ok(crate::data::write_atomically(path, text.as_bytes())?)
}

fn text_of(model: &Model) -> Result<String, serde_json::Error> {
    let mut layers = Vec::new();
    for layer in model.network.layers() {
        let mut rows = Vec::new();
        for unit in layer.weights.columns() {
            rows.push(format!("        {}", to_string(&unit.to_vec())?));
        }
        layers.push(format!(
            "    {{\n      \"activation\": {},\n      \"biases\": {},\n      \"weights\": [\n{}\n      ]\n    }}",
            to_string(layer.activation.id())?,
            to_string(&layer.biases.to_vec())?,
            rows.join(",\n"),
        ));
    }
    let training = serde_json::to_string_pretty(&model.record)?.replace('\n', "\n  ");
    Ok(format!(
        "{{\n  \"format\": {},\n  \"version\": {VERSION},\n  \"name\": {},\n  \"cost\": {},\n  \"normalization\": {},\n  \"training\": {training},\n  \"layers\": [\n{}\n  ]\n}}\n",
        to_string(FORMAT)?,
        to_string(&model.name)?,
        to_string(model.network.cost().id())?,
        to_string(NORMALIZATION_ID)?,
        layers.join(",\n"),
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
