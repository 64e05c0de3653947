use crate::{
    config::{keys, TrustSettings},
    types::{Error, ErrorKind, Phase},
};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::CertificateDer;
use rustls::RootCertStore;
use rustls_native_certs::{load_certs_from_paths, CertificateResult};
use std::path::{Path, PathBuf};

/// The certificates that are trusted, and where they came from.
#[derive(Debug)]
pub(super) struct TrustedRoots {
    pub(super) store: RootCertStore,
    /// In words, for an error: `the system's store`, `SSL_CERT_FILE (/etc/ca.pem)`.
    sources: Vec<String>,
    /// What could not be read, in words.
    problems: Vec<String>,
}

impl TrustedRoots {
    /// Reads what the settings name. The bundled roots serve only where neither variable is set and the system has
    /// no store at all, as in a distroless image.
    pub(super) fn load(settings: &TrustSettings) -> Result<Self, Error> {
        let mut roots = Self { store: RootCertStore::empty(), sources: Vec::new(), problems: Vec::new() };
        if let Some(text) = &settings.only {
            roots.add("the authorities of the token proxy", &parsed(text));
            return roots.unless_empty();
        }
        match replacement(settings) {
            Some(paths) => roots.add_replacement(&paths),
            None => roots.add_system(),
        }
        if let Some(file) = &settings.extra_file {
            roots.add(&described(keys::NODE_EXTRA_CA_CERTS, file), &load_certs_from_paths(Some(file), None));
        }
        for text in &settings.extra {
            roots.add("the option ca", &parsed(text));
        }
        roots.unless_empty()
    }

    fn unless_empty(self) -> Result<Self, Error> {
        if self.store.is_empty() {
            return Err(self.empty());
        }
        Ok(self)
    }

    fn add_replacement(&mut self, paths: &[(&'static str, PathBuf)]) {
        for (name, path) in paths {
            let is_file = *name == keys::SSL_CERT_FILE;
            let (file, folder) = if is_file { (Some(path.as_path()), None) } else { (None, Some(path.as_path())) };
            self.add(&described(name, path), &load_certs_from_paths(file, folder));
        }
    }

    fn add_system(&mut self) {
        self.add("the system's store", &system_store());
        if self.store.is_empty() {
            self.store.extend(webpki_roots::TLS_SERVER_ROOTS.iter().cloned());
            self.sources = vec!["the bundled Mozilla roots (the system has no store)".to_owned()];
            self.problems.clear();
        }
    }

    fn add(&mut self, source: &str, loaded: &CertificateResult) {
        self.sources.push(source.to_owned());
        let (_, unreadable) = self.store.add_parsable_certificates(loaded.certs.iter().cloned());
        self.problems.extend(loaded.errors.iter().map(|error| format!("{source}: {error}")));
        if unreadable == loaded.certs.len() && loaded.errors.is_empty() {
            self.problems.push(format!("{source}: no certificate in it that can be used"));
        }
    }

    /// The sources and what was wrong with them, for an error about a certificate.
    pub(super) fn in_words(&self) -> String {
        let sources = self.sources.join(", ");
        if self.problems.is_empty() {
            return sources;
        }
        format!("{sources}; {}", self.problems.join("; "))
    }

    fn empty(&self) -> Error {
        Error::new(
            ErrorKind::Network,
            format!("no certificate authority is trusted, so that no server can be ({})", self.in_words()),
        )
        .with_phase(Phase::Tls)
    }
}

fn replacement(settings: &TrustSettings) -> Option<Vec<(&'static str, PathBuf)>> {
    let file = settings.file.iter().map(|file| (keys::SSL_CERT_FILE, file.clone()));
    let folders = settings.folders.iter().map(|folder| (keys::SSL_CERT_DIR, folder.clone()));
    let paths: Vec<_> = file.chain(folders).collect();
    (!paths.is_empty()).then_some(paths)
}

/// The certificates of a PEM text.
fn parsed(text: &str) -> CertificateResult {
    let mut result = CertificateResult::default();
    result.certs = CertificateDer::pem_slice_iter(text.as_bytes()).filter_map(Result::ok).collect();
    result
}

fn described(setting: &str, path: &Path) -> String {
    format!("{setting} ({})", path.display())
}

/// Where systems that follow OpenSSL keep all their certificates in one file (the same places that Go's crypto/x509
/// knows). `openssl_probe::probe` is no substitute: it asks the live environment first.
#[cfg(all(unix, not(target_os = "macos")))]
const BUNDLES: [&str; 7] = [
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/ssl/ca-bundle.pem",
    "/etc/ssl/cert.pem",
    "/etc/pki/tls/cacert.pem",
    "/usr/local/etc/ssl/cert.pem",
];

/// Where there is a bundle, the bundle alone: the folder beside it holds the same certificates, a file each.
#[cfg(all(unix, not(target_os = "macos")))]
fn system_store() -> CertificateResult {
    if let Some(bundle) = BUNDLES.iter().map(Path::new).find(|path| path.exists()) {
        return load_certs_from_paths(Some(bundle), None);
    }
    let mut all = CertificateResult::default();
    for folder in openssl_probe::candidate_cert_dirs() {
        let loaded = load_certs_from_paths(None, Some(folder));
        all.certs.extend(loaded.certs);
        all.errors.extend(loaded.errors);
    }
    all
}

/// The stores of Windows and macOS have interfaces of their own, which the library knows. No test has run this there.
#[cfg(not(all(unix, not(target_os = "macos"))))]
fn system_store() -> CertificateResult {
    rustls_native_certs::load_native_certs()
}
