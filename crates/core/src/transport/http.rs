use super::{
    gate::{Gate, LANES},
    pinned::PinnedVerifier,
    provider::provider,
    roots::TrustedRoots,
    steps::{resumption, Connecting, NotedResolver},
    verifier::NamingVerifier,
    Wire,
};
use crate::{
    config::{NetworkSettings, Proxy, ProxySettings, TrustSettings},
    flight::SingleFlight,
    host::{descriptors_left, no_thread, Joined},
    types::{Error, ErrorKind},
};
use azure_core::http::Url;
use reqwest::ClientBuilder;
use rustls::{
    client::danger::ServerCertVerifier, crypto::CryptoProvider, ClientConfig, ConfigBuilder, RootCertStore,
    WantsVerifier,
};
use std::{
    fmt, io,
    sync::{Arc, OnceLock},
    time::Duration,
};

/// Name look-up, connection and TLS together: a host that is reachable answers in well under a second.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// One try, from the connection to the last byte of the answer. Entra ID itself gives up on a request before that.
const TRY_TIMEOUT: Duration = Duration::from_secs(30);

/// For how long an idle connection is kept: what reqwest does, named so that it stays.
const IDLE_TIMEOUT: Duration = Duration::from_secs(90);

/// The connections of one set of network settings, opened when they are first needed.
pub(crate) struct Transport {
    settings: NetworkSettings,
    secured: OnceLock<Arc<Secured>>,
    /// Certificates are read from files, on a thread that may wait for them.
    reading: SingleFlight<Arc<Secured>>,
    plain: OnceLock<Result<Lanes, Error>>,
    gate: Gate,
    /// A test's services in place of the network.
    wire: Option<Arc<dyn Wire>>,
    pinned: Option<String>,
}

/// What requests over TLS share.
#[derive(Debug)]
struct Secured {
    /// None where one certificate is known by its thumbprint.
    roots: Option<TrustedRoots>,
    lanes: Lanes,
}

/// A client for each lane, made when it is first needed.
#[derive(Debug)]
struct Lanes {
    tls: ClientConfig,
    clients: [OnceLock<Result<reqwest::Client, Error>>; LANES],
}

impl Transport {
    pub(crate) fn new(settings: NetworkSettings, wire: Option<Arc<dyn Wire>>) -> Self {
        Self {
            settings,
            secured: OnceLock::new(),
            reading: SingleFlight::default(),
            plain: OnceLock::new(),
            gate: Gate::default(),
            wire,
            pinned: None,
        }
    }

    pub(super) fn wire(&self) -> Option<&dyn Wire> {
        self.wire.as_deref()
    }

    /// Another one, like this but for its settings.
    pub(crate) fn with(&self, settings: NetworkSettings) -> Self {
        Self::new(settings, self.wire.clone())
    }

    /// The lane's client for that address. A request that needs no TLS needs no certificates either: services of the
    /// host itself answer where those that are configured cannot be read.
    pub(super) async fn client(&self, lane: usize, url: &Url) -> Result<&reqwest::Client, Error> {
        let lanes = if self.needs_tls(url) { &self.secured().await?.lanes } else { self.plain()? };
        lanes.client(lane, &self.settings)
    }

    fn needs_tls(&self, url: &Url) -> bool {
        url.scheme() == "https" || self.proxy(url).is_some_and(|proxy| proxy.address().starts_with("https:"))
    }

    /// What bounds the requests, and with them the connections, to each host.
    pub(super) fn gate(&self) -> &Gate {
        &self.gate
    }

    /// What it was made of.
    pub(crate) fn settings(&self) -> &NetworkSettings {
        &self.settings
    }

    /// The proxy that serves an address.
    pub(super) fn proxy(&self, url: &Url) -> Option<&Proxy> {
        self.settings.proxy.serving(url)
    }

    /// The same for a server that has one certificate, and shows it: whoever issued it, and for whatever name.
    pub(crate) fn pinned_to(&self, thumbprint: &str) -> Self {
        Self { pinned: Some(thumbprint.to_owned()), ..self.with(self.settings.clone()) }
    }

    /// The SHA-1 thumbprint of the one certificate that is accepted.
    pub(super) fn pinned(&self) -> Option<&str> {
        self.pinned.as_deref()
    }

    /// Which certificates it trusts, for an error about one that it does not.
    pub(super) fn roots(&self) -> Option<&TrustedRoots> {
        self.secured.get()?.roots.as_ref()
    }

    /// How it speaks TLS, once it has.
    pub(super) fn tls(&self) -> Option<ClientConfig> {
        Some(self.secured.get()?.lanes.tls.clone())
    }

    /// What could not be read of those, if they were needed until now.
    pub(super) fn unread_roots(&self) -> Option<String> {
        self.roots()?.problems()
    }

    async fn secured(&self) -> Result<&Secured, Error> {
        if let Some(secured) = self.secured.get() {
            return Ok(secured);
        }
        let read = || {
            let (trust, pinned) = (self.settings.trust.clone(), self.pinned.clone());
            async move {
                let read = move || Secured::new(&trust, pinned.as_deref()).map(Arc::new);
                let secured = Joined::on_files().get((), read).await;
                secured.unwrap_or_else(|| Err(no_thread(&io::ErrorKind::WouldBlock.into())))
            }
        };
        let secured = self.reading.get(read).await?;
        Ok(self.secured.get_or_init(|| secured))
    }

