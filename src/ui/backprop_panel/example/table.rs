use super::LINE;
use crate::ui::theme;
use egui::{Align2, FontFamily, FontId, Rect, Role, ScrollArea, Sense, Ui, WidgetInfo, pos2, vec2};

/// One row: a name, its numbers as text, and a bar behind them.
pub struct Row {
    pub name: String,
    pub cells: Vec<String>,
    /// Length and sign of the bar, −1..=1.
    pub share: f32,
    pub chosen: bool,
}

/// A table of which only the visible rows are made, so that a layer of any size costs as little as a small one. Returns
/// the row that was clicked.
pub fn ui(
    ui: &mut Ui,
    id: &str,
    heading: &[&str],
    count: usize,
    row: impl Fn(usize) -> Row,
) -> Option<usize> {
    let names: Vec<String> = heading.iter().map(|name| (*name).to_owned()).collect();
    let first = Row {
        name: names.first().cloned().unwrap_or_default(),
        cells: names.iter().skip(1).cloned().collect(),
        share: 0.0,
        chosen: false,
    };
    let bar = ui.spacing().scroll.allocated_width();
    let heading_rect = {
        let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), LINE), Sense::hover());
        rect.with_max_x(rect.right() - bar)
    };
    let weak = theme::palette(ui).weak_text;
    write(ui, heading_rect, &first, weak);
    ui.spacing_mut().item_spacing.y = 0.0;
    let mut clicked = None;
    ScrollArea::vertical()
        .auto_shrink(false)
        .id_salt(id)
        .show_rows(ui, LINE, count, |ui, visible| {
            for index in visible {
                let row = row(index);
                if paint(ui, &row, &names) {
                    clicked = Some(index);
                }
            }
        });
    clicked
}

/// Paints a row; returns whether it was clicked.
fn paint(ui: &mut Ui, row: &Row, names: &[String]) -> bool {
    let palette = theme::palette(ui);
    let size = vec2(ui.available_width(), LINE);
    let (rect, response) = ui.allocate_exact_size(size, Sense::click());
    let named = names.iter().skip(1).zip(&row.cells);
    let numbers: Vec<String> = named.map(|(name, cell)| format!("{name} {cell}")).collect();
    let spoken = format!("{}: {}", row.name, numbers.join(", "));
    response.widget_info(|| WidgetInfo::selected(Role::Button, true, row.chosen, &spoken));
    let painter = ui.painter();
    if row.chosen || response.hovered() || response.has_focus() {
        painter.rect_filled(rect, 2.0, palette.outline.gamma_multiply(0.6));
    }
    if row.share != 0.0 && row.share.is_finite() {
        let length = rect.width() * row.share.abs().min(1.0);
        let bar = Rect::from_min_size(rect.min, vec2(length, rect.height()));
        let color = palette.diverging(row.share.signum()).gamma_multiply(0.26);
        painter.rect_filled(bar.shrink2(vec2(0.0, 1.0)), 2.0, color);
    }
    if row.chosen {
        let mark = Rect::from_min_size(rect.min, vec2(3.0, rect.height()));
        painter.rect_filled(mark, 0.0, palette.accent);
    }
    write(ui, rect, row, palette.text);
    response.clicked()
}

fn write(ui: &Ui, rect: Rect, row: &Row, color: egui::Color32) {
    let font = FontId::new(theme::SMALL_SIZE, FontFamily::Proportional);
    let painter = ui.painter();
    let left = pos2(rect.left() + 6.0, rect.center().y);
    painter.text(left, Align2::LEFT_CENTER, &row.name, font.clone(), color);
    let names = (rect.width() * 0.32).min(130.0);
    let room = rect.width() - names - 6.0;
    for (index, cell) in row.cells.iter().enumerate() {
        let share = (index + 1) as f32 / row.cells.len() as f32;
        let place = pos2(rect.left() + names + room * share, rect.center().y);
        painter.text(place, Align2::RIGHT_CENTER, cell, font.clone(), color);
    }
}

/// `value` as a part of `most`, for a bar.
pub fn share(value: f32, most: f32) -> f32 {
    if most > 0.0 { value / most } else { 0.0 }
}
