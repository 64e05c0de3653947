use super::{proxy_answer::ProxyWord, rejected::RejectedCertificate, roots::TrustedRoots, tls_words, Transport};
use crate::{
    config::Proxy,
    host::{LookupFailure, Progress},
    types::{shown_host, Error, ErrorKind, Obstacle, Phase, Resource},
};
use azure_core::http::Url;
use std::{error::Error as StdError, io};

/// A chain of causes.
pub(super) type Links<'a> = &'a [&'a (dyn StdError + 'static)];

/// Whom a failed request was for: what its error has to name.
pub(super) struct Context<'a> {
    pub(super) transport: &'a Transport,
    pub(super) url: &'a Url,
}

impl Context<'_> {
    /// A request that got no answer, with what the proxy says of it.
    pub(super) fn failure(&self, error: &reqwest::Error, proxy: Option<&ProxyWord>) -> Error {
        let links = links(error);
        if let Some(error) = self.shortage(&links) {
            return error;
        }
        if let Some(rejected) = links.iter().find_map(|link| rejected_certificate(*link)) {
            return self.untrusted(rejected);
        }
        if let Some(error) = self.at_proxy(error, &links, proxy) {
            return error;
        }
        if let Some(error) = self.too_slow(error) {
            return error.with_causes(words(&links));
        }
        if let Some(error) = self.unconnected(error, &links) {
            return error.with_causes(words(&links));
        }
        let (phase, what, retryable) = self.judged(error, &links);
        self.network(phase, &what).with_retryable(retryable).with_causes(words(&links))
    }

    /// What this machine lacked, whoever was asked.
    pub(super) fn shortage(&self, links: Links<'_>) -> Option<Error> {
        let what = format!("no connection to {}", self.host());
        links.iter().find_map(|link| Resource::shortage(link.downcast_ref()?, &what))
    }

    /// The name is not resolved, the host refuses the connection, or there is no port to connect from.
    fn unconnected(&self, error: &reqwest::Error, links: Links<'_>) -> Option<Error> {
        let host = self.host();
        if let Some(failure) = lookup_failure(links) {
            return Some(self.unresolved(failure));
        }
        if cfg!(target_os = "linux") && io_kind(links) == Some(io::ErrorKind::AddrNotAvailable) {
            return Some(self.without_local_port());
        }
        if !error.is_connect() || io_kind(links) != Some(io::ErrorKind::ConnectionRefused) {
            return None;
        }
        let what =
            format!("{host} refuses the connection: check the address, the firewall and whether a proxy is needed");
        Some(self.network(Phase::Connect, &what).with_retryable(true).with_obstacle(Obstacle::Refused))
    }

    /// Elsewhere the same error says that there is no route.
    fn without_local_port(&self) -> Error {
        let what = format!(
            "no connection to {}: this machine has no free port for it (EADDRNOTAVAIL). Close connections that are not \
             used, or allow more ports (net.ipv4.ip_local_port_range)",
            self.host()
        );
        self.network(Phase::Connect, &what).with_retryable(true).with_obstacle(Obstacle::NoLocalPort)
    }

    fn unresolved(&self, failure: &LookupFailure) -> Error {
        let host = self.host();
        if !failure.is_deferred {
            let what = format!("the name {host} cannot be resolved: check its spelling and the machine's DNS");
            return self.network(Phase::Dns, &what);
        }
        let what = format!(
            "the name {host} cannot be resolved at this time ({failure}): check the machine's network and its DNS"
        );
        self.network(Phase::Dns, &what).with_retryable(true).with_obstacle(Obstacle::LookupDeferred)
    }

    /// A limit of the transport's own has passed: the step that was begun is the one that took too long.
    fn too_slow(&self, error: &reqwest::Error) -> Option<Error> {
        let step = Progress::current().filter(|_| error.is_timeout())?;
        Some(self.network(step.phase, &format!("no answer in time: {step}")).with_retryable(true))
    }

    pub(super) fn proxy(&self) -> Option<&Proxy> {
        self.transport.proxy(self.url)
    }

    fn judged(&self, error: &reqwest::Error, links: &[&(dyn StdError + 'static)]) -> (Phase, String, bool) {
        let host = self.host();
        if let Some(tls) = tls_error(links) {
            return (Phase::Tls, format!("no secure connection to {host}: {}", tls_words::sentence(tls)), false);
        }
        if links.iter().filter_map(|link| link.downcast_ref()).any(hyper::Error::is_parse) {
            let what = format!("{host} answered with something that is not HTTP, or with more headers than an answer has: is it the right address?");
            return (Phase::Response, what, false);
        }
        let kind = io_kind(links);
        if error.is_connect() && kind.is_some_and(is_break) {
            let what = format!("{host} broke off while TLS was agreed on: check the address, and whether something between here and there ends connections");
            return (Phase::Tls, what, true);
        }
        if error.is_connect() {
            let what =
                format!("no connection to {host}: check the address, the firewall and whether a proxy is needed");
            return (Phase::Connect, what, true);
        }
        (Phase::Request, format!("{host} broke off the connection"), true)
    }

    /// An answer whose body did not arrive whole.
    pub(super) fn interrupted(&self, error: &reqwest::Error) -> Error {
        let broken_off = || {
            let what = format!("{} broke off in the middle of its answer", self.host());
            self.network(Phase::Response, &what).with_retryable(true)
        };
        self.too_slow(error).unwrap_or_else(broken_off).with_causes(words(&links(error)))
    }

    /// A success of no bytes.
    pub(super) fn empty(&self) -> Error {
        let what = format!("{} ended its answer before the first byte of it", self.host());
        self.network(Phase::Response, &what).with_retryable(true)
    }

    /// An answer that is longer than any token's.
    pub(super) fn oversized(&self, limit: usize) -> Error {
        let host = self.host();
        self.network(Phase::Response, &format!("{host} answered with more than {limit} bytes, which is no token"))
    }

    fn untrusted(&self, rejected: &RejectedCertificate) -> Error {
        let (phase, whose) = self.shown_by();
        let issuer = rejected.issuer.as_deref().map(|issuer| format!(" (issued by \"{issuer}\")")).unwrap_or_default();
        let trust = self.transport.roots().filter(|_| rejected.lacks_trust);
        let trust = trust.map(|roots| trust_in(roots, rejected.issuer.as_deref())).unwrap_or_default();
        let what = format!("the certificate of {whose}{issuer} is not accepted: {rejected}{trust}");
        self.network(phase, &what).with_causes(vec![rejected.to_string()])
    }

    /// Who showed a certificate: the host, or a proxy that speaks TLS itself.
    fn shown_by(&self) -> (Phase, String) {
        let at_proxy = Progress::current().is_some_and(|step| step.phase == Phase::Proxy);
        match self.proxy().filter(|_| at_proxy) {
            Some(proxy) => (Phase::Proxy, proxy.in_words()),
            None => (Phase::Tls, self.host()),
        }
    }

    fn network(&self, phase: Phase, what: &str) -> Error {
        network(self, phase, what)
    }

    pub(super) fn host(&self) -> String {
        shown_host(self.url)
    }
}

/// Who is trusted, and what to do where the issuer should be.
fn trust_in(roots: &TrustedRoots, issuer: Option<&str>) -> String {
    let issuer = issuer.map_or_else(|| "its issuer".to_owned(), |issuer| format!("\"{issuer}\""));
    let (trusted, advice) = (roots.in_words(), roots.advice());
    format!(". Trusted are: {trusted}. If {issuer} is your organisation's or your proxy's authority, {advice}")
}

pub(super) fn network(context: &Context<'_>, phase: Phase, what: &str) -> Error {
    Error::new(ErrorKind::Network, what).with_phase(phase).with_host(context.host())
}

/// What kept a name from being resolved.
pub(super) fn lookup_failure(links: Links<'_>) -> Option<&LookupFailure> {
    links.iter().find_map(|link| link.downcast_ref())
}

/// What the innermost failure of the operating system was.
pub(super) fn io_kind(links: Links<'_>) -> Option<io::ErrorKind> {
    links.iter().filter_map(|link| link.downcast_ref::<io::Error>()).map(io::Error::kind).next_back()
}

/// The chain of causes. An `io::Error` made of another error hides it from `source()`, and TLS failures hide in two
/// of them, so each is opened with `get_ref()`.
pub(super) fn links<'a>(error: &'a (dyn StdError + 'static)) -> Vec<&'a (dyn StdError + 'static)> {
    let mut links = Vec::new();
    let mut next = Some(error);
    while let Some(link) = next {
        links.push(link);
        let inner = link.downcast_ref::<io::Error>().and_then(io::Error::get_ref);
        next = inner.map(|inner| inner as &(dyn StdError + 'static)).or_else(|| link.source());
    }
    links
}

pub(super) fn tls_error<'a>(links: &[&'a (dyn StdError + 'static)]) -> Option<&'a rustls::Error> {
    links.iter().find_map(|link| link.downcast_ref())
}

/// An end that an established connection comes to: before TLS is agreed on, there is no other step left.
fn is_break(kind: io::ErrorKind) -> bool {
    matches!(
        kind,
        io::ErrorKind::UnexpectedEof
            | io::ErrorKind::ConnectionReset
            | io::ErrorKind::ConnectionAborted
            | io::ErrorKind::BrokenPipe
    )
}

/// The causes in words, without the first, which only repeats the address, and without repetitions. What hyper-util says
/// of itself (`client error (Connect)`) is the name of a variant; the reason stands in the next link.
pub(super) fn words(links: Links<'_>) -> Vec<String> {
    let mut words: Vec<_> = links.iter().skip(1).map(|link| word(*link)).collect();
    words.retain(|word| !word.starts_with("client error ("));
    words.dedup();
    words
}

/// An `io::Error` made of another error has its text.
fn word(link: &(dyn StdError + 'static)) -> String {
    let carried = link.downcast_ref::<io::Error>().and_then(io::Error::get_ref).map(|inner| links(inner));
    let tls = link.downcast_ref().or_else(|| tls_error(&carried?));
    tls.map_or_else(|| link.to_string(), tls_words::detail)
}

fn rejected_certificate<'a>(link: &'a (dyn StdError + 'static)) -> Option<&'a RejectedCertificate> {
    let tls = link.downcast_ref::<rustls::Error>()?;
    let rustls::Error::InvalidCertificate(rustls::CertificateError::Other(other)) = tls else {
        return None;
    };
    other.0.downcast_ref()
}
