use super::Exemptions;
use crate::{
    config::keys,
    host::Environment,
    types::{suspicion, Error, Secret},
};
use percent_encoding::percent_decode_str;
use std::{fmt, hash::Hash};
use url::Url;

/// Which proxy serves which requests.
///
/// `HTTPS_PROXY` serves https addresses and `HTTP_PROXY` http addresses; `ALL_PROXY` serves those without one. Each may
/// be in upper or lower case, and upper case is read first, as in Go.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct ProxySettings {
    https: Option<Proxy>,
    http: Option<Proxy>,
    exempt: Exemptions,
    /// A variable that is set but ignored, because the program runs under CGI.
    ignored: Option<&'static str>,
}

/// A proxy: its address, and the credentials for it.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Proxy {
    /// Its address without user and password.
    address: String,
    /// User and password.
    credentials: Option<(String, Secret)>,
    /// The name of the setting that holds the address.
    setting: String,
}

impl ProxySettings {
    /// Reads the proxies from the environment.
    ///
    /// # Errors
    /// [`ErrorKind::Configuration`](crate::ErrorKind::Configuration) if the address of a proxy is invalid.
    pub fn from_environment(environment: &Environment) -> Result<Self, Error> {
        Self::of_variables(&|name| environment.var(name))
    }

    /// Reads all variables, even if one is invalid.
    pub(super) fn of_variables<'a>(variable: &dyn Fn(&str) -> Option<&'a str>) -> Result<Self, Error> {
        let ignored = ignored_under_cgi(variable);
        let proxy = |names: [&'static str; 2]| {
            let mut used = names.into_iter().filter(|name| !ignored.contains(name));
            let found = used.find_map(|name| Some((name, variable(name)?)));
            found.map(|(name, address)| Proxy::parse(address, name)).transpose()
        };
        let [https, http, all] = [keys::HTTPS_PROXY, keys::HTTP_PROXY, keys::ALL_PROXY].map(proxy);
        let exempt = keys::NO_PROXY.into_iter().find_map(variable).unwrap_or_default();
        let ignored = ignored.iter().copied().find(|name| variable(name).is_some());
        let (https, http, all) = (https?, http?, all?);
        Ok(Self {
            https: https.or_else(|| all.clone()),
            http: http.or(all),
            exempt: Exemptions::parse(exempt),
            ignored,
        })
    }

    /// Returns the variable that is set but ignored, because the program runs under CGI.
    pub fn ignored_under_cgi(&self) -> Option<&'static str> {
        self.ignored
    }

    /// Uses one proxy for everything except this machine.
    ///
    /// # Errors
    /// [`ErrorKind::Configuration`](crate::ErrorKind::Configuration) if the address is invalid.
    pub fn all(address: &str, setting: &str) -> Result<Self, Error> {
        let proxy = Proxy::parse(address, setting)?;
        Ok(Self { https: Some(proxy.clone()), http: Some(proxy), ..Self::default() })
    }

    /// Returns the proxy for that address.
    pub fn serving(&self, url: &Url) -> Option<&Proxy> {
        let proxy = if url.scheme() == "https" { &self.https } else { &self.http };
        let is_exempt =
            self.exempt.contain(url.host_str().unwrap_or_default(), url.port_or_known_default().unwrap_or(0));
        proxy.as_ref().filter(|_| !is_exempt)
    }

    /// Returns every proxy that may be used, each once.
    pub fn distinct(&self) -> Vec<&Proxy> {
        let mut proxies: Vec<_> = self.https.iter().chain(&self.http).collect();
        proxies.dedup();
        proxies
    }
}

