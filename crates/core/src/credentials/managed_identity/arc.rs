//! A server outside Azure that Azure Arc's agent serves. Its challenge names a file that only members of the agent's
//! group can read; its content proves that we are one. Source: "Authenticate against Azure resources with Azure
//! Arc-enabled servers" (Microsoft Learn).
//!
//! Another program that answers instead of the agent could name any file and receive its content. So a file is read only
//! from the agent's own folder, with its extension and up to its size limit, and never through a symbolic or hard link.
//!
//! No real agent is available to the tests: the emulator behaves as that document describes.

use super::{
    named,
    refusal::Service,
    stated_identity::{statement, Statement},
    token_or_refusal,
};
use crate::{
    credentials::Acquisition,
    credentials::ManagedIdentityId,
    transport::{Answer, RetryRules},
    types::{shown, AccessToken, Error, ErrorKind, Resource, Secret},
};
use azure_core::http::Request;
use std::path::{Path, PathBuf};

const API_VERSION: &str = "2019-11-01";

/// The first version that supports user-assigned identities: `managedidentity` in
/// microsoft-authentication-library-for-go.
const API_VERSION_OF_NAMED: &str = "2020-06-01";

/// A key has some hundred bytes; azidentity and MSAL have the same limit.
const LONGEST_KEY: usize = 4096;

pub(super) struct Agent<'a> {
    pub(super) service: &'a Service,
    pub(super) identity: &'a ManagedIdentityId,
}

impl Agent<'_> {
    pub(super) async fn token(&self, acquisition: &Acquisition, resource: &str) -> Result<AccessToken, Error> {
        let challenge = self.asked(acquisition, self.request(resource)).await?;
        if challenge.status != 401 {
            return Err(if challenge.is_success() { not_challenged() } else { self.service.refusal(&challenge) });
        }
        let key = key(&challenge, acquisition).await?;
        let mut request = self.request(resource);
        request.insert_header("authorization", format!("Basic {}", key.expose()));
        let answer = self.asked(acquisition, request).await?;
        let token = token_or_refusal(acquisition, self.service, &answer)?;
        self.confirm(&answer)?;
        Ok(token)
    }

    async fn asked(&self, acquisition: &Acquisition, request: Request) -> Result<Answer, Error> {
        self.service.answer(&RetryRules::ENTRA, acquisition, request).await
    }

    fn request(&self, resource: &str) -> Request {
        let id = named(self.identity, ["client_id", "object_id", "msi_res_id"]);
        let version = if id.is_some() { API_VERSION_OF_NAMED } else { API_VERSION };
        let mut parameters = vec![("api-version", version), ("resource", resource)];
        parameters.extend(id);
        let mut request = self.service.get(&parameters);
        request.insert_header("metadata", "true");
        request
    }

    /// An agent that does not support user-assigned identities ignores the parameter and returns the token of the
    /// system-assigned one. An agent that supports them repeats the id in its answer.
    fn confirm(&self, answer: &Answer) -> Result<(), Error> {
        let Some((option, id)) = named(self.identity, super::OPTIONS) else { return Ok(()) };
        match statement(self.identity, answer) {
            Statement::Same => Ok(()),
            Statement::Other | Statement::Nothing => Err(unconfirmed(option, id).with_host(self.service.host())),
        }
    }
}

fn unconfirmed(option: &str, id: &str) -> Error {
    let id = shown(option, id);
    let message = format!(
        "Azure Arc's agent gave a token without confirming that it belongs to the identity with the {option} {id}: check \
         that the identity is assigned to this server, and update the agent to a version that supports user-assigned \
         identities"
    );
    Error::new(ErrorKind::Authentication, message)
}

/// Reads the key from the file that the challenge names.
async fn key(challenge: &Answer, acquisition: &Acquisition) -> Result<Secret, Error> {
    let file = challenge.challenge.as_deref().and_then(named_file);
    let file = file.ok_or_else(|| untrusted("names no file"))?;
    let folder = acquisition.host.files.arc_keys().ok_or_else(no_agent_here)?;
    if !is_in(&file, &folder) {
        return Err(untrusted("names a file that is not a key in the agent's own folder"));
    }
    let content = acquisition.host.files.arc_key(&file, &folder, LONGEST_KEY).await;
    let content = content.map_err(|error| unread(&file, &error))?;
    let text = std::str::from_utf8(&content).map(str::trim).unwrap_or_default();
    if text.is_empty() || !text.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Err(untrusted("names a file that contains no key"));
    }
    Ok(Secret::new(text))
}

/// Returns the path in `Basic realm=/var/opt/azcmagent/tokens/x.key`, with or without quotes.
pub(in crate::credentials) fn named_file(challenge: &str) -> Option<PathBuf> {
    let (scheme, parameters) = challenge.split_once(' ')?;
    let (name, value) = parameters.split_once('=')?;
    let path = value.trim().trim_matches('"');
    let is_ours = scheme.eq_ignore_ascii_case("basic") && name.trim().eq_ignore_ascii_case("realm") && !path.is_empty();
    is_ours.then(|| PathBuf::from(path))
}

fn is_in(file: &Path, folder: &Path) -> bool {
    file.parent() == Some(folder) && file.extension().is_some_and(|extension| extension == "key")
}

fn untrusted(what: &str) -> Error {
    let message = format!("Azure Arc's agent gave a challenge that {what}: it was not followed");
    Error::new(ErrorKind::Authentication, message)
}

fn not_challenged() -> Error {
    let message = "Azure Arc's agent gave a token without a challenge: another program answers in its place";
    Error::new(ErrorKind::Authentication, message)
}

fn no_agent_here() -> Error {
    Error::configuration("Azure Arc's agent runs on Linux and on Windows only", ["IDENTITY_ENDPOINT"])
}

fn unread(path: &Path, error: &std::io::Error) -> Error {
    if error.kind() == std::io::ErrorKind::InvalidInput {
        return untrusted(&format!("names a file that is not a key of its own ({error})"));
    }
    let what = format!("the key of Azure Arc's agent cannot be read from {}", path.display());
    if let Some(shortage) = Resource::shortage(error, &what) {
        return shortage;
    }
    let advice = match error.kind() {
        std::io::ErrorKind::PermissionDenied => {
            ". Its readers are members of the group himds (Linux) or Hybrid Agent Extension Applications (Windows)"
        }
        _ => "",
    };
    let message = format!("{what}: {error}{advice}");
    // The host has an identity. A chain must not use another one because this user may not read the key.
    Error::new(ErrorKind::Authentication, message).with_causes(vec![error.to_string()])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_challenge_names_its_file() {
        for challenge in ["Basic realm=/a/b.key", "basic Realm=\"/a/b.key\"", "Basic realm= /a/b.key "] {
            assert_eq!(named_file(challenge), Some(PathBuf::from("/a/b.key")), "{challenge}");
        }
        for challenge in ["", "Basic", "Basic realm=", "Bearer realm=/a/b.key", "Basic file=/a/b.key", "Basic realm"] {
            assert_eq!(named_file(challenge), None, "{challenge}");
        }
    }

    #[test]
    fn a_key_lies_directly_in_the_folder() {
        let folder = Path::new("/agent/tokens");
        assert!(is_in(Path::new("/agent/tokens/a.key"), folder));
        for file in [
            "/agent/tokens/a",
            "/agent/tokens/a.pem",
            "/agent/tokens/deep/a.key",
            "/etc/a.key",
            "/agent/tokens/../a.key",
        ] {
            assert!(!is_in(Path::new(file), folder), "{file}");
        }
    }
}
