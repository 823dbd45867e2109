//! The mean digits that come with the program are those of MNIST's training digits.

use inkgrad::data::{DataSource, Examples};
use inkgrad::ink::{GrayImage, SIDE, encode_png, mean_digit};
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

#[test]
fn the_mean_digits_are_those_of_the_training_digits() {
    if DataSource::mnist_dir().is_none() {
        // Past the test runner, which keeps what a passing test prints to itself.
        let _ = writeln!(
            std::io::stderr(),
            "SKIPPED the mean digits: MNIST is not there"
        );
        return;
    }
    let sets = DataSource::Mnist
        .load(&mut |_| ControlFlow::Continue(()))
        .unwrap();
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
