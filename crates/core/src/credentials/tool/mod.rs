//! Programs that print tokens: how each one is run, and how its output is read.

mod exit_status;
mod failure_cause;
mod failure_signs;
mod held_secrets;
mod output_redaction;
mod settings;
mod tool_error;
mod tool_output;
mod value_hint;
mod value_parts;

pub(super) use exit_status::{ending, UNKNOWN_END};
pub(crate) use failure_cause::shortage;
pub(super) use output_redaction::{redacted, without_secrets};
use settings::account_variables;
pub(super) use settings::{azure_cli_folder, in_home, named_folder};
pub(super) use tool_error::{said, ToolError};
pub(super) use tool_output::ToolOutput;

use super::Acquisition;
use crate::{
    config::keys,
    host::{Command, CommandFailure, Environment, Output},
    key::{KeyBuilder, KeyPart, NamePart, Reach},
    types::{opaque, shown, AccessToken, CredentialKind, Error, ErrorKind, Phase, Secret, TenantId, UnixMillis},
};
use std::{
    path::{Path, PathBuf},
    time::Duration,
};

/// The account of azd or PowerShell.
#[derive(Clone)]
pub struct DeveloperToolSpec {
    /// The tenant to ask for.
    pub tenant: Option<TenantId>,
    /// The folder with its login. azd: `AZD_CONFIG_DIR`, else `.azd` in the home folder; PowerShell: `.Azure` there.
    pub folder: Option<PathBuf>,
    /// How the tool is run.
    pub run: DeveloperToolRun,
}

/// The time limit. A tool needs a second or two to start; azidentity has the same limit.
const TIME_LIMIT: Duration = Duration::from_secs(10);

/// How another program is run.
#[derive(Clone, Default, PartialEq, Eq, Hash)]
pub struct DeveloperToolRun {
    /// The whole environment of the program. Its `PATH` names the folders in which programs are looked for.
    pub environment: Environment,
    /// The time limit; absent: 10 s.
    pub timeout: Option<Duration>,
}

impl DeveloperToolRun {
    /// Returns the time limit.
    pub fn time_limit(&self) -> Duration {
        self.timeout.unwrap_or(TIME_LIMIT)
    }
}

/// How long a token is used before the tool runs again, if no file shows a change of the account.
const UNWATCHED_LIFE: UnixMillis = 5 * 60 * 1000;

/// Without a home folder in its environment, a tool uses the one that the system knows, which this package does not look
/// up: without a `folder` there is no file that shows a change of the account, so the token is renewed soon.
pub(super) fn renewed_soon_without(folder: Option<&Path>, token: AccessToken, now: UnixMillis) -> AccessToken {
    let refresh_after = if folder.is_some() { token.refresh_after } else { Some(now + UNWATCHED_LIFE) };
    AccessToken { refresh_after, ..token }
}

opaque!(DeveloperToolSpec, DeveloperToolRun);

impl KeyPart for DeveloperToolSpec {
    fn add_to(&self, key: KeyBuilder) -> KeyBuilder {
        let Self { tenant, folder, run } = self;
        key.optional(tenant.as_ref().map(TenantId::as_str)).optional_path(folder.as_deref()).with(run)
    }
}

impl KeyPart for DeveloperToolRun {
    /// Any variable may make a tool use another account.
    fn add_to(&self, key: KeyBuilder) -> KeyBuilder {
        let Self { environment, timeout: _ } = self;
        key.part(environment.fingerprint())
    }
}

impl NamePart for DeveloperToolSpec {
    /// Without a folder, a change of the account would not be noticed.
    fn add_to_name(&self, reach: Reach, name: KeyBuilder) -> Option<KeyBuilder> {
        let Self { tenant, folder, run } = self;
        run.add_to_name(reach, name.optional(tenant.as_ref().map(TenantId::as_str)).path(folder.as_deref()?))
    }
}

