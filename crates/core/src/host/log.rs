use crate::types::UnixMillis;
use std::{fmt, sync::Arc};

use super::{stderr, Clock};

/// The importance of a log line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LogLevel {
    /// A call failed.
    Error,
    /// Something is wrong, and the call continued.
    Warn,
    /// A decision, and its outcome.
    Info,
    /// A request.
    Debug,
}

impl LogLevel {
    /// Parses a level as `AZURE_CLIENT_TOKEN_LOG` gives it. Case and surrounding white space are ignored.
    pub fn parse(name: &str) -> Option<Self> {
        [Self::Error, Self::Warn, Self::Info, Self::Debug]
            .into_iter()
            .find(|level| level.as_str().eq_ignore_ascii_case(name.trim()))
    }

    /// Returns its name, which does not change.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warn => "warn",
            Self::Info => "info",
            Self::Debug => "debug",
        }
    }
}

/// One line of the log. It never contains a body, a header's value or a secret.
#[derive(Clone, Debug)]
pub struct LogEntry {
    /// Its importance.
    pub level: LogLevel,
    /// What happened, as a sentence.
    pub message: String,
    /// When it happened.
    pub timestamp: UnixMillis,
}

type Receiver = Arc<dyn Fn(&LogEntry) + Send + Sync>;

/// Where the lines of a client go. By default it is silent and costs nothing, because no line is made without a
/// receiver.
#[derive(Clone, Default)]
pub struct Log(Vec<(LogLevel, Receiver)>);

impl Log {
    /// Sends lines up to that level to `receive` as well.
    pub fn and_to(mut self, level: LogLevel, receive: impl Fn(&LogEntry) + Send + Sync + 'static) -> Self {
        self.0.push((level, Arc::new(receive)));
        self
    }

    /// Prints lines up to that level on stderr as well. No call waits for it.
    pub fn and_to_stderr(self, level: LogLevel) -> Self {
        self.and_to(level, |entry| {
            stderr::print(format!("azure-client-token {}: {}", entry.level.as_str(), entry.message));
        })
    }

    /// Returns whether lines of that level have a receiver.
    pub fn is_enabled(&self, level: LogLevel) -> bool {
        self.0.iter().any(|(most, _)| level <= *most)
    }

    /// Writes a line. `message` is called only if there is a receiver.
    pub fn write(&self, clock: &Clock, level: LogLevel, message: impl FnOnce() -> String) {
        if !self.is_enabled(level) {
            return;
        }
        let entry = LogEntry { level, message: message(), timestamp: clock.now() };
        self.0.iter().filter(|(most, _)| level <= *most).for_each(|(_, receive)| receive(&entry));
    }
}

impl fmt::Debug for Log {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_list().entries(self.0.iter().map(|(level, _)| level.as_str())).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::{sync::Mutex, time::UNIX_EPOCH};

    #[test]
    fn lines_are_made_only_for_a_receiver_of_their_level() {
        let clock = Clock::fake(|| UNIX_EPOCH);
        let (few, many) = (Arc::new(Mutex::new(Vec::new())), Arc::new(Mutex::new(Vec::new())));
        let into = |list: &Arc<Mutex<Vec<String>>>| {
            let list = Arc::clone(list);
            move |entry: &LogEntry| list.lock().unwrap().push(entry.message.clone())
        };
        let log = Log::default().and_to(LogLevel::Warn, into(&few)).and_to(LogLevel::Info, into(&many));
        log.write(&clock, LogLevel::Error, || "error".to_owned());
        log.write(&clock, LogLevel::Info, || "info".to_owned());
        log.write(&clock, LogLevel::Debug, || unreachable!("it has no receiver"));
        assert_eq!(*few.lock().unwrap(), ["error"]);
        assert_eq!(*many.lock().unwrap(), ["error", "info"]);
    }

    #[test]
    fn levels_have_names() {
        assert_eq!(LogLevel::parse("Debug"), Some(LogLevel::Debug));
        assert_eq!(LogLevel::parse("verbose"), None);
    }
}
