mod confusion;
mod gallery;

use super::command_button::CommandButton;
use super::theme::palette;
use crate::app::{AppCommand, AppState, ScoredSet};
use confusion::Cell;
use egui::{RichText, Ui};
use gallery::Gallery;

/// Of the lines above and below the matrix.
const TEXT_HEIGHT: f32 = 44.0;

/// What the network gets wrong on the test examples: the confusion matrix and the digits themselves.
#[derive(Debug, Default)]
pub struct MistakesPanel {
    /// Only mistakes of this cell are shown.
    chosen: Option<Cell>,
    gallery: Gallery,
}

impl MistakesPanel {
    pub fn ui(&mut self, ui: &mut Ui, state: &AppState, commands: &mut Vec<AppCommand>) {
        let Some(scored) = &state.scored else {
            invitation(ui, state, commands);
            return;
        };
        header(ui, state, scored, commands);
        ui.add_space(4.0);
        ui.horizontal_top(|ui| {
            let side = (ui.available_width() * 0.46)
                .min(ui.available_height() - TEXT_HEIGHT)
                .clamp(200.0, 560.0);
            ui.vertical(|ui| {
                ui.set_width(side);
                confusion::show(ui, &scored.evaluation, &mut self.chosen, side);
            });
            ui.add_space(8.0);
            ui.vertical(|ui| {
                self.gallery
                    .ui(ui, state, scored, &mut self.chosen, commands)
            });
        });
    }
}

/// The result in one line, and the button that makes it new.
fn header(ui: &mut Ui, state: &AppState, scored: &ScoredSet, commands: &mut Vec<AppCommand>) {
    let evaluation = &scored.evaluation;
    ui.horizontal_wrapped(|ui| {
        let accuracy = format!(
            "{:.2} % ± {:.2}",
            100.0 * evaluation.accuracy(),
            100.0 * evaluation.two_sigma()
        );
        ui.label(RichText::new(accuracy).strong().size(20.0));
        ui.label(format!(
            "{} of {} test examples of {} are read right, mean cost {:.4}",
            evaluation.correct(),
            evaluation.count(),
            scored.data_name,
            evaluation.mean_cost()
        ));
        let now = state.model.record.steps;
        if now != scored.step {
            let text = format!(
                "scored at step {}, the network is at step {now}",
                scored.step
            );
            ui.label(RichText::new(text).color(palette(ui).warning));
        }
        score_button(ui, state, commands);
    });
}

fn invitation(ui: &mut Ui, state: &AppState, commands: &mut Vec<AppCommand>) {
    ui.vertical_centered(|ui| {
        ui.add_space((ui.available_height() * 0.3).max(8.0));
        ui.label(RichText::new("Which digits are misread?").heading());
        ui.label("Score the test examples to see the confusion matrix and every mistake, the most confident first");
        ui.add_space(8.0);
        score_button(ui, state, commands);
    });
}

fn score_button(ui: &mut Ui, state: &AppState, commands: &mut Vec<AppCommand>) {
    let command = AppCommand::ScoreTestSet;
    CommandButton::text(&command, command.info().text).show(ui, state, commands, None);
}
