use super::open_store::OpenStore;
use crate::{
    host::{Clock, Log},
    key::Key,
    transport::Deadline,
    types::{AccessToken, CredentialKind},
};

/// A token that a call wants from a store or, if it has none, from a service.
pub(crate) struct TokenQuery<'a> {
    /// The kind of credential that gives it; for a chain, any kind.
    pub(crate) kind: CredentialKind,
    pub(crate) token: Key,
    /// The members of a chain whose tokens are not stored.
    pub(crate) unkept: Vec<CredentialKind>,
    /// The open store.
    pub(crate) opened: OpenStore,
    pub(crate) deadline: &'a Deadline,
    pub(crate) log: &'a Log,
    pub(crate) clock: &'a Clock,
}

impl TokenQuery<'_> {
    pub(super) fn keeps(&self, token: &AccessToken) -> bool {
        !self.unkept.contains(&token.source)
    }
}
