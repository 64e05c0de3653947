use crate::{
    config::{keys, TrustSettings},
    types::{shown_path, Error, ErrorKind, Phase},
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
            roots.add_file(keys::NODE_EXTRA_CA_CERTS, file);
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
            if *name == keys::SSL_CERT_FILE {
                self.add_file(name, path);
            } else {
                self.add(&described(name, path), &load_certs_from_paths(None, Some(path)));
            }
        }
    }

    fn add_file(&mut self, setting: &str, path: &Path) {
        let source = described(setting, path);
        // Asked before it is opened: opening a pipe waits for its other end.
        if path.metadata().is_ok_and(|found| !found.is_file()) {
            self.problems.push(format!("{source}: it is not a file"));
            self.sources.push(source);
            return;
        }
        self.add(&source, &load_certs_from_paths(Some(path), None));
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
        self.problems().map_or_else(|| sources.clone(), |problems| format!("{sources}; {problems}"))
    }

    /// What could not be read, although enough could for now.
    pub(super) fn problems(&self) -> Option<String> {
        (!self.problems.is_empty()).then(|| self.problems.join("; "))
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
    format!("{setting} ({})", shown_path(setting, path))
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

/// The stores of Windows and macOS have interfaces of their own, which the library knows.
#[cfg(not(all(unix, not(target_os = "macos"))))]
fn system_store() -> CertificateResult {
    rustls_native_certs::load_native_certs()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Of whatever system the test runs on; without a store of its own it has the bundled ones.
    #[test]
    fn the_systems_store_can_be_read() {
        let roots = TrustedRoots::load(&TrustSettings::default()).expect("authorities");
        assert!(!roots.store.is_empty() && roots.problems.is_empty(), "{:?}", roots.problems);
        assert_eq!(roots.sources.len(), 1);
    }

    #[test]
    fn what_is_no_file_is_not_waited_for() {
        let folder = std::env::temp_dir();
        let settings = TrustSettings { file: Some(folder.clone()), ..TrustSettings::default() };
        let error = TrustedRoots::load(&settings).unwrap_err().to_string();
        assert!(error.contains(&format!("SSL_CERT_FILE ({}): it is not a file", folder.display())), "{error}");
    }
}
