//! Client assertions that another identity provider signs. Each acquisition gets a new one.

mod azure_pipelines;
mod oidc_request;

use super::{managed_identity::ManagedIdentitySpec, Acquisition, Credential, RequestedClaims};
use crate::{
    config::options::Options,
    host::AssertionCallback,
    key::{KeyBuilder, KeyPart, NamePart, Reach},
    transport::secrets_of_address,
    types::{
        claims_in, content_for_path, opaque, shown_path, text_of, without_byte_order_mark, CredentialKind, Error,
        Resource, Scopes, Secret, TokenIdentity,
    },
};
use serde::Deserialize;
use serde_json::Value;
use std::path::{Path, PathBuf};

/// Where an assertion comes from. Each acquisition gets it again.
#[derive(Clone)]
pub enum AssertionSpec {
    /// The assertion itself.
    Constant(Secret),
    /// The file that contains the assertion.
    File(PathBuf),
    /// A service like GitHub Actions' returns the assertion: `GET url&audience=…` with a bearer token.
    Request {
        /// The service's address, whose own query parameters are kept.
        url: String,
        /// The bearer token of the request.
        token: Secret,
        /// The audience of the assertion.
        audience: String,
    },
    /// Azure DevOps returns the assertion: `POST url?api-version=7.1&serviceConnectionId=…`.
    AzurePipelines {
        /// `SYSTEM_OIDCREQUESTURI`.
        url: String,
        /// The job's `System.AccessToken`.
        access_token: Secret,
        /// The id of the service connection.
        service_connection: String,
    },
    /// A function of the program returns the assertion.
    Callback(AssertionCallback),
    /// The token of a managed identity is the assertion.
    ManagedIdentity {
        /// The managed identity.
        identity: ManagedIdentitySpec,
        /// The audience of the assertion.
        audience: String,
    },
}

impl AssertionSpec {
    /// The assertion that the program's function `getAssertion` returns.
    pub(super) fn of_callback(options: &Options<'_>) -> Result<Self, Error> {
        options.one_of(&["getAssertion"])?;
        let callback = options.assertion().ok_or_else(|| options.wrong("getAssertion", "is missing"))?;
        Ok(Self::Callback(callback.clone().with_cache_key(options.owned("cacheKey"))))
    }

    /// Returns the secrets that are sent to get the assertion.
    pub(super) fn secrets(&self) -> Vec<Secret> {
        match self {
            Self::Request { url, token: proof, .. } | Self::AzurePipelines { url, access_token: proof, .. } => {
                [vec![proof.clone()], secrets_of_address(url)].concat()
            }
            Self::ManagedIdentity { identity, .. } => identity.host.secrets(),
            Self::Constant(_) | Self::File(_) | Self::Callback(_) => Vec::new(),
        }
    }

    pub(super) fn set_probe(&mut self, probe: bool) {
        if let Self::ManagedIdentity { identity, audience: _ } = self {
            identity.probe = probe;
        }
    }
}

opaque!(AssertionSpec);

impl KeyPart for AssertionSpec {
    fn add_to(&self, key: KeyBuilder) -> KeyBuilder {
        match self {
            Self::Constant(assertion) => key.part("constant").part(assertion.expose()),
            Self::File(path) => key.part("file").path(path),
            Self::Request { url, token, audience } => key.part("request").part(url).part(token.expose()).part(audience),
            Self::AzurePipelines { url, access_token, service_connection } => {
                key.part("pipelines").part(url).part(access_token.expose()).part(service_connection)
            }
            Self::Callback(callback) => key.part("callback").part(callback.id().to_le_bytes()),
            Self::ManagedIdentity { identity, audience } => key.part("managed identity").with(identity).part(audience),
        }
    }
}

impl NamePart for AssertionSpec {
    /// On other machines of a fleet a job has another token and address, so both are left out of the name there. On one
    /// machine they are part of it: another job must not get this job's token.
    fn add_to_name(&self, reach: Reach, name: KeyBuilder) -> Option<KeyBuilder> {
        match (reach, self) {
            (_, Self::Callback(callback)) => callback_name(callback, reach, name),
            (Reach::Machine(_), Self::ManagedIdentity { identity, audience }) => {
                Some(identity.add_to_name(reach, name.part("managed identity"))?.part(audience))
            }
            (Reach::Fleet, Self::ManagedIdentity { identity: _, audience: _ }) => None,
            (Reach::Machine(_), other) => Some(name.with(other)),
            (Reach::Fleet, Self::Constant(assertion)) => Some(constant_name(assertion, name.part("constant"))),
            (Reach::Fleet, Self::File(_)) => Some(name.part("file")),
            (Reach::Fleet, Self::Request { url: _, token: _, audience }) => Some(name.part("request").part(audience)),
            (Reach::Fleet, Self::AzurePipelines { url: _, access_token: _, service_connection }) => {
                Some(name.part("pipelines").part(service_connection))
            }
        }
    }
}

