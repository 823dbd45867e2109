//! The path of training with the networks on it that have a name.

use super::path::Path;
use super::sheet::{Line, Sheet};
use crate::app::{AppState, grouped};
use egui::{Pos2, Rect, Shape, Stroke, vec2};

/// Names are put where nothing is `taken`.
pub fn paint(sheet: &Sheet<'_>, state: &AppState, path: &Path, taken: &mut Vec<Rect>) {
    let palette = sheet.palette;
    let places: Vec<Pos2> = path
        .places()
        .iter()
        .map(|placed| sheet.pos_from(placed.at))
        .collect();
    let line = Line {
        color: palette.positive,
        dash: None,
        width: 2.2,
    };
    sheet.line(&places, line);
    for place in &places {
        sheet.painter.circle_filled(*place, 2.2, palette.positive);
    }
    for (name, mark) in path.named() {
        // One outside the map needs no arrow: nothing happens there now.
        if sheet.frame.contains(mark.placed.at) {
            diamond(sheet, sheet.pos_from(mark.placed.at));
            let text = format!("{name}, step {}", grouped(mark.step));
            sheet.name(mark.placed.at, &text, palette.text, taken);
        }
    }
    paint_now(sheet, state, path, taken);
}

/// The present network.
pub fn paint_now(sheet: &Sheet<'_>, state: &AppState, path: &Path, taken: &mut Vec<Rect>) {
    let Some(now) = path.now() else {
        return;
    };
    let (at, palette) = (sheet.pos_from(now.at), sheet.palette);
    sheet.painter.circle_filled(at, 5.5, palette.panel);
    sheet.painter.circle_filled(at, 4.0, palette.positive);
    let text = format!("now, step {}", grouped(state.model.record.steps));
    sheet.name(now.at, &text, palette.text, taken);
}

fn diamond(sheet: &Sheet<'_>, at: Pos2) {
    let corners = [(0.0, -6.0), (6.0, 0.0), (0.0, 6.0), (-6.0, 0.0)];
    let points = corners.map(|(x, y)| at + vec2(x, y)).to_vec();
    let stroke = Stroke::new(2.0, sheet.palette.positive);
    let fill = sheet.palette.panel;
    sheet
        .painter
        .add(Shape::convex_polygon(points, fill, stroke));
}