    fn plain(&self) -> Result<&Lanes, Error> {
        self.plain.get_or_init(|| trusting_nobody().map(Lanes::new)).as_ref().map_err(Clone::clone)
    }
}

impl fmt::Debug for Transport {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_tuple("Transport").field(&self.settings).finish()
    }
}

impl Secured {
    fn new(trust: &TrustSettings, pinned: Option<&str>) -> Result<Self, Error> {
        let provider = provider();
        if let Some(thumbprint) = pinned {
            let verifier = PinnedVerifier::new(thumbprint, &provider);
            return Ok(Self { lanes: Lanes::new(tls(Arc::new(verifier), provider)?), roots: None });
        }
        enough_descriptors()?;
        let roots = TrustedRoots::load(trust)?;
        enough_descriptors()?;
        let verifier = NamingVerifier::new(&roots, &provider)?;
        Ok(Self { lanes: Lanes::new(tls(Arc::new(verifier), provider)?), roots: Some(roots) })
    }
}

/// Roots that could not be read for want of a descriptor must not count as absent for as long as the transport lives.
fn enough_descriptors() -> Result<(), Error> {
    descriptors_left("the trusted certificates cannot be read")
}

impl Lanes {
    fn new(tls: ClientConfig) -> Self {
        Self { tls, clients: [const { OnceLock::new() }; LANES] }
    }

    fn client(&self, lane: usize, settings: &NetworkSettings) -> Result<&reqwest::Client, Error> {
        self.clients[lane].get_or_init(|| client(settings, self.tls.clone())).as_ref().map_err(Clone::clone)
    }
}

/// A client that has one connection to a host; its TLS sessions are resumed by the others too.
fn client(settings: &NetworkSettings, tls: ClientConfig) -> Result<reqwest::Client, Error> {
    at_known_host(settings, through(&settings.proxy, reqwest::Client::builder().no_proxy())?)
        .tls_backend_preconfigured(tls)
        .redirect(reqwest::redirect::Policy::none())
        .retry(reqwest::retry::never())
        .dns_resolver(NotedResolver)
        .connector_layer(Connecting)
        .connect_timeout(CONNECT_TIMEOUT)
        .timeout(TRY_TIMEOUT)
        .pool_max_idle_per_host(1)
        .pool_idle_timeout(IDLE_TIMEOUT)
        .build()
        .map_err(|error| unusable(&error))
}

/// Which proxy serves an address is decided by our own rules, so that an error can name the one that was asked.
fn through(settings: &ProxySettings, mut builder: ClientBuilder) -> Result<ClientBuilder, Error> {
    for proxy in settings.distinct() {
        let (rules, own) = (settings.clone(), proxy.clone());
        let address = Url::parse(proxy.address()).map_err(|error| unusable(&error))?;
        let serves = move |url: &Url| (rules.serving(url) == Some(&own)).then(|| with_credentials(&address, &own));
        builder = builder.proxy(reqwest::Proxy::custom(serves));
    }
    Ok(builder)
}

/// As part of its address, from which reqwest takes them again: its `basic_auth` is for http proxies only.
fn with_credentials(address: &Url, proxy: &Proxy) -> Url {
    let mut address = address.clone();
    if let Some((user, password)) = proxy.credentials() {
        // `Url` encodes everything but the percent sign. An address with a host has room for both.
        let encoded = |text: &str| text.replace('%', "%25");
        let _ = address.set_username(&encoded(user));
        let _ = address.set_password(Some(&encoded(password.expose())));
    }
    address
}

fn at_known_host(settings: &NetworkSettings, builder: ClientBuilder) -> ClientBuilder {
    match &settings.known_host {
        Some((name, addresses)) => builder.resolve_to_addrs(name, addresses),
        None => builder,
    }
}

fn tls(verifier: Arc<dyn ServerCertVerifier>, provider: Arc<CryptoProvider>) -> Result<ClientConfig, Error> {
    let mut config = versions(provider)?.dangerous().with_custom_certificate_verifier(verifier).with_no_client_auth();
    config.resumption = resumption();
    Ok(config)
}

/// reqwest wants settings for TLS even where it makes no use of them.
fn trusting_nobody() -> Result<ClientConfig, Error> {
    let config = versions(provider())?.with_root_certificates(RootCertStore::empty());
    Ok(config.with_no_client_auth())
}

/// TLS 1.2 and 1.3.
fn versions(provider: Arc<CryptoProvider>) -> Result<ConfigBuilder<ClientConfig, WantsVerifier>, Error> {
    let builder = ClientConfig::builder_with_provider(provider);
    builder.with_safe_default_protocol_versions().map_err(|error| unusable(&error))
}

fn unusable(cause: &dyn std::error::Error) -> Error {
    Error::new(ErrorKind::Internal, "the HTTP client cannot be made").with_causes(vec![cause.to_string()])
}