/// Each process gives its function a number of its own, so on one machine only the option `cacheKey` says that two
/// functions are the same.
fn callback_name(callback: &AssertionCallback, reach: Reach, name: KeyBuilder) -> Option<KeyBuilder> {
    let name = name.part("callback");
    match (callback.cache_key(), reach) {
        (Some(key), _) => Some(name.optional(Some(key))),
        (None, Reach::Machine(_)) => None,
        (None, Reach::Fleet) => Some(name.optional(None::<&str>)),
    }
}

/// Names the assertion by its identity; one that is not a JWT, by its text.
fn constant_name(assertion: &Secret, name: KeyBuilder) -> KeyBuilder {
    #[derive(Deserialize)]
    struct Claims {
        iss: String,
        sub: String,
        aud: Value,
    }
    match claims_in::<Claims>(assertion.expose()) {
        Some(Claims { iss, sub, aud }) => name.part([1]).part(iss).part(sub).part(aud.to_string()),
        None => name.part([0]).part(assertion.expose()),
    }
}

/// The longest file. A token with many claims takes about 10 KB.
const LONGEST_FILE: usize = 1 << 20;

/// Gets the assertion. `setting`: the setting that names its place.
pub(super) async fn fetched(spec: &AssertionSpec, setting: &str, acquisition: &Acquisition) -> Result<Secret, Error> {
    let assertion = match spec {
        AssertionSpec::Constant(assertion) => assertion.clone(),
        AssertionSpec::File(path) => of_file(path, setting, acquisition).await?,
        AssertionSpec::Request { url, token, audience } => {
            oidc_request::AssertionRequest { url, token, audience, setting }.assertion(acquisition).await?
        }
        AssertionSpec::AzurePipelines { url, access_token, service_connection } => {
            azure_pipelines::AssertionRequest { url, access_token, service_connection }.assertion(acquisition).await?
        }
        AssertionSpec::Callback(callback) => callback.assertion().await?,
        AssertionSpec::ManagedIdentity { identity, audience } => {
            of_managed_identity(identity, audience, acquisition).await?
        }
    };
    trimmed(assertion.expose())
        .ok_or_else(|| Error::configuration(format!("{setting} gave an empty assertion"), [setting]))
}

/// Returns whether getting the assertion again may give another one.
pub(super) fn is_renewable(spec: &AssertionSpec) -> bool {
    !matches!(spec, AssertionSpec::Constant(_))
}

/// Removes white space and a byte order mark: text that was written by `echo` often ends in a line break, and text from
/// a file may begin with the mark.
fn trimmed(assertion: &str) -> Option<Secret> {
    let text = without_byte_order_mark(assertion).trim();
    (!text.is_empty()).then(|| Secret::new(text))
}

async fn of_file(path: &Path, setting: &str, acquisition: &Acquisition) -> Result<Secret, Error> {
    let read = acquisition.host.files.read(path, LONGEST_FILE).await;
    let content = read.map_err(|error| {
        let what = format!("{setting}: the OIDC token in {} cannot be read", shown_path(setting, path));
        Resource::shortage(&error, &what).unwrap_or_else(|| unread(path, setting, &error.to_string()))
    })?;
    let text = text_of(&content).map_err(|why| unread(path, setting, why))?;
    trimmed(text).ok_or_else(|| unread(path, setting, "it is empty"))
}

/// Pulumi's sentence, because people search for it.
fn unread(path: &Path, setting: &str, why: &str) -> Error {
    let message = content_for_path("the token", setting, path)
        .unwrap_or_else(|| format!("failed to read OIDC token from {}: {why} ({setting})", path.display()));
    Error::configuration(message, [setting])
}

/// Returns the identity's token for the audience: it is the assertion, as federated credentials of managed identities
/// require.
async fn of_managed_identity(
    identity: &ManagedIdentitySpec,
    audience: &str,
    acquisition: &Acquisition,
) -> Result<Secret, Error> {
    let scopes = Scopes::of_endpoint(audience);
    // The claims and the expected identity of this call apply to the request to Entra ID, not to the managed identity.
    let (claims, expected) = (RequestedClaims::default(), TokenIdentity::default());
    let asked = Acquisition { scopes, tenant: None, claims, refused: None, expected, ..acquisition.clone() };
    let token = identity.token(CredentialKind::ManagedIdentity, &asked).await?;
    Ok(token.token)
}
