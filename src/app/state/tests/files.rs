use super::{at_the_start, model, progress, question_buttons, ready, told_the_thread, trained};
use crate::app::{AppCommand, AppState, Dialog, DialogFor, Effect, News, Origin};
use crate::ink::{Drawing, Point, Stroke};
use std::path::PathBuf;

fn saved(state: &mut AppState, path: &str) -> Vec<Effect> {
    state.receive(News::Written {
        purpose: DialogFor::SaveModel,
        path: path.into(),
        result: Ok(()),
    })
}

/// Chooses `path` in the save dialog, which is open.
fn choose(state: &mut AppState, path: &str) -> Vec<Effect> {
    state.receive(News::Chosen {
        purpose: DialogFor::SaveModel,
        path: Some(path.into()),
    })
}

fn open(state: &mut AppState, name: &str) -> Vec<Effect> {
    state.receive(News::ModelOpened {
        path: format!("/models/{name}.json").into(),
        result: Ok(Box::new(model(name, 4, 300))),
    })
}

fn dialog_of(effects: &[Effect]) -> Option<&Dialog> {
    effects.iter().find_map(|effect| match effect {
        Effect::OpenDialog(dialog) => Some(dialog),
        _ => None,
    })
}

fn draw_a_dot(state: &mut AppState) {
    state.handle(AppCommand::PenDown {
        x: 100.0,
        y: 100.0,
        pressure: 0.5,
        erase: false,
    });
    state.handle(AppCommand::PenUp);
}

#[test]
fn a_model_without_a_file_is_saved_through_a_dialog_and_then_without_one() {
    let mut state = trained(500);
    let effects = state.handle(AppCommand::SaveModel);
    let dialog = dialog_of(&effects).unwrap();
    assert_eq!(dialog.purpose, DialogFor::SaveModel);
    assert_eq!(dialog.file_name.as_deref(), Some("inkgrad-784-4-10.json"));
    let effects = choose(&mut state, "/models/mine.json");
    let [Effect::WriteModel { path, model }] = &effects[..] else {
        panic!("{effects:?}");
    };
    assert_eq!(*path, PathBuf::from("/models/mine.json"));
    assert_eq!((model.name.as_str(), model.record.steps), ("mine", 500));
    saved(&mut state, "/models/mine.json");
    assert!(!state.model.unsaved);
    assert_eq!(state.model.origin, Origin::File("/models/mine.json".into()));
    assert_eq!(state.settings.recent, [PathBuf::from("/models/mine.json")]);
    progress(&mut state, 600);
    let effects = state.handle(AppCommand::SaveModel);
    assert!(
        matches!(&effects[..], [Effect::WriteModel { .. }]),
        "{effects:?}"
    );
}

#[test]
fn training_that_went_on_while_the_file_was_written_is_still_unsaved() {
    let mut state = trained(500);
    state.handle(AppCommand::SaveModel);
    let effects = choose(&mut state, "/models/mine.json");
    assert!(told_the_thread(&effects).is_empty(), "training goes on");
    progress(&mut state, 900);
    saved(&mut state, "/models/mine.json");
    assert!(state.model.unsaved);
    assert!(
        state.unsaved_sentence().contains("400 steps"),
        "{}",
        state.unsaved_sentence()
    );
}

#[test]
fn a_file_that_could_not_be_written_leaves_the_model_unsaved_and_an_error() {
    let mut state = trained(500);
    state.handle(AppCommand::SaveModel);
    choose(&mut state, "/full/mine.json");
    state.receive(News::Written {
        purpose: DialogFor::SaveModel,
        path: "/full/mine.json".into(),
        result: Err("/full/mine.json could not be written: no space left".into()),
    });
    assert!(state.model.unsaved);
    assert_eq!(state.model.origin, Origin::Fresh);
    assert!(state.log.shown().unwrap().text.contains("no space left"));
}

#[test]
fn a_model_that_was_replaced_while_its_file_was_written_does_not_give_its_file_to_the_next() {
    let mut state = trained(50);
    state.handle(AppCommand::SaveModel);
    choose(&mut state, "/models/mine.json");
    open(&mut state, "other");
    saved(&mut state, "/models/mine.json");
    assert_eq!(
        state.model.origin,
        Origin::File("/models/other.json".into())
    );
}

#[test]
fn a_second_dialog_waits_for_the_first() {
    let mut state = trained(500);
    assert!(!state.handle(AppCommand::SaveModelAs).is_empty());
    assert!(state.handle(AppCommand::OpenModel).is_empty());
    assert!(AppCommand::OpenModel.enabled(&state).is_err());
    state.receive(News::Chosen {
        purpose: DialogFor::SaveModel,
        path: None,
    });
    assert!(!state.handle(AppCommand::OpenModel).is_empty());
}

