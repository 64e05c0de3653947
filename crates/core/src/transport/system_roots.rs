//! The root certificates that the system trusts. Nothing here reads the environment, as `rustls_native_certs` does: the
//! settings are a snapshot, and a read of the environment races with the program's own changes.

use super::certificate_source::Loaded;

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

/// The certificates that Windows trusts for servers, of the user's view of its root store.
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

/// The certificates that macOS trusts for servers. What the user says goes before what the administrator says, and that
/// before what the system says (Apple's `SecTrustSettings`).
#[cfg(target_os = "macos")]
pub(super) fn system_store() -> Loaded {
    use security_framework::trust_settings::{Domain, TrustSettings, TrustSettingsForCertificate};
    use std::collections::HashMap;
    let mut verdicts = HashMap::new();
    for domain in [Domain::User, Domain::Admin, Domain::System] {
        let settings = TrustSettings::new(domain);
        // A domain without settings of its own is an error too.
        let Ok(certificates) = settings.iter() else { continue };
        for certificate in certificates {
            if let Ok(verdict) = settings.tls_trust_settings_for_certificate(&certificate) {
                // Without a verdict a root is trusted.
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
