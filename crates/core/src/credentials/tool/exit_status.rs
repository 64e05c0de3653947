use crate::host::Output;

/// POSIX's numbers, which are the same on every system; others are told as numbers.
const NAMES: [(i32, &str); 8] = [
    (1, "SIGHUP"),
    (2, "SIGINT"),
    (3, "SIGQUIT"),
    (6, "SIGABRT"),
    (9, "SIGKILL"),
    (11, "SIGSEGV"),
    (13, "SIGPIPE"),
    (15, "SIGTERM"),
];

/// How a program ended that a signal ended; nothing of one that exited.
pub(in crate::credentials) fn ending(output: &Output) -> Option<String> {
    let number = output.signal?;
    let name = NAMES.iter().find(|(known, _)| *known == number);
    let name = name.map_or_else(|| format!("signal {number}"), |(_, name)| (*name).to_owned());
    let advice = if number == 9 { ", as the system does where memory runs out" } else { "" };
    Some(format!("it was ended by {name}{advice}"))
}
