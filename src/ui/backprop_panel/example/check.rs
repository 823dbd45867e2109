//! The gradient check over a sample of every layer.

use super::examination::Examination;
use crate::app::{AppCommand, AppState, Check};
use crate::explain::{Parameter, short};
use crate::nn::GradientCheck;
use crate::ui::command_button::CommandButton;
use crate::ui::{number, theme};
use egui::{RichText, ScrollArea, Ui};
use std::sync::Arc;

/// Relative errors up to this are rounding and curvature, not mistakes.
const GOOD: f64 = 1e-5;

pub fn ui(
    ui: &mut Ui,
    state: &AppState,
    examination: &Examination,
    commands: &mut Vec<AppCommand>,
) {
    ScrollArea::vertical()
        .auto_shrink(false)
        .id_salt("gradient check")
        .show(ui, |ui| {
            ui.label(
                "That it runs does not mean that it is right. For a sample of weights and biases of every layer, the \
                 gradient from backpropagation is compared with the slope between two costs, w a little larger and a \
                 little smaller, in double precision",
            );
            ui.add_space(4.0);
            CommandButton::text(&AppCommand::CheckGradients, "Check all")
                .show(ui, state, commands, None);
            match &state.microscope.check {
                Check::Never => {
                    ui.label(RichText::new("Not checked yet").weak());
                }
                Check::Running => {
                    ui.horizontal(|ui| {
                        ui.spinner();
                        ui.label("Checking");
                    });
                }
                Check::Done(done) => {
                    let of_these = Arc::ptr_eq(&done.network, &examination.pass.network)
                        && done.examined == *examination.examined();
                    outcome(ui, examination, &done.check, of_these, commands);
                }
            }
        });
}

fn outcome(
    ui: &mut Ui,
    examination: &Examination,
    check: &GradientCheck,
    of_these: bool,
    commands: &mut Vec<AppCommand>,
) {
    let palette = theme::palette(ui);
    if !of_these {
        let text =
            "The network or the drawing has changed since: this was found for the one before";
        ui.label(RichText::new(text).color(palette.warning));
    }
    let all = examination.pass.network.parameter_count();
    let worst = check.worst_relative_error;
    let (verdict, color) = if worst <= GOOD {
        ("Backpropagation is right here", palette.good)
    } else {
        (
            "Backpropagation and the differences disagree",
            palette.error,
        )
    };
    ui.label(RichText::new(verdict).strong().color(color));
    ui.label(format!(
        "{} of {} weights and biases compared; the worst relative error is {}",
        number::grouped(check.checked),
        number::grouped(all),
        short(worst as f32)
    ));
    let layer = check.layer - 1;
    let unit = check.unit;
    let place = match check.from {
        Some(from) => Parameter::Weight {
            layer,
            from,
            to: unit,
        },
        None => Parameter::Bias { layer, unit },
    };
    ui.horizontal(|ui| {
        ui.label("It is at");
        if ui
            .button(place.to_string())
            .on_hover_text("Look at it")
            .clicked()
        {
            commands.push(AppCommand::ChooseParameter(place));
        }
    });
    if check.at_kinks > 0 {
        ui.label(
            RichText::new(format!(
                "{} were left out: the small step takes a ReLU across its kink, where there is no slope",
                check.at_kinks
            ))
            .weak(),
        );
    }
}
