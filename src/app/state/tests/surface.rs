use super::{digits, model, paused, progress, question_buttons, ready, trained};
use crate::app::{AppCommand, AppState, Effect, JobKind, News, Origin, Phase};
use crate::explain::{PlaneKind, SliceRequest, draw_surface};
use crate::nn::{Evaluation, Network};
use crate::training::{Event, Snapshot};
use std::ops::ControlFlow;
use std::sync::Arc;

const RANDOM: PlaneKind = PlaneKind::Random { seed: 1 };

/// What the performer is asked for.
fn asked(effects: &[Effect]) -> (u64, &SliceRequest) {
    let found = effects.iter().find_map(|effect| match effect {
        Effect::DrawSurface { job, request } => Some((*job, &**request)),
        _ => None,
    });
    found.expect("a surface is asked for")
}

/// Draws the coarsest map, as the performer would, and leaves it at that.
fn draw(state: &mut AppState, kind: PlaneKind) {
    let effects = state.handle(AppCommand::DrawSurface(Some(kind)));
    let (job, request) = asked(&effects);
    let mut news = Vec::new();
    let _ = draw_surface(request, &mut |fraction, surface| {
        if surface.is_none() {
            return ControlFlow::Continue(());
        }
        news.push(News::SurfaceRefined {
            job,
            fraction,
            surface,
        });
        ControlFlow::Break(())
    });
    for news in news {
        state.receive(news);
    }
    let result = Ok(());
    state.receive(News::SurfaceDrawn { job, result });
}

/// A snapshot of a network with this first bias.
fn snapshot(state: &mut AppState, step: u64, bias: f32) -> Arc<Network> {
    let mut layers = model("next", 4, 0).network.layers().to_vec();
    layers[0].biases[0] = bias;
    layers[1].biases[0] = bias * bias;
    let cost = model("next", 4, 0).network.cost();
    let network = Arc::new(Network::new(layers, cost).unwrap());
    state.receive(News::Snapshot(Arc::new(Snapshot {
        network: Arc::clone(&network),
        gradients: None,
        step,
        epoch: 0.1,
    })));
    network
}

fn steps(state: &AppState) -> Vec<u64> {
    let places = state.surface.path.places().iter();
    places.map(|place| place.step).collect()
}

#[test]
fn the_path_begins_with_the_first_weights_and_follows_the_snapshots() {
    let mut state = trained(3);
    snapshot(&mut state, 8, 0.5);
    assert_eq!(steps(&state), [0, 3, 8]);
    assert!(Arc::ptr_eq(
        &state.surface.path.places()[0].network,
        &state.model.initial
    ));
    // Nothing that leaves the weights alone makes a place.
    state.handle(AppCommand::WritePracticeDigit);
    paused(&mut state, 8);
    assert_eq!(steps(&state), [0, 3, 8]);
}

#[test]
fn another_network_begins_another_path_and_has_no_map_yet() {
    let mut state = trained(3);
    draw(&mut state, RANDOM);
    state.handle(AppCommand::NewNetwork);
    assert_eq!(steps(&state), [0]);
    assert!(state.surface.drawn.is_none() && state.surface.chosen.is_none());
}

#[test]
fn resetting_the_weights_leads_back_to_the_beginning_of_the_path_on_the_same_map() {
    let mut state = trained(3);
    draw(&mut state, RANDOM);
    state.handle(AppCommand::ResetWeights);
    assert_eq!(steps(&state), [0]);
    assert!(state.surface.drawn.is_some());
}

#[test]
fn the_best_network_is_the_one_with_the_lowest_validation_cost() {
    let mut state = trained(3);
    for (step, cost_sum) in [(8, 5.0), (9, 3.0), (10, 4.0)] {
        let network = snapshot(&mut state, step, step as f32);
        let mut evaluation = Evaluation::new(10);
        evaluation.confusion[[1, 1]] = 10;
        evaluation.cost_sum = cost_sum;
        state.receive(News::Training(Event::Validated {
            step,
            epoch: 0.1,
            evaluation,
            network,
        }));
    }
    let best = state.surface.path.best().unwrap();
    assert_eq!((best.step, best.cost), (9, 0.3));
}

