use super::{at_the_start, paused, ready, told_the_thread, trained};
use crate::app::{
    AppCommand, AppState, Check, Detail, Effect, Level, News, Origin, Phase, StepMove, Tab,
};
use crate::explain::{Step, UnitPlace};
use std::sync::Arc;

/// With a labelled digit on the pad.
fn with_a_digit(mut state: AppState) -> AppState {
    state.handle(AppCommand::WritePracticeDigit);
    assert!(state.examined_pass().is_some());
    state
}

fn cost(state: &AppState) -> f32 {
    state.examined_pass().unwrap().cost
}

#[test]
fn without_a_drawing_or_a_label_no_step_can_be_made() {
    let mut state = ready();
    let next = AppCommand::MoveStep(StepMove::Next);
    assert_eq!(next.enabled(&state), Err("The pad is blank"));
    state.handle(AppCommand::WritePracticeDigit);
    assert_eq!(next.enabled(&state), Ok(()));
    state.handle(AppCommand::SetLabel(None));
    assert!(next.enabled(&state).unwrap_err().contains("press its key"));
    assert!(state.handle(AppCommand::ApplyNudge).is_empty());
    assert!(state.applied_nudges().is_empty());
}

#[test]
fn the_walk_goes_through_every_step_in_order_and_changes_no_weight() {
    let mut state = with_a_digit(ready());
    let network = Arc::clone(&state.model.network);
    let numbers = (*network).clone();
    let mut walked = vec![state.examined_step()];
    while AppCommand::MoveStep(StepMove::Next).enabled(&state).is_ok() {
        state.handle(AppCommand::MoveStep(StepMove::Next));
        walked.push(state.examined_step());
    }
    assert_eq!(walked, Step::all(network.layers().len()));
    assert!(Arc::ptr_eq(&network, &state.model.network));
    assert_eq!(
        *network, numbers,
        "only a nudge that is applied changes weights"
    );
    state.handle(AppCommand::MoveStep(StepMove::Back));
    assert_eq!(state.examined_step(), Step::Update);
    state.handle(AppCommand::MoveStep(StepMove::First));
    assert_eq!(state.examined_step(), Step::Input);
    assert!(
        AppCommand::MoveStep(StepMove::Back)
            .enabled(&state)
            .is_err()
    );
    state.handle(AppCommand::MoveStep(StepMove::To(Step::Cost)));
    assert_eq!(state.examined_step(), Step::Cost);
}

#[test]
fn a_step_or_a_unit_that_another_network_lacks_is_not_looked_at() {
    let mut state = with_a_digit(at_the_start());
    state.settings.hyperparameters.hidden_layers = vec![6, 5];
    state.handle(AppCommand::NewNetwork);
    let deep = Step::Wishes { layer: 2 };
    state.handle(AppCommand::MoveStep(StepMove::To(deep)));
    state.handle(AppCommand::ChooseUnit(UnitPlace { layer: 2, unit: 3 }));
    state.handle(AppCommand::ChooseParameter("W3[5,1]".parse().unwrap()));
    assert_eq!(state.examined_step(), deep);
    assert_eq!(state.microscope.detail, Detail::Weight);
    state.settings.hyperparameters.hidden_layers = vec![4];
    state.handle(AppCommand::NewNetwork);
    assert_eq!(state.model.network.sizes(), [784, 4, 10]);
    assert_eq!(state.examined_step(), Step::Input);
    assert_eq!(state.examined_parameter(), None);
    assert_eq!(state.examined_unit(), UnitPlace { layer: 2, unit: 3 });
    state.handle(AppCommand::ChooseUnit(UnitPlace { layer: 1, unit: 99 }));
    let label = usize::from(state.pad.drawing.label.unwrap());
    assert_eq!(
        state.examined_unit(),
        UnitPlace {
            layer: 2,
            unit: label
        }
    );
}

#[test]
fn while_training_runs_a_copy_is_frozen_and_let_go_with_the_tab() {
    let mut state = with_a_digit(trained(5));
    state.handle(AppCommand::ShowTab(Tab::Backprop));
    assert!(state.microscope.frozen.is_none());
    state.handle(AppCommand::MoveStep(StepMove::Next));
    let frozen = state.microscope.frozen.clone().expect("a copy");
    assert_eq!(frozen.1, 5);
    assert!(Arc::ptr_eq(&frozen.0, state.examined_network()));
    assert!(
        state
            .log
            .shown()
            .unwrap()
            .text
            .contains("step 5; training goes on")
    );
    assert_eq!(state.runs.phase, Phase::Running);
    state.handle(AppCommand::ReleaseNetwork);
    assert!(Arc::ptr_eq(&state.model.network, state.examined_network()));
    state.handle(AppCommand::MoveStep(StepMove::Next));
    state.handle(AppCommand::ShowTab(Tab::Network));
    assert!(state.microscope.frozen.is_none());
}

#[test]
fn a_nudge_lowers_the_cost_of_the_drawing_and_is_taken_back_whole() {
    let mut state = with_a_digit(ready());
    state.settings.hyperparameters.learning_rate = 1e-4;
    assert_eq!(state.model.origin, Origin::Bundled);
    let (network, before) = (Arc::clone(&state.model.network), cost(&state));
    let outputs = state.reading.as_ref().unwrap().outputs.clone();
    state.handle(AppCommand::ApplyNudge);
    assert!(cost(&state) < before);
    assert_ne!(
        state.reading.as_ref().unwrap().outputs,
        outputs,
        "the ten bars move"
    );
    assert!(state.model.unsaved);
    assert_eq!(state.model.origin, Origin::Fresh, "play trains it further");
    assert_eq!(state.model.calibration, None);
    let first = state.applied_nudges()[0].update.clone();
    assert!(
        (first.happened() / first.promised - 1.0).abs() < 0.1,
        "{}",
        first.sentence()
    );

    state.handle(AppCommand::ApplyNudge);
    assert_eq!(state.applied_nudges().len(), 2);
    state.handle(AppCommand::UndoNudge);
    assert!(state.model.unsaved);
    state.handle(AppCommand::UndoNudge);
    assert!(Arc::ptr_eq(&state.model.network, &network));
    assert!(!state.model.unsaved);
    assert_eq!(state.model.origin, Origin::Bundled);
    assert_eq!(state.reading.as_ref().unwrap().outputs, outputs);
    assert!(AppCommand::UndoNudge.enabled(&state).is_err());
}

