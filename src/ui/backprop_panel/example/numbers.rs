//! The numbers of the present step: the drawing, a table of units, or the gradients of a layer as a picture.

use super::LINE;
use super::examination::Examination;
use super::table::{self, Row};
use crate::app::{AppCommand, AppState, Detail};
use crate::explain::{Step, StepTable, UnitPlace, short, signed};
use crate::ink::SIDE;
use crate::ui::heatmap::{self, KeyedTexture};
use crate::ui::number;
use crate::ui::theme;
use crate::ui::weights_panel::layer_view::{Arrangement, LayerView};
use crate::ui::weights_panel::quantity::{LayerValues, Quantity};
use crate::ui::weights_panel::{fields, matrix};
use egui::{ColorImage, Pos2, Rect, RichText, Role, Sense, Ui, UiBuilder, Vec2, WidgetInfo};

/// The numbers of one step, made once.
#[derive(Default)]
pub struct Numbers {
    made: Option<((u64, Step), Content)>,
    texture: KeyedTexture<(u64, Step, bool)>,
}

enum Content {
    Input(Vec<f32>),
    Table { table: StepTable, most: f32 },
    Gradients(Box<LayerView>),
}

impl Content {
    fn new(examination: &Examination, step: Step) -> Self {
        let pass = &examination.pass;
        if let Step::Gradients { layer } = step {
            let values = LayerValues {
                weights: pass.gradients.weights[layer - 1].clone(),
                biases: pass.gradients.biases[layer - 1].clone(),
            };
            let view = LayerView::new(Quantity::Gradient, layer - 1, values);
            return Self::Gradients(Box::new(view));
        }
        match StepTable::new(step, pass, &examination.update) {
            Some(table) => {
                let main = table.rows.iter().map(|row| row[table.main].abs());
                let most = main.filter(|size| size.is_finite()).fold(0.0, f32::max);
                Self::Table { table, most }
            }
            None => Self::Input(pass.a(0).to_vec()),
        }
    }
}

impl Numbers {
    pub fn ui(
        &mut self,
        ui: &mut Ui,
        state: &AppState,
        examination: &Examination,
        step: Step,
        commands: &mut Vec<AppCommand>,
    ) {
        let key = (examination.serial, step);
        if self.made.as_ref().is_none_or(|(made, _)| *made != key) {
            self.made = Some((key, Content::new(examination, step)));
        }
        let Some((_, content)) = &self.made else {
            return;
        };
        match content {
            Content::Input(values) => picture(ui, values, &mut self.texture, key),
            Content::Table { table, most } => {
                of_units(ui, state, table, *most, step, commands);
            }
            Content::Gradients(view) => {
                gradients(
                    ui,
                    state,
                    examination,
                    view,
                    &mut self.texture,
                    key,
                    commands,
                );
            }
        }
    }
}

/// The input as the network sees it.
fn picture(
    ui: &mut Ui,
    values: &[f32],
    texture: &mut KeyedTexture<(u64, Step, bool)>,
    (serial, step): (u64, Step),
) {
    let palette = theme::palette(ui);
    if values.len() != SIDE * SIDE {
        ui.label("This network does not read 28×28 pictures");
        return;
    }
    let room = ui.available_size();
    let side = (room.y - 2.0 * LINE).min(room.x).clamp(84.0, 420.0);
    let texture = texture.texture(ui.ctx(), (serial, step, ui.visuals().dark_mode), || {
        let pixels = values
            .iter()
            .map(|&value| palette.sequential(value))
            .collect();
        ColorImage::new([SIDE, SIDE], pixels)
    });
    let (rect, response) = ui.allocate_exact_size(Vec2::splat(side), Sense::hover());
    let all = Rect::from_min_size(Pos2::ZERO, Vec2::splat(SIDE as f32));
    heatmap::paint(ui.painter(), texture, [SIDE, SIDE], all, rect);
    heatmap::outline(ui.painter(), rect, palette);
    response.widget_info(|| {
        WidgetInfo::labeled(Role::Image, true, "The input, 28×28 cells from 0 to 1")
    });
    let text = match response.hover_pos().filter(|at| rect.contains(*at)) {
        Some(at) => {
            let cell = (at - rect.min) * (SIDE as f32 / side);
            let column = (cell.x as usize).min(SIDE - 1);
            let row = (cell.y as usize).min(SIDE - 1);
            let input = row * SIDE + column;
            format!(
                "Row {row}, column {column}, input {input}: a = {}",
                short(values[input])
            )
        }
        None => "28·28 = 784 inputs, row after row; point at a cell for its number".to_owned(),
    };
    ui.label(RichText::new(text).small());
}

