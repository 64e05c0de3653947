use super::Client;
use crate::{
    credentials::RequestedClaims,
    host::{Progress, Step},
    login::Settings,
    types::{Attempt, AttemptOutcome, Cloud, Error, ErrorKind, Registry, Scopes, TenantId},
};
use std::{future::Future, time::Duration};
use tokio::time::Instant;

/// The default time limit of a call.
pub const DEFAULT_TIMEOUT: Duration = Duration::from_secs(60);

/// The resource of all container registries, in every cloud. A registry may refuse tokens for Azure Resource Manager.
/// Source: <https://learn.microsoft.com/azure/container-registry/container-registry-disable-authentication-as-arm>.
const REGISTRIES: &str = "https://containerregistry.azure.net";

/// What a caller asks for.
#[derive(Clone, Debug, Default)]
pub struct TokenRequest {
    /// The endpoint that the token is for; empty or absent: the cloud's Azure Resource Manager.
    pub endpoint: Option<String>,
    /// The scopes, in place of an endpoint.
    pub scopes: Option<Vec<String>>,
    /// The tenant to ask, in place of the configured one.
    pub tenant: Option<String>,
    /// A claims challenge: the text of a JSON object.
    pub claims: Option<String>,
    /// Whether to ask for a token that takes part in Continuous Access Evaluation.
    pub enable_cae: bool,
    /// Whether to ask for a new token even if the cached one is fresh.
    pub force_refresh: bool,
    /// When the call was made; absent: now. A call that forces a refresh and has waited since gets the failure of a
    /// request that ended meanwhile.
    pub made: Option<Instant>,
    /// The time limit of the call; absent: [`DEFAULT_TIMEOUT`].
    pub timeout: Option<Duration>,
    /// The host of a container registry whose own token is wanted, in place of an endpoint and scopes.
    pub registry: Option<String>,
}

/// A valid request and its deadline, which all its steps share.
pub(crate) struct Call<'a> {
    pub(crate) client: &'a Client,
    /// Absent: the cloud's Azure Resource Manager.
    pub(crate) scopes: Option<Scopes>,
    pub(crate) tenant: Option<TenantId>,
    pub(crate) claims: RequestedClaims,
    /// When it was made, if it forces a refresh.
    pub(crate) forced_at: Option<Instant>,
    pub(crate) until: Instant,
    /// The host as given. Whether it is one of Azure's depends on the cloud.
    registry: Option<String>,
    timeout: Duration,
}

/// The time limit of a call, for the error of a call that exceeds it.
#[derive(Clone, Copy)]
pub(crate) struct Lateness(Duration);

impl<'a> Call<'a> {
    pub(super) fn beginning(start: Instant, client: &'a Client, request: &TokenRequest) -> Result<Self, Error> {
        let timeout = request.timeout.or(client.settings.timeout).unwrap_or(DEFAULT_TIMEOUT);
        Ok(Self {
            client,
            tenant: tenant(&client.settings, request)?,
            claims: RequestedClaims::new(request.claims.as_deref(), request.enable_cae)?,
            scopes: scopes(request)?,
            forced_at: request.force_refresh.then(|| request.made.unwrap_or(start)),
            until: start + timeout,
            registry: request.registry.clone(),
            timeout,
        })
    }

    /// Returns the call with these scopes.
    pub(crate) fn for_scopes(self, scopes: Scopes) -> Self {
        Self { scopes: Some(scopes), ..self }
    }

    pub(crate) fn scopes_in(&self, cloud: &Cloud) -> Scopes {
        if self.registry.is_some() {
            return Scopes::of_endpoint(REGISTRIES);
        }
        self.scopes.clone().unwrap_or_else(|| cloud.default_scopes())
    }

    /// Returns the registry if it is one of Azure's in that cloud.
    pub(crate) fn registry_in(&self, cloud: &Cloud) -> Result<Option<Registry>, Error> {
        self.registry.as_deref().map(|host| Registry::parse(host, cloud)).transpose()
    }

