//! A service principal that authenticates with another identity provider's token. The token comes from the options, or
//! from the settings of Pulumi's provider (parity §3.4) and those that are read after them (§7).

use super::{
    descriptor::{CredentialOption, Descriptor, OptionType, CLIENT_ID, FMI_PATH, TENANT_ID},
    AssertionSpec, ClientAssertionSpec, ManagedIdentitySpec, ServicePrincipal,
};
use crate::{
    config::{
        keys::{self, Setting},
        options::Options,
        Context,
    },
    types::{check_header, Cloud, Error, Secret},
};
use std::path::PathBuf;

pub(crate) const DESCRIPTOR: Descriptor<ClientAssertionSpec> = Descriptor::of_application(
    &[
        TENANT_ID,
        CLIENT_ID,
        CredentialOption::secret("oidcToken"),
        CredentialOption::text("oidcTokenFilePath"),
        CredentialOption::text("oidcRequestUrl"),
        CredentialOption::secret("oidcRequestToken"),
        CredentialOption::text("oidcAudience"),
        CredentialOption::text("serviceConnectionId"),
        CredentialOption::secret("systemAccessToken"),
        CredentialOption::text("oidcRequestUri"),
        CredentialOption::new("managedIdentity", OptionType::ManagedIdentity),
        FMI_PATH,
    ],
    of_options,
);

/// The options that select a way. A way may have further options.
const WAYS: [&str; 5] = ["oidcToken", "oidcTokenFilePath", "oidcRequestUrl", "serviceConnectionId", "managedIdentity"];

/// Builds the credential from the options. There are five ways to get the token of the other provider.
fn of_options(context: &Context<'_>, options: &Options<'_>) -> Result<ClientAssertionSpec, Error> {
    let principal = ServicePrincipal::of_options(options)?;
    let way = options.one_of(&WAYS)?;
    let assertion = match way {
        "oidcToken" => AssertionSpec::Constant(options.secret(way)?),
        "oidcTokenFilePath" => AssertionSpec::File(PathBuf::from(options.required(way)?)),
        "oidcRequestUrl" => request_by_options(context, options)?,
        "serviceConnectionId" => azure_pipelines_by_options(context, options)?,
        _ => AssertionSpec::ManagedIdentity {
            identity: ManagedIdentitySpec::of_options(context, options, "managedIdentity.")?,
            audience: audience(context, options),
        },
    };
    Ok(ClientAssertionSpec { principal, assertion, setting: options.named(way), token_proxy: None })
}

fn request_by_options(context: &Context<'_>, options: &Options<'_>) -> Result<AssertionSpec, Error> {
    Ok(AssertionSpec::Request {
        url: options.required("oidcRequestUrl")?.to_owned(),
        token: options.header("oidcRequestToken")?,
        audience: audience(context, options),
    })
}

/// Returns the audience: the named one, or else the cloud's own.
fn audience(context: &Context<'_>, options: &Options<'_>) -> String {
    let cloud = context.cloud_name.and_then(Cloud::named).unwrap_or_else(Cloud::public);
    options.owned("oidcAudience").unwrap_or_else(|| cloud.token_exchange_audience().to_owned())
}

fn azure_pipelines_by_options(context: &Context<'_>, options: &Options<'_>) -> Result<AssertionSpec, Error> {
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

/// The audience of Entra ID by GitHub's documentation of its two variables and by azure-sdk-for-go. The provider uses
/// it in every cloud.
const AUDIENCE: &str = "api://AzureADTokenExchange";

/// An assertion, and the setting that contains or names it.
type Origin = (AssertionSpec, String);

pub(crate) fn of_provider(context: &Context<'_>) -> Result<ClientAssertionSpec, Error> {
    let principal = ServicePrincipal::of_provider(context, "with OIDC")?;
    let origins = [constant, file, request_by_actions, request_by_arm, azure_pipelines, federated_file];
    let (assertion, setting) = origins.iter().find_map(|origin| origin(context)).ok_or_else(|| nothing(context))?;
    check(context, &assertion)?;
    Ok(ClientAssertionSpec { principal, assertion, setting, token_proxy: None })
}

/// Checks that the secret of a request is valid in a header.
fn check(context: &Context<'_>, assertion: &AssertionSpec) -> Result<(), Error> {
    match assertion {
        AssertionSpec::Request { token, .. } => check_header(token, &context.lookup.name(&keys::OIDC_REQUEST_TOKEN)),
        AssertionSpec::AzurePipelines { access_token, .. } => {
            check_header(access_token, &context.lookup.name(&keys::SYSTEM_ACCESSTOKEN))
        }
        _ => Ok(()),
    }
}

fn constant(context: &Context<'_>) -> Option<Origin> {
    let token = context.lookup.find(&keys::OIDC_TOKEN)?;
    Some((AssertionSpec::Constant(Secret::new(token.value)), token.seen.name))
}

fn file(context: &Context<'_>) -> Option<Origin> {
    of_file(context, &keys::OIDC_TOKEN_FILE_PATH)
}

fn federated_file(context: &Context<'_>) -> Option<Origin> {
    of_file(context, &keys::AZURE_FEDERATED_TOKEN_FILE)
}

fn of_file(context: &Context<'_>, setting: &Setting) -> Option<Origin> {
    let path = context.lookup.find(setting)?;
    Some((AssertionSpec::File(PathBuf::from(path.value)), path.seen.name))
}

fn request_by_actions(context: &Context<'_>) -> Option<Origin> {
    request(context, "ACTIONS_ID_TOKEN_REQUEST_URL", "ACTIONS_ID_TOKEN_REQUEST_TOKEN")
}

fn request_by_arm(context: &Context<'_>) -> Option<Origin> {
    request(context, "ARM_OIDC_REQUEST_URL", "ARM_OIDC_REQUEST_TOKEN")
}

/// Reads a pair of variables. A token is never sent to an address that another pair names.
fn request(context: &Context<'_>, url: &'static str, token: &'static str) -> Option<Origin> {
    let url = context.lookup.find_among(&keys::OIDC_REQUEST_URL, &[url])?;
    let token = context.lookup.find_among(&keys::OIDC_REQUEST_TOKEN, &[token])?;
    let assertion = AssertionSpec::Request {
        url: url.value.to_owned(),
        token: Secret::new(token.value),
        audience: context.lookup.text(&keys::OIDC_AUDIENCE).unwrap_or(AUDIENCE).to_owned(),
    };
    Some((assertion, url.seen.name))
}

fn azure_pipelines(context: &Context<'_>) -> Option<Origin> {
    let url = context.lookup.find(&keys::SYSTEM_OIDCREQUESTURI)?;
    let assertion = AssertionSpec::AzurePipelines {
        url: url.value.to_owned(),
        access_token: context.lookup.secret(&keys::SYSTEM_ACCESSTOKEN)?,
        service_connection: context.lookup.text(&keys::SERVICE_CONNECTION_ID)?.to_owned(),
    };
    Some((assertion, url.seen.name))
}

fn nothing(context: &Context<'_>) -> Error {
    let wanted = [&keys::OIDC_TOKEN, &keys::OIDC_TOKEN_FILE_PATH, &keys::OIDC_REQUEST_URL, &keys::OIDC_REQUEST_TOKEN];
    let missing = context.lookup.missing(&context.lookup.absent(&wanted));
    let message = format!(
        "A OIDC token or request URL and token must be configured when authenticating with OIDC. Here is {}",
        missing.message()
    );
    Error::configuration(message, missing.settings().to_vec())
}
