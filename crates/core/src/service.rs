//! Floor 7: a request for a token, from the endpoint to the token.

use crate::{
    cache::{Ask, Cache, Dependency, Key, KeyBuilder},
    certificates::Shelf,
    chain::Chains,
    clouds::{credential_in, Clouds, Means},
    config::Settings,
    host::{Host, Log, LogEntry, LogLevel, Progress, Step},
    sources::{Acquisition, RequestedClaims},
    transport::{Deadline, Transports, Wire},
    types::{AccessToken, Attempt, AttemptOutcome, Cloud, Error, ErrorKind, Scopes, TenantId},
};
use std::{
    future::Future,
    sync::{Arc, Weak},
    time::Duration,
};
use tokio::time::Instant;

/// How long a call may take where the caller says nothing.
pub const DEFAULT_TIMEOUT: Duration = Duration::from_secs(60);

/// Gets tokens, and keeps them: one for the whole process.
pub struct Service {
    host: Host,
    cache: Cache,
    chains: Chains,
    certificates: Shelf,
    clouds: Clouds,
    transports: Transports,
}

/// The login context: settings that were decided once, and who is told what becomes of them.
#[derive(Clone, Debug)]
pub struct Client {
    settings: Arc<Settings>,
    log: Log,
}

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
    /// Ask for a token that takes part in Continuous Access Evaluation.
    pub enable_cae: bool,
    /// Ask for a new token even if a kept one is fresh.
    pub force_refresh: bool,
    /// How long the call may take; absent: [`DEFAULT_TIMEOUT`].
    pub timeout: Option<Duration>,
}

/// What one who keeps a token within reach looks at now and then, see [`Service::trust`]. It does not keep the token
/// from being wiped.
#[derive(Clone, Debug)]
pub struct Lease {
    key: Key,
    token: Weak<AccessToken>,
    dependency: Option<Dependency>,
}

impl Client {
    /// A client with these settings.
    pub fn new(settings: Settings) -> Self {
        let log = settings.log_level.map_or_else(Log::default, |level| Log::default().and_to_stderr(level));
        Self { settings: Arc::new(settings), log }
    }

    /// The same client, whose log goes to `receive` as well.
    pub fn with_log(mut self, level: LogLevel, receive: impl Fn(&LogEntry) + Send + Sync + 'static) -> Self {
        self.log = self.log.and_to(level, receive);
        self
    }

    /// What it was made of.
    pub fn settings(&self) -> &Settings {
        &self.settings
    }
}

impl Default for Service {
    fn default() -> Self {
        Self::new()
    }
}

impl Service {
    /// A service on this machine.
    pub fn new() -> Self {
        Self::with_host(Host::system())
    }

    /// A service on another machine, or on what a test says that it is.
    pub fn with_host(host: Host) -> Self {
        let cache = Cache::new(host.clock.clone());
        Self {
            host,
            cache,
            chains: Chains::default(),
            clouds: Clouds::default(),
            certificates: Shelf::default(),
            transports: Transports::default(),
        }
    }

    /// The same with a test's services in place of the network.
    #[doc(hidden)]
    pub fn over(self, wire: Arc<dyn Wire>) -> Self {
        Self { transports: Transports::over(wire), ..self }
    }

    /// The token that the request is for: the kept one while it is fresh, else a new one. Must be called on a tokio
    /// runtime with time and I/O.
    ///
    /// # Errors
    /// Whatever kept the token from coming, see [`ErrorKind`]; [`ErrorKind::Timeout`] when the request's time is up.
    pub async fn client_token(&self, client: &Client, request: &TokenRequest) -> Result<Arc<AccessToken>, Error> {
        self.leased_token(client, request).await.map(|(token, _)| token)
    }

    /// The same, with a lease on it: for those who keep it within reach themselves.
    ///
    /// # Errors
    /// As [`Service::client_token`].
    pub async fn leased_token(
        &self,
        client: &Client,
        request: &TokenRequest,
    ) -> Result<(Arc<AccessToken>, Lease), Error> {
        let outcome = self.landed(client, request).await;
        self.tell(client, &outcome);
        outcome
    }

