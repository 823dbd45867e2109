//! Which network is trained: the present one, a fresh one, the first weights again.

use super::AppState;
use super::play::Start;
use super::saving::Errand;
use crate::app::{Effect, ModelState, Origin};
use crate::model_file::{Model, TrainingRecord};

/// What would be trained if play were pressed now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Candidate {
    /// New weights from the settings; nothing of the present network would be missed.
    Fresh,
    /// The present network.
    Present,
    /// The settings describe another network than the present one, and somebody has to choose.
    Undecided,
}

impl AppState {
    /// What play would train.
    pub(super) fn candidate(&self) -> Candidate {
        if self.model.origin == Origin::Bundled {
            return Candidate::Fresh;
        }
        let untrained = self.model.origin == Origin::Fresh && self.model.record.steps == 0;
        let fits = self.difference_from_network().is_none();
        match (untrained, fits) {
            (true, true) if self.was_drawn_as_the_settings_say() => Candidate::Present,
            (true, _) => Candidate::Fresh,
            (false, true) => Candidate::Present,
            (false, false) => Candidate::Undecided,
        }
    }

    pub(super) fn reset_weights(&mut self) -> Vec<Effect> {
        if self.model.origin == Origin::Bundled || self.model.is_at_its_start() {
            return Vec::new();
        }
        self.unless_unsaved(Errand::ResetWeights)
    }

    pub(super) fn reset_weights_now(&mut self) -> Vec<Effect> {
        let mut effects = self.stop_training();
        effects.extend(self.forget_score());
        self.model.reset();
        self.read_pad_again();
        effects.extend(self.calibrate_at_rest());
        self.say("The weights are as they were at the start");
        effects
    }

    pub(super) fn new_network(&mut self) -> Vec<Effect> {
        if self.checked_or_complain().is_none() {
            return Vec::new();
        }
        self.unless_unsaved(Errand::NewNetwork { then: None })
    }

    pub(super) fn new_network_now(&mut self, then: Option<Start>) -> Vec<Effect> {
        let Some(checked) = self.checked_or_complain() else {
            return Vec::new();
        };
        let network = match checked.fresh_network() {
            Ok(network) => network,
            Err(error) => {
                self.complain(format!("A new network could not be made: {error}"));
                return Vec::new();
            }
        };
        let mut effects = self.stop_training();
        let model = Model {
            name: network.architecture().to_string(),
            network,
            record: TrainingRecord {
                hyperparameters: Some((*checked).clone()),
                ..TrainingRecord::default()
            },
            calibration: None,
        };
        effects.extend(self.replace_model(model, Origin::Fresh));
        match then {
            Some(start) => effects.extend(self.begin_run(start)),
            None => self.say(format!("A fresh {} network", self.model.sizes())),
        }
        effects
    }

    /// Another state of the model takes the place of the present one, which is handed back.
    pub(super) fn replace_network(&mut self, model: ModelState) -> (ModelState, Vec<Effect>) {
        let mut effects = self.stop_training();
        effects.extend(self.forget_score());
        effects.extend(self.forget_surface());
        let before = std::mem::replace(&mut self.model, model);
        self.model.version = before.version + 1;
        self.model.generation = before.generation + 1;
        self.read_pad_again();
        (before, effects)
    }

    /// An untrained network would come out the same if it were made anew.
    fn was_drawn_as_the_settings_say(&self) -> bool {
        let Some(made_with) = &self.model.record.hyperparameters else {
            return false;
        };
        let wanted = &self.settings.hyperparameters;
        (made_with.seed, made_with.init, made_with.bias_init)
            == (wanted.seed, wanted.init, wanted.bias_init)
    }
}
