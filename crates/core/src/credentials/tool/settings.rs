//! The settings of az, azd and PowerShell, from the environment and the options: their folder, and the environment that
//! they are run with.

use super::{DeveloperToolRun, DeveloperToolSpec};
use crate::{
    config::{
        keys::{self, Setting},
        options::Options,
        Context,
    },
    host::Environment,
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
    /// A developer's tool runs with the environment of this login context, without `WITHHELD`, and with messages in
    /// English.
    pub(in crate::credentials) fn of_environment(context: &Context<'_>) -> Self {
        let withheld: Vec<_> = WITHHELD.iter().flat_map(|setting| setting.variables).copied().collect();
        Self { environment: with_english_messages(&context.environment().without(&withheld)), timeout: None }
    }

    pub(in crate::credentials) fn with_options(self, options: &Options<'_>) -> Result<Self, Error> {
        Ok(Self { timeout: options.milliseconds("processTimeout")?, ..self })
    }
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
    context.lookup.text(setting).map(PathBuf::from)
}

pub(in crate::credentials) fn in_home(context: &Context<'_>, name: &str) -> Option<PathBuf> {
    Some(Path::new(home(context.environment(), cfg!(windows))?).join(name))
}

/// Returns az's folder as az finds it in that environment.
pub(in crate::credentials) fn azure_cli_folder(environment: &Environment) -> Option<PathBuf> {
    let named = environment.var(keys::AZURE_CONFIG_DIR.name()).map(PathBuf::from);
    named.or_else(|| Some(Path::new(home(environment, cfg!(windows))?).join(".azure")))
}

/// Returns the home folder as the tools find it. On Windows they ignore `HOME`, which other shells set.
fn home(environment: &Environment, is_windows: bool) -> Option<&str> {
    environment.var(if is_windows { "USERPROFILE" } else { "HOME" })
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
