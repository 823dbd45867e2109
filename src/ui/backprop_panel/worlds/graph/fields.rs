use crate::app::{AppCommand, GraphWorld, KNOWN_EXPRESSIONS, WorldCommand};
use crate::ui::{accessible, number, theme};
use egui::text::{LayoutJob, TextFormat};
use egui::{DragValue, FontId, Stroke, TextEdit, Ui};
use std::collections::BTreeMap;

/// Of the field for the expression.
const FIELD_WIDTH: f32 = 210.0;

/// The field where an expression is typed, and those that are known from the texts.
pub fn expression(ui: &mut Ui, world: &GraphWorld, commands: &mut Vec<AppCommand>) {
    let set = |text: String, numbers: BTreeMap<String, f64>| {
        AppCommand::InSmallWorld(WorldCommand::SetExpression { text, numbers })
    };
    ui.horizontal_wrapped(|ui| {
        ui.label("f =");
        let mut text = world.text.clone();
        let wrong = world.error.as_ref().and_then(|error| error.place());
        let font = FontId::proportional(theme::BODY_SIZE + 1.0);
        let palette = theme::palette(ui);
        let mut layout = |ui: &Ui, text: &dyn egui::TextBuffer, _: f32| {
            let usual = TextFormat::simple(font.clone(), palette.text);
            let marked = TextFormat {
                underline: Stroke::new(2.0, palette.error),
                ..TextFormat::simple(font.clone(), palette.error)
            };
            let mut job = LayoutJob::default();
            for (place, sign) in (1..).zip(text.as_str().chars()) {
                let format = if wrong == Some(place) { &marked } else { &usual };
                job.append(&sign.to_string(), 0.0, format.clone());
            }
            ui.fonts_mut(|fonts| fonts.layout_job(job))
        };
        let field = TextEdit::singleline(&mut text)
            .id_salt("expression")
            .hint_text("(x + y)·z")
            .desired_width(FIELD_WIDTH)
            .layouter(&mut layout);
        let response = ui.add(field);
        accessible::name(&response, "Expression f");
        if response
            .on_hover_text("Type + − · ÷ ^ ( ), numbers, names, exp, log, σ, tanh, relu; * / and sigmoid will do as well")
            .changed()
        {
            commands.push(set(text, BTreeMap::new()));
        }
        for known in KNOWN_EXPRESSIONS {
            let chosen = world.text == known.text;
            let response = ui.selectable_label(chosen, known.text);
            if response.on_hover_text(known.about).clicked() {
                commands.push(set(known.text.to_owned(), known.numbers()));
            }
        }
    });
}

/// The numbers of the variables, to be dragged or typed.
pub fn numbers(ui: &mut Ui, world: &GraphWorld, commands: &mut Vec<AppCommand>) {
    for (_, name) in world.graph.variables() {
        let mut value = world.numbers.get(name).copied().unwrap_or_default();
        let label = ui.label(format!("{name} ="));
        let field = DragValue::new(&mut value)
            .speed(0.02)
            .update_while_editing(false)
            .custom_formatter(|value, _| number::short(value))
            .custom_parser(|text| text.trim().replace('−', "-").parse().ok());
        let response = ui.add(field).labelled_by(label.id);
        accessible::name(&response, &format!("Number {name}"));
        if response
            .on_hover_text("Drag it, or click to type")
            .changed()
        {
            let name = name.to_owned();
            let command = WorldCommand::SetNumber { name, value };
            commands.push(AppCommand::InSmallWorld(command));
        }
    }
    if world.graph.variables().next().is_none() {
        ui.label("No names, so there is nothing to differentiate by");
    }
}
