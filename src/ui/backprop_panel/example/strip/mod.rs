//! The layers in a strip: what the walk knows of them so far, the strongest connections of the present step, and the
//! outputs with arrows to where they should go.

mod links;
mod outputs;
mod stage;

use super::LINE;
use super::examination::Examination;
use super::weight::{self, LitFactor};
use crate::app::{AppCommand, AppState, Detail};
use crate::explain::{FactorPlace, Parameter, Step, UnitPlace, signed};
use crate::ink::SIDE;
use crate::ui::heatmap::{self, KeyedTexture};
use crate::ui::marks::Marks;
use crate::ui::network_panel::layout::{Column, Kind, lay_out};
use crate::ui::theme::{self, Palette};
use egui::{
    Align2, ColorImage, EventFilter, FontId, Key, Pos2, Rect, Response, Role, Sense, Stroke,
    StrokeKind, Ui, WidgetInfo, pos2, vec2,
};
use links::Links;
use stage::Stage;

/// The strip, with what is kept from frame to frame.
#[derive(Default)]
pub struct Strip {
    input: KeyedTexture<(u64, bool)>,
    links: Links,
    marks: Marks,
    /// Where the factors of the shown weight live on the screen.
    anchors: Vec<(FactorPlace, Pos2)>,
}

/// Where everything of the strip stands.
struct Places {
    /// The input and the hidden layers.
    columns: Vec<Column>,
    outputs: Rect,
    output_count: usize,
}

impl Places {
    fn new(area: Rect, sizes: &[usize]) -> Self {
        let width = (area.width() * 0.27).clamp(150.0, 330.0);
        let outputs = area.with_min_x(area.right() - width);
        // `lay_out` keeps room for labels at its right end: here the connections to the outputs cross it.
        let left = area.with_max_x(outputs.left());
        let last = sizes.len() - 1;
        Self {
            columns: lay_out(left, &sizes[..last]),
            outputs,
            output_count: sizes[last],
        }
    }

    /// The layer of the outputs.
    fn last(&self) -> usize {
        self.columns.len()
    }

    fn row(&self, output: usize) -> Rect {
        let height = self.outputs.height() / self.output_count.max(1) as f32;
        let top = self.outputs.top() + height * output as f32;
        Rect::from_min_size(
            pos2(self.outputs.left(), top),
            vec2(self.outputs.width(), height),
        )
    }

    /// Where a unit is, if it is shown.
    fn position(&self, place: UnitPlace) -> Option<Pos2> {
        match self.columns.get(place.layer) {
            Some(column) => column.position(place.unit),
            None => (place.layer == self.last() && place.unit < self.output_count)
                .then(|| self.row(place.unit).left_center()),
        }
    }

    /// Where connections from a unit begin (`side` = 1) or end (−1).
    fn port(&self, place: UnitPlace, side: f32) -> Option<Pos2> {
        match self.columns.get(place.layer) {
            Some(column) => column.port(place.unit, side),
            None => self.position(place),
        }
    }

    fn unit_at(&self, at: Pos2) -> Option<UnitPlace> {
        let in_column = self.columns.iter().enumerate().find_map(|(layer, column)| {
            let unit = column.unit_at(at)?;
            Some(UnitPlace { layer, unit })
        });
        in_column.or_else(|| {
            let mut outputs = 0..self.output_count;
            let unit = outputs.find(|output| self.row(*output).contains(at))?;
            Some(UnitPlace {
                layer: self.last(),
                unit,
            })
        })
    }

    /// What a whole layer takes up.
    fn layer(&self, layer: usize) -> Rect {
        self.columns
            .get(layer)
            .map_or(self.outputs, |column| column.rect)
    }
}

