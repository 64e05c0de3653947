use super::*;
use std::{fs, path::PathBuf};

/// A folder for one test, which deletes it at its end.
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
fn a_written_value_is_read_by_its_name() {
    let scratch = Scratch::new();
    let folder = scratch.open().unwrap();
    assert!(folder.read("a.t").unwrap().is_none());
    folder.write("a.t", b"one", HOUR).unwrap();
    folder.write("a.t", b"two", HOUR).unwrap();
    assert_eq!(&**scratch.open().unwrap().read("a.t").unwrap().unwrap(), b"two");
    assert_eq!(folder.list().unwrap().len(), 1, "nothing else is left behind");
}

#[test]
fn a_path_that_looks_like_a_secret_is_not_shown() {
    let token = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJtYXJrZXIifQ.c2lnbmF0dXJl";
    let base64 = "QUJD".repeat(20);
    let key = "-----BEGIN PRIVATE KEY-----";
    for secret in [token, &base64, key] {
        let scratch = Scratch::new();
        fs::write(scratch.0.join(secret), "a file").unwrap();
        let reason = Folder::open(&scratch.0.join(secret), &["v1"]).err().unwrap().0;
        assert!(!reason.contains(secret) && reason.contains("its path, "), "{reason}");
    }
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
fn a_file_that_is_too_long_counts_as_absent() {
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

#[test]
fn a_lock_on_a_deleted_file_does_not_count() {
    let scratch = Scratch::new();
    let folder = scratch.open().unwrap();
    let lock = folder.try_lock("a.l").unwrap().unwrap();
    folder.remove("a.l").unwrap();
    let next = scratch.open().unwrap().try_lock("a.l").unwrap();
    assert!(next.is_some(), "the next file of that name is another one");
    drop(lock);
    assert!(folder.try_lock("a.l").unwrap().is_none());
}

#[cfg(unix)]
mod on_unix {
    use super::*;
    use std::os::unix::fs::{chown, symlink, MetadataExt, PermissionsExt};

    fn reason(scratch: &Scratch) -> String {
        scratch.open().err().map_or_else(String::new, |unusable| unusable.0)
    }

    #[test]
    fn new_files_are_for_this_user_alone() {
        let scratch = Scratch::new();
        let folder = scratch.open().unwrap();
        folder.write("a.t", b"x", HOUR).unwrap();
        drop(folder.try_lock("a.l").unwrap());
        let mode = |path: PathBuf| path.metadata().unwrap().mode() & 0o777;
        assert_eq!(mode(scratch.0.join("azure-client-token")), 0o700);
        assert_eq!(mode(scratch.inner()), 0o700);
        assert_eq!(mode(scratch.inner().join("a.t")), 0o600);
        assert_eq!(mode(scratch.inner().join("a.l")), 0o600);
    }

    #[test]
    fn a_folder_that_is_a_link_or_open_to_others_is_not_used() {
        for place in ["azure-client-token", "azure-client-token/v1"] {
            let scratch = Scratch::new();
            let path = scratch.0.join(place);
            fs::create_dir_all(&path).unwrap();
            for mode in [0o720, 0o702, 0o777] {
                fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
                assert!(reason(&scratch).contains("can be written to by other users"), "{}", reason(&scratch));
            }
            fs::remove_dir(&path).unwrap();
            symlink(&scratch.0, &path).unwrap();
            assert!(reason(&scratch).contains("is a link"), "{}", reason(&scratch));
            fs::remove_file(&path).unwrap();
            fs::write(&path, "").unwrap();
            assert!(reason(&scratch).contains("cannot be used"), "{}", reason(&scratch));
        }
    }

    #[test]
    fn links_lead_to_the_cache_folder_itself() {
        let (scratch, elsewhere) = (Scratch::new(), Scratch::new());
        symlink(&elsewhere.0, scratch.0.join("cache")).unwrap();
        Folder::open(&scratch.0.join("cache"), &["v1"]).unwrap();
        assert!(elsewhere.0.join("v1").is_dir());
    }

    #[test]
    fn missing_parent_folders_are_created_if_they_are_this_users() {
        let scratch = Scratch::new();
        Folder::open(&scratch.0.join("a/b"), &["v1"]).unwrap();
        assert!(scratch.0.join("a/b/v1").is_dir());
    }

    /// Only root can give a folder to another user; CI's containers run as root.
    #[test]
    fn a_folder_of_another_user_is_neither_used_nor_added_to() {
        let scratch = Scratch::new();
        if chown(&scratch.0, Some(65_534), None).is_err() {
            eprintln!("skipped: only root can give a folder to another user");
            return;
        }
        assert!(reason(&scratch).contains("belongs to another user"), "{}", reason(&scratch));
        assert!(!scratch.0.join("azure-client-token").exists());
        chown(&scratch.0, Some(0), None).unwrap();
        drop(scratch.open().unwrap());
        chown(scratch.inner(), Some(65_534), None).unwrap();
        assert!(reason(&scratch).contains("belongs to another user"), "{}", reason(&scratch));
    }

    #[test]
    fn a_file_of_another_user_is_not_read() {
        let scratch = Scratch::new();
        let folder = scratch.open().unwrap();
        symlink("/etc/hostname", scratch.inner().join("a.t")).unwrap();
        assert!(folder.read("a.t").is_err());
        assert!(folder.try_lock("a.t").is_err(), "a lock is no link either");
        folder.write("a.t", b"own", HOUR).unwrap();
        assert_eq!(&**folder.read("a.t").unwrap().unwrap(), b"own", "what is written takes its place");
    }
}
