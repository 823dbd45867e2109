//! Data sets as people have them: MNIST's folder, a foreign one, pictures in folders, drawings in a file.

use image::{GrayImage as Picture, Luma};
use inkgrad::data::{DataError, DataSets, DataSource, Examples};
use std::env;
use std::fs;
use std::io::Write as _;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

/// Says so aloud: past the test runner, which keeps what a passing test prints to itself.
fn skipped(what: &str, why: &str) {
    let _ = writeln!(std::io::stderr(), "SKIPPED {what}: {why}");
}

fn load(source: &DataSource) -> Result<DataSets, DataError> {
    source.load(&mut |_| ControlFlow::Continue(()))
}

fn load_path(path: &Path) -> Result<DataSets, DataError> {
    load(&DataSource::Path(path.to_owned()))
}

fn refusal(path: &Path) -> String {
    load_path(path).unwrap_err().to_string()
}

/// Examples in training, validation and test.
fn lengths(sets: &DataSets) -> [usize; 3] {
    [&sets.train, &sets.validation, &sets.test].map(Examples::len)
}

fn labels(examples: &Examples, count: usize) -> Vec<u8> {
    (0..count).map(|index| examples.label(index)).collect()
}

/// Counts of both parts together.
fn counts(a: &Examples, b: &Examples) -> Vec<usize> {
    let pairs = a.counts().into_iter().zip(b.counts());
    pairs.map(|(a, b)| a + b).collect()
}

/// A dark bar on white paper, so that every picture has ink; a slash of the size of the picture.
fn picture(width: u32, height: u32) -> Picture {
    Picture::from_fn(width, height, |x, y| {
        let inside = x * 3 > width && x * 3 < 2 * width && y * 6 > height && y * 6 < 5 * height;
        Luma([if inside { 0 } else { 255 }])
    })
}

/// `ROOT/<label>/<n>.png` with so many pictures for each of the ten digits.
fn picture_folder(each: usize) -> tempfile::TempDir {
    let root = tempfile::tempdir().unwrap();
    for digit in 0..10 {
        let folder = root.path().join(digit.to_string());
        fs::create_dir(&folder).unwrap();
        for n in 0..each {
            let side = 20 + 7 * n as u32;
            let path = folder.join(format!("{n}.png"));
            picture(side, side + 9).save(path).unwrap();
        }
    }
    root
}

#[test]
fn mnist_is_split_as_agreed_and_always_in_the_same_way() {
    if DataSource::mnist_dir().is_none() {
        skipped(
            "the split of MNIST",
            "MNIST is not here; set INKGRAD_DATA_DIR",
        );
        return;
    }
    let mut parts = Vec::new();
    let sets = DataSource::Mnist.load(&mut |part| {
        parts.push(part);
        ControlFlow::Continue(())
    });
    let sets = sets.unwrap();
    assert_eq!(sets.name, "MNIST");
    assert_eq!(lengths(&sets), [55_000, 5_000, 10_000]);
    assert!(sets.notes.is_empty());
    assert!(parts.is_sorted() && parts.iter().all(|part| (0.0..=1.0).contains(part)));
    // The test keeps the order of its file.
    assert_eq!(labels(&sets.test, 10), [7, 2, 1, 0, 4, 1, 4, 9, 5, 9]);
    assert_eq!(
        counts(&sets.train, &sets.validation),
        [5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949]
    );
    let ink: u64 = [&sets.train, &sets.validation]
        .iter()
        .flat_map(|part| (0..part.len()).map(|i| part.image(i)))
        .map(|image| image.iter().map(|&byte| u64::from(byte)).sum::<u64>())
        .sum();
    let mean = ink as f64 / (60_000.0 * 784.0 * 255.0);
    assert!((mean - 0.1307).abs() < 5e-5, "{mean}");

    let again = load(&DataSource::Mnist).unwrap();
    let all = |sets: &DataSets| labels(&sets.validation, sets.validation.len());
    assert_eq!(all(&again), all(&sets));
}

