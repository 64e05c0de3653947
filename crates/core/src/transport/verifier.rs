use super::roots::TrustedRoots;
use crate::{
    types::{Error, ErrorKind},
    x509::Certificate,
};
use rustls::{
    client::{
        danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier},
        WebPkiServerVerifier,
    },
    crypto::CryptoProvider,
    pki_types::{CertificateDer, ServerName, UnixTime},
    CertificateError, DigitallySignedStruct, OtherError, SignatureScheme,
};
use std::{fmt, sync::Arc};

/// The usual judgement of a server's certificate, with an error that names who issued it.
#[derive(Debug)]
pub(super) struct NamingVerifier(Arc<WebPkiServerVerifier>);

/// A server's certificate that was not accepted.
#[derive(Debug)]
pub(super) struct RejectedCertificate {
    pub(super) reason: CertificateError,
    /// The last certificate that the server sent: the authority to trust is its issuer.
    pub(super) issuer: Option<String>,
}

impl NamingVerifier {
    pub(super) fn new(roots: &TrustedRoots, provider: &Arc<CryptoProvider>) -> Result<Self, Error> {
        let store = Arc::new(roots.store.clone());
        WebPkiServerVerifier::builder_with_provider(store, Arc::clone(provider)).build().map(Self).map_err(|error| {
            Error::new(ErrorKind::Network, format!("the trusted certificates cannot be used: {error}"))
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
        self.0.verify_server_cert(end_entity, intermediates, server_name, ocsp_response, now).map_err(|error| {
            let rustls::Error::InvalidCertificate(reason) = error else {
                return error;
            };
            let last = Certificate::parse(intermediates.last().unwrap_or(end_entity));
            let issuer = last.and_then(|certificate| certificate.issuer.readable());
            let rejected = RejectedCertificate { reason, issuer };
            rustls::Error::InvalidCertificate(CertificateError::Other(OtherError(Arc::new(rejected))))
        })
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        self.0.verify_tls12_signature(message, certificate, signature)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        self.0.verify_tls13_signature(message, certificate, signature)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.supported_verify_schemes()
    }
}

impl fmt::Display for RejectedCertificate {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.reason {
            CertificateError::UnknownIssuer => formatter.write_str("it was issued by an authority that is not trusted"),
            CertificateError::BadSignature => {
                formatter.write_str("its issuer has the name of a trusted authority, but another key")
            }
            CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
                formatter.write_str("it was issued for another host name")
            }
            CertificateError::Expired | CertificateError::ExpiredContext { .. } => {
                formatter.write_str("it has expired")
            }
            CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => {
                formatter.write_str("it is not valid yet (is the machine's clock right?)")
            }
            CertificateError::ApplicationVerificationFailure => {
                formatter.write_str("it is not the one whose thumbprint was given")
            }
            other => write!(formatter, "{other}"),
        }
    }
}

impl std::error::Error for RejectedCertificate {}
