//! Layer 3: reads the certificate with which an application authenticates ([`SigningCertificate`]), and signs client
//! assertions with it.

mod assertion;
mod certificate_cache;
mod encrypted_key;
mod pem;
mod pkcs12;
mod private_key;
mod signing;
mod unreadable;

pub use assertion::{AssertionClaims, AssertionForm};
pub(crate) use certificate_cache::CertificateCache;
pub use signing::{SigningCertificate, Validity};
pub use unreadable::Unreadable;

use crate::types::is_utf16;
use base64::{engine::general_purpose::STANDARD, Engine};
use zeroize::Zeroizing;

const PEM_BEGIN: &[u8] = b"-----BEGIN ";

/// The tag of an ASN.1 `SEQUENCE`, with which a PKCS#12 archive begins.
const DER_SEQUENCE: u8 = 0x30;

impl SigningCertificate {
    /// Reads PEM or PKCS#12 (PFX), or the base64 of either, with or without a password. The content decides which it
    /// is.
    ///
    /// # Errors
    /// [`Unreadable`], which says what cannot be used and how to convert it.
    pub fn read(content: &[u8], password: Option<&str>) -> Result<Self, Unreadable> {
        if is_pem(content) {
            return pem::read(content, password);
        }
        if content.first() == Some(&DER_SEQUENCE) {
            return pkcs12::read(content, password);
        }
        if is_utf16(content) {
            return Err(Unreadable::Utf16);
        }
        let decoded = unwrapped(content).ok_or(Unreadable::Unrecognised)?;
        if is_pem(&decoded) {
            return pem::read(&decoded, password);
        }
        pkcs12::read(&decoded, password)
    }
}

fn is_pem(content: &[u8]) -> bool {
    content.windows(PEM_BEGIN.len()).any(|window| window == PEM_BEGIN)
}

/// Decodes base64, in which variables and Key Vault hold archives, with or without line breaks.
fn unwrapped(content: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    let dense: Zeroizing<Vec<u8>> =
        Zeroizing::new(content.iter().copied().filter(|byte| !byte.is_ascii_whitespace()).collect());
    STANDARD.decode(&*dense).ok().filter(|decoded| !decoded.is_empty()).map(Zeroizing::new)
}
