use super::open_store::OpenStore;
use crate::{
    host::{Clock, Log},
    key::Key,
    transport::Deadline,
    types::{AccessToken, CredentialKind},
};

/// A token that a call wants from a store or, if it has none, from a service.
pub(crate) struct TokenQuery<'a> {
    /// Which kind of credential gives it; a chain: whichever.
    pub(crate) kind: CredentialKind,
    pub(crate) token: Key,
    /// The members of a chain whose tokens are not written.
    pub(crate) unkept: Vec<CredentialKind>,
    /// The store, as it was opened.
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
