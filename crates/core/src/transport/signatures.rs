//! The names of signature algorithms, for the message about a certificate whose signature is not supported.

use crate::x509::Elements;
use der::{asn1::ObjectIdentifier, Tag};

/// The algorithms and curves that occur in practice, supported or not. Sources: RFC 3279, 4055, 5758, 8410 and 5480,
/// RFC 5639 for the Brainpool curves.
const NAMES: [(&str, &str); 24] = [
    ("1.2.840.113549.1.1.4", "RSA and MD5"),
    ("1.2.840.113549.1.1.5", "RSA and SHA-1"),
    ("1.2.840.113549.1.1.14", "RSA and SHA-224"),
    ("1.2.840.113549.1.1.11", "RSA and SHA-256"),
    ("1.2.840.113549.1.1.12", "RSA and SHA-384"),
    ("1.2.840.113549.1.1.13", "RSA and SHA-512"),
    ("1.2.840.113549.1.1.10", "RSA-PSS"),
    ("1.2.840.113549.1.1.1", "RSA"),
    ("1.2.840.10040.4.3", "DSA and SHA-1"),
    ("2.16.840.1.101.3.4.3.2", "DSA and SHA-256"),
    ("1.2.840.10045.4.1", "ECDSA and SHA-1"),
    ("1.2.840.10045.4.3.1", "ECDSA and SHA-224"),
    ("1.2.840.10045.4.3.2", "ECDSA and SHA-256"),
    ("1.2.840.10045.4.3.3", "ECDSA and SHA-384"),
    ("1.2.840.10045.4.3.4", "ECDSA and SHA-512"),
    ("1.3.101.112", "Ed25519"),
    ("1.3.101.113", "Ed448"),
    ("1.2.840.10045.3.1.7", "P-256"),
    ("1.3.132.0.34", "P-384"),
    ("1.3.132.0.35", "P-521"),
    ("1.3.132.0.10", "secp256k1"),
    ("1.3.36.3.3.2.8.1.1.7", "brainpoolP256r1"),
    ("1.3.36.3.3.2.8.1.1.11", "brainpoolP384r1"),
    ("1.3.36.3.3.2.8.1.1.13", "brainpoolP512r1"),
];

const ELLIPTIC_CURVE: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.2.1");

/// Describes a certificate with this signature and key. Both are the contents of an `AlgorithmIdentifier` (RFC 5280
/// §4.1.1.2).
pub(super) fn unsupported(signature: &[u8], key: Option<&[u8]>) -> String {
    let signature = named(signature);
    let key = key.map(|key| format!(" with a key of the kind {}", named(key))).unwrap_or_default();
    format!(
        "it or one of its authorities is signed with {signature}{key}, which is not supported here: SHA-256 and SHA-384 \
         are, with RSA, P-256 or P-384 (with RSA SHA-512 too)"
    )
}

/// Returns the name of the algorithm, or of the curve of an elliptic curve key.
fn named(identifier: &[u8]) -> String {
    parsed(identifier).map_or_else(|| "an algorithm that cannot be read".to_owned(), name)
}

fn parsed(identifier: &[u8]) -> Option<ObjectIdentifier> {
    let mut fields = Elements::new(identifier)?;
    let algorithm = object_identifier(&mut fields)?;
    if algorithm != ELLIPTIC_CURVE {
        return Some(algorithm);
    }
    Some(object_identifier(&mut fields).unwrap_or(algorithm))
}

fn object_identifier(fields: &mut Elements<'_>) -> Option<ObjectIdentifier> {
    ObjectIdentifier::from_bytes(fields.content(Tag::ObjectIdentifier)?).ok()
}

fn name(identifier: ObjectIdentifier) -> String {
    let written = identifier.to_string();
    let known = NAMES.iter().find(|(number, _)| *number == written);
    known.map_or_else(|| format!("the algorithm {written}"), |(_, name)| (*name).to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn identifier(numbers: &[&str]) -> Vec<u8> {
        let encoded = |number: &&str| {
            let identifier = ObjectIdentifier::new_unwrap(number);
            [&[6, u8::try_from(identifier.as_bytes().len()).expect("a short one")], identifier.as_bytes()].concat()
        };
        numbers.iter().flat_map(encoded).collect()
    }

    #[test]
    fn an_algorithm_has_the_name_that_people_know() {
        let rows = [
            (&["1.2.840.10045.4.3.4"][..], None, "signed with ECDSA and SHA-512,"),
            (&["1.2.840.113549.1.1.5"], None, "signed with RSA and SHA-1,"),
            (&["1.2.3"], None, "signed with the algorithm 1.2.3,"),
            (
                &["1.2.840.10045.4.3.2"],
                Some(&["1.2.840.10045.2.1", "1.3.132.0.35"][..]),
                "SHA-256 with a key of the kind P-521,",
            ),
        ];
        for (signature, key, expected) in rows {
            let key = key.map(identifier);
            let said = unsupported(&identifier(signature), key.as_deref());
            assert!(said.contains(expected), "{said}");
        }
        assert!(unsupported(b"?", None).contains("an algorithm that cannot be read"));
    }
}
