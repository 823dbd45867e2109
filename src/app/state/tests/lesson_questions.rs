//! The right answers to the questions of lessons, worked out a second time from the maths core alone.

use super::{model, ready};
use crate::app::lessons::{Posed, Question};
use crate::app::{AppCommand, AppState, Effect, News, Origin, WorldCommand};
use crate::explain::{Chain, ChainPass, ChainPlace};
use crate::nn::{Gradients, Layer, Network, Workspace, backprop};
use crate::training::{Hyperparameters, Preset};
use ndarray::{Array2, ArrayView1, Axis};

/// A network of sigmoids with the quadratic cost, and a drawing with a label.
fn with_a_drawing() -> AppState {
    let mut state = ready();
    let hyperparameters = Hyperparameters {
        hidden_layers: vec![5, 4],
        seed: 7,
        learning_rate: 2.0,
        ..Preset::TwoSmallLayers.hyperparameters()
    };
    let network = hyperparameters.check().unwrap().fresh_network().unwrap();
    state.settings.hyperparameters = hyperparameters;
    state.model.replace(
        crate::model_file::Model {
            network,
            ..model("small", 4, 0)
        },
        Origin::Fresh,
    );
    state.handle(AppCommand::WritePracticeDigit);
    state.handle(AppCommand::SetLabel(Some(7)));
    state
}

fn right(state: &AppState, question: &str) -> (String, Posed) {
    let posed = Question::read(question).unwrap().posed(state).unwrap();
    (posed.choices[posed.right].clone(), posed)
}

fn input(state: &AppState) -> Array2<f32> {
    let input = state.examined().unwrap().input;
    ArrayView1::from(&input).insert_axis(Axis(0)).to_owned()
}

fn truth(label: usize) -> Array2<f32> {
    Array2::from_shape_fn(
        (1, 10),
        |(_, output)| if output == label { 1.0 } else { 0.0 },
    )
}

fn gradients(state: &AppState) -> Gradients {
    let network = &state.model.network;
    let mut workspace = Workspace::new(network, 1);
    backprop(
        network,
        input(state).view(),
        truth(7).view(),
        &mut workspace,
    );
    workspace.gradients
}

/// `w − η·∂C/∂w`, written out once more.
fn nudged(state: &AppState, eta: f32) -> Network {
    let gradients = gradients(state);
    let layers = state.model.network.layers().iter().enumerate();
    let moved = layers.map(|(l, layer)| Layer {
        weights: &layer.weights - &(&gradients.weights[l] * eta),
        biases: &layer.biases - &(&gradients.biases[l] * eta),
        activation: layer.activation,
    });
    Network::new(moved.collect(), state.model.network.cost()).unwrap()
}

fn largest(values: impl Iterator<Item = f32>) -> String {
    let values: Vec<f32> = values.collect();
    let mut places: Vec<usize> = (0..values.len()).collect();
    places.sort_by(|&a, &b| values[b].total_cmp(&values[a]));
    places[0].to_string()
}

#[test]
fn the_costliest_output_is_farthest_from_its_number() {
    let state = with_a_drawing();
    let outputs = state.model.network.forward(input(&state).view());
    let costs = outputs
        .iter()
        .zip(&truth(7))
        .map(|(a, y)| (a - y).powi(2))
        .collect::<Vec<_>>();
    assert_eq!(
        right(&state, "costliest output").0,
        largest(costs.into_iter())
    );
    // Only the label is below what it should be.
    assert_eq!(right(&state, "rising outputs").0, "1");
}

#[test]
fn weights_and_parameters_are_counted() {
    let state = with_a_drawing();
    assert_eq!(right(&state, "weights of layer 1").0, "3,920");
    assert_eq!(right(&state, "weights of layer 3").0, "40");
    // 784·5 + 5 + 5·4 + 4 + 4·10 + 10
    assert_eq!(right(&state, "parameters").0, "3,999");
    let no_layer = Question::read("weights of layer 4").unwrap().posed(&state);
    assert!(no_layer.unwrap_err().contains("has 3 layers"));
}

#[test]
fn silent_units_are_those_whose_activation_is_next_to_nothing() {
    let mut state = with_a_drawing();
    // Sigmoids of weights this small are about a half.
    assert_eq!(right(&state, "silent units of layer 1").0, "None");
    let mut layers = state.model.network.layers().to_vec();
    for unit in 0..3 {
        layers[0].biases[unit] = -200.0;
    }
    let network = Network::new(layers, state.model.network.cost()).unwrap();
    state.model.network = network.into();
    let (answer, posed) = right(&state, "silent units of layer 1");
    assert_eq!(answer, "Half or more");
    assert!(
        posed.because.starts_with("3 of the 5 units"),
        "{}",
        posed.because
    );
}

#[test]
fn a_nudge_moves_the_outputs_and_the_cost_as_gradient_descent_does() {
    let mut state = with_a_drawing();
    let (x, before) = (input(&state), state.model.network.clone());
    for eta in [0.5, 2.0, 5000.0] {
        state.settings.hyperparameters.learning_rate = eta;
        let after = nudged(&state, eta);
        let moves = &after.forward(x.view()) - &before.forward(x.view());
        let expected = largest(moves.iter().map(|by| by.abs()));
        assert_eq!(right(&state, "most moved output").0, expected, "η = {eta}");
        let cost = |network: &Network| network.mean_cost(x.view(), truth(7).view());
        let falls = cost(&after) < cost(&before);
        let expected = if falls { "It falls" } else { "It rises" };
        assert_eq!(
            right(&state, "cost after the nudge").0,
            expected,
            "η = {eta}"
        );
    }
    state.settings.hyperparameters.learning_rate = 1e-12;
    assert_eq!(right(&state, "cost after the nudge").0, "It stays as it is");
}

