use super::*;
use crate::types::{Attempt, AttemptOutcome, CredentialKind};
use crate::x509::{first_element, sections};
use std::time::Duration;

/// The purposes of servers, and of mail.
const SERVERS: &[u8] = &[0x2b, 6, 1, 5, 5, 7, 3, 1];
const MAIL: &[u8] = &[0x2b, 6, 1, 5, 5, 7, 3, 4];

const LEAF: &[u8] = include_bytes!("../../../tests/certificates/leaf.crt");

/// It is the store of the system on which the test runs; a system without one uses the bundled roots.
#[test]
fn the_systems_store_can_be_read() {
    let roots = TrustedRoots::load(&TrustSettings::default()).expect("authorities");
    assert!(!roots.store.is_empty() && roots.problems.is_empty(), "{:?}", roots.problems);
    assert_eq!(roots.sources.len(), 1);
    assert!(roots.named.is_empty(), "the system's certificates are authorities and nothing else");
}

#[cfg(unix)]
#[test]
fn certificates_that_a_shortage_made_unreadable_do_not_count_as_absent() {
    // EMFILE, ENOMEM.
    for code in [24, 12] {
        let mut roots = TrustedRoots::none();
        roots.add_system();
        roots.add_named("NODE_EXTRA_CA_CERTS", Loaded::unread(&std::io::Error::from_raw_os_error(code)));
        let error = roots.if_complete().unwrap_err();
        assert!(error.resource().is_some() && error.retryable(), "{error}");
    }
    let mut roots = TrustedRoots::none();
    roots.add_system();
    roots.add_named("NODE_EXTRA_CA_CERTS", Loaded::unread(&std::io::ErrorKind::PermissionDenied.into()));
    assert!(roots.if_complete().is_ok());
}

#[test]
fn reading_waits_only_for_regular_files() {
    let folder = std::env::temp_dir();
    let settings = TrustSettings { file: Some(folder.clone()), ..TrustSettings::default() };
    let error = TrustedRoots::load(&settings).unwrap_err().to_string();
    assert!(error.contains(&format!("SSL_CERT_FILE ({}): it is not a file", folder.display())), "{error}");
}

/// No setting of a credential mends it.
#[test]
fn an_empty_store_is_explained_with_the_failures_of_the_network() {
    let settings = TrustSettings { file: Some(std::env::temp_dir()), ..TrustSettings::default() };
    let (source, outcome) = (CredentialKind::ClientSecret, AttemptOutcome::Failed);
    let attempt = Attempt { source, outcome, reason: None, duration: Duration::ZERO };
    let error = TrustedRoots::load(&settings).unwrap_err().with_attempts(vec![attempt]);
    assert_eq!(error.help(), HelpAnchor::Code(ErrorKind::Network));
}

/// A colon separates folders, and an address has one before its password.
#[cfg(unix)]
#[test]
fn a_list_of_folders_is_judged_before_its_parts() {
    for (list, shown) in [
        ("https://deploy:m4rkerw0rd@ca.example", "SSL_CERT_DIR (SSL_CERT_DIR, 36 characters, not shown (it has a user"),
        ("https://deploy:m4rkerw0rd@ca.example:8443/ca.pem", "SSL_CERT_DIR (SSL_CERT_DIR, 48 characters, not shown"),
        (r#"{"clientSecret":"m4rkerw0rd"}"#, "SSL_CERT_DIR (SSL_CERT_DIR, 29 characters, not shown"),
        ("password:m4rkerw0rd", "SSL_CERT_DIR (SSL_CERT_DIR, 19 characters, not shown"),
        ("/nowhere/a:/nowhere/b", "SSL_CERT_DIR (/nowhere/a), SSL_CERT_DIR (/nowhere/b); "),
    ] {
        let folders = std::env::split_paths(list).collect();
        let error = TrustedRoots::load(&TrustSettings { folders, ..TrustSettings::default() }).unwrap_err().to_string();
        assert!(error.contains(shown) && !error.contains("m4rkerw0rd"), "{error}");
    }
}

fn der() -> Vec<u8> {
    sections(LEAF)[0].public_content().expect("a certificate")
}

/// A certificate with OpenSSL's trust settings: trusted for these purposes, rejected for those.
fn limited(trusted: Option<&[u8]>, rejected: Option<&[u8]>) -> Vec<u8> {
    let element = |tag: u8, content: &[u8]| [&[tag, u8::try_from(content.len()).expect("short")], content].concat();
    let trusted = trusted.map(|uses| element(0x30, &element(6, uses))).unwrap_or_default();
    let rejected = rejected.map(|uses| element(0xa0, &element(6, uses))).unwrap_or_default();
    [der(), element(0x30, &[trusted, rejected].concat())].concat()
}

#[test]
fn certificates_are_read_whatever_openssl_calls_them() {
    use base64::{engine::general_purpose::STANDARD, Engine};
    let labelled = |label: &str, content: &[u8]| {
        format!("-----BEGIN {label}-----\n{}\n-----END {label}-----\n", STANDARD.encode(content)).into_bytes()
    };
    let rows = [
        (LEAF.to_vec(), 1),
        ([b"\xef\xbb\xbf", LEAF].concat(), 1),
        ([LEAF, LEAF].concat(), 2),
        (labelled("X509 CERTIFICATE", &der()), 1),
        (labelled("TRUSTED CERTIFICATE", &der()), 1),
        (labelled("TRUSTED CERTIFICATE", &limited(Some(SERVERS), Some(MAIL))), 1),
        (labelled("TRUSTED CERTIFICATE", &limited(None, Some(MAIL))), 1),
        (labelled("TRUSTED CERTIFICATE", &limited(Some(MAIL), None)), 0),
        (labelled("TRUSTED CERTIFICATE", &limited(None, Some(SERVERS))), 0),
    ];
    for (text, expected) in rows {
        let loaded = Loaded::of(&text);
        assert_eq!(loaded.certificates.len(), expected, "{}", String::from_utf8_lossy(&text));
        assert!(loaded.certificates.iter().all(|one| **one == *der()));
    }
    assert_eq!(first_element(&limited(None, Some(MAIL))), Some(&der()[..]));
}

#[test]
fn the_message_says_why_a_source_cannot_be_read() {
    let wide: Vec<u8> = String::from_utf8_lossy(LEAF).encode_utf16().flat_map(u16::to_le_bytes).collect();
    let rows: [(&[u8], &str); 6] = [
        (b"-----BEGIN PRIVATE KEY MIIEm4rker -----END PRIVATE KEY-----", "whose lines are joined"),
        (&wide, "UTF-16"),
        (&der(), "it is DER"),
        (b"-----BEGIN PKCS7-----\nYWJj\n-----END PKCS7-----", "it has a PKCS7"),
        (b"-----BEGIN CERTIFICATE-----\nYW", "cut or damaged"),
        (b"", "no certificate in it that can be used"),
    ];
    for (text, says) in rows {
        let loaded = Loaded::of(text);
        assert!(loaded.certificates.is_empty() && loaded.problems[0].contains(says), "{loaded:?}");
        assert!(!loaded.problems[0].contains("m4rker"), "{loaded:?}");
    }
}