impl Proxy {
    /// Parses an address. Without a scheme it is an http address, as in other programs.
    fn parse(text: &str, setting: &str) -> Result<Self, Error> {
        let invalid = || {
            let message = format!(
                "{setting} is not the address of a proxy: use http://host:port, https://host:port, socks5://host:port or socks5h://host:port"
            );
            Error::configuration(message, [setting])
        };
        let (scheme, rest) = text.trim().split_once("://").unwrap_or(("http", text.trim()));
        if rest.strip_suffix('/').unwrap_or(rest).contains(['/', '?', '#', '\\']) {
            return Err(more_than_a_host(setting));
        }
        let address = format!("{scheme}://{rest}");
        let mut url = Url::parse(&address).map_err(|_| invalid())?;
        // Errors name the host, and `Url` removes line breaks from the text that it parses.
        let looks_secret =
            url.host_str().is_some_and(|host| suspicion(host).is_some()) || rest.contains(char::is_control);
        if looks_secret || !matches!(url.scheme(), "http" | "https" | "socks5" | "socks5h") || !url.has_host() {
            return Err(invalid());
        }
        let credentials = credentials(&url);
        url.set_username("").and_then(|()| url.set_password(None)).map_err(|()| invalid())?;
        Ok(Self { address: url.as_str().trim_end_matches('/').to_owned(), credentials, setting: setting.to_owned() })
    }

    /// Returns the address without user and password.
    pub fn address(&self) -> &str {
        &self.address
    }

    /// Returns user and password, if there are any.
    pub fn credentials(&self) -> Option<(&str, &Secret)> {
        self.credentials.as_ref().map(|(user, password)| (user.as_str(), password))
    }

    /// Returns the proxy's name for a sentence.
    pub fn in_words(&self) -> String {
        format!("the proxy {} (from {})", self.address, self.setting)
    }

    /// Returns the name of the setting that holds the address.
    pub fn setting(&self) -> &str {
        &self.setting
    }
}

/// A web server passes the header `Proxy` of a request to a CGI program as `HTTP_PROXY`: the sender of the request would
/// choose the proxy (httpoxy.org). Names of variables have no case on Windows.
fn ignored_under_cgi<'a>(variable: &dyn Fn(&str) -> Option<&'a str>) -> &'static [&'static str] {
    match (variable(keys::REQUEST_METHOD), cfg!(windows)) {
        (None, _) => &[],
        (Some(_), true) => &keys::HTTP_PROXY,
        (Some(_), false) => &[keys::HTTP_PROXY[0]],
    }
}

/// Text after the port may be part of a password, so the message shows nothing of the value.
fn more_than_a_host(setting: &str) -> Error {
    let message = format!(
        "{setting} has a path, a query, a fragment or a backslash, which the address of a proxy does not have: if its \
         user or password contains one of \\ / ? # @ %, write it as %5C %2F %3F %23 %40 %25"
    );
    Error::configuration(message, [setting])
}

