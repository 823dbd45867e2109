//! What play, the step buttons and the settings do to training.

use super::AppState;
use super::questions::Asked;
use super::saving::Errand;
use crate::app::model::sizes_text;
use crate::app::{Effect, JobKind, Level, Origin, Phase};
use crate::data::DataSets;
use crate::model_file::{Model, TrainingRecord};
use crate::training::{
    CheckedHyperparameters, Command, Hyperparameters, LiveSettings, Preset, RunSetup, Speed,
    StepSize,
};
use std::sync::Arc;

/// How training begins or goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Start {
    Play,
    Step(StepSize),
}

/// The run that the training thread holds.
#[derive(Clone, Debug)]
pub(super) struct ActiveRun {
    /// As the thread has them now.
    pub hyperparameters: Hyperparameters,
    pub data: Arc<DataSets>,
    /// Epochs that the weights had before this run.
    pub epochs_before: f64,
    /// Epochs that were done when 'finished' was answered with play.
    pub extended_at: usize,
    /// The thread has taken it in.
    pub loaded: bool,
}

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

impl Start {
    fn command(self) -> Command {
        match self {
            Self::Play => Command::Resume,
            Self::Step(size) => Command::Step(size),
        }
    }
}

impl AppState {
    pub(super) fn play_or_pause(&mut self) -> Vec<Effect> {
        if self.runs.phase == Phase::Running {
            self.runs.phase = Phase::Paused;
            return vec![Effect::Train(Command::Pause)];
        }
        self.start(Start::Play)
    }

    /// Also while training runs: it pauses after the step.
    pub(super) fn step(&mut self, size: StepSize) -> Vec<Effect> {
        self.start(Start::Step(size))
    }

    pub(super) fn start(&mut self, start: Start) -> Vec<Effect> {
        match &self.runs.phase {
            Phase::Running | Phase::Paused => self.go_on(start),
            Phase::Finished if self.next_run_differs() => self.begin(start),
            Phase::Finished => self.go_on_for_more_epochs(start),
            Phase::Diverged(divergence) => {
                let divergence = divergence.clone();
                self.ask_to_recover(&divergence);
                Vec::new()
            }
            Phase::Idle => self.begin(start),
        }
    }

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

