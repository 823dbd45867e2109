use super::GraphView;
use crate::app::{AppState, Settings};
use crate::ui::theme;
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable;

type Shown = Harness<'static, (AppState, GraphView)>;

fn shown(width: f32, height: f32) -> Shown {
    let (state, _) = AppState::new(Settings::default());
    let mut harness = Harness::builder()
        .with_size([width, height])
        .with_context_setup(theme::install)
        .build_ui_state(
            |ui, (state, view): &mut (AppState, GraphView)| {
                let mut commands = Vec::new();
                view.ui(ui, state, &mut commands);
                for command in commands {
                    state.handle(command);
                }
            },
            (state, GraphView::default()),
        );
    harness.run_steps(2);
    harness
}

fn click(harness: &mut Shown, label: &str) {
    harness.get_by_label(label).click();
    harness.run_steps(3);
}

fn type_expression(harness: &mut Shown, text: &str) {
    let field = harness.get_by_label("Expression f");
    field.focus();
    harness.run_steps(2);
    harness.key_press_modifiers(egui::Modifiers::COMMAND, egui::Key::A);
    harness.run_steps(1);
    harness.get_by_label("Expression f").type_text(text);
    harness.run_steps(3);
}

#[test]
fn the_graph_of_the_texts_is_there_with_its_values_and_derivatives() {
    let harness = shown(640.0, 400.0);
    harness.get_by_label_contains("f = 9. Above each wire");
    harness.get_by_label_contains("u₁ = x + y: u₁ = 3, ∂f/∂u₁ = +3");
}

#[test]
fn an_expression_can_be_typed_and_what_is_wrong_is_said_beneath() {
    let mut harness = shown(640.0, 400.0);
    type_expression(&mut harness, "x·x·3");
    harness.get_by_label_contains("x: x = 1, ∂f/∂x = +6");
    type_expression(&mut harness, "x·sin(x)");
    harness.get_by_label_contains("there is no function ‘sin’ here");
    harness.get_by_label_contains("The picture still shows x·x·3");
    type_expression(&mut harness, "log(0 − x)");
    harness.get_by_label_contains("log(−1) does not exist");
}

#[test]
fn known_expressions_are_a_press_away_and_their_numbers_can_be_changed() {
    let mut harness = shown(640.0, 400.0);
    click(&mut harness, "σ(w₀x₀ + w₁x₁ + b)");
    // σ(1) = 0.731, and σ(1)·(1 − σ(1)) = 0.197.
    harness.get_by_label_contains("f = 0.731. Above");
    harness.get_by_label_contains("b = −3, ∂f/∂b = +0.197");
    assert!(harness.query_all_by_label("Number w₀").next().is_some());
}

#[test]
fn the_way_back_is_walked_one_operation_at_a_time() {
    let mut harness = shown(640.0, 400.0);
    click(&mut harness, "One operation further back");
    harness.get_by_label_contains("0 of 2: at the end of the graph stands ∂f/∂f = 1");
    assert!(harness.query_by_label_contains("∂f/∂x").is_none());
    click(&mut harness, "One operation further back");
    harness.get_by_label_contains("1 of 2: ");
    harness.get_by_label_contains("∂f/∂u₁ = +3");
    assert!(harness.query_by_label_contains("∂f/∂x = +3").is_none());
    click(&mut harness, "One operation further back");
    harness.get_by_label_contains("∂f/∂x = +3");
    click(&mut harness, "All");
    harness.get_by_label_contains("2 operations");
}

#[test]
fn any_size_and_any_expression_are_painted_without_a_panic() {
    for (width, height) in [(60.0, 40.0), (300.0, 900.0), (1900.0, 1000.0)] {
        let mut harness = shown(width, height);
        for text in [
            "7",
            "x",
            "a_very_long_name^2",
            "((a + b)·(b + c) + (a − c)²)·log(a·b·c)",
        ] {
            let command = crate::app::WorldCommand::SetExpression {
                text: text.into(),
                numbers: Default::default(),
            };
            let state = &mut harness.state_mut().0;
            state.handle(crate::app::AppCommand::InSmallWorld(command));
            harness.run_steps(2);
        }
    }
}
