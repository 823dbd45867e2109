use super::outbox::{Mailbox, Outbox};
use super::worker::Worker;
use super::{Command, Event, Snapshot};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread::JoinHandle;
use std::time::Duration;

/// The handle of the training thread. Dropping it ends and joins the thread.
#[derive(Debug)]
pub struct Trainer {
    /// `None` only while it is dropped: a closed channel is what ends the thread.
    commands: Option<Sender<Command>>,
    events: Receiver<Event>,
    mailbox: Arc<Mailbox>,
    thread: Option<JoinHandle<()>>,
}

impl Trainer {
    /// Starts the thread, idle. `wake` is called after each event and each snapshot, on the thread.
    pub fn spawn(wake: impl Fn() + Send + Sync + 'static) -> std::io::Result<Self> {
        let (commands, inbox) = channel();
        let (news, events) = channel();
        let mailbox = Arc::new(Mailbox::default());
        let outbox = Outbox::new(news, Arc::clone(&mailbox), wake);
        let thread = std::thread::Builder::new()
            .name("training".to_owned())
            .spawn(move || Worker::new(inbox, outbox).run())?;
        Ok(Self {
            commands: Some(commands),
            events,
            mailbox,
            thread: Some(thread),
        })
    }

    /// Puts a command in the queue; it is read before the next mini-batch, or the next chunk of a scoring.
    pub fn send(&self, command: Command) {
        if let Some(commands) = &self.commands {
            // The thread outlives the sender; were it gone, nobody would be there to disappoint.
            let _ = commands.send(command);
        }
    }

    /// The next event, if one is waiting.
    pub fn try_event(&self) -> Option<Event> {
        self.events.try_recv().ok()
    }

    /// The next event, waiting at most so long.
    pub fn wait_event(&self, timeout: Duration) -> Option<Event> {
        self.events.recv_timeout(timeout).ok()
    }

    /// The newest snapshot, if there is one that was not taken yet.
    pub fn take_snapshot(&self) -> Option<Arc<Snapshot>> {
        self.mailbox.take()
    }
}

impl Drop for Trainer {
    fn drop(&mut self) {
        self.commands = None;
        if let Some(thread) = self.thread.take() {
            // A panic of the thread has been told as `Event::Failed`; here it is over in any case.
            let _ = thread.join();
        }
    }
}
