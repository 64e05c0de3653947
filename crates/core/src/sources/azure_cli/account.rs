//! What az's profile says of its accounts: so that a token costs one `az`, not two.

use crate::{config::AzureCliSpec, host::Files};
use serde::Deserialize;

/// A user of many subscriptions has a profile of some hundred KB.
const LONGEST_PROFILE: usize = 16 << 20;

/// A subscription that az may use, as its profile and `az account show` write it.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "camelCase")]
pub(super) struct Account {
    id: String,
    #[serde(default)]
    name: String,
    pub(super) environment_name: String,
    pub(super) is_default: bool,
}

#[derive(Deserialize)]
struct Profile {
    subscriptions: Vec<Account>,
}

/// The account that is named, by id or name, else the default one; none where the profile does not tell.
pub(super) async fn profiled(spec: &AzureCliSpec, files: &Files) -> Option<Account> {
    let path = spec.folder.as_ref()?.join("azureProfile.json");
    let content = files.read(path, LONGEST_PROFILE).await.ok()?;
    // az writes it with a byte order mark.
    let text = content.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&content);
    let profile: Profile = serde_json::from_slice(text).ok()?;
    let mut accounts = profile.subscriptions.into_iter();
    accounts.find(|account| spec.subscription.as_ref().map_or(account.is_default, |name| account.is_called(name)))
}

/// What `az account show` printed.
pub(super) fn parsed(stdout: &[u8]) -> Option<Account> {
    serde_json::from_slice(stdout).ok()
}

impl Account {
    fn is_called(&self, name: &str) -> bool {
        self.id.eq_ignore_ascii_case(name) || self.name.eq_ignore_ascii_case(name)
    }
}
