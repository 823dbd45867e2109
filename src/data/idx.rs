//! The IDX format of MNIST: a magic number, the sizes as big-endian `u32`s, then the bytes
//! (<http://yann.lecun.com/exdb/mnist/>).

use super::dataset::{Dataset, IMAGE_BYTES, MAX_EXAMPLES};
use super::error::{DataError, MAX_IMAGE_SIDE};
use super::idx_folder::HalfFiles;
use crate::ink::{Cells, GrayImage, Ink, SIDE, cells_of};
use flate2::bufread::MultiGzDecoder;
use rayon::prelude::*;
use std::fs::File;
use std::io::{BufRead as _, BufReader, Read};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

pub(super) const IMAGES_MAGIC: u32 = 0x0000_0803;
pub(super) const LABELS_MAGIC: u32 = 0x0000_0801;

/// Images read between two looks at the progress.
const CHUNK: usize = 1000;

/// What was read, and the size of its images where that was not 28×28.
#[derive(Debug)]
pub(super) struct IdxData {
    pub data: Dataset,
    pub fitted_from: Option<(usize, usize)>,
}

impl HalfFiles {
    /// Reads the images and labels; `progress` is called with 0..=1.
    pub(super) fn read(
        &self,
        progress: &mut dyn FnMut(f32) -> ControlFlow<()>,
    ) -> Result<IdxData, DataError> {
        let (images_path, labels_path) = (&self.images, &self.labels);
        // The labels come first: they are small, and a mistake in them shows before the long work.
        let labels = read_labels(labels_path)?;
        let mut file = IdxFile::open(images_path)?;
        let [count, height, width] = file.header("images", IMAGES_MAGIC)?;
        let sides = 1..=MAX_IMAGE_SIDE;
        if !sides.contains(&height) || !sides.contains(&width) {
            return Err(DataError::ImageSize {
                path: images_path.to_owned(),
                width,
                height,
            });
        }
        let (width, height) = (width as usize, height as usize);
        let images = file.count(count)?;
        if images != labels.len() {
            return Err(DataError::CountsDiffer {
                images_path: images_path.to_owned(),
                images,
                labels_path: labels_path.to_owned(),
                labels: labels.len(),
            });
        }

        let native = (width, height) == (SIDE, SIDE);
        let mut bytes = Vec::new();
        let mut raw = Vec::new();
        for start in (0..images).step_by(CHUNK) {
            if progress(start as f32 / images as f32).is_break() {
                return Err(DataError::Cancelled);
            }
            let wanted = CHUNK.min(images - start) * width * height;
            if native {
                file.read(wanted, &mut bytes)?;
            } else {
                raw.clear();
                file.read(wanted, &mut raw)?;
                bytes.par_extend(
                    raw.par_chunks_exact(width * height)
                        .flat_map_iter(|ink| fitted(ink, width, height).0),
                );
            }
        }
        file.finish()?;
        let data = Dataset::new(bytes, labels).ok_or_else(|| DataError::Truncated {
            path: images_path.to_owned(),
            expected: (images * IMAGE_BYTES) as u64,
            found: file.bytes,
        })?;
        Ok(IdxData {
            data,
            fitted_from: (!native).then_some((width, height)),
        })
    }
}

/// The image as the network sees it; one without ink stays blank, as it would at 28×28.
fn fitted(ink: &[u8], width: usize, height: usize) -> Cells {
    let picture = GrayImage {
        width,
        height,
        ink: ink.to_vec(),
    };
    cells_of(Ink::Picture(&picture)).unwrap_or(Cells::BLANK)
}

fn read_labels(path: &Path) -> Result<Vec<u8>, DataError> {
    let mut file = IdxFile::open(path)?;
    let [count] = file.header("labels", LABELS_MAGIC)?;
    let count = file.count(count)?;
    let mut labels = Vec::new();
    file.read(count, &mut labels)?;
    file.finish()?;
    match labels.iter().position(|&label| label > 9) {
        Some(index) => Err(DataError::LabelOutOfRange {
            path: path.to_owned(),
            index,
            label: labels[index],
        }),
        None => Ok(labels),
    }
}

