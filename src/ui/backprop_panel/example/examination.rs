use crate::app::{AppState, Examined, Phase};
use crate::explain::{ExamplePass, Parameter, Step, Trouble, Update};
use crate::nn::Network;
use egui::Ui;
use std::sync::Arc;
use std::time::Duration;

/// Everything that is shown of one example, made once for a network, a drawing, a label and a learning rate.
pub struct Examination {
    key: Key,
    /// Seconds since the program's start.
    at_secs: f64,
    /// Grows with each one that is made, for pictures to follow.
    pub serial: u64,
    pub pass: ExamplePass,
    pub update: Update,
    pub troubles: Vec<Trouble>,
    /// The weight or bias with the largest gradient.
    pub steepest: Parameter,
}

#[derive(PartialEq)]
struct Key {
    examined: Examined,
    learning_rate: f32,
}

/// A network that learns while nobody has taken a step is followed this slowly: numbers have to be read.
const SHORTEST_INTERVAL_SECS: f64 = 0.25;

impl Examination {
    /// Makes it anew when what it was made from has changed; there is none without a drawing and a label.
    pub fn refresh(made: &mut Option<Self>, ui: &Ui, state: &AppState) {
        let examined = state.examined().filter(|examined| examined.label.is_some());
        let Some(examined) = examined else {
            *made = None;
            return;
        };
        let network = state.examined_network();
        let key = Key {
            examined,
            learning_rate: state.settings.hyperparameters.learning_rate,
        };
        let now_secs = ui.input(|input| input.time);
        let mut serial = 0;
        if let Some(made) = made {
            let same_network = Arc::ptr_eq(&made.pass.network, network);
            if same_network && made.key == key {
                return;
            }
            let learns = state.runs.phase == Phase::Running && state.microscope.frozen.is_none();
            let waited_secs = now_secs - made.at_secs;
            if learns
                && made.key == key
                && made.pass.sizes() == network.sizes()
                && (0.0..SHORTEST_INTERVAL_SECS).contains(&waited_secs)
            {
                let rest = Duration::from_secs_f64(SHORTEST_INTERVAL_SECS - waited_secs);
                ui.request_repaint_after(rest);
                return;
            }
            serial = made.serial + 1;
        }
        *made = Self::new(network, key, now_secs, serial);
    }

    fn new(network: &Arc<Network>, key: Key, at_secs: f64, serial: u64) -> Option<Self> {
        let pass = ExamplePass::new(network, &key.examined.input, key.examined.label?)?;
        Some(Self {
            update: Update::new(&pass, key.learning_rate),
            troubles: Trouble::find(&pass),
            steepest: Parameter::steepest(&pass.gradients),
            key,
            at_secs,
            serial,
            pass,
        })
    }

    /// The step where the walk stands.
    pub fn step(&self, state: &AppState) -> Step {
        state.examined_step()
    }

    /// The example that it was made for.
    pub fn examined(&self) -> &Examined {
        &self.key.examined
    }

    /// The weight that is looked at: the chosen one, or else the one with the largest gradient.
    pub fn parameter(&self, state: &AppState) -> Parameter {
        state.examined_parameter().unwrap_or(self.steepest)
    }
}
