//! A service principal from the `AZURE_*` variables of Azure's SDKs (parity §4). They are never mixed with the `ARM_*`
//! variables of Pulumi's provider.

use crate::{
    config::{
        keys::{self, Setting},
        Context,
    },
    credentials::{
        ClientCertificateSpec, ClientSecretSpec, CredentialSpec, Descriptor, Kind, Proof, CERTIFICATE_PROOF,
        CLIENT_SECRET_PROOF,
    },
    types::{CredentialKind, Error, HelpAnchor},
};

/// A rule that leads to one of two kinds.
pub(super) static KIND: Kind<CredentialSpec> = Kind {
    name: "environment",
    help: HelpAnchor::Environment,
    leads_to: kind,
    descriptor: Descriptor::of_environment(&[], |context, _| credential(context))
        .unless(|context, _| Ok(absence(context)))
        .in_production("EnvironmentCredential", |context, _| credential(context)),
};

/// A secret is preferred to a certificate, as in azidentity.
const PROOFS: [Proof; 2] = [CLIENT_SECRET_PROOF, CERTIFICATE_PROOF];

/// Returns the error for a service principal's variables that are not set. User name and password do not count as
/// absent: they are refused.
fn absence(context: &Context<'_>) -> Option<Error> {
    let has = |setting| context.lookup.text(setting).is_some();
    match PROOFS.into_iter().find(|proof| has(proof.setting)) {
        Some(proof) => proof.incomplete(context),
        None if has(&keys::AZURE_USERNAME) => None,
        None => Some(nothing(context)),
    }
}

fn credential(context: &Context<'_>) -> Result<CredentialSpec, Error> {
    let lookup = &context.lookup;
    if let Some(absent) = absence(context) {
        return Err(absent);
    }
    if lookup.text(&keys::AZURE_CLIENT_SECRET).is_some() {
        return ClientSecretSpec::of_environment(context).map(CredentialSpec::ClientSecret);
    }
    if lookup.text(&keys::AZURE_CLIENT_CERTIFICATE_PATH).is_some() {
        return ClientCertificateSpec::of_environment(context).map(CredentialSpec::ClientCertificate);
    }
    Err(password())
}

fn nothing(context: &Context<'_>) -> Error {
    let absent = context.lookup.absent(&[&keys::AZURE_TENANT_ID, &keys::AZURE_CLIENT_ID]);
    let names: Vec<_> = absent.into_iter().chain(PROOFS.map(|proof| proof.setting)).map(Setting::name).collect();
    let missing = if names.len() > 2 { String::new() } else { format!(": {} is not set", names.join(" or ")) };
    let message = format!(
        "the environment names no service principal{missing}. Set {}, or AZURE_CLIENT_CERTIFICATE_PATH instead of the secret",
        CLIENT_SECRET_PROOF.group()
    );
    Error::configuration(message, names)
}

/// Returns the kind that the variables lead to, even if they are incomplete.
fn kind(context: &Context<'_>) -> CredentialKind {
    let has = |setting| context.lookup.text(setting).is_some();
    if has(&keys::AZURE_CLIENT_CERTIFICATE_PATH) && !has(&keys::AZURE_CLIENT_SECRET) {
        return CredentialKind::ClientCertificate;
    }
    CredentialKind::ClientSecret
}

fn password() -> Error {
    let message =
        "AZURE_USERNAME asks for a sign-in with user name and password, which Microsoft has retired because it \
                   cannot be protected by a second factor: use a service principal or a managed identity, or az login";
    Error::configuration(message, [keys::AZURE_USERNAME.name()])
}
