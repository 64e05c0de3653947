//! AKS's identity-binding proxy. A workload's token requests go to an endpoint of the cluster, which has its own
//! certificate authority and may have its own TLS server name. The rules are those of `@azure/identity` and of
//! `azure_identity` 1.1.0-beta.1.

use super::{route::Route, Acquisition};
use crate::{
    config::{keys, Context},
    host::{look_up, LookupFailure},
    key::{KeyBuilder, KeyPart},
    types::{opaque, shown, shown_path, text_of, Error, ErrorKind, Phase, Resource, TenantId},
};
use std::{
    net::SocketAddr,
    path::{Path, PathBuf},
    sync::Arc,
};
use url::{Position, Url};

/// The AKS identity-binding proxy (`AZURE_KUBERNETES_*`).
#[derive(Clone)]
pub struct TokenProxySpec {
    /// `AZURE_KUBERNETES_TOKEN_PROXY`: an https address.
    pub url: String,
    /// `AZURE_KUBERNETES_CA_FILE`, which each acquisition reads.
    pub ca_file: Option<PathBuf>,
    /// `AZURE_KUBERNETES_CA_DATA`: PEM.
    pub ca_data: Option<String>,
    /// `AZURE_KUBERNETES_SNI_NAME`.
    pub sni_name: Option<String>,
}

opaque!(TokenProxySpec);

impl TokenProxySpec {
    /// Reads the variables. A cluster without the proxy sets none of them; then the option changes nothing, as in
    /// `@azure/identity` and `azure_identity`. If the proxy's address is missing among them, that is an error.
    pub(super) fn of_environment(context: &Context<'_>) -> Result<Option<Self>, Error> {
        let text = |setting| context.lookup.text(setting).map(str::to_owned);
        let Some(url) = text(&keys::AZURE_KUBERNETES_TOKEN_PROXY) else { return without_proxy(context) };
        Ok(Some(Self {
            url,
            ca_file: context.lookup.text(&keys::AZURE_KUBERNETES_CA_FILE).map(PathBuf::from),
            ca_data: text(&keys::AZURE_KUBERNETES_CA_DATA),
            sni_name: text(&keys::AZURE_KUBERNETES_SNI_NAME),
        }))
    }
}

fn without_proxy(context: &Context<'_>) -> Result<Option<TokenProxySpec>, Error> {
    let details = [&keys::AZURE_KUBERNETES_CA_FILE, &keys::AZURE_KUBERNETES_CA_DATA, &keys::AZURE_KUBERNETES_SNI_NAME];
    let seen: Vec<_> = context.lookup.seen(&details).into_iter().map(|setting| setting.name).collect();
    if seen.is_empty() {
        return Ok(None);
    }
    let address = keys::AZURE_KUBERNETES_TOKEN_PROXY.name();
    let message = format!("{address} is not set. Set it, or remove {}", seen.join(" and "));
    Err(Error::configuration(message, [address.to_owned()].into_iter().chain(seen)))
}

impl KeyPart for TokenProxySpec {
    fn add_to(&self, key: KeyBuilder) -> KeyBuilder {
        let Self { url, ca_file, ca_data, sni_name } = self;
        key.part(url).optional_path(ca_file.as_deref()).optional(ca_data.as_deref()).optional(sni_name.as_deref())
    }
}

const PROXY: &str = "AZURE_KUBERNETES_TOKEN_PROXY";
const CA_FILE: &str = "AZURE_KUBERNETES_CA_FILE";
const CA_DATA: &str = "AZURE_KUBERNETES_CA_DATA";
const SNI_NAME: &str = "AZURE_KUBERNETES_SNI_NAME";

/// The longest file. A bundle of all public authorities takes about 250 KB.
const LONGEST_FILE: usize = 1 << 20;

/// Returns the route to the tenant's token endpoint through this proxy. HTTP proxies are not used for it.
pub(super) async fn route(spec: &TokenProxySpec, acquisition: &Acquisition, tenant: &TenantId) -> Result<Route, Error> {
    let proxy = address(&spec.url)?;
    let mut settings = acquisition.transport.settings().direct();
    settings.trust.only = authorities(spec, acquisition).await?;
    let mut endpoint = within(&proxy, &acquisition.cloud.authority.token_endpoint(tenant)?);
    let mut host_header = None;
    if let Some(name) = &spec.sni_name {
        endpoint.set_host(Some(name)).map_err(|_| invalid(SNI_NAME, "is not a host name"))?;
        host_header = Some(proxy[Position::BeforeHost..Position::AfterPort].to_owned());
        settings.known_host = Some((name.clone(), addresses(&proxy).await?));
    }
    let service = acquisition.cloud.authority.host();
    let transport = Arc::new(acquisition.transport.with(settings));
    Ok(Route { endpoint, host_header, service, transport, sent_before: Vec::new() })
}

