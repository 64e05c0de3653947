use crate::host::Output;

/// The number of SIGKILL in POSIX.
pub(super) const KILLED: i32 = 9;

/// The number that shells add to the signal that ended their program.
const STATUS_OF_SIGNAL: i32 = 128;

/// The highest number of a signal, on Linux.
const LAST_SIGNAL: i32 = 64;

/// POSIX's numbers, which are the same on every system; other signals are shown as numbers. `failure_cause.rs` reports
/// SIGKILL as the shortage that causes it.
/// comes of, by `failure_cause.rs`.
const NAMES: [(i32, &str); 7] =
    [(1, "SIGHUP"), (2, "SIGINT"), (3, "SIGQUIT"), (6, "SIGABRT"), (11, "SIGSEGV"), (13, "SIGPIPE"), (15, "SIGTERM")];

/// What a message says about a program whose exit status is lost. The program may have been ended early, so a complete
/// token counts, and a missing one is not an absence.
pub(in crate::credentials) const UNKNOWN_END: &str =
    "Its exit status is lost, because this process ignores SIGCHLD or waits for all of its children: set SIGCHLD to its default";

/// Returns the signal that ended a program, or the last program of a shell script: on most systems az is a script.
pub(super) fn signal(output: &Output) -> Option<i32> {
    let of_shell = || output.status.map(|status| status - STATUS_OF_SIGNAL);
    output.signal.or_else(|| of_shell().filter(|signal| cfg!(unix) && (1..=LAST_SIGNAL).contains(signal)))
}

/// Describes how a signal ended the program, or returns nothing if the program exited.
pub(in crate::credentials) fn ending(output: &Output) -> Option<String> {
    let number = signal(output)?;
    let name = NAMES.iter().find(|(known, _)| *known == number);
    let name = name.map_or_else(|| format!("signal {number}"), |(_, name)| (*name).to_owned());
    Some(format!("it was ended by {name}"))
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn a_shell_ends_with_the_signal_that_ended_its_program() {
        let output = |status, signal| Output { status, signal, ..Output::default() };
        for (status, signal, expected) in [
            (None, Some(15), Some("it was ended by SIGTERM")),
            (Some(143), None, Some("it was ended by SIGTERM")),
            (Some(129), None, Some("it was ended by SIGHUP")),
            (Some(192), None, Some("it was ended by signal 64")),
            (Some(128), None, None),
            (Some(193), None, None),
            (Some(1), None, None),
        ] {
            assert_eq!(ending(&output(status, signal)).as_deref(), expected, "{status:?}");
        }
    }
}
