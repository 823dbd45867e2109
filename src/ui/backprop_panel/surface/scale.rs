//! The printed scale of the map: its colours with the costs beneath.

use super::contours::cost_text;
use crate::explain::{Surface, log_cost};
use crate::ui::heatmap::outline;
use crate::ui::{number, theme};
use egui::{Align2, FontId, Mesh, Rect, Role, Sense, Stroke, Ui, WidgetInfo, pos2, vec2};

const BAR: f32 = 10.0;
const STRIPES: usize = 96;

pub fn show(ui: &mut Ui, surface: &Surface) {
    let palette = theme::palette(ui);
    let font = FontId::proportional(theme::SMALL_SIZE);
    let size = vec2(ui.available_width(), BAR + font.size + 5.0);
    let (rect, response) = ui.allocate_exact_size(size, Sense::hover());
    let [lowest, highest] = surface.grid.range().unwrap_or_default();
    let name = format!(
        "Mean cost of {} training digits, logarithmic: from {} to {}",
        surface.slice.sample.count,
        number::short(lowest),
        number::short(highest)
    );
    response.widget_info(|| WidgetInfo::labeled(Role::Image, true, &name));
    response.on_hover_text(&name);

    let bar = Rect::from_min_size(rect.min, vec2(rect.width(), BAR));
    let mut mesh = Mesh::default();
    for stripe in 0..STRIPES {
        let at = |stripe: usize| bar.left() + bar.width() * stripe as f32 / STRIPES as f32;
        let cell = Rect::from_x_y_ranges(at(stripe)..=at(stripe + 1), bar.y_range());
        mesh.add_colored_rect(cell, palette.height((stripe as f32 + 0.5) / STRIPES as f32));
    }
    let painter = ui.painter();
    painter.add(mesh);
    outline(painter, bar, palette);

    let (low, high) = (log_cost(lowest), log_cost(highest));
    let text = |x: f32, anchor: Align2, text: String| {
        painter.text(
            pos2(x, bar.bottom() + 3.0),
            anchor,
            text,
            font.clone(),
            palette.weak_text,
        )
    };
    let first = text(
        bar.left(),
        Align2::LEFT_TOP,
        format!("cost {}", number::short(lowest)),
    );
    let last = text(bar.right(), Align2::RIGHT_TOP, number::short(highest));
    let mut free_from = first.right() + 8.0;
    for level in crate::explain::contour_levels(lowest, highest) {
        let x = bar.left() + bar.width() * (log_cost(level) - low) / (high - low);
        let label = cost_text(level);
        let width = painter
            .layout_no_wrap(label.clone(), font.clone(), palette.weak_text)
            .size()
            .x;
        painter.line_segment(
            [pos2(x, bar.top()), pos2(x, bar.bottom())],
            Stroke::new(1.0, palette.text.gamma_multiply(0.42)),
        );
        if x - width / 2.0 >= free_from && x + width / 2.0 + 8.0 <= last.left() {
            text(x, Align2::CENTER_TOP, label);
            free_from = x + width / 2.0 + 8.0;
        }
    }
}
