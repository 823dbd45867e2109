//! What the training thread tells, and the list of runs.

use super::AppState;
use crate::app::{AppCommand, Effect, Phase};
use crate::nn::Evaluation;
use crate::training::{Event, Snapshot};
use std::sync::Arc;

impl AppState {
    /// News of a run that was ended meanwhile is out of date.
    pub(super) fn take_event(&mut self, event: Event) -> Vec<Effect> {
        let Some(active) = &mut self.active else {
            return Vec::new();
        };
        match event {
            Event::Loaded {
                steps_per_epoch, ..
            } => {
                active.loaded = true;
                self.runs.steps_per_epoch = steps_per_epoch;
            }
            Event::Running => self.runs.phase = Phase::Running,
            Event::Paused { .. } => {
                if self.runs.phase == Phase::Running {
                    self.runs.phase = Phase::Paused;
                }
                return self.calibrate_at_rest();
            }
            Event::Progress(progress) => {
                if let Some(run) = self.runs.current_mut() {
                    run.history.push(&progress);
                }
                self.runs.progress = Some(progress);
            }
            Event::Validated {
                step,
                epoch,
                evaluation,
                network,
            } => {
                if let Some(run) = self.runs.current_mut() {
                    run.history.push_validation(step, epoch, &evaluation);
                }
                self.surface
                    .path
                    .score(&network, step, evaluation.mean_cost());
                if step == self.model.record.steps {
                    self.model.record.validation_accuracy = Some(evaluation.accuracy());
                }
            }
            Event::Finished { test, .. } => return self.training_finished(test),
            Event::Diverged(divergence) => {
                self.complain(divergence.sentence.clone());
                self.ask_to_recover(&divergence);
                self.runs.phase = Phase::Diverged(divergence);
            }
            Event::Refused { reason } => {
                if active.loaded {
                    self.runs.phase = Phase::Paused;
                } else {
                    self.active = None;
                    self.runs.phase = Phase::Idle;
                }
                self.complain(reason);
            }
            Event::Failed { reason } => {
                self.active = None;
                self.runs.phase = Phase::Idle;
                self.complain(format!("Training has failed: {reason}"));
            }
            Event::EpochFinished { .. } | Event::Stopped | Event::Reset => {}
        }
        Vec::new()
    }

    /// The window shows what the thread has made of the network.
    pub(super) fn take_snapshot(&mut self, snapshot: &Snapshot) {
        let Some(active) = &self.active else {
            return;
        };
        // Progress is told a few times a second, and the last steps before a pause are in no news of their own.
        if let Some(progress) = &mut self.runs.progress {
            progress.step = snapshot.step;
            progress.epoch = snapshot.epoch;
        }
        self.model.gradients = snapshot.gradients.clone();
        self.model.version += 1;
        let record = &mut self.model.record;
        if snapshot.step != record.steps {
            self.model.network = Arc::clone(&snapshot.network);
            // It was fitted to other weights.
            self.model.calibration = None;
            record.data = active.data.name.clone();
            record.hyperparameters = Some(active.hyperparameters.clone());
            record.steps = snapshot.step;
            record.epochs = active.epochs_before + f64::from(snapshot.epoch);
            // The score of these weights may have come before them.
            let validated = self
                .runs
                .current()
                .and_then(|run| run.history.validation().last());
            record.validation_accuracy = validated
                .filter(|validation| validation.step == snapshot.step)
                .map(|validation| validation.accuracy.into());
            record.test_accuracy = None;
            record.test_count = None;
            // The command line that made the model does not lead to these weights any more.
            record.command = None;
            self.model.unsaved = true;
        }
        self.read_pad_again();
    }

    pub(super) fn change_runs(&mut self, command: AppCommand) {
        if command.enabled(self).is_err() {
            return;
        }
        match command {
            AppCommand::ToggleRun { index } => {
                let run = &mut self.runs.all[index];
                run.visible = !run.visible;
            }
            AppCommand::RenameRun { index, name } => {
                let name = name.trim();
                if !name.is_empty() {
                    self.runs.all[index].name = name.to_owned();
                }
            }
            AppCommand::DeleteRun { index } => {
                self.runs.all.remove(index);
            }
            _ => {}
        }
    }

    fn training_finished(&mut self, test: Evaluation) -> Vec<Effect> {
        self.runs.phase = Phase::Finished;
        if test.count() == 0 {
            // As of pen strokes that are split by writer.
            let name = &self.data.source.label();
            self.say(format!(
                "Training has finished; {name} has no test digits to be judged by"
            ));
            return Vec::new();
        }
        self.model.record.test_accuracy = Some(test.accuracy());
        self.model.record.test_count = Some(test.count());
        self.say(format!(
            "Training has finished: {:.2} % ± {:.2} of {} test digits are read correctly",
            100.0 * test.accuracy(),
            100.0 * test.two_sigma(),
            crate::data::grouped(u64::from(test.count()))
        ));
        if let Some(run) = self.runs.current_mut() {
            run.test = Some(test);
        }
        let mut effects = self.score_test_set();
        effects.extend(self.calibrate_at_rest());
        effects
    }
}
