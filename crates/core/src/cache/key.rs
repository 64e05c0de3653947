use crate::host::process_key;
use ring::hmac;

/// Everything that decides whose token it is, as a keyed hash: secrets take part without being kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Key([u8; 32]);

impl Key {
    /// A number that belongs to the key in this process, and differs in the next one.
    pub(super) fn seed(&self) -> u64 {
        self.0.iter().take(8).fold(0, |seed, byte| seed << 8 | u64::from(*byte))
    }
}

/// Collects the parts of a key. Each part is preceded by its length, so that no two lists of parts look the same.
pub(crate) struct KeyBuilder(hmac::Context);

impl KeyBuilder {
    pub(crate) fn new() -> Self {
        Self(hmac::Context::with_key(process_key()))
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

    pub(crate) fn build(self) -> Key {
        let mut key = [0; 32];
        key.copy_from_slice(self.0.sign().as_ref());
        Key(key)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(parts: &[&str]) -> Key {
        parts.iter().fold(KeyBuilder::new(), KeyBuilder::part).build()
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
