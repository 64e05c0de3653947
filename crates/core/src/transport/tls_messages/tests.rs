//! Checks that every variant of every error of rustls, and of the verifier below it, has a plain sentence.

use super::{
    super::rejected_certificate::{RejectedCertificate, Shown},
    *,
};
use crate::types::is_plain;
use rustls::{
    pki_types::{CertificateDer, ServerName, UnixTime},
    CertRevocationListError, EncryptedClientHelloError, ExtendedKeyPurpose, InconsistentKeys, OtherError,
    PeerMisbehaved, RootCertStore,
};
use std::{sync::Arc, time::Duration};

mod variants;

fn misbehaviours() -> Vec<PeerMisbehaved> {
    use PeerMisbehaved::*;
    vec![
        AttemptedDowngradeToTls12WhenTls13IsSupported,
        BadCertChainExtensions,
        CipherSuiteDifferedOnRetry,
        DisallowedEncryptedExtension,
        DuplicateClientHelloExtensions,
        DuplicateEncryptedExtensions,
        DuplicateHelloRetryRequestExtensions,
        DuplicateNewSessionTicketExtensions,
        DuplicateServerHelloExtensions,
        DuplicateServerNameTypes,
        EarlyDataAttemptedInSecondClientHello,
        EarlyDataExtensionWithoutResumption,
        EarlyDataOfferedWithVariedCipherSuite,
        EchAcceptanceVariedAfterRetry,
        HandshakeHashVariedAfterRetry,
        IllegalHelloRetryRequestWithEmptyCookie,
        IllegalHelloRetryRequestWithNoChanges,
        IllegalHelloRetryRequestWithOfferedGroup,
        IllegalHelloRetryRequestWithUnofferedCipherSuite,
        IllegalHelloRetryRequestWithUnofferedNamedGroup,
        IllegalHelloRetryRequestWithUnsupportedVersion,
        IllegalHelloRetryRequestWithWrongSessionId,
        IllegalHelloRetryRequestWithInvalidEch,
        IllegalMiddleboxChangeCipherSpec,
        IllegalTlsInnerPlaintext,
        IncorrectBinder,
        InvalidCertCompression,
        InvalidMaxEarlyDataSize,
        InvalidKeyShare,
        KeyEpochWithPendingFragment,
        KeyUpdateReceivedInQuicConnection,
        MessageInterleavedWithHandshakeMessage,
        MissingBinderInPskExtension,
        MissingKeyShare,
        MissingPskExtensionInSecondClientHello,
        MissingPskModesExtension,
        MissingQuicTransportParameters,
        OfferedDuplicateCertificateCompressions,
        OfferedDuplicateKeyShares,
        OfferedEarlyDataWithOldProtocolVersion,
        OfferedEmptyApplicationProtocol,
        OfferedIncorrectCompressions,
        PskExtensionMustBeLast,
        PskExtensionWithMismatchedIdsAndBinders,
        RefusedToFollowHelloRetryRequest,
        RejectedEarlyDataInterleavedWithHandshakeMessage,
        ResumptionAttemptedWithVariedEms,
        ResumptionOfferedWithVariedCipherSuite,
        ResumptionOfferedWithVariedEms,
        ResumptionOfferedWithIncompatibleCipherSuite,
        SelectedDifferentCipherSuiteAfterRetry,
        SelectedInvalidPsk,
        SelectedTls12UsingTls13VersionExtension,
        SelectedUnofferedApplicationProtocol,
        SelectedUnofferedCertCompression,
        SelectedUnofferedCipherSuite,
        SelectedUnofferedCompression,
        SelectedUnofferedKxGroup,
        SelectedUnofferedPsk,
        SelectedUnusableCipherSuiteForVersion,
        ServerEchoedCompatibilitySessionId,
        ServerHelloMustOfferUncompressedEcPoints,
        ServerNameDifferedOnRetry,
        ServerNameMustContainOneHostName,
        SignedKxWithWrongAlgorithm,
        SignedHandshakeWithUnadvertisedSigScheme,
        TooManyEmptyFragments,
        TooManyKeyUpdateRequests,
        TooManyRenegotiationRequests,
        TooManyWarningAlertsReceived,
        TooMuchEarlyDataReceived,
        UnexpectedCleartextExtension,
        UnsolicitedCertExtension,
        UnsolicitedEncryptedExtension,
        UnsolicitedSctList,
        UnsolicitedServerHelloExtension,
        WrongGroupForKeyShare,
        UnsolicitedEchExtension,
    ]
}

fn incompatibilities() -> Vec<PeerIncompatible> {
    use PeerIncompatible::*;
    vec![
        EcPointsExtensionRequired,
        ExtendedMasterSecretExtensionRequired,
        IncorrectCertificateTypeExtension,
        KeyShareExtensionRequired,
        NamedGroupsExtensionRequired,
        NoCertificateRequestSignatureSchemesInCommon,
        NoCipherSuitesInCommon,
        NoEcPointFormatsInCommon,
        NoKxGroupsInCommon,
        NoSignatureSchemesInCommon,
        NullCompressionRequired,
        ServerDoesNotSupportTls12Or13,
        ServerSentHelloRetryRequestWithUnknownExtension,
        ServerTlsVersionIsDisabledByOurConfig,
        SignatureAlgorithmsExtensionRequired,
        SupportedVersionsExtensionRequired,
        Tls12NotOffered,
        Tls12NotOfferedOrEnabled,
        Tls13RequiredForQuic,
        UncompressedEcPointsRequired,
        UnsolicitedCertificateTypeExtension,
        ServerRejectedEncryptedClientHello(None),
    ]
}

