//! What the tests of the window share: a program alone with itself, and waiting for what it does in the background.

use egui_kittest::Harness;
use egui_kittest::kittest::Queryable;
use inkgrad::app::AppState;
use inkgrad::ui::InkgradApp;
use std::sync::Once;
use std::time::{Duration, Instant};

pub type Gui = Harness<'static, InkgradApp>;

/// Keeps the program of a test away from the files of whoever runs it, and from those of other tests.
pub fn leave_the_world_alone() {
    static HOME: Once = Once::new();
    HOME.call_once(|| {
        // A folder that cannot be made, because a file is in its way: no test leaves a recovery file to another.
        let home = std::env::current_exe()
            .expect("the test itself")
            .join("home");
        // SAFETY: the variables are set before anything reads them, and everything that reads them comes from
        // `std`, which takes a lock.
        unsafe {
            // Neither the recovery file nor the MNIST of whoever runs the tests.
            std::env::set_var("INKGRAD_HOME", &home);
            std::env::set_var("INKGRAD_DATA_DIR", &home);
        }
    });
}

pub fn state(gui: &Gui) -> &AppState {
    gui.state().state()
}

/// Steps until `is_so`, which background work has to bring about.
#[track_caller]
pub fn wait_until(gui: &mut Gui, what: &str, is_so: impl Fn(&AppState) -> bool) {
    let start = Instant::now();
    while !is_so(state(gui)) {
        assert!(
            start.elapsed() < Duration::from_secs(60),
            "waited in vain until {what}"
        );
        std::thread::sleep(Duration::from_millis(5));
        gui.step();
    }
    gui.step();
}

pub fn click(gui: &mut Gui, label: &str) {
    gui.get_by_label(label).click();
    gui.run_steps(3);
}
