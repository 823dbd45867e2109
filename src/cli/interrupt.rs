use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// Whether Ctrl-C was pressed. Pressed a second time it ends the program at once.
#[derive(Clone, Debug)]
pub(super) struct Interrupt(Arc<AtomicBool>);

/// What a shell reports for a program that Ctrl-C ended.
const EXIT_CODE: i32 = 130;

impl Interrupt {
    /// Takes Ctrl-C over for the rest of the program.
    pub(super) fn listen() -> Result<Self, ctrlc::Error> {
        let pressed = Arc::new(AtomicBool::new(false));
        let heard = Arc::clone(&pressed);
        ctrlc::set_handler(move || {
            if heard.swap(true, Ordering::Relaxed) {
                std::process::exit(EXIT_CODE);
            }
        })?;
        Ok(Self(pressed))
    }

    pub(super) fn pressed(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }

    /// To go on, or to stop because Ctrl-C was pressed.
    pub(super) fn flow(&self) -> std::ops::ControlFlow<()> {
        if self.pressed() {
            std::ops::ControlFlow::Break(())
        } else {
            std::ops::ControlFlow::Continue(())
        }
    }
}
