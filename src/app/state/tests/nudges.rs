use super::{ready, trained};
use crate::app::{AppCommand, AppState, Effect, JobKind, News, NudgeWork};
use crate::explain::{LARGEST_BATCH, Mistake, Parameter, Quantity, Settling};
use std::ops::ControlFlow;
use std::sync::Arc;

/// What the performer is asked to average.
fn work(effects: Vec<Effect>) -> NudgeWork {
    match effects.into_iter().next() {
        Some(Effect::AverageNudges(work)) => *work,
        other => panic!("not asked to average: {other:?}"),
    }
}

/// As the performer does it.
fn average(state: &mut AppState) {
    let work = work(state.handle(AppCommand::AverageNudges));
    state.receive(News::NudgesAveraged(work.average().map(Box::new)));
}

fn measure(state: &mut AppState) {
    let effects = state.handle(AppCommand::MeasureSettling);
    let Some(Effect::MeasureSettling { job, network, data }) = effects.into_iter().next_back()
    else {
        panic!("not asked to measure");
    };
    let mut go_on = |_| ControlFlow::Continue(());
    let settling = Settling::measure(&network, &data.train, &mut go_on).map(Arc::new);
    state.receive(News::SettlingMeasured { job, settling });
}

fn draw_a_two(state: &mut AppState) {
    let [x, y] = [400.0, 300.0];
    state.handle(AppCommand::PenDown {
        x,
        y,
        pressure: 1.0,
        erase: false,
    });
    state.handle(AppCommand::PenMove {
        x: x + 90.0,
        y: y + 300.0,
        pressure: 1.0,
    });
    state.handle(AppCommand::PenUp);
    state.handle(AppCommand::SetLabel(Some(2)));
}

fn positions(state: &AppState) -> Vec<u32> {
    state.nudge_request().unwrap().positions
}

#[test]
fn the_size_stays_between_one_and_a_thousand() {
    let mut state = ready();
    for (wanted, taken) in [(0, 1), (7, 7), (5000, LARGEST_BATCH)] {
        state.handle(AppCommand::SetNudgeBatch(wanted));
        assert_eq!(state.nudges.size, taken);
    }
    // There are ten digits to learn from: a mini-batch takes no example twice.
    assert_eq!(positions(&state).len(), 10);
    state.handle(AppCommand::SetNudgeBatch(4));
    let before = positions(&state);
    assert_eq!(before.len(), 4);
    state.handle(AppCommand::DrawNudgeBatch);
    assert_ne!(positions(&state), before);
}

#[test]
fn wishes_are_worked_out_once_for_each_mini_batch_and_network() {
    let mut state = ready();
    state.handle(AppCommand::SetNudgeBatch(4));
    let work = work(state.handle(AppCommand::AverageNudges));
    assert!(
        state.handle(AppCommand::AverageNudges).is_empty(),
        "it is being done"
    );
    state.receive(News::NudgesAveraged(work.average().map(Box::new)));
    assert!(state.nudges_are_current());
    assert!(
        state.handle(AppCommand::AverageNudges).is_empty(),
        "it is done"
    );
    assert_eq!(state.averaged_nudges().unwrap().nudges.examples.len(), 4);

    // Those before are shown until the others are there.
    state.handle(AppCommand::DrawNudgeBatch);
    assert!(!state.nudges_are_current());
    assert!(state.averaged_nudges().is_some());
    average(&mut state);
    assert!(state.nudges_are_current());
    let weight: Parameter = "W2[0,1]".parse().unwrap();
    state.handle(AppCommand::ShowNudgesOf(Some(weight)));
    average(&mut state);
    assert!(
        state
            .averaged_nudges()
            .unwrap()
            .nudges
            .mean
            .parameter_wish
            .is_some()
    );
    // A weight that this network does not have is not asked for.
    state.handle(AppCommand::ShowNudgesOf("W9[0,1]".parse().ok()));
    assert_eq!(state.nudge_request().unwrap().parameter, None);
}

