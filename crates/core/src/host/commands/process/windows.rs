//! Processes on Windows: a job object contains a process and all that it starts.
//! Source: "Job Objects" and "Process Creation Flags" (Microsoft Learn).

use super::{Child, Duration, ExitStatus};
use std::{
    io,
    os::windows::{io::AsRawHandle, process::CommandExt},
    process::Command,
};
use win32job::{ExtendedLimitInfo, Job};

pub(super) use std::os::windows::io::AsHandle as Pipe;

/// `CREATE_NO_WINDOW`: opens no console for a program without one.
const NO_WINDOW: u32 = 0x0800_0000;
/// `CREATE_NEW_PROCESS_GROUP`: Ctrl+C goes only to the program that runs this package.
const NEW_PROCESS_GROUP: u32 = 0x0000_0200;

/// A process and all that it starts: a job, which ends with its last handle, so it does not outlive this process.
pub(super) struct Family(Option<Job>);

/// Starts the program without a window, and outside this process's signals.
pub(super) fn started(command: &mut Command) -> io::Result<(Child, Family)> {
    let mut child = command.creation_flags(NO_WINDOW | NEW_PROCESS_GROUP).spawn()?;
    match Family::of(&child) {
        Ok(family) => Ok((child, family)),
        Err(error) => {
            let _ = child.kill();
            Err(error)
        }
    }
}

/// Windows has no signals that end programs.
pub(super) fn signal(_: ExitStatus) -> Option<i32> {
    None
}

impl Family {
    fn of(child: &Child) -> io::Result<Self> {
        let job = Job::create_with_limit_info(ExtendedLimitInfo::new().limit_kill_on_job_close());
        let job = job.map_err(io::Error::other)?;
        job.assign_process(child.as_raw_handle() as isize).map_err(io::Error::other)?;
        Ok(Self(Some(job)))
    }

    pub(super) fn end(&mut self) {
        self.0 = None;
    }

    /// Lets the processes that it has left behind continue: az sends its telemetry by one.
    pub(super) fn release(self) {
        if let Some(job) = self.0 {
            let _ = job.set_extended_limit_info(&ExtendedLimitInfo::new());
        }
    }
}

/// A reader that waits in the read itself does not say that the pipe is empty. One that is late looks like one that
/// waits for a process which was left behind.
pub(super) const LONGEST_DELAY: Duration = Duration::ZERO;

/// Windows cannot wait for a pipe with a time limit: the reader stays until all processes that hold the pipe have
/// ended.
pub(super) fn is_readable_within(_: &impl Pipe, _: Duration) -> bool {
    true
}

/// The open handle keeps the number from being reused, before and after.
pub(super) fn wait_without_reaping(child: &mut Child) {
    let _ = child.wait();
}
