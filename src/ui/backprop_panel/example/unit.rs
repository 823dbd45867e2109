//! One unit: the three ways to raise it, and what every unit of the next layer wishes of it.

use super::examination::Examination;
use super::part;
use super::table::{self, Row, share};
use crate::app::{AppCommand, AppState};
use crate::explain::{ExamplePass, Parameter, RaiseWays, UnitPlace, UnitWishes, short, signed};
use crate::ink::SIDE;
use crate::ui::theme;
use egui::{DragValue, Rect, RichText, Ui, UiBuilder};

pub fn ui(
    ui: &mut Ui,
    state: &AppState,
    examination: &Examination,
    commands: &mut Vec<AppCommand>,
) {
    let pass = &examination.pass;
    let place = state.examined_unit();
    choice(ui, pass, place, commands);
    let wishes = UnitWishes::new(pass, place);
    let Some(ways) = RaiseWays::new(pass, place) else {
        ui.label("An input is the ink itself: nothing in the network raises it");
        return;
    };
    summary(ui, pass, &ways, wishes.as_ref());
    let room = ui.available_rect_before_wrap();
    let lists = if wishes.is_some() { 3 } else { 2 };
    let list = |index: usize| -> Rect {
        let (from, to) = (
            index as f32 / lists as f32,
            (index + 1) as f32 / lists as f32,
        );
        part(room, from, to).with_max_x(part(room, from, to).right() - 8.0)
    };
    ui.scope_builder(UiBuilder::new().max_rect(list(0)), |ui| {
        heading(
            ui,
            "Its weights, strongest first",
            "A weight does as much as the activation it weighs",
        );
        if let Some(from) = weights(ui, pass, &ways) {
            let (layer, to) = (place.layer - 1, place.unit);
            commands.push(AppCommand::ChooseParameter(Parameter::Weight {
                layer,
                from,
                to,
            }));
        }
    });
    ui.scope_builder(UiBuilder::new().max_rect(list(1)), |ui| {
        heading(
            ui,
            "Activations before it",
            "An activation does as much as the weight it meets",
        );
        if let Some(from) = activations(ui, pass, &ways) {
            let before = UnitPlace {
                layer: place.layer - 1,
                unit: from,
            };
            if before.layer > 0 {
                commands.push(AppCommand::ChooseUnit(before));
            }
        }
    });
    if let Some(wishes) = &wishes {
        ui.scope_builder(UiBuilder::new().max_rect(list(2)), |ui| {
            let title = if place.layer + 1 == pass.layers() {
                "What each output wishes of it"
            } else {
                "What each unit after wishes of it"
            };
            heading(
                ui,
                title,
                "Its own wish −δ times the weight between the two",
            );
            if let Some(unit) = wishes_of(ui, wishes) {
                let after = UnitPlace {
                    layer: place.layer + 1,
                    unit,
                };
                commands.push(AppCommand::ChooseUnit(after));
            }
        });
    }
    ui.advance_cursor_after_rect(room);
}

/// Which unit of which layer.
fn choice(ui: &mut Ui, pass: &ExamplePass, place: UnitPlace, commands: &mut Vec<AppCommand>) {
    ui.horizontal(|ui| {
        ui.label("Layer");
        for layer in 1..=pass.layers() {
            let text = if layer == pass.layers() {
                "outputs".to_owned()
            } else {
                layer.to_string()
            };
            if ui.selectable_label(place.layer == layer, text).clicked() {
                commands.push(AppCommand::ChooseUnit(UnitPlace { layer, unit: 0 }));
            }
        }
        ui.label("unit");
        let mut unit = place.unit;
        let last = pass.sizes()[place.layer] - 1;
        let drag = DragValue::new(&mut unit).range(0..=last).speed(0.1);
        let response = ui.add(drag).accessible_name("Unit");
        if response.changed() {
            commands.push(AppCommand::ChooseUnit(UnitPlace { unit, ..place }));
        }
        ui.label(RichText::new(format!("of 0 to {last}")).weak());
    });
}

