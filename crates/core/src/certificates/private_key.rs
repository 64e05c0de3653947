use super::Unreadable;
use pkcs8::{der::Decode, PrivateKeyInfoRef};
use ring::signature::RsaKeyPair;
use zeroize::Zeroizing;

/// An unencrypted private key, as DER.
pub(super) enum PrivateKey {
    /// `RSAPrivateKey` of RFC 8017.
    Pkcs1(Zeroizing<Vec<u8>>),
    /// `PrivateKeyInfo` of RFC 5208, of any algorithm.
    Pkcs8(Zeroizing<Vec<u8>>),
}

impl PrivateKey {
    pub(super) fn rsa(&self) -> Result<RsaKeyPair, Unreadable> {
        match self {
            Self::Pkcs1(der) => key_pair(der),
            Self::Pkcs8(der) => {
                let info = PrivateKeyInfoRef::from_der(der).map_err(|_| damaged())?;
                match kind_other_than_rsa(&info.algorithm.oid.to_string()) {
                    Some(kind) => Err(Unreadable::NotRsa(kind)),
                    // ring's own PKCS#8 reader rejects the attributes that Windows writes.
                    None => key_pair(info.private_key.as_bytes()),
                }
            }
        }
    }
}

fn key_pair(der: &[u8]) -> Result<RsaKeyPair, Unreadable> {
    RsaKeyPair::from_der(der).map_err(|rejected| Unreadable::RsaRefused(in_words(&rejected.to_string())))
}

/// Says in words what ring reports as a name, such as `TooSmall`.
fn in_words(reason: &str) -> &'static str {
    match reason {
        "TooSmall" => "it is too small",
        "TooLarge" => "it is too large",
        "InconsistentComponents" | "InvalidComponent" => "its numbers are inconsistent",
        "PrivateModulusLenNotMultipleOf512Bits" => "its length is not a multiple of 512 bits",
        _ => "it is damaged",
    }
}

fn damaged() -> Unreadable {
    Unreadable::RsaRefused("it is damaged")
}

/// Returns the name of another key algorithm. The identifiers are from RFC 8017 (RSA), RFC 5480 (EC) and RFC 8410
/// (Edwards curves).
fn kind_other_than_rsa(oid: &str) -> Option<&'static str> {
    match oid {
        "1.2.840.113549.1.1.1" => None,
        "1.2.840.113549.1.1.10" => Some("restricted to RSA-PSS"),
        "1.2.840.10045.2.1" => Some("an elliptic curve (EC) key"),
        "1.3.101.112" | "1.3.101.113" => Some("an Edwards curve key"),
        _ => Some("of another algorithm"),
    }
}