/// A plain or gzip file that is read to its end and no further.
///
/// Memory follows the bytes that really come, never the count that a header claims.
struct IdxFile {
    path: PathBuf,
    source: Box<dyn Read>,
    is_gzip: bool,
    /// How many the header and the images or labels should have together.
    expected: u64,
    /// How many have been read, unpacked.
    bytes: u64,
}

impl IdxFile {
    fn open(path: &Path) -> Result<Self, DataError> {
        let file = File::open(path).map_err(DataError::unreadable(path))?;
        let mut file = BufReader::with_capacity(1 << 16, file);
        // The name and the name inside the archive say nothing reliable; the first two bytes do.
        let start = file.fill_buf().map_err(DataError::unreadable(path))?;
        let is_gzip = start.starts_with(&[0x1f, 0x8b]);
        let source: Box<dyn Read> = if is_gzip {
            Box::new(MultiGzDecoder::new(file))
        } else {
            Box::new(file)
        };
        Ok(Self {
            path: path.to_owned(),
            source,
            is_gzip,
            expected: 0,
            bytes: 0,
        })
    }

    /// Reads the magic number and `N` sizes.
    fn header<const N: usize>(
        &mut self,
        what: &'static str,
        magic: u32,
    ) -> Result<[u32; N], DataError> {
        let mut header = Vec::new();
        self.read(4, &mut header)?;
        let found = big_endian(&header, 0);
        if found != magic {
            return Err(DataError::WrongMagic {
                path: self.path.clone(),
                what,
                expected: magic,
                found,
            });
        }
        self.read(4 * N, &mut header)?;
        let sizes: [u32; N] = std::array::from_fn(|i| big_endian(&header, 4 * (i + 1)));
        // What `read` says of a file that is cut off later; sizes that overflow are refused before that.
        let data = sizes
            .iter()
            .try_fold(1u64, |product, &size| product.checked_mul(size.into()));
        self.expected = data.unwrap_or(u64::MAX).saturating_add(self.bytes);
        Ok(sizes)
    }

    /// The header's count, where it is one that can be read.
    fn count(&self, count: u32) -> Result<usize, DataError> {
        match usize::try_from(count) {
            Ok(count) if count <= MAX_EXAMPLES => Ok(count),
            _ => Err(DataError::TooLarge {
                path: self.path.clone(),
                limit: format!("{MAX_EXAMPLES} examples"),
            }),
        }
    }

    /// Appends exactly `wanted` bytes.
    fn read(&mut self, wanted: usize, into: &mut Vec<u8>) -> Result<(), DataError> {
        let before = into.len();
        let outcome = (&mut self.source).take(wanted as u64).read_to_end(into);
        let found = into.len() - before;
        self.bytes += found as u64;
        match outcome {
            Err(source) => Err(self.failed(source)),
            Ok(_) if found < wanted => Err(DataError::Truncated {
                path: self.path.clone(),
                expected: self.expected.max(self.bytes + (wanted - found) as u64),
                found: self.bytes,
            }),
            Ok(_) => Ok(()),
        }
    }

    /// Makes sure that nothing follows. For gzip this is also where its checksum is verified.
    fn finish(&mut self) -> Result<(), DataError> {
        /// Enough to tell that something follows; a file of gigabytes is not read for the exact number.
        const LOOK_AHEAD: u64 = 1 << 20;

        let mut rest = Vec::new();
        let outcome = (&mut self.source).take(LOOK_AHEAD).read_to_end(&mut rest);
        if !rest.is_empty() {
            return Err(DataError::TrailingBytes {
                path: self.path.clone(),
                expected: self.bytes,
                found: self.bytes + rest.len() as u64,
            });
        }
        outcome.map(drop).map_err(|source| self.failed(source))
    }

    fn failed(&self, source: std::io::Error) -> DataError {
        let path = self.path.clone();
        if self.is_gzip {
            DataError::Gzip {
                path,
                bytes: self.bytes,
                source,
            }
        } else {
            DataError::Unreadable { path, source }
        }
    }
}

