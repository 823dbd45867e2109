use super::bar::{fraction_bar, set_fraction};
use super::interrupt::Interrupt;
use super::score;
use crate::nn::Evaluation;
use crate::training::{Command, Divergence, Event, Progress, RunSetup, Snapshot, Trainer};
use indicatif::ProgressBar;
use std::io::{self, Write};
use std::sync::Arc;
use std::time::Duration;

/// How often Ctrl-C is looked for while there is no news.
const GLANCE: Duration = Duration::from_millis(50);

/// Follows a training run to its end: a bar on a terminal, and a line for each epoch.
pub(super) struct Watch {
    bar: ProgressBar,
    epochs: usize,
    snapshot: Arc<Snapshot>,
    /// The newest score on the validation examples, and the step that it is of.
    validation: Option<(u64, Evaluation)>,
    cost: MeanCost,
    samples_per_second: f32,
}

/// How training ended, and with what.
pub(super) struct Watched {
    pub(super) end: End,
    /// The newest network; never one with a NaN.
    pub(super) snapshot: Arc<Snapshot>,
    validation: Option<(u64, Evaluation)>,
}

/// Why a run is over.
pub(super) enum End {
    /// All epochs are done; the test examples were scored, once.
    Finished(Evaluation),
    /// Ctrl-C.
    Interrupted,
    Diverged(Divergence),
    Failed(String),
}

/// The mean cost of the mini-batches of one epoch.
#[derive(Default)]
struct MeanCost {
    sum: f64,
    steps: u64,
    last_step: u64,
}

impl Watch {
    pub(super) fn new(setup: &RunSetup) -> Self {
        let first = Snapshot {
            network: Arc::clone(&setup.network),
            gradients: None,
            step: setup.first_step,
            epoch: 0.0,
        };
        Self {
            bar: fraction_bar("Training"),
            epochs: setup.hyperparameters.epochs,
            snapshot: Arc::new(first),
            validation: None,
            cost: MeanCost {
                last_step: setup.first_step,
                ..MeanCost::default()
            },
            samples_per_second: 0.0,
        }
    }

    /// A line on standard output. Where nobody reads it any more, training goes on: the model is what is wanted.
    pub(super) fn say(&self, line: &str) {
        self.bar.suspend(|| {
            let _ = writeln!(io::stdout(), "{line}");
        });
    }

    /// Waits for the end, or ends the run at the next mini-batch after Ctrl-C.
    pub(super) fn follow(&mut self, trainer: &Trainer, interrupt: &Interrupt) -> Watched {
        let mut pausing = false;
        let end = loop {
            if interrupt.pressed() && !pausing {
                pausing = true;
                trainer.send(Command::Pause);
            }
            match trainer.wait_event(GLANCE) {
                Some(Event::Progress(progress)) => self.progress(&progress),
                Some(Event::Validated {
                    step, evaluation, ..
                }) => self.validation = Some((step, evaluation)),
                Some(Event::EpochFinished { epoch, .. }) => self.epoch_finished(epoch),
                Some(Event::Paused { .. }) if pausing => break End::Interrupted,
                Some(Event::Finished { test, .. }) => break End::Finished(test),
                Some(Event::Diverged(divergence)) => break End::Diverged(divergence),
                Some(Event::Failed { reason }) => break End::Failed(reason),
                Some(_) | None => {}
            }
        };
        if let Some(newest) = trainer.take_snapshot() {
            self.snapshot = newest;
        }
        self.bar.finish_and_clear();
        Watched {
            end,
            snapshot: Arc::clone(&self.snapshot),
            validation: self.validation.take(),
        }
    }

    fn progress(&mut self, progress: &Progress) {
        self.cost.add(progress);
        self.samples_per_second = progress.samples_per_second;
        set_fraction(&self.bar, progress.epoch / self.epochs as f32);
        self.bar.set_message(format!(
            "Epoch {:.1} of {}, cost {:.4}, {:.0} samples/s",
            progress.epoch, self.epochs, progress.cost, progress.samples_per_second
        ));
    }

    fn epoch_finished(&mut self, epoch: u64) {
        let cost = self.cost.take();
        let validation = match &self.validation {
            Some((_, evaluation)) => format!(
                "validation cost {:.4}, validation accuracy {}",
                evaluation.mean_cost(),
                score::accuracy(evaluation)
            ),
            None => "no validation".to_owned(),
        };
        self.say(&format!(
            "epoch {epoch} of {}: cost {cost:.4}, {validation}, {:.0} samples/s",
            self.epochs, self.samples_per_second
        ));
    }
}

impl Watched {
    /// Of the very network that is kept, or none.
    pub(super) fn validation_accuracy(&self) -> Option<f64> {
        self.validation
            .as_ref()
            .filter(|(step, evaluation)| *step == self.snapshot.step && evaluation.count() > 0)
            .map(|(_, evaluation)| evaluation.accuracy())
    }
}

impl MeanCost {
    fn add(&mut self, progress: &Progress) {
        let steps = progress.step.saturating_sub(self.last_step);
        self.sum += f64::from(progress.cost) * steps as f64;
        self.steps += steps;
        self.last_step = progress.step;
    }

    fn take(&mut self) -> f64 {
        let mean = self.sum / self.steps as f64;
        *self = Self {
            last_step: self.last_step,
            ..Self::default()
        };
        mean
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn progress(step: u64, cost: f32) -> Progress {
        Progress {
            step,
            epoch: 0.0,
            cost,
            learning_rate: 0.1,
            samples_per_second: 0.0,
            layers: Vec::new(),
        }
    }

    #[test]
    fn the_cost_of_an_epoch_is_the_mean_over_its_steps() {
        let mut cost = MeanCost {
            last_step: 100,
            ..MeanCost::default()
        };
        cost.add(&progress(101, 4.0));
        cost.add(&progress(104, 2.0));
        assert_eq!(cost.take(), 2.5);
        cost.add(&progress(106, 1.0));
        assert_eq!(cost.take(), 1.0);
    }
}
