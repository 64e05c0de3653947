//! Reads every form of certificate and key that other tools write, and checks the messages for those that cannot be
//! used.
//!
//! The files are made by `scripts/make-test-certificates.sh` with openssl and node:crypto.
#![expect(clippy::disallowed_methods, reason = "the test files are read as they are")]

use azure_client_token_core::certificates::{AssertionClaims, AssertionForm, SigningCertificate, Unreadable, Validity};
use base64::{
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
    Engine,
};
use ring::signature::{UnparsedPublicKey, VerificationAlgorithm, RSA_PKCS1_2048_8192_SHA256, RSA_PSS_2048_8192_SHA256};
use serde_json::Value;
use std::{fs, path::PathBuf};
use x509_parser::prelude::{FromDer, X509Certificate};

const PASSWORD: Option<&str> = Some("hunter2");
const UMLAUTS: Option<&str> = Some("pässwörd");
const NOW: i64 = 1_800_000_000;
const CLAIMS: AssertionClaims<'_> =
    AssertionClaims { audience: "https://login.example/tenant/oauth2/v2.0/token", client_id: "client", now: NOW };
const ENTRA_ID: AssertionForm = AssertionForm::EntraId { with_chain: false };

/// Each row is a form: the file and its password. Each has the same key and certificate.
const READABLE: &[(&str, Option<&str>)] = &[
    ("pkcs8.pem", None),
    ("pkcs8.pem", PASSWORD),
    ("pkcs1.pem", None),
    ("crlf.pem", None),
    ("commented.pem", None),
    ("chain-shuffled.pem", None),
    ("encrypted-aes256.pem", PASSWORD),
    ("encrypted-aes128-sha1.pem", PASSWORD),
    ("encrypted-3des.pem", PASSWORD),
    ("encrypted-scrypt.pem", PASSWORD),
    ("encrypted-node.pem", PASSWORD),
    ("encrypted-umlauts.pem", UMLAUTS),
    ("aes256.pfx", PASSWORD),
    ("aes256.pfx.base64", PASSWORD),
    ("3des.pfx", PASSWORD),
    ("rc2-40.pfx", PASSWORD),
    ("no-mac.pfx", PASSWORD),
    ("plain.pfx", None),
    ("empty-password.pfx", None),
    ("empty-password.pfx", Some("")),
    ("no-password.pfx", None),
    ("no-password.pfx", Some("")),
    ("umlauts.pfx", UMLAUTS),
    ("umlauts-3des.pfx", UMLAUTS),
    ("windows.pfx", PASSWORD),
    ("sealed-sha1.pfx", PASSWORD),
    ("sealed-sha224.pfx", PASSWORD),
    ("sealed-sha384.pfx", PASSWORD),
    ("sealed-sha512.pfx", PASSWORD),
    ("sealed-sha512-224.pfx", PASSWORD),
    ("sealed-sha512-256.pfx", PASSWORD),
    ("several.pfx", PASSWORD),
    ("ec-beside-rsa.pfx", None),
];

/// Each row is a reason: the file, its password, words of the message.
const REFUSED: &[(&str, Option<&str>, &str)] = &[
    ("refused-pbes1.pem", PASSWORD, "PBES1"),
    ("refused-proc-type.pem", PASSWORD, "Proc-Type: 4,ENCRYPTED"),
    ("refused-costly.pem", PASSWORD, "takes too long, or too much memory, to check"),
    ("refused-rc2-128.pfx", PASSWORD, "RC2-128"),
    ("refused-costly.pfx", PASSWORD, "takes too long, or too much memory, to check"),
    ("refused-indefinite.pfx", PASSWORD, "indefinite length"),
    ("refused-ec.pem", None, "elliptic curve"),
    ("refused-ec-sec1.pem", None, "elliptic curve"),
    ("refused-ec.pfx", PASSWORD, "elliptic curve"),
    ("refused-ed25519.pem", None, "an Edwards curve key"),
    ("refused-rsa-pss.pem", None, "restricted to RSA-PSS"),
    ("refused-rsa1024.pem", None, "2048 to 4096 bits"),
    ("refused-two-keys.pem", None, "several private keys"),
    ("refused-no-key.pem", None, "no private key"),
    ("refused-no-key.pfx", PASSWORD, "no private key"),
    ("refused-no-certificate.pem", None, "no certificate"),
    ("refused-other-key.pem", None, "matches its private key"),
    ("refused-certificate.der", None, "no PKCS#12 archive"),
    ("refused-other.bin", None, "neither PEM nor PKCS#12"),
    ("encrypted-aes256.pem", None, "none is given"),
    ("encrypted-aes256.pem", Some("wrong"), "password is wrong"),
    ("encrypted-scrypt.pem", Some("wrong"), "password is wrong"),
    ("aes256.pfx", None, "none is given"),
    ("aes256.pfx", Some("wrong"), "password is wrong"),
    ("no-mac.pfx", Some("wrong"), "password is wrong"),
    ("umlauts.pfx", Some("passwort"), "password is wrong"),
    ("sealed-sha512-224.pfx", Some("wrong"), "password is wrong"),
];

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/certificates")
}

