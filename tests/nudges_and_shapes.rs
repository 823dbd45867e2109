//! The views *Averaged nudges* and *Shapes*, used as a person would use them.

mod window;

use egui::Key;
use egui::accesskit::Role;
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable;
use inkgrad::app::{AppCommand, MicroscopeView, Settings, Tab};
use inkgrad::explain::{BiasAs, Mistake};
use inkgrad::ui::InkgradApp;
use window::{Gui, click, state, wait_until};

fn gui(view: MicroscopeView, size: [f32; 2]) -> Gui {
    window::leave_the_world_alone();
    let settings = Settings {
        tab: Tab::Backprop,
        microscope_view: view,
        ..Settings::default()
    };
    let mut gui = Harness::builder()
        .with_size(size)
        .build_eframe(|creation| InkgradApp::new(&creation.egui_ctx, settings));
    gui.step();
    gui
}

#[test]
fn the_nudges_of_a_mini_batch_are_shown_and_digits_are_picked() {
    let mut gui = gui(MicroscopeView::Nudges, [1280.0, 800.0]);
    wait_until(&mut gui, "the nudges are averaged", |state| {
        state.averaged_nudges().is_some()
    });
    gui.get_by_label_contains("Mean of 16: cost ");
    let shown = state(&gui).nudge_request().unwrap().positions;
    let first = format!("Training digit {}, ", loudest(&gui));
    gui.get_by_label_contains(&first);

    click(&mut gui, "Another mini-batch");
    assert_ne!(state(&gui).nudge_request().unwrap().positions, shown);

    click(&mut gui, "Picked by hand");
    let picked = state(&gui).nudge_request().unwrap().positions;
    assert_eq!(picked.len(), 10);
    wait_until(&mut gui, "the ten are averaged", |state| {
        let averaged = state.averaged_nudges();
        averaged.is_some_and(|averaged| averaged.request.len() == 10)
    });
    // In the table a digit goes out at a press of a key.
    let out = loudest(&gui);
    let name = format!("Training digit {out}, ");
    let rows = gui.get_all_by_label_contains(&name);
    rows.last().unwrap().focus();
    gui.step();
    gui.key_press(Key::Enter);
    gui.run_steps(3);
    let left: Vec<u32> = picked.into_iter().filter(|&index| index != out).collect();
    assert_eq!(state(&gui).nudge_request().unwrap().positions, left);
}

/// The training digit with the longest gradient, which stands first in the table.
fn loudest(gui: &Gui) -> u32 {
    let averaged = state(gui).averaged_nudges().unwrap();
    let positions = averaged.request.positions.iter();
    let examples = positions.zip(&averaged.nudges.examples);
    let longest = examples.max_by(|a, b| a.1.norm.total_cmp(&b.1.norm));
    *longest.unwrap().0
}

#[test]
fn a_weight_is_asked_for_by_its_name_and_one_that_is_not_there_is_refused() {
    let mut gui = gui(MicroscopeView::Nudges, [900.0, 600.0]);
    wait_until(&mut gui, "the nudges are averaged", |state| {
        state.averaged_nudges().is_some()
    });
    click(&mut gui, "One weight");
    let steepest = state(&gui).nudges.parameter.unwrap();
    assert_eq!(
        steepest,
        state(&gui).averaged_nudges().unwrap().nudges.steepest
    );
    for (text, reason) in [("W9[0,0]", "There is no layer 9"), ("W", "names no weight")] {
        let field = gui.get_by_label("Weight or bias");
        field.focus();
        gui.step();
        gui.key_press_modifiers(egui::Modifiers::COMMAND, Key::A);
        gui.step();
        gui.get_by_label("Weight or bias").type_text(text);
        gui.step();
        gui.key_press(Key::Enter);
        gui.run_steps(2);
        assert!(gui.query_by_label_contains(reason).is_some(), "{text}");
        assert_eq!(state(&gui).nudges.parameter, Some(steepest));
    }
}

#[test]
fn the_tape_is_walked_with_the_keyboard_and_says_what_meets() {
    let mut gui = gui(MicroscopeView::Shapes, [1280.0, 800.0]);
    gui.get_by_label_contains("meet in ∂C/∂W¹[392,");
    gui.get_by_label_contains("∂C/∂b², 1×").focus();
    gui.run_steps(3);
    gui.get_by_label_contains("are summed in ∂C/∂b²[0,");
    gui.get_by_label_contains("Z¹, 16×").focus();
    gui.run_steps(3);
    gui.get_by_label_contains("meet in Z¹[8,");
    gui.key_press(Key::ArrowDown);
    gui.run_steps(2);
    gui.get_by_label_contains("meet in Z¹[9,");
    // A smaller mini-batch has no such row.
    gui.get_by_role_and_label(Role::Slider, "B").focus();
    gui.run_steps(2);
    gui.key_press(Key::ArrowLeft);
    gui.run_steps(2);
    assert_eq!(state(&gui).nudges.size, 15);
}

#[test]
fn mistakes_are_tried_and_the_tape_says_why_it_stops() {
    let mut gui = gui(MicroscopeView::Shapes, [900.0, 600.0]);
    click(&mut gui, "Forget to transpose");
    assert_eq!(state(&gui).tape.mistake, Some(Mistake::TransposeForgotten));
    gui.get_by_label_contains("The pass stops at ∂C/∂W³");
    click(&mut gui, "Leave the bias out");
    gui.get_by_label_contains("All shapes fit");
    click(&mut gui, "Bias as a unit that is 1");
    assert_eq!(state(&gui).tape.bias, BiasAs::ExtraUnit);
    gui.get_by_label_contains("The pass stops at Z¹. [16×784]·[785×");
    assert!(
        AppCommand::SetTapeMistake(None)
            .enabled(state(&gui))
            .is_ok()
    );
}
