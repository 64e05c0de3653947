use super::{private_key::PrivateKey, Unreadable};
use crate::x509::Certificate;
use ring::{
    digest::{digest, Digest, SHA256},
    signature::RsaKeyPair,
};
use std::fmt;

/// A certificate with its private key, ready to sign.
pub struct SigningCertificate {
    pub(super) key: RsaKeyPair,
    /// DER: the key's certificate first, then the part of its chain that was in the file.
    pub(super) chain: Vec<Vec<u8>>,
    /// In seconds since the epoch.
    valid_from: i64,
    valid_until: i64,
}

/// Whether a certificate is valid at a moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Validity {
    /// It is valid.
    Valid,
    /// It is not valid yet; the day on which it becomes valid.
    NotYet(String),
    /// It has expired; the day on which it did.
    Expired(String),
}

impl SigningCertificate {
    /// Pairs a key with its certificate by the public key: names and ids in archives may be missing or wrong. A key
    /// that cannot sign here, such as an elliptic curve key, causes an error only if no other key matches.
    pub(super) fn assemble(keys: &[PrivateKey], certificates: &[Vec<u8>]) -> Result<Self, Unreadable> {
        let parsed: Result<Vec<_>, _> = certificates.iter().map(|der| Parsed::from_der(der)).collect();
        let parsed = parsed?;
        let (usable, refused): (Vec<_>, Vec<_>) = keys.iter().map(PrivateKey::rsa).partition(Result::is_ok);
        let matched = usable.into_iter().flatten().find_map(|key| newest_of(&parsed, &key).map(|own| (key, own)));
        let why = || refused.into_iter().find_map(Result::err).unwrap_or(Unreadable::NoMatch);
        let (key, own) = matched.ok_or_else(why)?;
        let Certificate { valid_from, valid_until, .. } = own.certificate;
        Ok(Self { key, chain: chain(own, &parsed), valid_from, valid_until })
    }

    /// Returns the SHA-256 of the certificate.
    pub(crate) fn thumbprint(&self) -> Digest {
        digest(&SHA256, self.own())
    }

    pub(super) fn own(&self) -> &[u8] {
        &self.chain[0]
    }

    /// Returns whether the certificate is valid at that moment, in seconds since the epoch.
    pub fn validity(&self, now: i64) -> Validity {
        if now < self.valid_from {
            return Validity::NotYet(day(self.valid_from));
        }
        if now > self.valid_until {
            return Validity::Expired(day(self.valid_until));
        }
        Validity::Valid
    }
}

impl fmt::Debug for SigningCertificate {
    /// Shows nothing of the key.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("SigningCertificate").field("certificates", &self.chain.len()).finish_non_exhaustive()
    }
}

struct Parsed<'a> {
    der: &'a [u8],
    certificate: Certificate<'a>,
}

impl<'a> Parsed<'a> {
    fn from_der(der: &'a [u8]) -> Result<Self, Unreadable> {
        let certificate = Certificate::parse(der).ok_or(Unreadable::MalformedCertificate)?;
        Ok(Self { der, certificate })
    }

    fn belongs_to(&self, key: &RsaKeyPair) -> bool {
        self.certificate.public_key == key.public().as_ref()
    }

    fn is_issued_by(&self, other: &Self) -> bool {
        self.certificate.issuer == other.certificate.subject
    }
}

/// Returns the newest certificate of the key: a file may hold a renewed certificate and its predecessor.
fn newest_of<'p, 'a>(certificates: &'p [Parsed<'a>], key: &RsaKeyPair) -> Option<&'p Parsed<'a>> {
    let own = certificates.iter().filter(|parsed| parsed.belongs_to(key));
    own.max_by_key(|parsed| parsed.certificate.valid_until)
}

/// Returns the certificate and its issuers, as far as the file has them, each after the one that it issued (RFC 7515
/// §4.1.6).
fn chain(own: &Parsed<'_>, all: &[Parsed<'_>]) -> Vec<Vec<u8>> {
    let mut chain = vec![own.der.to_vec()];
    let mut last = own;
    while let Some(issuer) = all.iter().find(|one| last.is_issued_by(one) && !chain.iter().any(|der| der == one.der)) {
        chain.push(issuer.der.to_vec());
        last = issuer;
    }
    chain
}

fn day(timestamp: i64) -> String {
    time::OffsetDateTime::from_unix_timestamp(timestamp)
        .map_or_else(|_| "an unknown day".to_owned(), |moment| moment.date().to_string())
}
