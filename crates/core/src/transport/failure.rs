use super::{
    bounded_stream::{Oversized, MOST_BODY},
    connect::ConnectFailure,
    redaction::Redaction,
    rejected_certificate::RejectedCertificate,
    roots::TrustedRoots,
    tls_messages, Transport,
};
use crate::{
    config::Proxy,
    host::{LookupFailure, Progress},
    types::{shown_host, Error, ErrorKind, Phase, Resource, UnreachedCause},
};
use azure_core::http::Url;
use std::{error::Error as StdError, io};

/// The chain of an error's causes, outermost first.
pub(super) type Links<'a> = &'a [&'a (dyn StdError + 'static)];

/// Why a request has no answer.
#[derive(Debug)]
pub(super) enum RequestFailure {
    /// There is no connection for it.
    Connect(ConnectFailure),
    /// The connection ended, or its data is not HTTP.
    Exchange(hyper::Error),
    /// A time limit has passed, in the step that the call has reached.
    TimedOut,
}

/// The destination of a failed request, which its error must name.
pub(super) struct Context<'a> {
    pub(super) transport: &'a Transport,
    pub(super) url: &'a Url,
    /// The secrets that the server's certificate may repeat.
    pub(super) redaction: &'a Redaction,
}

impl Context<'_> {
    /// Returns the error for a request without an answer.
    pub(super) fn failure(&self, failure: &RequestFailure) -> Error {
        match failure {
            RequestFailure::TimedOut | RequestFailure::Connect(ConnectFailure::TimedOut) => self.too_slow(),
            RequestFailure::Exchange(error) => self.unanswered(error),
            RequestFailure::Connect(ConnectFailure::Host(error)) => {
                let links = links(error);
                self.of_machine_or_certificate(&links)
                    .unwrap_or_else(|| self.unconnected(&links).with_causes(words(&links)))
            }
            RequestFailure::Connect(ConnectFailure::Proxy(error)) => self.proxy_unreached(error),
            RequestFailure::Connect(ConnectFailure::Refused(refusal)) => self.proxy_refused(refusal),
        }
    }

    /// Returns the error for a request on a connection that ended.
    fn unanswered(&self, error: &hyper::Error) -> Error {
        let links = links(error);
        if let Some(error) = self.of_machine_or_certificate(&links) {
            return error;
        }
        if is_oversized(&links) {
            return self.oversized().with_causes(words(&links));
        }
        let host = self.host();
        let (phase, what, retryable) = if error.is_parse() {
            (Phase::Response, format!("{host} answered with something that is not HTTP, or with too many or too long headers: check the address"), false)
        } else if let Some(tls) = tls_error(&links) {
            (Phase::Tls, insecure(&host, tls), false)
        } else {
            (Phase::Request, format!("{host} closed the connection"), true)
        };
        self.network(phase, &what).with_retryable(retryable).with_causes(words(&links))
    }

    /// Returns the error for a cause that is the same with a host and with a proxy.
    pub(super) fn of_machine_or_certificate(&self, links: Links<'_>) -> Option<Error> {
        let rejected = || links.iter().find_map(|link| rejected_certificate(*link));
        self.shortage(links).or_else(|| rejected().map(|rejected| self.untrusted(rejected)))
    }

    /// Returns the error for a shortage of this machine, which says nothing about the host.
    pub(super) fn shortage(&self, links: Links<'_>) -> Option<Error> {
        let what = format!("no connection to {}", self.host());
        links.iter().find_map(|link| Resource::shortage(link.downcast_ref()?, &what))
    }

    /// Returns the error for a failed connection to the host, or failed TLS with it.
    fn unconnected(&self, links: Links<'_>) -> Error {
        let (host, kind) = (self.host(), io_kind(links));
        if let Some(failure) = lookup_failure(links) {
            return self.unresolved(failure);
        }
        if let Some(tls) = tls_error(links) {
            return self.network(Phase::Tls, &insecure(&host, tls)).with_retryable(false);
        }
        if cfg!(target_os = "linux") && kind == Some(io::ErrorKind::AddrNotAvailable) {
            return self.without_local_port();
        }
        let (phase, what) = match kind {
            Some(io::ErrorKind::ConnectionRefused) => (Phase::Connect, format!("{host} refuses the connection: check the address, the firewall and whether a proxy is needed")),
            Some(kind) if is_break(kind) => (Phase::Tls, format!("{host} closed the connection during the TLS handshake: check the address, and whether a proxy or firewall on the way ends connections")),
            _ => (Phase::Connect, format!("no connection to {host}: check the address, the firewall and whether a proxy is needed")),
        };
        let error = self.network(phase, &what).with_retryable(true);
        if kind == Some(io::ErrorKind::ConnectionRefused) {
            error.with_unreached_cause(UnreachedCause::Refused)
        } else {
            error
        }
    }

    /// The same system error means on other addresses that there is no route.
    fn without_local_port(&self) -> Error {
        let what = format!(
            "no connection to {}: this machine has no free port for it (EADDRNOTAVAIL). Close connections that are not \
             used, or allow more ports (net.ipv4.ip_local_port_range)",
            self.host()
        );
        self.network(Phase::Connect, &what).with_retryable(true).with_unreached_cause(UnreachedCause::NoLocalPort)
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
        self.network(Phase::Dns, &what).with_retryable(true).with_unreached_cause(UnreachedCause::LookupDeferred)
    }

    /// Returns the error for a time limit of the transport. The last step that began is the one that took too long.
    fn too_slow(&self) -> Error {
        let step = Progress::current().unwrap_or_default();
        self.network(step.phase, &format!("no answer in time: {step}")).with_retryable(true)
    }

    pub(super) fn proxy(&self) -> Option<&Proxy> {
        self.transport.proxy(self.url)
    }

    /// Returns the error for an incomplete body.
    pub(super) fn interrupted(&self, error: &hyper::Error) -> Error {
        let links = links(error);
        if is_oversized(&links) {
            return self.oversized().with_causes(words(&links));
        }
        if let Some(shortage) = self.shortage(&links) {
            return shortage;
        }
        let what = format!("{} closed the connection in the middle of its answer", self.host());
        self.network(Phase::Response, &what).with_retryable(true).with_causes(words(&links))
    }

    /// Returns the error for a successful answer without a body.
    pub(super) fn empty(&self) -> Error {
        let what = format!("{} ended its answer before the first byte of it", self.host());
        self.network(Phase::Response, &what).with_retryable(true)
    }

    /// Returns the error for an answer that is longer than any with a token.
    pub(super) fn oversized(&self) -> Error {
        let host = self.host();
        self.network(
            Phase::Response,
            &format!("{host} answered with more than {MOST_BODY} bytes, which is too large for a token"),
        )
    }

    fn untrusted(&self, rejected: &RejectedCertificate) -> Error {
        let (phase, whose) = self.shown_by();
        let (name, words) = self.issuer_and_reason(rejected);
        let issuer = name.as_ref().map(|issuer| format!(" (issued by \"{issuer}\")")).unwrap_or_default();
        let trust = self.transport.roots().filter(|_| rejected.lacks_trust);
        let trust = trust.map(|roots| trust_in(roots, name.as_deref())).unwrap_or_default();
        let what = format!("the certificate of {whose}{issuer} is not accepted: {words}{trust}");
        self.network(phase, &what).with_causes(vec![words])
    }

    /// Returns the issuer's name and the reason, without secrets: a proxy that issues certificates may put its password
    /// into them.
    fn issuer_and_reason(&self, rejected: &RejectedCertificate) -> (Option<String>, String) {
        let issuer = rejected.issuer.as_deref().map(|issuer| self.redaction.concealing(issuer));
        (issuer, self.redaction.concealing_names(&rejected.to_string()))
    }

    /// Returns the peer that presented a certificate: the host, or a proxy that uses TLS itself.
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