fn content(file: &str) -> Vec<u8> {
    fs::read(folder().join(file)).unwrap_or_else(|error| panic!("{file}: {error}"))
}

fn read(file: &str, password: Option<&str>) -> Result<SigningCertificate, Unreadable> {
    SigningCertificate::read(&content(file), password)
}

fn der(file: &str) -> Vec<u8> {
    pem::parse(content(file)).expect("a certificate").into_contents()
}

/// Returns the JSON of the header or the claims.
fn decoded(assertion: &str, part: usize) -> Value {
    let text = assertion.split('.').nth(part).expect("three parts");
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(text).expect("base64url")).expect("JSON")
}

/// Verifies the signature with the public key of a certificate that OpenSSL wrote.
fn is_signed_by(assertion: &str, certificate: &[u8], algorithm: &'static dyn VerificationAlgorithm) -> bool {
    let (_, parsed) = X509Certificate::from_der(certificate).expect("a certificate");
    let key = UnparsedPublicKey::new(algorithm, &parsed.public_key().subject_public_key.data);
    let (unsigned, signature) = assertion.rsplit_once('.').expect("a signature");
    key.verify(unsigned.as_bytes(), &URL_SAFE_NO_PAD.decode(signature).expect("base64url")).is_ok()
}

#[test]
fn every_form_signs_what_the_certificate_verifies() {
    let leaf = der("leaf.crt");
    for (file, password) in READABLE {
        let certificate = read(file, *password).unwrap_or_else(|why| panic!("{file}: {why}"));
        let assertion = certificate.assertion(ENTRA_ID, &CLAIMS).expect("a signature");
        assert!(is_signed_by(assertion.expose(), &leaf, &RSA_PSS_2048_8192_SHA256), "{file}");
    }
}

#[test]
fn every_refusal_says_what_it_is_and_shows_nothing_of_it() {
    for (file, password, words) in REFUSED {
        let why = read(file, *password).expect_err(file).to_string();
        assert!(why.contains(words), "{file}: {why}");
        assert!(!why.contains("hunter2") && !why.contains("BEGIN"), "{file}: {why}");
    }
    for file in ["refused-pbes1.pem", "refused-proc-type.pem", "refused-rc2-128.pfx", "refused-ec.pem"] {
        assert!(read(file, PASSWORD).expect_err(file).to_string().contains("openssl "), "{file} has no way out");
    }
}

#[test]
fn larger_keys_sign_too() {
    for file in ["rsa3072.pem", "rsa4096.pem"] {
        let sections = pem::parse_many(content(file)).expect("PEM");
        let own = sections.iter().find(|section| section.tag() == "CERTIFICATE").expect("a certificate");
        let assertion = read(file, None).expect(file).assertion(ENTRA_ID, &CLAIMS).expect("a signature");
        assert!(is_signed_by(assertion.expose(), own.contents(), &RSA_PSS_2048_8192_SHA256), "{file}");
    }
}

