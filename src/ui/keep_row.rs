//! The line beneath the answer that keeps the drawing in My digits.

use super::command_button::CommandButton;
use super::theme::palette;
use crate::app::{AppCommand, AppState, Tab, a_digit};
use egui::{Align, Label, Layout, RichText, Ui};

/// What can be done with the drawing on the pad, and how many were kept.
pub fn ui(ui: &mut Ui, state: &AppState, commands: &mut Vec<AppCommand>) {
    ui.add_space(6.0);
    ui.horizontal(|ui| {
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            let count = state.my_digits.all().len();
            let text = format!("My digits: {}", crate::app::grouped(count as u64));
            CommandButton::text(&AppCommand::ShowTab(Tab::MyDigits), &text)
                .show(ui, state, commands, None);
            ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
                keep(ui, state, commands);
            });
        });
    });
}

fn keep(ui: &mut Ui, state: &AppState, commands: &mut Vec<AppCommand>) {
    let pad = &state.pad;
    let (text, hint) = match (&state.reading, pad.drawing.label) {
        (Some(_), Some(label)) if pad.kept().is_some() => {
            let command = AppCommand::SetLabel(None);
            CommandButton::text(&command, "Take back").show(ui, state, commands, None);
            let kept = format!("Kept as {}", a_digit(label));
            (kept, "It is in My digits; the next stroke begins another")
        }
        (Some(reading), _) if pad.can_be_kept() => {
            let answer = reading.answer;
            let command = AppCommand::SetLabel(Some(answer));
            let text = format!("Keep as {} (key {answer})", a_digit(answer));
            CommandButton::text(&command, &text).show(ui, state, commands, None);
            let hint = "Keeps the drawing as the digit whose key you press, 0 to 9";
            ("or press its key".to_owned(), hint)
        }
        (Some(_), _) => (
            "Only your own drawings are kept".to_owned(),
            "A picture, a test digit, a practice digit or the drawing of a file is not your hand",
        ),
        (None, _) => (
            "Draw, then press its key".to_owned(),
            "The key of the digit, 0 to 9, keeps the drawing in My digits",
        ),
    };
    let weak = RichText::new(text).color(palette(ui).weak_text);
    ui.add(Label::new(weak).truncate()).on_hover_text(hint);
}
