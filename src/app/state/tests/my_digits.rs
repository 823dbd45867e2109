use super::{at_the_start, ready};
use crate::app::{
    AppCommand, AppState, Depth, DialogFor, Effect, ImportedDigits, KeptDigit, LoadedDigits,
    MyDigits, News, Storage, Tab,
};
use crate::ink::{Drawing, Point, Stroke};

fn stroke(state: &mut AppState, x: f32) {
    let (pressure, erase) = (0.5, false);
    state.handle(AppCommand::PenDown {
        x,
        y: 60.0,
        pressure,
        erase,
    });
    state.handle(AppCommand::PenMove {
        x: x + 5.0,
        y: 220.0,
        pressure,
    });
    state.handle(AppCommand::PenUp);
}

fn press(state: &mut AppState, digit: u8) -> Vec<Effect> {
    let label = state.label_after_press(digit);
    state.handle(AppCommand::SetLabel(label))
}

/// With an empty file of My digits read.
fn with_my_digits() -> AppState {
    let mut state = ready();
    state.receive(News::MyDigitsLoaded(Ok(LoadedDigits::default())));
    state
}

fn digit(label: u8, lean: f32) -> KeptDigit {
    let mut drawing = Drawing::new([280.0, 280.0]);
    drawing.strokes.push(Stroke {
        points: vec![Point::new(140.0 + lean, 40.0), Point::new(140.0, 240.0)],
        width: 20.0,
    });
    KeptDigit::new(drawing, label).unwrap()
}

fn labels(state: &AppState) -> Vec<u8> {
    state
        .my_digits
        .all()
        .iter()
        .map(|digit| digit.label)
        .collect()
}

fn saved(effects: &[Effect]) -> Option<Vec<u8>> {
    effects.iter().find_map(|effect| match effect {
        Effect::SaveMyDigits(digits) => Some(digits.iter().map(|digit| digit.label).collect()),
        _ => None,
    })
}

#[test]
fn a_key_after_a_drawing_keeps_it_and_says_how_many_there_are() {
    let mut state = with_my_digits();
    stroke(&mut state, 100.0);
    let effects = press(&mut state, 7);
    assert_eq!(saved(&effects), Some(vec![7]));
    assert_eq!(state.pad.drawing.label, Some(7), "for the cost, as ever");
    let said = &state.log.shown().unwrap().text;
    assert!(said.starts_with("Kept as a 7: 1 digit of yours"), "{said}");
}

#[test]
fn the_next_stroke_begins_another_drawing_and_undo_brings_the_kept_one_back() {
    let mut state = with_my_digits();
    stroke(&mut state, 100.0);
    press(&mut state, 1);
    stroke(&mut state, 180.0);
    assert_eq!(state.pad.drawing.strokes.len(), 1);
    assert_eq!(state.pad.drawing.label, None);
    press(&mut state, 7);
    assert_eq!(labels(&state), [1, 7]);
    state.handle(AppCommand::Undo);
    assert_eq!(state.pad.drawing.label, Some(1));
    press(&mut state, 4);
    assert_eq!(labels(&state), [4, 7], "it is known again");
}

#[test]
fn another_key_changes_the_label_and_the_same_one_takes_it_back() {
    let mut state = with_my_digits();
    stroke(&mut state, 100.0);
    press(&mut state, 7);
    assert_eq!(saved(&press(&mut state, 1)), Some(vec![1]));
    assert_eq!(saved(&press(&mut state, 1)), Some(vec![]));
    assert_eq!(state.pad.drawing.label, None);
    // Taken back, it can be drawn on, and kept again.
    stroke(&mut state, 150.0);
    assert_eq!(state.pad.drawing.strokes.len(), 2);
    press(&mut state, 4);
    assert_eq!(labels(&state), [4]);
}

#[test]
fn only_what_was_drawn_here_is_kept() {
    let mut state = with_my_digits();
    state.handle(AppCommand::ShowExample { index: 3 });
    press(&mut state, 5);
    state.handle(AppCommand::WritePracticeDigit);
    press(&mut state, 5);
    state.receive(News::DrawingOpened {
        path: "theirs.jsonl".into(),
        result: Ok(digit(5, 0.0).drawing),
    });
    press(&mut state, 4);
    state.handle(AppCommand::ClearPad);
    press(&mut state, 5);
    assert!(labels(&state).is_empty());
    // Labelled while it was blank, it is kept when the key is pressed once more.
    stroke(&mut state, 100.0);
    press(&mut state, 5);
    assert_eq!(labels(&state), [5]);
}

#[test]
fn erasing_from_a_kept_drawing_makes_another_one_of_it() {
    let mut state = with_my_digits();
    stroke(&mut state, 100.0);
    press(&mut state, 7);
    let kept = state.my_digits.all()[0].drawing.strokes.clone();
    state.handle(AppCommand::PenDown {
        x: 102.0,
        y: 140.0,
        pressure: 0.5,
        erase: true,
    });
    state.handle(AppCommand::PenUp);
    assert_eq!(state.pad.drawing.label, None);
    assert_eq!(state.my_digits.all()[0].drawing.strokes, kept);
    state.handle(AppCommand::Undo);
    assert_eq!(state.pad.drawing.label, Some(7));
}