#[test]
fn digits_are_picked_by_hand_and_the_drawing_with_them() {
    let mut state = ready();
    state.handle(AppCommand::SetNudgeBatch(3));
    let drawn = positions(&state);
    state.handle(AppCommand::PickNudgesByHand(true));
    assert_eq!(
        positions(&state),
        drawn,
        "picking begins with what is on the screen"
    );

    let out = drawn[0];
    state.handle(AppCommand::PickNudge {
        index: out as usize,
    });
    assert_eq!(positions(&state), drawn[1..]);
    state.handle(AppCommand::PickNudge { index: 99 });
    assert_eq!(positions(&state), drawn[1..], "there is no such digit");

    assert!(
        AppCommand::PickDrawing.enabled(&state).is_err(),
        "the pad is blank"
    );
    draw_a_two(&mut state);
    state.handle(AppCommand::PickDrawing);
    let request = state.nudge_request().unwrap();
    assert_eq!(request.len(), 3);
    assert_eq!(request.drawing.unwrap().label, Some(2));
    average(&mut state);
    let nudges = &state.averaged_nudges().unwrap().nudges;
    assert_eq!(nudges.examples.len(), 3);
    // The drawing comes first, and wishes for more of its 2 only.
    let wishes = &nudges.examples[0].output_wishes;
    assert!(
        wishes
            .iter()
            .enumerate()
            .all(|(digit, wish)| (digit == 2) == (*wish > 0.0))
    );

    state.handle(AppCommand::PickDrawing);
    for index in positions(&state) {
        state.handle(AppCommand::PickNudge {
            index: index as usize,
        });
    }
    assert_eq!(
        AppCommand::AverageNudges.enabled(&state),
        Err("No digit is picked")
    );
}

#[test]
fn single_gradients_are_compared_with_the_whole_when_it_is_measured() {
    let mut state = ready();
    average(&mut state);
    assert_eq!(
        state.averaged_nudges().unwrap().nudges.mean.with_whole,
        None
    );
    assert!(state.wants_settling());
    measure(&mut state);
    assert_eq!(state.settling().unwrap().whole.count, 10);
    assert!(!state.wants_settling());
    assert!(state.jobs.is_empty());

    assert!(
        !state.nudges_are_current(),
        "now there is something to compare with"
    );
    average(&mut state);
    let averaged = state.averaged_nudges().unwrap();
    // Sixteen are wanted and ten are there: the mini-batch is the whole.
    assert!((averaged.nudges.mean.with_whole.unwrap() - 1.0).abs() < 1e-6);
    assert_eq!(averaged.drawn.as_ref().unwrap().size, 10);
}

#[test]
fn a_measurement_that_was_cancelled_is_not_begun_again_by_itself() {
    let mut state = ready();
    state.handle(AppCommand::MeasureSettling);
    let job = state.jobs[0].id;
    assert_eq!(state.jobs[0].kind, JobKind::Settling);
    assert!(!state.wants_settling(), "it is being measured");
    state.handle(AppCommand::CancelJob { id: job });
    assert!(!state.wants_settling());
    assert!(
        AppCommand::MeasureSettling.enabled(&state).is_ok(),
        "but it can be"
    );
    state.receive(News::SettlingMeasured {
        job,
        settling: None,
    });
    assert!(state.settling().is_none(), "a late result is out of date");
    measure(&mut state);
    assert!(state.settling().is_some());
}

#[test]
fn while_the_network_learns_only_a_frozen_copy_is_compared_with_the_whole() {
    let mut state = trained(3);
    assert!(!state.wants_settling());
    assert!(state.handle(AppCommand::MeasureSettling).is_empty());
    state.handle(AppCommand::FreezeNetwork);
    assert!(state.wants_settling());
    measure(&mut state);
    average(&mut state);
    super::progress(&mut state, 4);
    assert!(state.nudges_are_current(), "the copy stays as it was");
    state.handle(AppCommand::ReleaseNetwork);
    assert!(!state.nudges_are_current());
    assert!(state.settling().is_none());
}

#[test]
fn the_tape_is_that_of_the_network_on_the_screen() {
    let mut state = ready();
    state.handle(AppCommand::SetNudgeBatch(50));
    state.handle(AppCommand::SetTapeMistake(Some(
        Mistake::TransposeForgotten,
    )));
    let tape = state.tape();
    assert_eq!(tape.lengths(tape.shape(Quantity::Sums(1))), [50, 8]);
    assert_eq!(tape.first_failure(), Some(Quantity::WeightGradients(2)));
}
