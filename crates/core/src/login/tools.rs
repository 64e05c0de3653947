//! Programs of the machine that are logged in.

use super::{Context, Setting};
use crate::{
    config::keys,
    credentials::{AzureCliSpec, CredentialSpec, DeveloperToolRun, DeveloperToolSpec},
    host::Environment,
};
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
        folder: named_folder(context, &keys::AZURE_CONFIG_DIR).or_else(|| in_home(context, ".azure")),
        run: developer_tool_run(context),
    }
}

/// The Azure Developer CLI's account.
pub(super) fn azure_developer_cli(context: &Context<'_>) -> DeveloperToolSpec {
    let folder = named_folder(context, &keys::AZD_CONFIG_DIR).or_else(|| in_home(context, ".azd"));
    DeveloperToolSpec { tenant: None, folder, run: developer_tool_run(context) }
}

/// Azure PowerShell's account. Its folder has another name than az's to systems that tell the cases apart.
pub(super) fn azure_powershell(context: &Context<'_>) -> DeveloperToolSpec {
    DeveloperToolSpec { tenant: None, folder: in_home(context, ".Azure"), run: developer_tool_run(context) }
}

/// az, azd and PowerShell are logged in by themselves: an application's proofs that are meant for this program are not
/// for them. What services of the host are asked with stays, since the tool may ask them itself.
const WITHHELD: [&Setting; 5] = [
    &keys::CLIENT_SECRET,
    &keys::AZURE_CLIENT_SECRET,
    &keys::CLIENT_CERTIFICATE_PASSWORD,
    &keys::AZURE_CLIENT_CERTIFICATE_PASSWORD,
    &keys::OIDC_TOKEN,
];

/// A developer's tool is run with the environment of this login context, but for what is withheld.
pub(super) fn developer_tool_run(context: &Context<'_>) -> DeveloperToolRun {
    let withheld: Vec<_> = WITHHELD.iter().flat_map(|setting| setting.variables).copied().collect();
    DeveloperToolRun { environment: context.environment().without(&withheld), timeout: None }
}

fn named_folder(context: &Context<'_>, setting: &Setting) -> Option<PathBuf> {
    context.environment().var(setting.name()).map(PathBuf::from)
}

fn in_home(context: &Context<'_>, name: &str) -> Option<PathBuf> {
    Some(Path::new(home(context.environment(), cfg!(windows))?).join(name))
}

/// As the tools find it: on Windows a `HOME`, which shells from elsewhere set, means nothing to them.
fn home(environment: &Environment, is_windows: bool) -> Option<&str> {
    environment.var(if is_windows { "USERPROFILE" } else { "HOME" })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Inputs;

    #[test]
    fn each_system_has_its_own_variable_for_the_home_folder() {
        let both = Environment::from([("HOME", "/c/Users/me"), ("USERPROFILE", r"C:\Users\me")]);
        assert_eq!(home(&both, false), Some("/c/Users/me"));
        assert_eq!(home(&both, true), Some(r"C:\Users\me"));
    }

    #[test]
    fn a_developers_tool_gets_the_environment_without_an_applications_proofs() {
        let withheld = [
            "ARM_CLIENT_SECRET",
            "AZURE_CLIENT_SECRET",
            "ARM_CLIENT_CERTIFICATE_PASSWORD",
            "AZURE_CLIENT_CERTIFICATE_PASSWORD",
            "ARM_OIDC_TOKEN",
        ];
        let kept =
            ["HOME", "PATH", "IDENTITY_HEADER", "MSI_SECRET", "SYSTEM_ACCESSTOKEN", "ARM_OIDC_REQUEST_TOKEN", "ANY"];
        let all = withheld.iter().chain(&kept).map(|name| (*name, crate::types::Secret::new("x")));
        let environment: Environment = all.collect();
        let inputs = Inputs::of_environment(&environment);
        let run = developer_tool_run(&Context::new(&inputs, None));
        assert!(withheld.iter().all(|name| !run.environment.has(name)));
        assert!(kept.iter().all(|name| run.environment.has(name)));
    }
}
