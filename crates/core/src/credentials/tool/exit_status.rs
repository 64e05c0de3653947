use crate::host::Output;

/// POSIX's numbers, which are the same on every system; others are shown as numbers. SIGKILL is reported as the shortage that it
/// comes of, by `failure_cause.rs`.
const NAMES: [(i32, &str); 7] =
    [(1, "SIGHUP"), (2, "SIGINT"), (3, "SIGQUIT"), (6, "SIGABRT"), (11, "SIGSEGV"), (13, "SIGPIPE"), (15, "SIGTERM")];

/// How a program ended that a signal ended; nothing of one that exited.
pub(in crate::credentials) fn ending(output: &Output) -> Option<String> {
    let number = output.signal?;
    let name = NAMES.iter().find(|(known, _)| *known == number);
    let name = name.map_or_else(|| format!("signal {number}"), |(_, name)| (*name).to_owned());
    Some(format!("it was ended by {name}"))
}
