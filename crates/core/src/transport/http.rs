use super::{
    gate::{Gate, LANES},
    pinned::PinnedVerifier,
    roots::TrustedRoots,
    verifier::NamingVerifier,
    Wire,
};
use crate::{
    config::{NetworkSettings, Proxy, ProxySettings},
    types::{Error, ErrorKind},
};
use azure_core::http::Url;
use reqwest::ClientBuilder;
use rustls::{client::danger::ServerCertVerifier, crypto::ring, ClientConfig};
use std::{
    fmt,
    sync::{Arc, OnceLock},
    time::Duration,
};

/// Name look-up, connection and TLS together: a host that is reachable answers in well under a second.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// Between two pieces of an answer. Entra ID itself gives up on a request before that.
const READ_TIMEOUT: Duration = Duration::from_secs(30);

/// For how long an idle connection is kept: what reqwest does, named so that it stays.
const IDLE_TIMEOUT: Duration = Duration::from_secs(90);

/// The connections of one set of network settings, opened when they are first needed.
pub(crate) struct Transport {
    settings: NetworkSettings,
    client: OnceLock<Result<Opened, Error>>,
    gate: Gate,
    /// A test's services in place of the network.
    wire: Option<Arc<dyn Wire>>,
    pinned: Option<String>,
}

/// What all requests share, and a client for each lane, made when it is first needed.
#[derive(Debug)]
struct Opened {
    roots: TrustedRoots,
    tls: ClientConfig,
    clients: [OnceLock<Result<reqwest::Client, Error>>; LANES],
}

impl Transport {
    pub(crate) fn new(settings: NetworkSettings, wire: Option<Arc<dyn Wire>>) -> Self {
        Self { settings, client: OnceLock::new(), gate: Gate::default(), wire, pinned: None }
    }

    pub(super) fn wire(&self) -> Option<&dyn Wire> {
        self.wire.as_deref()
    }

    /// Another one, like this but for its settings.
    pub(crate) fn with(&self, settings: NetworkSettings) -> Self {
        Self::new(settings, self.wire.clone())
    }

    /// The client of a lane, made at its first request.
    pub(super) fn client(&self, lane: usize) -> Result<&reqwest::Client, Error> {
        let opened = self.opened()?;
        let made = || client(&self.settings, opened.tls.clone());
        opened.clients[lane].get_or_init(made).as_ref().map_err(Clone::clone)
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
        let pinned = Some(thumbprint.to_owned());
        Self {
            settings: self.settings.clone(),
            client: OnceLock::new(),
            gate: Gate::default(),
            wire: self.wire.clone(),
            pinned,
        }
    }

    /// The SHA-1 thumbprint of the one certificate that is accepted.
    pub(super) fn pinned(&self) -> Option<&str> {
        self.pinned.as_deref()
    }

    /// Which certificates it trusts, for an error about one that it does not.
    pub(super) fn roots(&self) -> Option<&TrustedRoots> {
        self.opened().ok().map(|opened| &opened.roots)
    }

    fn opened(&self) -> Result<&Opened, Error> {
        self.client.get_or_init(|| Opened::new(&self.settings, self.pinned())).as_ref().map_err(Clone::clone)
    }
}

impl fmt::Debug for Transport {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_tuple("Transport").field(&self.settings).finish()
    }
}

impl Opened {
    fn new(settings: &NetworkSettings, pinned: Option<&str>) -> Result<Self, Error> {
        let roots = TrustedRoots::load(&settings.trust)?;
        Ok(Self { tls: tls(&roots, pinned)?, roots, clients: [const { OnceLock::new() }; LANES] })
    }
}

/// A client that has one connection to a host; its TLS sessions are resumed by the others too.
fn client(settings: &NetworkSettings, tls: ClientConfig) -> Result<reqwest::Client, Error> {
    at_known_host(settings, through(&settings.proxy, reqwest::Client::builder().no_proxy())?)
        .tls_backend_preconfigured(tls)
        .redirect(reqwest::redirect::Policy::none())
        .retry(reqwest::retry::never())
        .connect_timeout(CONNECT_TIMEOUT)
        .read_timeout(READ_TIMEOUT)
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
        let serves = move |url: &Url| (rules.serving(url) == Some(&own)).then(|| address.clone());
        let mut chosen = reqwest::Proxy::custom(serves);
        if let Some((user, password)) = proxy.credentials() {
            chosen = chosen.basic_auth(user, password.expose());
        }
        builder = builder.proxy(chosen);
    }
    Ok(builder)
}

fn at_known_host(settings: &NetworkSettings, builder: ClientBuilder) -> ClientBuilder {
    match &settings.known_host {
        Some((name, addresses)) => builder.resolve_to_addrs(name, addresses),
        None => builder,
    }
}

fn tls(roots: &TrustedRoots, pinned: Option<&str>) -> Result<ClientConfig, Error> {
    let provider = Arc::new(ring::default_provider());
    let verifier: Arc<dyn ServerCertVerifier> = match pinned {
        Some(thumbprint) => Arc::new(PinnedVerifier::new(thumbprint, &provider)),
        None => Arc::new(NamingVerifier::new(roots, &provider)?),
    };
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| unusable(&error))?
        .dangerous()
        .with_custom_certificate_verifier(verifier)
        .with_no_client_auth();
    Ok(config)
}

fn unusable(cause: &dyn std::error::Error) -> Error {
    Error::new(ErrorKind::Internal, "the HTTP client cannot be made").with_causes(vec![cause.to_string()])
}
