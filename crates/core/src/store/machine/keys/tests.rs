use super::*;
use crate::{host::ProtectKey, key::KeyBuilder, store::seal::Content};
use std::{fs, path::PathBuf, sync::Barrier, thread};

/// A place for one test, which deletes it at its end. Each process opens the folder itself.
struct Scratch(PathBuf);

impl Scratch {
    fn new() -> Self {
        let name = base32(&*random::<ID_LENGTH>().unwrap());
        let path = std::env::temp_dir().join(format!("azure-client-token-keys-{name}"));
        fs::create_dir(&path).unwrap();
        Self(path)
    }

    fn folder(&self) -> Folder {
        Folder::open(&self.0, &["v1"]).unwrap()
    }

    fn names(&self) -> Vec<String> {
        let entries = fs::read_dir(self.0.join("v1")).unwrap();
        let mut names: Vec<_> = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    fn write(&self, name: &str, content: &[u8]) {
        fs::write(self.0.join("v1").join(name), content).unwrap();
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// Does not encrypt, but distinguishes its user's files from those of others.
#[derive(Clone, Copy)]
struct FakeProtection;

impl ProtectKey for FakeProtection {
    fn seal(&self, key: &Secret) -> Option<Vec<u8>> {
        Some(format!("user:{}", key.expose()).into_bytes())
    }

    fn open(&self, sealed: &[u8]) -> Option<Secret> {
        std::str::from_utf8(sealed.strip_prefix(b"user:")?).ok().map(Secret::new)
    }
}

#[derive(Clone, Copy)]
struct ProtectedKeys;

impl MachineKeys for ProtectedKeys {
    fn keys(&self, folder: &Folder) -> Result<Arc<[StoreKey]>, NoKeys> {
        key(folder, &protected::ProtectedFile { folder, protection: &FakeProtection })
    }
}

/// The name of a token, which differs from key to key.
fn name(keys: &dyn MachineKeys, scratch: &Scratch) -> String {
    keys.keys(&scratch.folder()).unwrap()[0].name(&KeyBuilder::stable().part("t").build())
}

fn names_of_50_first_ones(keys: impl MachineKeys + Copy, scratch: &Scratch) -> Vec<String> {
    let start = Barrier::new(50);
    let first = || {
        start.wait();
        name(&keys, scratch)
    };
    let mut names: Vec<_> = thread::scope(|scope| {
        let threads: Vec<_> = (0..50).map(|_| scope.spawn(first)).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    names.sort();
    names.dedup();
    names
}

#[test]
fn fifty_first_processes_have_one_key() {
    let (file, protected) = (Scratch::new(), Scratch::new());
    assert_eq!(names_of_50_first_ones(FileKeys, &file).len(), 1);
    assert_eq!(file.names(), [ID, "key", LOCK]);
    assert_eq!(names_of_50_first_ones(ProtectedKeys, &protected).len(), 1);
    assert_eq!(protected.names(), [ID, LOCK, "key.p"]);
}

#[cfg(target_os = "linux")]
#[test]
fn fifty_first_processes_have_one_key_in_the_keyring() {
    let scratch = Scratch::new();
    if let Err(NoKeys(why)) = SystemKeys.keys(&scratch.folder()) {
        println!("skipped: {why}");
        return;
    }
    let kept = id(&scratch.folder()).unwrap().unwrap();
    keyring::forget(&kept);
    assert_eq!(names_of_50_first_ones(SystemKeys, &scratch).len(), 1);
    assert_eq!(scratch.names(), [ID, LOCK], "the key is in no file");
    let before = name(&SystemKeys, &scratch);
    keyring::forget(&kept);
    assert_ne!(name(&SystemKeys, &scratch), before, "as after a restart of the machine");
    keyring::forget(&kept);
}

#[test]
fn an_unfinished_key_of_another_process_counts_as_absent() {
    let scratch = Scratch::new();
    let folder = scratch.folder();
    let lock = folder.try_lock(LOCK).unwrap();
    let NoKeys(why) = FileKeys.keys(&scratch.folder()).unwrap_err();
    assert!(why.contains("may be suspended"), "{why}");
    drop(lock);
    assert!(FileKeys.keys(&scratch.folder()).is_ok());
}

#[test]
fn one_process_decrypts_what_another_has_encrypted() {
    let scratch = Scratch::new();
    let keys = || FileKeys.keys(&scratch.folder()).unwrap();
    let sealed = keys()[0].seal(Content::Token, "n", "marker").unwrap();
    assert_eq!(keys()[0].open(Content::Token, "n", &sealed).unwrap().expose(), "marker");
}

#[test]
fn a_damaged_file_is_replaced() {
    let file: &dyn MachineKeys = &FileKeys;
    for (keys, named) in [(file, "key"), (file, ID), (&ProtectedKeys, "key.p"), (&ProtectedKeys, ID)] {
        for damage in [&b""[..], b"user:short", b"\xff\xfe", &[b'A'; 100]] {
            let scratch = Scratch::new();
            name(keys, &scratch);
            scratch.write(named, damage);
            let first = name(keys, &scratch);
            assert_eq!(name(keys, &scratch), first, "{named} {damage:?}");
        }
    }
}

#[cfg(unix)]
#[test]
#[expect(clippy::disallowed_methods, reason = "the test reads what is on the disk")]
fn a_key_file_is_the_users_own() {
    use std::os::unix::fs::PermissionsExt;
    let scratch = Scratch::new();
    name(&FileKeys, &scratch);
    for file in ["key", ID, LOCK] {
        let mode = fs::metadata(scratch.0.join("v1").join(file)).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{file}");
    }
}

/// A kernel that forbids its keyrings, as docker's does, or a place that forgets its key.
struct FakeHome(Result<Option<Secret>, NoKeys>);

impl KeyHome for FakeHome {
    fn find(&self, _: &str) -> Result<Option<Secret>, NoKeys> {
        self.0.clone()
    }

    fn add(&self, _: &str, _: &Secret) -> Result<(), NoKeys> {
        self.0.clone().map(drop)
    }
}

#[test]
fn without_a_key_store_there_is_no_key() {
    let forbidden = NoKeys::in_system("the kernel's keyring cannot be used (PermissionDenied)");
    let scratch = Scratch::new();
    for _ in 0..2 {
        let none = key(&scratch.folder(), &FakeHome(Err(forbidden.clone()))).err();
        assert_eq!(none.as_ref(), Some(&forbidden));
    }
    let NoKeys(why) = key(&scratch.folder(), &FakeHome(Ok(None))).err().unwrap();
    assert!(why.starts_with("the key store does not keep"), "{why}");
}
