use super::Exemptions;
use crate::{
    config::keys,
    host::Environment,
    types::{Error, Secret},
};
use std::{fmt, hash::Hash};
use url::Url;

/// Which proxy serves which requests.
///
/// `HTTPS_PROXY` serves https addresses and `HTTP_PROXY` http ones, `ALL_PROXY` those that have none; each in upper
/// or lower case, upper first as in Go.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct ProxySettings {
    https: Option<Proxy>,
    http: Option<Proxy>,
    exempt: Exemptions,
}

/// A proxy: where it is, and what it is told.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Proxy {
    /// Its address without user and password.
    address: String,
    /// What to prove oneself with.
    credentials: Option<(String, Secret)>,
    /// The setting that named it.
    setting: String,
}

impl ProxySettings {
    /// What the environment says.
    ///
    /// # Errors
    /// [`ErrorKind::Configuration`](crate::ErrorKind::Configuration) for a proxy whose address makes no sense.
    pub fn from_environment(environment: &Environment) -> Result<Self, Error> {
        let proxy = |names: [&str; 2]| {
            let found = names.into_iter().find_map(|name| Some((name, environment.var(name)?)));
            found.map(|(name, address)| Proxy::parse(address, name)).transpose()
        };
        let (https, http, all) = (proxy(keys::HTTPS_PROXY)?, proxy(keys::HTTP_PROXY)?, proxy(keys::ALL_PROXY)?);
        let exempt = keys::NO_PROXY.into_iter().find_map(|name| environment.var(name)).unwrap_or_default();
        Ok(Self { https: https.or_else(|| all.clone()), http: http.or(all), exempt: Exemptions::parse(exempt) })
    }

    /// One proxy for everything but the machine itself.
    ///
    /// # Errors
    /// [`ErrorKind::Configuration`](crate::ErrorKind::Configuration) for an address that makes no sense.
    pub fn all(address: &str, setting: &str) -> Result<Self, Error> {
        let proxy = Proxy::parse(address, setting)?;
        Ok(Self { https: Some(proxy.clone()), http: Some(proxy), exempt: Exemptions::default() })
    }

    /// The proxy that serves that address.
    pub fn serving(&self, url: &Url) -> Option<&Proxy> {
        let proxy = if url.scheme() == "https" { &self.https } else { &self.http };
        let is_exempt =
            self.exempt.contain(url.host_str().unwrap_or_default(), url.port_or_known_default().unwrap_or(0));
        proxy.as_ref().filter(|_| !is_exempt)
    }

    /// The proxies that may serve something, each once.
    pub fn distinct(&self) -> Vec<&Proxy> {
        let mut proxies: Vec<_> = self.https.iter().chain(&self.http).collect();
        proxies.dedup();
        proxies
    }
}

impl Proxy {
    /// An address without a scheme is an http one, as everywhere.
    fn parse(text: &str, setting: &str) -> Result<Self, Error> {
        let complaint = || {
            let message = format!(
                "{setting} is not the address of a proxy: use http://host:port, https://host:port, socks5://host:port or socks5h://host:port"
            );
            Error::configuration(message, [setting])
        };
        let address = if text.contains("://") { text.to_owned() } else { format!("http://{text}") };
        let mut url = Url::parse(&address).map_err(|_| complaint())?;
        if !matches!(url.scheme(), "http" | "https" | "socks5" | "socks5h") || !url.has_host() {
            return Err(complaint());
        }
        let credentials = credentials(&url);
        url.set_username("").and_then(|()| url.set_password(None)).map_err(|()| complaint())?;
        // A proxy has no path; what looks like one may be the end of a password with a slash that was not escaped.
        url.set_path("");
        url.set_query(None);
        url.set_fragment(None);
        Ok(Self { address: url.as_str().trim_end_matches('/').to_owned(), credentials, setting: setting.to_owned() })
    }

    /// Its address without user and password.
    pub fn address(&self) -> &str {
        &self.address
    }

