use super::outbox::Outbox;
use super::session::Session;
use super::{Command, Event, Run, RunSetup, Speed};
use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Receiver, RecvTimeoutError, TryRecvError};
use std::time::{Duration, Instant};

/// The thread's own side: reads commands and works in small pieces between them.
pub(super) struct Worker {
    commands: Receiver<Command>,
    outbox: Outbox,
    /// `None` until a run was taken in.
    session: Option<Session>,
    speed: Speed,
}

/// What the worker does next.
enum Next {
    Obey(Command),
    Work,
    /// The handle was dropped.
    End,
}

impl Worker {
    pub(super) fn new(commands: Receiver<Command>, outbox: Outbox) -> Self {
        Self {
            commands,
            outbox,
            session: None,
            speed: Speed::Unlimited,
        }
    }

    pub(super) fn run(mut self) {
        loop {
            let next = self.next();
            if matches!(next, Next::End) {
                return;
            }
            // What a panic leaves behind is thrown away, so nobody sees it half done.
            let outcome = catch_unwind(AssertUnwindSafe(|| match next {
                Next::Obey(command) => self.obey(command),
                Next::Work => self.work(),
                Next::End => {}
            }));
            if let Err(panic) = outcome {
                self.session = None;
                let reason = format!("Training failed: {}", panic_message(&*panic));
                self.outbox.tell(Event::Failed { reason });
            }
        }
    }

    /// The next command if there is one; without work it is waited for, and that takes no processor time.
    fn next(&self) -> Next {
        let wait = self
            .session
            .as_ref()
            .and_then(|session| session.wait(self.speed, Instant::now()));
        match wait {
            None => self.commands.recv().map_or(Next::End, Next::Obey),
            Some(Duration::ZERO) => match self.commands.try_recv() {
                Ok(command) => Next::Obey(command),
                Err(TryRecvError::Empty) => Next::Work,
                Err(TryRecvError::Disconnected) => Next::End,
            },
            Some(wait) => match self.commands.recv_timeout(wait) {
                Ok(command) => Next::Obey(command),
                Err(RecvTimeoutError::Timeout) => Next::Work,
                Err(RecvTimeoutError::Disconnected) => Next::End,
            },
        }
    }

    fn work(&mut self) {
        if let Some(session) = &mut self.session {
            session.work(self.speed, &self.outbox);
        }
    }

    fn obey(&mut self, command: Command) {
        let result = match command {
            Command::Load(setup) => self.load(*setup),
            Command::Speed(speed) => self.set_speed(speed),
            Command::Stop => {
                self.session = None;
                self.outbox.tell(Event::Stopped);
                Ok(())
            }
            command => match &mut self.session {
                Some(session) => session.obey(command, &self.outbox),
                None => Err("no run is loaded: start one first".to_owned()),
            },
        };
        if let Err(reason) = result {
            self.outbox.tell(Event::Refused { reason });
        }
    }

    fn load(&mut self, setup: RunSetup) -> Result<(), String> {
        let run = Run::new(setup).map_err(|error| error.to_string())?;
        self.outbox.publish(run.last_snapshot().clone());
        self.outbox.tell(Event::Loaded {
            parameters: run.network().parameter_count(),
            steps_per_epoch: run.steps_per_epoch(),
        });
        self.session = Some(Session::new(run));
        Ok(())
    }

    fn set_speed(&mut self, speed: Speed) -> Result<(), String> {
        if let Speed::StepsPerSecond(rate) = speed
            && !Speed::RATES.contains(&rate)
        {
            let (slowest, fastest) = (Speed::RATES.start(), Speed::RATES.end());
            return Err(format!(
                "the speed is {rate} steps a second: it must be from {slowest} to {fastest}"
            ));
        }
        self.speed = speed;
        Ok(())
    }
}

fn panic_message(panic: &(dyn Any + Send)) -> &str {
    if let Some(message) = panic.downcast_ref::<&str>() {
        message
    } else if let Some(message) = panic.downcast_ref::<String>() {
        message
    } else {
        "no reason is known"
    }
}
