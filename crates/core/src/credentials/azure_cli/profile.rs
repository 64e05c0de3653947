//! Reads the accounts of the Azure CLI from its `azureProfile.json`, which is faster than running az (a second). If the
//! file does not give the answer, this module runs az; no other module runs it to read accounts.

use super::AzureCliSpec;
use crate::{credentials::LoginFiles, host::Files};
use serde::Deserialize;
use std::path::{Path, PathBuf};

mod active_cloud;
mod command;

pub(crate) use command::{run, show_account, PROGRAM};

/// The longest profile. One with thousands of subscriptions is shorter.
const LONGEST: usize = 8 << 20;

/// An account of az: a subscription, as the profile and `az account show` describe it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct Account {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) environment_name: String,
    pub(crate) is_default: bool,
}

/// All accounts.
#[derive(Debug, Deserialize)]
pub(crate) struct Profile {
    #[serde(default)]
    subscriptions: Vec<Account>,
}

/// The result of looking for an account in the profile.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Found {
    /// The account.
    Account(Account),
    /// There is none. az says why.
    None,
    /// There are several of that name. az says which one it means, or that it does not know.
    Several,
    /// The profile cannot be read. az may know more.
    Unreadable,
}

/// Returns the path of the profile in az's folder. `az login`, `az logout` and `az account set` write it.
pub(crate) fn path(folder: &Path) -> PathBuf {
    folder.join("azureProfile.json")
}

/// Returns the files that determine whose token az requests: the profile, which has an account for each cloud, and the
/// configuration, which names the active cloud.
pub(crate) fn login_files(folder: &Path) -> LoginFiles {
    LoginFiles { logins: vec![path(folder)], choices: vec![active_cloud::path(folder)] }
}

/// Returns the named account, or else the default one, of the active cloud, as az itself does.
pub(crate) async fn account(spec: &AzureCliSpec, files: &Files) -> Found {
    let Some(folder) = &spec.folder else { return Found::Unreadable };
    let content = files.read(path(folder), LONGEST).await.unwrap_or_default();
    let Some(profile) = Profile::parse(&content) else { return Found::Unreadable };
    let Some(cloud) = active_cloud::name(spec, files).await else { return Found::Unreadable };
    profile.account(spec.subscription.as_deref(), &cloud)
}

impl Profile {
    /// Parses the profile, which az writes with a byte order mark.
    pub(crate) fn parse(content: &[u8]) -> Option<Self> {
        let text = content.strip_prefix(b"\xef\xbb\xbf").unwrap_or(content);
        serde_json::from_slice(text).ok()
    }

    /// Returns the cloud's account with this id or name, in any case, or else its default one.
    pub(crate) fn account(&self, named: Option<&str>, cloud: &str) -> Found {
        let is_meant = |account: &&Account| match named.map(str::to_lowercase) {
            Some(named) => [&account.id, &account.name].iter().any(|own| own.to_lowercase() == named),
            None => account.is_default,
        };
        let of_cloud =
            self.subscriptions.iter().filter(|account| account.is_complete() && account.environment_name == cloud);
        match of_cloud.filter(is_meant).collect::<Vec<_>>().as_slice() {
            [] => Found::None,
            [one] => Found::Account((*one).clone()),
            _ => Found::Several,
        }
    }
}

impl Account {
    /// Parses the output of `az account show`.
    pub(crate) fn shown(stdout: &[u8]) -> Option<Self> {
        serde_json::from_slice(stdout).ok().filter(Self::is_complete)
    }

    /// Returns whether the account has all fields that are needed.
    fn is_complete(&self) -> bool {
        !self.id.is_empty() && !self.environment_name.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        credentials::DeveloperToolRun,
        host::{Environment, FakeFiles},
    };