#[test]
fn an_assertion_for_entra_id_is_ps256_with_the_sha_256_thumbprint() {
    let expected: Value = serde_json::from_slice(&content("leaf.json")).expect("JSON");
    let assertion = read("pkcs8.pem", None).expect("readable").assertion(ENTRA_ID, &CLAIMS).expect("a signature");
    let header = decoded(assertion.expose(), 0);
    assert_eq!(header["alg"], "PS256");
    assert_eq!(header["typ"], "JWT");
    assert_eq!(header["x5t#S256"], expected["x5t#S256"]);
    assert!(header.get("x5t").is_none() && header.get("x5c").is_none(), "{header}");
    let claims = decoded(assertion.expose(), 1);
    assert_eq!(claims["aud"], CLAIMS.audience);
    assert_eq!((&claims["iss"], &claims["sub"]), (&Value::from("client"), &Value::from("client")));
    assert_eq!((claims["nbf"].as_i64(), claims["exp"].as_i64()), (Some(NOW), Some(NOW + 600)));
}

#[test]
fn an_assertion_for_adfs_is_rs256_with_the_sha_1_thumbprint() {
    let expected: Value = serde_json::from_slice(&content("leaf.json")).expect("JSON");
    let certificate = read("pkcs8.pem", None).expect("readable");
    let assertion = certificate.assertion(AssertionForm::Adfs, &CLAIMS).expect("a signature");
    let header = decoded(assertion.expose(), 0);
    assert_eq!((&header["alg"], &header["x5t"]), (&Value::from("RS256"), &expected["x5t"]));
    assert!(header.get("x5t#S256").is_none(), "{header}");
    assert!(is_signed_by(assertion.expose(), &der("leaf.crt"), &RSA_PKCS1_2048_8192_SHA256));
}

#[test]
fn the_chain_leads_from_the_certificate_to_its_root_whatever_the_order_in_the_file() {
    let expected: Vec<_> =
        ["leaf.crt", "intermediate.crt", "root.crt"].map(|file| Value::from(STANDARD.encode(der(file)))).into();
    for (file, password) in [("chain-shuffled.pem", None), ("several.pfx", PASSWORD)] {
        let certificate = read(file, password).expect(file);
        let form = AssertionForm::EntraId { with_chain: true };
        let assertion = certificate.assertion(form, &CLAIMS).expect("a signature");
        assert_eq!(decoded(assertion.expose(), 0)["x5c"], Value::from(expected.clone()), "{file}");
    }
}

#[test]
fn each_assertion_has_a_name_of_its_own() {
    let certificate = read("pkcs8.pem", None).expect("readable");
    let names = [0; 2].map(|_| {
        let assertion = certificate.assertion(ENTRA_ID, &CLAIMS).expect("a signature");
        decoded(assertion.expose(), 1)["jti"].as_str().expect("a name").to_owned()
    });
    assert_ne!(names[0], names[1]);
}

#[test]
fn the_message_for_a_certificate_that_is_not_valid_names_its_date() {
    let validity = |file| read(file, None).expect(file).validity(NOW);
    assert_eq!(validity("pkcs8.pem"), Validity::Valid);
    assert_eq!(validity("expired.pem"), Validity::Expired("2001-01-01".to_owned()));
    assert_eq!(validity("not-yet-valid.pem"), Validity::NotYet("2099-01-01".to_owned()));
}

#[test]
fn text_in_base64_is_read_like_a_file() {
    for (file, password) in [("pkcs8.pem", None), ("aes256.pfx", PASSWORD)] {
        let text = STANDARD.encode(content(file));
        assert!(SigningCertificate::read(text.as_bytes(), password).is_ok(), "{file}");
    }
}

#[test]
fn damage_is_an_error_and_never_a_panic() {
    for file in ["pkcs1.pem", "encrypted-aes256.pem", "aes256.pfx", "rc2-40.pfx", "plain.pfx"] {
        let whole = content(file);
        for length in (0..whole.len()).step_by(41) {
            assert!(SigningCertificate::read(&whole[..length], PASSWORD).is_err(), "{file} cut at {length}");
        }
        for at in (0..whole.len()).step_by(211) {
            let mut changed = whole.clone();
            changed[at] ^= 0x15;
            // The rest may still be readable if the change hits an attribute or a comment.
            drop(SigningCertificate::read(&changed, PASSWORD));
        }
    }
}

#[test]
fn debug_shows_nothing_of_the_key() {
    assert_eq!(
        format!("{:?}", read("pkcs8.pem", None).expect("readable")),
        "SigningCertificate { certificates: 1, .. }"
    );
}
