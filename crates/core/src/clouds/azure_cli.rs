//! The cloud and the account that the Azure CLI is set to (parity §4): as its `azureProfile.json` says, and where that
//! cannot be read as `az account show` says.

use super::Means;
use crate::{
    azure_profile::{self, Account},
    config::AzureCliSpec,
    host::{Command, CommandFailure},
    types::{Authority, Cloud, CredentialKind, Error, ErrorKind, Secret},
};
use serde::Deserialize;
use std::time::Duration;
use zeroize::Zeroizing;

/// The provider gives `az account get-access-token` so long.
const TIME_LIMIT: Duration = Duration::from_secs(10);

/// What `az cloud show` says of a cloud that has no name here.
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

/// The cloud that az is set to. Without any account it is the public one: az itself says what is wrong when it is
/// asked for a token, and says it better.
pub(super) async fn cloud(spec: &AzureCliSpec, means: &Means) -> Result<Cloud, Error> {
    let Some(account) = account(spec, means).await? else { return Ok(Cloud::public()) };
    match Cloud::named(&account.environment_name) {
        Some(cloud) => Ok(cloud),
        None => shown(&account.environment_name, spec, means).await,
    }
}

/// The account that tokens are for: the subscription's, where one is named, else az's default.
///
/// # Errors
/// [`ErrorKind::CredentialUnavailable`] where az takes too long.
pub(crate) async fn account(spec: &AzureCliSpec, means: &Means) -> Result<Option<Account>, Error> {
    spec.checked_subscription()?;
    if let Some(profile) = azure_profile::read(spec, &means.host.files).await {
        return Ok(profile.account(spec.subscription.as_deref()).cloned());
    }
    let mut arguments = vec!["account", "show"];
    arguments.extend(spec.subscription.iter().flat_map(|subscription| ["--subscription", subscription.as_str()]));
    Ok(said(&arguments, spec, means).await?.as_ref().and_then(|stdout| Account::shown(stdout)))
}

async fn shown(name: &str, spec: &AzureCliSpec, means: &Means) -> Result<Cloud, Error> {
    let printed = said(&["cloud", "show", "--name", name], spec, means).await?;
    let shown: Option<Shown> = printed.and_then(|stdout| serde_json::from_slice(&stdout).ok());
    described(name, shown.ok_or_else(|| unknown(name, "az cloud show does not describe it"))?)
}

fn described(name: &str, shown: Shown) -> Result<Cloud, Error> {
    let needed = |value: Option<String>, part: &str| {
        value
            .filter(|text| !text.is_empty())
            .ok_or_else(|| unknown(name, &format!("az cloud show names no {part} of it")))
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
    let message = format!("the Azure CLI is set to the cloud '{name}', which is not known here: {reason}");
    Error::configuration(message, ["environment", "ARM_ENVIRONMENT"])
}

/// What az prints, if it prints anything of use.
async fn said(arguments: &[&str], spec: &AzureCliSpec, means: &Means) -> Result<Option<Zeroizing<Vec<u8>>>, Error> {
    let folder = spec.folder.as_ref().map(|folder| ("AZURE_CONFIG_DIR", folder.to_string_lossy().into_owned()));
    let command = Command {
        program: "az".to_owned(),
        arguments: arguments.iter().chain(&["--output", "json"]).map(|text| Secret::new(*text)).collect(),
        path: spec.run.path.clone(),
        timeout: spec.run.timeout.unwrap_or(TIME_LIMIT),
        environment: folder.into_iter().collect(),
    };
    match means.host.commands.run(command).await {
        Ok(output) if output.is_success() => Ok(Some(output.stdout)),
        Err(CommandFailure::TimedOut) => Err(too_slow(arguments)),
        Ok(_) | Err(_) => Ok(None),
    }
}

fn too_slow(arguments: &[&str]) -> Error {
    let asked = arguments.iter().take(2).copied().collect::<Vec<_>>().join(" ");
    let tool = CredentialKind::AzureCli.in_words();
    let message = format!("the {tool} did not answer `az {asked}` in time: try it in a terminal");
    Error::new(ErrorKind::CredentialUnavailable, message)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cloud_of_ones_own_needs_three_of_its_endpoints() {
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
