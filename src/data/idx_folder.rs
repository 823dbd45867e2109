use super::error::DataError;
use std::path::{Path, PathBuf};

/// One of the two halves of an IDX folder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Half {
    Train,
    Test,
}

/// The two files of a half.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct HalfFiles {
    pub(super) images: PathBuf,
    pub(super) labels: PathBuf,
}

/// Where the four files of a data set are.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct IdxFolder {
    pub(super) train: HalfFiles,
    pub(super) test: HalfFiles,
}

impl Half {
    /// The names of its files in MNIST: images, then labels.
    pub(super) fn names(self) -> [&'static str; 2] {
        match self {
            Self::Train => ["train-images-idx3-ubyte", "train-labels-idx1-ubyte"],
            Self::Test => ["t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte"],
        }
    }
}

impl HalfFiles {
    /// The half alone, where both its files are in `dir`.
    pub(super) fn find(dir: &Path, half: Half) -> Option<Self> {
        let [images, labels] = half.names().map(|name| find_file(dir, name));
        Some(Self {
            images: images?,
            labels: labels?,
        })
    }
}

impl IdxFolder {
    /// The files of `dir`, with `.gz` or without, with a dash before `idx` or a dot. `Ok(None)` when none of them
    /// is there, an error when some are missing.
    pub(super) fn find(dir: &Path) -> Result<Option<Self>, DataError> {
        let halves = [Half::Train, Half::Test].map(|half| HalfFiles::find(dir, half));
        if let [Some(train), Some(test)] = halves {
            return Ok(Some(Self { train, test }));
        }
        let names = [Half::Train, Half::Test].map(Half::names).concat();
        let missing: Vec<String> = names
            .iter()
            .filter(|name| find_file(dir, name).is_none())
            .map(|name| (*name).to_owned())
            .collect();
        if missing.len() == names.len() {
            return Ok(None);
        }
        Err(DataError::MissingFiles {
            dir: dir.to_owned(),
            missing,
        })
    }
}

/// The file with one of MNIST's names, as any of its copies spell it.
pub(super) fn find_file(dir: &Path, name: &str) -> Option<PathBuf> {
    let dotted = name.replace("-idx", ".idx");
    [name, &dotted]
        .into_iter()
        .flat_map(|name| [name.to_owned(), format!("{name}.gz")])
        .map(|name| dir.join(name))
        .find(|path| path.is_file())
}
