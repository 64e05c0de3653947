//! The credential `command`: a program of the user prints the token.

use super::{
    descriptor::{CredentialOption, Descriptor, OptionType, PROCESS_TIMEOUT, TENANT_ID},
    expiry,
    tool::{self, redacted, DeveloperToolRun, Run, ToolOutput, UNKNOWN_END},
    Acquisition, Credential,
};
use crate::{
    config::{options::Options, Context},
    host::{program_path, Output},
    key::{KeyBuilder, KeyPart, NamePart, Reach},
    types::{claims_in, opaque, shown, AccessToken, CredentialKind, Error, ErrorKind, Secret, TenantId, UnixMillis},
};
use async_trait::async_trait;
use serde::{de::IgnoredAny, Deserialize};
use serde_json::Value;

/// A program of the user's own.
#[derive(Clone)]
pub struct CommandSpec {
    /// The program: its absolute path, or its name.
    pub program: String,
    /// Its arguments, in which `{scope}` and `{tenant}` are replaced.
    pub arguments: Vec<Secret>,
    /// The tenant for `{tenant}`.
    pub tenant: Option<TenantId>,
    /// How the program is run.
    pub run: DeveloperToolRun,
}

opaque!(CommandSpec);

pub(crate) const DESCRIPTOR: Descriptor<CommandSpec> = Descriptor::new(
    &[
        CredentialOption::text("program"),
        CredentialOption::new("arguments", OptionType::Texts),
        CredentialOption::new("environment", OptionType::TextOrVariables),
        TENANT_ID,
        PROCESS_TIMEOUT,
    ],
    CommandSpec::of_options,
);

impl CommandSpec {
    /// The program gets the whole environment of this login context, or the one in the options.
    pub(crate) fn of_options(context: &Context<'_>, options: &Options<'_>) -> Result<Self, Error> {
        let environment = options.environment()?.unwrap_or_else(|| context.environment().clone());
        Ok(Self {
            program: program_path(options.required("program")?),
            arguments: options.list("arguments").to_vec(),
            tenant: options.tenant("tenantId")?,
            run: DeveloperToolRun { environment, timeout: options.milliseconds("processTimeout")? },
        })
    }
}

impl KeyPart for CommandSpec {
    fn add_to(&self, key: KeyBuilder) -> KeyBuilder {
        let Self { program, arguments, tenant, run } = self;
        key.part(program)
            .parts(arguments.iter().map(Secret::expose))
            .optional(tenant.as_ref().map(TenantId::as_str))
            .with(run)
    }
}

impl NamePart for CommandSpec {
    /// Tokens that a program printed are not stored: their owner is not known.
    fn add_to_name(&self, _: Reach, _: KeyBuilder) -> Option<KeyBuilder> {
        None
    }
}

/// The assumed lifetime of a token without an end. Few tokens have a shorter one, and running the program again costs
/// little.
const UNKNOWN_LIFE: UnixMillis = 5 * 60 * 1000;

/// The placeholder for the scopes of the request.
const SCOPE: &str = "{scope}";
/// The placeholder for the tenant.
const TENANT: &str = "{tenant}";

impl CommandSpec {
    fn name(&self) -> String {
        format!("the command {}", shown("program", &self.program))
    }

    /// Returns an error if the tenant is missing or was not passed to the program: a token of another tenant must not
    /// be returned.
    fn check_tenant(&self, acquisition: &Acquisition) -> Result<(), Error> {
        let has_place = self.arguments.iter().any(|argument| argument.expose().contains(TENANT));
        let message = match &acquisition.tenant {
            Some(tenant) if !has_place => format!(
                "{} cannot request a token of tenant {tenant}: none of its arguments has the placeholder {TENANT}. Add it to \
                 the option arguments, or leave the tenant out",
                self.name()
            ),
            None if has_place && self.tenant.is_none() => {
                format!("{} has the placeholder {TENANT} in its arguments: name the tenant by tenantId", self.name())
            }
            _ => return Ok(()),
        };
        Err(Error::configuration(message, ["tenantId", "arguments"]))
    }

    /// The claims of a challenge have no placeholder, so the resource would refuse the program's token again.
    fn check_claims(&self, acquisition: &Acquisition) -> Result<(), Error> {
        if acquisition.claims.challenge().is_none() {
            return Ok(());
        }
        let message = format!("{} cannot answer a claims challenge: use another credential", self.name());
        Err(Error::new(ErrorKind::Authentication, message))
    }

    /// Replaces the placeholders, and leaves all other text unchanged.
    fn arguments(&self, acquisition: &Acquisition) -> Vec<Secret> {
        let scope = acquisition.scopes.as_slice().join(" ");
        let tenant = acquisition.tenant.as_ref().or(self.tenant.as_ref()).map(TenantId::as_str).unwrap_or_default();
        let filled = |argument: &Secret| Secret::new(argument.expose().replace(TENANT, tenant).replace(SCOPE, &scope));
        self.arguments.iter().map(filled).collect()
    }

