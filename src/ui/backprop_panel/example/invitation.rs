//! What there is to do before there is an example.

use crate::app::{AppCommand, AppState};
use crate::ui::command_button::CommandButton;
use crate::ui::icon::Icon;
use egui::{RichText, Ui, vec2};

pub fn ui(ui: &mut Ui, state: &AppState, commands: &mut Vec<AppCommand>) {
    ui.vertical_centered(|ui| {
        ui.add_space((ui.available_height() * 0.26).max(8.0));
        ui.label(RichText::new("One digit through the network, and back").heading());
        ui.add_space(4.0);
        if state.reading.is_none() {
            ui.label("Draw a digit on the pad and say which one it is, or take one that is labelled already");
            ui.add_space(10.0);
            ready_digits(ui, state, commands);
        } else {
            ui.label("Which digit is this meant to be? Press its key, or click it: without the truth there is no cost");
            ui.add_space(10.0);
            labels(ui, state, commands);
        }
    });
}

fn ready_digits(ui: &mut Ui, state: &AppState, commands: &mut Vec<AppCommand>) {
    let write = AppCommand::WritePracticeDigit;
    let examples = state.data.sets.as_ref().map_or(0, |sets| sets.test.len());
    // Another one each time, and the same ones in every session.
    let index = (state.pad.version as usize).wrapping_mul(7919) % examples.max(1);
    let take = AppCommand::ShowExample { index };
    centred(ui, 330.0, |ui| {
        CommandButton::text(&write, "Write a practice digit")
            .with_icon(Icon::Write)
            .primary()
            .show(ui, state, commands, None);
        CommandButton::text(&take, "Take a test digit").show(ui, state, commands, None);
    });
}

fn labels(ui: &mut Ui, state: &AppState, commands: &mut Vec<AppCommand>) {
    centred(ui, 380.0, |ui| {
        ui.spacing_mut().item_spacing.x = 6.0;
        for label in 0..10 {
            let command = AppCommand::SetLabel(Some(label));
            CommandButton::text(&command, &label.to_string()).show(ui, state, commands, None);
        }
    });
}

/// A row of about this width in the middle.
fn centred(ui: &mut Ui, width: f32, add: impl FnOnce(&mut Ui)) {
    let size = vec2(
        width.min(ui.available_width()),
        ui.spacing().interact_size.y + 8.0,
    );
    ui.allocate_ui(size, |ui| ui.horizontal(add));
}