#[test]
fn a_missing_dialog_is_said_and_another_can_be_tried() {
    let mut state = trained(500);
    state.handle(AppCommand::SaveModel);
    state.receive(News::NoDialog {
        sentence: "No file dialog can be opened here: install zenity".into(),
    });
    assert!(state.log.shown().unwrap().text.contains("zenity"));
    assert!(!state.handle(AppCommand::SaveModel).is_empty());
}

#[test]
fn a_broken_file_leaves_the_present_model_and_the_run_alone() {
    let mut state = trained(500);
    let version = state.model.version;
    let effects = state.receive(News::ModelOpened {
        path: "/models/broken.json".into(),
        result: Err("Layer 2 has 30 inputs, but layer 1 has 16 units".into()),
    });
    assert!(effects.is_empty() && state.question.is_none());
    assert_eq!(state.model.version, version);
    assert!(state.log.shown().unwrap().text.contains("Layer 2"));
}

#[test]
fn a_model_of_another_shape_is_refused_with_both_numbers() {
    let mut state = ready();
    let network = crate::nn::Network::new(
        vec![crate::nn::Layer {
            weights: ndarray::Array2::zeros((100, 3)),
            biases: ndarray::Array1::zeros(3),
            activation: crate::nn::Activation::Softmax,
        }],
        crate::nn::Cost::CrossEntropy,
    )
    .unwrap();
    let mut other = model("irises", 4, 0);
    other.network = network;
    state.receive(News::ModelOpened {
        path: "irises.json".into(),
        result: Ok(Box::new(other)),
    });
    assert_eq!(state.model.origin, Origin::Bundled);
    let text = &state.log.shown().unwrap().text;
    assert!(
        text.contains("100 inputs") && text.contains("3 outputs"),
        "{text}"
    );
}

#[test]
fn opening_over_much_unsaved_training_asks_and_saving_goes_on_to_open() {
    let mut state = trained(500);
    assert!(open(&mut state, "other").is_empty());
    assert_eq!(question_buttons(&state), ["Save", "Discard", "Cancel"]);
    let effects = state.handle(AppCommand::Answer { button: 0 });
    assert!(dialog_of(&effects).is_some());
    choose(&mut state, "/models/mine.json");
    let effects = saved(&mut state, "/models/mine.json");
    assert_eq!(told_the_thread(&effects), ["Stop"]);
    assert_eq!(state.model.name, "other");
    assert!(state.log.shown().unwrap().text.contains("was stopped"));
    assert_eq!(
        state.settings.recent,
        [
            PathBuf::from("/models/other.json"),
            PathBuf::from("/models/mine.json")
        ]
    );
}

#[test]
fn a_save_dialog_that_is_cancelled_leaves_everything_as_it_is() {
    let mut state = trained(500);
    open(&mut state, "other");
    state.handle(AppCommand::Answer { button: 0 });
    state.receive(News::Chosen {
        purpose: DialogFor::SaveModel,
        path: None,
    });
    assert_eq!(state.model.record.steps, 500);
    state.handle(AppCommand::SaveModel);
    choose(&mut state, "/models/mine.json");
    saved(&mut state, "/models/mine.json");
    assert_eq!(
        state.model.name, "mine",
        "the other model is not opened after all"
    );
}

#[test]
fn what_is_dropped_is_looked_at_whatever_it_is() {
    let mut state = at_the_start();
    let effects = state.handle(AppCommand::FileDropped {
        path: "thing".into(),
    });
    assert!(matches!(&effects[..], [Effect::Open { purpose: None, .. }]));
    let effects = state.receive(News::DataFound {
        path: "/digits".into(),
    });
    assert!(
        effects
            .iter()
            .any(|effect| matches!(effect, Effect::LoadData { .. }))
    );
}

#[test]
fn a_broken_file_is_told_until_another_is_opened() {
    let mut state = at_the_start();
    let before = state.model.name.clone();
    state.receive(News::ModelOpened {
        path: "broken.json".into(),
        result: Err("broken.json: the file is empty".into()),
    });
    let shown = |state: &AppState| state.log.shown().unwrap().text.clone();
    assert_eq!(
        shown(&state),
        "broken.json: the file is empty. All is as it was; open another file, or this one when it is mended"
    );
    assert_eq!(state.model.name, before);
    state.receive(News::Chosen {
        purpose: DialogFor::OpenModel,
        path: Some("/models/other.json".into()),
    });
    open(&mut state, "other");
    assert_eq!(shown(&state), "Opened “other”");
}

