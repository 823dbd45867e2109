use super::{AppCommand, Effect, Log, ModelState, News, Pad, Reading, Runs, ScoredSet, Settings};
use crate::data::{DataSets, DataSource, FetchProgress};
use std::sync::Arc;

/// What the program *is*; what only painting needs lives in the panels.
#[derive(Debug)]
pub struct AppState {
    pub settings: Settings,
    pub pad: Pad,
    /// `None` while the pad is blank.
    pub reading: Option<Reading>,
    pub model: ModelState,
    pub runs: Runs,
    pub data: DataState,
    /// Long work that is going on, oldest first.
    pub jobs: Vec<Job>,
    /// The test set as the network last answered it.
    pub scored: Option<ScoredSet>,
    pub log: Log,
    /// A question that waits for an answer, in front of everything.
    pub question: Option<Question>,
    pub show_shortcuts: bool,
    pub show_log: bool,
    pub show_about: bool,
    // the owner of `app` adds what is private: pending intentions, job ids, time of the last recovery file
}

/// The data set in use. While another one is loaded, `sets` is still the old one.
#[derive(Clone, Debug)]
pub struct DataState {
    /// What was asked for.
    pub source: DataSource,
    pub sets: Option<Arc<DataSets>>,
    /// Why the last loading failed.
    pub error: Option<String>,
}

/// Long work with its progress; each can be cancelled.
#[derive(Clone, Debug, PartialEq)]
pub struct Job {
    pub id: u64,
    pub kind: JobKind,
    /// 0..=1
    pub fraction: f32,
    /// "Fetching train-images (1 of 4): 3.2 of 9.9 MB"
    pub sentence: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum JobKind {
    LoadData,
    FetchMnist,
    Score,
}

/// A question in front of everything, with its buttons; the last one is always the harmless one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    pub title: String,
    pub text: String,
    pub buttons: Vec<String>,
}

impl AppState {
    /// The program at its start: the bundled model, a blank pad. The effects load the data.
    pub fn new(settings: Settings) -> (Self, Vec<Effect>) {
        let _ = settings;
        todo!()
    }

    /// Carries out a command.
    pub fn handle(&mut self, command: AppCommand) -> Vec<Effect> {
        let _ = command;
        todo!()
    }

    /// Takes in what came of an effect.
    pub fn receive(&mut self, news: News) -> Vec<Effect> {
        let _ = news;
        todo!()
    }

    /// Called each frame with the seconds since the start, for what is due by time (the recovery file).
    pub fn tick(&mut self, now_secs: f64) -> Vec<Effect> {
        let _ = now_secs;
        todo!()
    }

    /// What the play button would do now, in words: "Train a fresh 784-128-64-10 network on MNIST".
    pub fn play_sentence(&self) -> String {
        todo!()
    }

    /// The settings describe another network than the present one: what needs new weights, in words.
    pub fn needs_new_weights(&self) -> Option<String> {
        todo!()
    }

    pub fn fetch_progress_sentence(progress: &FetchProgress) -> String {
        let _ = progress;
        todo!()
    }
}