#[test]
fn while_a_copy_is_looked_at_a_nudge_changes_the_copy_alone() {
    let mut state = with_a_digit(trained(5));
    let present = Arc::clone(&state.model.network);
    let before = cost(&state);
    assert!(state.handle(AppCommand::ApplyNudge).is_empty());
    assert!(state.microscope.frozen.is_some());
    assert_ne!(cost(&state), before);
    assert!(Arc::ptr_eq(&present, &state.model.network));
    assert_eq!(state.runs.phase, Phase::Running);
    state.handle(AppCommand::UndoNudge);
    assert_eq!(cost(&state), before);
}

#[test]
fn a_nudge_on_a_paused_run_ends_the_run_and_says_so() {
    let mut state = with_a_digit(trained(5));
    state.handle(AppCommand::PlayPause);
    paused(&mut state, 5);
    let effects = state.handle(AppCommand::ApplyNudge);
    assert!(told_the_thread(&effects).contains(&"Stop".to_owned()));
    assert_eq!(state.runs.phase, Phase::Idle);
    assert_eq!(state.model.record.steps, 6);
    assert!(
        state
            .log
            .shown()
            .unwrap()
            .text
            .contains("The run has ended")
    );
    let effects = state.handle(AppCommand::PlayPause);
    assert_eq!(told_the_thread(&effects), ["Load", "Resume"]);
    assert_eq!(
        state.model.record.steps, 6,
        "play goes on from the nudged weights"
    );
}

#[test]
fn a_nudge_that_would_destroy_the_weights_is_refused() {
    let mut state = with_a_digit(ready());
    state.settings.hyperparameters.learning_rate = f32::INFINITY;
    let network = Arc::clone(&state.model.network);
    state.handle(AppCommand::ApplyNudge);
    assert!(Arc::ptr_eq(&network, &state.model.network));
    let message = state.log.shown().unwrap();
    assert_eq!(message.level, Level::Error);
    assert!(
        message.text.starts_with("Nothing was changed"),
        "{message:?}"
    );
}

#[test]
fn a_nudge_that_was_saved_since_is_undone_as_unsaved() {
    let mut state = with_a_digit(ready());
    state.handle(AppCommand::ApplyNudge);
    state.model.unsaved = false;
    state.model.origin = Origin::File("seven.json".into());
    state.handle(AppCommand::UndoNudge);
    assert!(state.model.unsaved);
    assert_eq!(state.model.origin, Origin::File("seven.json".into()));
}

#[test]
fn the_network_is_calibrated_anew_when_no_nudge_comes_for_a_while() {
    let mut state = with_a_digit(ready());
    let calibrates = |effects: &[Effect]| {
        let mut all = effects.iter();
        all.any(|effect| matches!(effect, Effect::Calibrate { .. }))
    };
    state.tick(10.0);
    assert!(!calibrates(&state.handle(AppCommand::ApplyNudge)));
    assert_eq!(state.microscope_due_in_secs(10.0), Some(0.0));
    assert!(!calibrates(&state.tick(10.5)));
    assert!(state.microscope_due_in_secs(10.5).unwrap() > 0.0);
    assert!(calibrates(&state.tick(12.0)));
    assert_eq!(state.microscope_due_in_secs(12.0), None);
}

#[test]
fn steps_that_play_follow_one_another_to_the_end() {
    let mut state = with_a_digit(ready());
    state.handle(AppCommand::ShowTab(Tab::Backprop));
    state.handle(AppCommand::PlaySteps(true));
    let mut seen = vec![state.examined_step()];
    for half_seconds in 0..200 {
        state.tick(f64::from(half_seconds) * 0.5);
        if *seen.last().unwrap() != state.examined_step() {
            seen.push(state.examined_step());
        }
    }
    assert_eq!(seen, state.examined_steps());
    assert!(!state.microscope.plays);
    // From the end it begins anew, and stands still when another tab is shown.
    state.handle(AppCommand::PlaySteps(true));
    assert_eq!(state.examined_step(), Step::Input);
    state.handle(AppCommand::ShowTab(Tab::Network));
    state.tick(200.0);
    assert!(!state.microscope.plays);
}

#[test]
fn the_gradient_check_runs_in_the_background_and_finds_no_mistake() {
    let mut state = with_a_digit(ready());
    let effects = state.handle(AppCommand::CheckGradients);
    let [Effect::CheckGradients { network, examined }] = effects.as_slice() else {
        panic!("one effect: {effects:?}");
    };
    assert!(matches!(state.microscope.check, Check::Running));
    assert!(AppCommand::CheckGradients.enabled(&state).is_err());
    assert!(Arc::ptr_eq(network, &state.model.network));
    assert_eq!(Some(examined), state.examined().as_ref());
    state.receive(News::GradientsChecked(Err("No thread".into())));
    assert!(matches!(state.microscope.check, Check::Never));
    assert_eq!(state.log.shown().unwrap().text, "No thread");
}
