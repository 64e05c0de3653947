//! Reads PKCS#12 archives (RFC 7292): keys and certificates ("bags") in containers ("safes") that may be encrypted.

mod encryption;
mod hash;
mod mac;
mod password;

use super::{private_key::PrivateKey, SigningCertificate, Unreadable};
use crate::x509::{context, Elements};
use der::{
    asn1::{AnyRef, ObjectIdentifier},
    Tag,
};
use password::Password;
use zeroize::Zeroizing;

const DATA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.7.1");
const ENCRYPTED_DATA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.7.6");
const KEY_BAG: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.12.10.1.1");
const SHROUDED_KEY_BAG: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.12.10.1.2");
const CERTIFICATE_BAG: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.12.10.1.3");
const X509_CERTIFICATE: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.22.1");

/// The only version of the format.
const VERSION: &[u8] = &[3];

/// A sequence with an end mark in place of a length (X.690 §8.1.3.6).
const INDEFINITE_SEQUENCE: &[u8] = &[0x30, 0x80];

/// Reads an archive. Without a password the empty one is tried, which many archives have.
pub(super) fn read(der: &[u8], password: Option<&str>) -> Result<SigningCertificate, Unreadable> {
    if der.starts_with(INDEFINITE_SEQUENCE) {
        return Err(Unreadable::IndefiniteLength);
    }
    let bags = match password.filter(|password| !password.is_empty()) {
        None => unprotected(der),
        given => Bags::of(der, &Password::new(given)),
    };
    let bags = bags.map_err(|why| match why {
        Unreadable::PasswordWrong if password.is_none() => Unreadable::PasswordMissing,
        other => other,
    })?;
    if bags.keys.is_empty() {
        return Err(Unreadable::NoKey);
    }
    if bags.certificates.is_empty() {
        return Err(Unreadable::NoCertificate);
    }
    SigningCertificate::assemble(&bags.keys, &bags.certificates)
}

/// Reads an archive without a password. Some programs protect it with an empty password and some with none, so both are
/// tried, as OpenSSL does.
fn unprotected(der: &[u8]) -> Result<Bags, Unreadable> {
    Bags::of(der, &Password::new(Some(""))).or_else(|why| match why {
        Unreadable::PasswordWrong => Bags::of(der, &Password::new(None)),
        other => Err(other),
    })
}

#[derive(Default)]
struct Bags {
    keys: Vec<PrivateKey>,
    certificates: Vec<Vec<u8>>,
}

impl Bags {
    fn of(der: &[u8], password: &Password<'_>) -> Result<Self, Unreadable> {
        let (safes, mac) = opened(der).ok_or(Unreadable::MalformedPkcs12)?;
        if let Some(mac) = mac {
            mac::check(mac, safes, password)?;
        }
        let mut bags = Self::default();
        for safe in all_within(safes)? {
            for bag in all_within(&content_of_safe(safe, password)?)? {
                bags.add(bag, password)?;
            }
        }
        Ok(bags)
    }

    fn add(&mut self, bag: AnyRef<'_>, password: &Password<'_>) -> Result<(), Unreadable> {
        let (kind, value) = typed(bag.value()).ok_or(Unreadable::MalformedPkcs12)?;
        match kind {
            KEY_BAG => self.keys.push(PrivateKey::Pkcs8(Zeroizing::new(value.to_vec()))),
            SHROUDED_KEY_BAG => self.keys.push(PrivateKey::Pkcs8(unshrouded(value, password)?)),
            CERTIFICATE_BAG => self.certificates.extend(certificate(value)?),
            // Revocation lists, secrets and nested bags have no key to sign with.
            _ => {}
        }
        Ok(())
    }
}

/// Returns the safes, and the MAC over them if there is one.
fn opened(archive: &[u8]) -> Option<(&[u8], Option<&[u8]>)> {
    let mut archive = Elements::of(archive, Tag::Sequence)?;
    let _version = archive.content(Tag::Integer).filter(|version| *version == VERSION)?;
    let (DATA, content) = typed(archive.content(Tag::Sequence)?)? else { return None };
    let mac = archive.optional(Tag::Sequence);
    archive.is_finished().then_some((octets(content)?, mac))
}

fn content_of_safe(safe: AnyRef<'_>, password: &Password<'_>) -> Result<Zeroizing<Vec<u8>>, Unreadable> {
    let (kind, content) = typed(safe.value()).ok_or(Unreadable::MalformedPkcs12)?;
    match kind {
        DATA => octets(content).map(|bags| Zeroizing::new(bags.to_vec())).ok_or(Unreadable::MalformedPkcs12),
        ENCRYPTED_DATA => {
            let (algorithm, encrypted) = encrypted_data(content).ok_or(Unreadable::MalformedPkcs12)?;
            encryption::decrypt(algorithm, encrypted, password)
        }
        _ => Err(Unreadable::MalformedPkcs12),
    }
}

/// Returns the algorithm and the content of an `EncryptedData` (RFC 5652 §8).
fn encrypted_data(content: &[u8]) -> Option<(&[u8], &[u8])> {
    let mut data = Elements::of(content, Tag::Sequence)?;
    let _version = data.content(Tag::Integer)?;
    let mut encrypted = data.within(Tag::Sequence)?;
    let _kind = encrypted.content(Tag::ObjectIdentifier)?;
    Some((encrypted.content(Tag::Sequence)?, encrypted.content(context(0, false))?))
}

/// Decrypts the key in an `EncryptedPrivateKeyInfo` (RFC 5958 §3).
fn unshrouded(value: &[u8], password: &Password<'_>) -> Result<Zeroizing<Vec<u8>>, Unreadable> {
    let parts = || {
        let mut info = Elements::of(value, Tag::Sequence)?;
        Some((info.content(Tag::Sequence)?, info.content(Tag::OctetString)?))
    };
    let (algorithm, encrypted) = parts().ok_or(Unreadable::MalformedPkcs12)?;
    encryption::decrypt(algorithm, encrypted, password)
}

/// Returns the certificate. The other form of certificate (SDSI) is not supported: no program is known to write it.
fn certificate(value: &[u8]) -> Result<Option<Vec<u8>>, Unreadable> {
    let bag = Elements::of(value, Tag::Sequence).and_then(typed_within);
    let (kind, content) = bag.ok_or(Unreadable::MalformedPkcs12)?;
    if kind != X509_CERTIFICATE {
        return Ok(None);
    }
    octets(content).map(|der| Some(der.to_vec())).ok_or(Unreadable::MalformedPkcs12)
}

fn all_within(sequence: &[u8]) -> Result<Elements<'_>, Unreadable> {
    Elements::of(sequence, Tag::Sequence).ok_or(Unreadable::MalformedPkcs12)
}

/// Reads the structure that safes, bags and certificates in bags share: a type, and a value that depends on it.
fn typed(content: &[u8]) -> Option<(ObjectIdentifier, &[u8])> {
    typed_within(Elements::new(content)?)
}

fn typed_within(mut fields: Elements<'_>) -> Option<(ObjectIdentifier, &[u8])> {
    let kind = ObjectIdentifier::from_bytes(fields.content(Tag::ObjectIdentifier)?).ok()?;
    Some((kind, fields.content(context(0, true))?))
}

/// Returns the content of these bytes, which are one octet string.
fn octets(der: &[u8]) -> Option<&[u8]> {
    let mut elements = Elements::new(der)?;
    let content = elements.content(Tag::OctetString)?;
    elements.is_finished().then_some(content)
}
