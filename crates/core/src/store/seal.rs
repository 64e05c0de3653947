use super::base32::base32;
use crate::{key::Key, types::Secret};
use base64::{
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
    Engine,
};
use ring::{
    aead::{Aad, LessSafeKey, Nonce, UnboundKey, AES_256_GCM, NONCE_LEN},
    hkdf, hmac,
    rand::{SecureRandom, SystemRandom},
};
use std::fmt;
use zeroize::Zeroizing;

/// The first byte of everything that is encrypted here.
const VERSION: u8 = 1;
/// The purposes of the two derived keys (RFC 5869's `info`).
const FOR_SEALS: &[u8] = b"azure-client-token/1/seal";
const FOR_NAMES: &[u8] = b"azure-client-token/1/name";
const KEY_LENGTH: usize = 32;
const LONGEST_ID: usize = 32;
/// The longest text. Every token is shorter.
const LONGEST_TEXT: usize = 64 * 1024;

/// A key of a store. It encrypts the values, and gives them their names.
pub(crate) struct StoreKey {
    id: String,
    seal: LessSafeKey,
    name: hmac::Key,
}

/// What is encrypted: a token, or a note about a failure. One is never taken for the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Content {
    Token,
    Note,
}

impl Content {
    fn tag(self) -> u8 {
        match self {
            Self::Token => b't',
            Self::Note => b'f',
        }
    }
}

impl StoreKey {
    /// Makes a key with that id, from 32 bytes in base64, or returns nothing if the text is something else.
    pub(crate) fn new(id: &str, key: &Secret) -> Option<Self> {
        let bytes = Zeroizing::new(STANDARD.decode(key.expose().trim()).ok()?);
        let is_id = (1..=LONGEST_ID).contains(&id.len()) && id.is_ascii();
        if !is_id || bytes.len() != KEY_LENGTH {
            return None;
        }
        let secret = hkdf::Salt::new(hkdf::HKDF_SHA256, &[]).extract(&bytes);
        let seal: UnboundKey = secret.expand(&[FOR_SEALS], &AES_256_GCM).ok()?.into();
        let name: hmac::Key = secret.expand(&[FOR_NAMES], hmac::HMAC_SHA256).ok()?.into();
        Some(Self { id: id.to_owned(), seal: LessSafeKey::new(seal), name })
    }

    pub(crate) fn id(&self) -> &str {
        &self.id
    }

    /// Returns the name of a token under this key: 160 bits, which reveal nothing without the key.
    pub(super) fn name(&self, of: &Key) -> String {
        base32(&hmac::sign(&self.name, of.as_bytes()).as_ref()[..20])
    }

    /// Encrypts a text. Returns nothing if the operating system gave no random bytes.
    pub(super) fn seal(&self, content: Content, name: &str, text: &str) -> Option<String> {
        let mut nonce = [0; NONCE_LEN];
        SystemRandom::new().fill(&mut nonce).ok()?;
        let mut sealed = Zeroizing::new(text.as_bytes().to_vec());
        let data = self.associated(content, name);
        let tag = self
            .seal
            .seal_in_place_separate_tag(Nonce::assume_unique_for_key(nonce), Aad::from(data), &mut sealed)
            .ok()?;
        let all = [self.head().as_slice(), &nonce, &sealed, tag.as_ref()].concat();
        Some(URL_SAFE_NO_PAD.encode(all))
    }

    /// Decrypts a text. Returns nothing unless it was encrypted with this key, as this content, under this name.
    pub(super) fn open(&self, content: Content, name: &str, sealed: &str) -> Option<Secret> {
        if sealed.len() > LONGEST_TEXT {
            return None;
        }
        let bytes = URL_SAFE_NO_PAD.decode(sealed).ok()?;
        let (nonce, sealed) = bytes.strip_prefix(self.head().as_slice())?.split_first_chunk::<NONCE_LEN>()?;
        let mut opened = Zeroizing::new(sealed.to_vec());
        let data = Aad::from(self.associated(content, name));
        let text = self.seal.open_in_place(Nonce::assume_unique_for_key(*nonce), data, &mut opened).ok()?;
        std::str::from_utf8(text).ok().map(Secret::new)
    }

    /// Returns version and id, which are not encrypted: a reader finds the key by them.
    fn head(&self) -> Vec<u8> {
        let length = u8::try_from(self.id.len()).unwrap_or_default();
        [&[VERSION, length], self.id.as_bytes()].concat()
    }

    fn associated(&self, content: Content, name: &str) -> Vec<u8> {
        [self.head().as_slice(), &[content.tag()], name.as_bytes()].concat()
    }
}

impl fmt::Debug for StoreKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("StoreKey(***)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::key::KeyBuilder;

    fn key(id: &str, byte: u8) -> StoreKey {
        StoreKey::new(id, &Secret::new(STANDARD.encode([byte; 32]))).unwrap()
    }

    #[test]
    fn a_value_is_decrypted_only_with_its_key_name_and_content() {
        let (own, other) = (key("a", 1), key("a", 2));
        let sealed = own.seal(Content::Token, "n", "marker").unwrap();
        assert_eq!(own.open(Content::Token, "n", &sealed).unwrap().expose(), "marker");
        assert!(own.open(Content::Token, "m", &sealed).is_none(), "another name");
        assert!(own.open(Content::Note, "n", &sealed).is_none(), "another content");
        assert!(other.open(Content::Token, "n", &sealed).is_none(), "another key of the same id");
        assert!(key("b", 1).open(Content::Token, "n", &sealed).is_none(), "the same key by another id");
        assert_ne!(sealed, own.seal(Content::Token, "n", "marker").unwrap(), "each has a nonce of its own");
    }

    #[test]
    fn a_value_with_a_flipped_bit_or_a_missing_byte_is_not_accepted() {
        let own = key("id", 7);
        let bytes = URL_SAFE_NO_PAD.decode(own.seal(Content::Token, "n", "token").unwrap()).unwrap();
        for place in 0..bytes.len() {
            let mut flipped = bytes.clone();
            flipped[place] ^= 1;
            for damaged in [&flipped[..], &bytes[..place]] {
                assert!(own.open(Content::Token, "n", &URL_SAFE_NO_PAD.encode(damaged)).is_none(), "{place}");
            }
        }
        assert!(own.open(Content::Token, "n", "").is_none() && own.open(Content::Token, "n", "{\"a\":1}").is_none());
    }

    #[test]
    fn names_differ_by_key_and_are_no_hash_that_others_can_make() {
        let token = KeyBuilder::stable().part("t").build();
        assert_eq!(key("a", 1).name(&token), key("b", 1).name(&token), "the id is not part of it");
        assert_ne!(key("a", 1).name(&token), key("a", 2).name(&token));
        assert_eq!(key("a", 1).name(&token).len(), 32);
    }

    #[test]
    fn a_key_has_32_bytes_and_a_short_ascii_id() {
        let of = |id: &str, length| StoreKey::new(id, &Secret::new(STANDARD.encode(vec![1; length])));
        assert!(of("a", 32).is_some() && of(&"a".repeat(32), 32).is_some());
        for (id, length) in [("", 32), ("\u{e9}", 32), (&"a".repeat(33) as &str, 32), ("a", 31), ("a", 33)] {
            assert!(of(id, length).is_none(), "{id} {length}");
        }
        assert!(StoreKey::new("a", &Secret::new("not base64!")).is_none());
    }
}
