//! The certificates of one source: text, a file, or a folder.

use crate::{
    config::keys,
    host::{files_in, read_now},
    types::{is_utf16, shown_path, Error, Resource, NOT_UTF16},
    x509::{sections, trusted_certificate, Certificate, Section},
};
use memchr::memmem;
use ring::digest::{digest, SHA256};
use rustls::pki_types::CertificateDer;
use std::{io, path::Path};

/// The longest file. A file with every public authority takes about 250 KB.
const LONGEST_FILE: usize = 16 << 20;

/// The SHA-256 of a certificate's DER.
pub(super) type Fingerprint = [u8; 32];

/// The certificates of a source.
#[derive(Debug, Default)]
pub(super) struct Loaded {
    pub(super) certificates: Vec<CertificateDer<'static>>,
    pub(super) problems: Vec<String>,
    /// What the machine lacked to read all of them.
    pub(super) shortage: Option<Error>,
}

pub(super) const NOTHING_USABLE: &str = "no certificate in it that can be used";

impl Loaded {
    /// Returns the certificates in a PEM text.
    pub(super) fn of(text: &[u8]) -> Self {
        let mut loaded = Self::default();
        let all = sections(text);
        for section in all.iter().filter(|section| section.label.ends_with("CERTIFICATE")) {
            loaded.add(section);
        }
        if loaded.certificates.is_empty() && loaded.problems.is_empty() {
            loaded.problems.push(why_none(text, &all));
        }
        loaded
    }

    pub(super) fn of_file(path: &Path) -> Self {
        match read_now(path, LONGEST_FILE) {
            Ok(text) if has_key(&text) => Self::of(&text),
            // Certificates are public. Wiping the 220 KB of a system would delay the first token.
            Ok(mut text) => Self::of(&std::mem::take(&mut *text)),
            Err(error) => Self::unread(&error),
        }
    }

    /// Reads a folder. It may hold other files as well: only a damaged or unreadable file is a problem.
    pub(super) fn of_folder(path: &Path) -> Self {
        let files = match files_in(path) {
            Ok(files) => files,
            Err(error) => return Self::unread(&error),
        };
        let mut all = Self::default();
        for file in files {
            let loaded = Self::of_file(&file);
            if loaded.certificates.is_empty() && read_now(&file, LONGEST_FILE).is_ok() {
                continue;
            }
            all.certificates.extend(loaded.certificates);
            all.shortage = all.shortage.or(loaded.shortage);
            let named = |problem: String| format!("{}: {problem}", shown_path(keys::SSL_CERT_DIR, &file));
            all.problems.extend(loaded.problems.into_iter().map(named));
        }
        all
    }

    pub(super) fn unread(error: &io::Error) -> Self {
        let shortage = Resource::shortage(error, "the trusted certificates cannot be read");
        Self { certificates: Vec::new(), problems: vec![error.to_string()], shortage }
    }

    fn add(&mut self, section: &Section<'_>) {
        let Some(content) = section.public_content() else {
            self.problems.push("a certificate in it is cut or damaged".to_owned());
            return;
        };
        let is_limited = section.label == "TRUSTED CERTIFICATE";
        let certificate = if is_limited { trusted_certificate(&content).map(<[u8]>::to_vec) } else { Some(content) };
        self.certificates.extend(certificate.map(CertificateDer::from));
    }
}

/// Returns whether a private key is beside the certificates, as in a server's file.
fn has_key(text: &[u8]) -> bool {
    memmem::find(text, b"PRIVATE KEY").is_some()
}

/// The longest label of RFC 7468 and OpenSSL is `ANY PRIVATE KEY` with the name of its kind.
const LONGEST_LABEL: usize = 32;

/// Returns whether it is a label, such as `X509 CRL`. Without the dashes behind it, it goes on with the content.
fn is_label(text: &str) -> bool {
    let is_of_label = |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b' ';
    text.len() <= LONGEST_LABEL && text.bytes().all(is_of_label)
}

/// Returns why there is no certificate in the text, if that can be seen.
fn why_none(text: &[u8], sections: &[Section<'_>]) -> String {
    if is_utf16(text) {
        return format!("{NOTHING_USABLE}: {NOT_UTF16}");
    }
    if Certificate::parse(text).is_some() {
        return format!(
            "{NOTHING_USABLE}: it is DER, but must be PEM; convert it with: openssl x509 -inform der -in FILE -out FILE.pem"
        );
    }
    match sections.first() {
        Some(other) if is_label(other.label) => format!("{NOTHING_USABLE}: it has a {}", other.label),
        Some(_) => format!("{NOTHING_USABLE}: it has another PEM text, or one whose lines are joined"),
        None => NOTHING_USABLE.to_owned(),
    }
}

/// Returns the fingerprint by which certificates that a setting names are recognised.
pub(super) fn fingerprint(der: &[u8]) -> Fingerprint {
    let mut fingerprint = [0; 32];
    fingerprint.copy_from_slice(digest(&SHA256, der).as_ref());
    fingerprint
}
