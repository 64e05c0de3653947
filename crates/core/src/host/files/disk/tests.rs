use super::*;
use rustix::fs::{mkfifoat, Mode, CWD};
use std::{sync::mpsc, thread, time::Duration};

/// Returns an unused path of this test's own.
fn path(name: &str) -> PathBuf {
    let path = std::env::temp_dir().join(format!("azure-client-token-{}-{name}", std::process::id()));
    let _ = std::fs::remove_file(&path);
    path
}

/// Returns the result of work that must not wait for anything.
fn at_once<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || sender.send(work()));
    receiver.recv_timeout(Duration::from_secs(20)).expect("it waits")
}

#[test]
fn reading_a_pipe_does_not_wait() {
    let pipe = path("pipe");
    mkfifoat(CWD, &pipe, Mode::RUSR).expect("a pipe");
    let own = pipe.clone();
    let error = at_once(move || read_now(&own, 10)).unwrap_err();
    assert_eq!(error.kind(), io::ErrorKind::InvalidInput);
    // A pipe that replaces a file between the check and the opening.
    let own = pipe.clone();
    let file = at_once(move || unblocking(OpenOptions::new().read(true)).open(own)).expect("it is open");
    assert_eq!(only_files(&file.metadata().expect("it is a pipe")).unwrap_err().kind(), io::ErrorKind::InvalidInput);
    std::fs::remove_file(pipe).expect("it is there");
}

#[test]
fn a_file_that_is_overwritten_with_its_old_length_and_time_has_another_identity() {
    let path = path("in-place");
    std::fs::write(&path, "first").expect("a file");
    let (before, modified) = (identity(&path).expect("it is there"), path.metadata().unwrap().modified().unwrap());
    // The clock of a file system advances in steps.
    thread::sleep(Duration::from_millis(30));
    std::fs::write(&path, "other").expect("a file");
    File::options().write(true).open(&path).unwrap().set_modified(modified).expect("its old time");
    let after = identity(&path).expect("it is there");
    assert_eq!((before.modified, before.length, before.inode), (after.modified, after.length, after.inode));
    assert_ne!(before, after);
    std::fs::remove_file(path).expect("it is there");
}
