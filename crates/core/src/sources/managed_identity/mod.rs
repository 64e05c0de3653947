//! The host's managed identity: each kind of host has a service of its own that gives its tokens, in a file of its
//! own here. None is ever asked through a proxy: it stands on the host itself, and would answer for another one.

pub(super) mod answer;
mod app_service;
pub(super) mod arc;
mod cloud_shell;
mod imds;
mod machine_learning;
pub(super) mod refusal;
mod service_fabric;

use super::{pipeline, Acquisition, TokenSource};
use crate::{
    config::{ManagedIdentityHost, ManagedIdentityId, ManagedIdentitySpec},
    transport::{Answer, RetryRules},
    types::{check_header, AccessToken, Error},
};
use async_trait::async_trait;
use azure_core::http::{Method, Request, Url};

pub(super) struct ManagedIdentity(ManagedIdentitySpec);

impl ManagedIdentity {
    pub(super) fn new(spec: ManagedIdentitySpec) -> Self {
        Self(spec)
    }
}

#[async_trait]
impl TokenSource for ManagedIdentity {
    /// A call's tenant is passed over, as in Azure's SDKs: clients hand on the one of a challenge, and an identity of
    /// a host has tokens of its own tenant only.
    async fn token(&self, acquisition: &Acquisition) -> Result<AccessToken, Error> {
        let identity = &self.0.identity;
        if let (ManagedIdentityHost::Imds { authority_host }, true) = (&self.0.host, self.0.probe) {
            imds::probed(authority_host, acquisition).await?;
        }
        let Some(resource) = acquisition.scopes.resource() else { return Err(several_scopes()) };
        check_secret(&self.0.host)?;
        match &self.0.host {
            ManagedIdentityHost::Imds { authority_host } => {
                imds::Imds { authority_host, identity, is_known: self.0.probe }.token(acquisition, resource).await
            }
            ManagedIdentityHost::AppService { endpoint, header } => {
                let request = app_service::request(endpoint, header, identity, resource)?;
                asked(acquisition, "App Service", request).await
            }
            ManagedIdentityHost::ServiceFabric { endpoint, header, thumbprint } => {
                let service = service_fabric::ServiceFabric { endpoint, header, thumbprint };
                service.token(acquisition, identity, resource).await
            }
            ManagedIdentityHost::MachineLearning { endpoint, secret, default_client_id } => {
                let workspace = machine_learning::Workspace { endpoint, secret, default_client_id };
                asked(acquisition, "Azure Machine Learning", workspace.request(identity, resource)?).await
            }
            ManagedIdentityHost::CloudShell { endpoint } => {
                asked(acquisition, "Cloud Shell", cloud_shell::request(endpoint, identity, resource)?).await
            }
            ManagedIdentityHost::Arc { endpoint } => {
                arc::Agent { endpoint }.token(acquisition, identity, resource).await
            }
        }
    }
}

/// What a host is asked with goes into a header.
fn check_secret(host: &ManagedIdentityHost) -> Result<(), Error> {
    match host {
        ManagedIdentityHost::AppService { header, .. } | ManagedIdentityHost::ServiceFabric { header, .. } => {
            check_header(header, "IDENTITY_HEADER")
        }
        ManagedIdentityHost::MachineLearning { secret, .. } => check_header(secret, "MSI_SECRET"),
        _ => Ok(()),
    }
}

/// One request to a service that answers with a token or a refusal.
async fn asked(acquisition: &Acquisition, host: &str, request: Request) -> Result<AccessToken, Error> {
    let service = refusal::Service::of(host, &request);
    let answer = pipeline::answer_of_host(&RetryRules::ENTRA, &acquisition.direct, acquisition, request).await?;
    judged(acquisition, &service, &answer)
}

fn judged(acquisition: &Acquisition, service: &refusal::Service<'_>, answer: &Answer) -> Result<AccessToken, Error> {
    if answer.is_success() {
        return answer::token(answer, acquisition.host.clock.now()).map_err(|error| error.with_host(&service.host));
    }
    Err(service.refusal(answer))
}

/// A GET of the address with these parameters, behind those that it has.
fn get(endpoint: &str, setting: &str, parameters: &[(&str, &str)]) -> Result<Request, Error> {
    let mut url = address(endpoint, setting)?;
    url.query_pairs_mut().extend_pairs(parameters);
    Ok(pipeline::request(url, Method::Get))
}

fn address(endpoint: &str, setting: &str) -> Result<Url, Error> {
    let parsed = Url::parse(endpoint).ok().filter(|url| matches!(url.scheme(), "http" | "https") && url.has_host());
    parsed.ok_or_else(|| Error::configuration(format!("{setting} is not an http address"), [setting]))
}

/// The parameter that names a user-assigned identity; each service has names of its own for the three ids.
fn named<'a>(identity: &'a ManagedIdentityId, [client, object, resource]: [&'a str; 3]) -> Option<(&'a str, &'a str)> {
    match identity {
        ManagedIdentityId::SystemAssigned => None,
        ManagedIdentityId::ClientId(id) => Some((client, id)),
        ManagedIdentityId::ObjectId(id) => Some((object, id)),
        ManagedIdentityId::ResourceId(id) => Some((resource, id)),
    }
}

/// A host that knows one identity must not be asked for another one: it would give its own.
fn only_its_own(host: &str, advice: &str, identity: &ManagedIdentityId) -> Result<(), Error> {
    let Some((option, _)) = named(identity, OPTIONS) else { return Ok(()) };
    let message = format!("{host} cannot be asked for a user-assigned managed identity by {option}: {advice}");
    Err(Error::configuration(message, [option]))
}

/// The options by which an identity is named.
const OPTIONS: [&str; 3] = ["clientId", "objectId", "resourceId"];

fn several_scopes() -> Error {
    Error::configuration("a managed identity has tokens for one resource each: ask for one scope at a time", ["scopes"])
}
