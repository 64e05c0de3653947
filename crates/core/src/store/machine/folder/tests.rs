use super::*;
use std::fs;

/// A folder for one test, which is deleted with it.
pub(crate) struct Scratch(pub(crate) PathBuf);

impl Scratch {
    pub(crate) fn new() -> Self {
        let path = std::env::temp_dir().join(format!("act machine \u{e9} {}", random_name().unwrap()));
        fs::create_dir(&path).unwrap();
        Self(path)
    }

    pub(crate) fn open(&self) -> Result<Folder, Unusable> {
        Folder::open(&self.0, &["azure-client-token", "v1"])
    }

    #[allow(dead_code, reason = "the next tests look into it")]
    pub(crate) fn inner(&self) -> PathBuf {
        self.0.join("azure-client-token").join("v1")
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

const HOUR: Duration = Duration::from_secs(3600);

#[test]
fn what_is_written_is_read_by_its_name() {
    let scratch = Scratch::new();
    let folder = scratch.open().unwrap();
    assert!(folder.read("a.t").unwrap().is_none());
    folder.write("a.t", b"one", HOUR).unwrap();
    folder.write("a.t", b"two", HOUR).unwrap();
    assert_eq!(&**scratch.open().unwrap().read("a.t").unwrap().unwrap(), b"two");
    assert_eq!(folder.list().unwrap().len(), 1, "nothing else is left behind");
}

#[test]
fn a_file_is_created_once() {
    let scratch = Scratch::new();
    let folder = scratch.open().unwrap();
    assert!(folder.create("k", b"one").unwrap());
    assert!(!folder.create("k", b"two").unwrap());
    assert_eq!(&**folder.read("k").unwrap().unwrap(), b"one");
    assert_eq!(folder.list().unwrap().len(), 1);
}

#[test]
fn a_file_that_is_too_long_is_none() {
    let scratch = Scratch::new();
    let folder = scratch.open().unwrap();
    folder.write("a.t", &vec![b'x'; 64 * 1024], HOUR).unwrap();
    assert!(folder.read("a.t").unwrap().is_some());
    folder.write("a.t", &vec![b'x'; 64 * 1024 + 1], HOUR).unwrap();
    assert!(folder.read("a.t").unwrap().is_none());
}

#[test]
fn one_at_a_time_has_a_lock() {
    let scratch = Scratch::new();
    let (one, other) = (scratch.open().unwrap(), scratch.open().unwrap());
    let lock = one.try_lock("a.l").unwrap().unwrap();
    assert!(other.try_lock("a.l").unwrap().is_none());
    drop(lock);
    assert!(other.try_lock("a.l").unwrap().is_some());
}
