//! Layer 7: handles a call for a token, from its arguments to its result.

use crate::{
    cache::{Cache, FileChecks, LoginFingerprint, LoginSource, NearCacheLease},
    certificates::CertificateCache,
    chain::Chains,
    clouds::{credential_in, Clouds, RequestContext},
    config::{NetworkId, NetworkSettings},
    credentials::{Acquisition, KnownHosts},
    host::{Host, Log, LogEntry, LogLevel, Step},
    login::Settings,
    transport::{Deadline, HttpStub, Transport, Transports},
    types::{check_identity, AccessToken, CachedIn, Cloud, Error},
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
mod prepared_call;
mod stored_tokens;

pub(crate) use call::{in_time, Call};
pub use call::{TokenRequest, DEFAULT_TIMEOUT};
use prepared_call::Prepared;

/// Gets tokens, and keeps them: one for the whole process.
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

/// The login context: settings that were decided once, and the log for what becomes of them.
#[derive(Clone, Debug)]
pub struct Client {
    settings: Arc<Settings>,
    network: Arc<Network>,
    log: Log,
    /// Whether the settings' warnings were logged.
    is_warned: Arc<AtomicBool>,
}

/// The client's network settings as every call needs them: they may hold certificates, which are not hashed each time.
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
    /// A client with these settings.
    pub fn new(settings: Settings) -> Self {
        let log = settings.log_level.map_or_else(Log::default, |level| Log::default().and_to_stderr(level));
        let network = Arc::new(Network::of(&settings.network));
        Self { settings: Arc::new(settings), network, log, is_warned: Arc::default() }
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
            file_checks: FileChecks::default(),
            chains: Chains::default(),
            clouds: Clouds::default(),
            certificates: CertificateCache::default(),
            transports: Transports::default(),
            known_hosts: KnownHosts::default(),
            refusal_memory: OnceLock::new(),
        }
    }

    /// The same with a test's services in place of the network.
    #[doc(hidden)]
    pub fn over(self, stub: Arc<dyn HttpStub>) -> Self {
        Self { transports: Transports::over(stub), ..self }
    }

    /// The token that the request is for: the kept one while it is fresh, else a new one. Must be called on a tokio
    /// runtime with time and I/O.
    ///
    /// # Errors
    /// Whatever kept the token from coming, see [`ErrorKind`]; [`ErrorKind::Timeout`] when the request's time is up.
    pub async fn client_token(&self, client: &Client, request: &TokenRequest) -> Result<Arc<AccessToken>, Error> {
        self.leased_token(client, request).await.map(|(token, _)| token)
    }

    /// The same with a lease, for a caller that has its own cache in front (the near cache of JavaScript).
    ///
    /// # Errors
    /// As [`Service::client_token`].
    pub async fn leased_token(
        &self,
        client: &Client,
        request: &TokenRequest,
    ) -> Result<(Arc<AccessToken>, NearCacheLease), Error> {
        match self.call(client, request) {
            Ok(call) => self.answer(call).await,
            Err(error) => self.told(client, Err(error)),
        }
    }

    /// The request as a call that begins now.
    ///
    /// # Errors
    /// [`ErrorKind::Configuration`](crate::ErrorKind::Configuration) where the request is invalid.
    pub(crate) fn call<'a>(&self, client: &'a Client, request: &TokenRequest) -> Result<Call<'a>, Error> {
        self.warn(client);
        Call::beginning(self.now(), client, request)
    }

    /// Says once in the log what is set without effect.
    fn warn(&self, client: &Client) {
        if client.settings.warnings.is_empty() || client.is_warned.swap(true, Ordering::Relaxed) {
            return;
        }
        for warning in &client.settings.warnings {
            client.log.write(&self.host.clock, LogLevel::Warn, || warning.clone());
        }
    }

    /// The call's token.
    pub(crate) async fn answer(&self, call: Call<'_>) -> Result<(Arc<AccessToken>, NearCacheLease), Error> {
        let client = call.client;
        let outcome = self.landed(call).await;
        self.told(client, outcome)
    }

    async fn landed(&self, call: Call<'_>) -> Result<(Arc<AccessToken>, NearCacheLease), Error> {
        let (client, late) = (call.client, call.lateness());
        let Prepared { ask, acquisition, store } = self.prepared(call).await?;
        let (settings, chains) = (Arc::clone(&client.settings), self.chains.clone());
        let is_of_registry = acquisition.registry.is_some();
        let outcome = self.cache.token(ask, move |deadline: Deadline| async move {
            let credential = credential_in(&settings, &acquisition.cloud);
            let acquisition = Acquisition { deadline, ..acquisition };
            chains.token(&credential, &acquisition, store.as_ref()).await
        });
        let leased = outcome.await.unwrap_or_else(|step| Err(late.error(&step)))?;
        if !is_of_registry {
            check_identity(&leased.token, &client.settings.expected)?;
        }
        Ok((leased.token, leased.lease))
    }

    /// What the credential's tokens depend on, as that is now.
    async fn binding(&self, settings: &Settings, until: Instant) -> Result<Option<LoginFingerprint>, Step> {
        let Some(dependency) = LoginSource::of(&settings.credential) else { return Ok(None) };
        in_time(until, dependency.binding(&self.host.files, &self.file_checks)).await.map(Some)
    }

    /// The call's cloud, asked for if it is only named.
    pub(crate) async fn cloud(&self, call: &Call<'_>) -> Result<Cloud, Error> {
        let context = self.context(call);
        let known = in_time(call.until, self.clouds.known(&call.client.settings, &context)).await;
        known.unwrap_or_else(|step| Err(call.lateness().error(&step)))
    }

    /// The moment by the clock that calls are timed with.
    pub(crate) fn now(&self) -> Instant {
        self.host.clock.instant()
    }

    /// What a question that is not for a token is asked with.
    pub(crate) fn context(&self, call: &Call<'_>) -> RequestContext {
        let network = &call.client.network;
        let (transport, direct) = self.transports_of(&call.client.settings, network);
        let (deadline, log) = (Deadline::at(call.until), call.client.log.clone());
        RequestContext { transport, network: network.id, direct, deadline, host: self.host.clone(), log }
    }

    /// The transport, and the one without a proxy.
    fn transports_of(&self, settings: &Settings, network: &Network) -> (Arc<Transport>, Arc<Transport>) {
        let through = self.transports.of(network.id, &settings.network);
        (through, self.transports.of(network.direct_id, &network.direct))
    }

    /// The outcome, noted in the log.
    pub(crate) fn told(
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

    /// For how long the token may be used again before the lease has to be looked at again; zero: the token has to be
    /// asked for again, because it is due, was replaced or forgotten, or what it depends on has changed.
    pub fn trust(&self, lease: NearCacheLease) -> Duration {
        self.cache.trust(lease, |binding| binding.was_current(&self.file_checks))
    }

    /// A look at the files that the lease's token depends on, if it depends on any: [`Service::trust`] itself does not
    /// wait for a disk, and answers by the last look.
    pub fn look_again(&self, lease: NearCacheLease) -> Option<impl Future<Output = ()> + Send + 'static> {
        let binding = self.cache.binding(lease)?;
        Some(binding.look_again(self.host.files.clone(), self.file_checks.clone()))
    }

    /// The end of the renewal of a lease's token, which calls do not wait for; nothing: none is under way.
    pub fn renewal(
        &self,
        lease: NearCacheLease,
    ) -> Option<impl Future<Output = Result<(Arc<AccessToken>, NearCacheLease), Error>> + Send + 'static> {
        let renewal = self.cache.renewal(lease)?;
        Some(async { renewal.await.map(|leased| (leased.token, leased.lease)) })
    }

    /// For so long, a refusal of a token that processes of this machine share answers later ones of them, too: for a
    /// program that is run several times in a row. It is said once, before any call.
    pub fn remember_refusals(&self, memory: Duration) {
        let _ = self.refusal_memory.set(memory);
    }

    /// Forgets every token that is kept, and every certificate and connection that tokens are asked for with.
    pub fn clear_cache(&self) {
        self.cache.clear();
        self.chains.clear();
        self.clouds.clear();
        self.known_hosts.clear();
        self.certificates.clear();
        self.transports.clear();
    }

    /// How often that was done: settings that were read before the last time should be read again.
    pub fn cache_generation(&self) -> u64 {
        self.cache.generation()
    }
}

#[cfg(test)]
mod tests;