fn invalid_messages() -> Vec<InvalidMessage> {
    use InvalidMessage::*;
    vec![
        CertificatePayloadTooLarge,
        HandshakePayloadTooLarge,
        InvalidCcs,
        InvalidContentType,
        InvalidCertificateStatusType,
        InvalidCertRequest,
        InvalidDhParams,
        InvalidEmptyPayload,
        InvalidKeyUpdate,
        InvalidServerName,
        MessageTooLarge,
        MessageTooShort,
        MissingKeyExchange,
        NoSignatureSchemes,
        UnknownProtocolVersion,
        UnsupportedCompression,
        UnsupportedCurveType,
        EmptyTicketValue,
        IllegalEmptyValue,
        PreSharedKeyIsNotFinalExtension,
        UnknownHelloRetryRequestExtension,
        UnknownCertificateExtension,
        MissingData("CertificatePayload"),
        TrailingData("CertificatePayload"),
        UnexpectedMessage("ServerHello"),
        IllegalEmptyList("SignatureSchemes"),
        DuplicateExtension(23),
        UnsupportedKeyExchangeAlgorithm(rustls::crypto::KeyExchangeAlgorithm::DHE),
    ]
}

fn alerts() -> Vec<AlertDescription> {
    use AlertDescription::*;
    vec![
        CloseNotify,
        UnexpectedMessage,
        BadRecordMac,
        DecryptionFailed,
        RecordOverflow,
        DecompressionFailure,
        HandshakeFailure,
        NoCertificate,
        BadCertificate,
        UnsupportedCertificate,
        CertificateRevoked,
        CertificateExpired,
        CertificateUnknown,
        IllegalParameter,
        UnknownCA,
        AccessDenied,
        DecodeError,
        DecryptError,
        ExportRestriction,
        ProtocolVersion,
        InsufficientSecurity,
        InternalError,
        InappropriateFallback,
        UserCanceled,
        NoRenegotiation,
        MissingExtension,
        UnsupportedExtension,
        CertificateUnobtainable,
        UnrecognisedName,
        BadCertificateStatusResponse,
        BadCertificateHashValue,
        UnknownPSKIdentity,
        CertificateRequired,
        NoApplicationProtocol,
        EncryptedClientHelloRequired,
        Unknown(200),
    ]
}

#[expect(deprecated, reason = "no version has taken the old variants away")]
fn revocations() -> Vec<CertRevocationListError> {
    use CertRevocationListError::*;
    let id = vec![6, 3, 42, 3, 4];
    vec![
        BadSignature,
        UnsupportedSignatureAlgorithm,
        UnsupportedSignatureAlgorithmContext { signature_algorithm_id: id.clone(), supported_algorithms: Vec::new() },
        UnsupportedSignatureAlgorithmForPublicKeyContext {
            signature_algorithm_id: id.clone(),
            public_key_algorithm_id: id,
        },
        InvalidCrlNumber,
        InvalidRevokedCertSerialNumber,
        IssuerInvalidForCrl,
        ParseError,
        UnsupportedCrlVersion,
        UnsupportedCriticalExtension,
        UnsupportedDeltaCrl,
        UnsupportedIndirectCrl,
        UnsupportedRevocationReason,
        Other(other()),
    ]
}

fn of_webpki() -> Vec<webpki::Error> {
    use webpki::Error::*;
    vec![
        BadDer,
        BadDerTime,
        CaUsedAsEndEntity,
        CertDistrusted,
        CertRevoked,
        EmptyEkuExtension,
        EndEntityUsedAsCa,
        ExtensionValueInvalid,
        InvalidCertValidity,
        InvalidCrlNumber,
        InvalidNetworkMaskConstraint,
        InvalidSerialNumber,
        InvalidCrlSignatureForPublicKey,
        InvalidSignatureForPublicKey,
        IssuerNotCrlSigner,
        MalformedDnsIdentifier,
        MalformedExtensions,
        MalformedNameConstraint,
        MaximumNameConstraintComparisonsExceeded,
        MaximumPathBuildCallsExceeded,
        MaximumPathDepthExceeded,
        MaximumSignatureChecksExceeded,
        NameConstraintViolation,
        PathLenConstraintViolated,
        SignatureAlgorithmMismatch,
        UnknownIssuer,
        UnknownRevocationStatus,
        UnsupportedCertVersion,
        UnsupportedCriticalExtension,
        UnsupportedCrlIssuingDistributionPoint,
        UnsupportedCrlVersion,
        UnsupportedDeltaCrl,
        UnsupportedIndirectCrl,
        UnsupportedNameType,
        UnsupportedRevocationReason,
        UnsupportedRevocationReasonsPartitioning,
    ]
}

