use super::{digits, model, progress, ready, trained};
use crate::app::{AppCommand, AppState, Effect, JobKind, KeptDigit, LoadedDigits, News, Origin};
use crate::ink::{Drawing, Point, Stroke};
use crate::nn::{Evaluation, Network};
use crate::training::{Practised, Scores};
use std::sync::Arc;

/// Ready, with a digit kept.
fn with_a_digit(mut state: AppState) -> AppState {
    let mut drawing = Drawing::new([280.0, 280.0]);
    drawing.strokes.push(Stroke {
        points: vec![Point::new(140.0, 40.0), Point::new(140.0, 240.0)],
        width: 20.0,
    });
    let digits = vec![KeptDigit::new(drawing, 1).unwrap()];
    state.receive(News::MyDigitsLoaded(Ok(LoadedDigits {
        digits,
        note: None,
    })));
    state
}

fn scores(right_before: u32, right_after: u32, count: u32) -> Scores {
    let evaluation = |right: u32| {
        let mut evaluation = Evaluation::new(10);
        evaluation.confusion[[1, 1]] = right;
        evaluation.confusion[[1, 7]] = count - right;
        evaluation
    };
    Scores {
        before: evaluation(right_before),
        after: evaluation(right_after),
    }
}

fn practised_network() -> Network {
    model("practised", 8, 0).network
}

/// Starts practising and lets it end.
fn practise(state: &mut AppState) {
    let effects = state.handle(AppCommand::PractiseOnMine);
    let [Effect::Practise { job, .. }] = effects[..] else {
        panic!("{effects:?}");
    };
    end(state, job);
}

fn end(state: &mut AppState, job: u64) {
    state.receive(News::Practised {
        job,
        replay_name: "MNIST".into(),
        result: Ok(Box::new(Practised {
            network: Arc::new(practised_network()),
            learned: scores(0, 1, 1),
            kept_aside: scores(0, 0, 0),
            replay: scores(990, 989, 1000),
            steps: 400,
            examples: 25_600,
        })),
    });
}

#[test]
fn practising_changes_nothing_until_it_is_taken_and_taking_can_be_undone() {
    let mut state = with_a_digit(ready());
    let before = state.model.clone();
    practise(&mut state);
    assert!(state.jobs.is_empty());
    assert!(Arc::ptr_eq(&state.model.network, &before.network));
    let said = &state.log.shown().unwrap().text;
    assert!(
        said.starts_with("1 digit of yours practised on: 0 of 1"),
        "{said}"
    );
    let offer = state.practise.offer.as_ref().unwrap();
    assert!(offer.caution().is_some() && offer.belongs_to(&before.network));
    let lines: Vec<String> = offer
        .comparisons()
        .into_iter()
        .map(|line| line.of)
        .collect();
    assert_eq!(
        lines,
        [
            "1 digit of yours practised on",
            "1,000 validation digits of MNIST"
        ]
    );

    state.handle(AppCommand::TakePractised);
    assert_eq!(*state.model.network, practised_network());
    assert!(state.model.unsaved && state.model.origin == Origin::Fresh);
    assert_eq!(state.model.record.steps, before.record.steps + 400);
    assert_eq!(state.model.record.test_accuracy, None);
    assert!(state.practise.offer.is_none());

    state.handle(AppCommand::SwapPractised);
    assert!(Arc::ptr_eq(&state.model.network, &before.network));
    assert_eq!(
        (&state.model.name, &state.model.origin),
        (&before.name, &before.origin)
    );
    assert!(!state.model.unsaved);
    state.handle(AppCommand::SwapPractised);
    assert_eq!(*state.model.network, practised_network());
}

#[test]
fn what_is_left_changes_nothing() {
    let mut state = with_a_digit(ready());
    let before = Arc::clone(&state.model.network);
    practise(&mut state);
    state.handle(AppCommand::LeavePractised);
    assert!(Arc::ptr_eq(&state.model.network, &before));
    assert!(AppCommand::TakePractised.enabled(&state).is_err());
    assert!(state.handle(AppCommand::TakePractised).is_empty());
}

#[test]
fn practising_can_be_cancelled_and_late_news_of_it_are_ignored() {
    let mut state = with_a_digit(ready());
    state.handle(AppCommand::PractiseOnMine);
    assert!(state.has_job(JobKind::Practise));
    assert!(AppCommand::PractiseOnMine.enabled(&state).is_err());
    let job = state.jobs[0].id;
    state.receive(News::PractiseProgress { job, fraction: 0.4 });
    assert_eq!(state.jobs[0].fraction, 0.4);
    state.handle(AppCommand::CancelJob { id: job });
    end(&mut state, job);
    assert!(state.practise.offer.is_none());
    assert!(AppCommand::PractiseOnMine.enabled(&state).is_ok());
}

#[test]
fn a_run_has_to_be_paused_first() {
    let mut state = with_a_digit(trained(10));
    assert_eq!(
        AppCommand::PractiseOnMine.enabled(&state),
        Err("Training is running: pause it first")
    );
    assert!(state.handle(AppCommand::PractiseOnMine).is_empty());
    state.handle(AppCommand::PlayPause);
    practise(&mut state);
    assert!(state.practise.offer.is_some());
}

#[test]
fn the_result_of_an_older_network_says_so() {
    let mut state = with_a_digit(trained(10));
    state.handle(AppCommand::PlayPause);
    practise(&mut state);
    state.handle(AppCommand::Step(crate::training::StepSize::Batch));
    progress(&mut state, 11);
    state.receive(News::Training(crate::training::Event::Paused { step: 11 }));
    let offer = state.practise.offer.as_ref().unwrap();
    assert!(!offer.belongs_to(&state.model.network));
    // Taken all the same, the trained one can be put back.
    let trained = Arc::clone(&state.model.network);
    state.handle(AppCommand::TakePractised);
    state.handle(AppCommand::SwapPractised);
    assert!(Arc::ptr_eq(&state.model.network, &trained));
}

#[test]
fn another_model_has_no_practised_one_beside_it() {
    let mut state = with_a_digit(ready());
    practise(&mut state);
    state.handle(AppCommand::TakePractised);
    assert!(state.has_other_network());
    state.receive(News::ModelOpened {
        path: "other.json".into(),
        result: Ok(Box::new(model("other", 8, 0))),
    });
    // It asks first, as 400 steps are in no file.
    state.handle(AppCommand::Answer { button: 1 });
    assert_eq!(state.model.name, "other");
    assert!(!state.has_other_network());
    assert!(state.handle(AppCommand::SwapPractised).is_empty());
}

#[test]
fn without_digits_or_data_there_is_nothing_to_practise() {
    let mut state = ready();
    assert!(state.handle(AppCommand::PractiseOnMine).is_empty());
    state = with_a_digit(super::at_the_start());
    assert_eq!(
        AppCommand::PractiseOnMine.enabled(&state),
        Err("The data is not loaded yet")
    );
    state.data.sets = Some(digits("MNIST"));
    assert!(AppCommand::PractiseOnMine.enabled(&state).is_ok());
}
