//! The files that decide who is logged in to a program of the machine.

use std::path::PathBuf;

/// The files of one tool, or of all members of a chain. A change of one of them removes the tokens from the cache.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct LoginFiles {
    /// The files that contain a login. If all are absent, the user is not logged in.
    pub(crate) logins: Vec<PathBuf>,
    /// The files that choose one of the logins. Their presence does not show that there is one.
    pub(crate) choices: Vec<PathBuf>,
}

impl LoginFiles {
    /// Returns the files of both kinds.
    pub(crate) fn all(self) -> impl Iterator<Item = PathBuf> {
        self.logins.into_iter().chain(self.choices)
    }

    /// Returns these files and the others.
    pub(super) fn and(mut self, others: Self) -> Self {
        self.logins.extend(others.logins);
        self.choices.extend(others.choices);
        self
    }
}
