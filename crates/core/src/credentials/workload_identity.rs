//! AKS workload identity: the application authenticates with the token of its Kubernetes service account.

use super::{
    descriptor::{CredentialOption, Descriptor, OptionType, CLIENT_ID, TENANT_ID},
    principal::TOKEN_FILE_PROOF,
    AssertionSpec, ClientAssertionSpec, ServicePrincipal, TokenProxySpec,
};
use crate::{
    config::{
        keys::{self, Setting},
        options::Options,
        Context,
    },
    types::Error,
};
use std::path::PathBuf;

pub(crate) const DESCRIPTOR: Descriptor<ClientAssertionSpec> = Descriptor::of_application(
    &[
        TENANT_ID,
        CLIENT_ID,
        CredentialOption::text("tokenFilePath"),
        CredentialOption::new("enableAzureProxy", OptionType::Flag),
    ],
    of_options,
)
.unless(absence)
.in_production("WorkloadIdentityCredential", |context, _| of_environment(context));

/// Returns the error for settings that are given neither by an option nor by the webhook. A wrong option is reported
/// first.
fn absence(context: &Context<'_>, options: &Options<'_>) -> Result<Option<Error>, Error> {
    options.tenant("tenantId")?;
    options.client_id("clientId")?;
    let needed: [(&str, &Setting); 3] = [
        ("tokenFilePath", &keys::AZURE_FEDERATED_TOKEN_FILE),
        ("tenantId", &keys::AZURE_TENANT_ID),
        ("clientId", &keys::AZURE_CLIENT_ID),
    ];
    let absent =
        needed.iter().filter(|(option, setting)| !options.has(option) && context.lookup.text(setting).is_none());
    let absent: Vec<_> =
        absent.flat_map(|(option, setting)| [options.named(option), setting.name().to_owned()]).collect();
    let message = format!("a workload identity is not configured here. Not set: {}", absent.join(", "));
    Ok((!absent.is_empty()).then(|| Error::configuration(message, absent)))
}

/// Options that are absent are read from the variables that AKS's webhook sets.
fn of_options(context: &Context<'_>, options: &Options<'_>) -> Result<ClientAssertionSpec, Error> {
    if let Some(absent) = absence(context, options)? {
        return Err(absent);
    }
    let principal = ServicePrincipal {
        tenant: options.tenant("tenantId")?.map_or_else(|| context.lookup.tenant(&keys::AZURE_TENANT_ID), Ok)?,
        client_id: options
            .client_id("clientId")?
            .map_or_else(|| context.lookup.client_id(&keys::AZURE_CLIENT_ID), Ok)?,
        fmi_path: None,
    };
    let of_webhook = || context.lookup.text(&keys::AZURE_FEDERATED_TOKEN_FILE);
    let path = options.text("tokenFilePath").or_else(of_webhook).unwrap_or_default();
    Ok(ClientAssertionSpec {
        principal,
        assertion: AssertionSpec::File(PathBuf::from(path)),
        setting: if options.has("tokenFilePath") {
            options.named("tokenFilePath")
        } else {
            keys::AZURE_FEDERATED_TOKEN_FILE.name().to_owned()
        },
        token_proxy: if options.is_true("enableAzureProxy") { TokenProxySpec::of_environment(context)? } else { None },
    })
}

/// Reads the variables that AKS's webhook sets.
fn of_environment(context: &Context<'_>) -> Result<ClientAssertionSpec, Error> {
    let setting = TOKEN_FILE_PROOF.setting;
    let principal = ServicePrincipal::of_environment(context, &TOKEN_FILE_PROOF)?;
    let path = context.lookup.text(setting).unwrap_or_default();
    Ok(ClientAssertionSpec {
        principal,
        assertion: AssertionSpec::File(PathBuf::from(path)),
        setting: setting.name().to_owned(),
        token_proxy: None,
    })
}