    /// User and password, where it wants them.
    pub fn credentials(&self) -> Option<(&str, &Secret)> {
        self.credentials.as_ref().map(|(user, password)| (user.as_str(), password))
    }

    /// Which one it is, for a sentence.
    pub fn in_words(&self) -> String {
        format!("the proxy {} (from {})", self.address, self.setting)
    }

    /// The setting that named it.
    pub fn setting(&self) -> &str {
        &self.setting
    }
}

fn credentials(url: &Url) -> Option<(String, Secret)> {
    let decoded = |text: &str| {
        let pair = format!("x={}", text.replace('+', "%2B"));
        url::form_urlencoded::parse(pair.as_bytes()).next().map_or_else(String::new, |(_, value)| value.into_owned())
    };
    let is_named = !url.username().is_empty() || url.password().is_some();
    is_named.then(|| (decoded(url.username()), Secret::new(decoded(url.password().unwrap_or_default()))))
}

impl fmt::Debug for Proxy {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Proxy")
            .field("address", &self.address)
            .field("setting", &self.setting)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn serving(environment: &Environment, url: &str) -> Option<String> {
        let settings = ProxySettings::from_environment(environment).unwrap();
        settings.serving(&Url::parse(url).unwrap()).map(|proxy| format!("{} by {}", proxy.address(), proxy.setting()))
    }

    #[test]
    fn each_scheme_has_its_variable() {
        let environment =
            Environment::from([("HTTPS_PROXY", "http://s:1"), ("http_proxy", "h:2"), ("ALL_PROXY", "socks5://a:3")]);
        assert_eq!(serving(&environment, "https://x.example/").unwrap(), "http://s:1 by HTTPS_PROXY");
        assert_eq!(serving(&environment, "http://x.example/").unwrap(), "http://h:2 by http_proxy");
        let all = Environment::from([("all_proxy", "socks5h://a:3"), ("no_proxy", "x.example")]);
        assert_eq!(serving(&all, "https://y.example/").unwrap(), "socks5h://a:3 by all_proxy");
        assert_eq!(serving(&all, "https://x.example/"), None);
        assert_eq!(serving(&Environment::from([("HTTP_PROXY", "h:2")]), "https://x.example/"), None);
    }

    #[test]
    fn upper_case_comes_first_and_the_machine_itself_is_exempt() {
        let environment = Environment::from([("HTTPS_PROXY", "upper:1"), ("https_proxy", "lower:1")]);
        assert_eq!(serving(&environment, "https://x.example/").unwrap(), "http://upper:1 by HTTPS_PROXY");
        assert_eq!(serving(&environment, "https://localhost:8443/"), None);
    }

    #[test]
    fn credentials_are_decoded_and_never_shown() {
        let environment = Environment::from([("HTTPS_PROXY", "http://us%40er:marker%2F+@proxy:3128")]);
        let settings = ProxySettings::from_environment(&environment).unwrap();
        let proxy = settings.serving(&Url::parse("https://x.example/").unwrap()).unwrap();
        let (user, password) = proxy.credentials().unwrap();
        assert_eq!((user, password.expose()), ("us@er", "marker/+"));
        assert_eq!(proxy.address(), "http://proxy:3128");
        assert!(!format!("{settings:?}").contains("marker"));
    }

    #[test]
    fn a_password_that_is_taken_for_a_path_is_not_shown() {
        for slip in ["http://user:1/marker@proxy:3128", "http://user:1?marker@proxy", "http://user:1#marker@proxy"] {
            let settings = ProxySettings::all(slip, "HTTPS_PROXY").unwrap();
            assert_eq!(settings.distinct()[0].address(), "http://user:1");
        }
    }

    #[test]
    fn an_address_that_makes_no_sense_is_named_without_its_value() {
        for bad in ["ftp://proxy", "http://", "http://user:marker@", "http://[", "://marker"] {
            let environment = Environment::from([("https_proxy", bad)]);
            let error = ProxySettings::from_environment(&environment).unwrap_err();
            assert_eq!(error.settings(), ["https_proxy"]);
            assert!(!error.message().contains("marker"), "{error}");
        }
    }
}
