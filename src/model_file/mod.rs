//! Models as files: what is written, how everything is checked before anything is used, and the models that
//! come with the program.

mod bundled;
mod error;
mod format;
mod record;

pub use bundled::{BUNDLED, bundled_model};
pub use error::ModelFileError;
pub use format::{
    MAX_FILE_BYTES, Model, open_model, read_model, resolve_model, save_model, write_model,
};
pub use record::TrainingRecord;
