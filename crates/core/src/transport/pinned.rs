use super::rejected_certificate::RejectedCertificate;
use ring::digest::{digest, SHA1_FOR_LEGACY_USE_ONLY};
use rustls::{
    client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier},
    crypto::{verify_tls12_signature, verify_tls13_signature, CryptoProvider},
    pki_types::{CertificateDer, ServerName, UnixTime},
    DigitallySignedStruct, SignatureScheme,
};
use std::{fmt::Write as _, sync::Arc};

/// Accepts one certificate, by its SHA-1 thumbprint, from a server that has its private key. Service Fabric's
/// certificates are self-signed and name no host, and it gives its applications nothing else to recognise them.
#[derive(Debug)]
pub(super) struct PinnedVerifier {
    thumbprint: String,
    provider: Arc<CryptoProvider>,
}

impl PinnedVerifier {
    pub(super) fn new(thumbprint: &str, provider: &Arc<CryptoProvider>) -> Self {
        Self { thumbprint: thumbprint.to_owned(), provider: Arc::clone(provider) }
    }
}

impl ServerCertVerifier for PinnedVerifier {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        _intermediates: &[CertificateDer<'_>],
        _server_name: &ServerName<'_>,
        _ocsp_response: &[u8],
        _now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        if thumbprint(end_entity).eq_ignore_ascii_case(&self.thumbprint) {
            return Ok(ServerCertVerified::assertion());
        }
        Err(RejectedCertificate::of_another_thumbprint().into_error())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls12_signature(message, certificate, signature, &self.provider.signature_verification_algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls13_signature(message, certificate, signature, &self.provider.signature_verification_algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider.signature_verification_algorithms.supported_schemes()
    }
}

/// Returns the thumbprint as Windows shows it: the SHA-1 of the certificate's DER in hexadecimal digits.
fn thumbprint(certificate: &CertificateDer<'_>) -> String {
    let hash = digest(&SHA1_FOR_LEGACY_USE_ONLY, certificate);
    hash.as_ref().iter().fold(String::with_capacity(40), |mut text, byte| {
        let _ = write!(text, "{byte:02X}");
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn verified(pin: &str, certificate: &[u8]) -> Result<ServerCertVerified, rustls::Error> {
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let name = ServerName::try_from("fabric.example").expect("a name");
        let certificate = CertificateDer::from(certificate);
        PinnedVerifier::new(pin, &provider).verify_server_cert(&certificate, &[], &name, &[], UnixTime::now())
    }

    #[test]
    fn the_thumbprint_alone_decides_in_either_case() {
        // FIPS 180-2, appendix A.1: the SHA-1 of "abc".
        let pin = "A9993E364706816ABA3E25717850C26C9CD0D89D";
        assert!(verified(pin, b"abc").is_ok());
        assert!(verified(&pin.to_lowercase(), b"abc").is_ok());
        assert!(verified(pin, b"abd").is_err());
        assert!(verified("", b"abc").is_err());
    }
}
