use std::{borrow::Cow, fmt};

/// Why a certificate or its key cannot be used. The message says what it is and how to convert it, and shows none of
/// its content.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Unreadable {
    /// The content is neither PEM nor PKCS#12 nor the base64 of one of them.
    Unrecognised,
    /// The text is in UTF-16, as PowerShell and Notepad may save it.
    Utf16,
    /// The PEM markers or the base64 are malformed.
    MalformedPem,
    /// The archive is not PKCS#12, or is damaged.
    MalformedPkcs12,
    /// The PKCS#12 archive is in BER: its parts have end marks in place of lengths.
    IndefiniteLength,
    /// A section that is labelled as a certificate is not one.
    MalformedCertificate,
    /// There is no certificate.
    NoCertificate,
    /// There is no private key.
    NoKey,
    /// The PEM file has several private keys.
    SeveralKeys,
    /// No certificate matches the private key.
    NoMatch,
    /// The key or the archive is protected, and no password is given.
    PasswordMissing,
    /// The password is wrong.
    PasswordWrong,
    /// The key is encrypted as by OpenSSL before 1.0 (`Proc-Type: 4,ENCRYPTED`).
    LegacyPem,
    /// The PKCS#8 key is encrypted with PBES1 (RFC 8018 §6.1, RFC 7292 appendix C) or another unsupported scheme.
    Pbes1,
    /// The PKCS#12 archive is encrypted with RC2-128, RC4 or a similar cipher.
    ArchiveEncryption,
    /// Checking the password would take minutes or gigabytes.
    CostlyEncryption,
    /// The key is not an RSA key.
    NotRsa(&'static str),
    /// `ring` refuses the RSA key; the reason in words.
    RsaRefused(&'static str),
}

const MODERNISE_KEY: &str = "; convert the key with: openssl pkcs8 -topk8 -v2 aes-256-cbc -in old.pem -out key.pem \
                             (and append the certificate to it)";
const MODERNISE_ARCHIVE: &str = "; convert it with: openssl pkcs12 -legacy -in old.pfx -nodes -out plain.pem, then \
                                 openssl pkcs12 -export -in plain.pem -out new.pfx (and delete plain.pem)";
const NEW_CERTIFICATE: &str = "; make one with: openssl req -x509 -newkey rsa:2048 -nodes -keyout key.pem -out \
                               certificate.pem, and add certificate.pem to the application in Entra ID";

const JOIN: &str = "openssl pkcs12 -export -inkey key.pem -in certificate.pem -out certificate.pfx";

impl Unreadable {
    fn problem(&self) -> Cow<'static, str> {
        Cow::Borrowed(match self {
            Self::Unrecognised => "it is neither PEM nor PKCS#12 (PFX)",
            Self::Utf16 => crate::types::NOT_UTF16,
            Self::MalformedPem => "it is PEM, but cut or damaged",
            Self::MalformedPkcs12 => "it is binary, but no PKCS#12 archive, or a damaged one",
            Self::IndefiniteLength => {
                "it is PKCS#12 with parts of indefinite length (BER), as some Java libraries write it, and only DER is read"
            }
            Self::MalformedCertificate => "it contains a damaged certificate",
            Self::NoCertificate => "it has a private key, but no certificate",
            Self::NoKey => "it has no private key",
            Self::SeveralKeys => "it has several private keys: keep only the certificate's",
            Self::NoMatch => "none of its certificates matches its private key",
            Self::PasswordMissing => "it is protected by a password, and none is given",
            Self::PasswordWrong => "its password is wrong (or it is damaged)",
            Self::LegacyPem => "its key is encrypted in openssl's old way (Proc-Type: 4,ENCRYPTED)",
            Self::Pbes1 => "its key is encrypted with PBES1, or something else that is old and not supported",
            Self::ArchiveEncryption => {
                "it is encrypted or has a MAC with an algorithm that is not secure or not supported (RC2-128, RC4, PBMAC1)"
            }
            Self::CostlyEncryption => "its password takes too long, or too much memory, to check",
            Self::NotRsa(kind) => return format!("its key is {kind}, and Entra ID takes RSA only").into(),
            Self::RsaRefused(why) => {
                return format!("its RSA key cannot be used ({why}; 2048 to 4096 bits can)").into();
            }
        })
    }

    /// Returns what to do, if the description of the problem does not already say it.
    fn advice(&self) -> Option<Cow<'static, str>> {
        let advice = match self {
            Self::Unrecognised => return Some(format!("; a PFX is made with: {JOIN}").into()),
            Self::MalformedPkcs12 => {
                return Some(format!(" (a bare DER certificate has no private key; join them with: {JOIN})").into());
            }
            Self::NoCertificate => ": append it with: cat certificate.pem >> key.pem",
            Self::NoKey => ": append it with: cat key.pem >> certificate.pem",
            Self::IndefiniteLength | Self::ArchiveEncryption => MODERNISE_ARCHIVE,
            Self::LegacyPem | Self::Pbes1 | Self::CostlyEncryption => MODERNISE_KEY,
            Self::NotRsa(_) | Self::RsaRefused(_) => NEW_CERTIFICATE,
            _ => return None,
        };
        Some(advice.into())
    }
}

impl fmt::Display for Unreadable {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}{}", self.problem(), self.advice().unwrap_or_default())
    }
}

impl std::error::Error for Unreadable {}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::types::is_plain;

    /// Returns every variant. The match does not compile if one is missing.
    fn all() -> Vec<Unreadable> {
        use Unreadable::*;
        let all = vec![
            Unrecognised,
            Utf16,
            MalformedPem,
            MalformedPkcs12,
            IndefiniteLength,
            MalformedCertificate,
            NoCertificate,
            NoKey,
            SeveralKeys,
            NoMatch,
            PasswordMissing,
            PasswordWrong,
            LegacyPem,
            Pbes1,
            ArchiveEncryption,
            CostlyEncryption,
            NotRsa("an elliptic curve (EC) key"),
            RsaRefused("damaged"),
        ];
        for unreadable in &all {
            match unreadable {
                Unrecognised | Utf16 | MalformedPem | MalformedPkcs12 | IndefiniteLength | MalformedCertificate
                | NoCertificate | NoKey | SeveralKeys | NoMatch | PasswordMissing | PasswordWrong | LegacyPem
                | Pbes1 | ArchiveEncryption | CostlyEncryption | NotRsa(_) | RsaRefused(_) => {}
            }
        }
        all
    }

    #[test]
    fn every_reason_is_a_plain_sentence() {
        for unreadable in all() {
            assert!(is_plain(&unreadable.to_string()), "{unreadable}");
        }
    }
}
