//! What the network sees: the 28×28 values that go in, and the steps from the ink to them.

use super::ink_texture::{InkTexture, picture_of};
use super::theme;
use crate::app::{AppCommand, AppState};
use crate::ink::{SIDE, unit};
use egui::{
    Align2, Color32, FontId, Mesh, Pos2, Rect, Role, Sense, Shape, Stroke, StrokeKind, TextureId,
    TextureOptions, Ui, Vec2, WidgetInfo, pos2, vec2,
};
use std::sync::Arc;

/// Side of the picture of the input, a whole number of points a cell.
const PICTURE_SIDE: f32 = 112.0;

/// Side of the small picture of a step.
const STEP_SIDE: f32 = 22.0;

/// The input of the network, and how it came to be.
#[derive(Default)]
pub struct SeesPanel {
    cells: InkTexture<u64>,
    steps: Vec<InkTexture<u64>>,
}

impl SeesPanel {
    pub fn ui(&mut self, ui: &mut Ui, state: &AppState, _commands: &mut Vec<AppCommand>) {
        ui.horizontal_top(|ui| {
            ui.vertical(|ui| {
                self.paint_cells(ui, state);
                paint_scale(ui);
            });
            ui.vertical(|ui| {
                ui.spacing_mut().item_spacing.y = 3.0;
                ui.label(egui::RichText::new("What the network sees").strong());
                self.paint_steps(ui, state);
            });
        });
    }

    fn paint_cells(&mut self, ui: &mut Ui, state: &AppState) {
        let (rect, response) = ui.allocate_exact_size(Vec2::splat(PICTURE_SIDE), Sense::hover());
        let palette = theme::palette(ui);
        ui.painter().rect_filled(rect, 0.0, palette.paper);
        let spoken = match state.reading {
            Some(_) => "The 28×28 input of the network",
            None => "The input of the network, blank",
        };
        response.widget_info(|| WidgetInfo::labeled(Role::Image, true, spoken));
        if let Some(reading) = &state.reading {
            let cells = &reading.normalized.cells;
            let texture = self
                .cells
                .get(ui, state.pad.version, TextureOptions::NEAREST, || {
                    Arc::new(picture_of(cells))
                });
            paint_texture(ui, rect, texture.id());
            if let Some((row, column)) = response.hover_pos().and_then(|pos| cell_at(rect, pos)) {
                let byte = cells.0.get(row * SIDE + column).copied().unwrap_or(0);
                let cell = Vec2::splat(rect.width() / SIDE as f32);
                let corner = rect.min + vec2(column as f32, row as f32) * cell;
                ui.painter().rect_stroke(
                    Rect::from_min_size(corner, cell),
                    0.0,
                    Stroke::new(1.5, palette.accent),
                    StrokeKind::Outside,
                );
                response.on_hover_text_at_pointer(format!(
                    "Row {}, column {}: {:.3}\nInput {} of {}",
                    row + 1,
                    column + 1,
                    unit(byte),
                    row * SIDE + column + 1,
                    SIDE * SIDE,
                ));
            }
        }
        outline(ui, rect);
    }

    /// The steps but the last, which the large picture shows.
    fn paint_steps(&mut self, ui: &mut Ui, state: &AppState) {
        let Some(reading) = &state.reading else {
            let weak = theme::palette(ui).weak_text;
            let text =
                "784 values from 0 to 1, made from the ink in the steps that MNIST was made with";
            ui.label(egui::RichText::new(text).small().color(weak));
            return;
        };
        let steps = &reading.normalized.steps;
        self.steps.resize_with(steps.len(), InkTexture::default);
        for (step, texture) in steps.iter().zip(&mut self.steps) {
            ui.horizontal(|ui| {
                ui.spacing_mut().item_spacing.x = 6.0;
                let (rect, response) =
                    ui.allocate_exact_size(Vec2::splat(STEP_SIDE), Sense::hover());
                response.widget_info(|| WidgetInfo::labeled(Role::Image, true, step.name));
                ui.painter()
                    .rect_filled(rect, 0.0, theme::palette(ui).paper);
                let texture = texture.get(ui, state.pad.version, TextureOptions::LINEAR, || {
                    Arc::new(step.picture.clone())
                });
                let size = texture.size_vec2();
                let fitted = size * (STEP_SIDE / size.max_elem());
                paint_texture(
                    ui,
                    Rect::from_center_size(rect.center(), fitted),
                    texture.id(),
                );
                outline(ui, rect);
                ui.add(egui::Label::new(egui::RichText::new(step.name).small()).wrap());
            });
        }
    }
}

/// Row and column of the cell at `pos` in a picture of 28×28 cells.
fn cell_at(rect: Rect, pos: Pos2) -> Option<(usize, usize)> {
    let place = (pos - rect.min) / rect.size() * SIDE as f32;
    let inside = (0.0..SIDE as f32).contains(&place.x) && (0.0..SIDE as f32).contains(&place.y);
    inside.then_some((place.y as usize, place.x as usize))
}

/// The scale of the picture: 0 is paper, 1 is full ink.
fn paint_scale(ui: &mut Ui) {
    let (rect, response) = ui.allocate_exact_size(vec2(PICTURE_SIDE, 14.0), Sense::hover());
    response
        .widget_info(|| WidgetInfo::labeled(Role::Label, true, "Scale: 0 is paper, 1 is full ink"));
    let palette = theme::palette(ui);
    let painter = ui.painter();
    let font = FontId::proportional(theme::SMALL_SIZE);
    for (align, x, text) in [
        (Align2::LEFT_CENTER, rect.left(), "0"),
        (Align2::RIGHT_CENTER, rect.right(), "1"),
    ] {
        painter.text(
            pos2(x, rect.center().y),
            align,
            text,
            font.clone(),
            palette.weak_text,
        );
    }
    let bar = rect.shrink2(vec2(12.0, 3.5));
    let mut mesh = Mesh::default();
    for (x, value) in [(bar.left(), 0.0), (bar.right(), 1.0)] {
        mesh.colored_vertex(pos2(x, bar.top()), palette.sequential(value));
        mesh.colored_vertex(pos2(x, bar.bottom()), palette.sequential(value));
    }
    mesh.add_triangle(0, 1, 2);
    mesh.add_triangle(1, 2, 3);
    painter.add(Shape::mesh(mesh));
    outline(ui, bar);
}

fn paint_texture(ui: &Ui, rect: Rect, texture: TextureId) {
    let whole = Rect::from_min_max(Pos2::ZERO, pos2(1.0, 1.0));
    ui.painter().image(texture, rect, whole, Color32::WHITE);
}

fn outline(ui: &Ui, rect: Rect) {
    let stroke = Stroke::new(1.0, theme::palette(ui).outline);
    ui.painter()
        .rect_stroke(rect, 0.0, stroke, StrokeKind::Outside);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cell_under_the_pointer_is_found_and_none_beside_the_picture() {
        let rect = Rect::from_min_size(pos2(10.0, 20.0), Vec2::splat(PICTURE_SIDE));
        assert_eq!(cell_at(rect, pos2(10.0, 20.0)), Some((0, 0)));
        assert_eq!(cell_at(rect, pos2(121.9, 131.9)), Some((27, 27)));
        assert_eq!(cell_at(rect, pos2(22.0, 31.0)), Some((2, 3)));
        assert_eq!(cell_at(rect, pos2(122.0, 30.0)), None);
        assert_eq!(cell_at(rect, pos2(9.0, 30.0)), None);
    }
}
