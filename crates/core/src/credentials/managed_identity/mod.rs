//! The host's managed identity. Each kind of host has its own token service, and a file here. Requests to it never go
//! through a proxy: the service runs on the host, and behind a proxy that of another machine would answer.

pub(super) mod answer;
mod app_service;
pub(super) mod arc;
mod cloud_shell;
mod error_body;
mod imds;
mod known_hosts;
mod machine_learning;
pub(super) mod refusal;
mod revocation;
mod service_fabric;
pub(crate) mod settings;
mod specification;
mod stated_identity;

pub use specification::{ManagedIdentityHost, ManagedIdentityId, ManagedIdentitySpec};

pub(crate) use known_hosts::KnownHosts;
pub(super) use settings::DESCRIPTOR;

use self::{refusal::Service, stated_identity::check_identity};
use super::{Acquisition, Credential};
use crate::{
    transport::{Answer, RetryRules},
    types::{AccessToken, CredentialKind, Error, ErrorKind, Resource},
};
use async_trait::async_trait;
use azure_core::http::Request;
use std::{borrow::Cow, io};

/// The address of Azure Arc's agent, if no variable names one.
const ARC_AGENT: &str = "http://127.0.0.1:40342/metadata/identity/oauth2/token";

impl ManagedIdentitySpec {
    /// Returns the host. If no variable names one, the agent of Azure Arc has precedence over IMDS. An error here ends a
    /// chain: another identity must not be used because the machine lacks a resource.
    async fn decided(&self, acquisition: &Acquisition) -> Result<Cow<'_, Self>, Error> {
        if !matches!(self.host, ManagedIdentityHost::Imds { .. })
            || !acquisition.host.files.have_arc_agent().await.map_err(|error| unseen(&error))?
        {
            return Ok(Cow::Borrowed(self));
        }
        let host = ManagedIdentityHost::Arc { endpoint: ARC_AGENT.to_owned() };
        Ok(Cow::Owned(Self { host, ..self.clone() }))
    }

    async fn decided_token(&self, acquisition: &Acquisition) -> Result<AccessToken, Error> {
        self.check("clientId")?;
        let service = Service::of(&self.host)?;
        if let (ManagedIdentityHost::Imds { authority_host }, true) = (&self.host, self.probe) {
            imds::probed(&service, authority_host, acquisition).await?;
        }
        let Some(resource) = acquisition.scopes.resource() else { return Err(several_scopes()) };
        self.of_host(acquisition, &service, resource).await
    }

    async fn of_host(
        &self,
        acquisition: &Acquisition,
        service: &Service,
        resource: &str,
    ) -> Result<AccessToken, Error> {
        let identity = &self.identity;
        match &self.host {
            ManagedIdentityHost::Imds { authority_host } => {
                let imds = imds::Imds { service, authority_host, identity, is_looked_for: self.probe };
                imds.token(acquisition, resource).await
            }
            ManagedIdentityHost::AppService { header, .. } => {
                let request = app_service::request(service, header, identity, resource, acquisition);
                asked(acquisition, service, identity, request).await
            }
            ManagedIdentityHost::ServiceFabric { header, thumbprint, .. } => {
                service_fabric::ServiceFabric { service, header, thumbprint }.token(acquisition, resource).await
            }
            ManagedIdentityHost::MachineLearning { secret, default_client_id, .. } => {
                let workspace = machine_learning::Workspace { service, secret, default_client_id };
                let identity = &*workspace.identity(identity);
                asked(acquisition, service, identity, workspace.request(identity, resource)).await
            }
            ManagedIdentityHost::CloudShell { .. } => {
                asked(acquisition, service, identity, cloud_shell::request(service, resource)).await
            }
            ManagedIdentityHost::Arc { .. } => arc::Agent { service, identity }.token(acquisition, resource).await,
        }
    }
}

#[async_trait]
impl Credential for ManagedIdentitySpec {
    /// This method ignores a call's tenant, as Azure's SDKs do: clients pass on the tenant of a challenge, and a host's
    /// identity has tokens of its own tenant only.
    async fn token(&self, _: CredentialKind, acquisition: &Acquisition) -> Result<AccessToken, Error> {
        self.decided(acquisition).await?.decided_token(acquisition).await
    }

    fn set_probe(&mut self, probe: bool) {
        self.probe = probe;
    }
}

/// Sends one request to a service that answers with a token of the identity or a refusal.
async fn asked(
    acquisition: &Acquisition,
    service: &Service,
    identity: &ManagedIdentityId,
    request: Request,
) -> Result<AccessToken, Error> {
    let answer = service.answer(&RetryRules::ENTRA, acquisition, request).await?;
    let token = token_or_refusal(acquisition, service, &answer)?;
    check_identity(service, identity, &answer)?;
    Ok(token)
}

fn token_or_refusal(acquisition: &Acquisition, service: &Service, answer: &Answer) -> Result<AccessToken, Error> {
    if answer.is_success() {
        return answer::token(answer, acquisition.host.clock.now()).map_err(|error| error.with_host(service.host()));
    }
    Err(service.refusal(answer))
}

/// Returns the parameter that names a user-assigned identity; each service has its own names for the three ids.
fn named<'a>(identity: &'a ManagedIdentityId, [client, object, resource]: [&'a str; 3]) -> Option<(&'a str, &'a str)> {
    match identity {
        ManagedIdentityId::SystemAssigned => None,
        ManagedIdentityId::ClientId(id) => Some((client, id)),
        ManagedIdentityId::ObjectId(id) => Some((object, id)),
        ManagedIdentityId::ResourceId(id) => Some((resource, id)),
    }
}

/// The options that name an identity.
const OPTIONS: [&str; 3] = ["clientId", "objectId", "resourceId"];

fn unseen(error: &io::Error) -> Error {
    let what = "the managed identity's host cannot be decided";
    Resource::shortage(error, what).unwrap_or_else(|| {
        let message = format!(
            "{what}, because the machine does not say whether the agent of Azure Arc is installed: {error}. Check the disk that the agent is installed on"
        );
        Error::new(ErrorKind::Authentication, message).with_retryable(true)
    })
}

fn several_scopes() -> Error {
    Error::configuration("a token of a managed identity is for one resource: request one scope at a time", ["scopes"])
}
