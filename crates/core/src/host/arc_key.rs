use std::{
    fs::{File, Metadata, OpenOptions},
    io::{self, Read},
    path::Path,
};
use zeroize::Zeroizing;

/// Returns the content of a key of Azure Arc's agent. The file is opened once, and the checks apply to the open file,
/// so another file that replaces it in between is not read.
///
/// # Errors
/// The system's error; [`io::ErrorKind::InvalidInput`] if the file is not a key of the agent: a link, a second name of
/// another file, a file of another owner, or one outside the folder; [`io::ErrorKind::FileTooLarge`] if it has more
/// bytes than `limit`.
pub(super) fn read(file: &Path, folder: &Path, limit: usize) -> io::Result<Zeroizing<Vec<u8>>> {
    let opened = open(file)?;
    let metadata = opened.metadata()?;
    check(&metadata, folder)?;
    if place_of(&opened, file)?.parent() != Some(&*folder.canonicalize()?) {
        return Err(not_a_key("it is outside of the agent's own folder"));
    }
    let most = u64::try_from(limit).unwrap_or(u64::MAX).saturating_add(1);
    let mut content = Zeroizing::new(Vec::with_capacity(limit + 1));
    opened.take(most).read_to_end(&mut content)?;
    if content.len() > limit {
        return Err(io::Error::new(io::ErrorKind::FileTooLarge, format!("it has more than {limit} bytes")));
    }
    Ok(content)
}

pub(super) fn not_a_key(why: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidInput, why)
}

/// Does not follow a link, and does not wait for the writer of a pipe.
#[cfg(unix)]
fn open(file: &Path) -> io::Result<File> {
    use rustix::{fs::OFlags, io::Errno};
    use std::os::unix::fs::OpenOptionsExt;
    let flags = (OFlags::NOFOLLOW | OFlags::NONBLOCK).bits().cast_signed();
    let opened = OpenOptions::new().read(true).custom_flags(flags).open(file);
    opened.map_err(|error| match Errno::from_io_error(&error) {
        Some(Errno::LOOP) => not_a_key("it is a link"),
        _ => error,
    })
}

/// `FILE_FLAG_OPEN_REPARSE_POINT`: opens a link itself, not its target.
#[cfg(windows)]
fn open(file: &Path) -> io::Result<File> {
    use std::os::windows::fs::OpenOptionsExt;
    OpenOptions::new().read(true).custom_flags(0x0020_0000).open(file)
}

fn check(metadata: &Metadata, folder: &Path) -> io::Result<()> {
    if !metadata.is_file() {
        return Err(not_a_key("it is not a file"));
    }
    check_owner(metadata, folder)
}

/// A user who may write to the folder could create a hard link there to another user's file.
#[cfg(unix)]
fn check_owner(metadata: &Metadata, folder: &Path) -> io::Result<()> {
    use std::os::unix::fs::MetadataExt;
    if metadata.nlink() != 1 {
        return Err(not_a_key("it has more than one hard link"));
    }
    let owner = metadata.uid();
    if owner == 0 || owner == folder.metadata()?.uid() {
        return Ok(());
    }
    Err(not_a_key("its owner is neither root nor the owner of the folder"))
}

#[cfg(windows)]
fn check_owner(metadata: &Metadata, _: &Path) -> io::Result<()> {
    use std::os::windows::fs::MetadataExt;
    const REPARSE_POINT: u32 = 0x400;
    if metadata.file_attributes() & REPARSE_POINT != 0 {
        return Err(not_a_key("it is a link"));
    }
    Ok(())
}

/// Returns the path of the open file.
#[cfg(target_os = "linux")]
fn place_of(opened: &File, _: &Path) -> io::Result<std::path::PathBuf> {
    use std::os::fd::AsRawFd;
    Path::new("/proc/self/fd").join(opened.as_raw_fd().to_string()).read_link()
}