    async fn refused(&self, output: &Output, arguments: &[Secret]) -> Error {
        if let Some(shortage) = tool::shortage(&format!("{} gave no token", self.name()), output) {
            return shortage;
        }
        let text = Secret::new(String::from_utf8_lossy(&output.stderr));
        let said = tool::said(&redacted(&text, &self.run.environment, values(arguments)).await);
        let said = if said.is_empty() { "it does not say why".to_owned() } else { said };
        let message = match (tool::ending(output), output.status) {
            (Some(ending), _) => format!("{} gave no token: {ending}. {said}", self.name()),
            (None, Some(status)) => format!("{} ended with status {status}: {said}", self.name()),
            (None, None) => format!("{} gave no token: {}. {UNKNOWN_END}", self.name(), said.trim_end_matches('.')),
        };
        Error::new(ErrorKind::Authentication, message)
    }
}

/// Returns the values in the arguments that may be secret: each argument, and the text after a name (`--key=…`).
fn values(arguments: &[Secret]) -> Vec<Secret> {
    let values = |whole| [Some(whole), str::split_once(whole, ['=', ':']).map(|(_, value)| value)];
    arguments.iter().map(Secret::expose).flat_map(values).flatten().map(Secret::new).collect()
}

#[async_trait]
impl Credential for CommandSpec {
    async fn token(&self, _: CredentialKind, acquisition: &Acquisition) -> Result<AccessToken, Error> {
        self.check_tenant(acquisition)?;
        self.check_claims(acquisition)?;
        let arguments = self.arguments(acquisition);
        let run = Run {
            program: &self.program,
            arguments: arguments.clone(),
            environment: self.run.environment.clone(),
            limits: &self.run,
            folder: None,
        };
        let output =
            run.output(acquisition).await.map_err(|failure| tool::call_failed(&self.name(), failure, &self.run))?;
        if !output.is_answer() {
            return Err(self.refused(&output, &arguments).await);
        }
        let tenant = acquisition.tenant.as_ref().or(self.tenant.as_ref());
        read(&self.name(), &output, tenant, acquisition.host.clock.now())
    }

    fn tenant(&self) -> Option<&TenantId> {
        self.tenant.as_ref()
    }
}

/// JSON, or a token and nothing else.
pub(super) fn read(
    name: &str,
    output: &Output,
    tenant: Option<&TenantId>,
    now: UnixMillis,
) -> Result<AccessToken, Error> {
    let Some(token) = bare(&output.stdout).filter(|_| is_complete(output)) else {
        let printed = ToolOutput::parse(name, output)?.of_tenant(name, tenant)?;
        let unsaid = printed.says_no_end().then(|| end_of(printed.bearer(), now));
        return printed.token(name, CredentialKind::Command, unsaid, now);
    };
    ToolOutput::bare(token).of_tenant(name, tenant)?.token(name, CredentialKind::Command, Some(end_of(token, now)), now)
}

/// Returns the output if it is one word that is not JSON.
fn bare(stdout: &[u8]) -> Option<&str> {
    let text = std::str::from_utf8(stdout).ok()?.trim();
    let is_word = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_graphic());
    // If a member is missing, `jq` prints `null` and exits with status 0.
    let is_json = serde_json::from_str::<IgnoredAny>(text).is_ok();
    (is_word && !is_json && !text.starts_with(['{', '[', '<', '"'])).then_some(text)
}

/// Returns whether a bare token is complete: the program exited with status 0, or its line ends.
fn is_complete(output: &Output) -> bool {
    !output.is_of_unknown_end() || output.stdout.ends_with(b"\n")
}

/// Returns when a token ends that was printed without an end.
fn end_of(token: &str, now: UnixMillis) -> UnixMillis {
    written_end(token).unwrap_or(now + UNKNOWN_LIFE)
}

/// Returns the `exp` of a JWT (RFC 7519 §4.1.4).
fn written_end(token: &str) -> Option<UnixMillis> {
    #[derive(Deserialize)]
    struct Claims {
        exp: Value,
    }
    let claims: Claims = claims_in(token)?;
    expiry::moment(&claims.exp)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::host::Environment;

    #[test]
    fn one_word_is_a_token() {
        assert_eq!(bare(b"ey.a.b\n"), Some("ey.a.b"));
        for text in ["null", "true", "123", "", "\n", "two words", "{}", "[1]", "\"quoted\"", "<html>", "t\u{f6}ken"] {
            assert_eq!(bare(text.as_bytes()), None, "{text}");
        }
    }

    #[tokio::test]
    async fn the_message_of_a_program_shows_no_argument() {
        let arguments = ["token", "token-secret", "--key=hunter22", "-k:hunter33", "abc"].map(Secret::new);
        let environment = Environment::from([("A_TOKEN", "hunt")]);
        let text = Secret::new("token-secret? hunter22, --key=hunter22, hunter33: abc");
        assert_eq!(redacted(&text, &environment, values(&arguments)).await, "***? ***, ***, ***: abc");
    }

    #[test]
    fn a_jwt_says_when_it_ends() {
        // {"exp":1767312000}
        assert_eq!(written_end("e30.eyJleHAiOjE3NjczMTIwMDB9.s"), Some(1_767_312_000_000));
        // {"exp":1767312000.5}: a number need not be whole (RFC 7519 section 2, NumericDate).
        assert_eq!(written_end("e30.eyJleHAiOjE3NjczMTIwMDAuNX0.s"), Some(1_767_312_000_500));
        for token in ["opaque", "a.b.c", "e30.e30.s"] {
            assert_eq!(written_end(token), None);
        }
    }
}
