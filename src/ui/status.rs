//! The status line: one message, what is going on, where training is, how good the model is, and which data.

use super::icon::Icon;
use super::theme;
use crate::app::{AppCommand, AppState, Level, Message, Phase, grouped};
use crate::data::DataSource;
use egui::{
    Align, Label, Layout, ProgressBar, Response, RichText, Role, Sense, Ui, Vec2, WidgetInfo,
};

/// The line at the bottom.
#[derive(Default)]
pub struct StatusLine;

impl StatusLine {
    pub fn ui(&mut self, ui: &mut Ui, state: &AppState, commands: &mut Vec<AppCommand>) {
        ui.horizontal(|ui| {
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                ui.spacing_mut().item_spacing.x = 12.0;
                figures(ui, state);
                ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
                    for job in &state.jobs {
                        let bar = ProgressBar::new(job.fraction)
                            .desired_width(90.0)
                            .desired_height(10.0);
                        ui.add(bar).on_hover_text(&job.sentence);
                        if close_button(ui, "Cancel").clicked() {
                            commands.push(AppCommand::CancelJob { id: job.id });
                        }
                    }
                    if let Some(job) = state.jobs.first() {
                        ui.add(Label::new(&job.sentence).truncate())
                            .on_hover_text(&job.sentence);
                    } else if let Some(message) = state.log.shown() {
                        show_message(ui, message, commands);
                    }
                });
            });
        });
    }
}

fn show_message(ui: &mut Ui, message: &Message, commands: &mut Vec<AppCommand>) {
    let palette = theme::palette(ui);
    let color = match message.level {
        Level::Info => palette.text,
        Level::Warning => palette.warning,
        Level::Error => palette.error,
    };
    if message.level != Level::Info && close_button(ui, "Dismiss the message").clicked() {
        commands.push(AppCommand::DismissMessage);
    }
    let label = Label::new(RichText::new(&message.text).color(color))
        .truncate()
        .sense(Sense::click());
    let clicked = ui
        .add(label)
        .on_hover_text(format!("{}\nClick to see all messages", message.text))
        .clicked();
    if clicked {
        commands.push(AppCommand::ShowLog(true));
    }
}

/// From the right: the data, the scores, the speed, the place in training.
fn figures(ui: &mut Ui, state: &AppState) {
    let palette = theme::palette(ui);
    let quiet = |text: String| Label::new(RichText::new(text).color(palette.weak_text)).extend();

    ui.add(quiet(data_text(state)))
        .on_hover_text("The digits that training learns from, is watched by and is judged by");
    if let Some(scored) = &state.scored {
        let accuracy = accuracy_text(scored.evaluation.accuracy(), scored.evaluation.two_sigma());
        // A network that has learned since is another one than was scored.
        let when = match scored.step == state.model.record.steps {
            true => String::new(),
            false => format!(" at step {}", grouped(scored.step)),
        };
        ui.add(quiet(format!("Test {accuracy}{when}")))
            .on_hover_text(format!(
                "Accuracy on the {} test digits of {}, which no training saw, ± two standard errors",
                grouped(u64::from(scored.evaluation.count())),
                scored.data_name
            ));
    }
    // What the last run came to says nothing about another model that has taken its place.
    if state.runs.phase == Phase::Idle {
        return;
    }
    let validation = state
        .runs
        .current()
        .and_then(|run| run.history.validation().last());
    if let Some(validation) = validation {
        let text = format!(
            "Validation {}",
            accuracy_text(validation.accuracy.into(), validation.two_sigma.into())
        );
        ui.add(quiet(text)).on_hover_text(format!(
            "Accuracy on the validation digits after step {}, ± two standard errors",
            grouped(validation.step)
        ));
    }
    if let Some(progress) = &state.runs.progress {
        let step = format!("Step {}", grouped(progress.step));
        // The speed of a run that stands still is no number, and that of a single step says nothing.
        let (text, tooltip) = match state.runs.phase {
            Phase::Running => (
                format!(
                    "{step} · {} samples/s",
                    grouped(progress.samples_per_second.max(0.0) as u64)
                ),
                "Mini-batches so far, and examples learned from in a second",
            ),
            _ => (step, "Mini-batches so far"),
        };
        ui.add(quiet(text))
            .on_hover_text(format!("{tooltip}; epoch {:.2}", progress.epoch));
    }
}

/// Where the digits come from, said plainly.
fn data_text(state: &AppState) -> String {
    let Some(sets) = &state.data.sets else {
        return "No data yet".to_owned();
    };
    match sets.source {
        DataSource::Practice => "Data: practice digits (written by the program)".to_owned(),
        _ => format!("Data: {}", sets.name),
    }
}

fn accuracy_text(accuracy: f64, two_sigma: f64) -> String {
    format!("{:.2} ± {:.2} %", accuracy * 100.0, two_sigma * 100.0)
}

fn close_button(ui: &mut Ui, name: &str) -> Response {
    let (rect, response) = ui.allocate_exact_size(Vec2::splat(18.0), Sense::click());
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, name));
    let palette = theme::palette(ui);
    let color = if response.hovered() || response.has_focus() {
        palette.text
    } else {
        palette.weak_text
    };
    Icon::Close.paint(ui.painter(), rect.shrink(4.0), color);
    response.on_hover_text(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_accuracy_comes_with_its_error() {
        assert_eq!(accuracy_text(0.9765, 0.003), "97.65 ± 0.30 %");
    }
}
