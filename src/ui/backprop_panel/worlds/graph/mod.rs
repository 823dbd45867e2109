//! Any expression as a graph: values go forward above the wires, derivatives come back below them.

mod fields;
mod layout;
mod names;
mod picture;

use crate::app::{AppCommand, AppState, GraphWorld, WorldCommand};
use crate::explain::{Evaluation, EvaluationError};
use crate::ui::{number, theme};
use egui::{Label, RichText, ScrollArea, Ui, vec2};
use picture::Picture;

/// The computation graph.
#[derive(Default)]
pub struct GraphView {}

/// Room for two lines, so that nothing moves when there is something to say.
const MESSAGE_HEIGHT: f32 = 38.0;
/// The picture scrolls where there is less room for it.
const LEAST_HEIGHT: f32 = 120.0;

impl GraphView {
    pub fn ui(&mut self, ui: &mut Ui, state: &AppState, commands: &mut Vec<AppCommand>) {
        let world = &state.worlds.graph;
        let evaluated = world.evaluate();
        let named = names::names(&world.graph);
        fields::expression(ui, world, commands);
        message(ui, world, &named, evaluated.as_ref());
        ui.horizontal_wrapped(|ui| {
            fields::numbers(ui, world, commands);
            ui.separator();
            way_back(ui, world, evaluated.as_ref().ok(), commands);
        });

        let picture = Picture::new(world, &named, evaluated.as_ref());
        let room = vec2(
            ui.available_width(),
            ui.available_height().max(LEAST_HEIGHT),
        );
        ScrollArea::both()
            .id_salt("computation graph")
            .max_height(room.y)
            .auto_shrink(false)
            .show(ui, |ui| picture.show(ui, room));
    }
}

/// What is wrong with the text or the numbers, or else what comes out, or what the present step back does.
fn message(
    ui: &mut Ui,
    world: &GraphWorld,
    names: &[String],
    evaluated: Result<&Evaluation, &EvaluationError>,
) {
    let palette = theme::palette(ui);
    let (text, colour) = match (&world.error, evaluated) {
        (Some(error), _) => {
            let text = format!("{error}. The picture still shows {}", world.read_text);
            (text, palette.error)
        }
        (None, Err(error)) => (sentence(&error.to_string()), palette.error),
        (None, Ok(evaluation)) if world.backward_steps.is_some() => {
            let step = world.backward_steps.unwrap_or_default();
            let step = step.min(evaluation.steps.len());
            let text = names::backward_sentence(&world.graph, names, evaluation, step);
            (text, palette.text)
        }
        (None, Ok(evaluation)) => {
            let result = number::short(evaluation.result());
            let text = format!(
                "f = {result}. Above each wire its value, going forward; below it ∂f/∂ of that value, coming back"
            );
            (text, palette.weak_text)
        }
    };
    let size = vec2(ui.available_width(), MESSAGE_HEIGHT);
    ui.allocate_ui(size, |ui| {
        ui.set_min_size(size);
        ui.add(Label::new(RichText::new(text).color(colour)).wrap());
    });
}

/// "y has no number yet" with a name stays as it is; words begin large.
fn sentence(text: &str) -> String {
    match text.strip_prefix("the ") {
        Some(rest) => format!("The {rest}"),
        None => text.to_owned(),
    }
}

/// Walks backward one operation after the other.
fn way_back(
    ui: &mut Ui,
    world: &GraphWorld,
    evaluation: Option<&Evaluation>,
    commands: &mut Vec<AppCommand>,
) {
    let count = evaluation.map_or(0, |evaluation| evaluation.steps.len());
    let step = world.backward_steps.map(|step| step.min(count));
    ui.label("Way back");
    let mut show = |wanted: Option<usize>| {
        commands.push(AppCommand::InSmallWorld(WorldCommand::ShowBackwardSteps(
            wanted,
        )));
    };
    if ui
        .selectable_label(step.is_none(), "All")
        .on_hover_text("Show all derivatives")
        .clicked()
    {
        show(None);
    }
    let at = step.unwrap_or(count);
    let back = ui.add_enabled(count > 0 && at > 0, egui::Button::new("◀"));
    if back
        .on_hover_text("One backward step less")
        .accessible_name("One backward step less")
        .clicked()
    {
        show(Some(at - 1));
    }
    // From the whole picture, the first step is the first of the walk.
    let next = step.map_or(Some(0), |at| (at < count).then_some(at + 1));
    let forth = ui.add_enabled(count > 0 && next.is_some(), egui::Button::new("▶"));
    if forth
        .on_hover_text("One operation further back")
        .accessible_name("One operation further back")
        .clicked()
    {
        show(next);
    }
    ui.label(match (step, evaluation) {
        (Some(step), Some(_)) => format!("{step} of {count}"),
        (None, Some(_)) => format!("{count} operations"),
        (_, None) => "there is none before all values are known".to_owned(),
    });
}

#[cfg(test)]
mod tests;
