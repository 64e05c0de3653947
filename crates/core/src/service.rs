//! Layer 7: handles a call for a token, from its arguments to its result.

use crate::{
    cache::{Cache, FileChecks, LoginFingerprint, LoginSource, NearCacheLease},
    certificates::CertificateCache,
    chain::Chains,
    clouds::{credential_in, Clouds, RequestContext},
    config::{NetworkId, NetworkSettings},
    credentials::{Acquisition, KnownHosts},
    host::{ensure_randomness, Host, Log, LogEntry, LogLevel, Step},
    login::Settings,
    transport::{Deadline, HttpStub, Transport, Transports},
    types::{check_identity, AccessToken, CachedIn, Cloud, Error, TokenIdentity},
};
use std::{
    future::Future,
    sync::{
        atomic::{AtomicBool, Ordering},
        Arc, OnceLock,
    },
    time::Duration,
};
use tokio::time::Instant;

mod call;
mod preparation;
mod prepared_call;
mod stored_tokens;

pub(crate) use call::{in_time, Call};
pub use call::{TokenRequest, DEFAULT_TIMEOUT};
use prepared_call::Prepared;

/// Gets tokens and keeps them. One service is enough for a process.
pub struct Service {
    host: Host,
    cache: Cache,
    file_checks: FileChecks,
    chains: Chains,
    certificates: CertificateCache,
    clouds: Clouds,
    transports: Transports,
    known_hosts: KnownHosts,
    refusal_memory: OnceLock<Duration>,
}

/// A login context: its settings, which are resolved once, and its log.
#[derive(Clone, Debug)]
pub struct Client {
    settings: Arc<Settings>,
    network: Arc<Network>,
    log: Log,
    /// Whether the settings' warnings were logged.
    is_warned: Arc<AtomicBool>,
}

/// The client's network settings in the form that every call needs: they may hold certificates, which are hashed only
/// once.
#[derive(Debug)]
struct Network {
    id: NetworkId,
    direct_id: NetworkId,
    direct: NetworkSettings,
}

impl Network {
    fn of(settings: &NetworkSettings) -> Self {
        let direct = settings.direct();
        Self { id: settings.id(), direct_id: direct.id(), direct }
    }
}

impl Client {
    /// Makes a client with these settings.
    pub fn new(settings: Settings) -> Self {
        let log = settings.log_level.map_or_else(Log::default, |level| Log::default().and_to_stderr(level));
        let network = Arc::new(Network::of(&settings.network));
        Self { settings: Arc::new(settings), network, log, is_warned: Arc::default() }
    }

    /// Returns the client with an additional receiver of its log.
    pub fn with_log(mut self, level: LogLevel, receive: impl Fn(&LogEntry) + Send + Sync + 'static) -> Self {
        self.log = self.log.and_to(level, receive);
        self
    }

    /// Returns its settings.
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
    /// Makes a service on this machine.
    pub fn new() -> Self {
        Self::with_host(Host::system())
    }

    /// Makes a service on another host, such as a test's.
    pub fn with_host(host: Host) -> Self {
        let cache = Cache::new(host.clock.clone());
        Self {
            host,
            cache,
            file_checks: FileChecks::default(),
            chains: Chains::default(),
            clouds: Clouds::default(),
            certificates: CertificateCache::default(),
            transports: Transports::default(),
            known_hosts: KnownHosts::default(),
            refusal_memory: OnceLock::new(),
        }
    }

    /// Returns the service with a test's services in place of the network.
    #[doc(hidden)]
    pub fn over(self, stub: Arc<dyn HttpStub>) -> Self {
        Self { transports: Transports::over(stub), ..self }
    }

    /// Returns the token for the request: the cached one while it is fresh, or else a new one. Must be called on a
    /// tokio runtime with time and I/O.
    ///
    /// # Errors
    /// The reason why there is no token, see [`ErrorKind`]; [`ErrorKind::Timeout`] at the end of the request's time.
    pub async fn client_token(&self, client: &Client, request: &TokenRequest) -> Result<Arc<AccessToken>, Error> {
        self.leased_token(client, request).await.map(|(token, _)| token)
    }

    /// Returns the token with a lease, for a caller with its own cache in front (the near cache of JavaScript).
    ///
    /// # Errors
    /// Those of [`Service::client_token`].
    pub async fn leased_token(
        &self,
        client: &Client,
        request: &TokenRequest,
    ) -> Result<(Arc<AccessToken>, NearCacheLease), Error> {
        match self.call(client, request) {
            Ok(call) => self.answer(call).await,
            Err(error) => self.logged(client, Err(error)),
        }
    }

