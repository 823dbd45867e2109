use super::dataset::{DataSets, Examples};
use super::error::DataError;
use super::idx::{Half, IdxFolder};
use super::written::{PRACTICE_COUNTS, write_practice};
use super::{drawings_file, image_folder, mix, split};
use serde::{Deserialize, Serialize};
use std::env;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Training, validation and test examples are told apart by the same seed everywhere, so that no network meets in
/// training what it, or another, is judged by.
const SPLIT_SEED: u64 = 1;

/// Where a data set comes from.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DataSource {
    /// Found in `$INKGRAD_DATA_DIR`, then in the user's data folder.
    Mnist,
    /// Written on the spot; always there.
    #[default]
    Practice,
    /// An IDX folder, an image folder `ROOT/<label>/*.png` or a drawings file: told apart by looking.
    Path(PathBuf),
    /// Several of them as one.
    Mix(Vec<Part>),
}

/// A part of a mix.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Part {
    pub source: DataSource,
    /// Of an epoch, in proportion to the shares of the other parts; where no part has one, each digit comes once.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub share: Option<f32>,
}

impl DataSource {
    /// "MNIST", "Practice digits", the last part of the path, or for a mix all of these with their shares.
    pub fn label(&self) -> String {
        match self {
            Self::Mnist => "MNIST".to_owned(),
            Self::Practice => "Practice digits".to_owned(),
            Self::Path(path) => match path.file_name() {
                Some(name) => name.to_string_lossy().into_owned(),
                None => path.display().to_string(),
            },
            Self::Mix(parts) => {
                let labels = parts.iter().map(|part| part.source.label());
                let labels: Vec<String> = match mix::shares(parts) {
                    Some(shares) => labels
                        .zip(shares)
                        .map(|(label, share)| format!("{} {label}", percent(share)))
                        .collect(),
                    None => labels.collect(),
                };
                labels.join(" + ")
            }
        }
    }

    /// Reads it and splits it, always in the same way; `progress` is called with 0..=1 and may cancel.
    pub fn load(
        &self,
        progress: &mut dyn FnMut(f32) -> ControlFlow<()>,
    ) -> Result<DataSets, DataError> {
        let mut notes = Vec::new();
        let [train, validation, test] = self.read(SPLIT_SEED, progress, &mut notes)?;
        Ok(DataSets {
            source: self.clone(),
            name: self.label(),
            train,
            validation,
            test,
            notes,
        })
    }

    /// Training, validation and test examples, and what a person should know of the reading.
    pub(super) fn read(
        &self,
        seed: u64,
        progress: &mut dyn FnMut(f32) -> ControlFlow<()>,
        notes: &mut Vec<String>,
    ) -> Result<[Examples; 3], DataError> {
        match self {
            Self::Mnist => read_idx(&find_mnist(&mnist_places())?, seed, progress, notes),
            Self::Practice => write_practice(PRACTICE_COUNTS, seed, progress),
            Self::Path(path) => read_path(path, seed, progress, notes),
            Self::Mix(parts) => mix::read(parts, seed, progress, notes),
        }
    }

    /// The folder that holds MNIST's four archives, if there is one.
    pub fn mnist_dir() -> Option<PathBuf> {
        let complete = |dir: &PathBuf| matches!(IdxFolder::find(dir), Ok(Some(_)));
        mnist_places().into_iter().find(complete)
    }

    /// Where a fetched MNIST is put, and found again.
    pub fn mnist_fetch_dir() -> Option<PathBuf> {
        Some(user_data_dir()?.join("mnist"))
    }
}

/// Where this user's data (fetched MNIST, recovery file) is kept; `$INKGRAD_HOME` overrides it.
pub fn user_data_dir() -> Option<PathBuf> {
    set_path("INKGRAD_HOME").or_else(|| {
        let dirs = directories::ProjectDirs::from("", "", "inkgrad")?;
        Some(dirs.data_dir().to_owned())
    })
}

/// "60 %", or "33.3 %" where whole numbers would mislead.
fn percent(share: f64) -> String {
    let text = format!("{:.1}", 100.0 * share);
    format!("{} %", text.strip_suffix(".0").unwrap_or(&text))
}

/// The path in an environment variable; an empty one counts as not set.
fn set_path(variable: &str) -> Option<PathBuf> {
    let value = env::var_os(variable)?;
    (!value.is_empty()).then(|| value.into())
}

