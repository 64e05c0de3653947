//! The settings of az, azd and PowerShell, from the environment and the options: their folder, and the environment that
//! they are run with.

use super::{DeveloperToolRun, DeveloperToolSpec};
use crate::{
    config::{
        keys::{self, Setting},
        options::Options,
        Context,
    },
    host::{absolute_path, Environment},
    types::Error,
};
use std::path::{Path, PathBuf};

/// az, azd and PowerShell have logins of their own, so they do not get this program's secrets and certificates of an
/// application. They keep the secrets of services of the host, because a tool may ask these itself.
const WITHHELD: [&Setting; 5] = [
    &keys::CLIENT_SECRET,
    &keys::AZURE_CLIENT_SECRET,
    &keys::CLIENT_CERTIFICATE_PASSWORD,
    &keys::AZURE_CLIENT_CERTIFICATE_PASSWORD,
    &keys::OIDC_TOKEN,
];

/// How the variables begin by which a tool chooses an account, a tenant or a cloud: azd takes the tenant of
/// `AZURE_SUBSCRIPTION_ID` or of the environment `AZURE_ENV_NAME`, and a tool that is logged in with a managed identity
/// asks the service of the host that they name.
const OF_ACCOUNTS: [&str; 7] = ["ARM_", "AZD_", "AZURE_", "DEFAULT_IDENTITY_", "IDENTITY_", "IMDS_", "MSI_"];

/// How the names of this package's own variables begin, which no tool reads.
const OWN: &str = "AZURE_CLIENT_TOKEN_";

impl DeveloperToolSpec {
    /// `folder`: where the tool keeps its login.
    pub(in crate::credentials) fn of_environment(context: &Context<'_>, folder: Option<PathBuf>) -> Self {
        Self { tenant: None, folder, run: DeveloperToolRun::of_environment(context) }
    }

    /// Returns the settings with the values of the options.
    pub(in crate::credentials) fn with_options(self, options: &Options<'_>) -> Result<Self, Error> {
        Ok(Self { tenant: options.tenant("tenantId")?, run: self.run.with_options(options)?, ..self })
    }
}

impl DeveloperToolRun {
    /// A developer's tool runs with the environment of this login context, without `WITHHELD`, with messages in English,
    /// and with absolute folders.
    pub(in crate::credentials) fn of_environment(context: &Context<'_>) -> Self {
        let withheld: Vec<_> = WITHHELD.iter().flat_map(|setting| setting.variables).copied().collect();
        let english = with_english_messages(&context.environment().without(&withheld));
        Self { environment: with_absolute_folders(english), timeout: None }
    }

    pub(in crate::credentials) fn with_options(self, options: &Options<'_>) -> Result<Self, Error> {
        Ok(Self { timeout: options.milliseconds("processTimeout")?, ..self })
    }

    /// Returns the folder in which az, azd and PowerShell run. It is a fixed one, as in azidentity and @azure/identity:
    /// azd takes the tenant of the project in its working folder or above it, which is not part of a cached token's key
    /// and changes without notice. This folder always exists, and no other user writes to it.
    pub(in crate::credentials) fn folder(&self) -> PathBuf {
        system_folder(&self.environment, cfg!(windows)).into()
    }
}

fn system_folder(environment: &Environment, is_windows: bool) -> &str {
    if !is_windows {
        return "/";
    }
    let named = environment.variables().find(|(name, _)| name.eq_ignore_ascii_case("SystemRoot"));
    named.map(|(_, value)| value.expose()).filter(|value| !value.is_empty()).unwrap_or(r"C:\Windows")
}

/// Returns the names and values of the variables that `OF_ACCOUNTS` describes, sorted.
pub(super) fn account_variables(environment: &Environment, is_windows: bool) -> Vec<&str> {
    let mut parts = Vec::new();
    for (name, value) in environment.sorted() {
        if is_of_account(name, is_windows) {
            parts.extend([name, value.expose()]);
        }
    }
    parts
}

/// Windows ignores the case of names.
fn is_of_account(name: &str, is_windows: bool) -> bool {
    let begins = |begin: &str| match name.get(..begin.len()) {
        Some(own) => own == begin || (is_windows && own.eq_ignore_ascii_case(begin)),
        None => false,
    };
    OF_ACCOUNTS.iter().any(|begin| begins(begin)) && !begins(OWN)
}

/// Makes the folders with logins absolute: a tool would look for a relative one in the folder in which it runs.
fn with_absolute_folders(mut environment: Environment) -> Environment {
    for name in [keys::AZURE_CONFIG_DIR.name(), keys::AZD_CONFIG_DIR.name(), home_variable(cfg!(windows))] {
        let Some(folder) = environment.var(name) else { continue };
        if !Path::new(folder).is_absolute() {
            environment = environment.with(name, &absolute_path(folder));
        }
    }
    environment
}

/// az is a shell script, and a shell reports a shortage of the machine in the language of the environment: as text that
/// would not be recognised, so that a chain would continue. Only the language changes, not the character set:
/// `LC_ALL`, which has precedence over `LC_MESSAGES`, is replaced with `LANG` (POSIX, "Environment Variables").
fn with_english_messages(environment: &Environment) -> Environment {
    let all = environment.var("LC_ALL");
    let language = all.or_else(|| environment.var("LANG"));
    let others = environment.variables().map(|(name, _)| name).filter(|name| all.is_some() && name.starts_with("LC_"));
    let rest = environment.without(&others.collect::<Vec<_>>()).with("LC_MESSAGES", "C");
    language.map_or_else(|| rest.clone(), |language| rest.with("LANG", language))
}

