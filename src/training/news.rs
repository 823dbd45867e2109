use super::{LayerHealth, Progress, Run, StepOutcome};
use std::time::{Duration, Instant};

/// The shortest time between two pieces of news: about 30 a second.
pub(super) const INTERVAL: Duration = Duration::from_millis(33);
/// News may take so large a part of the time: one in so many.
const SHARE: u32 = 10;

/// What happened since the last [`Progress`] was told.
#[derive(Debug, Default)]
pub(super) struct News {
    steps: u32,
    examples: usize,
    cost_sum: f64,
    learning_rate: f32,
    /// Time spent on the steps, without pauses and scorings.
    training: Duration,
    last_told: Option<Instant>,
    /// How long the last news took, which is long when the network is large.
    effort: Duration,
}

impl News {
    /// Lets the next step be told at once, as it is the first after a pause.
    pub(super) fn begin(&mut self) {
        self.last_told = None;
    }

    pub(super) fn is_due(&self, now: Instant) -> bool {
        let interval = INTERVAL.max(self.effort * SHARE);
        self.last_told
            .is_none_or(|last| now.duration_since(last) >= interval)
    }

    pub(super) fn record(&mut self, outcome: &StepOutcome, took: Duration) {
        self.steps += 1;
        self.examples += outcome.examples;
        self.cost_sum += f64::from(outcome.cost);
        self.learning_rate = outcome.learning_rate;
        self.training += took;
    }

    /// The averages since the last time, and a fresh start.
    pub(super) fn take(&mut self, run: &Run, layers: Vec<LayerHealth>) -> Progress {
        let seconds = self.training.as_secs_f64().max(1e-9);
        let progress = Progress {
            step: run.steps(),
            epoch: run.epoch(),
            cost: (self.cost_sum / f64::from(self.steps.max(1))) as f32,
            learning_rate: self.learning_rate,
            samples_per_second: (self.examples as f64 / seconds) as f32,
            layers,
        };
        *self = Self::default();
        progress
    }

    /// News was told at `now`, after work on it for so long.
    pub(super) fn told(&mut self, now: Instant, effort: Duration) {
        self.last_told = Some(now);
        self.effort = effort;
    }
}
