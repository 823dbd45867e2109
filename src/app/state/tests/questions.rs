use super::{finished, load, model, progress, question_buttons, ready, settings, trained};
use crate::app::{AppCommand, AppState, DialogFor, Effect, News, Origin};
use crate::training::{Divergence, Event};

fn closes(effects: &[Effect]) -> bool {
    effects
        .iter()
        .any(|effect| matches!(effect, Effect::CloseWindow))
}

fn recovery(effects: &[Effect]) -> Option<bool> {
    effects.iter().find_map(|effect| match effect {
        Effect::Recovery(model) => Some(model.is_some()),
        _ => None,
    })
}

#[test]
fn quitting_with_nothing_unsaved_closes_and_leaves_no_recovery_file() {
    let mut state = ready();
    let effects = state.handle(AppCommand::Quit);
    assert!(closes(&effects));
    assert_eq!(recovery(&effects), Some(false));
}

#[test]
fn quitting_asks_about_every_unsaved_step() {
    let mut state = trained(1);
    assert!(state.handle(AppCommand::Quit).is_empty());
    assert_eq!(question_buttons(&state), ["Save", "Don't save", "Cancel"]);
    assert!(
        state.handle(AppCommand::Quit).is_empty(),
        "it is asked already"
    );
    assert!(state.handle(AppCommand::Answer { button: 2 }).is_empty());
    assert!(state.question.is_none());
    state.handle(AppCommand::Quit);
    assert!(closes(&state.handle(AppCommand::Answer { button: 1 })));
}

#[test]
fn quitting_after_save_waits_until_the_file_is_whole() {
    let mut state = trained(500);
    state.handle(AppCommand::Quit);
    let effects = state.handle(AppCommand::Answer { button: 0 });
    assert!(!closes(&effects));
    let effects = state.receive(News::Chosen {
        purpose: DialogFor::SaveModel,
        path: Some("/models/mine.json".into()),
    });
    assert!(!closes(&effects));
    progress(&mut state, 510);
    let effects = state.receive(News::Written {
        purpose: DialogFor::SaveModel,
        path: "/models/mine.json".into(),
        result: Ok(()),
    });
    assert!(closes(&effects));
}

#[test]
fn a_failed_save_keeps_the_window_open() {
    let mut state = trained(500);
    state.handle(AppCommand::Quit);
    state.handle(AppCommand::Answer { button: 0 });
    state.receive(News::Chosen {
        purpose: DialogFor::SaveModel,
        path: Some("/full/mine.json".into()),
    });
    let effects = state.receive(News::Written {
        purpose: DialogFor::SaveModel,
        path: "/full/mine.json".into(),
        result: Err("the disk is full".into()),
    });
    assert!(!closes(&effects));
    assert!(state.model.unsaved);
}

#[test]
fn questions_come_one_at_a_time() {
    let mut state = trained(500);
    state.receive(News::ModelOpened {
        path: "other.json".into(),
        result: Ok(Box::new(model("other", 4, 0))),
    });
    state.receive(News::Training(Event::Diverged(Divergence {
        step: 500,
        layer: None,
        sentence: "The cost is not finite".into(),
        learning_rate: 0.1,
    })));
    assert_eq!(question_buttons(&state).last(), Some(&"Cancel"));
    state.handle(AppCommand::Answer { button: 2 });
    assert_eq!(
        question_buttons(&state),
        ["Go back and learn slower", "Leave it"]
    );
    state.handle(AppCommand::Answer { button: 1 });
    assert!(state.question.is_none());
}

#[test]
fn an_open_question_holds_up_what_would_conflict_and_nothing_else() {
    let mut state = trained(500);
    state.handle(AppCommand::NewNetwork);
    assert!(state.question.is_some());
    assert!(AppCommand::OpenModel.enabled(&state).is_err());
    assert!(state.handle(AppCommand::OpenModel).is_empty());
    assert!(
        !state.handle(AppCommand::PlayPause).is_empty(),
        "pausing works"
    );
    state.handle(AppCommand::WritePracticeDigit);
    assert!(state.reading.is_some(), "the pen works");
}

#[test]
fn an_answer_that_does_not_exist_answers_nothing() {
    let mut state = trained(500);
    assert!(state.handle(AppCommand::Answer { button: 0 }).is_empty());
    state.handle(AppCommand::NewNetwork);
    assert!(state.handle(AppCommand::Answer { button: 3 }).is_empty());
    assert!(state.question.is_some());
}

#[test]
fn what_a_crash_left_behind_can_be_restored() {
    let mut state = ready();
    state.receive(News::RecoveryFound(Box::new(model("lost", 4, 700))));
    assert_eq!(question_buttons(&state), ["Restore", "Delete", "Later"]);
    let effects = state.handle(AppCommand::Answer { button: 0 });
    assert_eq!(state.model.name, "lost");
    assert!(state.model.unsaved);
    assert_eq!(state.model.origin, Origin::Fresh);
    let kept = effects
        .iter()
        .position(|effect| matches!(effect, Effect::Recovery(Some(_))));
    let forgotten = effects
        .iter()
        .position(|effect| matches!(effect, Effect::ForgetRecovered));
    assert!(kept.unwrap() < forgotten.unwrap(), "it is never nowhere");
    state.handle(AppCommand::Quit);
    assert!(state.question.unwrap().text.contains("700 steps"));
}

#[test]
fn what_a_crash_left_behind_can_be_deleted_or_put_off() {
    let mut state = ready();
    state.receive(News::RecoveryFound(Box::new(model("lost", 4, 700))));
    assert!(state.handle(AppCommand::Answer { button: 2 }).is_empty());
    state.receive(News::RecoveryFound(Box::new(model("lost", 4, 700))));
    let effects = state.handle(AppCommand::Answer { button: 1 });
    assert!(matches!(effects[..], [Effect::ForgetRecovered]));
    assert_eq!(state.model.origin, Origin::Bundled);
}

#[test]
fn a_crash_loses_at_most_a_minute() {
    let mut state = ready();
    assert!(state.tick(0.0).is_empty(), "nothing is unsaved");
    assert_eq!(state.recovery_due_in_secs(), None);
    state.handle(AppCommand::PlayPause);
    progress(&mut state, 10);
    assert_eq!(recovery(&state.tick(1.0)), Some(true));
    assert!(state.tick(2.0).is_empty(), "nothing has changed");
    progress(&mut state, 20);
    assert!(state.tick(30.0).is_empty(), "once a minute is enough");
    assert_eq!(state.recovery_due_in_secs(), Some(31.0));
    assert_eq!(recovery(&state.tick(61.0)), Some(true));
    progress(&mut state, 30);
    assert!(state.tick(62.0).is_empty());
    finished(&mut state, 30);
    let at_its_end = recovery(&state.tick(62.5));
    assert_eq!(at_its_end, Some(true), "nothing more will come");
    assert!(state.tick(63.0).is_empty(), "once");
    state.handle(AppCommand::ResetWeights);
    assert_eq!(recovery(&state.tick(64.0)), Some(false));
    assert!(state.tick(200.0).is_empty());
}

#[test]
fn the_start_looks_for_what_was_left_behind_and_loads_the_data() {
    let (mut state, effects) =
        AppState::with_model(settings(), model("default", 8, 5000), Origin::Bundled);
    assert!(matches!(
        effects[..],
        [
            Effect::FindRecovery,
            Effect::LoadMyDigits,
            Effect::FindModels,
            Effect::LoadData { .. }
        ]
    ));
    load(&mut state, "Practice digits");
    assert!(state.jobs.is_empty());
}
