//! The files on which it depends who is logged in to a program of the machine.

use std::path::PathBuf;

/// The files of one tool, or of all members of a chain. When one changes, the tokens are dropped.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct LoginFiles {
    /// Those with a login. If all are absent, no one is logged in.
    pub(crate) logins: Vec<PathBuf>,
    /// Those that choose among logins, and say nothing by being there.
    pub(crate) choices: Vec<PathBuf>,
}

impl LoginFiles {
    /// Returns all of them.
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
