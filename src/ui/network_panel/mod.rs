//! The network as columns of units that light up with the drawing, and one unit opened to its sum.

mod caption;
mod card;
mod choice;
mod diagram;
pub(in crate::ui) mod edges;
pub(in crate::ui) mod layout;
mod legend;
mod scene;

use crate::app::{AppCommand, AppState};
use card::UnitCard;
use diagram::Diagram;
use egui::{Rect, Ui, UiBuilder, vec2};
use legend::Legend;
use scene::Scene;

/// The layers of the network with their activations and strongest connections, and the sum of a chosen unit.
#[derive(Default)]
pub struct NetworkPanel {
    diagram: Diagram,
    card: UnitCard,
    legend: Legend,
}

const LEGEND_HEIGHT: f32 = 40.0;
const GAP: f32 = 8.0;
/// Below this width the card stands under the diagram instead of beside it, where there is height for both.
const NARROW: f32 = 560.0;

impl NetworkPanel {
    pub fn ui(&mut self, ui: &mut Ui, state: &AppState, _commands: &mut Vec<AppCommand>) {
        let scene = Scene::new(&state.model, state.reading.as_ref());
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
            self.legend.ui(ui, &scene);
        });
        ui.advance_cursor_after_rect(area);
    }
}

/// The places of the diagram and of the card. They depend on the size alone, so nothing moves when a unit is chosen.
fn split(body: Rect) -> (Rect, Rect) {
    if body.width() < NARROW && body.height() > body.width() {
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

#[cfg(test)]
mod tests {
    use super::{NetworkPanel, split};
    use crate::app::{AppCommand, AppState, Origin, Settings};
    use crate::model_file::{Model, TrainingRecord};
    use crate::training::Hyperparameters;
    use crate::ui::theme;
    use egui::{Event, Key, Modifiers, PointerButton, Pos2, Rect, pos2, vec2};
    use egui_kittest::Harness;
    use egui_kittest::kittest::Queryable;

    struct Shown {
        panel: NetworkPanel,
        state: AppState,
        commands: Vec<AppCommand>,
    }

    fn fresh() -> Model {
        let network = Hyperparameters::default()
            .check()
            .unwrap()
            .fresh_network()
            .unwrap();
        Model {
            name: "Fresh".into(),
            network,
            record: TrainingRecord::default(),
            calibration: None,
        }
    }

    fn shown(width: f32, height: f32) -> Harness<'static, Shown> {
        let state = AppState::with_model(Settings::default(), fresh(), Origin::Fresh).0;
        Harness::builder()
            .with_size(vec2(width, height))
            .with_context_setup(theme::install)
            .build_ui_state(
                |ui, shown: &mut Shown| {
                    shown.panel.ui(ui, &shown.state, &mut shown.commands);
                },
                Shown {
                    panel: NetworkPanel::default(),
                    state,
                    commands: Vec::new(),
                },
            )
    }

    /// Writes a 1 on the pad.
    fn draw(harness: &mut Harness<'_, Shown>) {
        let state = &mut harness.state_mut().state;
        state.handle(AppCommand::PenDown {
            x: 140.0,
            y: 50.0,
            pressure: 1.0,
            erase: false,
        });
        for y in [110.0, 170.0, 230.0] {
            state.handle(AppCommand::PenMove {
                x: 140.0,
                y,
                pressure: 1.0,
            });
        }
        state.handle(AppCommand::PenUp);
        assert!(state.reading.is_some());
        harness.run();
    }

    fn click(harness: &mut Harness<'_, Shown>, pos: Pos2) {
        harness.hover_at(pos);
        harness.step();
        for pressed in [true, false] {
            harness.event(Event::PointerButton {
                pos,
                button: PointerButton::Primary,
                pressed,
                modifiers: Modifiers::NONE,
            });
            harness.step();
        }
        harness.remove_cursor();
        harness.run();
    }

    fn chosen_layer(harness: &Harness<'_, Shown>) -> Option<usize> {
        let choice = &harness.state().panel.diagram.choice;
        choice.chosen.map(|id| id.layer)
    }

    #[test]
    fn a_blank_pad_invites_to_draw() {
        let harness = shown(760.0, 450.0);
        harness.get_by_label("Draw a digit to see it think");
        harness.get_by_label_contains("200 at most");
    }

    #[test]
    fn a_drawing_opens_the_sum_of_the_answer() {
        let mut harness = shown(760.0, 450.0);
        draw(&mut harness);
        let answer = harness
            .state()
            .state
            .reading
            .as_ref()
            .map_or(0, |reading| reading.answer);
        harness.get_by_label(&format!("Output {answer}"));
        harness.get_by_label("the answer");
        harness.get_by_label_contains("z = Σ w·a + b");
        harness.get_by_label_contains("Bias: ");
        assert!(harness.state().commands.is_empty());
    }

    #[test]
    fn a_click_on_a_first_layer_unit_opens_its_pictures_and_close_closes_it() {
        let mut harness = shown(760.0, 450.0);
        draw(&mut harness);
        // The first column of units stands here at this size; which unit it is does not matter.
        let place = (60..330)
            .map(|x| pos2(x as f32, 190.0))
            .find(|&place| {
                harness.hover_at(place);
                harness.step();
                let hovered = harness.state().panel.diagram.choice.hovered;
                hovered.is_some_and(|id| id.layer == 1)
            })
            .unwrap();
        click(&mut harness, place);
        assert_eq!(chosen_layer(&harness), Some(1));
        harness.get_by_label("w: looks for, 28×28");
        harness.get_by_label("w·a: finds, 28×28");
        harness.get_by_label("Close").click();
        harness.run();
        harness.get_by_label("the answer");
        assert!(harness.query_by_label("Close").is_none());
    }

    #[test]
    fn the_keyboard_walks_through_the_units_and_opens_them() {
        let mut harness = shown(760.0, 450.0);
        draw(&mut harness);
        harness.get_by_label_contains("network").focus();
        harness.run();
        harness.key_press(Key::ArrowDown);
        harness.run();
        harness.key_press(Key::Enter);
        harness.run();
        harness.get_by_label("Output 1");
        harness.get_by_label("Close");
        harness.key_press(Key::ArrowLeft);
        harness.run();
        harness.key_press(Key::Enter);
        harness.run();
        assert_eq!(chosen_layer(&harness), Some(2));
        harness.key_press(Key::Escape);
        harness.run();
        harness.get_by_label("the answer");
    }

    #[test]
    fn the_card_stands_beside_the_diagram_unless_there_is_height_for_both() {
        let place = |width, height| split(Rect::from_min_size(Pos2::ZERO, vec2(width, height)));
        for (width, height) in [(540.0, 292.0), (980.0, 400.0)] {
            let (diagram, card) = place(width, height);
            assert!(diagram.right() < card.left() && card.height() == height);
            assert!(diagram.width() > 0.5 * width, "{diagram:?}");
        }
        let (diagram, card) = place(400.0, 700.0);
        assert!(diagram.bottom() < card.top() && card.width() == 400.0);
    }

    #[test]
    fn any_size_is_painted_without_a_panic() {
        for (width, height) in [(40.0, 30.0), (300.0, 900.0), (1400.0, 800.0)] {
            let mut harness = shown(width, height);
            draw(&mut harness);
        }
    }
}