/// The four bytes at `at`, which `IdxFile::read` has made sure of.
fn big_endian(bytes: &[u8], at: usize) -> u32 {
    bytes[at..at + 4]
        .iter()
        .fold(0, |number, &byte| number << 8 | u32::from(byte))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::idx_folder::IdxFolder;
    use flate2::Compression;
    use flate2::write::GzEncoder;
    use std::fs;
    use std::io::Write as _;
    use tempfile::TempDir;

    fn images(count: u32, width: u32, height: u32, pixels: &[u8]) -> Vec<u8> {
        let mut bytes = Vec::new();
        for number in [IMAGES_MAGIC, count, height, width] {
            bytes.extend(number.to_be_bytes());
        }
        bytes.extend(pixels);
        bytes
    }

    fn labels(count: u32, labels: &[u8]) -> Vec<u8> {
        let mut bytes = LABELS_MAGIC.to_be_bytes().to_vec();
        bytes.extend(count.to_be_bytes());
        bytes.extend(labels);
        bytes
    }

    fn gzip(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    /// Three images, full of 1, 2 and 3, labelled 7, 8 and 9, as both halves.
    fn good_folder() -> TempDir {
        let folder = tempfile::tempdir().unwrap();
        let pixels = [1, 2, 3].map(|value| [value; IMAGE_BYTES]).concat();
        for half in ["train", "t10k"] {
            let dir = folder.path();
            fs::write(
                dir.join(format!("{half}-images-idx3-ubyte")),
                images(3, 28, 28, &pixels),
            )
            .unwrap();
            fs::write(
                dir.join(format!("{half}-labels-idx1-ubyte")),
                labels(3, &[7, 8, 9]),
            )
            .unwrap();
        }
        folder
    }

    fn read(folder: &TempDir) -> Result<IdxData, DataError> {
        let folder = IdxFolder::find(folder.path())?.unwrap();
        folder.train.read(&mut |_| ControlFlow::Continue(()))
    }

    /// The sentence that a good folder gives once one of its training files is replaced.
    fn refusal(kind: &str, bytes: &[u8]) -> String {
        let folder = good_folder();
        let name = match kind {
            "images" => "train-images-idx3-ubyte",
            _ => "train-labels-idx1-ubyte",
        };
        fs::write(folder.path().join(name), bytes).unwrap();
        let sentence = read(&folder).unwrap_err().to_string();
        assert!(sentence.contains(name), "{sentence}");
        sentence
    }

    #[test]
    fn plain_and_gzip_files_are_told_apart_by_their_bytes() {
        let folder = good_folder();
        let plain = read(&folder).unwrap();
        assert_eq!(plain.fitted_from, None);
        let expected = [1, 2, 3].map(|value| [value; IMAGE_BYTES]).concat();
        assert_eq!(plain.data, Dataset::new(expected, vec![7, 8, 9]).unwrap());
        // Packed without the ending, and with an ending though not packed.
        for name in ["train-images-idx3-ubyte", "train-labels-idx1-ubyte"] {
            let path = folder.path().join(name);
            let packed = gzip(&fs::read(&path).unwrap());
            fs::write(&path, packed).unwrap();
            let other = name.replace("train", "t10k");
            let other = folder.path().join(other);
            fs::rename(&other, other.with_extension("gz")).unwrap();
        }
        assert_eq!(read(&folder).unwrap().data, plain.data);
        let files = IdxFolder::find(folder.path()).unwrap().unwrap();
        let test = files.test.read(&mut |_| ControlFlow::Continue(()));
        assert_eq!(test.unwrap().data, plain.data);
    }

    #[test]
    fn names_with_a_dot_are_found() {
        let folder = good_folder();
        for entry in fs::read_dir(folder.path()).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_str().unwrap();
            fs::rename(&path, path.with_file_name(name.replace("-idx", ".idx"))).unwrap();
        }
        assert_eq!(read(&folder).unwrap().data.len(), 3);
    }

    #[test]
    fn a_folder_without_idx_files_is_none_and_a_partial_one_names_what_is_missing() {
        let folder = good_folder();
        fs::remove_file(folder.path().join("t10k-images-idx3-ubyte")).unwrap();
        fs::remove_file(folder.path().join("t10k-labels-idx1-ubyte")).unwrap();
        let sentence = read(&folder).unwrap_err().to_string();
        assert!(
            sentence.contains("but not t10k-images-idx3-ubyte, t10k-labels-idx1-ubyte;"),
            "{sentence}"
        );
        let empty = tempfile::tempdir().unwrap();
        assert_eq!(IdxFolder::find(empty.path()).unwrap(), None);
    }

    #[test]
    fn a_wrong_magic_number_is_quoted() {
        let sentence = refusal("images", &labels(3, &[7, 8, 9]));
        assert!(
            sentence.contains("should be 0x00000803 and is 0x00000801"),
            "{sentence}"
        );
        let sentence = refusal("labels", b"not labels at all");
        assert!(sentence.contains("should be 0x00000801"), "{sentence}");
    }

    #[test]
    fn a_file_that_is_cut_off_says_how_much_is_there() {
        let pixels = [0; 3 * IMAGE_BYTES];
        let whole = images(3, 28, 28, &pixels);
        for (length, expected) in [(0, 4), (3, 4), (9, 16), (1000, 2368), (2367, 2368)] {
            let sentence = refusal("images", &whole[..length]);
            let numbers = format!("expected {expected} bytes, found {length}");
            assert!(sentence.contains(&numbers), "{sentence}");
        }
        let sentence = refusal("labels", &labels(3, &[7, 8]));
        assert!(
            sentence.contains("expected 11 bytes, found 10"),
            "{sentence}"
        );
    }

    #[test]
    fn bytes_after_the_end_are_refused() {
        let sentence = refusal("labels", &labels(3, &[7, 8, 9, 0, 0]));
        assert!(
            sentence.contains("expected 11 bytes, found at least 13"),
            "{sentence}"
        );
        let sentence = refusal("labels", &gzip(&labels(3, &[7, 8, 9, 0])));
        assert!(sentence.contains("found at least 12"), "{sentence}");
    }

    #[test]
    fn counts_that_differ_are_both_given() {
        let sentence = refusal("labels", &labels(2, &[7, 8]));
        assert!(sentence.contains("holds 3 images but"), "{sentence}");
        assert!(sentence.contains("holds 2 labels"), "{sentence}");
    }

    #[test]
    fn a_label_that_is_no_digit_is_pointed_at() {
        let sentence = refusal("labels", &labels(3, &[7, 8, 26]));
        assert!(sentence.contains("the label 26 at index 2"), "{sentence}");
    }

    #[test]
    fn gzip_data_that_is_cut_off_or_damaged_is_refused() {
        let packed = gzip(&images(3, 28, 28, &[5; 3 * IMAGE_BYTES]));
        let mut wrong_checksum = packed.clone();
        let at = wrong_checksum.len() - 8;
        wrong_checksum[at] ^= 1;
        let followed = [packed.as_slice(), b"rubbish"].concat();
        let last = packed.len() - 1;
        for bytes in [&packed[..last], &packed[..15], &wrong_checksum, &followed] {
            let sentence = refusal("images", bytes);
            assert!(sentence.contains("gzip data"), "{sentence}");
        }
    }

    #[test]
    fn a_count_that_lies_takes_no_memory() {
        let sentence = refusal("images", &images(u32::MAX, 28, 28, &[0; 5]));
        assert!(sentence.contains("at most 1000000 examples"), "{sentence}");
        let sentence = refusal("labels", &labels(1_000_000, &[0; 5]));
        assert!(
            sentence.contains("expected 1000008 bytes, found 13"),
            "{sentence}"
        );
    }

    #[test]
    fn an_image_size_that_cannot_be_fitted_is_refused() {
        for (width, height) in [(0, 28), (28, 0), (5000, 3)] {
            let sentence = refusal("images", &images(3, width, height, &[]));
            assert!(
                sentence.contains(&format!("{width}×{height}; 28×28 is expected")),
                "{sentence}"
            );
        }
    }

    #[test]
    fn reading_can_be_cancelled() {
        let folder = good_folder();
        let files = IdxFolder::find(folder.path()).unwrap().unwrap();
        let outcome = files.train.read(&mut |_| ControlFlow::Break(()));
        assert!(matches!(outcome, Err(DataError::Cancelled)));
    }
}
