use super::{DataError, DataSets};
use serde::{Deserialize, Serialize};
use std::ops::ControlFlow;
use std::path::PathBuf;

/// Where a data set comes from.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DataSource {
    /// Found in `$INKGRAD_DATA_DIR`, then in the user's data folder.
    Mnist,
    /// Written on the spot; always there.
    #[default]
    Practice,
    /// An IDX folder, an image folder `ROOT/<label>/*.png` or a drawings file: told apart by looking.
    Path(PathBuf),
}

impl DataSource {
    /// `mnist`, `practice`, or a path.
    pub fn parse(text: &str) -> Self {
        let _ = text;
        todo!()
    }

    /// "MNIST", "Practice digits", or the last part of the path.
    pub fn label(&self) -> String {
        todo!()
    }

    /// Reads it and splits it, seeded; `progress` is called with 0..=1 and may cancel.
    pub fn load(
        &self,
        seed: u64,
        progress: &mut dyn FnMut(f32) -> ControlFlow<()>,
    ) -> Result<DataSets, DataError> {
        let _ = (seed, progress);
        todo!()
    }

    /// The folder that holds MNIST's archives, if there is one.
    pub fn mnist_dir() -> Option<PathBuf> {
        todo!()
    }
}

/// Where this user's data (fetched MNIST, recovery file) is kept; `$INKGRAD_HOME` overrides it.
pub fn user_data_dir() -> Option<PathBuf> {
    todo!()
}
