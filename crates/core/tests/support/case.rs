//! The format of `scenario.json`. An unknown member is an error, so that none is ignored.

use super::credential::Credential;
use azure_client_token_core::{
    config::NetworkSettings, consider, login::Settings, resolve, ConfigSource, Considered, CredentialOptions,
    Environment, Error, Inputs, PulumiConfig, Secret, TokenRequest,
};
use serde::Deserialize;
use serde_json::Value;
use std::{collections::BTreeMap, time::Duration};

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Case {
    /// One sentence: what could go wrong without this case.
    pub(crate) why: String,
    /// `posix` or `windows`, if the result differs between them.
    pub(crate) platform: Option<Platform>,
    /// The snapshot of the environment.
    #[serde(default)]
    pub(crate) environment: BTreeMap<String, String>,
    /// The configuration of Pulumi's provider, without `azure-native:`. If present, the program runs inside Pulumi.
    pub(crate) config: Option<BTreeMap<String, String>>,
    /// Whether it is the configuration of an explicit provider.
    #[serde(default)]
    pub(crate) is_provider: bool,
    /// The options of an explicit credential.
    pub(crate) options: Option<Value>,
    /// A credential in the form of `config`, in place of the environment's.
    pub(crate) spec: Option<Credential>,
    /// Calls that are made first, one after the other, whatever their results.
    #[serde(default)]
    pub(crate) before: Vec<Request>,
    #[serde(default)]
    pub(crate) request: Request,
    /// The files: a text, `{ "link": "/path" }`, `{ "failure": 24 }`, or `{ "certificate": "name" }`.
    #[serde(default)]
    pub(crate) files: BTreeMap<String, File>,
    /// The programs that are run, in this order.
    #[serde(default)]
    pub(crate) commands: Vec<ScriptedCommand>,
    /// The requests that are sent, in this order.
    #[serde(default)]
    pub(crate) http: Vec<ScriptedRequest>,
    pub(crate) expect: Expected,
    /// Texts that must not occur anywhere. The expected token never may.
    #[serde(default)]
    pub(crate) secrets: Vec<String>,
    /// The least and the most time in seconds, on the paused clock.
    pub(crate) takes: Option<(f64, f64)>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) enum Platform {
    Posix,
    Windows,
}

impl Platform {
    /// The platform on which the tests run.
    const THIS: Self = if cfg!(windows) { Self::Windows } else { Self::Posix };
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Request {
    endpoint: Option<String>,
    scopes: Option<Vec<String>>,
    tenant_id: Option<String>,
    claims: Option<String>,
    #[serde(default)]
    enable_cae: bool,
    /// In milliseconds.
    timeout: Option<u64>,
    /// The container registry whose own token is wanted.
    registry: Option<String>,
}

impl Request {
    pub(crate) fn token_request(&self) -> TokenRequest {
        TokenRequest {
            endpoint: self.endpoint.clone(),
            scopes: self.scopes.clone(),
            tenant: self.tenant_id.clone(),
            claims: self.claims.clone(),
            enable_cae: self.enable_cae,
            force_refresh: false,
            made: None,
            timeout: self.timeout.map(Duration::from_millis),
            registry: self.registry.clone(),
        }
    }
}

#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub(crate) enum File {
    Text(String),
    Link {
        link: String,
    },
    /// Every operation on it fails with this error number of the operating system.
    Failure {
        failure: i32,
    },
    /// A file in `tests/certificates`.
    Certificate {
        certificate: String,
    },
}

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct ScriptedCommand {
    /// The name by which it is looked for.
    pub(crate) program: String,
    /// All of its arguments; absent: any.
    pub(crate) arguments: Option<Vec<String>>,
    /// Variables that it must have; null: must not have.
    #[serde(default)]
    pub(crate) environment: BTreeMap<String, Option<String>>,
    #[serde(default)]
    pub(crate) stdout: Printed,
    #[serde(default)]
    pub(crate) stderr: String,
    #[serde(default)]
    pub(crate) exit: i32,
    /// The number of the signal that ends it.
    pub(crate) signal: Option<i32>,
    /// Whether it is unknown how it ended.
    #[serde(default)]
    pub(crate) unknown_end: bool,
    /// How many seconds it takes.
    #[serde(default)]
    pub(crate) seconds: f64,
    /// Why it has no output: `notFound`, `notStarted`, `noProcess`, `tooMuchOutput`, `unsafeArgument`.
    pub(crate) failure: Option<String>,
}

/// A text, or a JSON value that is printed as one.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
pub(crate) enum Printed {
    Text(String),
    Json(Value),
}

impl Default for Printed {
    fn default() -> Self {
        Self::Text(String::new())
    }
}

impl Printed {
    pub(crate) fn text(&self) -> String {
        match self {
            Self::Text(text) => text.clone(),
            Self::Json(value) => value.to_string(),
        }
    }
}

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct ScriptedRequest {
    pub(crate) method: String,
    /// The whole address, with its parameters in any order.
    pub(crate) url: String,
    /// Headers that it must have; null: must not have.
    #[serde(default)]
    pub(crate) headers: BTreeMap<String, Option<String>>,
    /// Fields that its form must have; null: must not have.
    #[serde(default)]
    pub(crate) form: BTreeMap<String, Option<String>>,
    /// The proxy that is used; absent: none.
    pub(crate) proxy: Option<String>,
    /// The thumbprint of its server's certificate; absent: none.
    pub(crate) pinned: Option<String>,
    /// How many times in a row this happens.
    #[serde(default = "once")]
    pub(crate) times: u32,
    /// How many seconds the answer takes.
    #[serde(default)]
    pub(crate) seconds: f64,
    pub(crate) answer: Option<Answer>,
    /// Why there is no answer: `refused`, `proxyRefused`, `proxyUnavailable`, `unreachable`, `noPort`, `noDescriptor`,
    /// `dns`, `dnsDeferred`, `reset`.
    pub(crate) failure: Option<String>,
}

