use super::{
    failure::{io_kind, links, lookup_failure, network, tls_error, words, Context, Links},
    tunnel::{ProxyAnswer, Refusal},
};
use crate::{
    config::Proxy,
    host::LookupFailure,
    types::{is_retryable_status, Error, Phase, UnreachedCause},
};
use std::io;

/// The name of the option, to which `NO_PROXY` does not apply.
const OPTION: &str = "proxy";

impl Context<'_> {
    /// Returns the error for a failed connection to the proxy.
    pub(super) fn proxy_unreached(&self, error: &io::Error) -> Error {
        let links = links(error);
        let reached = || self.proxy().map(|proxy| self.unreached(proxy, &links).with_causes(words(&links)));
        self.of_machine_or_certificate(&links).or_else(reached).unwrap_or_else(|| self.no_proxy())
    }

    /// Returns the error for a proxy that does not connect to the host: it refuses, requires a password, or answers
    /// something else.
    pub(super) fn proxy_refused(&self, refusal: &Refusal) -> Error {
        let Some(proxy) = self.proxy() else { return self.no_proxy() };
        match refusal {
            Refusal::Answer(answer) if answer.status == 407 => {
                self.proxy_error(proxy, &self.proof_wanted(proxy, answer))
            }
            Refusal::Answer(answer) => self.unled(proxy, answer),
            Refusal::Login(error) => {
                self.proxy_error(proxy, &self.proof_of_socks_wanted(proxy)).with_causes(words(&links(error)))
            }
            Refusal::Name(error) => {
                let links = links(error);
                let error = self.shortage(&links).unwrap_or_else(|| self.unresolved_for_socks(proxy));
                error.with_causes(words(&links))
            }
            Refusal::Other(error) => self.unled_without_a_status(proxy, error),
        }
    }

    fn unled_without_a_status(&self, proxy: &Proxy, error: &io::Error) -> Error {
        let links = links(error);
        let what = format!("does not connect to {}: ask its administrator{}", self.host(), self.or_none(proxy));
        self.shortage(&links).unwrap_or_else(|| self.proxy_error(proxy, &what)).with_causes(words(&links))
    }

    /// Returns the error for a failure of a proxy without a proxy, which cannot happen.
    fn no_proxy(&self) -> Error {
        network(self, Phase::Proxy, &format!("no connection to {} through a proxy", self.host()))
    }

    fn proxy_error(&self, proxy: &Proxy, what: &str) -> Error {
        network(self, Phase::Proxy, &format!("{} {what}", proxy.in_words()))
    }

    /// Returns the error for an answer to CONNECT that is neither a success nor 407.
    fn unled(&self, proxy: &Proxy, answer: &ProxyAnswer) -> Error {
        let (host, status) = (self.host(), answer.status);
        let what = format!("does not connect to {host}: it answered with status {status}");
        if is_retryable_status(status) || status == 200 {
            let error = self.proxy_error(proxy, &format!("{what}. Try again later, or ask its administrator"));
            return error.with_retryable(true).with_unreached_cause(UnreachedCause::ProxyUnavailable);
        }
        self.proxy_error(proxy, &format!("{what}. Ask its administrator{}", self.or_none(proxy)))
    }

    fn proof_wanted(&self, proxy: &Proxy, answer: &ProxyAnswer) -> String {
        let (host, setting) = (self.host(), proxy.setting());
        let schemes = &answer.schemes;
        if !schemes.is_empty() && !schemes.contains(&"Basic") {
            let schemes = schemes.join(", ");
            return format!(
                "demands a login by {schemes} for {host} (407), and only Basic is supported: set {setting} to a \
                 local proxy that logs in to it, such as cntlm"
            );
        }
        match proxy.credentials() {
            Some(_) => format!("refused the user and password for {host} (407): check them in {setting}"),
            None => format!("demands a user and a password for {host} (407): put them into {setting}, as http://user:password@host:port"),
        }
    }

    fn proof_of_socks_wanted(&self, proxy: &Proxy) -> String {
        let (host, setting) = (self.host(), proxy.setting());
        match proxy.credentials() {
            Some(_) => format!("refused the user and password for {host}: check them in {setting}"),
            None => format!("demands a user and a password for {host}: put them into {setting}, as socks5://user:password@host:port"),
        }
    }

    fn unresolved_for_socks(&self, proxy: &Proxy) -> Error {
        let (host, setting) = (self.host(), proxy.setting());
        self.proxy_error(proxy, &format!("needs the IP address of {host}, which this machine cannot resolve: write socks5h:// in {setting}, so that the proxy resolves it"))
    }

    /// Returns the error for a failed connection to the proxy itself.
    fn unreached(&self, proxy: &Proxy, links: Links<'_>) -> Error {
        let setting = proxy.setting();
        let advice = format!("check {setting}{}", self.or_none(proxy));
        if tls_error(links).is_some() {
            let what =
                format!("does not complete the TLS handshake: if it does not use TLS, write http:// instead of https:// in {setting}");
            return self.proxy_error(proxy, &what);
        }
        if let Some(failure) = lookup_failure(links) {
            return self.unresolved_proxy(proxy, failure);
        }
        if io_kind(links) == Some(io::ErrorKind::ConnectionRefused) {
            let error = self.proxy_error(proxy, &format!("refuses the connection: {advice}"));
            return error.with_retryable(true).with_unreached_cause(UnreachedCause::Refused);
        }
        self.proxy_error(proxy, &format!("cannot be reached: {advice}")).with_retryable(true)
    }

    fn unresolved_proxy(&self, proxy: &Proxy, failure: &LookupFailure) -> Error {
        let setting = proxy.setting();
        if !failure.is_deferred {
            let what = format!("cannot be reached: its name cannot be resolved ({failure}). Check {setting}");
            return self.proxy_error(proxy, &what);
        }
        let what =
            format!("cannot be reached: its name cannot be resolved at this time ({failure}). Check the machine's DNS");
        self.proxy_error(proxy, &what).with_retryable(true).with_unreached_cause(UnreachedCause::LookupDeferred)
    }

    /// Returns the advice to connect without the proxy, if a setting allows that.
    fn or_none(&self, proxy: &Proxy) -> String {
        match proxy.setting() {
            OPTION => String::new(),
            _ => format!(", or set NO_PROXY for {}", self.host()),
        }
    }
}
