use super::signatures;
use crate::x509::{public_key_of, rsa_bits, Certificate};
use rustls::{
    pki_types::{CertificateDer, UnixTime},
    CertificateError, OtherError, RootCertStore,
};
use std::{fmt, ops::RangeInclusive, sync::Arc};

/// The RSA keys whose signatures *ring* verifies, in bits.
const RSA_BITS: RangeInclusive<usize> = 2048..=8192;

/// The most names that are shown. A certificate may name thousands of hosts; a few of them identify it.
const NAMES_SHOWN: usize = 5;

/// A server's certificate that was not accepted.
#[derive(Debug)]
pub(super) struct RejectedCertificate {
    words: String,
    /// The name of the authority that issued the last certificate that the server sent. That authority must be trusted.
    pub(super) issuer: Option<String>,
    /// Whether it would be accepted if that authority were trusted.
    pub(super) lacks_trust: bool,
}

/// What a server presents.
pub(super) struct Shown<'a> {
    pub(super) own: &'a CertificateDer<'a>,
    pub(super) intermediates: &'a [CertificateDer<'a>],
}

impl RejectedCertificate {
    /// A certificate that the usual verification rejects for this reason.
    pub(super) fn new(reason: &CertificateError, shown: &Shown<'_>, trusted: &RootCertStore) -> Self {
        let issuer = shown.last().and_then(|certificate| certificate.issuer.readable());
        let is_bad = matches!(reason, CertificateError::BadSignature);
        if let Some(words) = unaccepted_key(shown, trusted).filter(|_| is_bad) {
            return Self { words, issuer, lacks_trust: false };
        }
        let lacks_trust = is_bad || matches!(reason, CertificateError::UnknownIssuer);
        Self { words: words(reason, shown), issuer, lacks_trust }
    }

    /// A certificate with another thumbprint than the expected one.
    pub(super) fn of_another_thumbprint() -> Self {
        let words = "it is not the one whose thumbprint was given".to_owned();
        Self { words, issuer: None, lacks_trust: false }
    }

    /// A certificate whose key did not sign the handshake.
    pub(super) fn not_the_signers(reason: &CertificateError, own: &CertificateDer<'_>) -> Self {
        let shown = Shown { own, intermediates: &[] };
        let words = match reason {
            CertificateError::BadSignature => unaccepted_key(&shown, &RootCertStore::empty())
                .unwrap_or_else(|| "the server's signature was not made with its key".to_owned()),
            other => self::words(other, &shown),
        };
        Self { words, issuer: shown.last().and_then(|own| own.issuer.readable()), lacks_trust: false }
    }

    pub(super) fn into_error(self) -> rustls::Error {
        rustls::Error::InvalidCertificate(CertificateError::Other(OtherError(Arc::new(self))))
    }
}

impl fmt::Display for RejectedCertificate {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.words)
    }
}

impl std::error::Error for RejectedCertificate {}

impl<'a> Shown<'a> {
    fn last(&self) -> Option<Certificate<'a>> {
        Certificate::parse(self.intermediates.last().unwrap_or(self.own))
    }

    fn all(&self) -> impl Iterator<Item = Certificate<'a>> {
        let all = std::iter::once(self.own).chain(self.intermediates);
        all.filter_map(|der| Certificate::parse(der))
    }
}

fn words(reason: &CertificateError, shown: &Shown<'_>) -> String {
    let plain = match reason {
        CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
            return other_name(shown)
        }
        CertificateError::ExpiredContext { not_after, .. } => {
            return format!(
                "it has expired, on {}: the server needs a new one, unless this machine's clock is wrong",
                day(*not_after)
            )
        }
        CertificateError::NotValidYetContext { not_before, .. } => {
            return format!("it is not valid before {}: check this machine's clock", day(*not_before))
        }
        CertificateError::UnsupportedSignatureAlgorithmContext { signature_algorithm_id, .. } => {
            return signatures::unsupported(signature_algorithm_id, None)
        }
        CertificateError::UnsupportedSignatureAlgorithmForPublicKeyContext {
            signature_algorithm_id,
            public_key_algorithm_id,
        } => return signatures::unsupported(signature_algorithm_id, Some(public_key_algorithm_id)),
        CertificateError::Other(other) => return other_words(other),
        other => simple(other),
    };
    plain.to_owned()
}

