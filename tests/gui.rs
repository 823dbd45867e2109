//! The window without a window: drawing, training and asking, as a person would do it.

mod window;

use egui::{Event, Key, Modifiers, PointerButton, Pos2, vec2};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable;
use inkgrad::app::{AppCommand, Depth, Phase, Settings, Tab};
use inkgrad::explain::Step;
use inkgrad::ui::InkgradApp;
use window::{Gui, click, state, wait_until};

/// The program at its first start, in a window of the smallest size.
fn gui() -> Gui {
    gui_with(Settings::default(), [900.0, 600.0])
}

fn gui_with(settings: Settings, size: [f32; 2]) -> Gui {
    window::leave_the_world_alone();
    let mut gui = Harness::builder()
        .with_size(size)
        .build_eframe(|creation| InkgradApp::new(&creation.egui_ctx, settings));
    gui.step();
    gui
}

/// A place on the pad, 0..=1 from its left and top edge.
fn on_pad(gui: &Gui, x: f32, y: f32) -> Pos2 {
    let pad = gui.get_by_label_contains("Pad").rect();
    pad.min + pad.size() * vec2(x, y)
}

fn press(gui: &Gui, pos: Pos2, button: PointerButton, pressed: bool) {
    gui.event(Event::PointerMoved(pos));
    gui.event(Event::PointerButton {
        pos,
        button,
        pressed,
        modifiers: Modifiers::NONE,
    });
}

/// A 7, written within a single frame, as a quick hand does.
fn write_seven(gui: &mut Gui) {
    let points = [
        (0.3, 0.25),
        (0.5, 0.24),
        (0.72, 0.25),
        (0.6, 0.5),
        (0.48, 0.8),
    ]
    .map(|(x, y)| on_pad(gui, x, y));
    press(gui, points[0], PointerButton::Primary, true);
    for pos in points {
        gui.event(Event::PointerMoved(pos));
    }
    press(gui, points[4], PointerButton::Primary, false);
    gui.step();
}

/// The program after one step of training that is in no file.
fn gui_with_an_unsaved_step() -> Gui {
    let mut gui = gui();
    wait_until(&mut gui, "the practice digits are there", |state| {
        state.data.sets.is_some()
    });
    click(&mut gui, "Train one mini-batch");
    wait_until(&mut gui, "the model is unsaved", |state| {
        state.model.unsaved && state.runs.phase == Phase::Paused
    });
    gui
}

fn with_depth(depth: Depth) -> Settings {
    Settings {
        depth,
        ..Settings::default()
    }
}

#[test]
fn a_step_is_switched_off_and_all_are_on_again() {
    let mut gui = gui_with(Settings::default(), [1280.0, 800.0]);
    write_seven(&mut gui);
    let cells = |gui: &Gui| state(gui).reading.as_ref().unwrap().normalized.cells;
    let usual = cells(&gui);
    assert!(gui.query_by_label_contains("With all steps on").is_none());

    click(&mut gui, "Fitted to 20×20");
    assert_ne!(cells(&gui), usual);
    gui.get_by_label_contains("With all steps on: 7, ");
    click(&mut gui, "All steps on");
    assert_eq!(cells(&gui), usual);

    // By keyboard: a focused switch takes Space, which does not start the training.
    gui.get_by_label("Centred by mass").focus();
    gui.step();
    gui.key_press(Key::Space);
    gui.step();
    gui.step();
    assert_ne!(cells(&gui), usual);
    assert_eq!(state(&gui).runs.phase, Phase::Idle);
}

#[test]
fn a_stroke_is_answered_in_the_frame_that_carries_it() {
    let mut gui = gui();
    assert!(gui.query_by_label("No answer yet").is_some());
    let (start, middle) = (on_pad(&gui, 0.3, 0.2), on_pad(&gui, 0.5, 0.7));
    press(&gui, start, PointerButton::Primary, true);
    gui.event(Event::PointerMoved(middle));
    gui.step();
    // The pen is still down.
    let reading = state(&gui).reading.as_ref().expect("a reading");
    let said = format!("Answer {},", reading.answer);
    assert!(gui.query_by_label_contains(&said).is_some());
    assert_eq!(reading.outputs.len(), 10);
}

#[test]
fn a_seven_that_is_drawn_is_read_as_a_seven() {
    let mut gui = gui();
    write_seven(&mut gui);
    assert_eq!(state(&gui).reading.as_ref().map(|r| r.answer), Some(7));
}