    /// Makes the request a call that begins now.
    ///
    /// # Errors
    /// [`ErrorKind::Configuration`](crate::ErrorKind::Configuration) if the request is invalid.
    pub(crate) fn call<'a>(&self, client: &'a Client, request: &TokenRequest) -> Result<Call<'a>, Error> {
        self.warn(client);
        Call::beginning(self.now(), client, request)
    }

    /// Logs once which settings have no effect.
    fn warn(&self, client: &Client) {
        if client.settings.warnings.is_empty() || client.is_warned.swap(true, Ordering::Relaxed) {
            return;
        }
        for warning in &client.settings.warnings {
            client.log.write(&self.host.clock, LogLevel::Warn, || warning.clone());
        }
    }

    /// Returns the call's token.
    pub(crate) async fn answer(&self, call: Call<'_>) -> Result<(Arc<AccessToken>, NearCacheLease), Error> {
        let client = call.client;
        let outcome = self.landed(call).await;
        self.logged(client, outcome)
    }

    async fn landed(&self, call: Call<'_>) -> Result<(Arc<AccessToken>, NearCacheLease), Error> {
        let (client, late) = (call.client, call.lateness());
        let Prepared { ask, acquisition, store } = self.prepared(call).await?;
        let (settings, chains) = (Arc::clone(&client.settings), self.chains.clone());
        let is_of_registry = acquisition.registry.is_some();
        let outcome = self.cache.token(ask, move |deadline: Deadline| async move {
            ensure_randomness()?;
            let credential = credential_in(&settings, &acquisition.cloud);
            let acquisition = Acquisition { deadline, ..acquisition };
            let token = chains.token(&credential, &acquisition, store.as_ref()).await?;
            let identity = TokenIdentity::of(token.token.expose()).shown(&settings.ids());
            Ok(AccessToken { identity, ..token })
        });
        let leased = outcome.await.unwrap_or_else(|step| Err(late.error(&step)))?;
        if !is_of_registry {
            check_identity(&leased.token, &client.settings.expected)?;
        }
        Ok((leased.token, leased.lease))
    }

    /// Returns the current state of the login files on which the credential's tokens depend.
    async fn binding(&self, settings: &Settings, until: Instant) -> Result<Option<LoginFingerprint>, Step> {
        let Some(dependency) = LoginSource::of(&settings.credential) else { return Ok(None) };
        in_time(until, dependency.binding(&self.host.files, &self.file_checks)).await.map(Some)
    }

    /// Returns the call's cloud, which is requested if it is only named.
    pub(crate) async fn cloud(&self, call: &Call<'_>) -> Result<Cloud, Error> {
        let context = self.context(call);
        let known = in_time(call.until, self.clouds.known(&call.client.settings, &context)).await;
        known.unwrap_or_else(|step| Err(call.lateness().error(&step)))
    }

    /// Returns the current time of the clock that measures calls.
    pub(crate) fn now(&self) -> Instant {
        self.host.clock.instant()
    }

    /// Returns what a request needs that is not for a token.
    pub(crate) fn context(&self, call: &Call<'_>) -> RequestContext {
        let network = &call.client.network;
        let (transport, direct) = self.transports_of(&call.client.settings, network);
        RequestContext {
            transport,
            network: network.id,
            direct,
            deadline: Deadline::at(call.until),
            forced_at: call.forced_at,
            host: self.host.clone(),
            log: call.client.log.clone(),
        }
    }

    /// Returns the transport, and the one without a proxy.
    fn transports_of(&self, settings: &Settings, network: &Network) -> (Arc<Transport>, Arc<Transport>) {
        let through = self.transports.of(network.id, &settings.network);
        (through, self.transports.of(network.direct_id, &network.direct))
    }

    /// Logs the outcome, and returns it.
    pub(crate) fn logged(
        &self,
        client: &Client,
        outcome: Result<(Arc<AccessToken>, NearCacheLease), Error>,
    ) -> Result<(Arc<AccessToken>, NearCacheLease), Error> {
        match &outcome {
            Ok((token, _)) => client.log.write(&self.host.clock, LogLevel::Debug, || {
                let seconds = (token.expires_on - self.host.clock.now()) / 1000;
                let origin = token.cached_in.map_or("", CachedIn::in_words);
                format!("a token of the {}, valid for {seconds} s{origin}", token.source.in_words())
            }),
            Err(error) => {
                client.log.write(&self.host.clock, LogLevel::Error, || format!("{}: {error}", error.kind().code()));
            }
        }
        outcome
    }

    /// Returns how long the token may be used again before the next call of this function. Zero: the token must be
    /// requested again, because it is due, was replaced or forgotten, or a login file on which it depends has changed.
    pub fn trust(&self, lease: NearCacheLease) -> Duration {
        self.cache.trust(lease, |binding| binding.was_current(&self.file_checks))
    }

    /// Checks the login files on which the lease's token depends, if there are any. [`Service::trust`] itself does not
    /// wait for a disk, and answers by the last check.
    pub fn look_again(&self, lease: NearCacheLease) -> Option<impl Future<Output = ()> + Send + 'static> {
        let binding = self.cache.binding(lease)?;
        Some(binding.look_again(self.host.files.clone(), self.file_checks.clone()))
    }

    /// Returns the result of the running renewal of a lease's token, which calls do not wait for, or nothing if none is
    /// running.
    pub fn renewal(
        &self,
        lease: NearCacheLease,
    ) -> Option<impl Future<Output = Result<(Arc<AccessToken>, NearCacheLease), Error>> + Send + 'static> {
        let renewal = self.cache.renewal(lease)?;
        Some(async { renewal.await.map(|leased| (leased.token, leased.lease)) })
    }

    /// Sets how long a refusal of a token that processes of this machine share also answers their later calls, for a
    /// program that is run several times in a row. Call it before any other call.
    pub fn remember_refusals(&self, memory: Duration) {
        let _ = self.refusal_memory.set(memory);
    }

    /// Forgets every cached token, and every certificate and connection that is used to get tokens.
    pub fn clear_cache(&self) {
        self.cache.clear();
        self.chains.clear();
        self.clouds.clear();
        self.known_hosts.clear();
        self.certificates.clear();
        self.transports.clear();
    }

    /// Returns how often that happened. Settings that were read earlier should be read again.
    pub fn cache_generation(&self) -> u64 {
        self.cache.generation()
    }
}

#[cfg(test)]
mod tests;
