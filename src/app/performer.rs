use super::{Effect, News};

/// Carries out effects away from the window's thread, and brings the news back.
#[derive(Debug)]
pub struct Performer {
    _private: (),
}

impl Performer {
    /// `wake` asks the window for a frame when there is news.
    pub fn new(wake: impl Fn() + Send + Sync + Clone + 'static) -> Self {
        let _ = wake;
        todo!()
    }

    /// Starts carrying out `effect`; never blocks. `frame` is the parent of dialogs. `CloseWindow` is the caller's.
    pub fn perform(&mut self, effect: Effect, frame: Option<&eframe::Frame>) {
        let _ = (effect, frame);
        todo!()
    }

    /// All news since the last call.
    pub fn news(&mut self) -> Vec<News> {
        todo!()
    }
}