impl NamePart for DeveloperToolRun {
    /// The name contains which tool it is, and the variables by which it chooses an account, a tenant or a cloud. The
    /// others differ from shell to shell. Machines of a fleet have no accounts of developers.
    fn add_to_name(&self, reach: Reach, name: KeyBuilder) -> Option<KeyBuilder> {
        let Self { environment, timeout: _ } = self;
        let choices = account_variables(environment, cfg!(windows));
        (matches!(reach, Reach::Machine(_)))
            .then(|| name.optional(environment.var(keys::PATH.name())).parts(choices.iter()))
    }
}

/// A developer's tool, and the commands that a user types for it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Tool {
    pub(super) kind: CredentialKind,
    /// Its name in a sentence.
    pub(super) name: &'static str,
    /// How to install it.
    pub(super) installation: &'static str,
    /// The command that logs in.
    pub(super) login: &'static str,
    /// The command that logs in as an application.
    pub(super) application_login: &'static str,
    /// The command's option that names a tenant.
    pub(super) tenant_option: &'static str,
    /// The command's option that satisfies a claims challenge.
    pub(super) claims_option: &'static str,
}

/// What to run, and how.
pub(super) struct Run<'a> {
    pub(super) program: &'a str,
    pub(super) arguments: Vec<Secret>,
    pub(super) environment: Environment,
    pub(super) limits: &'a DeveloperToolRun,
    /// The folder in which it runs; absent: that of the process.
    pub(super) folder: Option<PathBuf>,
}

impl Run<'_> {
    /// Runs the program to its end, and returns its output even if it failed.
    pub(super) async fn output(self, acquisition: &Acquisition) -> Result<Output, CommandFailure> {
        let command = Command {
            program: self.program.to_owned(),
            arguments: self.arguments,
            timeout: self.limits.time_limit(),
            environment: self.environment,
            folder: self.folder,
        };
        acquisition.host.commands.run(command).await
    }
}

impl Tool {
    /// Returns the command that logs in to that tenant.
    pub(super) fn login(&self, tenant: Option<&TenantId>) -> String {
        tenant.map_or_else(|| self.login.to_owned(), |tenant| format!("{} {} {tenant}", self.login, self.tenant_option))
    }

    /// Returns the error for a tool without output.
    pub(super) fn call_failed(&self, program: &str, failure: CommandFailure, run: &DeveloperToolRun) -> Error {
        if failure == CommandFailure::NotFound {
            let message = format!(
                "{} is not installed: there is no {program} on PATH. Install it from {}, then log in with: {}",
                self.name, self.installation, self.login
            );
            return Error::new(ErrorKind::CredentialUnavailable, message);
        }
        call_failed(self.name, failure, run)
    }

    /// A tool asks Entra ID without the claims of a challenge, so the resource would refuse its token again.
    pub(super) fn refuse_claims(&self, acquisition: &Acquisition, tenant: Option<&TenantId>) -> Result<(), Error> {
        match encoded_claims(acquisition) {
            Some(claims) => Err(self.needs_login_for(&claims, tenant)),
            None => Ok(()),
        }
    }

    /// Only a new login can answer the claims of a challenge.
    pub(super) fn needs_login_for(&self, claims: &str, tenant: Option<&TenantId>) -> Error {
        let (name, login, option) = (self.name, self.login(tenant), self.claims_option);
        let message = format!("{name} cannot answer a claims challenge without a new login: {login} {option} {claims}");
        Error::new(ErrorKind::Authentication, message)
    }
}

/// Returns the claims of the call's challenge in the form that tools accept: base64 of the JSON.
pub(super) fn encoded_claims(acquisition: &Acquisition) -> Option<String> {
    let claims = acquisition.claims.challenge()?;
    Some(base64::Engine::encode(&base64::engine::general_purpose::STANDARD, claims))
}

