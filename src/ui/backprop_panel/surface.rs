//! A slice through the cost, and the walk on it.

use crate::app::{AppCommand, AppState};
use egui::Ui;

/// A slice through the cost, and the walk on it.
#[derive(Default)]
pub struct SurfacePanel {}

impl SurfacePanel {
    pub fn ui(&mut self, ui: &mut Ui, _state: &AppState, _commands: &mut Vec<AppCommand>) {
        ui.label("A slice through the cost, and the walk on it.");
    }
}
