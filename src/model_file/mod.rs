//! Models as files: what is written, how everything is checked before anything is used, and the models that
//! come with the program.

mod bundled;
mod dense_tensors;
mod description;
mod diagnosis;
mod error;
mod format;
mod names;
mod place;
mod read;
mod record;
mod rows;
mod safetensors_file;

pub use bundled::{bundled_model, bundled_names};
pub use error::{ModelFileError, ModelProblem, SaveError};
pub use format::{MAX_FILE_BYTES, Model, VERSION, open_model, save_model, write_model};
pub use names::{FoundModel, found_models, resolve_model};
pub use place::Place;
pub use read::read_model;
pub use record::TrainingRecord;
