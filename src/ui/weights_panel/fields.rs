use super::layer_view::LayerView;
use crate::explain::Parameter;
use crate::ink::SIDE;
use crate::ui::heatmap::{self, Colours};
use crate::ui::number;
use crate::ui::theme::Palette;
use egui::emath::GuiRounding;
use egui::{Mesh, Pos2, Rect, Role, ScrollArea, Sense, TextureId, Ui, Vec2, WidgetInfo, vec2};

/// Tiles that would be smaller than this scroll instead.
const SMALLEST_SIDE: f32 = 56.0;
const LARGEST_SIDE: f32 = 196.0;
const GAP: f32 = 6.0;
/// Height of the strip below a tile that shows its bias.
const BIAS: f32 = 5.0;

/// Where the tiles go.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Tiling {
    across: usize,
    side: f32,
}

/// Shows what each unit of the first layer looks for: its weights as a 28×28 picture, its bias as a strip below. Returns
/// the weight or bias that was clicked; `chosen` is framed.
pub fn ui(
    ui: &mut Ui,
    view: &LayerView,
    chosen: Option<Parameter>,
    texture: TextureId,
    palette: &Palette,
) -> Option<Parameter> {
    let bar = ui.spacing().scroll.allocated_width();
    let room = ui.available_size() - vec2(bar, 0.0);
    let tiling = tile(room, view.units());
    let down = view.units().div_ceil(tiling.across);
    let cell = vec2(tiling.side + GAP, tiling.side + BIAS + 1.0 + GAP);
    ScrollArea::vertical()
        .auto_shrink(false)
        .id_salt(("fields", view.layer))
        .show(ui, |ui| {
            let size = cell * vec2(tiling.across as f32, down as f32);
            let (rect, response) = ui.allocate_exact_size(size, Sense::click());
            let origin = rect.min.round_to_pixels(ui.pixels_per_point());
            let place = |unit: usize| {
                let grid = vec2((unit % tiling.across) as f32, (unit / tiling.across) as f32);
                origin + grid * cell
            };
            paint(ui, view, texture, palette, tiling, &place);
            mark_chosen(ui, view, chosen, palette, tiling, &place);
            response.widget_info(|| {
                let name = format!(
                    "{} into each of the {} units of layer 1, as pictures of 28×28",
                    view.quantity.label(),
                    view.units()
                );
                WidgetInfo::labeled(Role::Image, true, name)
            });
            let (unit, at) = response.hover_pos().and_then(|pointer| {
                let from_origin = pointer - origin;
                let grid = vec2(from_origin.x / cell.x, from_origin.y / cell.y);
                let unit = grid.y.max(0.0) as usize * tiling.across + grid.x.max(0.0) as usize;
                (unit < view.units()).then(|| (unit, pointer - place(unit)))
            })?;
            let clicked = response
                .clicked()
                .then(|| parameter_at(view, unit, at / tiling.side));
            response.on_hover_ui_at_pointer(|ui| {
                tooltip(ui, view, texture, palette, unit, at / tiling.side);
            });
            clicked
        })
        .inner
}

/// The weight or bias at a place of a tile (0..1), below which the bias stands.
fn parameter_at(view: &LayerView, unit: usize, at: Vec2) -> Parameter {
    if at.y >= 1.0 {
        return Parameter::Bias {
            layer: view.layer,
            unit,
        };
    }
    let cell = |share: f32| ((share * SIDE as f32).max(0.0) as usize).min(SIDE - 1);
    Parameter::Weight {
        layer: view.layer,
        from: cell(at.y) * SIDE + cell(at.x),
        to: unit,
    }
}

fn mark_chosen(
    ui: &Ui,
    view: &LayerView,
    chosen: Option<Parameter>,
    palette: &Palette,
    tiling: Tiling,
    place: &dyn Fn(usize) -> Pos2,
) {
    let Some(chosen) = chosen.filter(|chosen| chosen.layer() == view.layer) else {
        return;
    };
    let tile = Rect::from_min_size(place(chosen.unit()), Vec2::splat(tiling.side));
    let stroke = egui::Stroke::new(1.5, palette.accent);
    let painter = ui.painter();
    painter.rect_stroke(tile, 0.0, stroke, egui::StrokeKind::Outside);
    let cell = tiling.side / SIDE as f32;
    let marked = match chosen.from() {
        Some(from) => {
            let within = vec2((from % SIDE) as f32, (from / SIDE) as f32) * cell;
            Rect::from_min_size(tile.min + within, Vec2::splat(cell)).expand(1.0)
        }
        None => Rect::from_min_size(tile.left_bottom() + vec2(0.0, 1.0), vec2(tiling.side, BIAS)),
    };
    painter.rect_stroke(marked, 0.0, stroke, egui::StrokeKind::Outside);
}

