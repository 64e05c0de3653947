//! Layer 8: the result of `getClientConfig` (parity §6). Each id comes from the claims of a Microsoft Graph token;
//! without such a claim, from the configuration; without that, from a query to Microsoft Graph.

use crate::{
    clouds::{account, RequestContext},
    credentials::{AzureCliSpec, CredentialSpec},
    service::{in_time, Client, Service, TokenRequest},
    transport::fetch,
    types::{
        claims_in, is_shown_id, shown_host, AccessToken, Cloud, CredentialKind, Error, ErrorKind, IdentityClaims,
        Phase, Scopes,
    },
};
use serde::Deserialize;
use url::Url;

/// The identity behind a login context.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClientConfig {
    /// The client id of the application.
    pub client_id: String,
    /// The object id of the service principal or user.
    pub object_id: String,
    /// The subscription id; empty if there is none.
    pub subscription_id: String,
    /// The tenant id.
    pub tenant_id: String,
}

#[derive(Deserialize)]
struct DirectoryObject {
    id: String,
}

#[derive(Deserialize)]
struct DirectoryObjects {
    value: Vec<DirectoryObject>,
}

impl Service {
    /// Describes the identity. The endpoint and scopes of the request are ignored: the token is for Microsoft Graph.
    ///
    /// # Errors
    /// Those of [`Service::client_token`], and an error if neither the token, the settings nor Microsoft Graph has an
    /// id.
    pub async fn client_config(&self, client: &Client, request: &TokenRequest) -> Result<ClientConfig, Error> {
        let call = self.call(client, &TokenRequest { endpoint: None, scopes: None, ..request.clone() })?;
        let cloud = self.cloud(&call).await?;
        let graph = graph_of(&cloud)?;
        let (late, until, context) = (call.lateness(), call.until, self.context(&call));
        let (token, _) = self.answer(call.for_scopes(Scopes::of_endpoint(graph))).await?;
        let description = described(client, &token, graph, context);
        in_time(until, description).await.unwrap_or_else(|step| Err(late.error(&step)))
    }
}

async fn described(
    client: &Client,
    token: &AccessToken,
    graph: &str,
    context: RequestContext,
) -> Result<ClientConfig, Error> {
    let settings = client.settings();
    let claims = claims_of(token)?;
    let stated = |claim, id: &Option<String>| checked(claim, id.as_deref(), &settings.ids());
    let client_id = stated("appid", &claims.appid)?.or_else(|| settings.identity.client_id.clone());
    let tenant_id = stated("tid", &claims.tid)?.or_else(|| settings.identity.tenant_id.clone());
    let client_id = client_id.ok_or_else(|| unsaid("appid", "client id"))?;
    Ok(ClientConfig {
        object_id: match stated("oid", &claims.oid)? {
            Some(id) => id,
            None => object_id(&claims, &client_id, token, graph, &context).await?,
        },
        tenant_id: tenant_id.ok_or_else(|| unsaid("tid", "tenant id"))?,
        subscription_id: subscription_id(client, token, &context).await?,
        client_id,
    })
}

/// Returns the configured subscription. If az gave the token, returns az's id of that subscription, or of its active
/// one if none is configured.
async fn subscription_id(client: &Client, token: &AccessToken, context: &RequestContext) -> Result<String, Error> {
    let settings = client.settings();
    let configured = settings.identity.subscription_id.clone();
    let spec = azure_cli(&settings.credential).filter(|_| token.source == CredentialKind::AzureCli);
    let Some(spec) = spec else { return Ok(configured.unwrap_or_default()) };
    // In the default chain az gives a token of its active account, as in Azure's SDKs.
    let spec = AzureCliSpec { subscription: spec.subscription.clone().or(configured), ..spec.clone() };
    let account = account(&spec, context).await?;
    Ok(account.map(|account| account.id).or(spec.subscription).unwrap_or_default())
}

fn azure_cli(credential: &CredentialSpec) -> Option<&AzureCliSpec> {
    match credential {
        CredentialSpec::AzureCli(spec) => Some(spec),
        CredentialSpec::Chain(spec) => {
            spec.members.iter().find_map(|member| azure_cli(member.credential.as_ref().ok()?))
        }
        _ => None,
    }
}

