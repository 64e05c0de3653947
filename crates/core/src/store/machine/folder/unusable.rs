use crate::types::{hidden, printable, suspicion};
use std::{io, path::Path};

/// Why no tokens are stored: one sentence says what is wrong, and one what to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Unusable(pub(crate) String);

impl Unusable {
    pub(super) fn link(path: &Path) -> Self {
        Self::of(path, "is a link. Put a folder in its place, or name another one in AZURE_CLIENT_TOKEN_CACHE_DIR")
    }

    #[cfg_attr(not(unix), expect(dead_code, reason = "Windows has no owner that is as easy to check"))]
    pub(super) fn foreign(path: &Path) -> Self {
        Self::of(path, "belongs to another user. Name a folder of your own in AZURE_CLIENT_TOKEN_CACHE_DIR")
    }

    #[cfg_attr(not(unix), expect(dead_code, reason = "a folder's access list is not read on Windows"))]
    pub(super) fn open_to_others(path: &Path) -> Self {
        Self::of(path, "can be written to by other users. Remove that permission (chmod 700)")
    }

    #[cfg_attr(not(unix), expect(dead_code, reason = "Windows has no owner that is as easy to check"))]
    pub(super) fn not_ours_to_make(path: &Path) -> Self {
        Self::of(
            path,
            "is not there, and the folder above it belongs to another user. Make it, or name a folder of your own in AZURE_CLIENT_TOKEN_CACHE_DIR",
        )
    }

    pub(super) fn failed(path: &Path, error: &io::Error) -> Self {
        let what = format!(
            "cannot be used ({error}). Make it a folder that you can write to, or name another one in AZURE_CLIENT_TOKEN_CACHE_DIR"
        );
        Self::of(path, &what)
    }

    fn of(path: &Path, what: &str) -> Self {
        let text = path.to_string_lossy();
        let folder = match suspicion(&text) {
            Some(suspicion) => format!("the cache folder ({}: {suspicion})", hidden("its path", &text)),
            None => format!("the folder {}", printable(&text)),
        };
        Self(format!("{folder} {what}"))
    }
}