/// Returns the error for a program without output, unless it is absent. A program that exists and cannot be started has
/// failed; it is not absent.
pub(super) fn call_failed(name: &str, failure: CommandFailure, run: &DeveloperToolRun) -> Error {
    match failure {
        CommandFailure::NotFound => Error::new(ErrorKind::CredentialUnavailable, format!("{name} was not found")),
        CommandFailure::NotStarted(why) => {
            let message = format!("{name} could not be started: {why}");
            Error::new(ErrorKind::Authentication, message).with_causes(vec![why])
        }
        CommandFailure::Shortage(resource, why) => resource.lacking(&format!("{name} could not be started"), &why),
        CommandFailure::TimedOut => {
            let milliseconds = run.time_limit().as_millis();
            let message = format!(
                "{name} gave no token within {milliseconds} ms, and was ended: run it in a terminal to see what it waits for, or set processTimeout"
            );
            Error::new(ErrorKind::Timeout, message).with_phase(Phase::Program).with_retryable(true)
        }
        CommandFailure::TooMuchOutput => malformed(name, "printed more than any token has, and was ended"),
        CommandFailure::UnsafeArgument(why) => Error::configuration(format!("{name} was not run: {why}"), ["scopes"]),
    }
}

fn malformed(name: &str, what: &str) -> Error {
    Error::new(ErrorKind::Network, format!("{name} {what}")).with_phase(Phase::Response)
}

/// Returns the scope of a call if a tool's command line can take it. The sentence is that of Pulumi's provider.
pub(super) fn checked_scope(scope: &str) -> Result<&str, Error> {
    let is_harmless = |character: char| character.is_ascii_alphanumeric() || ".-_/:".contains(character);
    // Text that begins with a dash would be read as an option.
    if !scope.is_empty() && scope.chars().all(is_harmless) && !scope.starts_with('-') {
        return Ok(scope);
    }
    Err(Error::configuration(format!("invalid scope \"{}\"", shown("scopes", scope)), ["scopes"]))
}

/// Returns the one resource of a call, for tools that use the resources of the v1 endpoints.
pub(super) fn checked_resource<'a>(tool: &str, acquisition: &'a Acquisition) -> Result<&'a str, Error> {
    let resource = acquisition.scopes.resource().ok_or_else(|| {
        Error::configuration(format!("a token of {tool} is for one resource: request one scope at a time"), ["scopes"])
    })?;
    acquisition.scopes.as_slice().iter().try_for_each(|scope| checked_scope(scope).map(drop))?;
    Ok(resource)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::types::{is_plain, Resource};

    #[test]
    fn every_failure_of_a_program_is_a_plain_sentence() {
        use CommandFailure::{NotFound, NotStarted, Shortage, TimedOut, TooMuchOutput, UnsafeArgument};
        let why = || "permission denied (os error 13)".to_owned();
        let shortage = Shortage(Resource::Processes, why());
        for failure in [NotFound, shortage, NotStarted(why()), TimedOut, TooMuchOutput, UnsafeArgument(why())] {
            match &failure {
                NotFound | Shortage(..) | NotStarted(_) | TimedOut | TooMuchOutput | UnsafeArgument(_) => {}
            }
            let error = call_failed("the tool", failure, &DeveloperToolRun::default());
            assert!(is_plain(error.message()), "{error}");
        }
    }

    #[test]
    fn a_scope_is_harmless_on_a_command_line() {
        for good in ["https://management.azure.com//.default", "api://0f0f/.default", "0f0f_1/.default"] {
            assert_eq!(checked_scope(good).unwrap(), good);
        }
        for bad in ["", "a b", "$(x)", "a;b", "a&b", "%x%", "'a'", "--resource", "ä"] {
            assert_eq!(checked_scope(bad).unwrap_err().message(), format!("invalid scope \"{bad}\""));
        }
        for secret in ["a\nb", "https://user:password@host/.default", "--eyJhbGciOiJub25lIn0.eyJzdWIiOiJtYXJrZXIifQ"] {
            assert!(!checked_scope(secret).unwrap_err().message().contains(secret), "{secret}");
        }
    }
}
