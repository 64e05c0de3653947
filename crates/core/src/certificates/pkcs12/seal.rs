use super::Unreadable;
use crate::x509::Elements;
use der::{asn1::ObjectIdentifier, Tag};
use hmac::{
    digest::{block_api::BlockSizeUser, Digest, FixedOutputReset},
    KeyInit, Mac, SimpleHmac,
};
use pkcs12::kdf::{derive_key_utf8, Pkcs12KeyType};
use sha1::Sha1;
use sha2::{Sha224, Sha256, Sha384, Sha512, Sha512_224, Sha512_256};
use zeroize::Zeroizing;

/// What openssl and the password guides ask for, some hundred times: a second.
pub(super) const MOST_ITERATIONS: i32 = 1_000_000;

const SHA_1: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.14.3.2.26");
const SHA_224: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.4");
const SHA_256: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.1");
const SHA_384: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.2");
const SHA_512: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.3");
const SHA_512_224: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.5");
const SHA_512_256: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.6");

/// A keyed hash over the safes (`MacData`, RFC 7292 §4), by which a wrong password shows before anything is decrypted.
struct Seal<'a> {
    hash: ObjectIdentifier,
    expected: &'a [u8],
    salt: &'a [u8],
    iterations: i32,
}

pub(super) fn check(seal: &[u8], safes: &[u8], password: &str) -> Result<(), Unreadable> {
    let seal = Seal::parse(seal).ok_or(Unreadable::MalformedPkcs12)?;
    if seal.iterations > MOST_ITERATIONS {
        return Err(Unreadable::CostlyEncryption);
    }
    let fits = match seal.hash {
        SHA_1 => seal.fits::<Sha1>(safes, password),
        SHA_224 => seal.fits::<Sha224>(safes, password),
        SHA_256 => seal.fits::<Sha256>(safes, password),
        SHA_384 => seal.fits::<Sha384>(safes, password),
        SHA_512 => seal.fits::<Sha512>(safes, password),
        SHA_512_224 => seal.fits::<Sha512_224>(safes, password),
        SHA_512_256 => seal.fits::<Sha512_256>(safes, password),
        _ => return Err(Unreadable::ArchiveEncryption),
    };
    fits.then_some(()).ok_or(Unreadable::PasswordWrong)
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

    fn fits<H: Digest + FixedOutputReset + BlockSizeUser>(&self, safes: &[u8], password: &str) -> bool {
        let length = <H as Digest>::output_size();
        let key = derive_key_utf8::<H>(password, self.salt, Pkcs12KeyType::Mac, self.iterations, length);
        let mac = key.ok().map(Zeroizing::new).and_then(|key| SimpleHmac::<H>::new_from_slice(&key).ok());
        mac.is_some_and(|mac| mac.chain_update(safes).verify_slice(self.expected).is_ok())
    }
}
