use super::layer_view::LayerView;
use crate::explain::Parameter;
use crate::ui::heatmap::{self, Colours};
use crate::ui::number;
use crate::ui::theme::Palette;
use egui::emath::GuiRounding;
use egui::{
    Align2, Mesh, Pos2, Rect, Role, ScrollArea, Sense, TextStyle, TextureId, Ui, Vec2, WidgetInfo,
    pos2, vec2,
};

const LARGEST_CELL: f32 = 30.0;
/// Cells that would be smaller than this scroll instead.
const SMALLEST_CELL: f32 = 3.0;
/// Between the weights and the column of biases.
const GAP: f32 = 10.0;
/// Room for the unit numbers at the left and above.
const NUMBERS: Vec2 = vec2(34.0, 32.0);
/// Room at the right for the heading of the biases.
const RIGHT: f32 = 12.0;
const BIAS_WIDTH: f32 = 16.0;

/// Shows a layer as its matrix: a column for each unit it reads from, a row for each of its own, then the biases. Returns
/// the weight or bias that was clicked; `chosen` is framed.
pub fn ui(
    ui: &mut Ui,
    view: &LayerView,
    chosen: Option<Parameter>,
    texture: TextureId,
    palette: &Palette,
) -> Option<Parameter> {
    let pixel = 1.0 / ui.pixels_per_point();
    let bar = ui.spacing().scroll.allocated_width();
    let margins = NUMBERS + vec2(GAP + BIAS_WIDTH + RIGHT, 2.0) + Vec2::splat(bar);
    let room = ui.available_size() - margins;
    let (inputs, units) = (view.inputs(), view.units());
    // Whole pixels: cells of unequal size would draw stripes that are not in the numbers.
    let cell_of = |room: f32, count: usize| {
        let cell = (room / count.max(1) as f32).clamp(SMALLEST_CELL, LARGEST_CELL);
        (cell / pixel).floor() * pixel
    };
    let cell = vec2(cell_of(room.x, inputs), cell_of(room.y, units));
    let cells = cell * vec2(inputs as f32, units as f32);

    ScrollArea::both()
        .auto_shrink(false)
        .id_salt(("matrix", view.layer))
        .show(ui, |ui| {
            let size = NUMBERS + cells + vec2(GAP + BIAS_WIDTH + RIGHT, 2.0);
            let (rect, response) = ui.allocate_exact_size(size, Sense::click());
            let origin = (rect.min + NUMBERS).round_to_pixels(ui.pixels_per_point());
            let matrix = Rect::from_min_size(origin, cells);
            let biases = Rect::from_min_size(
                matrix.right_top() + vec2(GAP, 0.0),
                vec2(BIAS_WIDTH, cells.y),
            );
            paint(ui, view, texture, palette, matrix, biases, cell);
            axes(ui, view, palette, matrix, biases, cell);
            response.widget_info(|| {
                let name = format!(
                    "{} of layer {}: {inputs} columns from, {units} rows to, and the biases",
                    view.quantity.label(),
                    view.layer + 1
                );
                WidgetInfo::labeled(Role::Image, true, name)
            });
            let place_of = |parameter: Parameter| match parameter.from() {
                Some(input) => {
                    let corner = vec2(input as f32, parameter.unit() as f32) * cell;
                    Rect::from_min_size(matrix.min + corner, cell)
                }
                None => {
                    let corner = vec2(0.0, parameter.unit() as f32 * cell.y);
                    Rect::from_min_size(biases.min + corner, vec2(BIAS_WIDTH, cell.y))
                }
            };
            if let Some(chosen) = chosen.filter(|chosen| chosen.layer() == view.layer) {
                frame(ui, place_of(chosen), palette);
            }
            let pointer = response.hover_pos()?;
            let unit = (((pointer.y - matrix.top()) / cell.y).max(0.0) as usize)
                .min(units.saturating_sub(1));
            let parameter = if matrix.contains(pointer) {
                let input = (((pointer.x - matrix.left()) / cell.x).max(0.0) as usize)
                    .min(inputs.saturating_sub(1));
                Parameter::Weight {
                    layer: view.layer,
                    from: input,
                    to: unit,
                }
            } else if biases.contains(pointer) {
                Parameter::Bias {
                    layer: view.layer,
                    unit,
                }
            } else {
                return None;
            };
            let (what, symbol, value) = match parameter.from() {
                Some(input) => (
                    format!("from unit {input} to unit {unit}"),
                    view.quantity.weight_symbol(),
                    view.values.weights[[input, unit]],
                ),
                None => (
                    format!("bias of unit {unit}"),
                    view.quantity.bias_symbol(),
                    view.values.biases[unit],
                ),
            };
            frame(ui, place_of(parameter), palette);
            let clicked = response.clicked().then_some(parameter);
            response.on_hover_ui_at_pointer(|ui| {
                ui.strong(format!("Layer {}", view.layer + 1));
                ui.label(what);
                ui.label(format!("{symbol} = {}", number::signed(value)));
            });
            clicked
        })
        .inner
}