fn once() -> u32 {
    1
}

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Answer {
    #[serde(default = "ok")]
    pub(crate) status: u16,
    #[serde(default)]
    pub(crate) headers: BTreeMap<String, String>,
    pub(crate) json: Option<Value>,
    pub(crate) text: Option<String>,
}

fn ok() -> u16 {
    200
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Expected {
    pub(crate) token: Option<String>,
    /// RFC 3339; the clock starts at 2026-01-01T00:00:00Z.
    pub(crate) expires_on: Option<String>,
    pub(crate) source: Option<String>,
    /// The shown ids of its tenant, application and object.
    pub(crate) identity: Option<[Option<String>; 3]>,
    /// `source: outcome`, in order.
    pub(crate) attempts: Option<Vec<String>>,
    pub(crate) error: Option<ExpectedError>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct ExpectedError {
    pub(crate) code: String,
    /// Parts of the message.
    #[serde(default)]
    pub(crate) message: Vec<String>,
    /// Texts that the message must not contain.
    #[serde(default)]
    pub(crate) unsaid: Vec<String>,
    pub(crate) settings: Option<Vec<String>>,
    pub(crate) status_code: Option<u16>,
    pub(crate) error_codes: Option<Vec<i64>>,
    pub(crate) phase: Option<String>,
    pub(crate) retryable: Option<bool>,
    /// The section of TROUBLESHOOTING.md to which it links.
    pub(crate) help: Option<String>,
}

impl Case {
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        let case: Self = serde_json::from_str(text).map_err(|error| error.to_string())?;
        let ends = usize::from(case.expect.token.is_some()) + usize::from(case.expect.error.is_some());
        if case.why.split_whitespace().count() < 4 || ends != 1 {
            return Err("it needs a sentence of why, and either a token or an error to expect".to_owned());
        }
        Ok(case)
    }

    pub(crate) fn is_of_this_platform(&self) -> bool {
        self.platform.is_none_or(|platform| platform == Platform::THIS)
    }

    pub(crate) fn settings(&self) -> Result<Settings, Error> {
        let environment = self.environment();
        let Some(credential) = &self.spec else { return self.with_inputs(&environment, resolve) };
        Ok(Settings {
            additionally_allowed_tenants: vec!["*".to_owned()],
            network: NetworkSettings::from_environment(&environment)?,
            ..Settings::of(credential.spec()?)
        })
    }

    /// Returns what is reported about the settings, even about unusable ones.
    pub(crate) fn considered(&self) -> Considered {
        let environment = self.environment();
        self.spec.as_ref().map_or_else(|| self.with_inputs(&environment, consider), |_| Considered::default())
    }

    fn environment(&self) -> Environment {
        let secret = |(name, value): (&String, &String)| (name.clone(), Secret::new(value.as_str()));
        self.environment.iter().map(secret).collect()
    }

    fn with_inputs<T>(&self, environment: &Environment, look: impl FnOnce(&Inputs<'_>) -> T) -> T {
        let pulumi = self.config.as_ref().map(|values| {
            let secret = |(name, value): (&String, &String)| (name.clone(), Secret::new(value.as_str()));
            let source = if self.is_provider { ConfigSource::Provider } else { ConfigSource::Stack };
            PulumiConfig::new(source, values.iter().map(secret))
        });
        let options = self.options.as_ref().map(explicit);
        let inputs = Inputs::of_environment(environment);
        look(&Inputs { pulumi: pulumi.as_ref(), options: options.as_ref(), ..inputs })
    }

    /// Returns the texts that must not occur, including the expected token.
    pub(crate) fn all_secrets(&self) -> impl Iterator<Item = &String> {
        self.secrets.iter().chain(&self.expect.token)
    }
}

/// An explicit credential as JavaScript passes it: texts and lists by name, members of an object after a dot.
fn explicit(options: &Value) -> CredentialOptions {
    let mut given = CredentialOptions::default();
    for (name, value) in options.as_object().expect("options are an object") {
        match value {
            Value::String(text) if name == "credential" => given.credential.clone_from(text),
            Value::Array(members) if name == "chain" => given.chain = members.iter().map(explicit).collect(),
            Value::Array(values) => drop(given.lists.insert(name.clone(), values.iter().map(written).collect())),
            Value::Object(variables) if name == "environment" => {
                let pair =
                    |(name, value): (&String, &Value)| Secret::new(format!("{name}={}", written(value).expose()));
                given.lists.insert("environment.*".to_owned(), variables.iter().map(pair).collect());
            }
            Value::Object(members) => {
                given.texts.insert(name.clone(), Secret::new("true"));
                given.texts.extend(members.iter().map(|(id, value)| (format!("{name}.{id}"), written(value))));
            }
            single => drop(given.texts.insert(name.clone(), written(single))),
        }
    }
    given
}

fn written(value: &Value) -> Secret {
    Secret::new(value.as_str().map_or_else(|| value.to_string(), str::to_owned))
}
