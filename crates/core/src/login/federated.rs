//! By hand: another identity provider's token, and AKS workload identity.

use super::{managed_identity, options::Options, principal, Context};
use crate::{
    config::keys::{self, Setting},
    credentials::{AssertionSpec, ClientAssertionSpec, CredentialSpec, ServicePrincipal, TokenProxySpec},
    types::{Cloud, CredentialKind, Error},
};
use std::path::PathBuf;

pub(super) const OPTIONS: &[&str] = &[
    "tenantId",
    "clientId",
    "oidcToken",
    "oidcTokenFilePath",
    "oidcRequestUrl",
    "oidcRequestToken",
    "oidcAudience",
    "serviceConnectionId",
    "systemAccessToken",
    "oidcRequestUri",
    "managedIdentity",
    "fmiPath",
];

pub(super) const WORKLOAD_OPTIONS: &[&str] = &["tenantId", "clientId", "tokenFilePath", "enableAzureProxy"];

/// What tells the ways apart; each may have options of its own besides.
const WAYS: [&str; 5] = ["oidcToken", "oidcTokenFilePath", "oidcRequestUrl", "serviceConnectionId", "managedIdentity"];

/// An application by a token that it has in one of five ways.
pub(super) fn credential(
    context: &Context<'_>,
    options: &Options<'_>,
    cloud_name: Option<&str>,
) -> Result<CredentialSpec, Error> {
    let principal = principal::of_options(options)?;
    let way = options.one_of(&WAYS)?;
    let assertion = match way {
        "oidcToken" => AssertionSpec::Constant(options.secret(way)?),
        "oidcTokenFilePath" => AssertionSpec::File(PathBuf::from(options.required(way)?)),
        "oidcRequestUrl" => request(options, cloud_name)?,
        "serviceConnectionId" => azure_pipelines(context, options)?,
        _ => AssertionSpec::ManagedIdentity {
            identity: managed_identity::of_options(context, options, "managedIdentity.")?,
            audience: audience(options, cloud_name),
        },
    };
    let (kind, setting) = (CredentialKind::Oidc, options.named(way));
    Ok(CredentialSpec::ClientAssertion(ClientAssertionSpec { kind, principal, assertion, setting, token_proxy: None }))
}

fn request(options: &Options<'_>, cloud_name: Option<&str>) -> Result<AssertionSpec, Error> {
    Ok(AssertionSpec::Request {
        url: options.required("oidcRequestUrl")?.to_owned(),
        token: options.header("oidcRequestToken")?,
        audience: audience(options, cloud_name),
    })
}

/// The cloud's own audience, unless one is named.
fn audience(options: &Options<'_>, cloud_name: Option<&str>) -> String {
    let cloud = cloud_name.and_then(Cloud::named).unwrap_or_else(Cloud::public);
    options.owned("oidcAudience").unwrap_or_else(|| cloud.token_exchange_audience().to_owned())
}

fn azure_pipelines(context: &Context<'_>, options: &Options<'_>) -> Result<AssertionSpec, Error> {
    let setting = &keys::SYSTEM_OIDCREQUESTURI;
    let url = options.text("oidcRequestUri").or_else(|| context.lookup.text(setting));
    let missing = || {
        let message =
            format!("the credential 'oidc' needs the option oidcRequestUri, or the variable {}", setting.name());
        Error::configuration(message, [options.named("oidcRequestUri"), setting.name().to_owned()])
    };
    Ok(AssertionSpec::AzurePipelines {
        url: url.ok_or_else(missing)?.to_owned(),
        access_token: options.header("systemAccessToken")?,
        service_connection: options.required("serviceConnectionId")?.to_owned(),
    })
}

/// What is set neither as an option nor by the webhook; a mistake in an option goes before it.
pub(super) fn absence(context: &Context<'_>, options: &Options<'_>) -> Result<Option<Error>, Error> {
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
    let message = format!("a workload identity is not configured here: not set are {}", absent.join(", "));
    Ok((!absent.is_empty()).then(|| Error::configuration(message, absent)))
}

/// AKS workload identity; what the options leave out comes from the variables that its webhook sets.
pub(super) fn workload_identity(context: &Context<'_>, options: &Options<'_>) -> Result<CredentialSpec, Error> {
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
    let of_webhook = context.lookup.text(&keys::AZURE_FEDERATED_TOKEN_FILE);
    let path = options.text("tokenFilePath").or(of_webhook).unwrap_or_default();
    Ok(CredentialSpec::ClientAssertion(ClientAssertionSpec {
        kind: CredentialKind::WorkloadIdentity,
        principal,
        assertion: AssertionSpec::File(PathBuf::from(path)),
        setting: if options.has("tokenFilePath") {
            options.named("tokenFilePath")
        } else {
            keys::AZURE_FEDERATED_TOKEN_FILE.name().to_owned()
        },
        token_proxy: if options.is_true("enableAzureProxy") { token_proxy(context)? } else { None },
    }))
}

/// A cluster without the proxy sets none of its variables: there the option changes nothing, as in `@azure/identity`
/// and `azure_identity`. Some of them without the proxy's address are a mistake.
fn token_proxy(context: &Context<'_>) -> Result<Option<TokenProxySpec>, Error> {
    let text = |setting| context.lookup.text(setting).map(str::to_owned);
    let Some(url) = text(&keys::AZURE_KUBERNETES_TOKEN_PROXY) else { return without_proxy(context) };
    Ok(Some(TokenProxySpec {
        url,
        ca_file: context.lookup.text(&keys::AZURE_KUBERNETES_CA_FILE).map(PathBuf::from),
        ca_data: text(&keys::AZURE_KUBERNETES_CA_DATA),
        sni_name: text(&keys::AZURE_KUBERNETES_SNI_NAME),
    }))
}

fn without_proxy(context: &Context<'_>) -> Result<Option<TokenProxySpec>, Error> {
    let details = [&keys::AZURE_KUBERNETES_CA_FILE, &keys::AZURE_KUBERNETES_CA_DATA, &keys::AZURE_KUBERNETES_SNI_NAME];
    let seen: Vec<_> = context.lookup.seen(&details).into_iter().map(|setting| setting.name).collect();
    if seen.is_empty() {
        return Ok(None);
    }
    let address = keys::AZURE_KUBERNETES_TOKEN_PROXY.name();
    let message = format!("{address} is not set, although {} would belong to it", seen.join(" and "));
    Err(Error::configuration(message, [address.to_owned()].into_iter().chain(seen)))
}
