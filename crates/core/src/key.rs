//! Layer 2: the cache keys of tokens, and of the remembered winner of a chain.

use crate::{
    host::process_key,
    types::{RetryChoice, TokenIdentity},
};
use ring::hmac;
use std::{path::Path, time::Duration};

/// Everything that decides whose token it is, as a keyed hash: secrets are part of it without being kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Key([u8; 32]);

impl Key {
    /// Returns a number that belongs to the key in this process, and differs in the next one.
    pub(crate) fn seed(&self) -> u64 {
        self.0.iter().take(8).fold(0, |seed, byte| seed << 8 | u64::from(*byte))
    }

    pub(crate) fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}

/// Collects the parts of a key. Each part is preceded by its length, so that no two lists of parts give the same key.
#[derive(Clone)]
pub(crate) struct KeyBuilder(hmac::Context);

/// The key of hashes that must be the same in every process. It is not secret: their result is hashed again, with a
/// secret key.
const STABLE: &[u8] = b"azure-client-token/1/key";

impl KeyBuilder {
    pub(crate) fn new() -> Self {
        Self(hmac::Context::with_key(process_key()))
    }

    /// Builds a key that another process builds from the same parts too.
    pub(crate) fn stable() -> Self {
        Self(hmac::Context::with_key(&hmac::Key::new(hmac::HMAC_SHA256, STABLE)))
    }

    pub(crate) fn part(mut self, part: impl AsRef<[u8]>) -> Self {
        let part = part.as_ref();
        self.0.update(&(part.len() as u64).to_le_bytes());
        self.0.update(part);
        self
    }

    pub(crate) fn parts<P: AsRef<[u8]>>(self, parts: impl ExactSizeIterator<Item = P>) -> Self {
        let counted = self.part((parts.len() as u64).to_le_bytes());
        parts.fold(counted, Self::part)
    }

    /// Adds everything of a value that decides.
    pub(crate) fn with(self, part: &(impl KeyPart + ?Sized)) -> Self {
        part.add_to(self)
    }

    /// Adds a part that may be absent, which differs from an empty one.
    pub(crate) fn optional(self, part: Option<impl AsRef<[u8]>>) -> Self {
        match part {
            Some(part) => self.part([1]).part(part),
            None => self.part([0]),
        }
    }

    pub(crate) fn path(self, path: &Path) -> Self {
        self.part(path.as_os_str().as_encoded_bytes())
    }

    pub(crate) fn optional_path(self, path: Option<&Path>) -> Self {
        self.optional(path.map(|path| path.as_os_str().as_encoded_bytes()))
    }

    pub(crate) fn build(self) -> Key {
        let mut key = [0; 32];
        key.copy_from_slice(self.0.sign().as_ref());
        Key(key)
    }
}

/// What is part of a key. An implementation destructures without `..`, so that a forgotten field does not compile: two
/// configurations would share a token. Fields that do not decide are named `_`.
pub(crate) trait KeyPart {
    fn add_to(&self, key: KeyBuilder) -> KeyBuilder;
}

impl KeyPart for TokenIdentity {
    fn add_to(&self, key: KeyBuilder) -> KeyBuilder {
        let Self { tenant_id, client_id, object_id } = self;
        [tenant_id, client_id, object_id].into_iter().fold(key, |key, id| key.optional(id.as_deref()))
    }
}

/// The choice does not decide whose token it is, but when there is none: a call with one try must not wait for the
/// tries of another, or share the failure of a call with fewer.
impl KeyPart for RetryChoice {
    fn add_to(&self, key: KeyBuilder) -> KeyBuilder {
        let Self { most_retries, first_wait, longest_wait } = self;
        let wait = |wait: &Option<Duration>| wait.map(|wait| wait.as_millis().to_le_bytes());
        key.optional(most_retries.map(u32::to_le_bytes)).optional(wait(first_wait)).optional(wait(longest_wait))
    }
}

/// Identifies a machine, since its start, and a user.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct HostIdentity(Key);

impl HostIdentity {
    #[cfg_attr(not(any(target_os = "linux", test)), expect(dead_code, reason = "only Linux shows it"))]
    pub(crate) fn new(parts: KeyBuilder) -> Self {
        Self(parts.build())
    }

    pub(crate) fn as_bytes(&self) -> &[u8] {
        self.0.as_bytes()
    }
}

/// The processes that share a store, and so its tokens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reach {
    /// Processes of one user on one machine. The machine has an identity of its own, unless the store is the same for
    /// all.
    Machine(Option<HostIdentity>),
    /// Processes on several machines.
    Fleet,
}

/// What is part of the name under which a store keeps a token. As with [`KeyPart`], an implementation destructures
/// without `..`. Values without a meaning for other processes are left out.
pub(crate) trait NamePart {
    /// Returns the name with this part, or nothing if a token that depends on it is not stored.
    fn add_to_name(&self, reach: Reach, name: KeyBuilder) -> Option<KeyBuilder>;
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(parts: &[&str]) -> Key {
        parts.iter().fold(KeyBuilder::new(), KeyBuilder::part).build()
    }

    #[test]
    fn a_seed_is_the_first_eight_bytes() {
        let key = Key(std::array::from_fn(|place| u8::try_from(place + 1).unwrap()));
        assert_eq!(key.seed(), 0x0102_0304_0506_0708);
    }

    #[test]
    fn the_same_parts_make_the_same_key_and_others_another() {
        assert_eq!(key(&["a", "b"]), key(&["a", "b"]));
        assert_ne!(key(&["a", "b"]), key(&["b", "a"]));
        assert_ne!(key(&["ab", "c"]), key(&["a", "bc"]));
        assert_ne!(key(&["a"]), key(&["a", ""]));
        let listed = |scopes: &[&str]| KeyBuilder::new().parts(scopes.iter()).part("x").build();
        assert_ne!(listed(&["a", "b"]), listed(&["a"]));
    }
}
