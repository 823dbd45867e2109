//! The network as columns of units that light up with the drawing, and one unit opened to its sum.

mod caption;
mod card;
mod choice;

mod diagram;
mod edges;
mod layout;
mod legend;
mod marks;
mod scene;

use crate::app::{AppCommand, AppState, ModelState, Reading};
use card::UnitCard;
use diagram::Diagram;
use egui::{Rect, Ui, UiBuilder, vec2};
use scene::Scene;

/// The layers of the network with their activations and strongest connections, and the sum of a chosen unit.
#[derive(Default)]
pub struct NetworkPanel {
    diagram: Diagram,
    card: UnitCard,
}

const LEGEND_HEIGHT: f32 = 40.0;
const GAP: f32 = 8.0;
/// Below this width the card stands under the diagram instead of beside it.
const NARROW: f32 = 560.0;

impl NetworkPanel {
    pub fn ui(&mut self, ui: &mut Ui, state: &AppState, _commands: &mut Vec<AppCommand>) {
        self.show(ui, &state.model, state.reading.as_ref());
    }

    fn show(&mut self, ui: &mut Ui, model: &ModelState, reading: Option<&Reading>) {
        let scene = Scene::new(model, reading);
        let area = ui.available_rect_before_wrap();
        let legend = area.with_min_y((area.bottom() - LEGEND_HEIGHT).max(area.top()));
        let body = area.with_max_y(legend.top() - GAP);
        let (diagram, card) = split(body);

        self.diagram.choice.keep_within(&scene);
        let opened = self.diagram.choice.chosen.or_else(|| scene.answer());
        let within_card = ui.scope_builder(UiBuilder::new().max_rect(card), |ui| {
            self.card
                .ui(ui, &scene, opened, self.diagram.choice.chosen.is_some())
        });
        self.diagram.choice.take(within_card.inner);
        ui.scope_builder(UiBuilder::new().max_rect(diagram), |ui| {
            self.diagram.ui(ui, &scene, diagram);
        });
        ui.scope_builder(UiBuilder::new().max_rect(legend), |ui| {
            legend::ui(ui, &scene);
        });
        ui.advance_cursor_after_rect(area);
    }
}

/// The places of the diagram and of the card. They depend on the size alone, so nothing moves when a unit is chosen.
fn split(body: Rect) -> (Rect, Rect) {
    if body.width() < NARROW {
        let middle = body.top() + body.height() * 0.55;
        (
            body.with_max_y(middle - GAP / 2.0),
            body.with_min_y(middle + GAP / 2.0),
        )
    } else {
        let width = (body.width() * 0.3).clamp(236.0, 330.0);
        let card = Rect::from_min_max(body.max - vec2(width, body.height()), body.max);
        (body.with_max_x(card.left() - 2.0 * GAP), card)
    }
}