    /// Trains the present network in a new run, whatever the settings say about its layers.
    pub(super) fn keep_training(&mut self, start: Start) -> Vec<Effect> {
        let architecture = self.model.network.architecture();
        let hyperparameters = &mut self.settings.hyperparameters;
        let hidden = 1..architecture.sizes.len().saturating_sub(1);
        hyperparameters.hidden_layers = architecture.sizes[hidden].to_vec();
        hyperparameters.hidden_activation = architecture.hidden;
        hyperparameters.output_activation = architecture.output;
        hyperparameters.cost = architecture.cost;
        self.begin(start)
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
            name: sizes_text(&network.sizes()),
            network,
            record: TrainingRecord {
                hyperparameters: Some((*checked).clone()),
                ..TrainingRecord::default()
            },
        };
        effects.extend(self.replace_model(model, Origin::Fresh));
        match then {
            Some(start) => effects.extend(self.begin(start)),
            None => self.say(format!("A fresh {} network", self.model.sizes())),
        }
        effects
    }

    pub(super) fn recover(&mut self) -> Vec<Effect> {
        let Phase::Diverged(_) = self.runs.phase else {
            return Vec::new();
        };
        self.forget_questions(|asked| matches!(asked, Asked::Diverged));
        let Some(active) = &mut self.active else {
            return Vec::new();
        };
        let learning_rate = active.hyperparameters.learning_rate / 10.0;
        active.hyperparameters.learning_rate = learning_rate;
        self.settings.hyperparameters.learning_rate = learning_rate;
        self.runs.phase = Phase::Paused;
        self.say(format!(
            "Back at the last good network, learning rate {learning_rate}: press play to go on"
        ));
        vec![Effect::Train(Command::Recover { learning_rate })]
    }

    pub(super) fn set_speed(&mut self, speed: Speed) -> Vec<Effect> {
        self.runs.speed = speed;
        match self.active {
            Some(_) => vec![Effect::Train(Command::Speed(speed))],
            None => Vec::new(),
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
        self.set_hyperparameters(hyperparameters)
    }

    /// What can change while training runs reaches the thread at once, if all settings make sense.
    pub(super) fn set_hyperparameters(&mut self, hyperparameters: Hyperparameters) -> Vec<Effect> {
        self.settings.hyperparameters = hyperparameters;
        if self.settings.hyperparameters.check().is_err() {
            return Vec::new();
        }
        let live = self.settings.hyperparameters.live();
        match &mut self.active {
            Some(active) if active.hyperparameters.live() != live => {
                active.take(live);
                vec![Effect::Train(Command::Adjust(active.live()))]
            }
            _ => Vec::new(),
        }
    }

    /// Ends the present run, if there is one; the weights stay.
    pub(super) fn stop_training(&mut self) -> Vec<Effect> {
        self.runs.phase = Phase::Idle;
        self.model.gradients = None;
        self.forget_questions(|asked| matches!(asked, Asked::Diverged));
        match self.active.take() {
            Some(_) => vec![Effect::Train(Command::Stop)],
            None => Vec::new(),
        }
    }

    /// The settings, if they make sense; else the first field that does not is named.
    pub(super) fn checked_or_complain(&mut self) -> Option<CheckedHyperparameters> {
        match self.settings.hyperparameters.check() {
            Ok(checked) => Some(checked),
            Err(errors) => {
                let text = super::sentences::wrong_settings(&errors);
                self.log.say(Level::Error, text);
                None
            }
        }
    }

    fn go_on(&mut self, start: Start) -> Vec<Effect> {
        self.runs.phase = Phase::Running;
        vec![Effect::Train(start.command())]
    }

    fn go_on_for_more_epochs(&mut self, start: Start) -> Vec<Effect> {
        let Some(active) = &mut self.active else {
            return self.begin(start);
        };
        let done = self.runs.progress.as_ref().map_or(0.0, |news| news.epoch);
        active.extended_at = (done.round() as usize).max(active.live().epochs);
        let adjust = Effect::Train(Command::Adjust(active.live()));
        let mut effects = vec![adjust];
        effects.extend(self.go_on(start));
        effects
    }

    /// A new run, with a fresh network where the present one is not meant to be trained.
    fn begin(&mut self, start: Start) -> Vec<Effect> {
        if self.checked_or_complain().is_none() {
            return Vec::new();
        }
        if self.data.sets.is_none() || self.has_job(JobKind::LoadData) {
            return self.start_with_the_data(start);
        }
        match self.candidate() {
            Candidate::Fresh => self.new_network_now(Some(start)),
            Candidate::Present => self.begin_run(start),
            Candidate::Undecided => {
                self.ask_which_network(start);
                Vec::new()
            }
        }
    }

    fn begin_run(&mut self, start: Start) -> Vec<Effect> {
        let Some(checked) = self.checked_or_complain() else {
            return Vec::new();
        };
        let Some(data) = self.data.sets.clone() else {
            return self.start_with_the_data(start);
        };
        let record = &self.model.record;
        let active = ActiveRun {
            hyperparameters: (*checked).clone(),
            data: Arc::clone(&data),
            epochs_before: record.epochs,
            extended_at: 0,
            loaded: false,
        };
        let setup = RunSetup {
            network: Arc::clone(&self.model.network),
            data,
            first_step: record.steps,
            hyperparameters: checked,
        };
        let name = active.run_name(&self.model.sizes());
        self.active = Some(active);
        self.runs.begin(name);
        self.runs.phase = Phase::Running;
        let mut effects = vec![Effect::Train(Command::Load(Box::new(setup)))];
        if self.runs.speed != Speed::Unlimited {
            effects.push(Effect::Train(Command::Speed(self.runs.speed)));
        }
        effects.push(Effect::Train(start.command()));
        effects
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

impl ActiveRun {
    /// What the thread is told: epochs count from the beginning of the run.
    pub fn live(&self) -> LiveSettings {
        let live = self.hyperparameters.live();
        LiveSettings {
            epochs: self.extended_at + live.epochs,
            ..live
        }
    }

    fn take(&mut self, live: LiveSettings) {
        self.hyperparameters.learning_rate = live.learning_rate;
        self.hyperparameters.momentum = live.momentum;
        self.hyperparameters.weight_decay = live.weight_decay;
        self.hyperparameters.batch_size = live.batch_size;
        self.hyperparameters.epochs = live.epochs;
    }

    fn run_name(&self, sizes: &str) -> String {
        let h = &self.hyperparameters;
        format!("{sizes}, {} {}", h.optimizer.label(), h.learning_rate)
    }
}
