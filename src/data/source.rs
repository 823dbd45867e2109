use super::dataset::{DataSets, Examples};
use super::error::DataError;
use super::idx_folder::{Half, HalfFiles, IdxFolder};
use super::written::{PRACTICE_COUNTS, write_practice};
use super::{drawings_file, image_folder, mix, split};
use serde::{Deserialize, Serialize};
use std::env;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Training, validation and test examples are told apart by the same seed everywhere, so that no network meets in
/// training what it, or another, is judged by.
pub(super) const SPLIT_SEED: u64 = 1;

/// What digits are read for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Purpose {
    Learning,
    Scoring,
}

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
    /// All of them as one, every digit once an epoch.
    pub fn mix(sources: impl IntoIterator<Item = Self>) -> Self {
        let parts = sources.into_iter().map(|source| Part {
            source,
            share: None,
        });
        Self::Mix(parts.collect())
    }

    /// The parts of a mix, or itself alone.
    pub fn parts(&self) -> Vec<&Self> {
        match self {
            Self::Mix(parts) => parts.iter().map(|part| &part.source).collect(),
            alone => vec![alone],
        }
    }

    /// Whether both are of the same digits, whatever their shares.
    pub fn has_the_parts_of(&self, other: &Self) -> bool {
        self.parts() == other.parts()
    }

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
        self.load_for(Purpose::Learning, progress)
    }

    /// The same to score a network by. Drawings and pictures without ink stay, as blank examples that count as read
    /// wrongly; an IDX folder may be without its training half; the parts of a mix come once whatever their shares.
    pub fn load_to_score(
        &self,
        progress: &mut dyn FnMut(f32) -> ControlFlow<()>,
    ) -> Result<DataSets, DataError> {
        self.load_for(Purpose::Scoring, progress)
    }

    fn load_for(
        &self,
        purpose: Purpose,
        progress: &mut dyn FnMut(f32) -> ControlFlow<()>,
    ) -> Result<DataSets, DataError> {
        let mut notes = Vec::new();
        let [train, validation, test] = self.read(purpose, progress, &mut notes)?;
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
        purpose: Purpose,
        progress: &mut dyn FnMut(f32) -> ControlFlow<()>,
        notes: &mut Vec<String>,
    ) -> Result<[Examples; 3], DataError> {
        match self {
            Self::Mnist => read_idx(&find_mnist(&mnist_places())?, progress, notes),
            Self::Practice => write_practice(PRACTICE_COUNTS, SPLIT_SEED, progress),
            Self::Path(path) => read_path(path, purpose, progress, notes),
            Self::Mix(parts) => mix::read(parts, purpose, progress, notes),
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
    purpose: Purpose,
    progress: &mut dyn FnMut(f32) -> ControlFlow<()>,
    notes: &mut Vec<String>,
) -> Result<[Examples; 3], DataError> {
    let metadata = path.metadata().map_err(DataError::unreadable(path))?;
    if metadata.is_dir() {
        if purpose == Purpose::Scoring
            && HalfFiles::find(path, Half::Train).is_none()
            && let Some(test) = HalfFiles::find(path, Half::Test)
        {
            let test = read_half(&test, Half::Test, progress, notes)?;
            return Ok([test.filtered(|_| false), test.filtered(|_| false), test]);
        }
        if let Some(folder) = IdxFolder::find(path)? {
            return read_idx(&folder, progress, notes);
        }
        let data = image_folder::read(path, purpose, progress, notes)?;
        return split::in_three(path, &Examples::all(Arc::new(data)), SPLIT_SEED);
    }
    if !metadata.is_file() {
        return Err(DataError::NotADataSet {
            path: path.to_owned(),
        });
    }
    let data = drawings_file::read_data(path, purpose, progress)?;
    let all = Examples::all(Arc::new(data));
    if let Some((sets, note)) = split::by_writer(&all) {
        notes.push(note);
        return Ok(sets);
    }
    // Who only scores may do so with a single drawing.
    if purpose == Purpose::Scoring && all.len() < split::FEWEST {
        return Ok([all.filtered(|_| false), all.filtered(|_| false), all]);
    }
    split::in_three(path, &all, SPLIT_SEED)
}

/// Training files give a twelfth to validation (5,000 of MNIST's 60,000); the test files are the test.
fn read_idx(
    folder: &IdxFolder,
    progress: &mut dyn FnMut(f32) -> ControlFlow<()>,
    notes: &mut Vec<String>,
) -> Result<[Examples; 3], DataError> {
    /// The training half's part of the work, as for MNIST.
    const TRAIN_PART: f32 = 6.0 / 7.0;

    let train = read_half(
        &folder.train,
        Half::Train,
        &mut |part| progress(TRAIN_PART * part),
        notes,
    )?;
    let test = read_half(
        &folder.test,
        Half::Test,
        &mut |part| progress(TRAIN_PART + (1.0 - TRAIN_PART) * part),
        notes,
    )?;
    let validation_count = (train.len() / 12).max(1);
    let (validation, train) = train.split(validation_count, SPLIT_SEED);
    Ok([train, validation, test])
}

fn read_half(
    files: &HalfFiles,
    half: Half,
    progress: &mut dyn FnMut(f32) -> ControlFlow<()>,
    notes: &mut Vec<String>,
) -> Result<Examples, DataError> {
    let (word, needed) = match half {
        Half::Train => ("training", 2),
        Half::Test => ("test", 1),
    };
    let idx = files.read(progress)?;
    let count = idx.data.len();
    if count < needed {
        return Err(DataError::TooFew {
            path: files.images.clone(),
            found: count,
            needed,
        });
    }
    if let Some((width, height)) = idx.fitted_from {
        notes.push(format!(
            "{count} {word} images of {width}×{height} were fitted to 28×28"
        ));
    }
    Ok(Examples::all(Arc::new(idx.data)))
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
