//! The nudges of a mini-batch, one by one and averaged.

use crate::app::{AppCommand, AppState};
use egui::Ui;

/// The nudges of a mini-batch, one by one and averaged.
#[derive(Default)]
pub struct NudgesPanel {}

impl NudgesPanel {
    pub fn ui(&mut self, ui: &mut Ui, _state: &AppState, _commands: &mut Vec<AppCommand>) {
        ui.label("The nudges of a mini-batch, one by one and averaged.");
    }
}