/// Returns the text of a reason that needs nothing from the certificate.
fn simple(reason: &CertificateError) -> &'static str {
    match reason {
        CertificateError::UnknownIssuer => "it was issued by an authority that is not trusted",
        CertificateError::BadSignature => "its issuer has the name of a trusted authority, but another key",
        CertificateError::Expired => "it has expired: the server needs a new one",
        CertificateError::NotValidYet => "it is not valid yet: check this machine's clock",
        CertificateError::Revoked => "its authority has revoked it",
        CertificateError::UnhandledCriticalExtension => "it has a critical extension that is not supported here",
        CertificateError::InvalidPurpose | CertificateError::InvalidPurposeContext { .. } => NOT_FOR_SERVERS,
        CertificateError::BadEncoding => MALFORMED,
        _ => "it cannot be verified",
    }
}

const NOT_FOR_SERVERS: &str = "it was issued for another use than a server's (its key usage or extended key usage)";
const MALFORMED: &str = "it is damaged or not valid X.509";

/// Returns the text of the verifier's other reasons. Their type belongs to the crate below rustls.
fn other_words(other: &OtherError) -> String {
    use webpki::Error as Reason;
    let plain = match other.0.downcast_ref() {
        Some(Reason::CaUsedAsEndEntity) => {
            "it is the certificate of a certificate authority, used as the server's: issue a certificate for the server, or \
             add this one to the trusted certificates"
        }
        Some(Reason::EndEntityUsedAsCa) => "it was signed with a certificate that is not a certificate authority's",
        Some(Reason::CertDistrusted) => "its authority is no longer trusted",
        Some(Reason::NameConstraintViolation) => "its authority may not issue certificates for this name",
        Some(Reason::PathLenConstraintViolated) => "one of its authorities may not have another authority below it",
        Some(Reason::EmptyEkuExtension) => NOT_FOR_SERVERS,
        Some(Reason::UnsupportedCertVersion) => "it is not an X.509 certificate of version 3",
        Some(Reason::UnsupportedCriticalExtension) => "it has a critical extension that is not supported here",
        Some(
            Reason::MaximumNameConstraintComparisonsExceeded
            | Reason::MaximumPathBuildCallsExceeded
            | Reason::MaximumPathDepthExceeded
            | Reason::MaximumSignatureChecksExceeded,
        ) => "the chain of its authorities is too long to be verified",
        Some(_) => MALFORMED,
        None => "it cannot be verified",
    };
    plain.to_owned()
}

/// Returns the names for which it was issued. Only subject alternative names count (RFC 9525 §2).
fn other_name(shown: &Shown<'_>) -> String {
    let Some(own) = Certificate::parse(shown.own) else { return MALFORMED.to_owned() };
    if let Some(names) = own.alternative_names() {
        let more = if names.len() > NAMES_SHOWN { " and others" } else { "" };
        let names = names.into_iter().take(NAMES_SHOWN).collect::<Vec<_>>().join(", ");
        return format!("it was issued for another host name (for {names}{more})");
    }
    match own.subject.common_name() {
        Some(name) => format!(
            "it has its name, \"{name}\", as a common name (CN) only, which does not count: it needs a subjectAltName \
             with the host's name"
        ),
        None => "it was issued for no host name: it needs a subjectAltName with the host's name".to_owned(),
    }
}

/// Returns the text for a key of an unsupported size: the server's, or that of an authority above it.
fn unaccepted_key(shown: &Shown<'_>, trusted: &RootCertStore) -> Option<String> {
    let issuer = shown.last()?.issuer;
    let anchors = trusted.roots.iter().filter(|anchor| anchor.subject.as_ref() == issuer.as_bytes());
    let of_anchors = anchors.filter_map(|anchor| rsa_bits(public_key_of(&anchor.subject_public_key_info)?));
    let bits = shown.all().filter_map(|one| rsa_bits(one.public_key)).chain(of_anchors);
    let bits = bits.into_iter().find(|bits| !RSA_BITS.contains(bits))?;
    Some(format!(
        "it or one of its authorities has an RSA key of {bits} bits, and only those of {} to {} bits are accepted",
        RSA_BITS.start(),
        RSA_BITS.end()
    ))
}

fn day(moment: UnixTime) -> String {
    let seconds = i64::try_from(moment.as_secs()).unwrap_or(i64::MAX);
    time::OffsetDateTime::from_unix_timestamp(seconds)
        .map_or_else(|_| "an unknown day".to_owned(), |moment| moment.date().to_string())
}
