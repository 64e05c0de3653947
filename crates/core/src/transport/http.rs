use super::{
    connect::Target, connections::Connections, crypto_provider::crypto_provider, pinned::PinnedVerifier,
    roots::TrustedRoots, verifier::NamingVerifier, HttpStub,
};
use crate::{
    config::{NetworkSettings, Proxy, TrustSettings},
    flight::SingleFlight,
    host::{descriptors_left, no_thread, Coalesced},
    types::{Error, ErrorKind},
};
use azure_core::http::Url;
use rustls::{client::danger::ServerCertVerifier, crypto::CryptoProvider, ClientConfig};
use std::{
    fmt, io,
    sync::{Arc, Mutex, OnceLock},
};

/// The connections of one set of network settings, opened when they are first needed.
pub(crate) struct Transport {
    settings: NetworkSettings,
    secured: OnceLock<Arc<Secured>>,
    /// Certificates are read from files, on a thread that may wait for a disk.
    reading: SingleFlight<Arc<Secured>>,
    connections: Connections,
    /// A test's services in place of the network.
    stub: Option<Arc<dyn HttpStub>>,
    pinned: Option<String>,
}

/// What requests over TLS share.
#[derive(Debug)]
struct Secured {
    /// Absent if the server's certificate is recognised by its thumbprint.
    roots: Option<TrustedRoots>,
    tls: Arc<ClientConfig>,
}

impl Transport {
    pub(crate) fn new(settings: NetworkSettings, stub: Option<Arc<dyn HttpStub>>) -> Self {
        Self {
            settings,
            secured: OnceLock::new(),
            reading: SingleFlight::default(),
            connections: Connections::default(),
            stub,
            pinned: None,
        }
    }

    pub(super) fn stub(&self) -> Option<&dyn HttpStub> {
        self.stub.as_deref()
    }

    /// Returns a transport like this one with other settings.
    pub(crate) fn with(&self, settings: NetworkSettings) -> Self {
        Self::new(settings, self.stub.clone())
    }

    /// Returns where a request for that address goes. A request without TLS needs no certificates, so services of the
    /// host itself answer even if the configured certificates cannot be read. While they are read for the first time, the
    /// connection is already opened.
    pub(super) async fn target<'a>(&'a self, url: &'a Url) -> Result<Target<'a>, Error> {
        let (proxy, known_host) = (self.proxy(url), self.settings.known_host.as_ref());
        let mut target = Target { url, proxy, tls: None, known_host, early: Mutex::default() };
        if !self.needs_tls(url) {
            return Ok(target);
        }
        let secured = match self.secured.get() {
            Some(secured) => secured,
            None => tokio::try_join!(self.secured(), opened_early(&target))?.0,
        };
        target.tls = Some(Arc::clone(&secured.tls));
        Ok(target)
    }

    /// Reads the trusted certificates before a request needs them.
    pub(crate) async fn prepare(&self) {
        let _ = self.secured().await;
    }

    fn needs_tls(&self, url: &Url) -> bool {
        url.scheme() == "https" || self.proxy(url).is_some_and(|proxy| proxy.address().starts_with("https:"))
    }

    /// Returns the connections, whose number is limited for each host.
    pub(super) fn connections(&self) -> &Connections {
        &self.connections
    }

    /// Returns its settings.
    pub(crate) fn settings(&self) -> &NetworkSettings {
        &self.settings
    }

    /// Returns the proxy for an address.
    pub(super) fn proxy(&self, url: &Url) -> Option<&Proxy> {
        self.settings.proxy.serving(url)
    }

    /// Returns a transport that accepts one certificate, from any issuer and for any name.
    pub(crate) fn pinned_to(&self, thumbprint: &str) -> Self {
        Self { pinned: Some(thumbprint.to_owned()), ..self.with(self.settings.clone()) }
    }

    /// The SHA-1 thumbprint of the one certificate that is accepted.
    pub(super) fn pinned(&self) -> Option<&str> {
        self.pinned.as_deref()
    }

    /// Returns which certificates it trusts, for an error about another one.
    pub(super) fn roots(&self) -> Option<&TrustedRoots> {
        self.secured.get()?.roots.as_ref()
    }

    /// Returns which of those could not be read, if they were already needed.
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
                let secured = Coalesced::on_files().get((), read).await;
                secured.unwrap_or_else(|| Err(no_thread(&io::ErrorKind::WouldBlock.into())))
            }
        };
        let secured = self.reading.get(read).await?;
        Ok(self.secured.get_or_init(|| secured))
    }
}

impl fmt::Debug for Transport {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_tuple("Transport").field(&self.settings).finish()
    }
}

impl Secured {
    fn new(trust: &TrustSettings, pinned: Option<&str>) -> Result<Self, Error> {
        let provider = crypto_provider();
        if let Some(thumbprint) = pinned {
            let verifier = PinnedVerifier::new(thumbprint, &provider);
            return Ok(Self { tls: tls(Arc::new(verifier), provider)?, roots: None });
        }
        enough_descriptors()?;
        let roots = TrustedRoots::load(trust)?;
        enough_descriptors()?;
        let verifier = NamingVerifier::new(&roots, &provider)?;
        Ok(Self { tls: tls(Arc::new(verifier), provider)?, roots: Some(roots) })
    }
}

/// Never fails here: the request finds the outcome.
async fn opened_early(target: &Target<'_>) -> Result<(), Error> {
    target.open_early().await;
    Ok(())
}

/// Checks that descriptors are left: otherwise roots that cannot be read would count as absent as long as the transport
/// exists.
fn enough_descriptors() -> Result<(), Error> {
    descriptors_left("the trusted certificates cannot be read")
}

/// TLS 1.2 and 1.3. rustls resumes the sessions of 256 servers.
fn tls(verifier: Arc<dyn ServerCertVerifier>, provider: Arc<CryptoProvider>) -> Result<Arc<ClientConfig>, Error> {
    let versions = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
    let builder = versions.map_err(|error| unusable(&error))?.dangerous();
    Ok(Arc::new(builder.with_custom_certificate_verifier(verifier).with_no_client_auth()))
}

fn unusable(cause: &dyn std::error::Error) -> Error {
    Error::new(ErrorKind::Internal, "the HTTP client cannot be made").with_causes(vec![cause.to_string()])
}
