/// How serious a message is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    Info,
    Warning,
    Error,
}

/// One sentence for the user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    pub level: Level,
    pub text: String,
    /// Seconds since the program started.
    pub at_secs: u64,
}

/// Everything that was said, and the one message that the status line shows.
#[derive(Clone, Debug, Default)]
pub struct Log {
    messages: Vec<Message>,
    unread: Option<usize>,
}

impl Log {
    /// Oldest first; bounded.
    pub fn messages(&self) -> &[Message] {
        &self.messages
    }
    /// For the status line: the newest error that was not dismissed, else the newest message.
    pub fn shown(&self) -> Option<&Message> {
        todo!()
    }
    pub fn say(&mut self, level: Level, text: impl Into<String>) {
        let _ = (level, text.into());
        todo!()
    }
    pub fn dismiss(&mut self) {
        self.unread = None;
    }
}
