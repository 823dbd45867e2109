//! One drawing forward and back, step by step: the steps in a bar, the layers in a strip, the words and formulas of the
//! present step, and its numbers, a unit, a weight or the gradient check beside them.

mod bar;
mod check;
mod examination;
mod formula;
mod invitation;
mod nudge_row;
mod numbers;
mod strip;
mod table;
mod unit;
mod weight;
mod words;

use crate::app::{AppCommand, AppState, Detail};
use egui::{Rect, Ui, UiBuilder, pos2, vec2};
use examination::Examination;
use numbers::Numbers;
use strip::Strip;
use weight::WeightView;

/// One drawing forward and back, step by step.
#[derive(Default)]
pub struct ExamplePanel {
    examination: Option<Examination>,
    strip: Strip,
    numbers: Numbers,
    weight: WeightView,
}

const GAP: f32 = 12.0;

impl ExamplePanel {
    pub fn ui(&mut self, ui: &mut Ui, state: &AppState, commands: &mut Vec<AppCommand>) {
        let Self {
            examination,
            strip,
            numbers,
            weight,
        } = self;
        Examination::refresh(examination, ui, state);
        let Some(examination) = examination else {
            invitation::ui(ui, state, commands);
            return;
        };
        let step = examination.step(state);
        bar::ui(ui, state, examination, step, commands);
        let room = ui.available_rect_before_wrap();
        let bottom = room.bottom() - nudge_row::HEIGHT;
        let strip_height = (room.height() * 0.36).clamp(118.0, 260.0);
        let strip_rect = room.with_max_y(room.top() + strip_height);
        let below = Rect::from_min_max(
            pos2(room.left(), strip_rect.bottom() + 6.0),
            pos2(room.right(), bottom - 4.0),
        );
        let words_width = (room.width() * 0.36).clamp(214.0, 430.0);
        let words = below.with_max_x(below.left() + words_width);
        let detail = below.with_min_x(words.right() + GAP);

        strip.ui(ui, strip_rect, state, examination, step, commands);
        ui.scope_builder(UiBuilder::new().max_rect(words), |ui| {
            words::ui(ui, state, examination, step);
        });
        let lit = ui
            .scope_builder(UiBuilder::new().max_rect(detail), |ui| {
                details(ui, state, commands);
                match state.microscope.detail {
                    Detail::Numbers => {
                        numbers.ui(ui, state, examination, step, commands);
                        None
                    }
                    Detail::Unit => {
                        unit::ui(ui, state, examination, commands);
                        None
                    }
                    Detail::Weight => weight.ui(ui, state, examination, commands),
                    Detail::Check => {
                        check::ui(ui, state, examination, commands);
                        None
                    }
                }
            })
            .inner;
        strip.link(ui, lit);
        let row = Rect::from_min_max(pos2(room.left(), bottom), room.max);
        ui.scope_builder(UiBuilder::new().max_rect(row), |ui| {
            nudge_row::ui(ui, state, examination, commands);
        });
        ui.advance_cursor_after_rect(room);
    }
}

/// What can stand beside the words.
fn details(ui: &mut Ui, state: &AppState, commands: &mut Vec<AppCommand>) {
    ui.horizontal(|ui| {
        for detail in Detail::ALL {
            let shown = state.microscope.detail == detail;
            let response = ui.selectable_label(shown, detail.name());
            if response.on_hover_text(detail.tooltip()).clicked() {
                commands.push(AppCommand::ShowDetail(detail));
            }
        }
    });
}

/// Room for a line of small text.
const LINE: f32 = 16.0;

/// A piece of `rect` as wide as the share of it between `from` and `to`.
fn part(rect: Rect, from: f32, to: f32) -> Rect {
    Rect::from_min_size(
        rect.min + vec2(rect.width() * from, 0.0),
        vec2(rect.width() * (to - from), rect.height()),
    )
}

