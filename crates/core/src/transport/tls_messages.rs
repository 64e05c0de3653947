//! Messages for TLS errors, for which rustls has only the names of its variants.

use super::rejected_certificate::RejectedCertificate;
use rustls::{AlertDescription, CertificateError, Error, InvalidMessage, PeerIncompatible};

/// Returns the sentence for an error's message, for every variant.
pub(super) fn sentence(error: &Error) -> String {
    let plain = match error {
        Error::InvalidMessage(message) => invalid(message),
        Error::PeerIncompatible(reason) => incompatible(reason),
        Error::AlertReceived(alert) => alerted(*alert),
        Error::InvalidCertificate(reason) => return refused(reason),
        Error::InvalidCertRevocationList(_) => UNVERIFIED,
        Error::NoCertificatesPresented => "it sends no certificate",
        Error::InappropriateMessage { .. }
        | Error::InappropriateHandshakeMessage { .. }
        | Error::PeerMisbehaved(_)
        | Error::DecryptError
        | Error::PeerSentOversizedRecord => {
            "it violates the TLS protocol: check whether a proxy or firewall on the way changes the data"
        }
        Error::UnsupportedNameType => "its name cannot be used as a TLS server name",
        Error::FailedToGetCurrentTime => "this machine's clock cannot be read",
        Error::FailedToGetRandomBytes => "this machine gives no random numbers",
        Error::NoApplicationProtocol => "it and this program have no application protocol (ALPN) in common",
        _ => "the TLS library failed",
    };
    plain.to_owned()
}

/// Returns the sentence with the variant's name in words, for the causes of an error: search engines know that name.
pub(super) fn detail(error: &Error) -> String {
    match error {
        Error::InvalidCertificate(reason) => refused(reason),
        Error::General(said) => format!("TLS: {said}"),
        other => format!("TLS: {}", spelled(&format!("{other:?}"))),
    }
}

/// This package's own verifiers have their own messages.
fn refused(reason: &CertificateError) -> String {
    let own = match reason {
        CertificateError::Other(other) => other.0.downcast_ref::<RejectedCertificate>(),
        _ => None,
    };
    own.map_or_else(|| UNVERIFIED.to_owned(), ToString::to_string)
}

const UNVERIFIED: &str = "its certificate cannot be verified";

/// Most of these are decided by the server's first bytes: a server without TLS sends something else first.
fn invalid(message: &InvalidMessage) -> &'static str {
    match message {
        InvalidMessage::InvalidContentType
        | InvalidMessage::UnknownProtocolVersion
        | InvalidMessage::MessageTooLarge
        | InvalidMessage::InvalidEmptyPayload => {
            "its answer is not TLS: check the port, and whether the address must begin with http://"
        }
        _ => "its answer cannot be read as TLS: check whether a proxy or firewall on the way changes the data",
    }
}

fn incompatible(reason: &PeerIncompatible) -> &'static str {
    match reason {
        PeerIncompatible::ServerDoesNotSupportTls12Or13
        | PeerIncompatible::ServerTlsVersionIsDisabledByOurConfig
        | PeerIncompatible::Tls12NotOffered
        | PeerIncompatible::Tls12NotOfferedOrEnabled => OLD_VERSION,
        PeerIncompatible::NoCipherSuitesInCommon
        | PeerIncompatible::NoKxGroupsInCommon
        | PeerIncompatible::NoSignatureSchemesInCommon
        | PeerIncompatible::NoEcPointFormatsInCommon
        | PeerIncompatible::NoCertificateRequestSignatureSchemesInCommon => NOTHING_IN_COMMON,
        _ => "it requires a TLS feature that is not supported here",
    }
}

const OLD_VERSION: &str = "it speaks neither TLS 1.2 nor TLS 1.3, and older versions are not secure";
const NOTHING_IN_COMMON: &str =
    "it and this program have no TLS parameters in common: its cipher suites are out of date, or \
                                 its certificate has a key of a kind that is not supported here, such as P-521";

/// Describes the alert that the server sends before it ends the connection (RFC 8446 §6.2, RFC 5246 §7.2.2).
fn alerted(alert: AlertDescription) -> &'static str {
    match alert {
        AlertDescription::HandshakeFailure | AlertDescription::InsufficientSecurity => NOTHING_IN_COMMON,
        AlertDescription::ProtocolVersion => OLD_VERSION,
        AlertDescription::UnrecognisedName => "it says that it does not know this host name (unrecognized_name)",
        AlertDescription::CertificateRequired
        | AlertDescription::BadCertificate
        | AlertDescription::NoCertificate
        | AlertDescription::UnsupportedCertificate
        | AlertDescription::CertificateUnknown
        | AlertDescription::CertificateUnobtainable => {
            "it demands a client certificate for TLS (mutual TLS), which is not supported here"
        }
        AlertDescription::AccessDenied => "it denies access (access_denied)",
        AlertDescription::InternalError => "it has an error of its own (internal_error)",
        AlertDescription::CloseNotify | AlertDescription::UserCanceled => {
            "it closed the connection during the TLS handshake"
        }
        AlertDescription::NoApplicationProtocol => "it and this program have no application protocol (ALPN) in common",
        _ => "it refuses TLS with this program: check whether a proxy or firewall on the way changes the data",
    }
}

/// Converts `PeerMisbehaved(SelectedUnofferedKxGroup)` to `peer misbehaved: selected unoffered kx group`. Values are
/// left out.
fn spelled(debug: &str) -> String {
    let names = debug.split(['(', '{']).take(2).map(|part| part.trim_end_matches([')', ' ']));
    let names = names.filter(|name| !name.is_empty() && name.chars().all(char::is_alphanumeric));
    names.map(lower_case_words).collect::<Vec<_>>().join(": ")
}

fn lower_case_words(name: &str) -> String {
    let mut words = String::new();
    let mut follows_small = false;
    for letter in name.chars() {
        if letter.is_uppercase() && follows_small {
            words.push(' ');
        }
        follows_small = !letter.is_uppercase();
        words.extend(letter.to_lowercase());
    }
    words
}

#[cfg(test)]
mod tests;
