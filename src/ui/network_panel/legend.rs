use super::edges::MOST_EDGES;
use super::marks::{paint_edge, paint_ring};
use super::scene::Scene;
use crate::ui::theme;
use egui::{Label, Rect, RichText, Role, Sense, Ui, WidgetInfo, vec2};

/// What lines, dashes and rings mean.
pub fn ui(ui: &mut Ui, scene: &Scene<'_>) {
    let value = if scene.reading.is_some() { "w·a" } else { "w" };
    ui.spacing_mut().item_spacing = vec2(6.0, 2.0);
    ui.horizontal_wrapped(|ui| {
        entry(ui, &format!("{value} > 0"), |ui, rect| {
            let ends = [rect.left_center(), rect.right_center()];
            paint_edge(ui.painter(), theme::palette(ui), ends, 1.0, 0.8);
        });
        entry(ui, &format!("{value} < 0, dashed"), |ui, rect| {
            let ends = [rect.left_center(), rect.right_center()];
            paint_edge(ui.painter(), theme::palette(ui), ends, -1.0, 0.8);
        });
        entry(ui, "bias > 0, clockwise", |ui, rect| {
            paint_ring(ui.painter(), theme::palette(ui), rect.center(), 5.5, 0.7);
        });
        entry(ui, "bias < 0, counter-clockwise", |ui, rect| {
            paint_ring(ui.painter(), theme::palette(ui), rect.center(), 5.5, -0.7);
        });
        let count = format!(
            "The strongest of {} connections, {MOST_EDGES} at most; thicker is stronger",
            scene.connections()
        );
        let count = RichText::new(count).small().weak();
        ui.add(Label::new(count).extend());
    });
}

fn entry(ui: &mut Ui, text: &str, paint: impl FnOnce(&Ui, Rect)) {
    let (rect, response) = ui.allocate_exact_size(vec2(24.0, 14.0), Sense::hover());
    paint(ui, rect);
    response.widget_info(|| WidgetInfo::labeled(Role::Image, true, text));
    ui.add(Label::new(RichText::new(text).small().weak()).extend());
    ui.add_space(8.0);
}
