mod shared;

use super::{prepared_call::key, *};
use crate::{
    config::{Inputs, TrustSettings},
    credentials::RequestedClaims,
    host::Environment,
    key::Key,
    login::{resolve, RegionChoice},
    transport::{StubAnswer, StubRequest},
    types::{ErrorKind, Phase, Registry, RetryChoice, Scopes, TenantId},
};
use std::sync::{atomic::AtomicUsize, Mutex};

fn settings(authority: &str) -> Settings {
    settings_in_region(authority, "")
}

fn settings_in_region(authority: &str, region: &str) -> Settings {
    let environment = Environment::from([
        ("ARM_TENANT_ID", "t"),
        ("ARM_CLIENT_ID", "c"),
        ("ARM_CLIENT_SECRET", "s"),
        ("AZURE_AUTHORITY_HOST", authority),
        ("AZURE_REGIONAL_AUTHORITY_NAME", region),
    ]);
    resolve(&Inputs::of_environment(&environment)).unwrap()
}

fn cloud_of(settings: &Settings) -> Cloud {
    let cloud = settings.cloud.known().unwrap().clone();
    let authority = settings.authority.clone().unwrap_or(cloud.authority);
    let regional_authority = match &settings.region {
        Some(RegionChoice::Known(region)) => authority.in_region(region).map(Box::new),
        _ => None,
    };
    Cloud { authority, regional_authority, ..cloud }
}

fn key_of(settings: &Settings, scopes: &[&str], tenant: Option<&str>, claims: Option<&str>, cae: bool) -> Key {
    let scopes = Scopes::parse(scopes.iter().map(ToString::to_string).collect()).unwrap();
    let tenant = tenant.map(|text| TenantId::parse(text, "").unwrap());
    key(
        settings,
        settings.network.id(),
        &cloud_of(settings),
        (&scopes, tenant.as_ref(), None),
        &RequestedClaims::new(claims, cae).unwrap(),
    )
}

#[test]
fn each_registry_has_a_token_of_its_own() {
    let settings = settings("https://login.microsoftonline.com");
    let (cloud, scopes) = (cloud_of(&settings), Scopes::of_endpoint("https://containerregistry.azure.net"));
    let key = |host: Option<&str>| {
        let registry = host.map(|host| Registry::parse(host, &cloud).unwrap());
        let claims = RequestedClaims::new(None, false).unwrap();
        key(&settings, settings.network.id(), &cloud, (&scopes, None, registry.as_ref()), &claims)
    };
    assert_eq!(key(Some("a.azurecr.io")), key(Some("A.azurecr.io")));
    assert_ne!(key(Some("a.azurecr.io")), key(Some("b.azurecr.io")));
    assert_ne!(key(Some("a.azurecr.io")), key(None), "the token of Entra ID is another one");
}

#[test]
fn only_the_identity_of_a_token_decides() {
    let public = settings("https://login.microsoftonline.com");
    let base = key_of(&public, &["x", "y"], None, None, false);
    assert_eq!(base, key_of(&public, &["y", "x"], None, None, false), "the order of scopes");
    let others = [
        key_of(&settings("https://b"), &["x", "y"], None, None, false),
        key_of(&settings_in_region("https://login.microsoftonline.com", "westus2"), &["x", "y"], None, None, false),
        key_of(&public, &["x"], None, None, false),
        key_of(&public, &["x", "y"], Some("u"), None, false),
        key_of(&public, &["x", "y"], None, Some("{\"a\":1}"), false),
        key_of(&public, &["x", "y"], None, Some("{\"a\":2}"), false),
        key_of(&public, &["x", "y"], None, None, true),
    ];
    let once = RetryChoice { most_retries: Some(0), ..RetryChoice::default() };
    let short = RetryChoice { longest_wait: Some(Duration::from_millis(1)), ..RetryChoice::default() };
    let retried =
        [once, short].map(|retry| key_of(&Settings { retry, ..public.clone() }, &["x", "y"], None, None, false));
    let others: Vec<_> = others.into_iter().chain(retried).collect();
    let distinct: std::collections::HashSet<_> = others.iter().chain([&base]).collect();
    assert_eq!(distinct.len(), others.len() + 1);
}

/// A token of the tenant `t` and the application `c`.
const TOKEN: &str = "e30.eyJ0aWQiOiJ0IiwiYXBwaWQiOiJjIn0.s";

/// Gives tokens, and a region from the second request for one; counts the requests.
#[derive(Default)]
struct Counting {
    tokens: Mutex<Vec<String>>,
    regions: AtomicUsize,
}

