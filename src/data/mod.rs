//! Bytes in, examples out: where digits come from, how they are read, split and fetched, and how files are written.

mod augment;
mod dataset;
mod drawings_file;
mod error;
mod fetch;
mod grouped;
mod idx;
mod idx_folder;
mod idx_write;
mod image_folder;
mod mix;
mod source;
mod source_text;
mod split;
mod write;
mod written;

pub use augment::Augmentation;
pub use dataset::{DataSets, Dataset, Examples};
pub use drawings_file::{read_drawings, write_drawings};
pub use error::DataError;
pub use fetch::{
    Archive, FetchError, FetchOptions, FetchProgress, MIRRORS, MNIST_ARCHIVES, Setback,
    fetch_archives, fetch_mnist,
};
pub use grouped::grouped;
pub use idx_folder::Half;
pub use idx_write::write_idx;
pub use source::{DataSource, Part, user_data_dir};
pub use write::{WriteError, check_writable, write_atomically};