#[cfg(test)]
mod tests {
    use super::ExamplePanel;
    use crate::app::{AppCommand, AppState, Detail, Origin, Settings, StepMove};
    use crate::explain::{CodeForm, Step, UnitPlace};
    use crate::model_file::{Model, TrainingRecord};
    use crate::nn::{Activation, Cost};
    use crate::training::Hyperparameters;
    use crate::ui::theme;
    use egui::{Key, vec2};
    use egui_kittest::Harness;
    use egui_kittest::kittest::Queryable;

    type Shown = Harness<'static, (ExamplePanel, AppState)>;

    fn state(hyperparameters: &Hyperparameters) -> AppState {
        let model = Model {
            name: "Small".into(),
            network: hyperparameters.check().unwrap().fresh_network().unwrap(),
            record: TrainingRecord::default(),
            calibration: None,
        };
        AppState::with_model(Settings::default(), model, Origin::Fresh).0
    }

    fn small() -> Hyperparameters {
        Hyperparameters {
            hidden_layers: vec![6, 5],
            learning_rate: 0.1,
            ..Hyperparameters::default()
        }
    }

    fn shown_with(hyperparameters: &Hyperparameters, width: f32, height: f32) -> Shown {
        Harness::builder()
            .with_size(vec2(width, height))
            .with_context_setup(theme::install)
            .build_ui_state(
                |ui, (panel, state): &mut (ExamplePanel, AppState)| {
                    let mut commands = Vec::new();
                    panel.ui(ui, state, &mut commands);
                    for command in commands {
                        state.handle(command);
                    }
                },
                (ExamplePanel::default(), state(hyperparameters)),
            )
    }

    fn shown() -> Shown {
        let mut harness = shown_with(&small(), 900.0, 480.0);
        give(&mut harness, AppCommand::WritePracticeDigit);
        harness
    }

    fn give(harness: &mut Shown, command: AppCommand) {
        harness.state_mut().1.handle(command);
        harness.run_steps(2);
    }

    fn press(harness: &mut Shown, label: &str) {
        harness.get_by_label(label).click();
        harness.run_steps(2);
    }

    #[test]
    fn a_blank_pad_invites_and_a_digit_without_a_label_is_asked_for_it() {
        let mut harness = shown_with(&small(), 700.0, 400.0);
        harness.run_steps(2);
        harness.get_by_label_contains("Draw a digit on the pad");
        press(&mut harness, "Write a practice digit");
        harness.get_by_label_contains("The drawing is a row of 784 numbers");
        give(&mut harness, AppCommand::SetLabel(None));
        harness.get_by_label_contains("Which digit is this meant to be?");
        press(&mut harness, "4");
        assert_eq!(harness.state().1.pad.drawing.label, Some(4));
        harness.get_by_label_contains("The drawing is a row of 784 numbers");
    }

    #[test]
    fn the_buttons_go_through_all_steps_and_back() {
        let mut harness = shown();
        let steps = harness.state().1.examined_steps();
        for step in &steps[1..] {
            press(&mut harness, "Next step");
            assert_eq!(harness.state().1.examined_step(), *step);
        }
        press(&mut harness, "First step");
        assert_eq!(harness.state().1.examined_step(), Step::Input);
        press(&mut harness, "Step 5: C: the cost");
        assert_eq!(harness.state().1.examined_step(), Step::Cost);
        press(&mut harness, "Step back");
        assert_eq!(
            harness.state().1.examined_step(),
            Step::Forward { layer: 3 }
        );
    }

