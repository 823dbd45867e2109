use super::caption;
use super::choice::Choice;
use super::edges::{self, Edge};
use super::layout::{Column, Kind, UnitId, lay_out};
use super::scene::Scene;
use crate::ink::{Cells, SIDE};
use crate::ui::heatmap::{self, KeyedTexture};
use crate::ui::marks::{Batch, Marks, curve, paint_edge, paint_ring};
use crate::ui::number;
use crate::ui::theme::{self, Palette};
use egui::{
    Align2, Color32, ColorImage, FontId, Painter, Pos2, Rect, Role, Sense, Stroke, StrokeKind,
    TextStyle, Ui, Vec2, WidgetInfo, pos2, vec2,
};

/// The picture of all layers with its chosen unit and what was worked out for painting it.
#[derive(Default)]
pub struct Diagram {
    pub choice: Choice,
    marks: Marks,
    input: KeyedTexture<(Option<Cells>, bool)>,
    edges: Option<(EdgesKey, Vec<Edge>)>,
}

/// What the painted edges depend on.
#[derive(PartialEq)]
struct EdgesKey {
    version: u64,
    cells: Option<Cells>,
    area: Rect,
    unit: Option<UnitId>,
}

/// How strongly edges stand out: those of one unit more than the overall strongest.
const OVERALL: f32 = 0.55;
const OF_ONE_UNIT: f32 = 0.95;

impl Diagram {
    pub fn ui(&mut self, ui: &mut Ui, scene: &Scene<'_>, area: Rect) {
        let response = ui.allocate_rect(area, Sense::click());
        let columns_area = Rect::from_min_max(
            area.min + vec2(4.0, caption::ABOVE),
            area.max - vec2(0.0, caption::BELOW),
        );
        let columns = lay_out(columns_area, &scene.sizes);
        self.choice.follow_pointer(ui, &response, &columns);
        self.choice.follow_keys(ui, &response, &columns);
        let shown = self.choice.shown();

        let palette = theme::palette(ui);
        let edges = self.find_edges(scene, &columns, area, shown).to_vec();
        let marks_area = marks_area(&columns, columns_area);
        self.marks.paint(ui, marks_area, |batch| {
            paint_edges(batch, palette, &columns, &edges, shown.is_some());
            for (layer, column) in columns.iter().enumerate() {
                paint_units(batch, scene, layer, column, palette);
            }
        });
        for (layer, column) in columns.iter().enumerate() {
            match &column.kind {
                Kind::Picture => self.paint_input(ui, scene, column, palette),
                Kind::Units { .. } => label_units(ui, scene, layer, column, palette),
            }
            let room = room(&columns, layer, area);
            caption::paint(ui, scene, layer, column, area, room);
        }
        if shown.is_some() {
            mark_cells(ui.painter(), palette, &columns, &edges);
        }
        self.paint_term(ui.painter(), palette, scene, &columns);
        for (id, colour) in [(self.choice.chosen, palette.accent), (shown, palette.text)] {
            if let Some(id) = id {
                mark(ui.painter(), &columns, id, colour);
            }
        }
        if response.has_focus() && self.choice.cursor.is_none() {
            ui.painter().rect_stroke(
                area,
                4.0,
                Stroke::new(1.0, palette.accent),
                StrokeKind::Inside,
            );
        }
        if scene.reading.is_none() && shown.is_none() {
            invite(ui, &columns, palette);
        }

        response.widget_info(|| {
            let name = match shown {
                Some(id) => format!("{}: {}", scene.title(), sentence(scene, id)),
                None => scene.title(),
            };
            WidgetInfo::labeled(Role::Image, true, name)
        });
        if let Some(id) = self.choice.hovered {
            response.on_hover_ui_at_pointer(|ui| {
                ui.strong(scene.name(id));
                ui.label(values(scene, id));
            });
        }
    }

    /// The edges to paint, worked out anew only when something they depend on has changed.
    fn find_edges(
        &mut self,
        scene: &Scene<'_>,
        columns: &[Column],
        area: Rect,
        unit: Option<UnitId>,
    ) -> &[Edge] {
        let key = EdgesKey {
            version: scene.version,
            cells: scene.cells(),
            area,
            unit,
        };
        if self.edges.as_ref().is_none_or(|made| made.0 != key) {
            let edges = match unit {
                Some(id) => edges::strongest_of(scene.network, scene.trace(), columns, id),
                None => edges::strongest_overall(scene.network, scene.trace(), columns),
            };
            self.edges = Some((key, edges));
        }
        self.edges.as_ref().map_or(&[], |made| &made.1)
    }

