use super::layout::Column;
use super::scene::Scene;
use crate::ink::SIDE;
use crate::ui::{number, theme};
use egui::{Align2, FontSelection, Mesh, Rect, TextStyle, Ui, pos2, vec2};

/// Height above the columns that captions take.
pub const ABOVE: f32 = 40.0;
/// Height below them, for the range of the colours.
pub const BELOW: f32 = 34.0;

/// Between the bar of colours and the numbers at its ends.
const GAP: f32 = 4.0;
/// The bar of colours: a little of it is enough, but it has to be seen.
const SHORTEST_BAR: f32 = 8.0;
const LONGEST_BAR: f32 = 26.0;

/// Writes what a layer is above its column and the range of its colours below.
/// `room` is the width that is its own.
pub fn paint(ui: &Ui, scene: &Scene<'_>, layer: usize, column: &Column, area: Rect, room: f32) {
    let palette = theme::palette(ui);
    let painter = ui.painter();
    let strong = FontSelection::from(TextStyle::Body).resolve(ui.style());
    let small = TextStyle::Small.resolve(ui.style());
    // The first caption begins at the left edge of the area, the others are centred on their column.
    let centre = column.rect.center().x;
    let line = |y: f32, text: String, font: &egui::FontId, colour| {
        let galley = painter.layout_no_wrap(text, font.clone(), colour);
        let half = galley.size().x / 2.0;
        let x = centre.clamp(
            area.left() + half,
            (area.right() - half).max(area.left() + half),
        );
        painter.galley(pos2(x - half, y), galley, colour);
    };

    let width = |text: &str, font: &egui::FontId| {
        let galley = painter.layout_no_wrap(text.to_owned(), font.clone(), palette.text);
        galley.size().x
    };
    // The longest wording that does not run into the neighbours'.
    let fitting = |wordings: [String; 2], font: &egui::FontId| {
        let [long, short] = wordings;
        if width(&long, font) <= room {
            long
        } else {
            short
        }
    };

    let text = fitting([title(scene, layer), size_text(scene, layer)], &strong);
    line(area.top(), text, &strong, palette.text);
    let text = fitting(
        [
            parameters(scene, layer, true),
            parameters(scene, layer, false),
        ],
        &small,
    );
    let second = area.top() + strong.size + 6.0;
    if width(&text, &small) <= room {
        line(second, text, &small, palette.weak_text);
    }

    let mut below = area.bottom() - BELOW + 6.0;
    if let Some(shown) = column.shown_of_more() {
        let shown = number::grouped(shown.len());
        let total = number::grouped(column.total);
        let text = fitting(
            [
                format!("showing {shown} of {total}"),
                format!("{shown} of {total}"),
            ],
            &small,
        );
        line(below, text, &small, palette.warning);
        below += small.size + 3.0;
    }
    if let Some((low, high)) = scene.range(layer) {
        let (low, high) = (number::short(low), number::short(high));
        let (low_width, high_width) = (width(&low, &small), width(&high, &small));
        let beside = low_width + high_width + 2.0 * GAP;
        let numbers_fit = SHORTEST_BAR + beside <= room;
        let beside = if numbers_fit { beside } else { 0.0 };
        let bar_width = (room - beside).clamp(SHORTEST_BAR, LONGEST_BAR);
        // The numbers and the bar between them are centred together: one of them may be much longer.
        let mut left = centre - (bar_width + beside) / 2.0;
        if numbers_fit {
            left += low_width + GAP;
        }
        let middle = below + small.size / 2.0 + 1.0;
        let bar = Rect::from_min_size(pos2(left, middle - 3.5), vec2(bar_width, 7.0));
        let mut mesh = Mesh::default();
        let steps = 17;
        let step = bar.width() / steps as f32;
        for index in 0..steps {
            let left = bar.left() + step * index as f32;
            let cell = Rect::from_x_y_ranges(left..=left + step, bar.y_range());
            mesh.add_colored_rect(cell, palette.sequential(index as f32 / (steps - 1) as f32));
        }
        painter.add(mesh);
        crate::ui::heatmap::outline(painter, bar, palette);
        if !numbers_fit {
            return;
        }
        let ends = [
            (
                bar.left_center() - vec2(GAP, 0.0),
                Align2::RIGHT_CENTER,
                low,
            ),
            (
                bar.right_center() + vec2(GAP, 0.0),
                Align2::LEFT_CENTER,
                high,
            ),
        ];
        for (place, anchor, value) in ends {
            painter.text(place, anchor, value, small.clone(), palette.weak_text);
        }
    }
}

/// "784 inputs", "128 ReLU", "10 softmax".
fn title(scene: &Scene<'_>, layer: usize) -> String {
    let size = size_text(scene, layer);
    match scene.function(layer) {
        None => format!("{size} inputs"),
        Some(function) => format!("{size} {}", function.label()),
    }
}

fn size_text(scene: &Scene<'_>, layer: usize) -> String {
    number::grouped(scene.sizes.get(layer).copied().unwrap_or(0))
}

/// "784·128 + 128 = 100,480", or the sum alone.
fn parameters(scene: &Scene<'_>, layer: usize, in_full: bool) -> String {
    let size = |layer: usize| scene.sizes.get(layer).copied().unwrap_or(0);
    let Some(before) = layer.checked_sub(1) else {
        return if size(0) == SIDE * SIDE {
            format!("{SIDE} × {SIDE} cells")
        } else {
            String::new()
        };
    };
    let (inputs, units) = (size(before), size(layer));
    let sum = number::grouped(inputs * units + units);
    if in_full {
        format!("{inputs}·{units} + {units} = {sum}")
    } else {
        sum
    }
}