fn address(text: &str) -> Result<Url, Error> {
    let url = Url::parse(text).map_err(|_| invalid(PROXY, "is not an address"))?;
    if url.scheme() != "https" {
        return Err(invalid(PROXY, "must be https"));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(invalid(PROXY, "must not carry a user name or a password"));
    }
    if url.query().is_some() || url.fragment().is_some() {
        return Err(invalid(PROXY, "must not have a query or a fragment"));
    }
    Ok(url)
}

/// Appends the endpoint's path to the proxy's own.
fn within(proxy: &Url, endpoint: &Url) -> Url {
    let mut url = proxy.clone();
    url.set_path(&format!("{}{}", proxy.path().trim_end_matches('/'), endpoint.path()));
    url
}

/// Returns the authorities that replace all others, if they are named.
async fn authorities(spec: &TokenProxySpec, acquisition: &Acquisition) -> Result<Option<String>, Error> {
    match (&spec.ca_file, &spec.ca_data) {
        (Some(_), Some(_)) => Err(Error::configuration(
            format!("{CA_FILE} and {CA_DATA} exclude each other: set one of them"),
            [CA_FILE, CA_DATA],
        )),
        (Some(path), None) => of_file(path, acquisition).await.map(Some),
        (None, data) => Ok(data.clone()),
    }
}

async fn of_file(path: &Path, acquisition: &Acquisition) -> Result<String, Error> {
    let shown = shown_path(CA_FILE, path);
    let unread = |why: &str| invalid(CA_FILE, &format!("names {shown}, which cannot be used: {why}"));
    let read = acquisition.host.files.read(path, LONGEST_FILE).await;
    let content = read.map_err(|error| {
        let shortage = Resource::shortage(&error, &format!("{CA_FILE}: {shown} cannot be read"));
        shortage.unwrap_or_else(|| unread(&error.to_string()))
    })?;
    let text = text_of(&content).map_err(&unread)?;
    if text.trim().is_empty() {
        return Err(unread("it is empty"));
    }
    Ok(text.to_owned())
}

/// Resolves the proxy's host, because TLS uses a different server name.
async fn addresses(proxy: &Url) -> Result<Vec<SocketAddr>, Error> {
    let name = proxy.host_str().unwrap_or_default().trim_matches(['[', ']']);
    let port = proxy.port_or_known_default().unwrap_or(443);
    look_up(name, port).await.map_err(|error| {
        let what = format!("the name {} cannot be resolved", shown(PROXY, name));
        Resource::shortage(&error, &what).unwrap_or_else(|| unresolved(name, &error))
    })
}

fn unresolved(name: &str, error: &std::io::Error) -> Error {
    let name = shown(PROXY, name);
    let message = format!("the name {name} ({PROXY}) cannot be resolved ({error}): check the pod's DNS");
    Error::new(ErrorKind::Network, message)
        .with_phase(Phase::Dns)
        .with_host(name.into_owned())
        .with_retryable(LookupFailure::of(error).is_some_and(|failure| failure.is_deferred))
        .with_causes(vec![error.to_string()])
}

fn invalid(setting: &str, what: &str) -> Error {
    Error::configuration(format!("{setting} {what}"), [setting])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_proxy_is_an_https_address_that_may_have_a_path() {
        let endpoint = Url::parse("https://login.example/tenant/oauth2/v2.0/token").unwrap();
        let rows = [
            ("https://proxy.local:8443", "https://proxy.local:8443/tenant/oauth2/v2.0/token"),
            ("https://proxy.local/a/b/", "https://proxy.local/a/b/tenant/oauth2/v2.0/token"),
        ];
        for (proxy, expected) in rows {
            assert_eq!(within(&address(proxy).unwrap(), &endpoint).as_str(), expected);
        }
        for bad in ["http://proxy.local", "https://user:marker@proxy.local", "proxy", "https://p/?a", "https://p/#a"] {
            let error = address(bad).unwrap_err();
            assert_eq!(error.settings(), [PROXY]);
            assert!(!error.message().contains("marker"));
        }
    }
}
