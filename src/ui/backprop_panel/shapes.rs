//! All matrices to scale, forward and backward.

use crate::app::{AppCommand, AppState};
use egui::Ui;

/// All matrices to scale, forward and backward.
#[derive(Default)]
pub struct ShapesPanel {}

impl ShapesPanel {
    pub fn ui(&mut self, ui: &mut Ui, _state: &AppState, _commands: &mut Vec<AppCommand>) {
        ui.label("All matrices to scale, forward and backward.");
    }
}