/// Returns user and password, percent-decoded (RFC 3986 §3.2.1).
fn credentials(url: &Url) -> Option<(String, Secret)> {
    let decoded = |text: &str| percent_decode_str(text).decode_utf8_lossy().into_owned();
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
    use crate::types::ErrorKind;
    use percent_encoding::{utf8_percent_encode, NON_ALPHANUMERIC};

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
    fn a_proxy_that_a_web_request_can_name_is_ignored_under_cgi() {
        let cgi = [("HTTP_PROXY", "upper:1"), ("HTTPS_PROXY", "s:1"), ("REQUEST_METHOD", "GET")];
        let environment = Environment::from(cgi);
        assert_eq!(serving(&environment, "http://x.example/"), None);
        assert_eq!(serving(&environment, "https://x.example/").unwrap(), "http://s:1 by HTTPS_PROXY");
        assert_eq!(ProxySettings::from_environment(&environment).unwrap().ignored_under_cgi(), Some("HTTP_PROXY"));
        let [upper, https, method] = cgi;
        let environment = Environment::from([upper, https, method, ("http_proxy", "lower:1"), ("ALL_PROXY", "all:1")]);
        let expected = if cfg!(windows) { "http://all:1 by ALL_PROXY" } else { "http://lower:1 by http_proxy" };
        assert_eq!(serving(&environment, "http://x.example/").unwrap(), expected);
        let usual = Environment::from([("HTTP_PROXY", "upper:1")]);
        assert_eq!(ProxySettings::from_environment(&usual).unwrap().ignored_under_cgi(), None);
    }

    #[test]
    fn a_proxy_for_everything_serves_both_schemes_and_errors_name_its_setting() {
        let settings = ProxySettings::all("http://proxy:3128", "proxy").unwrap();
        for address in ["https://x.example/", "http://x.example/"] {
            let proxy = settings.serving(&Url::parse(address).unwrap()).unwrap();
            assert_eq!(proxy.in_words(), "the proxy http://proxy:3128 (from proxy)");
        }
    }

    #[test]
    fn credentials_are_decoded_and_never_shown() {
        let environment = Environment::from([("HTTPS_PROXY", "http://us%40er:marker%2F+@proxy:3128")]);
        let settings = ProxySettings::from_environment(&environment).unwrap();
        let proxy = settings.serving(&Url::parse("https://x.example/").unwrap()).unwrap();
        let (user, password) = proxy.credentials().unwrap();
        assert_eq!((user, password.expose()), ("us@er", "marker/+"));
        assert_eq!(proxy.address(), "http://proxy:3128");
        let shown = format!("{settings:?}");
        assert!(shown.contains("http://proxy:3128") && !shown.contains("marker"), "{shown}");
    }

    #[test]
    fn either_part_alone_is_sent_to_the_proxy() {
        for (address, expected) in [
            ("http://user@proxy:1", Some(("user", ""))),
            ("http://:word@proxy:1", Some(("", "word"))),
            ("http://proxy:1", None),
        ] {
            let settings = ProxySettings::all(address, "proxy").unwrap();
            let parts = settings.distinct()[0].credentials().map(|(user, password)| (user, password.expose()));
            assert_eq!(parts, expected, "{address}");
        }
    }

    /// The reserved characters of RFC 3986 §2.2, and others that are percent-encoded.
    #[test]
    fn every_reserved_character_of_a_user_and_a_password_is_decoded() {
        for reserved in ":/?#[]@!$&'()*+,;=%\\ \"<>^`{|}~ü".chars() {
            let encoded = utf8_percent_encode(reserved.encode_utf8(&mut [0; 4]), NON_ALPHANUMERIC).to_string();
            let settings = ProxySettings::all(&format!("http://u{encoded}v:p{encoded}q@proxy:1"), "proxy").unwrap();
            let (user, password) = settings.distinct()[0].credentials().unwrap();
            let expected = (format!("u{reserved}v"), format!("p{reserved}q"));
            assert_eq!((user, password.expose()), (expected.0.as_str(), expected.1.as_str()));
        }
    }

    #[test]
    fn characters_that_an_address_may_contain_stay() {
        for plain in "!$&'()*+,;=-._~".chars() {
            let settings = ProxySettings::all(&format!("http://u{plain}v:p{plain}q@proxy:1/"), "proxy").unwrap();
            let (user, password) = settings.distinct()[0].credentials().unwrap();
            assert_eq!((user, password.expose()), (&*format!("u{plain}v"), &*format!("p{plain}q")));
        }
    }

    #[test]
    fn an_address_with_more_than_a_host_is_refused_and_not_shown() {
        let slips = [
            "http://user:1/marker@proxy:3128",
            "http://user:1?marker@proxy",
            "http://user:1#marker@proxy",
            "http://MARKER\\user:marker@proxy:3128",
            "marker\\user:1@proxy",
            "user:2024#marker@proxy:3128",
            "http://proxy:3128/marker",
            "http://proxy:3128//",
            "https://proxy:3128?marker",
            "socks5://proxy:1080/#marker",
        ];
        for slip in slips {
            for setting in ["HTTPS_PROXY", "proxy"] {
                let error = ProxySettings::all(slip, setting).unwrap_err();
                assert_eq!((error.kind(), error.settings()), (ErrorKind::Configuration, &[setting.to_owned()][..]));
                let shown = format!("{error:?}").to_lowercase();
                assert!(shown.contains("%5c %2f") && !shown.contains("marker") && !shown.contains("2024"), "{shown}");
            }
        }
        assert!(ProxySettings::all("http://proxy:3128/", "proxy").is_ok());
    }

    #[test]
    fn the_error_names_an_invalid_address_without_its_value() {
        for bad in ["ftp://proxy", "http://", "http://user:marker@", "http://[", "://marker"] {
            let environment = Environment::from([("https_proxy", bad)]);
            let error = ProxySettings::from_environment(&environment).unwrap_err();
            assert_eq!(error.settings(), ["https_proxy"]);
            assert!(!error.message().contains("marker"), "{error}");
        }
    }
}
