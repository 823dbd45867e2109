//! What the bundled model and the gate promise: probabilities that mean what they say, and ink that is no digit
//! refused while digits are not. Nothing here was used to fit anything.

mod foreign;

use foreign::{LETTERS, Scribble, letter, many};
use inkgrad::answering::{Gate, Honesty, Judgement, Verdict};
use inkgrad::data::{DataSets, DataSource, Examples};
use inkgrad::ink::{Cells, Drawing, Hands, Ink, cells_of, practice_digits};
use inkgrad::model_file::{Model, bundled_model};
use std::io::Write as _;
use std::ops::ControlFlow;
use std::path::PathBuf;

/// Says so aloud: past the test runner, which keeps what a passing test prints to itself.
fn skipped(what: &str, why: &str) {
    let _ = writeln!(std::io::stderr(), "SKIPPED {what}: {why}");
}

fn load(source: &DataSource) -> DataSets {
    source.load(&mut |_| ControlFlow::Continue(())).unwrap()
}

fn mnist(test: &str) -> Option<DataSets> {
    if DataSource::mnist_dir().is_none() {
        skipped(
            test,
            "MNIST was not found; fetch it or set INKGRAD_DATA_DIR",
        );
        return None;
    }
    Some(load(&DataSource::Mnist))
}

/// Fashion-MNIST: where `INKGRAD_FASHION_DIR` says, or in `fashion-mnist` beside MNIST's folder.
fn fashion(test: &str) -> Option<DataSets> {
    let beside = || Some(DataSource::mnist_dir()?.parent()?.join("fashion-mnist"));
    let named = std::env::var_os("INKGRAD_FASHION_DIR").map(PathBuf::from);
    match named.or_else(beside).filter(|dir| dir.is_dir()) {
        Some(dir) => Some(load(&DataSource::Path(dir))),
        None => {
            skipped(
                test,
                "Fashion-MNIST was not found; set INKGRAD_FASHION_DIR to its folder",
            );
            None
        }
    }
}

/// The share of pictures that the bundled model refuses to read.
fn refused(cells: impl IntoIterator<Item = Cells>) -> f64 {
    let model = bundled_model("default").unwrap();
    let (mut refused, mut all) = (0, 0);
    for cells in cells {
        let is_refused = judgement(&model, &cells).verdict == Verdict::NotADigit;
        refused += u32::from(is_refused);
        all += 1;
    }
    f64::from(refused) / f64::from(all)
}

fn judgement(model: &Model, cells: &Cells) -> Judgement {
    let outputs = model.network.predict(&cells.input()).to_vec();
    let calibration = model.calibration.as_ref();
    Judgement::new(
        &model.network,
        calibration,
        Gate::bundled(),
        cells,
        &outputs,
    )
}

fn pictures(examples: &Examples) -> impl Iterator<Item = Cells> {
    (0..examples.len()).map(|index| examples.cells(index))
}

fn as_read(drawings: Vec<Drawing>) -> Vec<Cells> {
    let cells = |drawing: &Drawing| cells_of(Ink::Drawing(drawing)).unwrap();
    drawings.iter().map(cells).collect()
}

#[test]
fn probabilities_mean_what_they_say_and_digits_of_mnist_are_hardly_ever_refused() {
    let Some(mnist) = mnist("probabilities_mean_what_they_say") else {
        return;
    };
    let model = bundled_model("default").unwrap();
    let calibration = model.calibration.as_ref();
    let honesty = Honesty::of(&model.network, calibration, Gate::bundled(), &mnist.test);
    assert!(f64::from(honesty.refused) <= 0.01 * 10_000.0, "{honesty:?}");
    let reliability = honesty.reliability.unwrap();
    assert_eq!(reliability.count(), 10_000);
    let error = reliability.expected_calibration_error();
    assert!(error <= 0.01, "{error}");
}

#[test]
fn digits_of_hands_never_met_are_hardly_ever_refused() {
    let digits = practice_digits(Hands::HeldOut, 2000, 77);
    let refused = refused(digits.into_iter().map(|(cells, _)| cells));
    assert!(refused <= 0.01, "{refused}");
}

#[test]
fn pictures_of_clothes_are_refused() {
    let Some(fashion) = fashion("pictures_of_clothes_are_refused") else {
        return;
    };
    let refused = refused(pictures(&fashion.test));
    assert!(refused >= 0.95, "{refused}");
}

#[test]
fn scribbles_are_refused() {
    let mut all = Vec::new();
    for scribble in Scribble::ALL {
        let drawings = as_read(many(100, 2, |rng| scribble.draw(rng)));
        let share = refused(drawings.iter().copied());
        assert!(share >= 0.7, "{scribble:?}: {share}");
        all.extend(drawings);
    }
    let refused = refused(all);
    assert!(refused >= 0.95, "{refused}");
}

#[test]
fn letters_are_refused() {
    let mut all = Vec::new();
    for (index, (name, _)) in LETTERS.iter().enumerate() {
        let drawings = as_read(many(50, 2, |rng| letter(index, rng)));
        let share = refused(drawings.iter().copied());
        assert!(share >= 0.8, "{name}: {share}");
        all.extend(drawings);
    }
    let refused = refused(all);
    assert!(refused >= 0.95, "{refused}");
}

#[test]
fn paper_without_ink_and_paper_full_of_it_are_refused() {
    let refused = refused([Cells::BLANK, Cells([255; 784])]);
    assert_eq!(refused, 1.0);
}