#[test]
fn a_map_is_drawn_around_the_present_network_and_kept_while_it_learns_on() {
    let mut state = trained(3);
    draw(&mut state, RANDOM);
    assert!(state.jobs.is_empty());
    snapshot(&mut state, 8, 0.5);
    let drawn = state.surface.drawn.as_ref().unwrap();
    assert_eq!(drawn.slice.step, 3);
    assert_eq!(state.surface.chosen, Some(RANDOM));
    // Around the frozen copy, while one is looked at.
    state.handle(AppCommand::FreezeNetwork);
    snapshot(&mut state, 20, 0.7);
    let effects = state.handle(AppCommand::DrawSurface(None));
    let (_, request) = asked(&effects);
    assert_eq!((request.step, request.kind), (8, RANDOM));
    assert!(Arc::ptr_eq(&request.network, state.examined_network()));
}

#[test]
fn planes_of_the_path_wait_for_one_and_are_what_suits_when_there_is_one() {
    let mut state = ready();
    assert_eq!(state.surface.kind(), RANDOM);
    for kind in [PlaneKind::Principal, PlaneKind::ThreeNetworks] {
        let command = AppCommand::DrawSurface(Some(kind));
        assert!(command.enabled(&state).is_err());
        assert!(state.handle(command).is_empty());
    }
    let mut state = trained(3);
    snapshot(&mut state, 8, 0.5);
    assert_eq!(state.surface.kind(), PlaneKind::Principal);
    let effects = state.handle(AppCommand::DrawSurface(None));
    assert_eq!(asked(&effects).1.kind, PlaneKind::Principal);
}

#[test]
fn a_second_drawing_takes_the_place_of_the_first_and_late_news_are_ignored() {
    let mut state = ready();
    let first = state.handle(AppCommand::DrawSurface(Some(RANDOM)));
    let (first, request) = asked(&first);
    let effects = state.handle(AppCommand::DrawSurface(Some(PlaneKind::Random { seed: 2 })));
    assert!(
        effects
            .iter()
            .any(|effect| matches!(effect, Effect::CancelJob { job } if *job == first))
    );
    let mut late = None;
    let _ = draw_surface(request, &mut |_, surface| {
        let is_there = surface.is_some();
        late = surface;
        match is_there {
            true => ControlFlow::Break(()),
            false => ControlFlow::Continue(()),
        }
    });
    state.receive(News::SurfaceRefined {
        job: first,
        fraction: 0.5,
        surface: late,
    });
    assert!(state.surface.drawn.is_none());
}

#[test]
fn stopping_keeps_what_is_drawn_and_asks_for_nothing_more() {
    let mut state = ready();
    draw(&mut state, RANDOM);
    state.handle(AppCommand::DrawSurface(None));
    let job = state
        .jobs
        .iter()
        .find(|job| job.kind == JobKind::DrawSurface);
    let id = job.unwrap().id;
    state.handle(AppCommand::CancelJob { id });
    assert!(state.surface.drawn.is_some());
    assert!(state.surface.error.is_some());
}

#[test]
fn the_ball_stays_on_the_map() {
    let mut state = ready();
    state.handle(AppCommand::MoveBall { at: [0.5, 0.5] });
    assert_eq!(state.surface.ball, [0.0, 0.0]);
    draw(&mut state, RANDOM);
    state.handle(AppCommand::MoveBall { at: [0.5, -7.0] });
    assert_eq!(state.surface.ball, [0.5, -1.0]);
    state.handle(AppCommand::MoveBall {
        at: [f32::NAN, 0.0],
    });
    assert_eq!(state.surface.ball, [0.5, -1.0]);
}

