use super::ChainView;
use crate::app::{AppCommand, AppState, Settings, WorldCommand};
use crate::nn::Activation;
use crate::ui::theme;
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable;

type Shown = Harness<'static, (AppState, ChainView)>;

fn shown(width: f32, height: f32) -> Shown {
    let (state, _) = AppState::new(Settings::default());
    let mut harness = Harness::builder()
        .with_size([width, height])
        .with_context_setup(theme::install)
        .build_ui_state(
            |ui, (state, view): &mut (AppState, ChainView)| {
                let mut commands = Vec::new();
                view.ui(ui, state, &mut commands);
                for command in commands {
                    state.handle(command);
                }
            },
            (state, ChainView::default()),
        );
    harness.run_steps(2);
    harness
}

fn click(harness: &mut Shown, label: &str) {
    harness.get_by_label(label).click();
    harness.run_steps(3);
}

fn act(harness: &mut Shown, command: WorldCommand) {
    let state = &mut harness.state_mut().0;
    state.handle(AppCommand::InSmallWorld(command));
    harness.run_steps(2);
}

#[test]
fn every_derivative_stands_there_with_its_factors_and_numbers() {
    let harness = shown(640.0, 2000.0);
    // For each of three layers ∂a, ∂z, ∂w and ∂b, and ∂x and ∂y.
    let rows = harness.get_all_by_label_contains("∂C/∂").count();
    assert_eq!(rows, 14);
    harness.get_by_label_contains("∂C/∂w¹ = 2(a³ − y) · σ′(z³) · w³ · σ′(z²) · w² · σ′(z¹) · x = ");
}

#[test]
fn one_step_lowers_the_cost_and_the_start_can_be_had_again() {
    let mut harness = shown(640.0, 400.0);
    let start = harness.state().0.worlds.chain.clone();
    click(&mut harness, "One step");
    assert_eq!(harness.state().0.worlds.chain.steps(), 1);
    harness.get_by_label_contains("After 1 step: C went from ");
    harness.get_by_label_contains("Cost over 1 steps");
    click(&mut harness, "Back to the start");
    assert_eq!(harness.state().0.worlds.chain, start);
}

#[test]
fn a_run_makes_steps_until_it_is_stopped() {
    let mut harness = shown(640.0, 400.0);
    click(&mut harness, "Run");
    harness.run_steps(30);
    let walked = harness.state().0.worlds.chain.steps();
    assert!(walked > 3, "{walked}");
    click(&mut harness, "Stop");
    let stopped = harness.state().0.worlds.chain.steps();
    harness.run_steps(30);
    assert_eq!(harness.state().0.worlds.chain.steps(), stopped);
}

#[test]
fn the_number_of_layers_and_every_number_can_be_changed() {
    let mut harness = shown(640.0, 1000.0);
    click(&mut harness, "4 layers");
    assert_eq!(harness.state().0.worlds.chain.chain.links.len(), 4);
    for name in [
        "Learning rate of the chain",
        "Input of the chain",
        "Truth of the chain",
        "Weight of layer 4",
        "Bias of layer 4",
        "Activation of layer 4",
    ] {
        assert!(harness.query_all_by_label(name).next().is_some(), "{name}");
    }
    let before = harness.state().0.worlds.chain.chain.clone();
    let slider = harness
        .query_all_by_label("Weight of layer 1")
        .next()
        .unwrap();
    slider.focus();
    harness.run_steps(2);
    harness.key_press(egui::Key::ArrowRight);
    harness.run_steps(2);
    let after = harness.state().0.worlds.chain.chain.clone();
    assert!(after.links[0].weight > before.links[0].weight);
}

#[test]
fn a_derivative_is_chosen_by_keyboard_and_lights_its_places() {
    let mut harness = shown(640.0, 1200.0);
    harness.get_by_label_contains("∂C/∂w² = ").focus();
    harness.run_steps(2);
    harness.key_press(egui::Key::Enter);
    harness.run_steps(2);
    let chosen = harness.state().1.chosen;
    assert_eq!(chosen, Some(crate::explain::ChainPlace::Weight(2)));
    let (state, _) = harness.state();
    let pass = state.worlds.chain.chain.pass().unwrap();
    let lit = super::Lit::Derivative(crate::explain::ChainPlace::Weight(2));
    let lights = |place| lit.shows(place, Some(&pass));
    use crate::explain::ChainPlace as P;
    assert!(lights(P::Weight(2)) && lights(P::Weight(3)) && lights(P::Activation(1)));
    assert!(!lights(P::Weight(1)) && !lights(P::Bias(3)));
}

#[test]
fn a_dead_unit_and_a_leap_are_told() {
    let mut harness = shown(640.0, 400.0);
    let mut chain = harness.state().0.worlds.chain.chain.clone();
    for link in &mut chain.links {
        link.activation = Activation::Relu;
    }
    chain.links[1].bias = -4.0;
    chain.links[2].bias = 1.0;
    act(&mut harness, WorldCommand::SetChain(chain.clone()));
    harness.get_by_label_contains("σ′(z²) = 0: this ReLU is dead");
    for link in &mut chain.links {
        link.activation = Activation::Linear;
    }
    act(&mut harness, WorldCommand::SetChain(chain));
    act(&mut harness, WorldCommand::SetChainLearningRate(100.0));
    for _ in 0..8 {
        act(&mut harness, WorldCommand::StepChain);
    }
    harness.get_by_label_contains("make the learning rate smaller");
}

#[test]
fn any_size_is_painted_without_a_panic() {
    for (width, height) in [(60.0, 40.0), (300.0, 900.0), (1900.0, 1000.0)] {
        let mut harness = shown(width, height);
        act(&mut harness, WorldCommand::StepChain);
    }
}
