//! Long work on threads of its own: loading data, fetching MNIST, scoring the test set, practising, drawing the cost surface.

use super::performer::Reporter;
use super::{CheckedGradients, Examined, KeptDigit, News, ScoredSet, Wrong};
use crate::data::{DataSets, DataSource, MIRRORS, fetch_mnist};
use crate::explain::{ExamplePass, Settling, SliceRequest, draw_surface};
use crate::ink::unit;
use crate::nn::{Evaluation, Network, check_gradients_of_sample};
use crate::training::{PractiseSetup, practise};
use ndarray::{Array2, Axis};
use std::ops::ControlFlow;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

/// The window hears of progress no more often than it can show it.
const PROGRESS_INTERVAL: Duration = Duration::from_millis(50);

/// Test digits that are answered in one go.
const CHUNK: usize = 250;

/// Weights and biases of each layer whose gradients are compared with differences.
const CHECKED_PER_LAYER: usize = 200;

pub(super) fn load_data(job: u64, source: DataSource, reporter: &Reporter, cancel: &AtomicBool) {
    let mut pace = Pace::default();
    let result = source.load(&mut |fraction| {
        if pace.is_due() {
            reporter.tell(News::DataProgress { job, fraction });
        }
        unless_cancelled(cancel)
    });
    reporter.tell(News::DataLoaded {
        job,
        source,
        result: result
            .map(Arc::new)
            .map_err(|error| sentence_case(&error.to_string())),
    });
}

pub(super) fn fetch(job: u64, reporter: &Reporter, cancel: &AtomicBool) {
    let Some(dir) = DataSource::mnist_fetch_dir() else {
        reporter.tell(News::Fetched {
            job,
            result: Err(
                "This system names no folder for a user's data: set INKGRAD_HOME to one".into(),
            ),
        });
        return;
    };
    let mut pace = Pace::default();
    let result = fetch_mnist(&dir, &MIRRORS, &mut |progress| {
        if pace.is_due() {
            reporter.tell(News::Fetching {
                job,
                progress: progress.clone(),
            });
        }
        unless_cancelled(cancel)
    });
    reporter.tell(News::Fetched {
        job,
        result: result.map_err(|error| sentence_case(&error.to_string())),
    });
}

pub(super) fn score(
    job: u64,
    network: &Network,
    data: &DataSets,
    step: u64,
    reporter: &Reporter,
    cancel: &AtomicBool,
) {
    let test = &data.test;
    let mut pace = Pace::default();
    let mut evaluation = Evaluation::new(network.output_size());
    let mut wrong = Vec::new();
    for start in (0..test.len()).step_by(CHUNK) {
        if unless_cancelled(cancel).is_break() {
            return;
        }
        let indices = start..(start + CHUNK).min(test.len());
        let mut x = Array2::zeros((indices.len(), network.input_size()));
        for (mut row, index) in x.rows_mut().into_iter().zip(indices.clone()) {
            for (value, byte) in row.iter_mut().zip(test.image(index)) {
                *value = unit(*byte);
            }
        }
        let labels: Vec<u8> = indices.clone().map(|index| test.label(index)).collect();
        let outputs = network.forward(x.view());
        evaluation.add(network, outputs.view(), &labels);
        for ((row, index), truth) in outputs.rows().into_iter().zip(indices).zip(labels) {
            let answer = crate::nn::argmax(row);
            if answer != usize::from(truth) {
                wrong.push(Wrong {
                    index,
                    truth,
                    answer: answer as u8,
                    confidence: row[answer],
                });
            }
        }
        if pace.is_due() {
            let fraction = start as f32 / test.len() as f32;
            reporter.tell(News::ScoreProgress { job, fraction });
        }
    }
    wrong.sort_by(|a, b| b.confidence.total_cmp(&a.confidence));
    reporter.tell(News::Scored {
        job,
        scored: Box::new(ScoredSet {
            evaluation,
            wrong,
            step,
            data_name: data.name.clone(),
        }),
    });
}

