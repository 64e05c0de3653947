//! Floor 3: the accounts that the Azure CLI knows, as its own `azureProfile.json` has them. Who reads them there need
//! not run az, which takes a second.

use crate::{config::AzureCliSpec, host::Files};
use serde::Deserialize;
use std::path::{Path, PathBuf};

/// A profile of thousands of subscriptions is below this.
const LONGEST: usize = 8 << 20;

/// An account of az's: a subscription, as its profile and `az account show` write it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct Account {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) environment_name: String,
    pub(crate) is_default: bool,
}

/// All of them.
#[derive(Debug, Deserialize)]
pub(crate) struct Profile {
    #[serde(default)]
    subscriptions: Vec<Account>,
}

/// Where az keeps them, in its folder. `az login`, `az logout` and `az account set` write it.
pub(crate) fn path(folder: &Path) -> PathBuf {
    folder.join("azureProfile.json")
}

/// What az's profile says, if it can be read.
pub(crate) async fn read(spec: &AzureCliSpec, files: &Files) -> Option<Profile> {
    let content = files.read(path(spec.folder.as_ref()?), LONGEST).await.ok()?;
    Profile::parse(&content)
}

impl Profile {
    /// az writes it with a byte order mark.
    pub(crate) fn parse(content: &[u8]) -> Option<Self> {
        let text = content.strip_prefix(b"\xef\xbb\xbf").unwrap_or(content);
        serde_json::from_slice(text).ok()
    }

    /// The account that is named, by id or name without regard to case, as az itself looks for it; else the default.
    pub(crate) fn account(&self, named: Option<&str>) -> Option<&Account> {
        let complete = || self.subscriptions.iter().filter(|account| account.is_complete());
        let Some(named) = named else { return complete().find(|account| account.is_default) };
        let by_id = complete().find(|account| account.id.eq_ignore_ascii_case(named));
        by_id.or_else(|| complete().find(|account| account.name.to_lowercase() == named.to_lowercase()))
    }
}

impl Account {
    /// What `az account show` printed.
    pub(crate) fn shown(stdout: &[u8]) -> Option<Self> {
        serde_json::from_slice(stdout).ok().filter(Self::is_complete)
    }

    /// Whether it says all that anything depends on.
    fn is_complete(&self) -> bool {
        !self.id.is_empty() && !self.environment_name.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{config::DeveloperToolRun, host::FakeFiles};

    const PROFILE: &str = r#"{"installationId":"i","subscriptions":[
        {"id":"id-0","isDefault":true},
        {"id":"ID-1","name":"First","isDefault":false,"environmentName":"AzureCloud"},
        {"id":"id-2","name":"Zweite Größe","isDefault":true,"environmentName":"AzureUSGovernment"},
        {"id":"id-3","name":"id-2","isDefault":false,"environmentName":"AzureCloud"}]}"#;

    async fn profile(text: &str) -> Option<Profile> {
        let files = FakeFiles::default();
        files.write("/home/.azure/azureProfile.json", text.as_bytes());
        let spec = AzureCliSpec {
            tenant: None,
            subscription: None,
            cloud_name: None,
            folder: Some("/home/.azure".into()),
            run: DeveloperToolRun::default(),
        };
        read(&spec, &Files::fake(files)).await
    }

    #[tokio::test]
    async fn the_account_is_the_one_named_or_the_default() {
        for text in [PROFILE.to_owned(), format!("\u{feff}{PROFILE}")] {
            let profile = profile(&text).await.unwrap();
            let of = |named| profile.account(named).map(|account| account.id.as_str());
            assert_eq!(of(None), Some("id-2"), "one without a cloud says too little");
            assert_eq!(of(Some("id-1")), Some("ID-1"));
            assert_eq!(of(Some("FIRST")), Some("ID-1"));
            assert_eq!(of(Some("ZWEITE GRÖßE")), Some("id-2"));
            assert_eq!(of(Some("id-2")), Some("id-2"), "an id goes before a name");
            assert_eq!(of(Some("third")), None);
        }
    }

    #[tokio::test]
    async fn what_cannot_be_read_is_no_profile_and_an_empty_one_has_no_account() {
        for text in ["", "{", r#"{"subscriptions":[{"id":1}]}"#] {
            assert!(profile(text).await.is_none(), "{text}");
        }
        for text in ["{}", r#"{"subscriptions":[]}"#] {
            assert_eq!(profile(text).await.unwrap().account(None), None, "{text}");
        }
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
