use super::{private_key::PrivateKey, SigningCertificate, Unreadable};
use p12_keystore::{error::Error, Pkcs12Archive};
use zeroize::Zeroizing;

/// Reads a PKCS#12 archive (RFC 7292). Where no password is given the empty one is tried, which many archives have.
pub(super) fn read(der: &[u8], password: Option<&str>) -> Result<SigningCertificate, Unreadable> {
    let archive = Pkcs12Archive::from_pkcs12(der, password.unwrap_or_default())
        .map_err(|error| unreadable(&error, password.is_some()))?;
    let pkcs8 = |bag: &p12_keystore::PrivateKeyBag| PrivateKey::Pkcs8(Zeroizing::new(bag.key.as_der().to_vec()));
    let keys: Vec<_> = archive.keys.iter().map(pkcs8).collect();
    let certificates: Vec<_> = archive.certs.iter().map(|bag| bag.cert.as_der().to_vec()).collect();
    if keys.is_empty() {
        return Err(Unreadable::NoKey);
    }
    if certificates.is_empty() {
        return Err(Unreadable::NoCertificate);
    }
    SigningCertificate::assemble(&keys, &certificates)
}

/// A wrong password shows as a wrong MAC or, where there is none, as a text that makes no sense once decrypted.
fn unreadable(error: &Error, has_password: bool) -> Unreadable {
    match error {
        Error::UnsupportedEncryptionScheme | Error::UnsupportedMacAlgorithm => Unreadable::ArchiveEncryption,
        Error::InvalidParameters => Unreadable::CostlyEncryption,
        Error::MacError(_) | Error::Pkcs5Error(_) | Error::UnpadError if has_password => Unreadable::PasswordWrong,
        Error::MacError(_) | Error::Pkcs5Error(_) | Error::UnpadError => Unreadable::PasswordMissing,
        _ => Unreadable::MalformedPkcs12,
    }
}
