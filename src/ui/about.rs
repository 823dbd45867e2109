//! What the program is, its version and its licence, and where it keeps things.

use super::{number, theme};
use crate::app::{AppCommand, AppState};
use crate::data::user_data_dir;
use egui::{Align2, RichText, Ui, Window};

/// The window about the program.
#[derive(Default)]
pub struct AboutWindow;

impl AboutWindow {
    pub fn ui(&mut self, ui: &mut Ui, state: &AppState, commands: &mut Vec<AppCommand>) {
        let mut open = state.show_about;
        if !open {
            return;
        }
        Window::new("About Inkgrad")
            .open(&mut open)
            .collapsible(false)
            .resizable(false)
            .anchor(Align2::CENTER_CENTER, egui::Vec2::ZERO)
            .show(ui.ctx(), |ui| {
                ui.set_width(380.0);
                let palette = theme::palette(ui);
                ui.label(RichText::new("Inkgrad").size(34.0).color(palette.accent));
                ui.label(env!("CARGO_PKG_DESCRIPTION"));
                ui.add_space(8.0);
                ui.label(format!(
                    "The network, its gradients and its training are written from scratch, without a framework. \
                     The present one has {} parameters in layers of {}.",
                    number::grouped(state.model.network.parameter_count()),
                    state.model.sizes(),
                ));
                if let Some(folder) = user_data_dir() {
                    ui.add_space(8.0);
                    ui.label(format!(
                        "MNIST and what a crash would have cost are kept in {}",
                        folder.display()
                    ));
                }
                ui.add_space(8.0);
                let facts = concat!("Version ", env!("CARGO_PKG_VERSION"), " · MIT licence");
                ui.label(RichText::new(facts).color(palette.weak_text));
            });
        if !open {
            commands.push(AppCommand::ShowAbout(false));
        }
    }
}
