//! One drawing forward and back, step by step.

use crate::app::{AppCommand, AppState};
use egui::Ui;

/// One drawing forward and back, step by step.
#[derive(Default)]
pub struct ExamplePanel {}

impl ExamplePanel {
    pub fn ui(&mut self, ui: &mut Ui, _state: &AppState, _commands: &mut Vec<AppCommand>) {
        ui.label("One drawing forward and back, step by step.");
    }
}
