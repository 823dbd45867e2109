//! One step of gradient descent on the one example, applied by hand and taken back.

use super::AppState;
use crate::app::microscope::{AppliedNudge, BeforeNudge};
use crate::app::{AppCommand, Effect, ModelState, Origin};
use crate::explain::{Update, short};
use crate::nn::Network;
use std::sync::Arc;

/// So many can be taken back.
const MOST_NUDGES: usize = 30;
/// After the last nudge the network has to rest this long before a calibration is fitted.
const REST_SECS: f64 = 1.0;

impl AppState {
    /// The nudges that were applied to the network under the microscope and can be taken back, oldest first.
    pub fn applied_nudges(&self) -> &[AppliedNudge] {
        let nudges = &self.microscope.nudges;
        // Training, or another model, has gone over them.
        let present = nudges
            .last()
            .is_some_and(|nudge| Arc::ptr_eq(&nudge.update.network, self.examined_network()));
        if present { nudges } else { &[] }
    }

    /// Changes the frozen copy while one is looked at, the present network otherwise.
    pub(super) fn apply_nudge(&mut self) -> Vec<Effect> {
        self.freeze_while_training();
        if AppCommand::ApplyNudge.enabled(self).is_err() {
            return Vec::new();
        }
        let Some(pass) = self.examined_pass() else {
            return Vec::new();
        };
        let learning_rate = self.settings.hyperparameters.learning_rate;
        let update = Update::new(&pass, learning_rate);
        let answers = update.outputs.iter().all(|output| output.is_finite());
        if update.network.first_non_finite().is_some() || !answers {
            self.complain(format!(
                "Nothing was changed: with η = {} the weights would be no numbers any more. Choose a smaller one",
                short(learning_rate)
            ));
            return Vec::new();
        }
        if self.applied_nudges().is_empty() {
            self.microscope.nudges.clear();
        }
        let network = Arc::clone(&update.network);
        let (before, effects) = match &mut self.microscope.frozen {
            Some((frozen, _)) => {
                let before = std::mem::replace(frozen, network);
                (BeforeNudge::Frozen(before), Vec::new())
            }
            None => {
                let before = Box::new(self.model.clone());
                let effects = self.change_weights(network);
                (BeforeNudge::Present(before), effects)
            }
        };
        let nudges = &mut self.microscope.nudges;
        nudges.push(AppliedNudge { update, before });
        let surplus = nudges.len().saturating_sub(MOST_NUDGES);
        nudges.drain(..surplus);
        effects
    }

    pub(super) fn undo_nudge(&mut self) -> Vec<Effect> {
        if self.applied_nudges().is_empty() {
            return Vec::new();
        }
        let Some(nudge) = self.microscope.nudges.pop() else {
            return Vec::new();
        };
        match nudge.before {
            BeforeNudge::Frozen(network) => {
                if let Some((frozen, _)) = &mut self.microscope.frozen {
                    *frozen = network;
                }
                Vec::new()
            }
            BeforeNudge::Present(before) => {
                let mut effects = self.stop_training();
                effects.extend(self.forget_score());
                let present = self.model.clone();
                let was_saved_since = !present.unsaved;
                self.model = ModelState {
                    version: present.version + 1,
                    ..*before
                };
                if was_saved_since {
                    // The file that it is in now holds the nudged weights.
                    self.model.origin = present.origin;
                    self.model.name = present.name;
                    self.model.saved_steps = present.saved_steps;
                    self.model.unsaved = true;
                }
                self.read_pad_again();
                self.microscope.was_nudged = true;
                effects
            }
        }
    }

    /// Puts `network`, of the same shape, in the place of the present weights. Training ends, as its thread would go on
    /// with the old ones; the result is in no file.
    pub(super) fn change_weights(&mut self, network: Arc<Network>) -> Vec<Effect> {
        let mut effects = self.stop_training();
        if !effects.is_empty() {
            self.say("The run has ended, as its weights were changed by hand; play begins another one from them");
        }
        effects.extend(self.forget_score());
        let model = &mut self.model;
        model.network = network;
        model.version += 1;
        // It was fitted to other weights.
        model.calibration = None;
        model.unsaved = true;
        if model.origin == Origin::Bundled {
            model.origin = Origin::Fresh;
        }
        let record = &mut model.record;
        record.steps += 1;
        record.validation_accuracy = None;
        record.test_accuracy = None;
        record.test_count = None;
        record.command = None;
        self.microscope.was_nudged = true;
        self.read_pad_again();
        effects
    }

    /// Fits a calibration when no nudge has come for a while.
    pub(super) fn rest_after_nudges(&mut self, now_secs: f64) -> Vec<Effect> {
        if std::mem::take(&mut self.microscope.was_nudged) {
            self.microscope.rests_at_secs = Some(now_secs + REST_SECS);
        }
        match self.microscope.rests_at_secs {
            Some(at) if now_secs >= at => {
                self.microscope.rests_at_secs = None;
                self.calibrate_at_rest()
            }
            _ => Vec::new(),
        }
    }
}
