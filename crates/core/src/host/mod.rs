//! Floor 1: the one door to the world. What the core reads from the machine comes through here, so that a test
//! can stand in for all of it.

mod callback;
mod clock;
mod environment;
mod log;

pub use callback::AssertionCallback;
pub use clock::Clock;
pub use environment::Environment;
pub use log::{Log, LogEntry, LogLevel};