#[test]
fn fashion_mnist_loads_unchanged() {
    let beside = || Some(Path::new(&env::var_os("INKGRAD_DATA_DIR")?).join("../fashion-mnist"));
    let place = env::var_os("INKGRAD_FASHION_DIR").map(PathBuf::from);
    let Some(folder) = place.or_else(beside).filter(|folder| folder.is_dir()) else {
        skipped("Fashion-MNIST", "it is not here; set INKGRAD_FASHION_DIR");
        return;
    };
    let sets = load_path(&folder).unwrap();
    assert_eq!(sets.name, "fashion-mnist");
    assert_eq!(lengths(&sets), [55_000, 5_000, 10_000]);
    assert_eq!(sets.test.counts(), [1000; 10]);
    assert_eq!(labels(&sets.test, 10), [9, 2, 1, 1, 6, 1, 4, 6, 5, 7]);
}

#[test]
fn pen_strokes_are_split_by_their_writers() {
    let beside = || Some(Path::new(&env::var_os("INKGRAD_DATA_DIR")?).join("../strokes"));
    let place = env::var_os("INKGRAD_STROKES_DIR").map(PathBuf::from);
    let folder = place.or_else(beside);
    let file = folder.map(|folder| folder.join("pendigits-train.jsonl"));
    let Some(file) = file.filter(|file| file.is_file()) else {
        skipped(
            "the pen strokes",
            "they are not here; set INKGRAD_STROKES_DIR",
        );
        return;
    };
    let sets = load_path(&file).unwrap();
    assert_eq!(
        sets.notes,
        ["Split by writer: 24 train, 6 validate (25–30), none test"]
    );
    assert_eq!(sets.train.len() + sets.validation.len(), 7_494);
    assert!(sets.test.is_empty());
    let judges = |set: &Examples| (0..set.len()).all(|i| set.writer(i) >= Some(25));
    assert!(judges(&sets.validation) && !judges(&sets.train));
}

#[test]
fn practice_digits_are_always_there() {
    let sets = load(&DataSource::Practice).unwrap();
    assert_eq!(lengths(&sets), [20_000, 2_000, 2_000]);
    assert_eq!(sets.test.counts(), [200; 10]);
    let has_ink = |index| sets.train.image(index).iter().any(|&byte| byte > 200);
    assert!((0..sets.train.len()).all(has_ink));
}

#[test]
fn every_kind_of_loading_can_be_cancelled() {
    let pictures = picture_folder(1);
    let sources = [
        DataSource::Practice,
        DataSource::Path(pictures.path().to_owned()),
    ];
    for source in sources {
        let outcome = source.load(&mut |_| ControlFlow::Break(()));
        assert!(matches!(outcome, Err(DataError::Cancelled)), "{source:?}");
    }
}

#[test]
fn pictures_in_folders_are_read_whatever_their_size_and_format() {
    let root = picture_folder(3);
    let zero = root.path().join("0");
    picture(40, 64).save(zero.join("3.jpg")).unwrap();
    picture(40, 64).save(zero.join("4.bmp")).unwrap();
    fs::write(zero.join(".hidden"), "left by the system").unwrap();
    fs::write(root.path().join("README.txt"), "about this").unwrap();

    let sets = load_path(root.path()).unwrap();
    assert_eq!(lengths(&sets), [26, 3, 3]);
    let both = counts(&sets.train, &sets.validation);
    let all: Vec<usize> = both
        .iter()
        .zip(sets.test.counts())
        .map(|(a, b)| a + b)
        .collect();
    assert_eq!(all, [5, 3, 3, 3, 3, 3, 3, 3, 3, 3]);
    assert_eq!(sets.notes, ["1 file beside the digit folders was left out"]);
    assert!((0..26).all(|index| sets.train.image(index).iter().any(|&byte| byte > 200)));
}

