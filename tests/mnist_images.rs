//! What the program does with MNIST's own images: next to nothing, and ten means of them.

use inkgrad::data::{DataSets, DataSource, Examples};
use inkgrad::ink::{Cells, GrayImage, Ink, SIDE, cells_of, encode_png, mean_digit};
use inkgrad::model_file::bundled_model;
use inkgrad::nn::argmax;
use ndarray::Array2;
use rayon::prelude::*;
use std::io::Write as _;
use std::ops::ControlFlow;
use std::path::Path;

/// The ten means beside each other.
fn means(examples: &Examples) -> GrayImage {
    let mut sums = vec![0_u64; 10 * SIDE * SIDE];
    let mut counts = [0_u64; 10];
    for index in 0..examples.len() {
        let digit = usize::from(examples.label(index));
        counts[digit] += 1;
        let sums = &mut sums[digit * SIDE * SIDE..][..SIDE * SIDE];
        for (sum, &ink) in sums.iter_mut().zip(examples.image(index)) {
            *sum += u64::from(ink);
        }
    }
    let cell = |x: usize, y: usize| {
        let (digit, count) = (x / SIDE, counts[x / SIDE]);
        let sum = sums[(digit * SIDE + y) * SIDE + x % SIDE];
        ((sum + count / 2) / count) as u8
    };
    let width = 10 * SIDE;
    GrayImage {
        width,
        height: SIDE,
        ink: (0..width * SIDE)
            .map(|index| cell(index % width, index / width))
            .collect(),
    }
}

/// MNIST, where it is; says aloud where it is not.
fn mnist(what: &str) -> Option<DataSets> {
    if DataSource::mnist_dir().is_none() {
        // Past the test runner, which keeps what a passing test prints to itself.
        let _ = writeln!(std::io::stderr(), "SKIPPED {what}: MNIST is not there");
        return None;
    }
    Some(
        DataSource::Mnist
            .load(&mut |_| ControlFlow::Continue(()))
            .unwrap(),
    )
}

/// The digit in a corner of a larger picture, so that it has to be found, fitted and centred again.
fn in_a_corner(digit: &Cells) -> GrayImage {
    let side = SIDE + 20;
    let mut ink = vec![0; side * side];
    for (line, row) in digit.0.chunks_exact(SIDE).zip(ink.chunks_exact_mut(side)) {
        row[..SIDE].copy_from_slice(line);
    }
    GrayImage {
        width: side,
        height: side,
        ink,
    }
}

/// How many of the digits the bundled network reads, each prepared in this way.
fn read(digits: &Examples, prepare: impl Fn(Cells) -> Cells + Sync) -> usize {
    const CHUNK: usize = 500;
    let network = bundled_model("default").unwrap().network;
    let chunks = (0..digits.len()).step_by(CHUNK).collect::<Vec<_>>();
    let read = chunks.into_par_iter().map(|start| {
        let indices = start..(start + CHUNK).min(digits.len());
        let mut x = Array2::zeros((indices.len(), SIDE * SIDE));
        for (mut row, index) in x.rows_mut().into_iter().zip(indices.clone()) {
            let input = prepare(digits.cells(index)).input();
            row.iter_mut()
                .zip(input)
                .for_each(|(cell, value)| *cell = value);
        }
        let outputs = network.forward(x.view());
        let answers = outputs.rows().into_iter().zip(indices);
        let right = |index| usize::from(digits.label(index));
        answers
            .filter(|(row, index)| argmax(*row) == right(*index))
            .count()
    });
    read.sum()
}

#[test]
fn normalising_mnist_changes_next_to_nothing() {
    let Some(sets) = mnist("normalising MNIST") else {
        return;
    };
    let as_they_are = read(&sets.test, |digit| digit);
    let normalised = read(&sets.test, |digit| {
        cells_of(Ink::Picture(&digit.picture())).unwrap()
    });
    let found_again = read(&sets.test, |digit| {
        cells_of(Ink::Picture(&in_a_corner(&digit))).unwrap()
    });
    let tenth_of_a_point = sets.test.len() / 1000;
    assert!(
        as_they_are.abs_diff(normalised) <= tenth_of_a_point,
        "{as_they_are} {normalised}"
    );
    // Found, cut out and brought to the usual thickness, some of the boldest and the thinnest are read otherwise.
    assert!(
        as_they_are.abs_diff(found_again) <= 2 * tenth_of_a_point,
        "{as_they_are} {found_again}"
    );
}

#[test]
fn the_mean_digits_are_those_of_the_training_digits() {
    let Some(sets) = mnist("the mean digits") else {
        return;
    };
    let means = means(&sets.train);
    let same = means.rows().enumerate().all(|(y, row)| {
        let digits = row.chunks_exact(SIDE).zip(0..);
        digits
            .into_iter()
            .all(|(cells, digit)| cells == &mean_digit(digit).0[y * SIDE..][..SIDE])
    });
    if !same {
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join("mean-digits.png");
        std::fs::write(&path, encode_png(&means)).unwrap();
        panic!("assets/mean-digits.png should be as {}", path.display());
    }
}
