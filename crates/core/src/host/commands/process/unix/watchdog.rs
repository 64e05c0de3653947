use super::{Child, Command, CommandExt};
use std::{
    io::{self, PipeWriter},
    process::Stdio,
};

/// A shell that leads a process group and ends it when this process ends for any reason: it waits for the end of a pipe
/// whose other end only this process holds. `read` and `kill` are built into every shell (POSIX), so it needs no other
/// program and no environment.
pub(super) struct Watchdog {
    shell: Child,
    #[cfg_attr(not(test), expect(dead_code, reason = "it is closed when this process ends"))]
    held: PipeWriter,
}

const SHELL: &str = "/bin/sh";

/// Ignores the signals for the group's programs, so that it outlives them.
const SCRIPT: &str = "trap '' HUP INT TERM; read -r line; kill -9 0";

impl Watchdog {
    /// Starts a watchdog, or returns nothing if there is no suitable shell.
    #[expect(clippy::disallowed_methods, reason = "`host` alone may")]
    pub(super) fn started() -> io::Result<Option<Self>> {
        let (end, held) = io::pipe()?;
        let mut command = Command::new(SHELL);
        command.args(["-c", SCRIPT]).env_clear().stdin(end).stdout(Stdio::null()).stderr(Stdio::null());
        match command.process_group(0).spawn() {
            Ok(shell) => Ok(Some(Self { shell, held })),
            Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::PermissionDenied) => Ok(None),
            Err(error) => Err(error),
        }
    }

    pub(super) fn shell(&self) -> &Child {
        &self.shell
    }
}

impl Drop for Watchdog {
    /// The watchdog is ended before the pipe is closed, so that it does not end the group.
    fn drop(&mut self) {
        let _ = self.shell.kill();
        let _ = self.shell.wait();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rustix::process::{test_kill_process, test_kill_process_group, Pid};

    fn started() -> (Watchdog, Pid) {
        let watchdog = Watchdog::started().unwrap().expect("every machine that runs tests has a shell");
        let pid = Pid::from_child(watchdog.shell());
        (watchdog, pid)
    }

    #[expect(clippy::disallowed_methods, reason = "the process is in the group")]
    fn member(leader: Pid) -> Child {
        Command::new("/bin/sleep").arg("60").process_group(leader.as_raw_nonzero().get()).spawn().unwrap()
    }

    #[test]
    fn a_released_group_leaves_no_process_and_ends_no_other() {
        let (watchdog, leader) = started();
        let mut member = member(leader);
        drop(watchdog);
        assert!(test_kill_process(leader).is_err(), "it is a zombie, or lives on");
        assert_eq!(member.try_wait().unwrap(), None);
        member.kill().unwrap();
        member.wait().unwrap();
        assert!(test_kill_process_group(leader).is_err());
    }

    #[test]
    fn the_end_of_the_pipe_ends_the_group_whatever_was_sent_to_it_before() {
        let (mut watchdog, leader) = started();
        let mut member = member(leader);
        // Until the shell ignores them, which it does before it reads.
        std::thread::sleep(std::time::Duration::from_millis(300));
        rustix::process::kill_process(leader, rustix::process::Signal::TERM).unwrap();
        let (_, other) = io::pipe().unwrap();
        drop(std::mem::replace(&mut watchdog.held, other));
        assert_eq!(std::os::unix::process::ExitStatusExt::signal(&member.wait().unwrap()), Some(9));
    }
}