#[test]
fn a_picture_that_cannot_be_used_is_named() {
    let root = picture_folder(1);
    let bad = root.path().join("4/bad.png");
    fs::write(&bad, "no picture").unwrap();
    assert!(refusal(root.path()).contains(&*bad.to_string_lossy()));

    Picture::from_pixel(30, 30, Luma([255])).save(&bad).unwrap();
    let sentence = refusal(root.path());
    assert!(sentence.contains("bad.png shows no ink"), "{sentence}");
}

#[test]
fn folders_that_are_no_data_set_are_refused() {
    let root = picture_folder(1);
    fs::create_dir(root.path().join("ten")).unwrap();
    let sentence = refusal(root.path());
    assert!(
        sentence.contains("ten is not named after a digit"),
        "{sentence}"
    );

    let empty = tempfile::tempdir().unwrap();
    assert!(refusal(empty.path()).contains("is empty"));
    let file = empty.path().join("notes.txt");
    fs::write(&file, "hello").unwrap();
    assert!(refusal(empty.path()).contains("is neither a data set folder"));
    assert!(refusal(&file).contains("line 1"));
    assert!(refusal(&empty.path().join("absent")).contains("there is no file or folder"));
}

#[test]
fn digits_that_are_missing_are_noted() {
    let root = picture_folder(1);
    fs::remove_dir_all(root.path().join("3")).unwrap();
    fs::remove_file(root.path().join("8/0.png")).unwrap();
    let sets = load_path(root.path()).unwrap();
    assert_eq!(lengths(&sets), [6, 1, 1]);
    assert_eq!(sets.notes, ["No pictures of 3, 8"]);
}

#[test]
fn a_drawings_file_is_a_data_set() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("mine.jsonl");
    let line = |n: usize| {
        let (label, end) = (n % 10, 30 + n);
        format!(r#"{{"label":{label},"size":[200,200],"strokes":[[[20,20],[{end},150]]]}}"#)
    };
    let text: Vec<String> = (0..40).map(line).collect();
    fs::write(&path, text.join("\n")).unwrap();
    let sets = load_path(&path).unwrap();
    assert_eq!(sets.name, "mine.jsonl");
    assert_eq!(lengths(&sets), [32, 4, 4]);

    fs::write(&path, text[..2].join("\n")).unwrap();
    let sentence = refusal(&path);
    assert!(
        sentence.contains("holds 2 examples; at least 3"),
        "{sentence}"
    );
}

#[test]
fn images_of_another_size_are_fitted_and_it_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let (side, count) = (50_usize, 12_usize);
    // A vertical bar at the left edge: its place shows whether it was centred.
    let image: Vec<u8> = (0..side * side)
        .map(|at| {
            if (5..10).contains(&(at % side)) {
                255
            } else {
                0
            }
        })
        .collect();
    for half in ["train", "t10k"] {
        let mut images = vec![0, 0, 8, 3];
        for size in [count, side, side] {
            images.extend((size as u32).to_be_bytes());
        }
        images.extend(image.repeat(count));
        let path = folder.path().join(format!("{half}-images-idx3-ubyte"));
        fs::write(path, images).unwrap();

        let mut labels = vec![0, 0, 8, 1, 0, 0, 0, count as u8];
        labels.extend((0..count).map(|n| (n % 10) as u8));
        let path = folder.path().join(format!("{half}-labels-idx1-ubyte"));
        fs::write(path, labels).unwrap();
    }
    let sets = load_path(folder.path()).unwrap();
    assert_eq!(lengths(&sets), [11, 1, 12]);
    let notes =
        ["training", "test"].map(|half| format!("12 {half} images of 50×50 were fitted to 28×28"));
    assert_eq!(sets.notes, notes);
    let row = &sets.train.image(0)[14 * 28..15 * 28];
    assert_eq!(row[5], 0);
    assert!(row[13..=15].iter().any(|&byte| byte > 200), "{row:?}");
}