#[test]
fn a_drawing_is_saved_large_small_and_as_strokes() {
    let mut state = at_the_start();
    draw_a_dot(&mut state);
    state.handle(AppCommand::SetLabel(Some(1)));
    for (command, name) in [
        (AppCommand::SaveDrawingPng, "digit-1.png"),
        (AppCommand::SaveDrawing28, "digit-1-28x28.png"),
        (AppCommand::SaveDrawingStrokes, "digit-1.jsonl"),
    ] {
        let effects = state.handle(command);
        let dialog = dialog_of(&effects).unwrap().clone();
        assert_eq!(dialog.file_name.as_deref(), Some(name));
        let effects = state.receive(News::Chosen {
            purpose: dialog.purpose,
            path: Some(name.into()),
        });
        let [Effect::Write { bytes, .. }] = &effects[..] else {
            panic!("{effects:?}");
        };
        if name.ends_with("png") {
            let side = if name.contains("28x28") { 28 } else { 560 };
            let picture = crate::ink::decode_picture(name.as_ref(), bytes).unwrap();
            assert_eq!((picture.width, picture.height), (side, side));
        } else {
            let text = String::from_utf8_lossy(bytes);
            assert!(
                text.contains("\"label\":1") || text.contains("\"label\": 1"),
                "{text}"
            );
        }
    }
}

#[test]
fn nothing_is_saved_of_a_blank_pad_and_a_picture_has_no_strokes() {
    let mut state = ready();
    for command in [
        AppCommand::SaveDrawingPng,
        AppCommand::SaveDrawing28,
        AppCommand::SaveDrawingStrokes,
        AppCommand::ExportCurvesCsv,
    ] {
        assert!(command.enabled(&state).is_err(), "{command:?}");
        assert!(state.handle(command).is_empty());
    }
    state.handle(AppCommand::ShowExample { index: 1 });
    assert!(AppCommand::SaveDrawingPng.enabled(&state).is_ok());
    assert!(AppCommand::SaveDrawingStrokes.enabled(&state).is_err());
}

#[test]
fn curves_are_exported_with_the_names_of_their_runs() {
    let mut state = trained(10);
    let effects = state.handle(AppCommand::ExportCurvesCsv);
    assert_eq!(
        dialog_of(&effects).unwrap().file_name.as_deref(),
        Some("curves.csv")
    );
    let effects = state.receive(News::Chosen {
        purpose: DialogFor::ExportCurvesCsv,
        path: Some("curves.csv".into()),
    });
    let [Effect::Write { bytes, .. }] = &effects[..] else {
        panic!("{effects:?}");
    };
    let text = String::from_utf8_lossy(bytes);
    let name = &state.runs.current().unwrap().name;
    assert!(text.contains(&format!("\"{name}\",10,")), "{text}");
}

#[test]
fn the_picture_of_the_curves_is_kept_until_its_place_is_known() {
    let mut state = ready();
    state.handle(AppCommand::ExportCurvesPng { png: vec![1, 2, 3] });
    let effects = state.receive(News::Chosen {
        purpose: DialogFor::ExportCurvesPng,
        path: Some("curves.png".into()),
    });
    assert!(matches!(&effects[..], [Effect::Write { bytes, .. }] if bytes[..] == [1, 2, 3]));
}

#[test]
fn every_command_that_promises_a_dialog_opens_one() {
    for command in AppCommand::listed() {
        let mut state = trained(10);
        draw_a_dot(&mut state);
        state.handle(AppCommand::SetLabel(Some(1)));
        let text = command.info().text;
        let promised = text.ends_with('…');
        let opened = dialog_of(&state.handle(command.clone())).is_some();
        // Only a model that has no file yet needs one.
        let sometimes = command == AppCommand::SaveModel;
        assert!(promised == opened || sometimes, "{text}");
    }
}

#[test]
fn of_a_drawing_with_countless_points_those_that_make_a_difference_are_opened() {
    let mut state = at_the_start();
    let mut drawing = Drawing::new([1000.0, 1000.0]);
    drawing.strokes.push(Stroke {
        points: (0..90_000)
            .map(|i| Point::new(300.0 + (i / 900) as f32, 900.0 * i as f32 / 90_000.0))
            .collect(),
        width: 60.0,
    });
    state.receive(News::DrawingOpened {
        path: "long.jsonl".into(),
        result: Ok(drawing),
    });
    assert!(state.pad.drawing.point_count() <= 5000);
    assert!(state.reading.is_some());
    let said = state.log.shown().unwrap().text.clone();
    assert!(
        said.starts_with("long.jsonl has 90,000 points; the "),
        "{said}"
    );
}
