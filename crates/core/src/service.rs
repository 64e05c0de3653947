//! Floor 7: a request for a token, from the endpoint to the token.

use crate::{
    cache::{Ask, Cache, Dependency, Key, KeyBuilder, Lease},
    certificates::Shelf,
    chain::Chains,
    clouds::{credential_in, Clouds, Means},
    config::Settings,
    host::{Host, Log, LogEntry, LogLevel},
    sources::{Acquisition, RequestedClaims},
    transport::{Deadline, Transports, Wire},
    types::{AccessToken, Cloud, Error, Scopes, TenantId},
};
use std::{sync::Arc, time::Duration};
use tokio::time::Instant;

mod call;

pub(crate) use call::{in_time, Call};
pub use call::{TokenRequest, DEFAULT_TIMEOUT};

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
        match self.call(client, request) {
            Ok(call) => self.answer(call).await,
            Err(error) => self.told(client, Err(error)),
        }
    }

    /// The request as a call that begins now.
    ///
    /// # Errors
    /// [`ErrorKind::Configuration`](crate::ErrorKind::Configuration) where the request makes no sense.
    pub(crate) fn call<'a>(&self, client: &'a Client, request: &TokenRequest) -> Result<Call<'a>, Error> {
        Call::beginning(self.now(), client, request)
    }

    /// The call's token.
    pub(crate) async fn answer(&self, call: Call<'_>) -> Result<(Arc<AccessToken>, Lease), Error> {
        let client = call.client;
        let outcome = self.landed(call).await;
        self.told(client, outcome)
    }

    async fn landed(&self, call: Call<'_>) -> Result<(Arc<AccessToken>, Lease), Error> {
        let cloud = self.cloud(&call).await?;
        let (settings, log) = (Arc::clone(&call.client.settings), call.client.log.clone());
        let (late, until, scopes) = (call.lateness(), call.until, call.scopes_in(&cloud));
        let Call { tenant, claims, force_refresh, .. } = call;
        let binding = Dependency::of(&settings.credential).map(|dependency| dependency.binding(&self.host.files));
        let transport = self.transports.of(&settings.network);
        let key = key(&settings, transport.number(), &cloud, &scopes, tenant.as_ref(), &claims);
        let ask = Ask { key, until, force_refresh, binding };
        let direct = self.transports.of(&settings.network.direct());
        let (host, chains, certificates) = (self.host.clone(), self.chains.clone(), self.certificates.clone());
        let landing = self.cache.token(ask, move |deadline: Deadline| async move {
            let credential = credential_in(&settings, &cloud);
            let acquisition =
                Acquisition { scopes, tenant, claims, cloud, deadline, transport, direct, host, log, certificates };
            chains.token(&credential, &acquisition).await
        });
        let leased = landing.await.unwrap_or_else(|step| Err(late.error(&step)))?;
        Ok((leased.token, leased.lease))
    }

    /// The call's cloud, asked for if it is only named.
    pub(crate) async fn cloud(&self, call: &Call<'_>) -> Result<Cloud, Error> {
        let means = self.means(call);
        let known = in_time(call.until, self.clouds.known(&call.client.settings, &means)).await;
        known.unwrap_or_else(|step| Err(call.lateness().error(&step)))
    }

    /// The moment by the clock that calls are timed with.
    pub(crate) fn now(&self) -> Instant {
        self.host.clock.instant()
    }

    /// What a question that is not for a token is asked with.
    pub(crate) fn means(&self, call: &Call<'_>) -> Means {
        let network = &call.client.settings.network;
        let (transport, direct) = (self.transports.of(network), self.transports.of(&network.direct()));
        let (deadline, log) = (Deadline::at(call.until), call.client.log.clone());
        Means { transport, direct, deadline, host: self.host.clone(), log }
    }

    /// The outcome, noted in the log.
    pub(crate) fn told(
        &self,
        client: &Client,
        outcome: Result<(Arc<AccessToken>, Lease), Error>,
    ) -> Result<(Arc<AccessToken>, Lease), Error> {
        match &outcome {
            Ok((token, _)) => client.log.write(&self.host.clock, LogLevel::Debug, || {
                let seconds = (token.expires_on - self.host.clock.now()) / 1000;
                format!("a token of the {}, good for {seconds} s", token.source.in_words())
            }),
            Err(error) => {
                client.log.write(&self.host.clock, LogLevel::Error, || format!("{}: {error}", error.kind().code()));
            }
        }
        outcome
    }

    /// For how long the token may be used again before the lease has to be looked at again; zero: the token has to be
    /// asked for again, because it is due, was replaced or forgotten, or what it depends on has changed.
    pub fn trust(&self, lease: Lease) -> Duration {
        self.cache.trust(lease, |binding| binding.is_current(&self.host.files))
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

/// Everything that decides whose token it is, and over which network it comes: who goes through another proxy must not
/// share this one's failures. The order of scopes does not matter.
fn key(
    settings: &Settings,
    network: u64,
    cloud: &Cloud,
    scopes: &Scopes,
    tenant: Option<&TenantId>,
    claims: &RequestedClaims,
) -> Key {
    let mut sorted: Vec<_> = scopes.as_slice().iter().collect();
    sorted.sort_unstable();
    KeyBuilder::new()
        .part(network.to_le_bytes())
        .part(cloud.applications_authority().as_str())
        .parts(sorted.into_iter())
        .optional(tenant.map(TenantId::as_str))
        .optional(claims.as_deref())
        .credential(&settings.credential)
        .build()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        config::{resolve, Inputs, RegionChoice},
        host::Environment,
        transport::{WireAnswer, WireRequest},
        types::{ErrorKind, Phase},
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
        key(settings, 0, &cloud_of(settings), &scopes, tenant.as_ref(), &RequestedClaims::new(claims, cae).unwrap())
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

    /// Nothing is reached through the proxy `a`.
    struct OneProxyIsDown;

    #[async_trait::async_trait]
    impl Wire for OneProxyIsDown {
        async fn answer(&self, request: WireRequest) -> Result<WireAnswer, Error> {
            if request.proxy.is_some_and(|proxy| proxy.contains("//a.")) {
                return Err(Error::new(ErrorKind::Network, "the proxy is down").with_phase(Phase::Proxy));
            }
            let body = r#"{ "access_token": "x", "expires_in": 3600 }"#.into();
            Ok(WireAnswer { status: 200, headers: Vec::new(), body })
        }
    }

    #[tokio::test(start_paused = true)]
    async fn who_goes_through_another_proxy_does_not_share_the_failure_of_this_one() {
        let service = Service::new().over(Arc::new(OneProxyIsDown));
        let through = |proxy| {
            let environment = Environment::from([
                ("ARM_TENANT_ID", "t"),
                ("ARM_CLIENT_ID", "c"),
                ("ARM_CLIENT_SECRET", "s"),
                ("HTTPS_PROXY", proxy),
            ]);
            Client::new(resolve(&Inputs::of_environment(&environment)).unwrap())
        };
        let request = TokenRequest::default();
        let refused = service.client_token(&through("http://a.example:1"), &request).await.unwrap_err();
        assert_eq!(refused.phase(), Some(Phase::Proxy));
        assert!(service.client_token(&through("http://b.example:1"), &request).await.is_ok());
    }
}