impl Strip {
    pub fn ui(
        &mut self,
        ui: &mut Ui,
        rect: Rect,
        state: &AppState,
        examination: &Examination,
        step: Step,
        commands: &mut Vec<AppCommand>,
    ) {
        let palette = theme::palette(ui);
        let pass = &examination.pass;
        let stage = Stage::new(examination, step);
        let response = ui.interact(rect, ui.scope_id().with("strip"), Sense::click());
        ui.painter().rect_filled(rect, 8.0, palette.panel);
        let area = Rect::from_min_max(
            rect.min + vec2(10.0, LINE + 4.0),
            rect.max - vec2(8.0, LINE + 8.0),
        );
        let places = Places::new(area, &pass.sizes());
        let chosen = match state.microscope.detail {
            Detail::Unit => Some(state.examined_unit()),
            _ => None,
        };

        self.links.refresh(&places, examination, step, chosen);
        self.marks.paint(ui, area.expand(2.0), |batch| {
            self.links.paint(batch, &places, palette);
            stage.paint_units(batch, &places, palette);
        });
        self.paint_input(ui, &places, examination, palette);
        outputs::paint(ui, &places, &stage, state.pad.drawing.label, palette);
        frame_of_step(ui, &places, &stage, palette);
        captions(ui, rect, &places, &stage, palette);
        self.links.caption(ui, rect, &places, palette);
        if let Some(at) = chosen.and_then(|chosen| places.position(chosen)) {
            ui.painter()
                .circle_stroke(at, 9.0, Stroke::new(2.0, palette.accent));
        }
        self.anchors.clear();
        if state.microscope.detail == Detail::Weight {
            self.mark_weight(ui, &places, examination.parameter(state), palette);
        }
        response.widget_info(|| {
            let name = format!(
                "The layers at the step {}; arrow keys choose a unit",
                step.title(pass.layers())
            );
            WidgetInfo::labeled(Role::Image, true, name)
        });
        follow_keys(ui, &response, state, commands);
        self.follow_pointer(response, &places, &stage, examination, commands);
    }

    /// Draws a line from a factor that is pointed at to the place where it lives.
    pub fn link(&self, ui: &Ui, lit: Option<LitFactor>) {
        let Some(lit) = lit else {
            return;
        };
        let color = weight::color(lit.place, theme::palette(ui));
        for (place, at) in &self.anchors {
            if *place == lit.place {
                let painter = ui.painter();
                painter.line_segment([lit.from, *at], Stroke::new(2.0, color));
                painter.circle_stroke(*at, 11.0, Stroke::new(3.0, color));
            }
        }
    }

    fn paint_input(
        &mut self,
        ui: &Ui,
        places: &Places,
        examination: &Examination,
        palette: &Palette,
    ) {
        let Some(column) = places
            .columns
            .first()
            .filter(|column| column.kind == Kind::Picture)
        else {
            return;
        };
        let key = (examination.serial, ui.visuals().dark_mode);
        let texture = self.input.texture(ui.ctx(), key, || {
            let values = examination.pass.a(0);
            let pixels = values
                .iter()
                .map(|&value| palette.sequential(value))
                .collect();
            ColorImage::new([SIDE, SIDE], pixels)
        });
        let all = Rect::from_min_size(Pos2::ZERO, vec2(SIDE as f32, SIDE as f32));
        heatmap::paint(ui.painter(), texture, [SIDE, SIDE], all, column.rect);
        heatmap::outline(ui.painter(), column.rect, palette);
    }

    /// Rings in the colours of the factors where they live.
    fn mark_weight(&mut self, ui: &Ui, places: &Places, parameter: Parameter, palette: &Palette) {
        let target = UnitPlace::target(parameter);
        let Some(to) = places.position(target) else {
            return;
        };
        let painter = ui.painter();
        if let Some(from) = UnitPlace::origin(parameter).and_then(|from| places.position(from)) {
            painter.line_segment([from, to], Stroke::new(2.0, palette.accent));
            self.anchors.push((FactorPlace::Before, from));
        } else {
            self.anchors
                .push((FactorPlace::Before, to + vec2(-16.0, 0.0)));
        }
        self.anchors.push((FactorPlace::Inside, to));
        let behind = if target.layer == places.last() {
            // At the end of the bar, where the output meets the truth.
            pos2(outputs::track(places.row(target.unit)).right(), to.y)
        } else {
            to + vec2(17.0, 0.0)
        };
        self.anchors.push((FactorPlace::Behind, behind));
        for (place, at) in &self.anchors {
            let color = weight::color(*place, palette);
            painter.circle_stroke(*at, 7.0, Stroke::new(2.0, color));
            let text = match place {
                FactorPlace::Before => "a",
                FactorPlace::Inside => "σ′",
                FactorPlace::Behind => "∂C",
            };
            let font = FontId::proportional(theme::SMALL_SIZE);
            let galley = painter.layout_no_wrap(text.to_owned(), font, color);
            let corner = *at + vec2(-galley.size().x / 2.0, -8.0 - galley.size().y);
            let behind = Rect::from_min_size(corner, galley.size()).expand2(vec2(2.0, 0.0));
            painter.rect_filled(behind, 3.0, palette.panel);
            painter.galley(corner, galley, color);
        }
    }