/// Returns the trusted roots, and what to do if the issuer should be one of them.
fn trust_in(roots: &TrustedRoots, issuer: Option<&str>) -> String {
    let issuer = issuer.map_or_else(|| "its issuer".to_owned(), |issuer| format!("\"{issuer}\""));
    let (trusted, advice) = (roots.in_words(), roots.advice());
    format!(". Trusted roots: {trusted}. If {issuer} is your organisation's or your proxy's authority, {advice}")
}

pub(super) fn network(context: &Context<'_>, phase: Phase, what: &str) -> Error {
    Error::new(ErrorKind::Network, what).with_phase(phase).with_host(context.host())
}

fn insecure(host: &str, tls: &rustls::Error) -> String {
    format!("no secure connection to {host}: {}", tls_messages::sentence(tls))
}

/// Returns whether more arrived than an answer may have, in any part of it.
fn is_oversized(links: Links<'_>) -> bool {
    links.iter().any(|link| link.is::<Oversized>())
}

/// Returns why a name could not be resolved.
pub(super) fn lookup_failure(links: Links<'_>) -> Option<&LookupFailure> {
    links.iter().find_map(|link| link.downcast_ref())
}

/// Returns the kind of the innermost error of the operating system.
pub(super) fn io_kind(links: Links<'_>) -> Option<io::ErrorKind> {
    links.iter().filter_map(|link| link.downcast_ref::<io::Error>()).map(io::Error::kind).next_back()
}

/// Returns the chain of causes. An `io::Error` made of another error hides that error from `source()`, and TLS failures
/// are hidden in two of them, so each is opened with `get_ref()`.
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

/// Returns whether an established connection ended: before TLS is agreed on, that is the only step left.
fn is_break(kind: io::ErrorKind) -> bool {
    matches!(
        kind,
        io::ErrorKind::UnexpectedEof
            | io::ErrorKind::ConnectionReset
            | io::ErrorKind::ConnectionAborted
            | io::ErrorKind::BrokenPipe
    )
}

/// Describes the causes, without repetitions.
pub(super) fn words(links: Links<'_>) -> Vec<String> {
    let mut words: Vec<_> = links.iter().map(|link| word(*link)).collect();
    words.dedup();
    words
}

/// An `io::Error` made of another error repeats its text.
fn word(link: &(dyn StdError + 'static)) -> String {
    let carried = link.downcast_ref::<io::Error>().and_then(io::Error::get_ref).map(|inner| links(inner));
    let tls = link.downcast_ref().or_else(|| tls_error(&carried?));
    tls.map_or_else(|| link.to_string(), tls_messages::detail)
}

fn rejected_certificate<'a>(link: &'a (dyn StdError + 'static)) -> Option<&'a RejectedCertificate> {
    let tls = link.downcast_ref::<rustls::Error>()?;
    let rustls::Error::InvalidCertificate(rustls::CertificateError::Other(other)) = tls else {
        return None;
    };
    other.0.downcast_ref()
}
