//! The run that the training thread holds, and the settings that reach it while it runs.

use super::AppState;
use crate::app::Effect;
use crate::app::model::difference;
use crate::data::DataSets;
use crate::training::{Command, Hyperparameters, LiveSettings, Preset};
use std::sync::Arc;

/// The run that the training thread holds.
#[derive(Clone, Debug)]
pub(super) struct ActiveRun {
    /// As the thread has them now.
    pub hyperparameters: Hyperparameters,
    /// What was edited for it, and reaches the thread as soon as all settings make sense.
    pub wanted: LiveSettings,
    pub data: Arc<DataSets>,
    /// Epochs that the weights had before this run.
    pub epochs_before: f64,
    /// Epochs that were done when 'finished' was answered with play.
    pub extended_at: usize,
    /// The thread has taken it in.
    pub loaded: bool,
}

impl AppState {
    /// How many epochs the present run is meant to have, with those that were added after it had finished.
    pub fn run_epochs(&self) -> usize {
        match &self.active {
            Some(active) => active.live().epochs,
            None => self.settings.hyperparameters.epochs,
        }
    }

    pub(super) fn apply_preset(&mut self, preset: Preset) -> Vec<Effect> {
        let present = &self.settings.hyperparameters;
        let hyperparameters = Hyperparameters {
            seed: present.seed,
            threads: present.threads,
            ..preset.hyperparameters()
        };
        self.say(format!("{}: {}", preset.label(), preset.expectation()));
        let another_network = difference(
            &hyperparameters.architecture(),
            &self.model.network.architecture(),
        );
        if another_network.is_none() {
            return self.set_hyperparameters(hyperparameters);
        }
        // Its learning rate is for the network that it describes, not for the one that is being trained.
        self.settings.hyperparameters = hyperparameters;
        if let Some(active) = &mut self.active {
            active.wanted = active.hyperparameters.live();
        }
        Vec::new()
    }

    /// What can change while training runs reaches the thread at once, if all settings make sense.
    pub(super) fn set_hyperparameters(&mut self, hyperparameters: Hyperparameters) -> Vec<Effect> {
        let before = std::mem::replace(&mut self.settings.hyperparameters, hyperparameters);
        let now = &self.settings.hyperparameters;
        let Some(active) = &mut self.active else {
            return Vec::new();
        };
        active.want(before.live(), now.live());
        if now.check().is_err() || !active.take_wanted() {
            return Vec::new();
        }
        vec![Effect::Train(Command::Adjust(active.live()))]
    }
}

impl ActiveRun {
    /// What the thread is told: epochs count from the beginning of the run.
    pub fn live(&self) -> LiveSettings {
        let live = self.hyperparameters.live();
        LiveSettings {
            epochs: self.extended_at + live.epochs,
            ..live
        }
    }

    /// Another learning rate than the one that diverged.
    pub fn set_learning_rate(&mut self, learning_rate: f32) {
        self.hyperparameters.learning_rate = learning_rate;
        self.wanted.learning_rate = learning_rate;
    }

    /// Notes what was edited between `before` and `after`.
    fn want(&mut self, before: LiveSettings, after: LiveSettings) {
        fn note<T: PartialEq>(wanted: &mut T, before: T, after: T) {
            if before != after {
                *wanted = after;
            }
        }
        let wanted = &mut self.wanted;
        note(
            &mut wanted.learning_rate,
            before.learning_rate,
            after.learning_rate,
        );
        note(&mut wanted.momentum, before.momentum, after.momentum);
        note(
            &mut wanted.weight_decay,
            before.weight_decay,
            after.weight_decay,
        );
        note(&mut wanted.batch_size, before.batch_size, after.batch_size);
        note(&mut wanted.epochs, before.epochs, after.epochs);
    }

    /// Returns whether there is something new for the thread.
    fn take_wanted(&mut self) -> bool {
        let wanted = self.wanted;
        if wanted == self.hyperparameters.live() || wanted.check().is_err() {
            return false;
        }
        self.hyperparameters = Hyperparameters {
            learning_rate: wanted.learning_rate,
            momentum: wanted.momentum,
            weight_decay: wanted.weight_decay,
            batch_size: wanted.batch_size,
            epochs: wanted.epochs,
            ..self.hyperparameters.clone()
        };
        true
    }

    pub fn name(&self, sizes: &str) -> String {
        let h = &self.hyperparameters;
        format!("{sizes}, {} {}", h.optimizer.label(), h.learning_rate)
    }
}