#[test]
fn undo_takes_the_stroke_back_and_redo_brings_it_again() {
    let mut gui = gui();
    write_seven(&mut gui);
    click(&mut gui, "Undo");
    assert!(state(&gui).pad.drawing.is_blank());
    assert!(state(&gui).reading.is_none());
    gui.key_press_modifiers(Modifiers::COMMAND | Modifiers::SHIFT, Key::Z);
    gui.run_steps(2);
    assert!(state(&gui).reading.is_some());
    gui.key_press_modifiers(Modifiers::COMMAND, Key::Z);
    gui.run_steps(2);
    assert!(state(&gui).reading.is_none());
}

#[test]
fn clear_leaves_a_blank_pad_without_an_answer() {
    let mut gui = gui();
    write_seven(&mut gui);
    click(&mut gui, "Clear pad");
    assert!(gui.query_by_label("Pad, blank").is_some());
    assert!(gui.query_by_label("No answer yet").is_some());
}

#[test]
fn the_right_button_erases() {
    let mut gui = gui();
    let points = |gui: &Gui| -> usize {
        let strokes = &state(gui).pad.drawing.strokes;
        strokes.iter().map(|stroke| stroke.points.len()).sum()
    };
    write_seven(&mut gui);
    let before = points(&gui);
    assert!(before > 0);
    let (from, to) = (on_pad(&gui, 0.3, 0.5), on_pad(&gui, 0.9, 0.5));
    press(&gui, from, PointerButton::Secondary, true);
    gui.event(Event::PointerMoved(to));
    press(&gui, to, PointerButton::Secondary, false);
    gui.run_steps(2);
    assert_ne!(points(&gui), before);
    assert!(
        state(&gui).pad.drawing.strokes.len() > 1,
        "the stroke is cut"
    );
}

#[test]
fn a_label_shows_the_cost_and_the_same_key_takes_it_back() {
    let mut gui = gui_with(Settings::default(), [1280.0, 800.0]);
    write_seven(&mut gui);
    gui.key_press(Key::Num7);
    gui.run_steps(2);
    assert_eq!(state(&gui).pad.drawing.label, Some(7));
    assert!(gui.query_by_label_contains("for a 7 (").is_some());
    gui.key_press(Key::Num7);
    gui.run_steps(2);
    assert_eq!(state(&gui).pad.drawing.label, None);
    click(&mut gui, "This is a 3");
    assert_eq!(state(&gui).pad.drawing.label, Some(3));
}

#[test]
fn keys_type_into_a_text_field_and_do_nothing_else() {
    let mut gui = gui();
    let rate = gui.get_by_label("Learning rate");
    rate.focus();
    gui.run_steps(2);
    rate_is_edited(&mut gui);
    assert_eq!(state(&gui).pad.drawing.label, None);
    assert_eq!(state(&gui).runs.phase, Phase::Idle);
}

#[test]
fn a_rate_that_is_half_typed_reaches_nothing() {
    let mut gui = gui();
    let before = state(&gui).settings.hyperparameters.learning_rate;
    gui.get_by_label("Learning rate").focus();
    gui.run_steps(2);
    rate_is_edited(&mut gui);
    let rate = state(&gui).settings.hyperparameters.learning_rate;
    assert_eq!(rate, before, "5 may become 5e-3");
    gui.key_press(Key::Enter);
    gui.run_steps(2);
    let rate = state(&gui).settings.hyperparameters.learning_rate;
    assert_ne!(rate, before);
}

#[test]
fn a_wrong_rate_is_explained_and_not_changed_in_silence() {
    let mut settings = with_depth(Depth::Lab);
    settings.hyperparameters.learning_rate = 0.0;
    let mut gui = gui_with(settings, [1300.0, 800.0]);
    gui.run_steps(3);
    assert_eq!(state(&gui).settings.hyperparameters.learning_rate, 0.0);
    assert!(
        gui.query_all_by_label_contains("The learning rate is 0")
            .next()
            .is_some()
    );
}

/// Types a rate with digits that would be labels elsewhere.
fn rate_is_edited(gui: &mut Gui) {
    gui.key_press(Key::Num5);
    gui.event(Event::Text("5".to_owned()));
    gui.run_steps(2);
}

#[test]
fn the_depths_show_more_and_more() {
    let mut gui = gui_with(with_depth(Depth::Draw), [900.0, 600.0]);
    assert!(gui.query_by_label("Network").is_none());
    assert!(gui.query_by_label("Train one epoch").is_none());
    gui.key_press_modifiers(Modifiers::COMMAND, Key::Num2);
    gui.run_steps(2);
    assert_eq!(state(&gui).settings.depth, Depth::Learn);
    assert!(gui.query_by_label("Network").is_some());
    assert!(gui.query_by_label("Train one epoch").is_some());
    click(&mut gui, "Lab");
    assert_eq!(state(&gui).settings.depth, Depth::Lab);
    click(&mut gui, "Draw");
    assert!(gui.query_by_label("Network").is_none());
}

