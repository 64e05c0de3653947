//! The active cloud and account of the Azure CLI (parity §4), read from its `azureProfile.json`; if that file cannot be
//! read, from the output of `az account show`.

use super::RequestContext;
use crate::{
    credentials::azure_profile::{self, Account, Found},
    credentials::{shortage_of_program, AzureCliSpec},
    host::{CommandFailure, Output},
    types::{self, Authority, Cloud, CredentialKind, Error, ErrorKind},
};
use serde::Deserialize;
use zeroize::Zeroizing;

/// What `az cloud show` prints about a cloud that is not built in.
#[derive(Deserialize)]
struct Shown {
    #[serde(default)]
    name: String,
    #[serde(default)]
    endpoints: Endpoints,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Endpoints {
    active_directory: Option<String>,
    active_directory_resource_id: Option<String>,
    resource_manager: Option<String>,
    microsoft_graph_resource_id: Option<String>,
}

/// Returns the active cloud of az. Without an account that is the public cloud: the later token request fails, and az's
/// own message explains it better.
pub(super) async fn cloud(spec: &AzureCliSpec, context: &RequestContext) -> Result<Cloud, Error> {
    let Some(account) = account(spec, context).await? else { return Ok(Cloud::public()) };
    match Cloud::named(&account.environment_name) {
        Some(cloud) => Ok(cloud),
        None => shown(&account.environment_name, spec, context).await,
    }
}

/// Returns the account that tokens are for: the named subscription's, or az's default account.
///
/// # Errors
/// [`ErrorKind::CredentialUnavailable`] if az takes too long, [`ErrorKind::ResourceExhausted`] if it cannot be started
/// because the machine lacks something.
pub(crate) async fn account(spec: &AzureCliSpec, context: &RequestContext) -> Result<Option<Account>, Error> {
    match azure_profile::account(spec, &context.host.files).await {
        Found::Account(account) => return Ok(Some(account)),
        Found::None => return Ok(None),
        Found::Several | Found::Unreadable => spec.checked_subscription()?,
    }
    let shown = azure_profile::show_account(spec, &context.host.commands).await;
    Ok(said(shown, "account show")?.as_ref().and_then(|stdout| Account::shown(stdout)))
}

async fn shown(name: &str, spec: &AzureCliSpec, context: &RequestContext) -> Result<Cloud, Error> {
    let ended = azure_profile::run(spec, &context.host.commands, &["cloud", "show", "--name", name]).await;
    let printed = said(ended, "cloud show")?;
    let shown: Option<Shown> = printed.and_then(|stdout| serde_json::from_slice(&stdout).ok());
    described(name, shown.ok_or_else(|| unknown(name, "az cloud show does not describe it"))?)
}

fn described(name: &str, shown: Shown) -> Result<Cloud, Error> {
    let needed = |value: Option<String>, part: &str| {
        value
            .filter(|text| !text.is_empty())
            .ok_or_else(|| unknown(name, &format!("az cloud show prints no {part} of it")))
    };
    let endpoints = shown.endpoints;
    let authority = needed(endpoints.active_directory, "activeDirectory")?;
    needed(endpoints.active_directory_resource_id, "activeDirectoryResourceId")?;
    let resource_manager = needed(endpoints.resource_manager, "resourceManager")?;
    Ok(Cloud {
        name: Some(if shown.name.is_empty() { name.to_owned() } else { shown.name }),
        authority: Authority::parse(&authority, "activeDirectory of az cloud show")?,
        regional_authority: None,
        resource_manager: resource_manager.trim_end_matches('/').to_owned(),
        graph: endpoints.microsoft_graph_resource_id.filter(|text| !text.is_empty()),
    })
}

fn unknown(name: &str, reason: &str) -> Error {
    let name = types::shown("the cloud's name", name);
    let message = format!("the Azure CLI is set to the cloud '{name}', which this package does not know: {reason}");
    Error::configuration(message, ["environment", "ARM_ENVIRONMENT"])
}

/// Returns what az printed, if that is usable. A shortage of the machine says nothing about the cloud.
fn said(ended: Result<Output, CommandFailure>, asked: &str) -> Result<Option<Zeroizing<Vec<u8>>>, Error> {
    match ended {
        Ok(output) if output.is_answer() => Ok(Some(output.stdout)),
        Err(CommandFailure::TimedOut) => Err(too_slow(asked)),
        Err(CommandFailure::Shortage(resource, why)) => {
            Err(resource.lacking(&format!("`az {asked}` could not be started"), &why))
        }
        Ok(output) => shortage_of_program(&format!("`az {asked}` failed"), &output).map_or(Ok(None), Err),
        Err(_) => Ok(None),
    }
}

fn too_slow(asked: &str) -> Error {
    let tool = CredentialKind::AzureCli.in_words();
    let message = format!("the {tool} did not answer `az {asked}` in time: try it in a terminal");
    Error::new(ErrorKind::CredentialUnavailable, message)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_custom_cloud_needs_three_of_its_endpoints() {
        let full = r#"{"name":"Own","endpoints":{"activeDirectory":"https://login.own","activeDirectoryResourceId":"https://m.own/a",
            "resourceManager":"https://m.own/","microsoftGraphResourceId":null}}"#;
        let cloud = described("Own", serde_json::from_str(full).unwrap()).unwrap();
        assert_eq!(cloud.default_endpoint(), "https://m.own/");
        assert_eq!(cloud.graph, None);
        for part in ["activeDirectory\"", "activeDirectoryResourceId\"", "resourceManager\""] {
            let text = full.replace(part, "other\"");
            let error = described("Own", serde_json::from_str(&text).unwrap()).unwrap_err();
            assert!(error.message().contains(part.trim_end_matches('"')), "{error}");
        }
    }
}
