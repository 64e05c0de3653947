use super::{encrypted_key, private_key::PrivateKey, SigningCertificate, Unreadable};
use crate::x509::{first_element, sections, Section};
use zeroize::Zeroizing;

/// Reads the certificates and the one private key, in any order; other sections are ignored.
pub(super) fn read(content: &[u8], password: Option<&str>) -> Result<SigningCertificate, Unreadable> {
    let mut certificates = Vec::new();
    let mut keys = Vec::new();
    for section in sections(content) {
        match section.label {
            "CERTIFICATE" | "X509 CERTIFICATE" | "TRUSTED CERTIFICATE" => certificates.push(certificate(&section)?),
            label if label.ends_with("PRIVATE KEY") => keys.push(Key::of(&section)?),
            _ => {}
        }
    }
    if certificates.is_empty() && keys.is_empty() && sections(content).is_empty() {
        return Err(Unreadable::MalformedPem);
    }
    if keys.len() > 1 {
        return Err(Unreadable::SeveralKeys);
    }
    let key = keys.pop().ok_or(Unreadable::NoKey)?;
    if certificates.is_empty() {
        return Err(Unreadable::NoCertificate);
    }
    SigningCertificate::assemble(&[key.opened(password)?], &certificates)
}

/// Drops the trust settings of OpenSSL's own form: the certificate is the application's, so they do not matter.
fn certificate(section: &Section<'_>) -> Result<Vec<u8>, Unreadable> {
    let content = section.public_content().ok_or(Unreadable::MalformedPem)?;
    let certificate = if section.label.starts_with("TRUSTED") { first_element(&content) } else { Some(&content[..]) };
    certificate.map(<[u8]>::to_vec).ok_or(Unreadable::MalformedCertificate)
}

/// A private key's section, not yet decoded.
enum Key {
    Clear(PrivateKey),
    Encrypted(Zeroizing<Vec<u8>>),
}

impl Key {
    fn of(section: &Section<'_>) -> Result<Self, Unreadable> {
        if section.has_headers {
            return Err(Unreadable::LegacyPem);
        }
        let content = section.secret_content().ok_or(Unreadable::MalformedPem)?;
        match section.label {
            "PRIVATE KEY" => Ok(Self::Clear(PrivateKey::Pkcs8(content))),
            "RSA PRIVATE KEY" => Ok(Self::Clear(PrivateKey::Pkcs1(content))),
            "ENCRYPTED PRIVATE KEY" => Ok(Self::Encrypted(content)),
            "EC PRIVATE KEY" => Err(Unreadable::NotRsa("an elliptic curve (EC) key")),
            "OPENSSH PRIVATE KEY" => Err(Unreadable::NotRsa("in OpenSSH's own format")),
            _ => Err(Unreadable::NotRsa("of another algorithm")),
        }
    }

    fn opened(self, password: Option<&str>) -> Result<PrivateKey, Unreadable> {
        match self {
            Self::Clear(key) => Ok(key),
            Self::Encrypted(der) => encrypted_key::decrypt(&der, password),
        }
    }
}
