use super::seal::{Content, StoreKey};
use crate::{key::Key, types::Secret};

/// Where a store keeps what belongs to one token, under one key.
#[derive(Clone, Debug)]
pub(super) struct Names {
    prefix: String,
    name: String,
}

impl Names {
    pub(super) fn new(prefix: &str, key: &StoreKey, token: &Key) -> Self {
        Self { prefix: format!("{prefix}:1:"), name: key.name(token) }
    }

    pub(super) fn token(&self) -> String {
        format!("{}{}", self.prefix, self.name)
    }

    pub(super) fn lease(&self) -> String {
        format!("{}{}:l", self.prefix, self.name)
    }

    pub(super) fn note(&self) -> String {
        format!("{}{}:f", self.prefix, self.name)
    }

    pub(super) fn seal(&self, key: &StoreKey, content: Content, text: &str) -> Option<String> {
        key.seal(content, &self.name, text)
    }

    pub(super) fn open(&self, key: &StoreKey, content: Content, sealed: &str) -> Option<Secret> {
        key.open(content, &self.name, sealed)
    }
}
