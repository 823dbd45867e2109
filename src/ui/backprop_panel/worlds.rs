//! A chain, a computation graph and a unit with its bias.

use crate::app::{AppCommand, AppState};
use egui::Ui;

/// A chain, a computation graph and a unit with its bias.
#[derive(Default)]
pub struct WorldsPanel {}

impl WorldsPanel {
    pub fn ui(&mut self, ui: &mut Ui, _state: &AppState, _commands: &mut Vec<AppCommand>) {
        ui.label("A chain, a computation graph and a unit with its bias.");
    }
}