#[test]
fn gradients_have_the_shape_of_the_weights_and_are_faint_somewhere() {
    let state = with_a_drawing();
    assert_eq!(right(&state, "gradient shape of layer 1").0, "784 × 5");
    assert_eq!(right(&state, "gradient shape of layer 3").0, "4 × 10");
    let means = gradients(&state).weights.into_iter().map(|weights| {
        let sum: f32 = weights.iter().map(|slope| slope.abs()).sum();
        -sum / weights.len() as f32
    });
    let faintest: usize = largest(means).parse().unwrap();
    assert_eq!(
        right(&state, "faintest layer").0,
        (faintest + 1).to_string()
    );
}

#[test]
fn units_with_the_same_weights_are_one_kind() {
    let mut state = with_a_drawing();
    assert_eq!(right(&state, "different units of layer 1").0, "5");
    let mut layers = state.model.network.layers().to_vec();
    layers[0].weights.fill(0.25);
    layers[0].biases.fill(0.0);
    let network = Network::new(layers, state.model.network.cost()).unwrap();
    state.model.network = network.into();
    assert_eq!(right(&state, "different units of layer 1").0, "1");
}

#[test]
fn slopes_of_the_chain_are_those_of_small_differences() {
    let state = with_a_drawing();
    let chain = &state.worlds.chain.chain;
    let h = 1e-5;
    let cost = |change: &dyn Fn(&mut Chain, f64), by: f64| {
        let mut moved = chain.clone();
        change(&mut moved, by);
        let pass: ChainPass = moved.pass().unwrap();
        pass.cost
    };
    let slope = |change: &dyn Fn(&mut Chain, f64)| (cost(change, h) - cost(change, -h)) / (2.0 * h);
    for (question, change) in [
        (
            "chain slope of w1",
            &(|chain: &mut Chain, by| chain.links[0].weight += by) as &dyn Fn(&mut Chain, f64),
        ),
        ("chain slope of b2", &|chain, by| chain.links[1].bias += by),
        ("chain slope of x", &|chain, by| chain.input += by),
    ] {
        let expected = crate::explain::short((slope(change) * 1e6).round() / 1e6);
        assert_eq!(right(&state, question).0, expected, "{question}");
    }
    let too_far = Question::read("chain slope of w4").unwrap().posed(&state);
    assert!(too_far.unwrap_err().contains("too short"));
}

#[test]
fn a_step_of_the_chain_and_its_faintest_link_are_foreseen() {
    let mut state = with_a_drawing();
    let costs = |state: &AppState| *state.worlds.chain.costs.last().unwrap();
    for rate in [0.5, 60.0] {
        let rate = WorldCommand::SetChainLearningRate(rate);
        state.handle(AppCommand::InSmallWorld(rate));
        let (answer, _) = right(&state, "chain after one step");
        let before = costs(&state);
        state.handle(AppCommand::InSmallWorld(WorldCommand::StepChain));
        let falls = costs(&state) < before;
        assert_eq!(answer, if falls { "It falls" } else { "It rises" });
    }
    let pass = state.worlds.chain.chain.pass().unwrap();
    let sizes = (1..=3).map(|layer| -pass.slope(ChainPlace::Weight(layer)).abs() as f32);
    let faintest: usize = largest(sizes).parse().unwrap();
    assert_eq!(
        right(&state, "faintest link").0,
        format!("w{}", faintest + 1)
    );
}

#[test]
fn slopes_of_the_graph_are_those_of_the_texts() {
    // (x + y)·z at 1, 2, 3: ∂/∂x = z = 3 and ∂/∂z = x + y = 3.
    let state = with_a_drawing();
    assert_eq!(right(&state, "graph slope of x").0, "3");
    assert_eq!(right(&state, "graph slope of z").0, "3");
    let no_name = Question::read("graph slope of q").unwrap().posed(&state);
    assert!(no_name.unwrap_err().contains("There is no q"));
}

#[test]
fn digits_that_pull_against_the_mean_are_counted() {
    let mut state = with_a_drawing();
    let waits = Question::read("contrary digits").unwrap().posed(&state);
    assert!(waits.unwrap_err().contains("being worked out"));
    state.handle(AppCommand::SetNudgeBatch(8));
    for effect in state.handle(AppCommand::AverageNudges) {
        if let Effect::AverageNudges(work) = effect {
            state.receive(News::NudgesAveraged(work.average().map(Box::new)));
        }
    }
    let nudges = &state.averaged_nudges().unwrap().nudges.examples;
    let against = |nudge: &&crate::explain::Nudge| nudge.with_batch.unwrap() < 0.0;
    let count = nudges.iter().filter(against).count();
    let (_, posed) = right(&state, "contrary digits");
    let counted = format!("{count} of the {} gradients", nudges.len());
    assert!(posed.because.starts_with(&counted), "{}", posed.because);
}

#[test]
fn questions_about_a_drawing_wait_for_it_and_for_its_label() {
    let mut state = ready();
    let waits = |state: &AppState, question: &str| {
        let posed = Question::read(question).unwrap().posed(state);
        posed.unwrap_err()
    };
    for question in ["costliest output", "most moved output", "faintest layer"] {
        assert_eq!(waits(&state, question), "Draw a digit first");
    }
    state.handle(AppCommand::WritePracticeDigit);
    state.handle(AppCommand::SetLabel(None));
    assert!(waits(&state, "costliest output").contains("which digit you meant"));
}