    /// Paints the summand whose row in the card is under the pointer.
    fn paint_term(
        &self,
        painter: &Painter,
        palette: &Palette,
        scene: &Scene<'_>,
        columns: &[Column],
    ) {
        let opened = self.choice.chosen.or_else(|| scene.answer());
        let (Some(to), Some(unit)) = (opened, self.choice.term) else {
            return;
        };
        let from = UnitId {
            layer: to.layer.saturating_sub(1),
            unit,
        };
        if let Some(ends) = ends(columns, from, to) {
            painter.add(curve(ends, Stroke::new(2.5, palette.accent)));
        }
        mark(painter, columns, from, palette.accent);
    }

    fn paint_input(&mut self, ui: &Ui, scene: &Scene<'_>, column: &Column, palette: &Palette) {
        let cells = scene.cells();
        let key = (cells, ui.visuals().dark_mode);
        let texture = self.input.texture(ui.ctx(), key, || {
            let values = cells.unwrap_or(Cells::BLANK).input();
            let pixels = values.iter().map(|&ink| palette.sequential(ink)).collect();
            ColorImage::new([SIDE, SIDE], pixels)
        });
        let all = Rect::from_min_size(Pos2::ZERO, Vec2::splat(SIDE as f32));
        heatmap::paint(ui.painter(), texture, [SIDE, SIDE], all, column.rect);
        heatmap::outline(ui.painter(), column.rect, palette);
    }
}

/// Where edges and units are in sight: to the right of the picture of the input, which hides them, as far as the outputs.
fn marks_area(columns: &[Column], area: Rect) -> Rect {
    let left = columns
        .first()
        .map_or(area.left(), |first| match first.kind {
            Kind::Picture => first.rect.right(),
            Kind::Units { .. } => first.rect.left(),
        });
    let right = columns
        .last()
        .map_or(area.right(), |last| last.rect.right());
    Rect::from_x_y_ranges(left..=right, area.y_range()).expand(2.0)
}

fn paint_edges(
    batch: &mut Batch,
    palette: &Palette,
    columns: &[Column],
    edges: &[Edge],
    of_one_unit: bool,
) {
    let emphasis = if of_one_unit { OF_ONE_UNIT } else { OVERALL };
    // The weakest first, so that the strongest lie on top.
    for edge in edges.iter().rev() {
        let to = UnitId {
            layer: edge.from.layer + 1,
            unit: edge.to,
        };
        if let Some(ends) = ends(columns, edge.from, to) {
            let strength = edge.relative * edge.strength.signum();
            paint_edge(batch, palette, ends, strength, emphasis);
        }
    }
}

/// Paints the units of a layer: the disc is the activation, the ring the bias.
fn paint_units(
    batch: &mut Batch,
    scene: &Scene<'_>,
    layer: usize,
    column: &Column,
    palette: &Palette,
) {
    let Kind::Units { shown, radius, .. } = &column.kind else {
        return;
    };
    let range = scene.range(layer);
    let largest_bias = shown
        .iter()
        .filter_map(|&unit| scene.bias(UnitId { layer, unit }))
        .map(f32::abs)
        .fold(0.0, f32::max);
    for &unit in shown {
        let id = UnitId { layer, unit };
        let Some(centre) = column.position(unit) else {
            continue;
        };
        let fill = match (scene.activation(id), range) {
            (Some(activation), Some((low, high))) if high > low => {
                palette.sequential((activation - low) / (high - low))
            }
            (Some(_), _) => palette.sequential(0.0),
            (None, _) => palette.panel,
        };
        batch.disc(centre, *radius, fill);
        if let Some(bias) = scene.bias(id) {
            let share = if largest_bias > 0.0 {
                bias / largest_bias
            } else {
                0.0
            };
            paint_ring(batch, palette, centre, *radius, share);
        }
    }
}

/// Hatches the units whose activation is no number, and names the outputs.
fn label_units(ui: &Ui, scene: &Scene<'_>, layer: usize, column: &Column, palette: &Palette) {
    let Kind::Units { shown, radius, .. } = &column.kind else {
        return;
    };
    for &unit in shown {
        let id = UnitId { layer, unit };
        let Some(centre) = column.position(unit) else {
            continue;
        };
        let damaged = scene.activation(id).is_some_and(|a| !a.is_finite());
        if damaged {
            let cell = Rect::from_center_size(centre, Vec2::splat(radius * 1.4));
            heatmap::hatch(ui.painter(), std::iter::once(cell), palette);
        }
        if scene.is_output(layer) {
            label_output(ui, scene, id, centre + vec2(*radius + 6.0, 0.0), palette);
        }
    }
}