    /// What is under the pointer is named; a unit or a connection that is clicked is opened.
    fn follow_pointer(
        &self,
        response: Response,
        places: &Places,
        stage: &Stage<'_>,
        examination: &Examination,
        commands: &mut Vec<AppCommand>,
    ) {
        let Some(at) = response.hover_pos() else {
            return;
        };
        let pass = &examination.pass;
        let clicked = response.clicked();
        if let Some(place) = places.unit_at(at) {
            if clicked && place.layer > 0 {
                commands.push(AppCommand::ChooseUnit(place));
            }
            response.on_hover_text_at_pointer(stage.name(place));
        } else if let Some(parameter) = self.links.at(places, at) {
            if clicked {
                commands.push(AppCommand::ChooseParameter(parameter));
            }
            let value = parameter.value(&pass.network).unwrap_or(f32::NAN);
            let gradient = parameter.gradient(&pass.gradients).unwrap_or(f32::NAN);
            response.on_hover_text_at_pointer(format!(
                "{parameter} = {}, ∂C/∂w = {}\nClick to open it",
                signed(value),
                signed(gradient)
            ));
        }
    }
}

/// While the strip has the keyboard, the arrows walk from unit to unit.
fn follow_keys(ui: &Ui, response: &Response, state: &AppState, commands: &mut Vec<AppCommand>) {
    if !response.has_focus() {
        return;
    }
    let filter = EventFilter {
        horizontal_arrows: true,
        vertical_arrows: true,
        ..EventFilter::default()
    };
    ui.memory_mut(|memory| memory.set_focus_lock_filter(response.id, filter));
    let sizes = state.examined_network().sizes();
    let mut place = state.examined_unit();
    let before = place;
    let pressed = |key| ui.input(|input| input.num_presses(key));
    let last = |layer: usize| sizes[layer].saturating_sub(1);
    place.unit = (place.unit + pressed(Key::ArrowDown)).min(last(place.layer));
    place.unit = place.unit.saturating_sub(pressed(Key::ArrowUp));
    place.layer = (place.layer + pressed(Key::ArrowRight)).min(sizes.len() - 1);
    place.layer = place.layer.saturating_sub(pressed(Key::ArrowLeft)).max(1);
    place.unit = place.unit.min(last(place.layer));
    if place != before {
        commands.push(AppCommand::ChooseUnit(place));
    }
}

/// A frame around the layer whose numbers the step finds.
fn frame_of_step(ui: &Ui, places: &Places, stage: &Stage<'_>, palette: &Palette) {
    let layers = places.last();
    let lit: Vec<usize> = match stage.step {
        Step::Update => (0..=layers).collect(),
        step => step.layer(layers).into_iter().collect(),
    };
    for layer in lit {
        let rect = places.layer(layer).expand(4.0);
        let stroke = Stroke::new(2.0, palette.accent);
        ui.painter()
            .rect_stroke(rect, 6.0, stroke, StrokeKind::Outside);
    }
}

/// The name and the size of every layer below it.
fn captions(ui: &Ui, rect: Rect, places: &Places, stage: &Stage<'_>, palette: &Palette) {
    let font = FontId::proportional(theme::SMALL_SIZE);
    for layer in 0..=places.last() {
        let count = stage.units(layer);
        let text = match layer {
            0 => format!("input {count}"),
            layer if layer == places.last() => format!("outputs: {}", stage.shows()),
            layer => {
                let column = &places.columns[layer];
                match column.shown_of_more() {
                    Some(shown) => format!("layer {layer}: {} of {count}", shown.len()),
                    None => format!("layer {layer}: {count}"),
                }
            }
        };
        let center = places.layer(layer).center().x;
        let galley = ui
            .painter()
            .layout_no_wrap(text, font.clone(), palette.weak_text);
        let half = galley.size().x / 2.0;
        let x = center.clamp(rect.left() + half + 4.0, rect.right() - half - 4.0);
        let corner = pos2(x - half, rect.bottom() - galley.size().y - 2.0);
        ui.painter().galley(corner, galley, palette.weak_text);
    }
}

/// A caption in the middle between two layers.
fn between(ui: &Ui, rect: Rect, x: f32, text: &str, palette: &Palette) {
    let font = FontId::proportional(theme::SMALL_SIZE);
    let at = pos2(x, rect.top() + 3.0);
    ui.painter()
        .text(at, Align2::CENTER_TOP, text, font, palette.accent);
}