fn paint(
    ui: &Ui,
    view: &LayerView,
    texture: TextureId,
    palette: &Palette,
    matrix: Rect,
    biases: Rect,
    cell: Vec2,
) {
    let painter = ui.painter();
    let all = Rect::from_min_size(Pos2::ZERO, vec2(view.inputs() as f32, view.units() as f32));
    heatmap::paint(painter, texture, view.texels(), all, matrix);
    heatmap::outline(painter, matrix, palette);
    let colours = Colours::new(palette, &view.scale);
    let mut mesh = Mesh::default();
    for (unit, &bias) in view.values.biases.iter().enumerate() {
        let corner = biases.min + vec2(0.0, unit as f32 * cell.y);
        let strip = Rect::from_min_size(corner, vec2(BIAS_WIDTH, cell.y));
        mesh.add_colored_rect(strip, colours.of(bias));
    }
    painter.add(mesh);
    heatmap::outline(painter, biases, palette);
    let damaged = view.damaged.iter().map(|&(input, unit)| {
        let corner = matrix.min + vec2(input as f32, unit as f32) * cell;
        Rect::from_min_size(corner, cell)
    });
    heatmap::hatch(painter, damaged, palette);
}

/// The unit numbers along the top and the left, at round steps that leave room between them.
fn axes(ui: &Ui, view: &LayerView, palette: &Palette, matrix: Rect, biases: Rect, cell: Vec2) {
    let font = TextStyle::Small.resolve(ui.style());
    let write = |place: Pos2, anchor: Align2, text: String| {
        ui.painter()
            .text(place, anchor, text, font.clone(), palette.weak_text);
    };
    let above = matrix.top() - 3.0;
    for input in (0..view.inputs()).step_by(step(cell.x, font.size * 2.6)) {
        let x = matrix.left() + (input as f32 + 0.5) * cell.x;
        write(pos2(x, above), Align2::CENTER_BOTTOM, input.to_string());
    }
    for unit in (0..view.units()).step_by(step(cell.y, font.size * 1.2)) {
        let y = matrix.top() + (unit as f32 + 0.5) * cell.y;
        let place = pos2(matrix.left() - 4.0, y);
        write(place, Align2::RIGHT_CENTER, unit.to_string());
    }
    let heading = above - font.size - 2.0;
    write(
        pos2(matrix.left(), heading),
        Align2::LEFT_BOTTOM,
        "from unit (across), to unit (down)".to_owned(),
    );
    write(
        pos2(biases.center().x, above),
        Align2::CENTER_BOTTOM,
        "bias".to_owned(),
    );
}

fn frame(ui: &Ui, rect: Rect, palette: &Palette) {
    let stroke = egui::Stroke::new(1.5, palette.accent);
    ui.painter()
        .rect_stroke(rect, 0.0, stroke, egui::StrokeKind::Outside);
}

/// The smallest of 1, 2, 5, 10, 20, 50, … cells that is at least `room` wide.
fn step(cell: f32, room: f32) -> usize {
    [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000]
        .into_iter()
        .find(|&count| count as f32 * cell >= room)
        .unwrap_or(2000)
}

#[cfg(test)]
mod tests {
    use super::step;

    #[test]
    fn numbers_stand_at_round_steps() {
        assert_eq!(step(30.0, 26.0), 1);
        assert_eq!(step(10.0, 26.0), 5);
        assert_eq!(step(3.0, 26.0), 10);
        assert_eq!(step(0.001, 26.0), 2000);
    }
}
