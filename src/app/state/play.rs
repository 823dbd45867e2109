//! What play, the step buttons and the settings do to training.

use super::AppState;
use super::active_run::ActiveRun;
use super::network_rules::Candidate;
use super::questions::Asked;
use crate::app::{Effect, JobKind, Level, Phase};
use crate::training::{CheckedHyperparameters, Command, RunSetup, Speed, StepSize};
use std::sync::Arc;

/// How training begins or goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Start {
    Play,
    Step(StepSize),
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

    pub(super) fn recover(&mut self) -> Vec<Effect> {
        let Phase::Diverged(divergence) = &self.runs.phase else {
            return Vec::new();
        };
        // Going back answers the error, which would hide what is said below.
        let shown = self.log.shown();
        if shown.is_some_and(|message| message.text == divergence.sentence) {
            self.log.dismiss();
        }
        self.forget_questions(|asked| matches!(asked, Asked::Diverged));
        let Some(active) = &mut self.active else {
            return Vec::new();
        };
        let learning_rate = active.hyperparameters.learning_rate / 10.0;
        active.set_learning_rate(learning_rate);
        self.settings.hyperparameters.learning_rate = learning_rate;
        self.runs.phase = Phase::Paused;
        self.say(format!(
            "Back at the last good network, learning rate {}: press play to go on",
            super::sentences::rate_text(learning_rate)
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

    fn say_what_runs(&mut self) {
        if let Some(active) = &self.active {
            let (sizes, data) = (self.model.sizes(), &active.data.name);
            self.say(format!("This run: {sizes} on {data}"));
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
        active.extended_at = done.ceil() as usize;
        let adjust = Effect::Train(Command::Adjust(active.live()));
        // It is not what was said when it ended any more.
        self.say_what_runs();
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

    pub(super) fn begin_run(&mut self, start: Start) -> Vec<Effect> {
        let Some(checked) = self.checked_or_complain() else {
            return Vec::new();
        };
        let Some(data) = self.data.sets.clone() else {
            return self.start_with_the_data(start);
        };
        let record = &self.model.record;
        let active = ActiveRun {
            hyperparameters: (*checked).clone(),
            wanted: checked.live(),
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
        let name = active.name(&self.model.sizes());
        self.active = Some(active);
        self.say_what_runs();
        self.runs.begin(name);
        self.runs.phase = Phase::Running;
        let mut effects = vec![Effect::Train(Command::Load(Box::new(setup)))];
        if self.runs.speed != Speed::Unlimited {
            effects.push(Effect::Train(Command::Speed(self.runs.speed)));
        }
        effects.push(Effect::Train(start.command()));
        effects
    }
}
