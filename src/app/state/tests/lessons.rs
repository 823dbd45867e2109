//! Beginning, leaving and going through lessons.

use super::{load, model, progress, question_buttons, ready, settings, trained};
use crate::app::lessons::{Item, Lesson, Mark};
use crate::app::{AppCommand, AppState, Depth, Effect, News, Origin, Phase, Settings, Tab};
use crate::training::Preset;
use std::path::PathBuf;

/// With its own fresh network, something to do, something to think about and something to set up.
const SMALL: &str = "\
# Small

To be gone through by a test

- set up (preset two small layers, seed 3)
- show (learn, weights, no curves)

## First

Draw.

- do (draw): Draw
- do (label): Label
- ask (rising outputs): How many should rise?
- do (press Clear pad): Clear
- say: Well done

## Second

Show.

- show (mistakes)
- do (show why): Look why

## Third

Set up.

- set up (fresh, init zero): Begin with zero
- ask (different units of layer 1): How many kinds of units are there?
";

fn begin(state: &mut AppState, text: &str) -> Vec<Effect> {
    state.receive(News::LessonOpened {
        path: PathBuf::from("/lessons/small.md"),
        result: Ok(Box::new(Lesson::read(text).unwrap())),
    })
}

fn in_the_lesson() -> AppState {
    let mut state = ready();
    begin(&mut state, SMALL);
    state
}

fn draw(state: &mut AppState) {
    let (x, pressure, erase) = (140.0, 0.5, false);
    state.handle(AppCommand::PenDown {
        x,
        y: 60.0,
        pressure,
        erase,
    });
    state.handle(AppCommand::PenMove {
        x,
        y: 200.0,
        pressure,
    });
    state.handle(AppCommand::PenUp);
}

fn marks(state: &AppState) -> &[Mark] {
    state.lesson.as_ref().unwrap().marks_now()
}

fn seen(state: &AppState) -> usize {
    state.lesson.as_ref().unwrap().items_seen()
}

#[test]
fn a_lesson_begins_with_its_network_and_shows_what_it_wants() {
    let state = in_the_lesson();
    assert_eq!(state.model.sizes(), "784-16-16-10");
    assert!(state.model.is_untrained());
    assert_eq!(state.settings.tab, Tab::Weights);
    assert!(!state.shows_curves() && state.shows_settings());
}

#[test]
fn leaving_brings_back_what_was_there_before() {
    let mut state = ready();
    state.handle(AppCommand::WritePracticeDigit);
    state.handle(AppCommand::SetDepth(Depth::Lab));
    let (settings, network) = (state.settings.clone(), state.model.network.clone());
    let drawing = state.pad.drawing.clone();
    state.worlds.graph.numbers.insert("x".into(), 5.0);
    let worlds = state.worlds.clone();
    begin(&mut state, SMALL);
    assert_ne!(
        state.worlds, worlds,
        "a lesson speaks of the numbers of the texts"
    );
    assert_ne!(state.settings.hyperparameters, settings.hyperparameters);
    state.handle(AppCommand::ClearPad);
    state.handle(AppCommand::ShowTab(Tab::Mistakes));
    assert_eq!(state.settings_to_keep().tab, settings.tab);
    state.handle(AppCommand::LeaveLesson);
    assert!(state.lesson.is_none() && state.shows_curves());
    assert!(std::sync::Arc::ptr_eq(&state.model.network, &network));
    assert_eq!(state.model.name, "default");
    assert_eq!(
        state.log.shown().unwrap().text,
        "“default” is back, as it was before the lesson"
    );
    assert_eq!(state.pad.drawing, drawing);
    assert_eq!(state.worlds, worlds);
    assert!(state.reading.is_some(), "it is read by its own network");
    let now = Settings {
        lessons: Default::default(),
        ..state.settings.clone()
    };
    assert_eq!(now, settings);
}

