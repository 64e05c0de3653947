//! A server outside Azure that Azure Arc's agent serves. Its challenge names a file that only members of the agent's
//! group can read; its content proves that we are one. Source: "Authenticate against Azure resources with Azure
//! Arc-enabled servers" (Microsoft Learn).
//!
//! Whoever answers in the agent's place could name any file and be sent its content, so that a file is read only
//! from the agent's own folder, with its own extension, up to its own size, and no link leads out of it.
//!
//! No real agent is to be had for tests: the emulator's plays its part as that document describes it.

use super::{get, judged, only_its_own, refusal::Service};
use crate::{
    config::ManagedIdentityId,
    sources::{pipeline, Acquisition},
    transport::{Answer, RetryRules},
    types::{AccessToken, Error, ErrorKind, Resource, Secret},
};
use azure_core::http::Request;
use std::path::{Path, PathBuf};

const API_VERSION: &str = "2019-11-01";

/// A key is some hundred bytes; the limit is that of azidentity and MSAL.
const LONGEST_KEY: usize = 4096;

pub(super) struct Agent<'a> {
    pub(super) endpoint: &'a str,
}

impl Agent<'_> {
    pub(super) async fn token(
        &self,
        acquisition: &Acquisition,
        identity: &ManagedIdentityId,
        resource: &str,
    ) -> Result<AccessToken, Error> {
        only_its_own("Azure Arc", "a server has its system-assigned identity alone, so leave the id out", identity)?;
        let request = self.request(resource)?;
        let service = Service::of("Azure Arc's agent", &request);
        let challenge = pipeline::answer_of_host(&RetryRules::ENTRA, &acquisition.direct, acquisition, request).await?;
        if challenge.status != 401 {
            return Err(if challenge.is_success() { not_challenged() } else { service.refusal(&challenge) });
        }
        let key = key(&challenge, acquisition).await?;
        let mut request = self.request(resource)?;
        request.insert_header("authorization", format!("Basic {}", key.expose()));
        let answer = pipeline::answer_of_host(&RetryRules::ENTRA, &acquisition.direct, acquisition, request).await?;
        judged(acquisition, &service, &answer)
    }

    fn request(&self, resource: &str) -> Result<Request, Error> {
        let parameters = [("api-version", API_VERSION), ("resource", resource)];
        let mut request = get(self.endpoint, "IDENTITY_ENDPOINT", &parameters)?;
        request.insert_header("metadata", "true");
        Ok(request)
    }
}

/// The content of the file that the challenge names.
async fn key(challenge: &Answer, acquisition: &Acquisition) -> Result<Secret, Error> {
    let file = challenge.challenge.as_deref().and_then(named_file);
    let file = file.ok_or_else(|| untrusted("names no file"))?;
    let folder = acquisition.host.files.arc_keys().ok_or_else(no_agent_here)?;
    if !is_in(&file, &folder) {
        return Err(untrusted("names a file that is not a key in the agent's own folder"));
    }
    let files = &acquisition.host.files;
    let real_file = files.real_path(&file).await.map_err(|error| unread(&file, &error))?;
    let real_folder = files.real_path(&folder).await.map_err(|error| unread(&folder, &error))?;
    if !is_in(&real_file, &real_folder) {
        return Err(untrusted("names a link that leads out of the agent's own folder"));
    }
    let content = files.read(&real_file, LONGEST_KEY).await.map_err(|error| unread(&file, &error))?;
    let text = std::str::from_utf8(&content).map(str::trim).unwrap_or_default();
    if text.is_empty() || !text.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Err(untrusted("names a file that holds no key"));
    }
    Ok(Secret::new(text))
}

/// `Basic realm=/var/opt/azcmagent/tokens/x.key`, with or without quotes.
pub(in crate::sources) fn named_file(challenge: &str) -> Option<PathBuf> {
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
    let message = "Azure Arc's agent gave a token without a challenge: something else answers in its place";
    Error::new(ErrorKind::Authentication, message)
}

fn no_agent_here() -> Error {
    Error::configuration("Azure Arc's agent runs on Linux and on Windows only", ["IDENTITY_ENDPOINT"])
}

fn unread(path: &Path, error: &std::io::Error) -> Error {
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
    // The identity is there: a chain must not go on to another one because this user may not read its key.
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