fn graph_of(cloud: &Cloud) -> Result<&str, Error> {
    cloud.graph.as_deref().ok_or_else(|| {
        let message =
            "The provider configuration must include a value for microsoftGraphEndpoint: the metadata of this \
                       cloud names no Microsoft Graph";
        Error::configuration(message, ["metadataHost", "ARM_METADATA_HOSTNAME"])
    })
}

/// Reads the claims. A token of Microsoft Graph is a JWT; the claims of any other token cannot be read.
pub(crate) fn claims_of(token: &AccessToken) -> Result<IdentityClaims, Error> {
    claims_in(token.token.expose()).ok_or_else(|| {
        let message =
            "the token for Microsoft Graph is opaque, so that it does not say whose it is: getClientConfig needs \
                       a token with readable claims";
        Error::new(ErrorKind::Authentication, message)
    })
}

/// Returns the id in a claim. Another id in its place would be that of another identity.
fn checked(claim: &str, id: Option<&str>, configured: &[&str]) -> Result<Option<String>, Error> {
    match id {
        Some(id) if !is_shown_id(id, configured.iter().copied()) => {
            let message = format!("the token for Microsoft Graph has no GUID in its claim {claim}");
            Err(Error::new(ErrorKind::Authentication, message))
        }
        id => Ok(id.map(str::to_owned)),
    }
}

fn unsaid(claim: &str, what: &str) -> Error {
    let message = format!("the token for Microsoft Graph has no claim {claim}, and no {what} is configured");
    Error::new(ErrorKind::Authentication, message)
}

/// Asks Microsoft Graph. A delegated token (its scopes include `openid`) asks about its user, an application's token
/// about the application.
async fn object_id(
    claims: &IdentityClaims,
    client_id: &str,
    token: &AccessToken,
    graph: &str,
    context: &RequestContext,
) -> Result<String, Error> {
    let is_delegated = claims.scp.as_deref().is_some_and(|scopes| scopes.split(' ').any(|scope| scope == "openid"));
    let mut url = address(graph, if is_delegated { "/v1.0/me" } else { "/v1.0/servicePrincipals" })?;
    if is_delegated {
        return asked(&url, token, context).await.and_then(|object| id_of(&object, &url));
    }
    let quoted = client_id.replace('\'', "''");
    url.query_pairs_mut().append_pair("$filter", &format!("appId eq '{quoted}'"));
    let found: DirectoryObjects = asked(&url, token, context).await?;
    match found.value.as_slice() {
        [one] => id_of(one, &url),
        several => {
            Err(refused(&url, &format!("has {} service principals of this application, not one", several.len())))
        }
    }
}

fn address(graph: &str, path: &str) -> Result<Url, Error> {
    let address = format!("{}{path}", graph.trim_end_matches('/'));
    let url = Url::parse(&address).ok().filter(|url| url.scheme() == "https");
    url.ok_or_else(|| {
        let message =
            "microsoftGraphResourceId of the cloud's metadata is not an https URL, so no request can be sent to Microsoft Graph";
        Error::configuration(message, ["metadataHost", "ARM_METADATA_HOSTNAME"])
    })
}

async fn asked<T: for<'de> Deserialize<'de>>(
    url: &Url,
    token: &AccessToken,
    context: &RequestContext,
) -> Result<T, Error> {
    let answer = fetch(&context.exchange(), url, Some(&token.token)).await?;
    if !answer.is_success() {
        return Err(refused(url, &format!("answered with status {}", answer.status_line())));
    }
    serde_json::from_slice(&answer.body).map_err(|_| no_object(url))
}

/// Returns the object's id, which is a GUID. Graph has received the token, and may repeat it here.
fn id_of(object: &DirectoryObject, url: &Url) -> Result<String, Error> {
    is_shown_id(&object.id, []).then(|| object.id.clone()).ok_or_else(|| no_object(url))
}

fn no_object(url: &Url) -> Error {
    let message = format!("{} answered with something other than a directory object", shown_host(url));
    Error::new(ErrorKind::Network, message).with_host(shown_host(url)).with_phase(Phase::Response)
}

fn refused(url: &Url, what: &str) -> Error {
    let message = format!(
        "the object id of the login cannot be determined: the token has no claim oid, and {} {what}",
        shown_host(url)
    );
    Error::new(ErrorKind::Authentication, message).with_host(shown_host(url))
}
