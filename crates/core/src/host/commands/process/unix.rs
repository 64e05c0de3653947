use rustix::event::{poll, PollFd, PollFlags};
use rustix::process::{kill_process_group, waitid, Pid, Signal, WaitId, WaitIdOptions};
use std::{
    io,
    os::unix::process::CommandExt,
    process::{Child, Command},
    time::Duration,
};

pub(super) use std::os::fd::AsFd as Pipe;

/// A process and all that it starts: a process group, whose leader it is.
pub(super) struct Family(Option<Pid>);

/// To be started as the leader of a group of its own. A signal of the terminal does not reach it there.
pub(super) fn apart(command: &mut Command) -> &mut Command {
    command.process_group(0)
}

impl Family {
    #[expect(clippy::unnecessary_wraps, reason = "on Windows it can fail")]
    pub(super) fn of(child: &Child) -> io::Result<Self> {
        Ok(Self(pid(child)))
    }

    pub(super) fn end(&mut self) {
        if let Some(leader) = self.0 {
            let _ = kill_process_group(leader, Signal::KILL);
        }
    }

    /// What it has left behind may go on.
    #[expect(clippy::unused_self, reason = "on Windows there is something to let go of")]
    pub(super) fn release(self) {}
}

/// Whether something has come, or the end: who waits in the read itself cannot give up.
pub(super) fn is_readable_within(pipe: &impl Pipe, time: Duration) -> bool {
    let Ok(time) = time.try_into() else { return true };
    poll(&mut [PollFd::new(pipe, PollFlags::IN)], Some(&time)).is_ok_and(|ready| ready > 0)
}

/// Waits for the process's end and leaves it a zombie, so that its number still means it while it is ended.
pub(super) fn wait_without_reaping(child: &mut Child) {
    let Some(pid) = pid(child) else { return };
    let interrupted = Err(rustix::io::Errno::INTR);
    while waitid(WaitId::Pid(pid), WaitIdOptions::EXITED | WaitIdOptions::NOWAIT).map(drop) == interrupted {}
}

fn pid(child: &Child) -> Option<Pid> {
    i32::try_from(child.id()).ok().and_then(Pid::from_raw)
}
