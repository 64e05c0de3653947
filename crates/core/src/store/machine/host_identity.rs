//! Identifies this machine, its boot and this user. It is part of a token's name if the host's managed identity has no
//! id of its own.

use crate::key::HostIdentity;

/// Returns nothing if another process may have a different identity of the host: in a container, or if none of this can
/// be found out. Blocks.
#[cfg(target_os = "linux")]
pub(super) fn host_identity() -> Option<HostIdentity> {
    use crate::{host::read_now, key::KeyBuilder};
    use std::path::Path;

    const LONGEST: usize = 100;
    /// `PROC_PID_INIT_INO` in the kernel's `include/linux/proc_ns.h`: the process namespace in which the machine was
    /// started.
    const INITIAL: &str = "pid:[4026531836]";

    let namespace = Path::new("/proc/self/ns/pid").read_link().ok()?;
    let boot = read_now(Path::new("/proc/sys/kernel/random/boot_id"), LONGEST).ok()?;
    let user = rustix::process::geteuid().as_raw().to_le_bytes();
    (namespace.as_os_str() == INITIAL).then(|| HostIdentity::new(KeyBuilder::stable().part(&*boot).part(user)))
}

/// Returns nothing, because only Linux shows whether another process may have a different identity of the host.
#[cfg(not(target_os = "linux"))]
pub(super) fn host_identity() -> Option<HostIdentity> {
    None
}
