//! One step of gradient descent by hand, and what came of it.

use super::examination::Examination;
use crate::app::{AppCommand, AppState};
use crate::explain::{short, signed};
use crate::ui::command_button::CommandButton;
use crate::ui::theme;
use egui::{Label, RichText, Ui};

/// Of the row.
pub const HEIGHT: f32 = 30.0;

pub fn ui(
    ui: &mut Ui,
    state: &AppState,
    examination: &Examination,
    commands: &mut Vec<AppCommand>,
) {
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = 6.0;
        let where_to = match state.microscope.frozen {
            Some(_) => "It changes the frozen copy alone",
            None => {
                "It changes the present network, which is in no file then, and can be taken back"
            }
        };
        CommandButton::text(&AppCommand::ApplyNudge, "Apply this nudge").show(
            ui,
            state,
            commands,
            Some(where_to),
        );
        CommandButton::text(&AppCommand::UndoNudge, "Undo it").show(ui, state, commands, None);
        let palette = theme::palette(ui);
        let (text, color) = match state.applied_nudges().last() {
            Some(nudge) => {
                let update = &nudge.update;
                let costs = format!(
                    "C {} → {}. {}",
                    short(update.cost_before as f32),
                    short(update.cost_after as f32),
                    update.sentence()
                );
                let rose = update.happened() > 0.0;
                (costs, if rose { palette.warning } else { palette.good })
            }
            None => {
                let update = &examination.update;
                let text = format!(
                    "η = {}: the cost {} should change by −η‖∇C‖² = {}",
                    short(update.learning_rate),
                    short(examination.pass.cost),
                    signed(update.promised as f32)
                );
                (text, palette.weak_text)
            }
        };
        let count = state.applied_nudges().len();
        if count > 1 {
            ui.label(RichText::new(format!("×{count}")).weak())
                .on_hover_text("Nudges that can be taken back");
        }
        ui.add(Label::new(RichText::new(&text).color(color)).truncate())
            .on_hover_text(text);
    });
}