/// What the unit computes, what is wished of it, and the first way to raise it.
fn summary(ui: &mut Ui, pass: &ExamplePass, ways: &RaiseWays, wishes: Option<&UnitWishes>) {
    let UnitPlace { layer, unit } = ways.place;
    let palette = theme::palette(ui);
    let (z, a) = (pass.z(layer)[unit], pass.a(layer)[unit]);
    let way = match ways.wish {
        wish if wish > 0.0 => "should rise",
        wish if wish < 0.0 => "should fall: all three ways backward",
        _ => "should stay",
    };
    let sign = if ways.bias < 0.0 { '−' } else { '+' };
    ui.label(format!(
        "z = Σ w·a + b = {} {sign} {} = {}, a = {}. It {way}: −∂C/∂z = {}",
        short(z - ways.bias),
        short(ways.bias.abs()),
        short(z),
        short(a),
        signed(ways.wish)
    ));
    let bias = format!("1 more of its bias {} adds 1 to z", signed(ways.bias));
    let summed = wishes.map_or_else(String::new, |wishes| {
        let count = |keep: fn(f32) -> bool| {
            let values = wishes.wishes.iter().map(|wish| wish.value());
            values.filter(|value| keep(*value)).count()
        };
        let (up, down) = (count(|value| value > 0.0), count(|value| value < 0.0));
        format!(
            " · {up} wish it up, {down} down: sum {}",
            signed(wishes.sum)
        )
    });
    ui.label(RichText::new(bias + &summed).color(palette.text));
}

fn heading(ui: &mut Ui, text: &str, tooltip: &str) {
    ui.add(egui::Label::new(RichText::new(text).strong()).truncate())
        .on_hover_text(tooltip);
}

fn weights(ui: &mut Ui, pass: &ExamplePass, ways: &RaiseWays) -> Option<usize> {
    let most = ways.weights.first().map_or(0.0, |way| way.activation.abs());
    let clicked = table::ui(
        ui,
        "weights of the unit",
        &["from", "a", "−∂C/∂w"],
        ways.weights.len(),
        |index| {
            let way = &ways.weights[index];
            Row {
                name: before_name(pass, ways.place.layer, way.from),
                cells: vec![short(way.activation), signed(way.wish)],
                share: share(way.activation, most),
                chosen: false,
            }
        },
    )?;
    Some(ways.weights[clicked].from)
}

fn activations(ui: &mut Ui, pass: &ExamplePass, ways: &RaiseWays) -> Option<usize> {
    let most = ways.activations.first().map_or(0.0, |way| way.weight.abs());
    let clicked = table::ui(
        ui,
        "activations before the unit",
        &["from", "w", "−δ·w"],
        ways.activations.len(),
        |index| {
            let way = &ways.activations[index];
            Row {
                name: before_name(pass, ways.place.layer, way.from),
                cells: vec![signed(way.weight), signed(way.wish)],
                share: share(way.weight, most),
                chosen: false,
            }
        },
    )?;
    Some(ways.activations[clicked].from)
}

fn wishes_of(ui: &mut Ui, wishes: &UnitWishes) -> Option<usize> {
    let sizes = wishes.wishes.iter().map(|wish| wish.value().abs());
    let most = sizes.fold(0.0, f32::max);
    table::ui(
        ui,
        "wishes for the unit",
        &["of", "−δ", "w", "wish"],
        wishes.wishes.len(),
        |index| {
            let wish = &wishes.wishes[index];
            Row {
                name: wish.of.to_string(),
                cells: vec![signed(wish.own), signed(wish.weight), signed(wish.value())],
                share: share(wish.value(), most),
                chosen: false,
            }
        },
    )
}

/// "9, 14" for a cell of the picture (row, column), "unit 12" for others.
fn before_name(pass: &ExamplePass, layer: usize, from: usize) -> String {
    if layer == 1 && pass.a(0).len() == SIDE * SIDE {
        format!("{}, {}", from / SIDE, from % SIDE)
    } else {
        format!("unit {from}")
    }
}
