use super::{at_the_start, model, progress, ready, trained};
use crate::app::{AppCommand, AppState, News, PenMode};
use crate::ink::{Cells, GrayImage, Step, Steps};

fn down(x: f32, y: f32, erase: bool) -> AppCommand {
    AppCommand::PenDown {
        x,
        y,
        pressure: 0.5,
        erase,
    }
}

fn moved(x: f32, y: f32) -> AppCommand {
    AppCommand::PenMove {
        x,
        y,
        pressure: 0.5,
    }
}

fn draw_a_one(state: &mut AppState) {
    state.handle(down(140.0, 60.0, false));
    state.handle(moved(140.0, 140.0));
    state.handle(moved(140.0, 220.0));
    state.handle(AppCommand::PenUp);
}

#[test]
fn the_first_touch_of_the_pen_is_answered_at_once() {
    let mut state = at_the_start();
    assert!(state.reading.is_none(), "a blank pad has no answer");
    state.handle(down(140.0, 60.0, false));
    let reading = state.reading.as_ref().unwrap();
    assert_eq!(reading.outputs.len(), 10);
    assert!(
        reading.outputs[usize::from(reading.answer)]
            >= reading.outputs[usize::from(reading.second)]
    );
}

#[test]
fn the_answer_follows_every_move_of_the_pen() {
    let mut state = at_the_start();
    state.handle(down(140.0, 60.0, false));
    let dot = state.reading.clone().unwrap().normalized.cells;
    state.handle(moved(140.0, 220.0));
    assert_ne!(state.reading.unwrap().normalized.cells, dot);
}

#[test]
fn clearing_takes_the_answer_away_and_undo_brings_it_back() {
    let mut state = at_the_start();
    draw_a_one(&mut state);
    state.handle(AppCommand::ClearPad);
    assert!(state.reading.is_none());
    state.handle(AppCommand::Undo);
    assert!(state.reading.is_some());
    state.handle(AppCommand::Redo);
    assert!(state.reading.is_none());
}

#[test]
fn the_right_button_erases_whatever_the_mode() {
    let mut state = at_the_start();
    draw_a_one(&mut state);
    assert_eq!(state.pad.mode, PenMode::Draw);
    state.handle(down(140.0, 140.0, true));
    state.handle(AppCommand::PenUp);
    assert_eq!(state.pad.drawing.strokes.len(), 2);
    state.handle(AppCommand::Undo);
    assert_eq!(state.pad.drawing.strokes.len(), 1);
}

#[test]
fn a_new_network_reads_the_same_ink_anew() {
    let mut state = trained(1);
    draw_a_one(&mut state);
    let before = state.reading.clone().unwrap();
    let mut other = model("other", 4, 0).network;
    for layer in other.layers_mut() {
        layer.weights.mapv_inplace(|weight| -weight);
    }
    state.receive(News::Snapshot(std::sync::Arc::new(
        crate::training::Snapshot {
            network: other.into(),
            gradients: None,
            step: 2,
            epoch: 0.1,
        },
    )));
    let after = state.reading.unwrap();
    assert_eq!(after.normalized, before.normalized);
    assert_ne!(after.outputs, before.outputs);
}

#[test]
fn a_test_digit_is_read_as_the_data_holds_it() {
    let mut state = ready();
    let cells = state.data.sets.as_ref().unwrap().test.cells(3);
    state.handle(AppCommand::ShowExample { index: 3 });
    assert_eq!(state.reading.as_ref().unwrap().normalized.cells, cells);
    assert_eq!(state.pad.drawing.label, Some(3));
    state.handle(AppCommand::ShowExample { index: 99 });
    assert_eq!(state.pad.drawing.label, Some(3), "there is no such digit");
}

#[test]
fn a_practice_digit_comes_with_its_label_and_an_answer() {
    let mut state = at_the_start();
    state.handle(AppCommand::WritePracticeDigit);
    assert!(state.pad.drawing.label.is_some());
    assert!(state.reading.is_some());
    let first = state.pad.drawing.clone();
    state.handle(AppCommand::WritePracticeDigit);
    assert_ne!(state.pad.drawing, first);
    state.handle(AppCommand::Undo);
    assert_eq!(state.pad.drawing, first);
}

#[test]
fn a_label_beyond_nine_is_no_label() {
    let mut state = at_the_start();
    state.handle(AppCommand::SetLabel(Some(7)));
    assert_eq!(state.pad.drawing.label, Some(7));
    state.handle(AppCommand::SetLabel(Some(12)));
    assert_eq!(state.pad.drawing.label, None);
}

#[test]
fn an_opened_picture_is_read_and_one_without_ink_says_so() {
    let mut state = at_the_start();
    let picture = |ink: Vec<u8>| {
        Ok(GrayImage {
            width: 28,
            height: 28,
            ink,
        })
    };
    let mut cells = Cells::BLANK;
    for row in 8..20 {
        cells.0[row * 28 + 14] = 255;
    }
    state.receive(News::PictureOpened {
        path: "one.png".into(),
        result: picture(cells.0.to_vec()),
    });
    assert!(state.reading.is_some());
    state.receive(News::PictureOpened {
        path: "white.png".into(),
        result: picture(vec![0; 784]),
    });
    assert!(state.reading.is_none());
    assert!(state.log.shown().unwrap().text.contains("white.png"));
}

#[test]
fn the_pad_works_while_training_runs() {
    let mut state = trained(10);
    draw_a_one(&mut state);
    progress(&mut state, 20);
    assert!(state.reading.is_some());
}

#[test]
fn a_step_that_is_left_out_changes_the_answer_at_once_and_the_usual_one_is_kept_beside_it() {
    let mut state = at_the_start();
    // Small and in a corner: shrunk with its pad it is a speck.
    for (x, y) in [(20.0, 20.0), (20.0, 44.0)] {
        state.handle(down(x, y, false));
        state.handle(moved(x + 1.0, y + 20.0));
        state.handle(AppCommand::PenUp);
    }
    let usual = state.reading.clone().unwrap();
    assert!(usual.with_all_steps.is_none());
    state.handle(AppCommand::SetSteps(Steps::NONE));
    let shrunk = state.reading.clone().unwrap();
    assert_ne!(shrunk.normalized.cells, usual.normalized.cells);
    let kept = shrunk.with_all_steps.unwrap();
    assert_eq!(kept.outputs, usual.outputs);

    state.handle(AppCommand::SetSteps(Steps::ALL));
    let again = state.reading.clone().unwrap();
    assert_eq!(again.normalized, usual.normalized);
    assert!(again.with_all_steps.is_none());
    // A drawing has no step for its brightness: nothing is left out.
    state.handle(AppCommand::SetSteps(
        Steps::ALL.with(Step::Brightness, false),
    ));
    assert!(state.reading.unwrap().with_all_steps.is_none());
}

#[test]
fn both_answers_follow_the_network_while_a_step_is_left_out() {
    let mut state = ready();
    draw_a_one(&mut state);
    state.handle(AppCommand::SetSteps(Steps::ALL.with(Step::Fit, false)));
    let before = state.reading.clone().unwrap();
    state.handle(AppCommand::OpenBundled { name: "default" });
    state.handle(AppCommand::Answer { button: 0 });
    let after = state.reading.unwrap();
    assert_ne!(after.outputs, before.outputs);
    let usual = |reading: &crate::app::Reading| {
        let usual = reading.with_all_steps.as_ref().unwrap();
        usual.outputs.clone()
    };
    assert_ne!(usual(&after), usual(&before));
}