#[test]
fn the_network_under_the_ball_is_taken_and_can_be_given_back() {
    let mut state = trained(20);
    draw(&mut state, RANDOM);
    assert_eq!(
        AppCommand::PutNetworkHere.enabled(&state),
        Err("Training is running: pause it first")
    );
    state.handle(AppCommand::PlayPause);
    paused(&mut state, 20);
    let before = state.model.clone();
    let path = steps(&state);
    state.handle(AppCommand::MoveBall { at: [0.25, -0.5] });
    state.handle(AppCommand::PutNetworkHere);
    let drawn = state.surface.drawn.clone().unwrap();
    let expected = drawn.slice.plane.network_at([0.25, -0.5]).unwrap();
    assert_eq!(*state.model.network, expected);
    assert!(state.model.unsaved && state.model.calibration.is_none());
    assert_eq!(state.model.record.test_accuracy, None);
    assert!(
        state
            .model
            .record
            .data
            .ends_with("moved by hand on the cost surface")
    );
    assert_eq!(state.runs.phase, Phase::Idle);
    // The map goes on to hold, and the path begins where the ball lies.
    assert_eq!(state.surface.ball, [0.25, -0.5]);
    let placed = drawn.slice.plane.place(&state.model.network).unwrap();
    assert!((placed.at[0] - 0.25).abs() < 1e-4 && (placed.at[1] + 0.5).abs() < 1e-4);
    assert_eq!(state.surface.path.places().len(), 1);

    state.handle(AppCommand::PutNetworkBack);
    assert!(Arc::ptr_eq(&state.model.network, &before.network));
    assert_eq!(state.model.record, before.record);
    assert_eq!(steps(&state), path);
    assert!(AppCommand::PutNetworkBack.enabled(&state).is_err());
}

#[test]
fn taking_the_network_asks_first_where_much_training_is_in_no_file() {
    let mut state = trained(500);
    draw(&mut state, RANDOM);
    state.handle(AppCommand::PlayPause);
    paused(&mut state, 500);
    let before = Arc::clone(&state.model.network);
    state.handle(AppCommand::MoveBall { at: [0.25, 0.0] });
    state.handle(AppCommand::PutNetworkHere);
    assert_eq!(question_buttons(&state), ["Save", "Don't save", "Cancel"]);
    state.handle(AppCommand::Answer { button: 2 });
    assert!(Arc::ptr_eq(&state.model.network, &before));
    state.handle(AppCommand::PutNetworkHere);
    state.handle(AppCommand::Answer { button: 1 });
    assert!(!Arc::ptr_eq(&state.model.network, &before));
}

#[test]
fn a_bundled_network_that_is_moved_is_bundled_no_more() {
    let mut state = ready();
    draw(&mut state, RANDOM);
    state.handle(AppCommand::MoveBall { at: [0.5, 0.5] });
    state.handle(AppCommand::PutNetworkHere);
    assert_eq!(state.model.origin, Origin::Fresh);
    // Another model has nothing to give way to.
    state.receive(News::ModelOpened {
        path: "other.json".into(),
        result: Ok(Box::new(model("other", 8, 0))),
    });
    assert_eq!(state.model.name, "other");
    assert!(state.handle(AppCommand::PutNetworkBack).is_empty());
}

#[test]
fn without_data_nothing_is_drawn() {
    let mut state = super::at_the_start();
    assert_eq!(
        AppCommand::DrawSurface(None).enabled(&state),
        Err("The data is not loaded yet")
    );
    state.data.sets = Some(digits("MNIST"));
    assert!(AppCommand::DrawSurface(None).enabled(&state).is_ok());
}

#[test]
fn copies_walk_with_the_rate_that_is_in_use_after_the_schedule() {
    let mut state = ready();
    let mut changed = state.settings.hyperparameters.clone();
    changed.schedule = crate::nn::Schedule::Cosine;
    changed.learning_rate = 0.5;
    changed.epochs = 2;
    state.handle(AppCommand::SetHyperparameters(Box::new(changed)));
    state.handle(AppCommand::PlayPause);
    // Step 100 of the helper is epoch 1 of 2: half of the rate is left.
    progress(&mut state, 100);
    let effects = state.handle(AppCommand::DrawSurface(Some(PlaneKind::Walks)));
    let rate = asked(&effects).1.hyperparameters.learning_rate;
    assert!((rate - 0.25).abs() < 1e-6, "{rate}");
}