#[test]
fn the_pad_keeps_its_size_while_the_answer_comes_and_goes() {
    for depth in [Depth::Draw, Depth::Learn, Depth::Lab] {
        let mut gui = gui_with(with_depth(depth), [900.0, 600.0]);
        gui.run_steps(3);
        let before = gui.get_by_label_contains("Pad").rect();
        assert!(before.width() >= 280.0, "{before:?}");
        write_seven(&mut gui);
        gui.run_steps(3);
        assert_eq!(gui.get_by_label_contains("Pad").rect(), before, "{depth:?}");
    }
}

#[test]
fn nothing_of_the_transport_bar_is_cut_off_in_the_smallest_window() {
    let mut gui = gui_with(with_depth(Depth::Lab), [900.0, 600.0]);
    gui.run_steps(3);
    let labels = [
        "Reset weights",
        "Play or pause",
        "Train one example",
        "Train one mini-batch",
        "Train one epoch",
        "Learning rate",
        "Draw",
        "Lab",
    ];
    for label in labels {
        let rect = gui.get_by_label(label).rect();
        assert!(
            rect.left() >= 0.0 && rect.right() <= 900.0 && rect.width() > 20.0,
            "{label}: {rect:?}"
        );
    }
    let rate = gui.get_by_label("Learning rate").rect();
    assert!(rate.right() < 880.0, "room is left for what training does");
}

#[test]
fn the_curves_leave_the_network_its_room_in_the_smallest_window() {
    let mut gui = gui_with(with_depth(Depth::Learn), [900.0, 600.0]);
    gui.run_steps(3);
    let curves = gui.get_by_label("Log cost").rect();
    for legend in gui.get_all_by_label("w > 0") {
        let legend = legend.rect();
        assert!(legend.bottom() < curves.top(), "{legend:?} {curves:?}");
    }
}

#[test]
fn space_plays_and_pauses_and_drawing_goes_on() {
    let mut gui = gui();
    wait_until(&mut gui, "the practice digits are there", |state| {
        state.data.sets.is_some()
    });
    gui.key_press(Key::Space);
    gui.step();
    wait_until(&mut gui, "steps were made", |state| {
        state.runs.progress.as_ref().is_some_and(|p| p.step > 3)
    });
    write_seven(&mut gui);
    assert!(state(&gui).reading.is_some());
    click(&mut gui, "Play or pause");
    wait_until(&mut gui, "training pauses", |state| {
        state.runs.phase == Phase::Paused
    });
    assert!(state(&gui).model.unsaved);
    let version = state(&gui).model.version;
    click(&mut gui, "Train one mini-batch");
    wait_until(&mut gui, "one more step was made", |state| {
        state.model.version > version && state.runs.phase == Phase::Paused
    });
}

#[test]
fn closing_asks_about_unsaved_changes_and_escape_stays() {
    let mut gui = gui_with_an_unsaved_step();
    let viewports = &mut gui.input_mut().viewports;
    let window = viewports.entry(egui::ViewportId::ROOT).or_default();
    window.events.push(egui::ViewportEvent::Close);
    gui.step();
    let viewports = &mut gui.input_mut().viewports;
    let window = viewports.entry(egui::ViewportId::ROOT).or_default();
    window.events.clear();
    gui.step();
    let question = state(&gui).question.clone().expect("a question");
    for button in &question.buttons {
        assert!(gui.query_by_label(button).is_some(), "{button}");
    }
    gui.key_press(Key::Escape);
    gui.run_steps(2);
    assert!(state(&gui).question.is_none());
    assert!(state(&gui).model.unsaved, "nothing was thrown away");
}

#[test]
fn enter_presses_the_answer_that_was_reached_with_tab() {
    let mut gui = gui_with_an_unsaved_step();
    gui.key_press_modifiers(Modifiers::COMMAND, Key::Q);
    gui.run_steps(2);
    gui.get_by_label("Cancel").focus();
    gui.run_steps(2);
    gui.key_press(Key::Enter);
    gui.run_steps(2);
    assert!(state(&gui).question.is_none());
    // The first answer would have opened a dialog, and no second one may open beside it.
    assert!(AppCommand::SaveModelAs.enabled(state(&gui)).is_ok());
}

#[test]
fn the_shortcuts_window_opens_with_its_key_and_names_the_keys() {
    let mut gui = gui();
    gui.key_press(Key::F1);
    gui.run_steps(2);
    assert!(state(&gui).show_shortcuts);
    assert!(gui.query_by_label("Ctrl+Z").is_some());
}

