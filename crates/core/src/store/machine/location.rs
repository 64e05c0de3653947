//! The path of the machine's store.

use super::super::base32::base32;
use crate::{config::keys, host::Environment};
use ring::digest::{digest, SHA256};
use std::path::{Path, PathBuf};

/// The path in the cache folder. Its last part is the version of the files' format.
const BELOW: [&str; 2] = ["azure-client-token", "v1"];

/// The place of the store, which need not exist yet.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct StoreLocation {
    /// The user's cache folder, or the named one.
    pub(crate) base: PathBuf,
    /// The folder of a part of the store.
    part: Option<String>,
}

impl StoreLocation {
    pub(crate) fn below(&self) -> Vec<&str> {
        BELOW.into_iter().chain(self.part.as_deref()).collect()
    }

    /// Returns the store's folder.
    pub(crate) fn folder(&self) -> PathBuf {
        self.below().into_iter().fold(self.base.clone(), |path, name| path.join(name))
    }

    /// Returns the part with this folder.
    pub(super) fn part_in(&self, folder: String) -> Self {
        Self { part: Some(folder), ..self.clone() }
    }

    /// Returns the part of the store with this name, which may be any text.
    pub(crate) fn part(self, name: Option<&str>) -> Self {
        let folder = |name: &str| base32(&digest(&SHA256, name.as_bytes()).as_ref()[..20]);
        Self { part: name.map(folder), ..self }
    }
}

/// Returns the user's cache folder, or the named one, or nothing if the environment names no home. A relative path
/// would be a different folder in each working directory; in a variable of the system it is ignored, as the XDG
/// specification requires.
pub(crate) fn location(environment: &Environment, named: Option<&Path>) -> Option<StoreLocation> {
    let base = named.map(Path::to_owned).or_else(|| cache_folder(environment, System::HERE))?;
    Some(StoreLocation { base, part: None })
}

#[derive(Clone, Copy)]
enum System {
    Linux,
    MacOs,
    Windows,
}

impl System {
    const HERE: Self = if cfg!(windows) {
        Self::Windows
    } else if cfg!(target_os = "macos") {
        Self::MacOs
    } else {
        Self::Linux
    };
}

fn cache_folder(environment: &Environment, system: System) -> Option<PathBuf> {
    let folder = |name: &str| environment.var(name).map(PathBuf::from).filter(|path| is_absolute(path, system));
    match system {
        System::Windows => folder(keys::LOCALAPPDATA.name()),
        System::MacOs => folder("HOME").map(|home| home.join("Library/Caches")),
        System::Linux => folder(keys::XDG_CACHE_HOME.name()).or_else(|| folder("HOME").map(|home| home.join(".cache"))),
    }
}

/// Paths of another system occur only in tests.
fn is_absolute(path: &Path, system: System) -> bool {
    matches!(system, System::Windows) != cfg!(windows) || path.is_absolute()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_system_has_a_cache_folder_of_its_own() {
        let all = Environment::from([("HOME", "/home/a"), ("XDG_CACHE_HOME", "/x"), ("LOCALAPPDATA", r"C:\l")]);
        let home = Environment::from([("HOME", "/home/a")]);
        let of = |environment: &Environment, system| cache_folder(environment, system);
        assert_eq!(of(&all, System::Linux), Some(PathBuf::from("/x")));
        assert_eq!(of(&home, System::Linux), Some(PathBuf::from("/home/a/.cache")));
        assert_eq!(of(&all, System::MacOs), Some(PathBuf::from("/home/a/Library/Caches")));
        assert_eq!(of(&all, System::Windows), Some(PathBuf::from(r"C:\l")));
        for system in [System::Linux, System::MacOs, System::Windows] {
            assert_eq!(of(&Environment::default(), system), None, "without a home nothing is kept");
        }
    }

    #[cfg(unix)]
    #[test]
    fn a_relative_folder_is_skipped_and_a_named_one_used() {
        let relative = Environment::from([("HOME", "home"), ("XDG_CACHE_HOME", "x")]);
        assert_eq!(location(&relative, None), None);
        assert_eq!(
            location(&relative, Some(Path::new("/y"))),
            Some(StoreLocation { base: PathBuf::from("/y"), part: None })
        );
    }
    #[test]
    fn a_part_of_the_store_is_a_folder_whatever_its_name() {
        let location = |name| StoreLocation { base: PathBuf::from("/y"), part: None }.part(name);
        assert_eq!(location(None).below(), BELOW);
        let parts: Vec<_> = ["a", "../b", ""].map(|name| location(Some(name)).below()[2].to_owned()).into();
        assert!(parts.iter().all(|part| part.len() == 32 && !part.contains('.')), "{parts:?}");
        assert!(parts[0] != parts[1] && parts[1] != parts[2]);
    }
}