    async fn landed(&self, client: &Client, request: &TokenRequest) -> Result<(Arc<AccessToken>, Lease), Error> {
        let settings = Arc::clone(&client.settings);
        let tenant = tenant(&settings, request)?;
        let claims = RequestedClaims::new(request.claims.as_deref(), request.enable_cae)?;
        let (until, timeout) = (self.until(client, request), timeout(client, request));
        let cloud = self.cloud(client, until).await.unwrap_or_else(|step| Err(timed_out(&step, timeout)))?;
        let scopes = scopes(&cloud, request)?;
        let key = key(&settings, &cloud, &scopes, tenant.as_ref(), &claims);
        let dependency = Dependency::of(&settings.credential);
        let binding = dependency.as_ref().map(|dependency| dependency.binding(&self.host.files));
        let ask = Ask { key, until, force_refresh: request.force_refresh, binding };
        let transport = self.transports.of(&settings.network);
        let direct = self.transports.of(&settings.network.direct());
        let (host, chains, log) = (self.host.clone(), self.chains.clone(), client.log.clone());
        let certificates = self.certificates.clone();
        let landing = self.cache.token(ask, move |deadline: Deadline| async move {
            let credential = credential_in(&settings, &cloud);
            let acquisition =
                Acquisition { scopes, tenant, claims, cloud, deadline, transport, direct, host, log, certificates };
            chains.token(&credential, &acquisition).await
        });
        let token = landing.await.unwrap_or_else(|step| Err(timed_out(&step, timeout)))?;
        let lease = Lease { key, token: Arc::downgrade(&token), dependency };
        Ok((token, lease))
    }

    /// The client's cloud, asked for if it is only named; how far that has come, when the time is up.
    pub(crate) async fn cloud(&self, client: &Client, until: Instant) -> Result<Result<Cloud, Error>, Step> {
        let means = self.means(client, until);
        in_time(until, self.clouds.known(&client.settings, &means)).await
    }

    /// Until when a call may take that begins now.
    pub(crate) fn until(&self, client: &Client, request: &TokenRequest) -> Instant {
        self.host.clock.instant() + timeout(client, request)
    }

    /// What a question that is not for a token is asked with.
    pub(crate) fn means(&self, client: &Client, until: Instant) -> Means {
        let network = &client.settings.network;
        let (transport, direct) = (self.transports.of(network), self.transports.of(&network.direct()));
        Means { transport, direct, deadline: Deadline::at(until), host: self.host.clone(), log: client.log.clone() }
    }

    fn tell(&self, client: &Client, outcome: &Result<(Arc<AccessToken>, Lease), Error>) {
        match outcome {
            Ok((token, _)) => client.log.write(&self.host.clock, LogLevel::Debug, || {
                let seconds = (token.expires_on - self.host.clock.now()) / 1000;
                format!("a token of the {}, good for {seconds} s", token.source.in_words())
            }),
            Err(error) => {
                client.log.write(&self.host.clock, LogLevel::Error, || format!("{}: {error}", error.kind().code()));
            }
        }
    }

    /// For how long the token may be used again before the lease has to be looked at again; zero: the token has to be
    /// asked for again, because it is due, was replaced or forgotten, or what it depends on has changed.
    pub fn trust(&self, lease: &Lease) -> Duration {
        let binding = lease.dependency.as_ref().map(|dependency| dependency.binding(&self.host.files));
        self.cache.trust(&lease.key, &lease.token, binding.as_ref())
    }

    /// Forgets every token that is kept.
    pub fn clear_cache(&self) {
        self.cache.clear();
        self.chains.clear();
        self.clouds.clear();
    }

    /// How often that was done: settings that were read before the last time should be read again.
    pub fn cache_generation(&self) -> u64 {
        self.cache.generation()
    }
}

pub(crate) fn scopes(cloud: &Cloud, request: &TokenRequest) -> Result<Scopes, Error> {
    let endpoint = request.endpoint.as_deref().filter(|endpoint| !endpoint.is_empty());
    match (endpoint, &request.scopes) {
        (Some(_), Some(_)) => Err(Error::configuration(
            "an endpoint and scopes exclude each other: give one of them",
            ["endpoint", "scopes"],
        )),
        (None, Some(scopes)) => Scopes::parse(scopes.clone()),
        (Some(endpoint), None) => Ok(Scopes::of_endpoint(endpoint)),
        (None, None) => Ok(Scopes::of_endpoint(&cloud.default_endpoint())),
    }
}

/// How long the call may take.
pub(crate) fn timeout(client: &Client, request: &TokenRequest) -> Duration {
    request.timeout.or(client.settings.timeout).unwrap_or(DEFAULT_TIMEOUT)
}

