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

/// `CREATE_NO_WINDOW`: no console opens beside a program that has none.
const NO_WINDOW: u32 = 0x0800_0000;
/// `CREATE_NEW_PROCESS_GROUP`: Ctrl+C is left to the program that runs us.
const NEW_PROCESS_GROUP: u32 = 0x0000_0200;

/// A process and all that it starts: a job, which ends with the last handle to it. So it does not outlive us either.
pub(super) struct Family(Option<Job>);

/// Starts the program without a window, and without the signals of ours.
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

/// Windows ends programs without signals.
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

    /// What it has left behind may go on: az sends its telemetry by such a process.
    pub(super) fn release(self) {
        if let Some(job) = self.0 {
            let _ = job.set_extended_limit_info(&ExtendedLimitInfo::new());
        }
    }
}

/// A reader that waits in the read itself does not say that the pipe is empty: one that is late and one that a process which was
/// left behind keeps waiting look alike.
pub(super) const LONGEST_DELAY: Duration = Duration::ZERO;

/// A pipe cannot be waited for here: its reader stays until those end who hold it.
pub(super) fn is_readable_within(_: &impl Pipe, _: Duration) -> bool {
    true
}

/// The open handle keeps the number from being given away, before and after.
pub(super) fn wait_without_reaping(child: &mut Child) {
    let _ = child.wait();
}
