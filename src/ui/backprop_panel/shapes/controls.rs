use super::symbols;
use crate::app::{AppCommand, AppState};
use crate::explain::{BiasAs, LARGEST_BATCH, Mistake};
use crate::ui::command_button::CommandButton;
use crate::ui::theme;
use egui::{RichText, Slider, Ui};

/// How many examples, how biases are written, and which mistake is made.
pub fn ui(ui: &mut Ui, state: &AppState, commands: &mut Vec<AppCommand>) {
    let palette = theme::palette(ui);
    ui.horizontal_wrapped(|ui| {
        let mut size = state.nudges.size;
        // Without steps of 1 an arrow key would be too small a step to leave a small number.
        let slider = Slider::new(&mut size, 1..=LARGEST_BATCH)
            .logarithmic(true)
            .step_by(1.0)
            .text(
                RichText::new("B")
                    .strong()
                    .color(symbols::examples(palette)),
            );
        ui.add(slider)
            .on_hover_text("How many examples the mini-batch has, 1 to 1,000");
        if size != state.nudges.size {
            commands.push(AppCommand::SetNudgeBatch(size));
        }
        ui.separator();
        ui.label("Bias");
        for (bias, text) in [
            (BiasAs::Vector, "a vector"),
            (BiasAs::ExtraUnit, "a unit that is 1"),
        ] {
            CommandButton::text(&AppCommand::SetTapeBias(bias), text)
                .selected(state.tape.bias == bias)
                .show(ui, state, commands, None);
        }
        ui.separator();
        ui.label("Mistake");
        let none = AppCommand::SetTapeMistake(None);
        CommandButton::text(&none, "none")
            .selected(state.tape.mistake.is_none())
            .show(ui, state, commands, None);
        for mistake in Mistake::ALL {
            let command = AppCommand::SetTapeMistake(Some(mistake));
            CommandButton::text(&command, mistake.label())
                .selected(state.tape.mistake == Some(mistake))
                .show(ui, state, commands, None);
        }
    });
}
