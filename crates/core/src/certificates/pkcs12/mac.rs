use super::{
    hash::{Hash, Purpose},
    password::Password,
    Unreadable,
};
use crate::x509::Elements;
use der::{asn1::ObjectIdentifier, Tag};

/// A keyed hash over the safes (`MacData`, RFC 7292 §4). It reveals a wrong password before anything is decrypted.
struct Mac<'a> {
    hash: ObjectIdentifier,
    expected: &'a [u8],
    salt: &'a [u8],
    iterations: u32,
}

pub(super) fn check(mac: &[u8], safes: &[u8], password: &Password<'_>) -> Result<(), Unreadable> {
    let mac = Mac::parse(mac).ok_or(Unreadable::MalformedPkcs12)?;
    let hash = Hash::named(mac.hash).ok_or(Unreadable::ArchiveEncryption)?;
    password.spend(mac.iterations)?;
    let key = hash.key(&password.bytes(), mac.salt, Purpose::Mac, mac.iterations, hash.length());
    // Not in constant time: an attacker who can measure it has the archive and can try passwords directly.
    (hash.authentication(&key, safes) == mac.expected).then_some(()).ok_or(Unreadable::PasswordWrong)
}

impl<'a> Mac<'a> {
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