/// A row for each unit, or for each layer.
fn of_units(
    ui: &mut Ui,
    state: &AppState,
    table: &StepTable,
    most: f32,
    step: Step,
    commands: &mut Vec<AppCommand>,
) {
    let is_output = table.layer == Some(state.examined_network().layers().len());
    let kind = match table.layer {
        None => "layer",
        Some(_) if is_output => "output",
        Some(_) => "unit",
    };
    let heading: Vec<&str> = std::iter::once(kind)
        .chain(table.columns.iter().copied())
        .collect();
    let chosen = (state.microscope.detail == Detail::Unit).then(|| state.examined_unit());
    let label = state.pad.drawing.label.map(usize::from);
    let clicked = table::ui(
        ui,
        "numbers of the step",
        &heading,
        table.rows.len(),
        |index| {
            let numbers = &table.rows[index];
            let is_truth = is_output && label == Some(index);
            Row {
                name: match table.layer {
                    None => format!("{kind} {}", index + 1),
                    Some(_) if is_truth => format!("{kind} {index} (true)"),
                    Some(_) => format!("{kind} {index}"),
                },
                cells: numbers.iter().map(|&value| text(step, value)).collect(),
                share: table::share(numbers[table.main], most),
                chosen: chosen
                    .is_some_and(|place| Some(place.layer) == table.layer && place.unit == index),
            }
        },
    );
    if let (Some(unit), Some(layer)) = (clicked, table.layer) {
        commands.push(AppCommand::ChooseUnit(UnitPlace { layer, unit }));
    }
}

/// What can raise or lower has its sign printed.
fn text(step: Step, value: f32) -> String {
    match step {
        Step::Cost | Step::Update => short(value),
        _ => signed(value),
    }
}

/// The gradients of a layer: one 28×28 picture for each unit of the first, the matrix of the others.
fn gradients(
    ui: &mut Ui,
    state: &AppState,
    examination: &Examination,
    view: &LayerView,
    texture: &mut KeyedTexture<(u64, Step, bool)>,
    (serial, step): (u64, Step),
    commands: &mut Vec<AppCommand>,
) {
    let palette = theme::palette(ui);
    let texels = view.texels();
    let largest = ui.input(|input| input.max_texture_side);
    if texels.iter().any(|&side| side > largest) {
        ui.label(format!(
            "Layer {} is too large for a picture: {} × {} cells, and the graphics card takes {largest} a side. Its \
             weights can be looked at one by one, under Weight",
            view.layer + 1,
            number::grouped(texels[0]),
            number::grouped(texels[1])
        ));
        return;
    }
    let texture = texture.texture(ui.ctx(), (serial, step, ui.visuals().dark_mode), || {
        view.image(palette)
    });
    let room = ui.available_rect_before_wrap();
    let legend = room.with_min_y(room.bottom() - 2.0 * LINE);
    let above = room.with_max_y(legend.top() - 4.0);
    let chosen = Some(examination.parameter(state));
    let clicked = ui
        .scope_builder(UiBuilder::new().max_rect(above), |ui| {
            match view.arrangement {
                Arrangement::Fields { .. } => fields::ui(ui, view, chosen, texture, palette),
                Arrangement::Matrix => matrix::ui(ui, view, chosen, texture, palette),
            }
        })
        .inner;
    ui.scope_builder(UiBuilder::new().max_rect(legend), |ui| {
        ui.horizontal(|ui| {
            let half = (legend.width() * 0.42).max(120.0);
            ui.scope(|ui| {
                ui.set_max_width(half);
                view.scale.legend(ui, palette);
            });
            let text = "click a cell to open it";
            ui.add(egui::Label::new(RichText::new(text).small().weak()).truncate())
                .on_hover_text(view.scale.sentence());
        });
    });
    if let Some(parameter) = clicked {
        commands.push(AppCommand::ChooseParameter(parameter));
    }
}