/// Where MNIST is looked for, in this order.
fn mnist_places() -> Vec<PathBuf> {
    let places = [set_path("INKGRAD_DATA_DIR"), DataSource::mnist_fetch_dir()];
    places.into_iter().flatten().collect()
}

/// The first place that holds all of MNIST; where none does, what the first that holds a part is missing.
fn find_mnist(places: &[PathBuf]) -> Result<IdxFolder, DataError> {
    let mut incomplete = None;
    for place in places {
        match IdxFolder::find(place) {
            Ok(Some(folder)) => return Ok(folder),
            Ok(None) => {}
            Err(error) => incomplete = incomplete.or(Some(error)),
        }
    }
    Err(incomplete.unwrap_or_else(|| DataError::NoMnist {
        looked_in: places.to_vec(),
    }))
}

fn read_path(
    path: &Path,
    seed: u64,
    progress: &mut dyn FnMut(f32) -> ControlFlow<()>,
    notes: &mut Vec<String>,
) -> Result<[Examples; 3], DataError> {
    let metadata = path.metadata().map_err(DataError::unreadable(path))?;
    if metadata.is_dir() {
        if let Some(folder) = IdxFolder::find(path)? {
            return read_idx(&folder, seed, progress, notes);
        }
        let data = image_folder::read(path, progress, notes)?;
        return split::in_three(path, &Examples::all(Arc::new(data)), seed);
    }
    if !metadata.is_file() {
        return Err(DataError::NotADataSet {
            path: path.to_owned(),
        });
    }
    let all = Examples::all(Arc::new(drawings_file::read_data(path, progress)?));
    match split::by_writer(&all) {
        Some((sets, note)) => {
            notes.push(note);
            Ok(sets)
        }
        None => split::in_three(path, &all, seed),
    }
}

/// Training files give a twelfth to validation (5,000 of MNIST's 60,000); the test files are the test.
fn read_idx(
    folder: &IdxFolder,
    seed: u64,
    progress: &mut dyn FnMut(f32) -> ControlFlow<()>,
    notes: &mut Vec<String>,
) -> Result<[Examples; 3], DataError> {
    /// The training half's part of the work, as for MNIST.
    const TRAIN_PART: f32 = 6.0 / 7.0;

    let train = folder.read(Half::Train, &mut |part| progress(TRAIN_PART * part))?;
    let test = folder.read(Half::Test, &mut |part| {
        progress(TRAIN_PART + (1.0 - TRAIN_PART) * part)
    })?;
    let halves = [
        (Half::Train, "training", &train, 2),
        (Half::Test, "test", &test, 1),
    ];
    for (half, word, idx, needed) in halves {
        if idx.data.len() < needed {
            return Err(DataError::TooFew {
                path: folder.images_path(half).to_owned(),
                found: idx.data.len(),
                needed,
            });
        }
        if let Some((width, height)) = idx.fitted_from {
            let count = idx.data.len();
            notes.push(format!(
                "{count} {word} images of {width}×{height} were fitted to 28×28"
            ));
        }
    }
    let validation_count = (train.data.len() / 12).max(1);
    let (validation, train) = Examples::all(Arc::new(train.data)).split(validation_count, seed);
    Ok([train, validation, Examples::all(Arc::new(test.data))])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_complete_folder_wins_and_a_partial_one_says_what_is_missing() {
        let complete = tempfile::tempdir().unwrap();
        let partial = tempfile::tempdir().unwrap();
        let absent = complete.path().join("absent");
        for name in ["train-images", "t10k-images"] {
            std::fs::write(complete.path().join(format!("{name}-idx3-ubyte")), "").unwrap();
        }
        for name in ["train-labels", "t10k-labels"] {
            std::fs::write(complete.path().join(format!("{name}-idx1-ubyte.gz")), "").unwrap();
            std::fs::write(partial.path().join(format!("{name}-idx1-ubyte.gz")), "").unwrap();
        }
        let [complete, partial] = [&complete, &partial].map(|dir| dir.path().to_owned());
        assert!(find_mnist(&[absent.clone(), partial.clone(), complete]).is_ok());
        let error = find_mnist(&[absent.clone(), partial]).unwrap_err();
        assert!(matches!(error, DataError::MissingFiles { .. }));
        let sentence = find_mnist(&[absent]).unwrap_err().to_string();
        assert!(sentence.contains("inkgrad fetch-mnist"), "{sentence}");
    }
}
