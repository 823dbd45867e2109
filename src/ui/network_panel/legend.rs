use super::edges::MOST_EDGES;
use super::scene::Scene;
use crate::ui::marks::{Batch, Marks, paint_edge, paint_ring};
use crate::ui::theme;
use egui::{Label, Rect, RichText, Role, Sense, Ui, WidgetInfo, vec2};

/// What lines, dashes and rings mean.
#[derive(Default)]
pub struct Legend {
    samples: [Marks; 4],
}

/// Of the rings, in points.
const RADIUS: f32 = 5.5;

impl Legend {
    pub fn ui(&mut self, ui: &mut Ui, scene: &Scene<'_>) {
        let palette = theme::palette(ui);
        let value = if scene.reading.is_some() { "w·a" } else { "w" };
        let line = |strength: f32| {
            move |batch: &mut Batch, rect: Rect| {
                let ends = [rect.left_center(), rect.right_center()];
                paint_edge(batch, palette, ends, strength, 0.8);
            }
        };
        let ring = |bias: f32| {
            move |batch: &mut Batch, rect: Rect| {
                paint_ring(batch, palette, rect.center(), RADIUS, bias);
            }
        };
        let [above, below, clockwise, counter_clockwise] = &mut self.samples;
        ui.spacing_mut().item_spacing = vec2(6.0, 2.0);
        ui.horizontal_wrapped(|ui| {
            entry(ui, above, &format!("{value} > 0"), line(1.0));
            entry(ui, below, &format!("{value} < 0, dashed"), line(-1.0));
            entry(ui, clockwise, "bias > 0, clockwise", ring(0.7));
            let text = "bias < 0, counter-clockwise";
            entry(ui, counter_clockwise, text, ring(-0.7));
            let count = format!(
                "The strongest of {} connections, {MOST_EDGES} at most; thicker is stronger",
                scene.connections()
            );
            let count = RichText::new(count).small().weak();
            ui.add(Label::new(count).extend());
        });
    }
}

fn entry(ui: &mut Ui, sample: &mut Marks, text: &str, put: impl FnOnce(&mut Batch, Rect)) {
    let (rect, response) = ui.allocate_exact_size(vec2(24.0, 14.0), Sense::hover());
    sample.paint(ui, rect, |batch| put(batch, rect));
    response.widget_info(|| WidgetInfo::labeled(Role::Image, true, text));
    ui.add(Label::new(RichText::new(text).small().weak()).extend());
    ui.add_space(8.0);
}
