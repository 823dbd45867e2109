//! All keys, in one window made from the command list.

use super::{keyboard, theme};
use crate::app::{AppCommand, AppState};
use egui::{Align2, Grid, RichText, Ui, Window};

/// The window of the shortcuts.
#[derive(Default)]
pub struct ShortcutsWindow;

/// What is done without a command of the list.
const GESTURES: [(&str, &str); 6] = [
    ("0 … 9", "Say what the drawing is meant to be, and keep it"),
    ("Alt+A … Alt+D", "Answer the question of a lesson"),
    (
        "← → Home End",
        "In Backprop, One example: its steps (→ trains no mini-batch there)",
    ),
    ("Left mouse button, touch, pen", "Draw"),
    ("Right mouse button", "Erase"),
    (
        "Drop a file on the window",
        "Open a model, picture, drawing, data set or lesson",
    ),
];

impl ShortcutsWindow {
    pub fn ui(&mut self, ui: &mut Ui, state: &AppState, commands: &mut Vec<AppCommand>) {
        let mut open = state.show_shortcuts;
        if !open {
            return;
        }
        Window::new("Keyboard shortcuts")
            .open(&mut open)
            .collapsible(false)
            .resizable(false)
            .anchor(Align2::CENTER_CENTER, egui::Vec2::ZERO)
            .show(ui.ctx(), |ui| {
                let accent = theme::palette(ui).accent;
                let listed = AppCommand::listed().into_iter().filter_map(|command| {
                    let info = command.info();
                    let keys: Vec<String> = info
                        .shortcuts()
                        .filter_map(|shortcut| keyboard::shortcut_text(ui.ctx(), &shortcut))
                        .collect();
                    (!keys.is_empty()).then(|| (keys.join(", "), info.text))
                });
                let rows: Vec<(String, &str)> = listed
                    .chain(GESTURES.map(|(keys, text)| (keys.to_owned(), text)))
                    .collect();
                // Two columns of rows: the window has to fit on the smallest screen.
                let half = rows.len().div_ceil(2);
                ui.horizontal_top(|ui| {
                    for (column, rows) in rows.chunks(half.max(1)).enumerate() {
                        Grid::new(("shortcuts", column))
                            .num_columns(2)
                            .spacing([16.0, 4.0])
                            .show(ui, |ui| {
                                for (keys, text) in rows {
                                    ui.label(RichText::new(keys).monospace().color(accent));
                                    ui.label(text.trim_end_matches('…'));
                                    ui.end_row();
                                }
                            });
                        ui.add_space(20.0);
                    }
                });
            });
        if !open {
            commands.push(AppCommand::ShowShortcuts(false));
        }
    }
}