    #[test]
    fn every_step_and_detail_is_painted_in_every_size_for_every_kind_of_network() {
        let kinds = [
            (
                Activation::Relu,
                Activation::Softmax,
                Cost::CrossEntropy,
                vec![6, 5],
            ),
            (
                Activation::Sigmoid,
                Activation::Sigmoid,
                Cost::Quadratic,
                vec![4],
            ),
            (
                Activation::Tanh,
                Activation::Softmax,
                Cost::Quadratic,
                vec![],
            ),
        ];
        for (hidden_activation, output_activation, cost, hidden_layers) in kinds {
            let hyperparameters = Hyperparameters {
                hidden_layers,
                hidden_activation,
                output_activation,
                cost,
                ..Hyperparameters::default()
            };
            for (width, height) in [(540.0, 300.0), (1400.0, 760.0)] {
                let mut harness = shown_with(&hyperparameters, width, height);
                give(&mut harness, AppCommand::WritePracticeDigit);
                for (index, step) in harness.state().1.examined_steps().into_iter().enumerate() {
                    let detail = Detail::ALL[index % 4];
                    let form = CodeForm::ALL[index % 2];
                    give(&mut harness, AppCommand::MoveStep(StepMove::To(step)));
                    give(&mut harness, AppCommand::ShowCode(Some(form)));
                    give(&mut harness, AppCommand::ShowDetail(detail));
                    give(&mut harness, AppCommand::ShowDetail(Detail::Numbers));
                    harness.get_by_label_contains("The layers at the step");
                }
            }
        }
    }

    #[test]
    fn a_row_opens_its_unit_with_ways_to_raise_it_and_the_wishes_for_it() {
        let mut harness = shown();
        let forward = Step::Forward { layer: 2 };
        give(&mut harness, AppCommand::MoveStep(StepMove::To(forward)));
        harness.get_by_label_contains("unit 3: ").click();
        harness.run_steps(2);
        let place = UnitPlace { layer: 2, unit: 3 };
        assert_eq!(harness.state().1.examined_unit(), place);
        harness.get_by_label("Its weights, strongest first");
        harness.get_by_label("Activations before it");
        harness.get_by_label("What each output wishes of it");
    }

    #[test]
    fn a_weight_is_found_by_its_name_and_what_is_no_name_is_explained() {
        let mut harness = shown();
        give(&mut harness, AppCommand::ShowDetail(Detail::Weight));
        harness.get_by_label("Search a weight").focus();
        harness.run_steps(2);
        harness
            .get_by_label("Search a weight")
            .type_text("W2[17,4]");
        harness.run_steps(2);
        press(&mut harness, "Find");
        harness.get_by_label_contains("W2 goes from units 0 to 5");
        give(
            &mut harness,
            AppCommand::ChooseParameter("W2[3,4]".parse().unwrap()),
        );
        harness.get_by_label("W2[3,4]");
        harness.get_by_label_contains("∂C/∂w = ");
        harness.get_by_label_contains("The cost around W2[3,4]");
        harness.get_by_label_contains("relative error");
        // The factor leads to the step that found it.
        let mut factors = harness.query_all_by_label_contains("the activation of unit 3");
        factors.next().expect("a factor").click();
        drop(factors);
        harness.run_steps(2);
        let step = harness.state().1.examined_step();
        assert_eq!(step, Step::Forward { layer: 1 });
    }

    #[test]
    fn a_nudge_says_what_was_promised_and_what_happened_and_is_undone() {
        let mut harness = shown();
        press(&mut harness, "Apply this nudge");
        harness.get_by_label_contains("promised");
        assert!(harness.state().1.model.unsaved);
        press(&mut harness, "Undo the nudge");
        assert!(!harness.state().1.model.unsaved);
    }

    #[test]
    fn nothing_is_made_anew_while_nothing_changes() {
        let mut harness = shown();
        let serial = |harness: &Shown| {
            harness
                .state()
                .0
                .examination
                .as_ref()
                .map(|made| made.serial)
        };
        let before = serial(&harness);
        harness.run_steps(5);
        assert_eq!(serial(&harness), before);
        press(&mut harness, "Apply this nudge");
        assert_eq!(serial(&harness), before.map(|serial| serial + 1));
    }

    #[test]
    fn the_strip_is_walked_with_the_arrow_keys() {
        let mut harness = shown();
        harness
            .get_by_label_contains("The layers at the step")
            .focus();
        harness.run_steps(2);
        let before = harness.state().1.examined_unit();
        harness.key_press(Key::ArrowLeft);
        harness.run_steps(2);
        harness.key_press(Key::ArrowUp);
        harness.run_steps(2);
        let place = harness.state().1.examined_unit();
        assert_eq!(place.layer, before.layer - 1);
        assert_eq!(harness.state().1.microscope.detail, Detail::Unit);
    }
}
