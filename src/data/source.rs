use super::dataset::{DataSets, Dataset, Examples};
use super::error::DataError;
use super::idx::{Half, IdxFolder};
use super::{drawings_file, image_folder};
use crate::ink::{Hands, practice_digits};
use rand::rngs::StdRng;
use rand::{RngExt as _, SeedableRng as _};
use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use std::env;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Practice digits to learn from, to validate with and to test with.
const PRACTICE_COUNTS: [usize; 3] = [10_000, 1_000, 1_000];

/// Training, validation and test examples are told apart by the same seed everywhere, so that no network meets in
/// training what it, or another, is judged by.
const SPLIT_SEED: u64 = 1;

/// Practice digits written with one seed.
const PRACTICE_CHUNK: usize = 100;

/// The fewest examples that give all three sets something.
const FEWEST: usize = 3;

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
        match text {
            "mnist" => Self::Mnist,
            "practice" => Self::Practice,
            path => Self::Path(path.into()),
        }
    }

    /// "MNIST", "Practice digits", or the last part of the path.
    pub fn label(&self) -> String {
        match self {
            Self::Mnist => "MNIST".to_owned(),
            Self::Practice => "Practice digits".to_owned(),
            Self::Path(path) => match path.file_name() {
                Some(name) => name.to_string_lossy().into_owned(),
                None => path.display().to_string(),
            },
        }
    }

    /// Reads it and splits it, always in the same way; `progress` is called with 0..=1 and may cancel.
    pub fn load(
        &self,
        progress: &mut dyn FnMut(f32) -> ControlFlow<()>,
    ) -> Result<DataSets, DataError> {
        let seed = SPLIT_SEED;
        let mut notes = Vec::new();
        let [train, validation, test] = match self {
            Self::Mnist => read_idx(&find_mnist(&mnist_places())?, seed, progress, &mut notes)?,
            Self::Practice => write_practice(PRACTICE_COUNTS, seed, progress)?,
            Self::Path(path) => read_path(path, seed, progress, &mut notes)?,
        };
        Ok(DataSets {
            source: self.clone(),
            name: self.label(),
            train,
            validation,
            test,
            notes,
        })
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
        return split_in_three(path, data, seed);
    }
    if !metadata.is_file() {
        return Err(DataError::NotADataSet {
            path: path.to_owned(),
        });
    }
    let data = drawings_file::read_data(path, progress)?;
    split_in_three(path, data, seed)
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

/// Eight tenths, one tenth and one tenth, none of them empty.
fn split_in_three(path: &Path, data: Dataset, seed: u64) -> Result<[Examples; 3], DataError> {
    if data.len() < FEWEST {
        return Err(DataError::TooFew {
            path: path.to_owned(),
            found: data.len(),
            needed: FEWEST,
        });
    }
    let tenth = (data.len() / 10).max(1);
    let (test, rest) = Examples::all(Arc::new(data)).split(tenth, seed);
    // The rest is in the order of the first shuffle; shuffling it again does no harm.
    let (validation, train) = rest.split(tenth, seed);
    Ok([train, validation, test])
}

/// Writes three sets of practice digits, each with its own seeds: known hands write the first, other people the rest.
fn write_practice(
    counts: [usize; 3],
    seed: u64,
    progress: &mut dyn FnMut(f32) -> ControlFlow<()>,
) -> Result<[Examples; 3], DataError> {
    /// Chunks written side by side between two looks at the progress.
    const AT_ONCE: usize = 4;

    let total: usize = counts.iter().sum();
    let mut done = 0;
    // Every chunk has a seed of its own, drawn in turn, so that the digits do not depend on the threads.
    let mut seeds = StdRng::seed_from_u64(seed);
    let mut sets = [const { Vec::new() }; 3];
    let hands = [Hands::Known, Hands::HeldOut, Hands::HeldOut];
    for ((set, count), hands) in sets.iter_mut().zip(counts).zip(hands) {
        while set.len() < count {
            if progress(done as f32 / total as f32).is_break() {
                return Err(DataError::Cancelled);
            }
            let chunks: Vec<(usize, u64)> = (0..AT_ONCE)
                .map(|k| (set.len() + k * PRACTICE_CHUNK).min(count))
                .map(|start| (PRACTICE_CHUNK.min(count - start), seeds.random()))
                .collect();
            let before = set.len();
            set.par_extend(
                chunks
                    .into_par_iter()
                    .flat_map_iter(|(count, seed)| practice_digits(hands, count, seed)),
            );
            done += set.len() - before;
        }
    }
    Ok(sets.map(|digits| {
        let mut data = Dataset::default();
        for (cells, label) in &digits {
            data.push(cells, *label);
        }
        Examples::all(Arc::new(data))
    }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ink::Cells;

    fn data(count: usize) -> Dataset {
        let mut data = Dataset::default();
        for i in 0..count {
            data.push(&Cells::BLANK, (i % 10) as u8);
        }
        data
    }

    #[test]
    fn words_and_paths_are_told_apart() {
        assert_eq!(DataSource::parse("mnist"), DataSource::Mnist);
        assert_eq!(DataSource::parse("practice"), DataSource::Practice);
        let path = DataSource::parse("some/where");
        assert_eq!(path, DataSource::Path("some/where".into()));
        assert_eq!(path.label(), "where");
    }

    #[test]
    fn a_data_set_without_a_test_is_split_in_proportion_and_never_into_nothing() {
        for (count, expected) in [(3, [1, 1, 1]), (9, [7, 1, 1]), (1000, [800, 100, 100])] {
            let sets = split_in_three(Path::new("x"), data(count), 1).unwrap();
            assert_eq!(sets.map(|set| set.len()), expected);
        }
        let sentence = split_in_three(Path::new("x"), data(2), 1).unwrap_err();
        assert_eq!(
            sentence.to_string(),
            "x holds 2 examples; at least 3 are needed to train, to validate and to test"
        );
    }

    #[test]
    fn practice_digits_follow_the_seed_and_no_part_repeats_another() {
        // More than one chunk, and a chunk that is not full.
        let counts = [130, 20, 20];
        let images = |seed| {
            let sets = write_practice(counts, seed, &mut |_| ControlFlow::Continue(())).unwrap();
            assert_eq!(sets.each_ref().map(Examples::len), counts);
            let images = |set: &Examples| -> Vec<Vec<u8>> {
                (0..set.len()).map(|i| set.image(i).to_vec()).collect()
            };
            sets.iter().flat_map(images).collect::<Vec<_>>()
        };
        let first = images(1);
        assert_eq!(first, images(1));
        let mut all: Vec<_> = first.into_iter().chain(images(2)).collect();
        all.sort();
        all.dedup();
        assert_eq!(all.len(), 2 * 170);
    }

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
