use super::{Command, Event, Snapshot};
use std::sync::Arc;

/// The handle of the training thread. Dropping it ends and joins the thread.
#[derive(Debug)]
pub struct Trainer {
    _private: (),
}

impl Trainer {
    /// Starts the thread, idle. `wake` is called after each event and each snapshot.
    pub fn spawn(wake: impl Fn() + Send + Sync + 'static) -> std::io::Result<Self> {
        let _ = wake;
        todo!()
    }
    pub fn send(&self, command: Command) {
        let _ = command;
        todo!()
    }
    /// The next event, if one is waiting.
    pub fn try_event(&self) -> Option<Event> {
        todo!()
    }
    /// The next event, waiting at most so long.
    pub fn wait_event(&self, timeout: std::time::Duration) -> Option<Event> {
        let _ = timeout;
        todo!()
    }
    /// The newest snapshot, if there is one that was not taken yet.
    pub fn take_snapshot(&self) -> Option<Arc<Snapshot>> {
        todo!()
    }
}
