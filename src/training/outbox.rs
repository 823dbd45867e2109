use super::{Event, Snapshot};
use std::sync::mpsc::Sender;
use std::sync::{Arc, Mutex, PoisonError};

/// A place for one snapshot, where the newest wins.
#[derive(Debug, Default)]
pub(super) struct Mailbox(Mutex<Option<Arc<Snapshot>>>);

/// Where the thread's news goes.
pub(super) struct Outbox {
    events: Sender<Event>,
    mailbox: Arc<Mailbox>,
    wake: Box<dyn Fn() + Send + Sync>,
}

impl Mailbox {
    pub(super) fn take(&self) -> Option<Arc<Snapshot>> {
        self.slot().take()
    }

    fn put(&self, snapshot: Arc<Snapshot>) {
        *self.slot() = Some(snapshot);
    }

    fn slot(&self) -> std::sync::MutexGuard<'_, Option<Arc<Snapshot>>> {
        // Nothing that could panic happens while it is locked.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Outbox {
    pub(super) fn new(
        events: Sender<Event>,
        mailbox: Arc<Mailbox>,
        wake: impl Fn() + Send + Sync + 'static,
    ) -> Self {
        Self {
            events,
            mailbox,
            wake: Box::new(wake),
        }
    }

    /// Comes before the event that tells of it, so that whoever reads the event finds the snapshot there.
    pub(super) fn publish(&self, snapshot: Arc<Snapshot>) {
        self.mailbox.put(snapshot);
        (self.wake)();
    }

    pub(super) fn tell(&self, event: Event) {
        // The handle that owns the other end joins this thread before it goes.
        let _ = self.events.send(event);
        (self.wake)();
    }
}