#[test]
fn things_to_do_are_ticked_when_they_are_done_and_stay_so() {
    let mut state = in_the_lesson();
    assert_eq!((marks(&state)[0].clone(), seen(&state)), (Mark::Open, 2));
    draw(&mut state);
    assert_eq!(marks(&state)[..2], [Mark::Done, Mark::Open]);
    state.handle(AppCommand::SetLabel(Some(3)));
    assert_eq!(seen(&state), 3, "the question is asked now");
    state.handle(AppCommand::ClearPad);
    assert_eq!(marks(&state)[..2], [Mark::Done, Mark::Done]);
    assert_eq!(
        marks(&state)[3],
        Mark::Open,
        "clearing came before it was asked for"
    );
    let posed = state.lesson.as_ref().unwrap().posed.clone();
    assert!(posed.unwrap().unwrap_err().contains("Draw a digit"));
}

#[test]
fn a_question_is_answered_by_the_network_and_hides_what_comes_after_it() {
    let mut state = in_the_lesson();
    state.handle(AppCommand::WritePracticeDigit);
    state.handle(AppCommand::SetLabel(Some(3)));
    let posed = state
        .lesson
        .as_ref()
        .unwrap()
        .posed
        .clone()
        .unwrap()
        .unwrap();
    assert_eq!(posed.choices[posed.right], "1");
    let wrong = (posed.right + 1) % posed.choices.len();
    state.handle(AppCommand::AnswerLesson { choice: wrong });
    let Mark::Answered(answer) = &marks(&state)[2] else {
        panic!("not answered");
    };
    assert!(!answer.is_right() && answer.posed == posed);
    assert_eq!(seen(&state), 4);
    state.handle(AppCommand::ClearPad);
    assert_eq!(seen(&state), 5);
    assert!(state.lesson.as_ref().unwrap().is_step_done());
    assert!(
        AppCommand::AnswerLesson { choice: 0 }
            .enabled(&state)
            .is_err()
    );
}

#[test]
fn a_covered_tab_is_seen_again_when_the_question_is_answered() {
    let mut state = ready();
    begin(
        &mut state,
        &SMALL.replace("no curves", "no curves, covered"),
    );
    assert!(!state.covers_the_tab(), "nothing is asked yet");
    draw(&mut state);
    state.handle(AppCommand::SetLabel(Some(3)));
    assert!(state.covers_the_tab());
    state.handle(AppCommand::AnswerLesson { choice: 0 });
    assert!(!state.covers_the_tab());
}

#[test]
fn a_step_sets_up_what_it_needs_when_it_is_asked_to() {
    let mut state = in_the_lesson();
    state.handle(AppCommand::ShowLessonStep { step: 2 });
    assert_eq!((state.settings.tab, seen(&state)), (Tab::Mistakes, 1));
    let posed = |state: &AppState| state.lesson.as_ref().unwrap().posed.clone();
    assert_eq!(posed(&state), None);
    state.handle(AppCommand::SetUpForLesson { item: 0 });
    let posed = posed(&state).unwrap().unwrap();
    assert_eq!(posed.choices[posed.right], "1", "all weights are zero");
    assert_eq!(state.settings.hyperparameters.hidden_layers, [16, 16]);
}

#[test]
fn steps_are_gone_through_forth_and_back_and_the_last_one_ends_the_lesson() {
    let mut state = in_the_lesson();
    assert!(AppCommand::PreviousLessonStep.enabled(&state).is_err());
    state.handle(AppCommand::NextLessonStep);
    assert_eq!(state.settings.tab, Tab::Mistakes);
    state.handle(AppCommand::ShowTab(Tab::Why));
    assert_eq!(marks(&state), [Mark::Done]);
    state.handle(AppCommand::PreviousLessonStep);
    assert_eq!(state.settings.tab, Tab::Weights);
    for _ in 0..3 {
        state.handle(AppCommand::NextLessonStep);
    }
    assert!(state.lesson.is_none());
    let progress = &state.settings.lessons["/lessons/small.md"];
    assert_eq!(progress.done, [false, true, false]);
}

#[test]
fn a_lesson_goes_on_where_it_was_left_also_after_a_restart() {
    let mut state = in_the_lesson();
    state.handle(AppCommand::NextLessonStep);
    let kept = Settings::from_text(&state.settings_to_keep().to_text());
    let mut state = AppState::with_model(kept, model("default", 8, 5000), Origin::Bundled).0;
    load(&mut state, "Practice digits");
    begin(&mut state, SMALL);
    assert_eq!(state.lesson.as_ref().unwrap().step, 1);
    assert_eq!(
        settings().hyperparameters,
        state.settings_to_keep().hyperparameters
    );
}

