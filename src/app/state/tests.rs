//! The rules of the program, without a window, a thread or a dialog.

mod answering;
mod data;
mod files;
mod lesson_questions;
mod lessons;
mod microscope;
mod my_digits;
mod nudges;
mod pad;
mod practise;
mod questions;
mod surface;
mod training;

use super::AppState;
use crate::app::{Effect, News, Origin, Settings};
use crate::data::{DataSets, DataSource, Dataset, Examples};
use crate::model_file::{Model, TrainingRecord};
use crate::nn::Evaluation;
use crate::training::{Command, Event, Hyperparameters, Progress, Snapshot};
use std::sync::Arc;

/// Small enough that a test is over at once.
fn settings() -> Settings {
    Settings {
        hyperparameters: Hyperparameters {
            hidden_layers: vec![4],
            epochs: 10,
            ..Hyperparameters::default()
        },
        data: DataSource::Practice,
        data_was_chosen: true,
        ..Settings::default()
    }
}

fn model(name: &str, hidden: usize, steps: u64) -> Model {
    let hyperparameters = Hyperparameters {
        hidden_layers: vec![hidden],
        ..Hyperparameters::default()
    };
    Model {
        name: name.into(),
        network: hyperparameters.check().unwrap().fresh_network().unwrap(),
        record: TrainingRecord {
            steps,
            ..TrainingRecord::default()
        },
        calibration: None,
    }
}

/// Thirty digits: 10 to learn from, 10 to watch, 10 to be judged by.
fn digits(name: &str) -> Arc<DataSets> {
    let images = (0..10_usize)
        .flat_map(|digit| (0..784).map(move |cell| if cell % 10 == digit { 255 } else { 0 }))
        .collect();
    let data = Arc::new(Dataset::new(images, (0..10).collect()).unwrap());
    DataSets {
        source: DataSource::Practice,
        name: name.into(),
        train: Examples::all(Arc::clone(&data)),
        validation: Examples::all(Arc::clone(&data)),
        test: Examples::all(data),
        notes: Vec::new(),
    }
    .into()
}

/// With the bundled kind of model and data that is still being loaded.
fn at_the_start() -> AppState {
    AppState::with_model(settings(), model("default", 8, 5000), Origin::Bundled).0
}

fn load(state: &mut AppState, name: &str) -> Vec<Effect> {
    let job = state.jobs[0].id;
    state.receive(News::DataLoaded {
        job,
        source: DataSource::Practice,
        result: Ok(digits(name)),
    })
}

/// With data, ready to play.
fn ready() -> AppState {
    let mut state = at_the_start();
    load(&mut state, "Practice digits");
    state
}

/// After play was pressed and so many steps were made of a fresh network.
fn trained(steps: u64) -> AppState {
    let mut state = ready();
    state.handle(crate::app::AppCommand::PlayPause);
    progress(&mut state, steps);
    state
}

/// The thread has made steps until `step`.
fn progress(state: &mut AppState, step: u64) {
    let network = model("next", 4, 0).network;
    state.receive(News::Training(Event::Progress(Progress {
        step,
        epoch: step as f32 / 100.0,
        cost: 1.0,
        learning_rate: 0.1,
        samples_per_second: 1000.0,
        layers: Vec::new(),
    })));
    state.receive(News::Snapshot(Arc::new(Snapshot {
        network: Arc::new(network),
        gradients: None,
        step,
        epoch: step as f32 / 100.0,
    })));
}

fn paused(state: &mut AppState, step: u64) {
    state.receive(News::Training(Event::Paused { step }));
}

fn finished(state: &mut AppState, step: u64) -> Vec<Effect> {
    let mut test = Evaluation::new(10);
    for digit in 0..10 {
        test.confusion[[digit, if digit == 9 { 4 } else { digit }]] = 10;
    }
    state.receive(News::Training(Event::Finished { step, test }))
}

/// The commands for the training thread, by name.
fn told_the_thread(effects: &[Effect]) -> Vec<String> {
    effects
        .iter()
        .filter_map(|effect| match effect {
            Effect::Train(command) => Some(match command {
                Command::Load(_) => "Load".into(),
                other => format!("{other:?}"),
            }),
            _ => None,
        })
        .collect()
}

fn question_buttons(state: &AppState) -> Vec<&str> {
    state.question.as_ref().map_or(Vec::new(), |question| {
        question.buttons.iter().map(String::as_str).collect()
    })
}
