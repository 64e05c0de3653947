//! Programs of the machine that are logged in.

use super::{
    super::{keys, AzureCliSpec, CredentialSpec, DeveloperToolRun, DeveloperToolSpec},
    Context,
};
use crate::host::Environment;
use std::path::{Path, PathBuf};

/// The Azure CLI as the provider uses it: with the subscription's account, and without a tenant.
pub(super) fn azure_cli_of_provider(context: &Context<'_>, cloud_name: Option<&str>) -> CredentialSpec {
    let subscription = context.lookup.text(&keys::SUBSCRIPTION_ID).map(str::to_owned);
    CredentialSpec::AzureCli(AzureCliSpec { subscription, ..azure_cli(context, cloud_name) })
}

/// The Azure CLI with its default account.
pub(super) fn azure_cli(context: &Context<'_>, cloud_name: Option<&str>) -> AzureCliSpec {
    AzureCliSpec {
        tenant: None,
        subscription: None,
        cloud_name: cloud_name.map(str::to_owned),
        folder: azure_folder(context.environment()),
        run: run(context),
    }
}

/// azd, or Azure PowerShell.
pub(super) fn other(context: &Context<'_>) -> DeveloperToolSpec {
    DeveloperToolSpec { tenant: None, run: run(context) }
}

pub(super) fn run(context: &Context<'_>) -> DeveloperToolRun {
    let path = context.environment().var(keys::PATH.name()).unwrap_or_default().to_owned();
    let time_zone = context.environment().var(keys::TZ.name()).map(str::to_owned);
    DeveloperToolRun { path, timeout: None, time_zone }
}

fn azure_folder(environment: &Environment) -> Option<PathBuf> {
    let named = environment.var(keys::AZURE_CONFIG_DIR.name()).map(PathBuf::from);
    let in_home = || {
        keys::HOME.variables.iter().find_map(|name| environment.var(name)).map(|home| Path::new(home).join(".azure"))
    };
    named.or_else(in_home)
}
