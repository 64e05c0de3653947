//! A service principal by the `AZURE_*` variables of Azure's SDKs (parity §4). They are never mixed with the
//! provider's.

use super::Context;
use crate::{
    config::keys::{self, Setting},
    credentials::{
        AssertionSpec, CertificateOrigin, CertificateSpec, ClientAssertionSpec, ClientCertificateSpec,
        ClientSecretSpec, CredentialSpec, ServicePrincipal,
    },
    types::{CredentialKind, Error},
};
use std::path::PathBuf;

/// What the environment credential looks at by itself, apart from what it shares with workload identity.
pub(super) const SETTINGS: &[&Setting] = &[
    &keys::AZURE_TENANT_ID,
    &keys::AZURE_CLIENT_ID,
    &keys::AZURE_CLIENT_SECRET,
    &keys::AZURE_CLIENT_CERTIFICATE_PATH,
    &keys::AZURE_CLIENT_CERTIFICATE_PASSWORD,
    &keys::AZURE_CLIENT_SEND_CERTIFICATE_CHAIN,
    &keys::AZURE_USERNAME,
];

/// What workload identity looks at.
pub(super) const WORKLOAD_SETTINGS: &[&Setting] =
    &[&keys::AZURE_FEDERATED_TOKEN_FILE, &keys::AZURE_TENANT_ID, &keys::AZURE_CLIENT_ID];

/// What proves a service principal, and how messages call that: a secret, else a certificate, as in azidentity.
const SECRET: Proof = Proof { setting: &keys::AZURE_CLIENT_SECRET, method: "with a client secret" };
const CERTIFICATE: Proof = Proof { setting: &keys::AZURE_CLIENT_CERTIFICATE_PATH, method: "with a client certificate" };
const TOKEN_FILE: Proof = Proof { setting: &keys::AZURE_FEDERATED_TOKEN_FILE, method: "with a workload identity" };

struct Proof {
    setting: &'static Setting,
    method: &'static str,
}

/// What is not set of a service principal's variables. User name and password are not absent, but refused.
pub(super) fn absence(context: &Context<'_>) -> Option<Error> {
    let has = |setting| context.lookup.text(setting).is_some();
    match [SECRET, CERTIFICATE].into_iter().find(|proof| has(proof.setting)) {
        Some(proof) => incomplete(context, &proof),
        None if has(&keys::AZURE_USERNAME) => None,
        None => Some(nothing(context)),
    }
}

pub(super) fn credential(context: &Context<'_>) -> Result<CredentialSpec, Error> {
    let lookup = &context.lookup;
    if let Some(absent) = absence(context) {
        return Err(absent);
    }
    if lookup.text(&keys::AZURE_CLIENT_SECRET).is_some() {
        return client_secret(context);
    }
    if lookup.text(&keys::AZURE_CLIENT_CERTIFICATE_PATH).is_some() {
        return client_certificate(context);
    }
    Err(password())
}

fn nothing(context: &Context<'_>) -> Error {
    let absent = context.lookup.absent(&[&keys::AZURE_TENANT_ID, &keys::AZURE_CLIENT_ID]);
    let names: Vec<_> = absent.into_iter().chain([SECRET.setting, CERTIFICATE.setting]).map(Setting::name).collect();
    let missing = if names.len() > 2 { String::new() } else { format!("{} is not set: ", names.join(" or ")) };
    let message = format!(
        "the environment names no service principal: {missing}{} belong together (in place of the secret AZURE_CLIENT_CERTIFICATE_PATH)",
        group(SECRET.setting)
    );
    Error::configuration(message, names)
}

/// The kind that the variables lead to, also where they are incomplete.
pub(super) fn kind(context: &Context<'_>) -> CredentialKind {
    let has = |setting| context.lookup.text(setting).is_some();
    if has(&keys::AZURE_CLIENT_CERTIFICATE_PATH) && !has(&keys::AZURE_CLIENT_SECRET) {
        return CredentialKind::ClientCertificate;
    }
    CredentialKind::ClientSecret
}

/// AKS workload identity, as its webhook sets it up.
pub(super) fn workload_identity(context: &Context<'_>) -> Result<CredentialSpec, Error> {
    let principal = principal(context, &TOKEN_FILE)?;
    let path = context.lookup.text(&keys::AZURE_FEDERATED_TOKEN_FILE).unwrap_or_default();
    Ok(CredentialSpec::ClientAssertion(ClientAssertionSpec {
        kind: CredentialKind::WorkloadIdentity,
        principal,
        assertion: AssertionSpec::File(PathBuf::from(path)),
        setting: keys::AZURE_FEDERATED_TOKEN_FILE.name().to_owned(),
        token_proxy: None,
    }))
}

fn client_secret(context: &Context<'_>) -> Result<CredentialSpec, Error> {
    let setting = &keys::AZURE_CLIENT_SECRET;
    let principal = principal(context, &SECRET)?;
    let client_secret = context.lookup.secret(setting).ok_or_else(|| context.lookup.missing(&[setting]))?;
    Ok(CredentialSpec::ClientSecret(ClientSecretSpec { principal, client_secret, setting: setting.name().to_owned() }))
}

fn client_certificate(context: &Context<'_>) -> Result<CredentialSpec, Error> {
    let setting = &keys::AZURE_CLIENT_CERTIFICATE_PATH;
    let principal = principal(context, &CERTIFICATE)?;
    let send_chain = context.lookup.text(&keys::AZURE_CLIENT_SEND_CERTIFICATE_CHAIN);
    let certificate = CertificateSpec {
        origin: CertificateOrigin::File(PathBuf::from(context.lookup.text(setting).unwrap_or_default())),
        password: context.lookup.secret(&keys::AZURE_CLIENT_CERTIFICATE_PASSWORD),
        send_chain: send_chain.map(str::trim).is_some_and(|value| value == "1" || value.eq_ignore_ascii_case("true")),
        setting: setting.name().to_owned(),
    };
    Ok(CredentialSpec::ClientCertificate(ClientCertificateSpec { principal, certificate }))
}

/// All three, or the error that names what is missing of them.
fn principal(context: &Context<'_>, proof: &Proof) -> Result<ServicePrincipal, Error> {
    if let Some(incomplete) = incomplete(context, proof) {
        return Err(incomplete);
    }
    Ok(ServicePrincipal {
        tenant: context.lookup.tenant(&keys::AZURE_TENANT_ID)?,
        client_id: context.lookup.client_id(&keys::AZURE_CLIENT_ID)?,
        fmi_path: None,
    })
}

fn incomplete(context: &Context<'_>, proof: &Proof) -> Option<Error> {
    let absent = context.lookup.absent(&[&keys::AZURE_TENANT_ID, &keys::AZURE_CLIENT_ID, proof.setting]);
    let names: Vec<_> = absent.iter().map(|setting| setting.name()).collect();
    let (together, method) = (group(proof.setting), proof.method);
    let message = format!("{} must be set to authenticate {method}: {together} belong together", names.join(" and "));
    (!names.is_empty()).then(|| Error::configuration(message, names))
}

fn group(proof: &Setting) -> String {
    [&keys::AZURE_TENANT_ID, &keys::AZURE_CLIENT_ID, proof].map(Setting::name).join(", ")
}

fn password() -> Error {
    let message =
        "AZURE_USERNAME asks for a sign-in with user name and password, which Microsoft has retired because it \
                   cannot be protected by a second factor: use a service principal or a managed identity, or az login";
    Error::configuration(message, [keys::AZURE_USERNAME.name()])
}
