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
    /// Messages that made room for newer ones.
    forgotten: usize,
    /// Messages before this one (counted from the start of the program) were read.
    read: usize,
    now_secs: u64,
}

/// So many messages are kept.
const CAPACITY: usize = 500;

impl Log {
    /// Oldest first; bounded.
    pub fn messages(&self) -> &[Message] {
        &self.messages
    }

    /// For the status line: the newest error that was not dismissed, else the newest message.
    pub fn shown(&self) -> Option<&Message> {
        let unread = &self.messages[self.read.saturating_sub(self.forgotten)..];
        unread
            .iter()
            .rev()
            .find(|message| message.level == Level::Error)
            .or(unread.last())
    }

    pub fn say(&mut self, level: Level, text: impl Into<String>) {
        if self.messages.len() == CAPACITY {
            self.messages.remove(0);
            self.forgotten += 1;
        }
        self.messages.push(Message {
            level,
            text: text.into(),
            at_secs: self.now_secs,
        });
    }

    /// Everything said so far was read.
    pub fn dismiss(&mut self) {
        self.read = self.forgotten + self.messages.len();
    }

    /// The log owns no clock: the time comes from the window.
    pub(super) fn set_now(&mut self, now_secs: f64) {
        self.now_secs = now_secs as u64;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_stays_in_the_status_line_until_it_is_dismissed() {
        let mut log = Log::default();
        log.say(Level::Error, "the disk is full");
        log.say(Level::Info, "training finished");
        assert_eq!(log.shown().unwrap().text, "the disk is full");
        log.dismiss();
        assert_eq!(log.shown(), None);
        log.say(Level::Info, "saved");
        assert_eq!(log.shown().unwrap().text, "saved");
    }

    #[test]
    fn the_newest_of_two_errors_is_shown() {
        let mut log = Log::default();
        log.say(Level::Error, "first");
        log.say(Level::Error, "second");
        assert_eq!(log.shown().unwrap().text, "second");
    }

    #[test]
    fn a_long_log_forgets_its_oldest_messages_and_keeps_working() {
        let mut log = Log::default();
        for number in 0..CAPACITY + 10 {
            log.set_now(number as f64);
            log.say(Level::Info, format!("{number}"));
        }
        assert_eq!(log.messages().len(), CAPACITY);
        assert_eq!(log.messages()[0].text, "10");
        assert_eq!(log.messages()[0].at_secs, 10);
        log.dismiss();
        assert_eq!(log.shown(), None);
        log.say(Level::Warning, "new");
        assert_eq!(log.shown().unwrap().text, "new");
    }

    #[test]
    fn a_dismissed_message_that_was_forgotten_hides_nothing_new() {
        let mut log = Log::default();
        log.say(Level::Info, "old");
        log.dismiss();
        for number in 0..CAPACITY + 5 {
            log.say(Level::Info, format!("{number}"));
        }
        assert_eq!(log.shown().unwrap().text, format!("{}", CAPACITY + 4));
    }
}
