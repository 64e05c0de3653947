use super::{
    certificate_source::{fingerprint, Fingerprint, Loaded, NOTHING_USABLE},
    system_roots::system_store,
};
use crate::{
    config::{keys, TrustSettings},
    types::{shown_path, suspicion, Error, ErrorKind, HelpAnchor, Phase},
};
use rustls::RootCertStore;
use std::{
    collections::HashSet,
    path::{Path, PathBuf},
};

/// The trusted certificates, and where they came from.
#[derive(Debug)]
pub(super) struct TrustedRoots {
    pub(super) store: RootCertStore,
    /// The certificates that a setting names. They may be a server's own.
    pub(super) named: HashSet<Fingerprint>,
    /// The sources for an error: `the system's store`, `SSL_CERT_FILE (/etc/ca.pem)`.
    sources: Vec<String>,
    /// What could not be read, as sentences.
    problems: Vec<String>,
    /// The description of the file in `NODE_EXTRA_CA_CERTS`, if some of it could be used.
    extra_file: Option<String>,
    /// Whether they are a token proxy's. Then no others count.
    is_proxys: bool,
    /// What the machine lacked to read all of them.
    shortage: Option<Error>,
}

impl TrustedRoots {
    /// Reads the sources in the settings, on the current thread. The bundled roots are used only if neither variable is
    /// set and the system has no store, as in a distroless image.
    pub(super) fn load(settings: &TrustSettings) -> Result<Self, Error> {
        let mut roots = Self::none();
        if let Some(text) = &settings.only {
            roots.add("the authorities of the token proxy", Loaded::of(text.as_bytes()));
            roots.is_proxys = true;
            return roots.if_complete();
        }
        if settings.file.is_some() || !settings.folders.is_empty() {
            roots.add_replacement(settings);
        } else {
            roots.add_system();
        }
        if let Some(file) = &settings.extra_file {
            let source = described(keys::NODE_EXTRA_CA_CERTS, file);
            roots.extra_file = roots.add_named(&source, Loaded::of_file(file)).then_some(source);
        }
        for text in &settings.extra {
            roots.add_named("the option ca", Loaded::of(&bytes_of(text)));
        }
        roots.if_complete()
    }

    fn none() -> Self {
        Self {
            store: RootCertStore::empty(),
            named: HashSet::new(),
            sources: Vec::new(),
            problems: Vec::new(),
            extra_file: None,
            is_proxys: false,
            shortage: None,
        }
    }

    /// Returns an error if something could not be read because of a shortage: it must not count as absent as long as
    /// the transport exists.
    fn if_complete(mut self) -> Result<Self, Error> {
        if let Some(shortage) = self.shortage.take() {
            return Err(shortage);
        }
        if self.store.is_empty() {
            return Err(self.empty());
        }
        Ok(self)
    }

    fn add_replacement(&mut self, settings: &TrustSettings) {
        if let Some(file) = &settings.file {
            self.add_named(&described(keys::SSL_CERT_FILE, file), Loaded::of_file(file));
        }
        for folder in &settings.folders {
            self.add_named(&described_folder(folder, &settings.folders), Loaded::of_folder(folder));
        }
        // Folders that may not be shown have the same description.
        self.sources.dedup();
        self.problems.dedup();
    }

    fn add_system(&mut self) {
        self.add("the system's store", system_store());
        if self.store.is_empty() {
            self.store.extend(webpki_roots::TLS_SERVER_ROOTS.iter().cloned());
            self.sources = vec!["the bundled Mozilla roots (the system has no store)".to_owned()];
            self.problems.clear();
        }
    }

    fn add_named(&mut self, source: &str, loaded: Loaded) -> bool {
        self.named.extend(loaded.certificates.iter().map(|der| fingerprint(der)));
        self.add(source, loaded)
    }

    /// Adds certificates, and returns whether any of them can be used.
    fn add(&mut self, source: &str, loaded: Loaded) -> bool {
        self.sources.push(source.to_owned());
        let nothing = loaded.problems.is_empty();
        self.shortage = self.shortage.take().or(loaded.shortage);
        self.problems.extend(loaded.problems.into_iter().map(|problem| format!("{source}: {problem}")));
        let (used, _) = self.store.add_parsable_certificates(loaded.certificates);
        if used == 0 && nothing {
            self.problems.push(format!("{source}: {NOTHING_USABLE}"));
        }
        used > 0
    }

    /// Describes the sources and their problems, for an error about a certificate.
    pub(super) fn in_words(&self) -> String {
        let sources = self.sources.join(", ");
        self.problems().map_or_else(|| sources.clone(), |problems| format!("{sources}; {problems}"))
    }

    /// Returns what to do so that an authority is trusted.
    pub(super) fn advice(&self) -> String {
        if self.is_proxys {
            return "put it into AZURE_KUBERNETES_CA_FILE or AZURE_KUBERNETES_CA_DATA".to_owned();
        }
        match &self.extra_file {
            Some(source) => format!("add its PEM file to {source}"),
            None => format!("set {} to its PEM file", keys::NODE_EXTRA_CA_CERTS),
        }
    }

    /// Returns what could not be read, even if the rest is enough for now.
    pub(super) fn problems(&self) -> Option<String> {
        (!self.problems.is_empty()).then(|| self.problems.join("; "))
    }

    fn empty(&self) -> Error {
        Error::new(
            ErrorKind::Network,
            format!(
                "no trusted certificate authorities were found, so no server certificate can be verified ({})",
                self.in_words()
            ),
        )
        .with_phase(Phase::Tls)
        .with_help(HelpAnchor::Code(ErrorKind::Network))
    }
}

/// Returns the bytes of a text. JavaScript passes bytes as a string with one character for each, and a string
/// unchanged.
fn bytes_of(text: &str) -> Vec<u8> {
    let bytes: Result<Vec<u8>, _> = text.chars().map(u8::try_from).collect();
    bytes.unwrap_or_else(|_| text.as_bytes().to_vec())
}

fn described(setting: &str, path: &Path) -> String {
    format!("{setting} ({})", shown_path(setting, path))
}

/// Judges the whole list before its parts: its colons cut an address with a password, and the rest looks like a folder.
fn described_folder(folder: &Path, all: &[PathBuf]) -> String {
    let list = PathBuf::from(std::env::join_paths(all).unwrap_or_default());
    let is_shown = suspicion(&list.to_string_lossy()).is_none();
    described(keys::SSL_CERT_DIR, if is_shown { folder } else { &list })
}

#[cfg(test)]
mod tests;