pub(super) fn measure_settling(
    job: u64,
    network: &Network,
    data: &DataSets,
    reporter: &Reporter,
    cancel: &AtomicBool,
) {
    let mut pace = Pace::default();
    let settling = Settling::measure(network, &data.train, &mut |fraction| {
        if pace.is_due() {
            reporter.tell(News::SettlingProgress { job, fraction });
        }
        unless_cancelled(cancel)
    });
    let settling = settling.map(Arc::new);
    reporter.tell(News::SettlingMeasured { job, settling });
}

/// Compares the gradients of one example with differences of its cost.
pub(super) fn check_gradients(
    network: Arc<Network>,
    examined: Examined,
) -> Result<CheckedGradients, String> {
    let pass = examined
        .label
        .and_then(|label| ExamplePass::new(&network, &examined.input, label));
    let Some(pass) = pass else {
        return Err("Without a label there is no cost to check: say which digit is meant".into());
    };
    let x = pass.a(0).mapv(f64::from).insert_axis(Axis(0));
    let y = pass.truth().mapv(f64::from).insert_axis(Axis(0));
    let exact = network.cast::<f64>();
    let check = check_gradients_of_sample(&exact, x.view(), y.view(), CHECKED_PER_LAYER);
    Ok(CheckedGradients {
        network,
        examined,
        check,
    })
}

pub(super) fn practise_setup(
    network: Arc<Network>,
    replay: Arc<DataSets>,
    digits: &[Arc<KeptDigit>],
    seed: u64,
) -> PractiseSetup {
    PractiseSetup {
        network,
        replay,
        own: digits.iter().map(|digit| digit.drawing.clone()).collect(),
        seed,
    }
}

pub(super) fn practise_on_mine(
    job: u64,
    setup: &PractiseSetup,
    reporter: &Reporter,
    cancel: &AtomicBool,
) {
    let mut pace = Pace::default();
    let result = practise(setup, &mut |fraction| {
        if pace.is_due() {
            reporter.tell(News::PractiseProgress { job, fraction });
        }
        unless_cancelled(cancel)
    });
    reporter.tell(News::Practised {
        job,
        replay_name: setup.replay.name.clone(),
        result: result
            .map(Box::new)
            .map_err(|error| sentence_case(&error.to_string())),
    });
}

pub(super) fn draw(job: u64, request: &SliceRequest, reporter: &Reporter, cancel: &AtomicBool) {
    let mut pace = Pace::default();
    let result = draw_surface(request, &mut |fraction, surface| {
        if surface.is_some() || pace.is_due() {
            reporter.tell(News::SurfaceRefined {
                job,
                fraction,
                surface,
            });
        }
        unless_cancelled(cancel)
    });
    reporter.tell(News::SurfaceDrawn {
        job,
        result: result.map_err(|error| sentence_case(&error.to_string())),
    });
}

/// Says when enough time has gone by for the next news.
#[derive(Default)]
struct Pace {
    last: Option<Instant>,
}

impl Pace {
    fn is_due(&mut self) -> bool {
        let due = self
            .last
            .is_none_or(|last| last.elapsed() >= PROGRESS_INTERVAL);
        if due {
            self.last = Some(Instant::now());
        }
        due
    }
}

fn unless_cancelled(cancel: &AtomicBool) -> ControlFlow<()> {
    if cancel.load(Ordering::Relaxed) {
        ControlFlow::Break(())
    } else {
        ControlFlow::Continue(())
    }
}

/// Errors of the library begin small, as they stand after "error:"; in the window they begin a line.
pub(super) fn sentence_case(text: &str) -> String {
    let mut letters = text.chars();
    match letters.next() {
        // A path or a name that begins the sentence stays as it is.
        Some(first)
            if text
                .split(' ')
                .next()
                .is_some_and(|word| word.chars().all(char::is_alphabetic)) =>
        {
            first.to_uppercase().chain(letters).collect()
        }
        _ => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences_begin_large_but_paths_stay() {
        assert_eq!(
            sentence_case("fetching was cut off"),
            "Fetching was cut off"
        );
        assert_eq!(
            sentence_case("models/a.json is empty"),
            "models/a.json is empty"
        );
        assert_eq!(sentence_case(""), "");
    }
}