fn label_output(ui: &Ui, scene: &Scene<'_>, id: UnitId, place: Pos2, palette: &Palette) {
    let font = |style: TextStyle| style.resolve(ui.style());
    let wins = scene.answer() == Some(id);
    let colour = if wins { palette.accent } else { palette.text };
    let body: FontId = font(TextStyle::Body);
    let digit = ui
        .painter()
        .text(place, Align2::LEFT_CENTER, id.unit, body.clone(), colour);
    if let Some(value) = scene.activation(id) {
        let colour = if wins {
            palette.accent
        } else {
            palette.weak_text
        };
        ui.painter().text(
            pos2(digit.left() + body.size + 2.0, place.y),
            Align2::LEFT_CENTER,
            fixed(value),
            font(TextStyle::Small),
            colour,
        );
    }
}

/// An output with always as many digits, so that the column does not flicker.
fn fixed(value: f32) -> String {
    if value.abs() < 10.0 {
        format!("{value:.3}").replace('-', "−")
    } else {
        number::short(value)
    }
}

/// What to do while the pad is blank, across the picture of the input.
fn invite(ui: &Ui, columns: &[Column], palette: &Palette) {
    let Some(input) = columns
        .first()
        .filter(|column| column.kind == Kind::Picture)
    else {
        return;
    };
    let font = TextStyle::Body.resolve(ui.style());
    let lines = ["Draw a digit", "to see it think"];
    for (text, side) in lines.into_iter().zip([-0.5, 0.5]) {
        let place = input.rect.center() + vec2(0.0, side * (font.size + 4.0));
        let anchor = Align2::CENTER_CENTER;
        ui.painter()
            .text(place, anchor, text, font.clone(), palette.weak_text);
    }
}

/// Dots the cells of the picture that the edges begin at, which the picture would hide.
fn mark_cells(painter: &Painter, palette: &Palette, columns: &[Column], edges: &[Edge]) {
    let Some(input) = columns
        .first()
        .filter(|column| column.kind == Kind::Picture)
    else {
        return;
    };
    let cell = input.rect.width() / SIDE as f32;
    for edge in edges.iter().filter(|edge| edge.from.layer == 0) {
        if let Some(centre) = input.position(edge.from.unit) {
            let colour = palette.diverging(edge.strength.signum());
            let radius = cell * (0.2 + 0.3 * edge.relative);
            painter.circle_filled(centre, radius, colour);
        }
    }
}

/// Rings a unit, or frames a cell of the picture.
fn mark(painter: &Painter, columns: &[Column], id: UnitId, colour: Color32) {
    let Some(column) = columns.get(id.layer) else {
        return;
    };
    let Some(centre) = column.position(id.unit) else {
        return;
    };
    let stroke = Stroke::new(2.0, colour);
    match &column.kind {
        Kind::Picture => {
            let cell = Vec2::splat(column.rect.width() / SIDE as f32);
            let cell = Rect::from_center_size(centre, cell);
            painter.rect_stroke(cell, 0.0, stroke, StrokeKind::Outside);
        }
        Kind::Units { radius, .. } => {
            painter.circle_stroke(centre, radius + 3.0, stroke);
        }
    }
}

fn ends(columns: &[Column], from: UnitId, to: UnitId) -> Option<[Pos2; 2]> {
    let start = columns.get(from.layer)?.port(from.unit, 1.0)?;
    let end = columns.get(to.layer)?.port(to.unit, -1.0)?;
    Some([start, end])
}

/// The width that the caption of a layer has before it meets its neighbours'.
fn room(columns: &[Column], layer: usize, area: Rect) -> f32 {
    let centre = |layer: usize| columns.get(layer).map(|column| column.rect.center().x);
    let Some(here) = centre(layer) else {
        return 0.0;
    };
    let before = layer.checked_sub(1).and_then(centre).map(|x| here - x);
    let after = centre(layer + 1).map(|x| x - here);
    let nearest = before.into_iter().chain(after).fold(area.width(), f32::min);
    nearest - 10.0
}

/// "a = 0.98, bias 0.12", or only what is known.
fn values(scene: &Scene<'_>, id: UnitId) -> String {
    let mut parts = Vec::new();
    if let Some(activation) = scene.activation(id) {
        parts.push(format!("a = {}", number::short(activation)));
    }
    if let Some(bias) = scene.bias(id) {
        parts.push(format!("b = {}", number::signed(bias)));
    }
    if parts.is_empty() {
        "no ink".to_owned()
    } else {
        parts.join(", ")
    }
}

fn sentence(scene: &Scene<'_>, id: UnitId) -> String {
    format!("{}, {}", scene.name(id), values(scene, id))
}