#[test]
fn unsaved_training_is_asked_about_first_and_comes_back_in_any_case() {
    let mut state = trained(500);
    let network = state.model.network.clone();
    begin(&mut state, SMALL);
    assert_eq!(
        question_buttons(&state),
        ["Save", "Begin without saving", "Cancel"]
    );
    state.handle(AppCommand::Answer { button: 2 });
    assert!(state.lesson.is_none());
    begin(&mut state, SMALL);
    state.handle(AppCommand::Answer { button: 1 });
    assert!(state.lesson.is_some());
    assert_eq!(state.runs.phase, Phase::Idle);
    // If the program ended now, it is the network from before that must not be lost.
    let kept = state
        .tick(1000.0)
        .into_iter()
        .find_map(|effect| match effect {
            Effect::Recovery(Some(model)) => Some(model),
            _ => None,
        });
    assert_eq!(kept.unwrap().record.steps, 500);
    state.handle(AppCommand::LeaveLesson);
    assert!(std::sync::Arc::ptr_eq(&state.model.network, &network));
    assert!(state.model.unsaved);
}

#[test]
fn what_was_trained_for_long_in_a_lesson_is_not_thrown_away_silently() {
    let mut state = in_the_lesson();
    state.handle(AppCommand::PlayPause);
    progress(&mut state, 400);
    state.handle(AppCommand::LeaveLesson);
    assert_eq!(
        question_buttons(&state),
        ["Back to “default”", "Keep it", "Stay in the lesson"]
    );
    state.handle(AppCommand::Answer { button: 2 });
    assert!(state.lesson.is_some());
    state.handle(AppCommand::LeaveLesson);
    state.handle(AppCommand::Answer { button: 1 });
    assert!(state.lesson.is_none());
    assert_eq!(state.model.record.steps, 400);
    let preset = Preset::TwoSmallLayers.hyperparameters();
    assert_eq!(
        state.settings.hyperparameters.hidden_layers,
        preset.hidden_layers
    );
}

#[test]
fn quitting_asks_about_the_network_from_before_the_lesson() {
    let mut state = trained(500);
    begin(&mut state, SMALL);
    state.handle(AppCommand::Answer { button: 1 });
    let effects = state.handle(AppCommand::Quit);
    assert!(
        effects
            .iter()
            .all(|effect| !matches!(effect, Effect::CloseWindow))
    );
    assert_eq!(question_buttons(&state), ["Save", "Don't save", "Cancel"]);
    assert_eq!(state.model.record.steps, 500);
}

#[test]
fn another_lesson_begins_from_what_was_before_the_first() {
    let mut state = in_the_lesson();
    let name = crate::app::lessons::bundled_lessons().next().unwrap().name;
    state.handle(AppCommand::BeginLesson { name });
    assert_eq!(state.lesson.as_ref().unwrap().key, name);
    state.handle(AppCommand::LeaveLesson);
    assert_eq!(state.model.name, "default");
}

#[test]
fn a_broken_lesson_changes_nothing_and_says_why() {
    let mut state = ready();
    state.receive(News::LessonOpened {
        path: PathBuf::from("/lessons/small.md"),
        result: Err("/lessons/small.md, line 3: the summary is missing".into()),
    });
    assert!(state.lesson.is_none());
    let shown = state.log.shown().unwrap();
    assert!(shown.text.contains("line 3"), "{}", shown.text);
}

#[test]
fn training_counts_from_the_beginning_of_the_step() {
    let text = SMALL.replace("do (show why): Look why", "do (train 50 steps): Train");
    let mut state = ready();
    begin(&mut state, &text);
    state.handle(AppCommand::PlayPause);
    progress(&mut state, 70);
    state.handle(AppCommand::NextLessonStep);
    assert_eq!(marks(&state), [Mark::Open]);
    progress(&mut state, 100);
    let lesson = state.lesson.as_ref().unwrap();
    assert!(matches!(lesson.lesson.steps[1].items[0], Item::Do { .. }));
    assert_eq!(lesson.how_far(0, &state).unwrap(), "30 of 50 steps");
    progress(&mut state, 120);
    assert_eq!(marks(&state), [Mark::Done]);
}
