use super::{ModelFileError, TrainingRecord};
use crate::data::WriteError;
use crate::nn::Network;
use std::path::Path;

/// A network with its name and history, as it is kept in a file.
#[derive(Clone, Debug, PartialEq)]
pub struct Model {
    pub name: String,
    pub network: Network,
    pub record: TrainingRecord,
}

/// Larger files are refused unread.
pub const MAX_FILE_BYTES: u64 = 512 << 20;

/// Reads and checks a model file.
pub fn open_model(path: &Path) -> Result<Model, ModelFileError> {
    let _ = path;
    todo!()
}

/// Checks the text of a model file; `path` only names it in errors.
pub fn read_model(path: &Path, bytes: &[u8]) -> Result<Model, ModelFileError> {
    let _ = (path, bytes);
    todo!()
}

/// The text of a model file.
pub fn write_model(model: &Model) -> String {
    let _ = model;
    todo!()
}

/// Writes a model file, whole or not at all.
pub fn save_model(path: &Path, model: &Model) -> Result<(), WriteError> {
    crate::data::write_atomically(path, write_model(model).as_bytes())
}

/// The model that a command-line argument means: a bundled name or a path.
pub fn resolve_model(name_or_path: &str) -> Result<Model, ModelFileError> {
    let _ = name_or_path;
    todo!()
}