#[test]
fn arrows_take_the_steps_of_the_walk_where_it_is_shown_and_train_nothing() {
    let settings = Settings {
        tab: Tab::Backprop,
        ..Settings::default()
    };
    let mut gui = gui_with(settings, [1280.0, 800.0]);
    wait_until(&mut gui, "the practice digits are there", |state| {
        state.data.sets.is_some()
    });
    gui.key_press(Key::P);
    gui.run_steps(2);
    for (key, step) in [
        (Key::ArrowRight, Step::Forward { layer: 1 }),
        (Key::ArrowLeft, Step::Input),
        (Key::End, Step::ForwardAgain),
        (Key::Home, Step::Input),
    ] {
        gui.key_press(key);
        gui.run_steps(2);
        assert_eq!(state(&gui).examined_step(), step);
    }
    assert_eq!(state(&gui).runs.phase, Phase::Idle);
    gui.key_press(Key::N);
    gui.run_steps(2);
    assert!(state(&gui).model.unsaved, "the nudge was applied");
    gui.key_press_modifiers(Modifiers::SHIFT, Key::N);
    gui.run_steps(2);
    assert!(!state(&gui).model.unsaved, "and taken back");
}

#[test]
fn every_menu_opens_and_shows_its_commands() {
    let mut gui = gui();
    for (menu, entry) in [
        ("File", AppCommand::SaveModelAs),
        ("Edit", AppCommand::Redo),
        ("Train", AppCommand::NewNetwork),
        ("Data", AppCommand::FetchMnist),
        ("View", AppCommand::ResetZoom),
        ("Lessons", AppCommand::OpenLesson),
        ("Help", AppCommand::ShowAbout(true)),
    ] {
        click(&mut gui, menu);
        let text = entry.info().text;
        assert!(
            gui.query_all_by_label_contains(text).next().is_some(),
            "{menu} has no {text}"
        );
        gui.key_press(Key::Escape);
        gui.run_steps(2);
    }
}

#[test]
fn a_lesson_is_gone_through_by_keyboard() {
    let mut gui = gui_with(Settings::default(), [1280.0, 800.0]);
    click(&mut gui, "Lessons");
    click(&mut gui, "What a network computes");
    let step = |gui: &Gui| state(gui).lesson.as_ref().unwrap().step;
    gui.get_by_label("784 numbers go in");
    gui.get_by_label("Draw a digit on the pad, or press P and have one written");
    gui.get_by_label("To do");
    gui.key_press(Key::P);
    gui.run_steps(2);
    gui.get_by_label("Done");

    gui.key_press(Key::PageDown);
    gui.run_steps(2);
    assert_eq!(step(&gui), 1);
    let posed = state(&gui).lesson.as_ref().unwrap().posed.clone();
    let posed = posed.unwrap().unwrap();
    assert_eq!(posed.choices[posed.right], "12,544");
    let key = [Key::A, Key::B, Key::C, Key::D][posed.right];
    gui.key_press_modifiers(Modifiers::ALT, key);
    gui.run_steps(2);
    gui.get_by_label_contains("Yes: 12,544");
    assert!(state(&gui).reading.is_some(), "Alt+C clears no pad");

    gui.key_press(Key::PageUp);
    gui.run_steps(2);
    assert_eq!(step(&gui), 0);
    let name = gui.get_by_label_contains("Step 1 of 4: 784 numbers go in, done");
    assert!(name.rect().width() > 10.0);
    for _ in 0..4 {
        gui.key_press(Key::PageDown);
        gui.run_steps(2);
    }
    assert!(state(&gui).lesson.is_none(), "the last step ends it");
    assert_eq!(state(&gui).model.name, "default");
}

#[test]
fn a_lesson_leaves_the_pad_and_the_answer_their_room_in_the_smallest_window() {
    for large_type in [false, true] {
        let settings = Settings {
            large_type,
            ..Settings::default()
        };
        let mut gui = gui_with(settings, [900.0, 600.0]);
        click(&mut gui, "Lessons");
        click(&mut gui, "Cost");
        let pad = gui.get_by_label_contains("Pad").rect();
        assert!(pad.top() >= 0.0 && pad.bottom() <= 600.0, "{pad:?}");
        for label in [
            "Back in the lesson",
            "On in the lesson",
            "Leave the lesson",
            "Large type",
        ] {
            let rect = gui.get_by_label(label).rect();
            assert!(
                rect.left() >= 0.0 && rect.right() <= 900.0,
                "{label}: {rect:?}"
            );
            assert!(rect.bottom() <= 600.0, "{label}: {rect:?}");
        }
    }
}