/// This call's tenant, where it names another one than the credential's own.
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
        "the credential is not allowed to ask for tokens of tenant {tenant}: add it to additionallyAllowedTenants (or AZURE_ADDITIONALLY_ALLOWED_TENANTS, separated by semicolons); * allows every tenant"
    );
    Err(Error::configuration(message, ["tenantId", "additionallyAllowedTenants", "AZURE_ADDITIONALLY_ALLOWED_TENANTS"]))
}

/// Everything that decides whose token it is. The order of scopes does not.
fn key(
    settings: &Settings,
    cloud: &Cloud,
    scopes: &Scopes,
    tenant: Option<&TenantId>,
    claims: &RequestedClaims,
) -> Key {
    let mut sorted: Vec<_> = scopes.as_slice().iter().collect();
    sorted.sort();
    KeyBuilder::new()
        .part(cloud.applications_authority().as_str())
        .parts(sorted.into_iter())
        .optional(tenant.map(TenantId::as_str))
        .optional(claims.as_deref())
        .credential(&settings.credential)
        .build()
}

/// Work of the caller's own; how far it has come, when the time is up.
pub(crate) async fn in_time<F: Future>(until: Instant, work: F) -> Result<F::Output, Step> {
    let progress = Progress::default();
    tokio::time::timeout_at(until, progress.follow(work)).await.map_err(|_| progress.step())
}

/// The call's time was up in that step.
pub(crate) fn timed_out(step: &Step, timeout: Duration) -> Error {
    let milliseconds = timeout.as_millis();
    let message = format!("no token within {milliseconds} ms: {step}, or give the call a longer timeout");
    let attempts = attempts_until(step, &message);
    Error::new(ErrorKind::Timeout, message)
        .with_phase(step.phase)
        .with_host(&step.whom)
        .with_causes(step.failure.iter().cloned().collect())
        .with_attempts(attempts)
        .with_retryable(true)
}

/// The sources that were tried, the one that had not ended yet among them.
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
    use crate::{
        config::{resolve, Inputs, RegionChoice},
        host::Environment,
    };

    fn settings(authority: &str) -> Settings {
        settings_in_region(authority, "")
    }

    fn settings_in_region(authority: &str, region: &str) -> Settings {
        let environment = Environment::from([
            ("ARM_TENANT_ID", "t"),
            ("ARM_CLIENT_ID", "c"),
            ("ARM_CLIENT_SECRET", "s"),
            ("AZURE_AUTHORITY_HOST", authority),
            ("AZURE_REGIONAL_AUTHORITY_NAME", region),
        ]);
        resolve(&Inputs::of_environment(&environment)).unwrap()
    }

    fn cloud_of(settings: &Settings) -> Cloud {
        let cloud = settings.cloud.known().unwrap().clone();
        let authority = settings.authority.clone().unwrap_or(cloud.authority);
        let regional_authority = match &settings.region {
            Some(RegionChoice::Known(region)) => authority.in_region(region).map(Box::new),
            _ => None,
        };
        Cloud { authority, regional_authority, ..cloud }
    }

    fn key_of(settings: &Settings, scopes: &[&str], tenant: Option<&str>, claims: Option<&str>, cae: bool) -> Key {
        let scopes = Scopes::parse(scopes.iter().map(ToString::to_string).collect()).unwrap();
        let tenant = tenant.map(|text| TenantId::parse(text, "").unwrap());
        key(settings, &cloud_of(settings), &scopes, tenant.as_ref(), &RequestedClaims::new(claims, cae).unwrap())
    }

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

    #[test]
    fn whose_token_it_is_decides_and_nothing_else() {
        let public = settings("https://login.microsoftonline.com");
        let base = key_of(&public, &["x", "y"], None, None, false);
        assert_eq!(base, key_of(&public, &["y", "x"], None, None, false), "the order of scopes");
        let others = [
            key_of(&settings("https://b"), &["x", "y"], None, None, false),
            key_of(&settings_in_region("https://login.microsoftonline.com", "westus2"), &["x", "y"], None, None, false),
            key_of(&public, &["x"], None, None, false),
            key_of(&public, &["x", "y"], Some("u"), None, false),
            key_of(&public, &["x", "y"], None, Some("{\"a\":1}"), false),
            key_of(&public, &["x", "y"], None, Some("{\"a\":2}"), false),
            key_of(&public, &["x", "y"], None, None, true),
        ];
        let distinct: std::collections::HashSet<_> = others.iter().chain([&base]).collect();
        assert_eq!(distinct.len(), others.len() + 1);
    }
}
