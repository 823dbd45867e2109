//! What `models/README.md` says of the models is what they score.

use inkgrad::data::{DataSource, Examples};
use inkgrad::model_file::{Model, open_model};
use inkgrad::training::evaluate;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

/// Examples that may come out otherwise on a processor that adds up in another order.
const ROUNDING: f64 = 2.0;

fn models() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("models")
}

/// Every model in the folder, with its section of the README.
fn described() -> Vec<(Model, String)> {
    let readme = fs::read_to_string(models().join("README.md")).unwrap();
    let mut described = Vec::new();
    for name in ["textbook", "default", "record"] {
        let files = ["json", "safetensors"].map(|end| models().join(format!("{name}.{end}")));
        let Some(path) = files.iter().find(|path| path.exists()) else {
            continue;
        };
        let (_, section) = readme
            .split_once(&format!("\n## `{name}`\n"))
            .unwrap_or_else(|| panic!("{name} is not described"));
        let section = section.split("\n## ").next().unwrap_or(section);
        described.push((open_model(path).unwrap(), section.to_owned()));
    }
    described
}

/// The accuracy in the row of a table that begins with `title`: "| MNIST, test | 10,000 | 97.41 % ± 0.32 % | … |".
fn told(section: &str, title: &str) -> f64 {
    let row = section
        .lines()
        .find(|line| line.starts_with(&format!("| {title} |")))
        .unwrap_or_else(|| panic!("there is no row {title:?} in: {section}"));
    let cell = row.split('|').nth(3).unwrap();
    let (percent, _) = cell.split_once('%').unwrap();
    percent.trim().parse().unwrap()
}

fn assert_score(model: &Model, examples: &Examples, told_percent: f64) {
    let evaluation = evaluate(&model.network, examples);
    let percent = 100.0 * evaluation.accuracy();
    let one_example = 100.0 / f64::from(evaluation.count());
    assert!(
        (percent - told_percent).abs() <= ROUNDING * one_example + 0.005,
        "{} scores {percent:.2} % and not {told_percent} %",
        model.name
    );
}

#[test]
fn the_score_of_every_model_on_practice_digits_is_the_one_that_is_told() {
    let practice = DataSource::Practice
        .load(&mut |_| std::ops::ControlFlow::Continue(()))
        .unwrap();
    for (model, section) in described() {
        let told = told(&section, "practice digits, held-out hands");
        assert_score(&model, &practice.test, told);
    }
}

#[test]
fn the_score_of_every_model_on_mnist_is_the_one_that_is_told() {
    if DataSource::mnist_dir().is_none() {
        let _ = writeln!(
            std::io::stderr(),
            "SKIPPED the scores of the models on MNIST: it is not here"
        );
        return;
    }
    let mnist = DataSource::Mnist
        .load(&mut |_| std::ops::ControlFlow::Continue(()))
        .unwrap();
    for (model, section) in described() {
        assert_score(&model, &mnist.test, told(&section, "MNIST, test"));
        assert_score(
            &model,
            &mnist.validation,
            told(&section, "MNIST, validation"),
        );
    }
}
