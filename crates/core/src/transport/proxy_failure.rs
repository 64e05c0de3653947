use super::{
    failure::{io_kind, links, lookup_failure, network, tls_error, words, Context, Links},
    proxy_answer::{ask, reach, ProxyAnswer, ProxyWord},
};
use crate::{
    config::Proxy,
    host::LookupFailure,
    types::{is_retryable_status, Error, Obstacle, Phase},
};
use std::io;

/// The name of the option, which `NO_PROXY` has no effect on.
const OPTION: &str = "proxy";

/// How a SOCKS proxy's refusal of what it was shown, or not shown, is worded.
const REFUSED_BY_SOCKS: [&str; 3] = [
    "credentials not accepted",
    "server does not support user/pass authentication",
    "server implements authentication incorrectly",
];

/// The words of hyper-util's tunnel and SOCKS errors, whose types nobody else can name.
const TUNNEL_REFUSED: [&str; 2] = ["tunnel error: unsuccessful", "tunnel error: proxy authorization required"];
const NOT_CONNECTED: &str = "failed to create underlying connection";
const SOCKS_NOT_CONNECTED: &str = "SOCKS error: failed to create underlying connection";

impl Context<'_> {
    /// What the proxy says where it has refused a tunnel, or why it is not reached where the error does not say.
    pub(super) async fn word_of_proxy(&self, error: &reqwest::Error) -> Option<ProxyWord> {
        let proxy = self.proxy()?;
        if has_words(error, &TUNNEL_REFUSED) {
            return Box::pin(ask(proxy, self.url, self.transport.tls())).await;
        }
        if has_words(error, &[SOCKS_NOT_CONNECTED]) {
            return Box::pin(reach(proxy)).await;
        }
        None
    }

    /// What the proxy did, where one stands between: it refuses, wants a password, or is not there.
    pub(super) fn at_proxy(&self, error: &reqwest::Error, links: Links<'_>, word: Option<&ProxyWord>) -> Option<Error> {
        let proxy = self.proxy()?;
        let answer = match word {
            Some(ProxyWord::Answer(answer)) => Some(answer),
            Some(ProxyWord::Unreached(reason)) => return Some(self.unreached_for(proxy, reason)),
            None => None,
        };
        let said = |what: &str| links.iter().any(|link| link.to_string().contains(what));
        let is_untunnelled = self.url.scheme() == "http" && error.is_connect();
        let error = if let Some(answer) = answer.filter(|answer| answer.status != 407) {
            self.unled(proxy, answer)
        } else if said(TUNNEL_REFUSED[1]) {
            self.told(proxy, &self.proof_wanted(proxy, answer))
        } else if REFUSED_BY_SOCKS.into_iter().any(said) {
            self.told(proxy, &self.proof_of_socks_wanted(proxy))
        } else if said("error resolving for socks proxy") {
            self.unresolved_for_socks(proxy)
        } else if said(NOT_CONNECTED) || (is_untunnelled && !said("SOCKS error")) {
            self.unreached(proxy, links)
        } else if said("tunnel error") || said("SOCKS error") {
            self.told(proxy, &format!("does not lead to {}: ask its administrator{}", self.host(), self.or_none(proxy)))
        } else {
            return None;
        };
        Some(error.with_causes(words(links)))
    }

    fn told(&self, proxy: &Proxy, what: &str) -> Error {
        network(self, Phase::Proxy, &format!("{} {what}", proxy.in_words()))
    }

    /// An answer to CONNECT that is neither a success nor 407.
    fn unled(&self, proxy: &Proxy, answer: &ProxyAnswer) -> Error {
        let (host, status) = (self.host(), answer.status);
        let what = format!("does not lead to {host}: it answered with status {status}");
        if is_retryable_status(status) || status == 200 {
            let error = self.told(proxy, &format!("{what}. Try again later, or ask its administrator"));
            return error.with_retryable(true).with_obstacle(Obstacle::ProxyUnavailable);
        }
        self.told(proxy, &format!("{what}. Ask its administrator{}", self.or_none(proxy)))
    }

    fn proof_wanted(&self, proxy: &Proxy, answer: Option<&ProxyAnswer>) -> String {
        let (host, setting) = (self.host(), proxy.setting());
        let schemes = answer.map(|answer| answer.schemes.as_slice()).unwrap_or_default();
        if !schemes.is_empty() && !schemes.contains(&"Basic") {
            let schemes = schemes.join(", ");
            return format!(
                "wants a login by {schemes} for {host} (407), and only Basic is supported here: set {setting} to a \
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
        self.told(proxy, &format!("is to be given an address for {host}, which this machine cannot resolve: write socks5h:// in {setting}, and the proxy resolves it"))
    }

    fn unreached_for(&self, proxy: &Proxy, reason: &io::Error) -> Error {
        let links = links(reason);
        let error = self.shortage(&links).unwrap_or_else(|| self.unreached(proxy, &links));
        error.with_causes(vec![reason.to_string()])
    }

    /// No connection to the proxy itself.
    fn unreached(&self, proxy: &Proxy, links: Links<'_>) -> Error {
        let setting = proxy.setting();
        let advice = format!("check {setting}{}", self.or_none(proxy));
        if tls_error(links).is_some() {
            let what =
                format!("does not agree on TLS: if it speaks none, write http:// in place of https:// in {setting}");
            return self.told(proxy, &what);
        }
        if let Some(failure) = lookup_failure(links) {
            return self.unresolved_proxy(proxy, failure);
        }
        if io_kind(links) == Some(io::ErrorKind::ConnectionRefused) {
            let error = self.told(proxy, &format!("refuses the connection: {advice}"));
            return error.with_retryable(true).with_obstacle(Obstacle::Refused);
        }
        self.told(proxy, &format!("cannot be reached: {advice}")).with_retryable(true)
    }

    fn unresolved_proxy(&self, proxy: &Proxy, failure: &LookupFailure) -> Error {
        let setting = proxy.setting();
        if !failure.is_deferred {
            let what = format!("cannot be reached: its name cannot be resolved ({failure}). Check {setting}");
            return self.told(proxy, &what);
        }
        let what =
            format!("cannot be reached: its name cannot be resolved at this time ({failure}). Check the machine's DNS");
        self.told(proxy, &what).with_retryable(true).with_obstacle(Obstacle::LookupDeferred)
    }

    /// The advice to go without the proxy, where there is a way.
    fn or_none(&self, proxy: &Proxy) -> String {
        match proxy.setting() {
            OPTION => String::new(),
            _ => format!(", or set NO_PROXY for {}", self.host()),
        }
    }
}

/// Whether one of the links says just that.
fn has_words(error: &reqwest::Error, words: &[&str]) -> bool {
    links(error).iter().any(|link| words.contains(&link.to_string().as_str()))
}