#[expect(deprecated, reason = "no version has taken the old variants away")]
fn of_certificates() -> Vec<CertificateError> {
    use CertificateError::*;
    let time = UnixTime::since_unix_epoch(Duration::from_secs(1_700_000_000));
    let id = vec![6, 3, 42, 3, 4];
    let mut all = vec![
        BadEncoding,
        Expired,
        NotValidYet,
        Revoked,
        UnhandledCriticalExtension,
        UnknownIssuer,
        UnknownRevocationStatus,
        ExpiredRevocationList,
        BadSignature,
        UnsupportedSignatureAlgorithm,
        NotValidForName,
        InvalidPurpose,
        InvalidOcspResponse,
        ApplicationVerificationFailure,
        ExpiredContext { time, not_after: time },
        NotValidYetContext { time, not_before: time },
        ExpiredRevocationListContext { time, next_update: time },
        UnsupportedSignatureAlgorithmContext { signature_algorithm_id: id.clone(), supported_algorithms: Vec::new() },
        UnsupportedSignatureAlgorithmForPublicKeyContext {
            signature_algorithm_id: id.clone(),
            public_key_algorithm_id: id,
        },
        NotValidForNameContext {
            expected: ServerName::try_from("login.example").expect("a name"),
            presented: vec!["DnsName(\"other.example\")".to_owned()],
        },
        InvalidPurposeContext {
            required: ExtendedKeyPurpose::ServerAuth,
            presented: vec![ExtendedKeyPurpose::ClientAuth],
        },
        Other(other()),
    ];
    all.extend(of_webpki().into_iter().map(|error| Other(OtherError(Arc::new(error)))));
    all
}

fn other() -> OtherError {
    OtherError(Arc::new(std::io::Error::other("an error of another library")))
}

fn of_connections() -> Vec<Error> {
    let mut all = vec![
        Error::InappropriateMessage {
            expect_types: vec![rustls::ContentType::Handshake],
            got_type: rustls::ContentType::Alert,
        },
        Error::InappropriateHandshakeMessage {
            expect_types: vec![rustls::HandshakeType::ServerHello],
            got_type: rustls::HandshakeType::Finished,
        },
        Error::NoCertificatesPresented,
        Error::UnsupportedNameType,
        Error::DecryptError,
        Error::EncryptError,
        Error::General("a reason".to_owned()),
        Error::FailedToGetCurrentTime,
        Error::FailedToGetRandomBytes,
        Error::HandshakeNotComplete,
        Error::PeerSentOversizedRecord,
        Error::NoApplicationProtocol,
        Error::BadMaxFragmentSize,
        Error::InconsistentKeys(InconsistentKeys::KeyMismatch),
        Error::InconsistentKeys(InconsistentKeys::Unknown),
        Error::InvalidEncryptedClientHello(EncryptedClientHelloError::InvalidConfigList),
        Error::InvalidEncryptedClientHello(EncryptedClientHelloError::NoCompatibleConfig),
        Error::InvalidEncryptedClientHello(EncryptedClientHelloError::SniRequired),
        Error::Other(other()),
    ];
    all.extend(misbehaviours().into_iter().map(Error::PeerMisbehaved));
    all.extend(incompatibilities().into_iter().map(Error::PeerIncompatible));
    all.extend(invalid_messages().into_iter().map(Error::InvalidMessage));
    all.extend(alerts().into_iter().map(Error::AlertReceived));
    all.extend(revocations().into_iter().map(Error::InvalidCertRevocationList));
    all.extend(of_certificates().into_iter().map(Error::InvalidCertificate));
    all
}

#[test]
fn every_error_of_a_connection_has_a_plain_sentence() {
    for error in of_connections() {
        assert!(is_plain(&sentence(&error)), "{error:?}: {}", sentence(&error));
        assert!(is_plain(&detail(&error)), "{error:?}: {}", detail(&error));
    }
}

#[test]
fn every_reason_against_a_certificate_has_a_plain_sentence() {
    const LEAF: &[u8] = include_bytes!("../../../tests/certificates/leaf.crt");
    let der = crate::x509::sections(LEAF)[0].public_content().expect("a certificate");
    for own in [CertificateDer::from(der), CertificateDer::from(&b"no certificate"[..])] {
        let shown = Shown { own: &own, intermediates: &[] };
        for reason in of_certificates() {
            let rejected = [
                RejectedCertificate::new(&reason, &shown, &RootCertStore::empty()),
                RejectedCertificate::not_the_signers(&reason, &own),
            ];
            for rejected in rejected {
                assert!(is_plain(&rejected.to_string()), "{reason:?}: {rejected}");
            }
        }
    }
    assert!(is_plain(&RejectedCertificate::of_another_thumbprint().to_string()));
}

#[test]
fn a_detail_has_the_name_of_the_variant_in_words() {
    assert_eq!(
        detail(&Error::PeerMisbehaved(PeerMisbehaved::InvalidKeyShare)),
        "TLS: peer misbehaved: invalid key share"
    );
}
