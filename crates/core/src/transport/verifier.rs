use super::{
    certificate_source::{fingerprint, Fingerprint},
    rejected_certificate::{RejectedCertificate, Shown},
    roots::TrustedRoots,
};
use crate::{
    types::{Error, ErrorKind, HelpAnchor},
    x509::Certificate,
};
use rustls::{
    client::{
        danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier},
        verify_server_name, WebPkiServerVerifier,
    },
    crypto::CryptoProvider,
    pki_types::{CertificateDer, ServerName, UnixTime},
    server::ParsedCertificate,
    CertificateError, DigitallySignedStruct, RootCertStore, SignatureScheme,
};
use std::{collections::HashSet, sync::Arc};

/// Verifies a server's certificate as usual, with an error that names the issuer. In addition it accepts a server's own
/// certificate that the user has named as trusted, as Node.js and Go do.
#[derive(Debug)]
pub(super) struct NamingVerifier {
    usual: Arc<WebPkiServerVerifier>,
    trusted: Arc<RootCertStore>,
    /// The certificates that a setting names, without the system's.
    named: HashSet<Fingerprint>,
}

impl NamingVerifier {
    pub(super) fn new(roots: &TrustedRoots, provider: &Arc<CryptoProvider>) -> Result<Self, Error> {
        let trusted = Arc::new(roots.store.clone());
        let builder = WebPkiServerVerifier::builder_with_provider(Arc::clone(&trusted), Arc::clone(provider));
        let usual = builder.build().map_err(|error| {
            Error::new(ErrorKind::Network, "the trusted certificates cannot be used")
                .with_help(HelpAnchor::Code(ErrorKind::Network))
                .with_causes(vec![error.to_string()])
        })?;
        Ok(Self { usual, trusted, named: roots.named.clone() })
    }

    /// Accepts a certificate that the usual verification rejects because no trusted authority issued it, or because it
    /// is an authority's own: if a setting names exactly this certificate, and it is the host's, valid now, and allowed
    /// for servers. The handshake's signature proves that the server has its key.
    fn named_itself(
        &self,
        own: &CertificateDer<'_>,
        name: &ServerName<'_>,
        now: UnixTime,
    ) -> Option<Result<(), rustls::Error>> {
        self.named.contains(&fingerprint(own)).then(|| {
            verify_server_name(&ParsedCertificate::try_from(own)?, name)?;
            usable(own, now).map_err(rustls::Error::InvalidCertificate)
        })
    }
}

impl ServerCertVerifier for NamingVerifier {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        let usual = self.usual.verify_server_cert(end_entity, intermediates, server_name, ocsp_response, now);
        let Err(refused) = usual else { return usual };
        let named =
            if is_about_its_authority(&refused) { self.named_itself(end_entity, server_name, now) } else { None };
        named.unwrap_or(Err(refused)).map(|()| ServerCertVerified::assertion()).map_err(|error| {
            let rustls::Error::InvalidCertificate(reason) = error else { return error };
            let shown = Shown { own: end_entity, intermediates };
            RejectedCertificate::new(&reason, &shown, &self.trusted).into_error()
        })
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        let verified = self.usual.verify_tls12_signature(message, certificate, signature);
        verified.map_err(|error| not_the_signers(error, certificate))
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        let verified = self.usual.verify_tls13_signature(message, certificate, signature);
        verified.map_err(|error| not_the_signers(error, certificate))
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.usual.supported_verify_schemes()
    }
}

fn is_about_its_authority(refused: &rustls::Error) -> bool {
    let rustls::Error::InvalidCertificate(reason) = refused else { return false };
    match reason {
        CertificateError::Other(other) => matches!(other.0.downcast_ref(), Some(webpki::Error::CaUsedAsEndEntity)),
        CertificateError::UnknownIssuer
        | CertificateError::UnsupportedSignatureAlgorithmContext { .. }
        | CertificateError::UnsupportedSignatureAlgorithmForPublicKeyContext { .. } => true,
        _ => false,
    }
}

/// Checks its dates, and the purposes of its key.
fn usable(own: &CertificateDer<'_>, now: UnixTime) -> Result<(), CertificateError> {
    let certificate = Certificate::parse(own).ok_or(CertificateError::BadEncoding)?;
    let moment =
        |seconds: i64| UnixTime::since_unix_epoch(std::time::Duration::from_secs(seconds.try_into().unwrap_or(0)));
    let (not_before, not_after) = (moment(certificate.valid_from), moment(certificate.valid_until));
    if now < not_before {
        return Err(CertificateError::NotValidYetContext { time: now, not_before });
    }
    if now > not_after {
        return Err(CertificateError::ExpiredContext { time: now, not_after });
    }
    certificate.may_serve().then_some(()).ok_or(CertificateError::InvalidPurpose)
}

fn not_the_signers(error: rustls::Error, own: &CertificateDer<'_>) -> rustls::Error {
    let rustls::Error::InvalidCertificate(reason) = error else { return error };
    RejectedCertificate::not_the_signers(&reason, own).into_error()
}
