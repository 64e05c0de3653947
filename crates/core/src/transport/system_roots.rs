//! The root certificates that the system trusts. Unlike `rustls_native_certs`, nothing here reads the environment: the
//! settings are a snapshot, and reading the environment would race with the program's own changes.

use super::certificate_source::Loaded;

/// The files in which systems that follow OpenSSL keep all certificates (the same list as in Go's crypto/x509).
/// `openssl_probe::probe` cannot be used, because it reads the current environment first.
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

/// Reads the bundle if there is one, and nothing else: the folder beside it has the same certificates, one in each
/// file.
#[cfg(all(unix, not(target_os = "macos")))]
pub(super) fn system_store() -> Loaded {
    use std::path::Path;
    if let Some(bundle) = BUNDLES.iter().map(Path::new).find(|path| path.exists()) {
        return Loaded::of_file(bundle);
    }
    let mut all = Loaded::default();
    for folder in openssl_probe::candidate_cert_dirs() {
        let loaded = Loaded::of_folder(folder);
        all.certificates.extend(loaded.certificates);
        all.problems.extend(loaded.problems);
        all.shortage = all.shortage.or(loaded.shortage);
    }
    all
}

/// Returns the certificates that Windows trusts for servers, from the user's view of its root store.
#[cfg(windows)]
pub(super) fn system_store() -> Loaded {
    use schannel::{cert_context::ValidUses, cert_store::CertStore};
    const SERVER_AUTHENTICATION: &str = "1.3.6.1.5.5.7.3.1";
    let is_for_servers = |uses: ValidUses| match uses {
        ValidUses::All => true,
        ValidUses::Oids(uses) => uses.iter().any(|one| one == SERVER_AUTHENTICATION),
    };
    let mut all = Loaded::default();
    match CertStore::open_current_user("ROOT") {
        Ok(store) => {
            let trusted = store.certs().filter(|one| one.valid_uses().is_ok_and(is_for_servers));
            all.certificates.extend(trusted.map(|one| one.to_der().to_vec().into()));
        }
        Err(error) => all.problems.push(error.to_string()),
    }
    all
}

/// Returns the certificates that macOS trusts for servers. The user's settings precede the administrator's, and those
/// precede the system's (Apple's `SecTrustSettings`).
#[cfg(target_os = "macos")]
pub(super) fn system_store() -> Loaded {
    use security_framework::trust_settings::{Domain, TrustSettings, TrustSettingsForCertificate};
    use std::collections::HashMap;
    let mut verdicts = HashMap::new();
    for domain in [Domain::User, Domain::Admin, Domain::System] {
        let settings = TrustSettings::new(domain);
        // A domain without settings of its own is reported as an error.
        let Ok(certificates) = settings.iter() else { continue };
        for certificate in certificates {
            if let Ok(verdict) = settings.tls_trust_settings_for_certificate(&certificate) {
                // A root without a setting is trusted.
                let verdict = verdict.unwrap_or(TrustSettingsForCertificate::TrustRoot);
                verdicts.entry(certificate.to_der()).or_insert(verdict);
            }
        }
    }
    let is_trusted = |verdict: &TrustSettingsForCertificate| {
        matches!(verdict, TrustSettingsForCertificate::TrustRoot | TrustSettingsForCertificate::TrustAsRoot)
    };
    let trusted = verdicts.into_iter().filter(|(_, verdict)| is_trusted(verdict));
    Loaded { certificates: trusted.map(|(der, _)| der.into()).collect(), ..Loaded::default() }
}
