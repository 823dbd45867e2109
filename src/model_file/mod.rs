//! Models as files: what is written, how everything is checked before anything is used, and the models that
//! come with the program.

mod bundled;
mod diagnosis;
mod error;
mod format;
mod place;
mod read;
mod record;
mod rows;

pub use bundled::{BUNDLED, bundled_model};
pub use error::{ModelFileError, ModelProblem, SaveError};
pub use format::{
    MAX_FILE_BYTES, Model, VERSION, open_model, resolve_model, save_model, write_model,
};
pub use place::Place;
pub use read::read_model;
pub use record::TrainingRecord;