#[cfg(not(target_os = "linux"))]
fn place_of(_: &File, file: &Path) -> io::Result<std::path::PathBuf> {
    file.canonicalize()
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;
    use std::{
        path::PathBuf,
        sync::atomic::{AtomicBool, Ordering},
    };

    const LIMIT: usize = 64;

    /// The agent's folder with a key in it, and a file outside the folder.
    struct Agent {
        root: PathBuf,
        folder: PathBuf,
        key: PathBuf,
        outside: PathBuf,
    }

    impl Agent {
        fn new(name: &str) -> Self {
            let root = std::env::temp_dir().join(format!("arc-key-{name}-{}", std::process::id()));
            let folder = root.join("tokens");
            std::fs::create_dir_all(&folder).unwrap();
            let (key, outside) = (folder.join("a.key"), root.join("outside"));
            std::fs::write(&key, "the key").unwrap();
            std::fs::write(&outside, "TOPSECRET").unwrap();
            Self { root, folder, key, outside }
        }

        fn read(&self) -> io::Result<Zeroizing<Vec<u8>>> {
            read(&self.key, &self.folder, LIMIT)
        }

        fn refusal(&self) -> String {
            let error = self.read().unwrap_err();
            assert_eq!(error.kind(), io::ErrorKind::InvalidInput, "{error}");
            error.to_string()
        }
    }

    impl Drop for Agent {
        fn drop(&mut self) {
            let _ = std::fs::remove_dir_all(&self.root);
        }
    }

    #[test]
    fn a_key_is_read_up_to_a_limit() {
        let agent = Agent::new("limit");
        assert_eq!(&agent.read().unwrap()[..], b"the key");
        std::fs::write(&agent.key, "k".repeat(LIMIT + 1)).unwrap();
        assert_eq!(agent.read().unwrap_err().kind(), io::ErrorKind::FileTooLarge);
        std::fs::remove_file(&agent.key).unwrap();
        assert_eq!(agent.read().unwrap_err().kind(), io::ErrorKind::NotFound);
    }

    #[test]
    fn a_folder_that_is_a_link_itself_is_the_agents_own() {
        let agent = Agent::new("folder");
        let link = agent.root.join("link");
        std::os::unix::fs::symlink(&agent.folder, &link).unwrap();
        assert_eq!(&read(&link.join("a.key"), &link, LIMIT).unwrap()[..], b"the key");
    }

    #[test]
    fn only_the_agents_own_files_are_read() {
        let agent = Agent::new("others");
        std::fs::remove_file(&agent.key).unwrap();
        std::os::unix::fs::symlink(&agent.outside, &agent.key).unwrap();
        assert_eq!(agent.refusal(), "it is a link");
        std::fs::remove_file(&agent.key).unwrap();
        std::fs::hard_link(&agent.outside, &agent.key).unwrap();
        assert_eq!(agent.refusal(), "it has more than one hard link");
        std::fs::remove_file(&agent.key).unwrap();
        std::fs::create_dir(&agent.key).unwrap();
        assert_eq!(agent.refusal(), "it is not a file");
        std::fs::remove_dir(&agent.key).unwrap();
        rustix::fs::mkfifoat(rustix::fs::CWD, &agent.key, rustix::fs::Mode::from_raw_mode(0o600)).unwrap();
        assert_eq!(agent.refusal(), "it is not a file");
    }

    #[test]
    fn a_file_below_a_linked_folder_lies_outside() {
        let agent = Agent::new("below");
        let other = agent.root.join("other");
        std::fs::create_dir(&other).unwrap();
        std::fs::write(other.join("a.key"), "TOPSECRET").unwrap();
        let error = read(&other.join("a.key"), &agent.folder, LIMIT).unwrap_err();
        assert_eq!(error.to_string(), "it is outside of the agent's own folder");
    }

    #[test]
    fn a_link_that_replaces_a_key_during_the_read_reveals_nothing_else() {
        let agent = Agent::new("swapped");
        let (spare, over) = (agent.root.join("spare"), AtomicBool::new(false));
        std::thread::scope(|scope| {
            scope.spawn(|| {
                while !over.load(Ordering::Relaxed) {
                    std::os::unix::fs::symlink(&agent.outside, &spare).unwrap();
                    std::fs::rename(&spare, &agent.key).unwrap();
                    std::fs::write(&spare, "the key").unwrap();
                    std::fs::rename(&spare, &agent.key).unwrap();
                }
            });
            // On a busy machine the other thread may pause for long while the link is there.
            let (mut contents, mut reads) = (Vec::new(), 0);
            while reads < 4000 || (contents.is_empty() && reads < 4_000_000) {
                contents.extend(agent.read().ok());
                reads += 1;
                std::thread::yield_now();
            }
            over.store(true, Ordering::Relaxed);
            assert!(contents.iter().all(|content| !content.starts_with(b"TOP")), "a file outside was read");
            assert!(!contents.is_empty(), "the key was never read");
        });
    }
}
