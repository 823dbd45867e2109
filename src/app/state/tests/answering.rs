//! Calibration comes and goes with the weights, and training digits are looked for when somebody asks.

use super::{at_the_start, digits, model, paused, progress, ready, trained};
use crate::answering::Calibration;
use crate::app::{AppCommand, AppState, Effect, IndexedExamples, News, Origin};
use crate::explain::ExampleIndex;
use std::sync::Arc;

const FITTED: Calibration = Calibration {
    temperature: 1.25,
    likeness_limit: None,
    examples: 5000,
};

/// The networks that are to be calibrated.
fn to_calibrate(effects: &[Effect]) -> usize {
    let calibrates = |effect: &&Effect| matches!(effect, Effect::Calibrate { .. });
    effects.iter().filter(calibrates).count()
}

fn calibrated(state: &mut AppState) {
    state.receive(News::Calibrated {
        network: Arc::clone(&state.model.network),
        calibration: Some(FITTED),
    });
}

#[test]
fn a_network_that_learned_is_calibrated_once_there_is_data() {
    let mut state = at_the_start();
    let effects = super::load(&mut state, "Practice digits");
    assert_eq!(to_calibrate(&effects), 1);
    calibrated(&mut state);
    assert_eq!(state.model.calibration, Some(FITTED));
}

#[test]
fn weights_that_change_are_no_longer_calibrated_and_are_again_when_they_rest() {
    let mut state = trained(10);
    calibrated(&mut state);
    progress(&mut state, 20);
    assert_eq!(state.model.calibration, None);
    let effects = state.receive(News::Training(crate::training::Event::Paused { step: 20 }));
    assert_eq!(to_calibrate(&effects), 1);
    // And not twice for the same weights.
    let effects = state.receive(News::Training(crate::training::Event::Paused { step: 20 }));
    assert_eq!(to_calibrate(&effects), 0);
}

#[test]
fn a_calibration_that_comes_too_late_is_not_used() {
    let mut state = trained(10);
    let earlier = Arc::clone(&state.model.network);
    progress(&mut state, 20);
    state.receive(News::Calibrated {
        network: earlier,
        calibration: Some(FITTED),
    });
    assert_eq!(state.model.calibration, None);
}

#[test]
fn an_untrained_network_is_not_calibrated() {
    let (mut state, _) = AppState::with_model(super::settings(), model("new", 4, 0), Origin::Fresh);
    let effects = super::load(&mut state, "Practice digits");
    assert_eq!(to_calibrate(&effects), 0);
}

#[test]
fn training_digits_are_made_ready_once_and_anew_for_another_network() {
    let mut state = ready();
    let effects = state.handle(AppCommand::IndexExamples);
    assert!(matches!(&effects[..], [Effect::IndexExamples { .. }]));
    assert!(state.handle(AppCommand::IndexExamples).is_empty());
    let data = state.data.sets.clone().unwrap();
    state.receive(News::ExamplesIndexed(IndexedExamples {
        network: Arc::clone(&state.model.network),
        index: Arc::new(ExampleIndex::new(&state.model.network, &data.train)),
        data,
    }));
    assert!(state.indexed_examples().is_some());
    assert!(AppCommand::IndexExamples.enabled(&state).is_err());
    state.data.sets = Some(digits("Others"));
    assert!(state.indexed_examples().is_none());
    assert_eq!(AppCommand::IndexExamples.enabled(&state), Ok(()));
}

#[test]
fn training_digits_wait_while_the_network_learns() {
    let mut state = trained(10);
    let reason = AppCommand::IndexExamples.enabled(&state).unwrap_err();
    assert!(reason.contains("learning"), "{reason}");
    paused(&mut state, 10);
    assert_eq!(AppCommand::IndexExamples.enabled(&state), Ok(()));
}
