use crate::nn::Evaluation;
use crate::training::{Divergence, History, Progress, Speed};

/// What training is doing.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Phase {
    /// No run was made yet, or the model was replaced.
    #[default]
    Idle,
    Running,
    Paused,
    /// All epochs are done.
    Finished,
    Diverged(Divergence),
}

/// One training run and its curves.
#[derive(Clone, Debug)]
pub struct Run {
    /// "784-128-64-10, SGD 0.1"
    pub name: String,
    pub history: History,
    /// Shown in the curves.
    pub visible: bool,
    /// Scored once, at the end.
    pub test: Option<Evaluation>,
}

/// All runs since the program started; the last one is the present one.
#[derive(Clone, Debug, Default)]
pub struct Runs {
    pub all: Vec<Run>,
    pub phase: Phase,
    pub speed: Speed,
    /// The newest news of the present run.
    pub progress: Option<Progress>,
    pub steps_per_epoch: u64,
}

impl Runs {
    pub fn current(&self) -> Option<&Run> {
        self.all.last()
    }
}