#[test]
fn a_digit_of_the_list_can_be_put_on_the_pad_changed_and_deleted_there_too() {
    let mut state = with_my_digits();
    stroke(&mut state, 100.0);
    press(&mut state, 7);
    stroke(&mut state, 180.0);
    let id = state.my_digits.all()[0].id;
    state.handle(AppCommand::PutMyDigit { id });
    assert_eq!(state.pad.drawing.label, Some(7));
    let effects = state.handle(AppCommand::RelabelMyDigit { id, label: 1 });
    assert_eq!(saved(&effects), Some(vec![1]));
    assert_eq!(state.pad.drawing.label, Some(1));
    state.handle(AppCommand::DeleteMyDigit { id });
    assert_eq!((labels(&state), state.pad.drawing.label), (vec![], None));
    let effects = state.handle(AppCommand::UndoMyDigits);
    assert_eq!(saved(&effects), Some(vec![1]));
    state.handle(AppCommand::DeleteMyDigits);
    state.handle(AppCommand::UndoMyDigits);
    state.handle(AppCommand::UndoMyDigits);
    assert_eq!(labels(&state), [7]);
}

#[test]
fn the_pads_undo_and_that_of_my_digits_do_not_mix() {
    let mut state = with_my_digits();
    stroke(&mut state, 100.0);
    press(&mut state, 7);
    state.handle(AppCommand::Undo);
    assert!(state.pad.is_blank());
    assert_eq!(labels(&state), [7]);
    state.handle(AppCommand::Redo);
    state.handle(AppCommand::UndoMyDigits);
    assert!(labels(&state).is_empty());
    assert_eq!(state.pad.drawing.label, None);
    assert_eq!(state.pad.drawing.strokes.len(), 1, "the ink stays");
    press(&mut state, 7);
    assert_eq!(labels(&state), [7]);
}

#[test]
fn what_is_kept_before_the_file_is_read_is_saved_after_it() {
    let mut state = at_the_start();
    stroke(&mut state, 100.0);
    assert_eq!(saved(&press(&mut state, 7)), None);
    let effects = state.receive(News::MyDigitsLoaded(Ok(LoadedDigits {
        digits: vec![digit(3, 0.0)],
        note: None,
    })));
    assert_eq!(saved(&effects), Some(vec![3, 7]));
}

#[test]
fn a_file_that_must_be_left_alone_is_not_written() {
    let mut state = at_the_start();
    state.receive(News::MyDigitsLoaded(Err("It cannot be read".into())));
    assert_eq!(state.log.shown().unwrap().text, "It cannot be read");
    stroke(&mut state, 100.0);
    assert_eq!(saved(&press(&mut state, 7)), None);
    assert_eq!(labels(&state), [7], "it can still be exported");
    assert!(matches!(state.my_digits.storage, Storage::Refused(_)));
}

#[test]
fn the_list_is_bounded_with_a_sentence() {
    let mut state = with_my_digits();
    let many = vec![digit(1, 0.0); MyDigits::MAX];
    state.receive(News::MyDigitsLoaded(Ok(LoadedDigits {
        digits: many,
        note: None,
    })));
    stroke(&mut state, 100.0);
    press(&mut state, 7);
    assert_eq!(state.my_digits.all().len(), MyDigits::MAX);
    assert_eq!(state.pad.drawing.label, Some(7));
    let said = &state.log.shown().unwrap().text;
    assert!(said.contains("10,000 is the most"), "{said}");
}

#[test]
fn an_import_says_what_came_and_what_did_not() {
    let mut state = with_my_digits();
    let effects = state.handle(AppCommand::ImportMyDigits);
    assert!(
        matches!(&effects[..], [Effect::OpenDialog(dialog)] if dialog.purpose == DialogFor::ImportMyDigits)
    );
    let path = std::path::PathBuf::from("theirs.jsonl");
    let effects = state.receive(News::Chosen {
        purpose: DialogFor::ImportMyDigits,
        path: Some(path.clone()),
    });
    assert!(matches!(&effects[..], [Effect::Open { .. }]));
    let result = || {
        Ok(ImportedDigits {
            digits: vec![digit(1, 0.0), digit(2, 40.0)],
            left_out: 3,
        })
    };
    let effects = state.receive(News::MyDigitsImported {
        path: path.clone(),
        result: result(),
    });
    assert_eq!(saved(&effects), Some(vec![1, 2]));
    let effects = state.receive(News::MyDigitsImported {
        path,
        result: result(),
    });
    assert_eq!(saved(&effects), None);
    let said = &state.log.shown().unwrap().text;
    assert_eq!(
        said,
        "Imported 0 of 5 drawings of theirs.jsonl; 3 without a label or without ink were left out; 2 are here already"
    );
}

#[test]
fn showing_my_digits_leaves_the_depth_that_has_no_room_for_them() {
    let mut state = with_my_digits();
    state.handle(AppCommand::SetDepth(Depth::Draw));
    state.handle(AppCommand::ShowTab(Tab::MyDigits));
    assert_eq!(state.settings.depth, Depth::Learn);
    assert_eq!(state.settings.tab, Tab::MyDigits);
}
