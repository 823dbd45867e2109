//! Everything that was said in the status line, newest first.

use super::theme;
use crate::app::{AppCommand, AppState, Level};
use egui::{Grid, Label, RichText, ScrollArea, Ui, Window};

/// The window of the messages.
#[derive(Default)]
pub struct LogWindow;

impl LogWindow {
    pub fn ui(&mut self, ui: &mut Ui, state: &AppState, commands: &mut Vec<AppCommand>) {
        let mut open = state.show_log;
        if !open {
            return;
        }
        Window::new("Messages")
            .open(&mut open)
            .default_size([560.0, 320.0])
            .show(ui.ctx(), |ui| {
                let palette = theme::palette(ui);
                if state.log.messages().is_empty() {
                    ui.label(RichText::new("Nothing was said yet").color(palette.weak_text));
                    return;
                }
                ScrollArea::vertical().auto_shrink(false).show(ui, |ui| {
                    Grid::new("messages")
                        .num_columns(2)
                        .spacing([12.0, 6.0])
                        .show(ui, |ui| {
                            for message in state.log.messages().iter().rev() {
                                let color = match message.level {
                                    Level::Info => palette.text,
                                    Level::Warning => palette.warning,
                                    Level::Error => palette.error,
                                };
                                let time = time_text(message.at_secs);
                                ui.label(RichText::new(time).monospace().color(palette.weak_text));
                                let text = RichText::new(&message.text).color(color);
                                ui.add(Label::new(text).wrap().selectable(true));
                                ui.end_row();
                            }
                        });
                });
            });
        if !open {
            commands.push(AppCommand::ShowLog(false));
        }
    }
}

/// Minutes and seconds since the start.
fn time_text(secs: u64) -> String {
    format!("{}:{:02}", secs / 60, secs % 60)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_minutes_and_seconds() {
        assert_eq!(time_text(5), "0:05");
        assert_eq!(time_text(3671), "61:11");
    }
}
