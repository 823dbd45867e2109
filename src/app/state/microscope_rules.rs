//! What the microscope looks at, and how one walks through an example with it.

use super::AppState;
use crate::app::microscope::{Check, CheckedGradients};
use crate::app::{AppCommand, Detail, Effect, Examined, MicroscopeView, Phase, StepMove, Tab};
use crate::data::grouped;
use crate::explain::{ExamplePass, Parameter, Step, UnitPlace};
use crate::nn::Network;
use std::sync::Arc;

/// How long each step stands when they follow one another by themselves.
const SLOW_STEP_SECS: f64 = 3.0;

impl AppState {
    /// The network under the microscope: the frozen copy, or else the present one.
    pub fn examined_network(&self) -> &Arc<Network> {
        match &self.microscope.frozen {
            Some((network, _)) => network,
            None => &self.model.network,
        }
    }

    /// The drawing under the microscope with its label; `None` while the pad is blank.
    pub fn examined(&self) -> Option<Examined> {
        let reading = self.reading.as_ref()?;
        Some(Examined {
            input: reading.normalized.cells.input().to_vec(),
            label: self.pad.drawing.label,
        })
    }

    /// The way of the drawing there and back; `None` without a drawing or a label. It takes a fraction of a
    /// millisecond: panels keep it as long as network, drawing and label stay.
    pub fn examined_pass(&self) -> Option<ExamplePass> {
        let examined = self.examined()?;
        ExamplePass::new(self.examined_network(), &examined.input, examined.label?)
    }

    /// The steps through the network under the microscope.
    pub fn examined_steps(&self) -> Vec<Step> {
        Step::all(self.examined_network().layers().len())
    }

    /// Where the walk stands; a step that this network does not have counts as the first.
    pub fn examined_step(&self) -> Step {
        let step = self.microscope.step;
        let known = self.examined_steps().contains(&step);
        if known { step } else { Step::Input }
    }

    /// The chosen unit; the output that should win where none was chosen.
    pub fn examined_unit(&self) -> UnitPlace {
        let sizes = self.examined_network().sizes();
        let exists = |place: &UnitPlace| {
            let units = sizes.get(place.layer);
            units.is_some_and(|units| place.unit < *units)
        };
        let chosen = self.microscope.unit.filter(exists);
        chosen.unwrap_or(UnitPlace {
            layer: sizes.len() - 1,
            unit: usize::from(self.pad.drawing.label.unwrap_or(0)),
        })
    }

    /// The chosen weight or bias, if there is one that this network has.
    pub fn examined_parameter(&self) -> Option<Parameter> {
        let network = self.examined_network();
        let chosen = self.microscope.parameter;
        chosen.filter(|parameter| parameter.check(network).is_ok())
    }

    /// Whether the walk through one example is what the centre of the window shows.
    pub fn shows_example(&self) -> bool {
        let settings = &self.settings;
        settings.tab == Tab::Backprop
            && settings.microscope_view == MicroscopeView::Example
            && settings.depth != crate::app::Depth::Draw
    }

    pub(super) fn change_microscope(&mut self, command: AppCommand) {
        if command.enabled(self).is_err() {
            return;
        }
        match command {
            AppCommand::FreezeNetwork => self.freeze(),
            AppCommand::ReleaseNetwork => self.release(),
            AppCommand::MoveStep(to) => {
                self.freeze_while_training();
                self.move_step(to);
            }
            AppCommand::PlaySteps(plays) => {
                self.freeze_while_training();
                self.microscope.plays = plays;
                self.microscope.next_step_at_secs = None;
                if plays && self.examined_steps().last() == Some(&self.examined_step()) {
                    self.move_step(StepMove::First);
                }
            }
            AppCommand::ShowCode(form) => self.microscope.code = form,
            AppCommand::ShowDetail(detail) => self.microscope.detail = detail,
            AppCommand::ChooseUnit(place) => {
                self.freeze_while_training();
                self.microscope.unit = Some(place);
                self.microscope.detail = Detail::Unit;
            }
            AppCommand::ChooseParameter(parameter) => {
                self.freeze_while_training();
                self.microscope.parameter = Some(parameter);
                self.microscope.detail = Detail::Weight;
            }
            _ => {}
        }
    }

    /// Numbers that change thirty times a second cannot be followed step by step: a copy is looked at instead.
    pub(super) fn freeze_while_training(&mut self) {
        if self.runs.phase == Phase::Running && self.microscope.frozen.is_none() {
            self.freeze();
            self.say(format!(
                "Looking at a copy of the network as it was at step {}; training goes on",
                grouped(self.model.record.steps)
            ));
        }
    }

    fn freeze(&mut self) {
        let network = Arc::clone(&self.model.network);
        self.microscope.frozen = Some((network, self.model.record.steps));
        self.microscope.nudges.clear();
    }

    /// Back to the present network.
    pub(super) fn release(&mut self) {
        if self.microscope.frozen.take().is_some() {
            self.microscope.nudges.clear();
        }
    }

    fn move_step(&mut self, to: StepMove) {
        let steps = self.examined_steps();
        let here = self.examined_step();
        let place = steps.iter().position(|step| *step == here).unwrap_or(0);
        let last = steps.len() - 1;
        self.microscope.step = match to {
            StepMove::First => steps[0],
            StepMove::Back => steps[place.saturating_sub(1)],
            StepMove::Next => steps[(place + 1).min(last)],
            StepMove::Last => steps[last],
            StepMove::To(step) => step,
        };
        self.microscope.next_step_at_secs = None;
        if self.microscope.step == steps[last] {
            self.microscope.plays = false;
        }
    }

    /// Makes the step that is due when they follow one another by themselves.
    pub(super) fn play_steps(&mut self, now_secs: f64) {
        if !self.microscope.plays {
            return;
        }
        if !self.shows_example() {
            self.microscope.plays = false;
            return;
        }
        match self.microscope.next_step_at_secs {
            Some(due) if now_secs >= due => {
                self.move_step(StepMove::Next);
                self.microscope.next_step_at_secs = Some(now_secs + SLOW_STEP_SECS);
            }
            Some(_) => {}
            None => self.microscope.next_step_at_secs = Some(now_secs + SLOW_STEP_SECS),
        }
    }

    /// Seconds until [`AppState::tick`] has a step to make or a calibration to fit; `None` when nothing is due.
    pub fn microscope_due_in_secs(&self, now_secs: f64) -> Option<f64> {
        let microscope = &self.microscope;
        let step = microscope
            .plays
            .then(|| microscope.next_step_at_secs.unwrap_or(now_secs));
        let rest = match microscope.was_nudged {
            true => Some(now_secs),
            false => microscope.rests_at_secs,
        };
        let due = step.into_iter().chain(rest);
        due.map(|due| (due - now_secs).max(0.0)).reduce(f64::min)
    }

    pub(super) fn check_gradients(&mut self) -> Vec<Effect> {
        if AppCommand::CheckGradients.enabled(self).is_err() {
            return Vec::new();
        }
        let Some(examined) = self.examined() else {
            return Vec::new();
        };
        self.freeze_while_training();
        self.microscope.detail = Detail::Check;
        self.microscope.check = Check::Running;
        vec![Effect::CheckGradients {
            network: Arc::clone(self.examined_network()),
            examined,
        }]
    }

    pub(super) fn gradients_checked(&mut self, outcome: Result<CheckedGradients, String>) {
        self.microscope.check = match outcome {
            Ok(checked) => Check::Done(checked),
            Err(sentence) => {
                self.complain(sentence);
                Check::Never
            }
        };
    }
}
