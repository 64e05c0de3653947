use super::{
    hash::{Hash, Purpose},
    password::Password,
    Unreadable,
};
use crate::x509::Elements;
use der::{asn1::ObjectIdentifier, Tag};

/// A keyed hash over the safes (`MacData`, RFC 7292 §4), by which a wrong password shows before anything is decrypted.
struct Seal<'a> {
    hash: ObjectIdentifier,
    expected: &'a [u8],
    salt: &'a [u8],
    iterations: u32,
}

pub(super) fn check(seal: &[u8], safes: &[u8], password: &Password<'_>) -> Result<(), Unreadable> {
    let seal = Seal::parse(seal).ok_or(Unreadable::MalformedPkcs12)?;
    let hash = Hash::named(seal.hash).ok_or(Unreadable::ArchiveEncryption)?;
    password.spend(seal.iterations)?;
    let key = hash.key(&password.bytes(), seal.salt, Purpose::Seal, seal.iterations, hash.length());
    // Not in constant time: who could measure it has the archive, and tries passwords on that.
    (hash.authentication(&key, safes) == seal.expected).then_some(()).ok_or(Unreadable::PasswordWrong)
}

impl<'a> Seal<'a> {
    fn parse(content: &'a [u8]) -> Option<Self> {
        let mut fields = Elements::new(content)?;
        let mut digest = fields.within(Tag::Sequence)?;
        let hash = digest.within(Tag::Sequence)?.content(Tag::ObjectIdentifier)?;
        let hash = ObjectIdentifier::from_bytes(hash).ok()?;
        let expected = digest.content(Tag::OctetString)?;
        let salt = fields.content(Tag::OctetString)?;
        let iterations = if fields.is_finished() { 1 } else { fields.next()?.decode_as().ok()? };
        Some(Self { hash, expected, salt, iterations })
    }
}