fn paint(
    ui: &Ui,
    view: &LayerView,
    texture: TextureId,
    palette: &Palette,
    tiling: Tiling,
    place: &dyn Fn(usize) -> Pos2,
) {
    let side = Vec2::splat(tiling.side);
    let painter = ui.painter();
    let colours = Colours::new(palette, &view.scale);
    let mut tiles = Mesh::with_texture(texture);
    let mut biases = Mesh::default();
    let mut frames = Vec::new();
    for unit in 0..view.units() {
        let tile = Rect::from_min_size(place(unit), side);
        if !ui.is_rect_visible(tile.expand(GAP)) {
            continue;
        }
        heatmap::add_part(&mut tiles, view.texels(), view.part(unit), tile);
        let strip =
            Rect::from_min_size(tile.left_bottom() + vec2(0.0, 1.0), vec2(tiling.side, BIAS));
        biases.add_colored_rect(strip, colours.of(view.values.biases[unit]));
        frames.push(tile);
        frames.push(strip);
    }
    painter.add(tiles);
    painter.add(biases);
    for frame in frames {
        heatmap::outline(painter, frame, palette);
    }
    let cell = tiling.side / SIDE as f32;
    let damaged = view.damaged.iter().map(|&(input, unit)| {
        let within = vec2((input % SIDE) as f32, (input / SIDE) as f32) * cell;
        Rect::from_min_size(place(unit) + within, Vec2::splat(cell))
    });
    heatmap::hatch(painter, damaged, palette);
}

/// The tile at four times the size of a small one, with the cell under the pointer (0..1 of the tile) in numbers.
fn tooltip(
    ui: &mut Ui,
    view: &LayerView,
    texture: TextureId,
    palette: &Palette,
    unit: usize,
    at: Vec2,
) {
    ui.strong(format!("Unit {unit} of layer 1"));
    let in_tile = at.x < 1.0 && at.y < 1.0;
    let cell = |share: f32| ((share * SIDE as f32).max(0.0) as usize).min(SIDE - 1);
    let (row, column) = (cell(at.y), cell(at.x));
    if in_tile {
        let value = view.values.weights[[row * SIDE + column, unit]];
        ui.label(format!(
            "from row {row}, column {column}: {} = {}",
            view.quantity.weight_symbol(),
            number::signed(value)
        ));
    }
    ui.label(format!(
        "{} = {}",
        view.quantity.bias_symbol(),
        number::signed(view.values.biases[unit])
    ));
    let (rect, _) = ui.allocate_exact_size(Vec2::splat(LARGEST_SIDE), Sense::hover());
    heatmap::paint(ui.painter(), texture, view.texels(), view.part(unit), rect);
    heatmap::outline(ui.painter(), rect, palette);
    if in_tile {
        let size = Vec2::splat(rect.width() / SIDE as f32);
        let corner = rect.min + vec2(column as f32, row as f32) * size;
        let stroke = egui::Stroke::new(1.5, palette.accent);
        let cell = Rect::from_min_size(corner, size);
        ui.painter()
            .rect_stroke(cell, 0.0, stroke, egui::StrokeKind::Outside);
    }
}

/// As few rows as show all tiles at once as large as possible; the smallest side and scrolling where they do not fit.
fn tile(room: Vec2, units: usize) -> Tiling {
    let units = units.max(1);
    let whole = |side: f32| {
        // Cells of equal size look best, unless that would leave much of the room empty.
        let even = (side / SIDE as f32).floor() * SIDE as f32;
        let side = if even > 0.8 * side {
            even
        } else {
            side.floor()
        };
        side.clamp(SMALLEST_SIDE, LARGEST_SIDE)
    };
    let side_for = |across: usize| {
        let down = units.div_ceil(across) as f32;
        let wide = room.x / across as f32 - GAP;
        let high = room.y / down - GAP - BIAS - 1.0;
        wide.min(high)
    };
    let best = (1..=units)
        .map(|across| (across, side_for(across)))
        .max_by(|one, other| one.1.total_cmp(&other.1));
    match best {
        Some((across, side)) if side >= SMALLEST_SIDE => Tiling {
            across,
            side: whole(side),
        },
        _ => {
            let across = ((room.x / (SMALLEST_SIDE + GAP)) as usize).max(1);
            let side = whole(room.x / across as f32 - GAP);
            Tiling { across, side }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{BIAS, GAP, SMALLEST_SIDE, tile};
    use egui::vec2;

    #[test]
    fn few_units_fill_the_room_without_scrolling() {
        let room = vec2(520.0, 380.0);
        let tiling = tile(room, 16);
        let down = 16_usize.div_ceil(tiling.across) as f32;
        assert!(tiling.across as f32 * (tiling.side + GAP) <= room.x);
        assert!(down * (tiling.side + BIAS + 1.0 + GAP) <= room.y);
        assert!(tiling.side > 70.0);
    }

    #[test]
    fn many_units_keep_a_readable_size_and_scroll() {
        let tiling = tile(vec2(520.0, 380.0), 1000);
        assert!(tiling.side >= SMALLEST_SIDE);
        assert!(tiling.across as f32 * (tiling.side + GAP) <= 520.0);
    }

    #[test]
    fn no_room_is_no_panic() {
        assert!(tile(vec2(-5.0, 0.0), 128).across >= 1);
    }
}