pub(in crate::credentials) fn named_folder(context: &Context<'_>, setting: &Setting) -> Option<PathBuf> {
    context.lookup.text(setting).map(|folder| absolute_path(folder).into())
}

pub(in crate::credentials) fn in_home(context: &Context<'_>, name: &str) -> Option<PathBuf> {
    Some(Path::new(&absolute_path(home(context.environment(), cfg!(windows))?)).join(name))
}

/// Returns az's folder as az finds it in that environment, whose folders are absolute.
pub(in crate::credentials) fn azure_cli_folder(environment: &Environment) -> Option<PathBuf> {
    let named = environment.var(keys::AZURE_CONFIG_DIR.name()).map(PathBuf::from);
    named.or_else(|| Some(Path::new(home(environment, cfg!(windows))?).join(".azure")))
}

fn home(environment: &Environment, is_windows: bool) -> Option<&str> {
    environment.var(home_variable(is_windows))
}

/// Returns the variable with the home folder, as the tools find it. On Windows they ignore `HOME`, which other shells set.
const fn home_variable(is_windows: bool) -> &'static str {
    if is_windows {
        "USERPROFILE"
    } else {
        "HOME"
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::lookup::{Lookup, Record};

    #[test]
    fn each_system_has_its_own_variable_for_the_home_folder() {
        let both = Environment::from([("HOME", "/c/Users/me"), ("USERPROFILE", r"C:\Users\me")]);
        assert_eq!(home(&both, false), Some("/c/Users/me"));
        assert_eq!(home(&both, true), Some(r"C:\Users\me"));
    }

    #[test]
    fn a_tool_runs_in_the_systems_own_folder() {
        let named = Environment::from([("SYSTEMROOT", r"D:\Windows")]);
        assert_eq!(system_folder(&named, false), "/");
        assert_eq!(system_folder(&named, true), r"D:\Windows");
        for unnamed in [Environment::default(), Environment::from([("SystemRoot", "")])] {
            assert_eq!(system_folder(&unnamed, true), r"C:\Windows");
        }
    }

    #[test]
    fn the_variables_of_accounts_are_those_by_which_a_tool_chooses() {
        for name in
            ["AZURE_SUBSCRIPTION_ID", "AZD_X", "ARM_TENANT_ID", "IDENTITY_ENDPOINT", "MSI_SECRET", "IMDS_ENDPOINT"]
        {
            assert!(is_of_account(name, false), "{name}");
        }
        for name in ["AZURE_CLIENT_TOKEN_CACHE", "AZURE", "azure_env_name", "TERM", "MY_AZURE_ENV_NAME"] {
            assert!(!is_of_account(name, false), "{name}");
        }
        assert!(is_of_account("Azure_Env_Name", true) && !is_of_account("Azure_Client_Token_Log", true));
        let several = Environment::from([("MSI_SECRET", "s"), ("TERM", "x"), ("AZURE_ENV_NAME", "")]);
        assert_eq!(account_variables(&several, false), ["AZURE_ENV_NAME", "", "MSI_SECRET", "s"]);
    }

    #[cfg(unix)]
    #[test]
    fn a_relative_folder_begins_in_the_working_folder_of_this_moment() {
        let relative = [("AZURE_CONFIG_DIR", "az"), ("AZD_CONFIG_DIR", "/azd/"), ("HOME", "."), ("OTHER", "other")];
        let made = with_absolute_folders(Environment::from(relative));
        let here = absolute_path(".");
        assert!(Path::new(&here).is_absolute());
        let az = Path::new(&here).join("az");
        let values = ["AZURE_CONFIG_DIR", "AZD_CONFIG_DIR", "HOME", "OTHER"].map(|name| made.var(name));
        assert_eq!(values, [az.to_str(), Some("/azd/"), Some(&*here), Some("other")]);
        assert_eq!(azure_cli_folder(&made), Some(az));
    }

    #[test]
    fn a_developers_tool_has_messages_in_english_and_the_users_character_set() {
        let german = [("LANG", "de_DE.UTF-8"), ("LC_NUMERIC", "fr_FR"), ("LC_MESSAGES", "de_DE"), ("PATH", "/bin")];
        let english = with_english_messages(&Environment::from(german));
        let values = ["LANG", "LC_NUMERIC", "LC_MESSAGES", "PATH"].map(|name| english.var(name));
        assert_eq!(values, [Some("de_DE.UTF-8"), Some("fr_FR"), Some("C"), Some("/bin")]);
        let all = [("LC_ALL", "de_DE.ISO-8859-1"), ("LANG", "C"), ("LC_CTYPE", "ja_JP.UTF-8")];
        let english = with_english_messages(&Environment::from(all));
        let values = ["LC_ALL", "LC_CTYPE", "LANG", "LC_MESSAGES"].map(|name| english.var(name));
        assert_eq!(values, [None, None, Some("de_DE.ISO-8859-1"), Some("C")]);
        assert_eq!(with_english_messages(&Environment::default()).var("LANG"), None);
    }

    #[test]
    fn a_developers_tool_gets_the_environment_without_an_applications_secrets() {
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
        let run = DeveloperToolRun::of_environment(&Context {
            lookup: Lookup::new(&environment, None, &Record::default()),
            is_inside_pulumi: false,
            keeps_on_machine: false,
            cloud_name: None,
            authority_mistake: None,
        });
        assert!(withheld.iter().all(|name| !run.environment.has(name)));
        assert!(kept.iter().all(|name| run.environment.has(name)));
    }
}