#[async_trait::async_trait]
impl HttpStub for Counting {
    async fn answer(&self, request: StubRequest) -> Result<StubAnswer, Error> {
        let answer = |status, body: &str| Ok(StubAnswer { status, headers: Vec::new(), body: body.into() });
        if request.url.contains("/metadata/instance/") {
            let is_first = self.regions.fetch_add(1, Ordering::Relaxed) == 0;
            return if is_first { answer(503, "") } else { answer(200, "westus2") };
        }
        self.tokens.lock().unwrap().push(request.url);
        answer(200, &format!(r#"{{ "access_token": "{TOKEN}", "expires_in": 86400 }}"#))
    }
}

#[tokio::test(start_paused = true)]
async fn more_network_settings_than_transports_are_kept_do_not_defeat_the_cache() {
    let stub = Arc::new(Counting::default());
    let service = Service::new().over(stub.clone());
    let client = |number: usize| {
        let settings = settings("https://login.microsoftonline.com");
        let trust = TrustSettings { extra: vec![number.to_string()], ..TrustSettings::default() };
        Client::new(Settings { network: NetworkSettings { trust, ..settings.network.clone() }, ..settings })
    };
    let clients: Vec<_> = (0..70).map(client).collect();
    for _ in 0..3 {
        for client in &clients {
            service.client_token(client, &TokenRequest::default()).await.unwrap();
        }
    }
    assert_eq!(stub.tokens.lock().unwrap().len(), clients.len());
}

#[tokio::test(start_paused = true)]
async fn an_unanswered_region_is_requested_again_later() {
    let stub = Arc::new(Counting::default());
    let service = Service::new().over(stub.clone());
    let client = Client::new(settings_in_region("https://login.microsoftonline.com", "AutoDiscoverRegion"));
    let request = TokenRequest { force_refresh: true, ..TokenRequest::default() };
    for seconds in [0, 1, 300, 0] {
        tokio::time::advance(Duration::from_secs(seconds)).await;
        service.client_token(&client, &request).await.unwrap();
    }
    assert_eq!(stub.regions.load(Ordering::Relaxed), 2);
    let tokens = stub.tokens.lock().unwrap();
    assert!(tokens[..3].iter().all(|url| url.starts_with("https://login.microsoftonline.com/")), "{tokens:?}");
    assert!(tokens[3].starts_with("https://westus2.login.microsoft.com/"), "{tokens:?}");
}

#[tokio::test(start_paused = true)]
async fn the_log_says_once_which_settings_have_no_effect() {
    let environment = Environment::from([
        ("ARM_TENANT_ID", "t"),
        ("ARM_CLIENT_ID", "c"),
        ("ARM_CLIENT_SECRET", "s"),
        ("ARM_USE_OIDC", "True"),
        ("ARM_USE_MSI", "1"),
        ("ARM_USE_DEFAULT_AZURE_CREDENTIAL", "false"),
    ]);
    let lines = Arc::new(Mutex::new(Vec::new()));
    let log = Arc::clone(&lines);
    let client = Client::new(resolve(&Inputs::of_environment(&environment)).unwrap())
        .with_log(LogLevel::Warn, move |entry| log.lock().unwrap().push(entry.message.clone()));
    let service = Service::new().over(Arc::new(Counting::default()));
    for _ in 0..2 {
        service.client_token(&client, &TokenRequest::default()).await.unwrap();
    }
    let lines = lines.lock().unwrap();
    let starts: Vec<_> = lines.iter().filter_map(|line| line.split_whitespace().next()).collect();
    assert_eq!(starts, ["ARM_USE_OIDC", "ARM_USE_MSI"], "{lines:?}");
}

/// The proxy `a` reaches nothing.
struct OneProxyIsDown;

#[async_trait::async_trait]
impl HttpStub for OneProxyIsDown {
    async fn answer(&self, request: StubRequest) -> Result<StubAnswer, Error> {
        if request.proxy.is_some_and(|proxy| proxy.contains("//a.")) {
            return Err(Error::new(ErrorKind::Network, "the proxy is down").with_phase(Phase::Proxy));
        }
        let body = r#"{ "access_token": "x", "expires_in": 3600 }"#.into();
        Ok(StubAnswer { status: 200, headers: Vec::new(), body })
    }
}

#[tokio::test(start_paused = true)]
async fn calls_through_another_proxy_do_not_share_a_failure() {
    let service = Service::new().over(Arc::new(OneProxyIsDown));
    let through = |proxy| {
        let environment = Environment::from([
            ("ARM_TENANT_ID", "t"),
            ("ARM_CLIENT_ID", "c"),
            ("ARM_CLIENT_SECRET", "s"),
            ("HTTPS_PROXY", proxy),
        ]);
        Client::new(resolve(&Inputs::of_environment(&environment)).unwrap())
    };
    let request = TokenRequest::default();
    let refused = service.client_token(&through("http://a.example:1"), &request).await.unwrap_err();
    assert_eq!(refused.phase(), Some(Phase::Proxy));
    assert!(service.client_token(&through("http://b.example:1"), &request).await.is_ok());
}
