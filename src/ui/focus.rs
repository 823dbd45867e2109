//! Where the keyboard is: a ring around the widget that was reached with Tab, the same around all of them.

use super::theme;
use egui::{Stroke, StrokeKind, Ui};

/// Paints the ring over what the panels have painted; widgets mark their focus faintly or not at all.
pub fn mark(ui: &Ui) {
    let Some(focused) = ui.memory(|memory| memory.focused()) else {
        return;
    };
    let Some(response) = ui.ctx().read_response(focused) else {
        return;
    };
    let painter = ui
        .ctx()
        .layer_painter(response.layer_id)
        .with_clip_rect(response.interact_rect.expand(3.0));
    painter.rect_stroke(
        response.rect.expand(1.0),
        6.0,
        Stroke::new(2.0, theme::palette(ui).text),
        StrokeKind::Middle,
    );
}
