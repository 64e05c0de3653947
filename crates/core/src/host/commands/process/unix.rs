use super::{Child, Duration, ExitStatus};
use crate::host::threads::with_signals;
use rustix::event::{poll, PollFd, PollFlags};
use rustix::process::{kill_process_group, waitid, Pid, Signal, WaitId, WaitIdOptions};
use std::{
    io,
    os::unix::process::{CommandExt, ExitStatusExt},
    process::Command,
};
use watchdog::Watchdog;

mod watchdog;

pub(super) use std::os::fd::AsFd as Pipe;

/// A process and all that it starts: a process group, which signals of the terminal do not reach.
pub(super) struct Family {
    leader: Option<Pid>,
    watchdog: Option<Watchdog>,
}

/// Starts the program in the group of a watchdog, which ends the group when this process ends. Without a shell there is
/// no watchdog, and the program leads its own group.
pub(super) fn started(command: &mut Command) -> io::Result<(Child, Family)> {
    let watchdog = with_signals(Watchdog::started)?;
    let leader = watchdog.as_ref().and_then(|watchdog| pid(watchdog.shell()));
    let command = command.process_group(leader.map_or(0, |leader| leader.as_raw_nonzero().get()));
    let child = with_signals(|| command.spawn())?;
    let leader = leader.or_else(|| pid(&child));
    Ok((child, Family { leader, watchdog }))
}

impl Family {
    pub(super) fn end(&mut self) {
        if let Some(leader) = self.leader {
            let _ = kill_process_group(leader, Signal::KILL);
        }
    }

    /// Lets the processes that it has left behind continue.
    pub(super) fn release(self) {
        drop(self.watchdog);
    }
}

pub(super) fn signal(status: ExitStatus) -> Option<i32> {
    status.signal()
}

/// How long to wait for a reader on a busy machine before giving up what it would have read.
pub(super) const LONGEST_DELAY: Duration = Duration::from_secs(10);

/// Returns whether there is data, or the end. A reader that waits in the read itself could not give up.
pub(super) fn is_readable_within(pipe: &impl Pipe, time: Duration) -> bool {
    let Ok(time) = time.try_into() else { return true };
    poll(&mut [PollFd::new(pipe, PollFlags::IN)], Some(&time)).is_ok_and(|ready| ready > 0)
}

/// Waits for the process's end and leaves it a zombie, so that its number is not reused while it is being ended.
pub(super) fn wait_without_reaping(child: &mut Child) {
    let Some(pid) = pid(child) else { return };
    let interrupted = Err(rustix::io::Errno::INTR);
    while waitid(WaitId::Pid(pid), WaitIdOptions::EXITED | WaitIdOptions::NOWAIT).map(drop) == interrupted {}
}

fn pid(child: &Child) -> Option<Pid> {
    i32::try_from(child.id()).ok().and_then(Pid::from_raw)
}
