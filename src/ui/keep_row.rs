//! The line beneath the answer that keeps the drawing in My digits.

use super::command_button::CommandButton;
use super::theme::palette;
use crate::app::{AppCommand, AppState, a_digit};
use egui::{Align, Label, Layout, RichText, Ui};

/// What can be done with the drawing on the pad, and how many were kept.
pub fn ui(ui: &mut Ui, state: &AppState, commands: &mut Vec<AppCommand>) {
    ui.add_space(6.0);
    ui.horizontal(|ui| {
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            let count = state.my_digits.all().len();
            let text = format!("My digits: {}", crate::app::grouped(count as u64));
            CommandButton::text(&AppCommand::ShowMyDigits, &text).show(ui, state, commands, None);
            ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
                keep(ui, state, commands);
            });
        });
    });
}

fn keep(ui: &mut Ui, state: &AppState, commands: &mut Vec<AppCommand>) {
    let pad = &state.pad;
    let hint = match (&state.reading, pad.drawing.label) {
        (Some(_), Some(label)) if pad.kept().is_some() => {
            let command = AppCommand::SetLabel(None);
            CommandButton::text(&command, "Take back").show(ui, state, commands, None);
            format!("Kept as {}; the next stroke begins another", a_digit(label))
        }
        (Some(reading), _) if pad.can_be_kept() => {
            let answer = reading.answer;
            let command = AppCommand::SetLabel(Some(answer));
            let text = format!("Keep as {} (key {answer})", a_digit(answer));
            CommandButton::text(&command, &text).show(ui, state, commands, None);
            "or press the key of the digit you meant".to_owned()
        }
        (Some(_), _) => "Only what you draw yourself is kept".to_owned(),
        (None, _) => "After drawing, press the digit's key to keep it".to_owned(),
    };
    let weak = RichText::new(&hint).color(palette(ui).weak_text);
    ui.add(Label::new(weak).truncate()).on_hover_text(hint);
}
