use super::{encrypted_key, private_key::PrivateKey, SigningCertificate, Unreadable};
use ::pem::Pem;
use zeroize::Zeroizing;

/// Reads certificates and the one private key, in any order (RFC 7468); what else stands there is passed over.
pub(super) fn read(content: &[u8], password: Option<&str>) -> Result<SigningCertificate, Unreadable> {
    let sections = ::pem::parse_many(content).map_err(|_| Unreadable::MalformedPem)?;
    let mut certificates = Vec::new();
    let mut keys = Vec::new();
    for section in sections {
        match section.tag() {
            "CERTIFICATE" | "X509 CERTIFICATE" => certificates.push(section.into_contents()),
            tag if tag.ends_with("PRIVATE KEY") => keys.push(Key::of(section)?),
            _ => {}
        }
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

/// A key's section, still as it stands there.
enum Key {
    Clear(PrivateKey),
    Encrypted(Zeroizing<Vec<u8>>),
}

impl Key {
    fn of(section: Pem) -> Result<Self, Unreadable> {
        let is_legacy = section.headers().get("Proc-Type").is_some();
        let tag = section.tag().to_owned();
        let contents = Zeroizing::new(section.into_contents());
        match tag.as_str() {
            _ if is_legacy => Err(Unreadable::LegacyPem),
            "PRIVATE KEY" => Ok(Self::Clear(PrivateKey::Pkcs8(contents))),
            "RSA PRIVATE KEY" => Ok(Self::Clear(PrivateKey::Pkcs1(contents))),
            "ENCRYPTED PRIVATE KEY" => Ok(Self::Encrypted(contents)),
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
