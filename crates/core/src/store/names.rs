use super::seal::{Content, StoreKey};
use crate::{key::Key, types::Secret};

/// The names in a store of one token, its note and its lock, under one key.
#[derive(Clone, Debug)]
pub(super) struct Names {
    /// Absent: the names are names of files.
    prefix: Option<String>,
    name: String,
}

impl Names {
    pub(super) fn new(prefix: Option<&str>, key: &StoreKey, token: &Key) -> Self {
        Self { prefix: prefix.map(|prefix| format!("{prefix}:1:")), name: key.name(token) }
    }

    pub(super) fn token(&self) -> String {
        self.named("", ".t")
    }

    pub(super) fn lease(&self) -> String {
        self.named(":l", ".l")
    }

    pub(super) fn note(&self) -> String {
        self.named(":f", ".f")
    }

    pub(super) fn seal(&self, key: &StoreKey, content: Content, text: &str) -> Option<String> {
        key.seal(content, &self.name, text)
    }

    pub(super) fn open(&self, key: &StoreKey, content: Content, sealed: &str) -> Option<Secret> {
        key.open(content, &self.name, sealed)
    }

    fn named(&self, ending: &str, of_file: &str) -> String {
        match &self.prefix {
            Some(prefix) => format!("{prefix}{}{ending}", self.name),
            None => format!("{}{of_file}", self.name),
        }
    }
}
