//! Writing the digits as a network sees them, for other programs to read.

use super::dataset::{Examples, IMAGE_BYTES};
use super::idx::{IMAGES_MAGIC, LABELS_MAGIC};
use super::idx_folder::{Half, find_file};
use super::write::{WriteError, write_atomically};
use crate::ink::SIDE;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// Writes `examples` into `folder` as one half of MNIST's files, which every framework reads, and where the writers
/// are known their numbers, one a line. Says what it wrote; nothing that is there already is replaced.
pub fn write_idx(
    folder: &Path,
    half: Half,
    examples: &Examples,
) -> Result<Vec<PathBuf>, WriteError> {
    let [images, labels] = half.names();
    let writers = images.replace("images-idx3-ubyte", "writers.txt");
    for name in [images, labels, &writers] {
        if let Some(path) = find_file(folder, name) {
            let there = "it is there already; choose another folder or delete it";
            let source = io::Error::new(io::ErrorKind::AlreadyExists, there);
            return Err(WriteError { path, source });
        }
    }
    fs::create_dir_all(folder).map_err(|source| WriteError {
        path: folder.to_owned(),
        source,
    })?;

    // A data set holds at most a million examples.
    let count = (examples.len() as u32).to_be_bytes();
    let side = (SIDE as u32).to_be_bytes();
    let mut image_file = [IMAGES_MAGIC.to_be_bytes(), count, side, side].concat();
    image_file.reserve_exact(examples.len() * IMAGE_BYTES);
    let mut label_file = [LABELS_MAGIC.to_be_bytes(), count].concat();
    for index in 0..examples.len() {
        image_file.extend_from_slice(examples.image(index));
        label_file.push(examples.label(index));
    }
    let mut files = vec![(images, image_file), (labels, label_file)];
    let numbers: Option<Vec<u32>> = (0..examples.len()).map(|i| examples.writer(i)).collect();
    if let Some(numbers) = numbers.filter(|numbers| !numbers.is_empty()) {
        let lines: String = numbers.iter().map(|number| format!("{number}\n")).collect();
        files.push((&writers, lines.into_bytes()));
    }
    let mut written = Vec::new();
    for (name, bytes) in files {
        let path = folder.join(name);
        write_atomically(&path, &bytes)?;
        written.push(path);
    }
    Ok(written)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::{DataSource, Dataset};
    use crate::ink::Cells;
    use std::ops::ControlFlow;
    use std::sync::Arc;

    /// Example `i` is a picture full of the byte `i`, by writer `i / 2`.
    fn numbered(count: usize) -> Examples {
        let mut data = Dataset::default();
        for i in 0..count {
            data.push(&Cells([i as u8; IMAGE_BYTES]), (i % 10) as u8);
        }
        data.set_writers((0..count as u32).map(|i| i / 2).collect());
        Examples::all(Arc::new(data))
    }

    fn bytes(set: &Examples) -> Vec<(u8, u8)> {
        let of = |i| (set.image(i)[0], set.label(i));
        (0..set.len()).map(of).collect()
    }

    #[test]
    fn what_is_written_reads_the_same() {
        let folder = tempfile::tempdir().unwrap();
        let into = folder.path().join("new/folder");
        let written = write_idx(&into, Half::Test, &numbered(5)).unwrap();
        let source = DataSource::Path(into.clone());
        let test = source
            .load_to_score(&mut |_| ControlFlow::Continue(()))
            .unwrap();
        assert_eq!(bytes(&test.test), bytes(&numbered(5)));
        assert!(test.train.is_empty());
        assert_eq!(fs::read_to_string(&written[2]).unwrap(), "0\n0\n1\n1\n2\n");

        // Without the other half nothing can be learned from it, and with both it is a data set like MNIST.
        let progress = &mut |_| ControlFlow::Continue(());
        let sentence = source.load(progress).unwrap_err().to_string();
        assert!(sentence.contains("train-images"), "{sentence}");
        write_idx(&into, Half::Train, &numbered(24)).unwrap();
        let both = source.load(progress).unwrap();
        assert_eq!((both.train.len(), both.validation.len()), (22, 2));
        assert_eq!(bytes(&both.test), bytes(&numbered(5)));
    }

    #[test]
    fn no_file_is_replaced_whichever_way_it_is_packed() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("t10k-labels.idx1-ubyte.gz"), "mine").unwrap();
        let outcome = write_idx(folder.path(), Half::Test, &numbered(5));
        let sentence = outcome.unwrap_err().to_string();
        assert!(sentence.contains("it is there already"), "{sentence}");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }
}