    /// Returns the time limit for errors.
    pub(crate) fn lateness(&self) -> Lateness {
        Lateness(self.timeout)
    }
}

fn scopes(request: &TokenRequest) -> Result<Option<Scopes>, Error> {
    let endpoint = request.endpoint.as_deref().filter(|endpoint| !endpoint.is_empty());
    match (endpoint, &request.scopes) {
        (Some(_), Some(_)) => Err(Error::configuration(
            "an endpoint and scopes exclude each other: give one of them",
            ["endpoint", "scopes"],
        )),
        (None, Some(scopes)) => Scopes::parse(scopes.clone()).map(Some),
        (endpoint, None) => endpoint.map(Scopes::parse_endpoint).transpose(),
    }
}

/// Returns this call's tenant if it differs from the credential's own.
fn tenant(settings: &Settings, request: &TokenRequest) -> Result<Option<TenantId>, Error> {
    let Some(text) = &request.tenant else { return Ok(None) };
    let tenant = TenantId::parse(text, "tenantId")?;
    if settings.credential.tenant().is_some_and(|own| own.as_str().eq_ignore_ascii_case(tenant.as_str())) {
        return Ok(None);
    }
    if settings.allows_tenant(&tenant) {
        return Ok(Some(tenant));
    }
    let message = format!(
        "the credential is not allowed to request tokens of tenant {tenant}: add it to additionallyAllowedTenants (or AZURE_ADDITIONALLY_ALLOWED_TENANTS, separated by semicolons); * allows every tenant"
    );
    Err(Error::configuration(message, ["tenantId", "additionallyAllowedTenants", "AZURE_ADDITIONALLY_ALLOWED_TENANTS"]))
}

/// Does work of the caller itself. At the deadline, returns the step that it has reached.
pub(crate) async fn in_time<F: Future>(until: Instant, work: F) -> Result<F::Output, Step> {
    let progress = Progress::default();
    tokio::time::timeout_at(until, progress.follow(work)).await.map_err(|_| progress.step())
}

impl Lateness {
    /// Returns the error for a call whose time ended in that step.
    pub(crate) fn error(self, step: &Step) -> Error {
        let milliseconds = self.0.as_millis();
        let message = format!("no token within {milliseconds} ms: {step}, or give the call a longer timeout");
        let attempts = attempts_until(step, &message);
        Error::new(ErrorKind::Timeout, message)
            .with_phase(step.phase)
            .with_host(&step.peer)
            .with_causes(step.failure.iter().cloned().collect())
            .with_attempts(attempts)
            .with_retryable(true)
    }
}

/// Returns the sources that were tried, including the one that had not ended yet.
fn attempts_until(step: &Step, reason: &str) -> Vec<Attempt> {
    let unended = step.sources.trying.map(|(source, since)| Attempt {
        source,
        outcome: AttemptOutcome::Failed,
        reason: Some(reason.to_owned()),
        duration: since.elapsed(),
    });
    step.sources.tried.iter().cloned().chain(unended).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{config::Inputs, host::Environment, login::resolve};

    #[test]
    fn a_chain_sends_no_members_secret_to_a_tenant_that_is_not_allowed() {
        let chain = |allowed| {
            let environment = Environment::from([
                ("AZURE_TENANT_ID", "own"),
                ("AZURE_CLIENT_ID", "c"),
                ("AZURE_CLIENT_SECRET", "s"),
                ("AZURE_ADDITIONALLY_ALLOWED_TENANTS", allowed),
            ]);
            resolve(&Inputs::of_environment(&environment)).unwrap()
        };
        let asked = |settings: &Settings, text: &str| {
            tenant(settings, &TokenRequest { tenant: Some(text.to_owned()), ..TokenRequest::default() })
        };
        let settings = chain("");
        assert_eq!(settings.credential.kind().as_str(), "chain");
        assert_eq!(asked(&settings, "foreign").unwrap_err().kind(), ErrorKind::Configuration);
        assert!(asked(&settings, "OWN").is_ok());
        assert!(asked(&chain("other;foreign"), "foreign").is_ok());
    }
}