    const PROFILE: &str = r#"{"installationId":"i","subscriptions":[
        {"id":"id-0","isDefault":true},
        {"id":"ID-1","name":"First","isDefault":false,"environmentName":"AzureCloud"},
        {"id":"id-2","name":"Zweite Größe","isDefault":true,"environmentName":"AzureCloud"},
        {"id":"id-3","name":"Azure subscription 1","isDefault":false,"environmentName":"AzureCloud"},
        {"id":"id-4","name":"azure SUBSCRIPTION 1","isDefault":true,"environmentName":"AzureUSGovernment"},
        {"id":"id-5","name":"Twin","isDefault":false,"environmentName":"AzureCloud"},
        {"id":"id-6","name":"twin","isDefault":false,"environmentName":"AzureCloud"}]}"#;

    /// Looks for an account with this profile, configuration and variable.
    async fn found(profile: &str, config: &str, variable: &str, named: Option<&str>) -> Found {
        let files = FakeFiles::default();
        files.write("/home/.azure/azureProfile.json", profile.as_bytes());
        files.write("/home/.azure/config", config.as_bytes());
        found_in(files, variable, named).await
    }

    async fn found_in(files: FakeFiles, variable: &str, named: Option<&str>) -> Found {
        let environment = Environment::from([("AZURE_CLOUD_NAME", variable)]);
        let spec = AzureCliSpec {
            tenant: None,
            subscription: named.map(str::to_owned),
            cloud_name: None,
            folder: Some("/home/.azure".into()),
            run: DeveloperToolRun { environment, timeout: None },
        };
        account(&spec, &Files::fake(files)).await
    }

    fn id(found: &Found) -> &str {
        match found {
            Found::Account(account) => &account.id,
            Found::None => "none",
            Found::Several => "several",
            Found::Unreadable => "unreadable",
        }
    }

    #[tokio::test]
    async fn the_account_is_the_one_named_or_the_default() {
        for text in [PROFILE.to_owned(), format!("\u{feff}{PROFILE}")] {
            for (named, expected) in [
                (None, "id-2"),
                (Some("id-1"), "ID-1"),
                (Some("FIRST"), "ID-1"),
                (Some("ZWEITE GRÖßE"), "id-2"),
                (Some("third"), "none"),
                (Some("id-0"), "none"),
                (Some("TWIN"), "several"),
                (Some("id-5"), "id-5"),
            ] {
                assert_eq!(id(&found(&text, "", "", named).await), expected, "{named:?}");
            }
        }
    }

    #[tokio::test]
    async fn accounts_of_another_cloud_than_the_active_one_are_not_looked_at() {
        let government = "[cloud]\nname = AzureUSGovernment\n";
        let named = Some("Azure subscription 1");
        assert_eq!(id(&found(PROFILE, "", "", named).await), "id-3");
        assert_eq!(id(&found(PROFILE, government, "", named).await), "id-4");
        assert_eq!(id(&found(PROFILE, government, "", None).await), "id-4");
        assert_eq!(id(&found(PROFILE, government, "AzureCloud", named).await), "id-3", "the variable goes first");
        assert_eq!(id(&found(PROFILE, "", "AzureUSGovernment", None).await), "id-4");
        assert_eq!(id(&found(PROFILE, government, "", Some("id-1")).await), "none");
        assert_eq!(id(&found(PROFILE, "[cloud]\nname = own", "", None).await), "none");
    }

    #[tokio::test]
    async fn an_unreadable_profile_is_not_a_profile_and_an_empty_one_has_no_account() {
        for text in ["", "{", r#"{"subscriptions":[{"id":1}]}"#] {
            assert_eq!(found(text, "", "", None).await, Found::Unreadable, "{text}");
        }
        for text in ["{}", r#"{"subscriptions":[]}"#] {
            assert_eq!(found(text, "", "", None).await, Found::None, "{text}");
        }
    }

    #[tokio::test]
    async fn a_configuration_that_cannot_be_read_may_name_another_cloud() {
        let files = FakeFiles::default();
        files.write("/home/.azure/azureProfile.json", PROFILE.as_bytes());
        assert_eq!(id(&found_in(files.clone(), "", None).await), "id-2", "there is none");
        // The error number is ENOMEM.
        files.fail("/home/.azure/config", 12);
        assert_eq!(found_in(files.clone(), "", None).await, Found::Unreadable);
        assert_eq!(id(&found_in(files, "AzureUSGovernment", None).await), "id-4", "the variable names it");
    }

    #[test]
    fn az_account_show_prints_one() {
        let shown = Account::shown(br#"{"id":"i","environmentName":"AzureCloud","isDefault":true,"user":{}}"#).unwrap();
        assert_eq!((shown.id.as_str(), shown.is_default), ("i", true));
        for text in ["", "{}", "null", r#"{"id":"i"}"#] {
            assert_eq!(Account::shown(text.as_bytes()), None, "{text}");
        }
    }
}
