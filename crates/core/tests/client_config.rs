//! The identity of the login context, if the token does not state it: Microsoft Graph is asked.

use async_trait::async_trait;
use azure_client_token_core::{
    resolve,
    testing::{HttpStub, StubAnswer, StubRequest},
    Client, ClientConfig, Environment, Error, Inputs, Service, TokenRequest,
};
use base64::{engine::general_purpose::URL_SAFE_NO_PAD, Engine};
use serde_json::{json, Value};
use std::sync::Arc;

/// An Entra ID that gives a token with these claims, and a Graph that gives this answer at this path.
struct Services {
    token: String,
    path: &'static str,
    graph: Value,
}

#[async_trait]
impl HttpStub for Services {
    async fn answer(&self, request: StubRequest) -> Result<StubAnswer, Error> {
        let body = match request.url.strip_prefix("https://graph.microsoft.com") {
            Some(path) => {
                assert_eq!(path, self.path);
                let bearer = format!("Bearer {}", self.token);
                assert!(request.headers.iter().any(|(name, value)| name == "authorization" && *value == bearer));
                self.graph.clone()
            }
            None => json!({ "access_token": self.token, "expires_in": 3600, "token_type": "Bearer" }),
        };
        Ok(StubAnswer { status: 200, body: body.to_string().into_bytes(), ..StubAnswer::default() })
    }
}

async fn config(token: String, path: &'static str, graph: Value) -> Result<ClientConfig, Error> {
    let environment = Environment::from([
        ("ARM_TENANT_ID", "a-tenant"),
        ("ARM_CLIENT_ID", "an-app"),
        ("ARM_CLIENT_SECRET", "hidden"),
    ]);
    let client = Client::new(resolve(&Inputs::of_environment(&environment))?);
    let service = Service::new().over(Arc::new(Services { token, path, graph }));
    service.client_config(&client, &TokenRequest::default()).await
}

fn token(claims: &Value) -> String {
    format!("e30.{}.x", URL_SAFE_NO_PAD.encode(claims.to_string()))
}

/// The metadata document of a cloud without Graph, or with a Graph at an insecure address.
struct CloudOfItsOwn {
    graph: &'static str,
}

#[async_trait]
impl HttpStub for CloudOfItsOwn {
    async fn answer(&self, request: StubRequest) -> Result<StubAnswer, Error> {
        let metadata = json!({
            "name": "OwnCloud",
            "resourceManager": "https://management.own.example/",
            "microsoftGraphResourceId": self.graph,
            "authentication": { "loginEndpoint": "https://login.own.example/", "audiences": ["https://management.own.example"] },
        });
        let token = json!({ "access_token": token(&json!({})), "expires_in": 3600, "token_type": "Bearer" });
        let body = if request.url.contains("/metadata/endpoints") { metadata } else { token };
        Ok(StubAnswer { status: 200, body: body.to_string().into_bytes(), ..StubAnswer::default() })
    }
}

const OBJECT: &str = "0bb0bbbb-0000-4000-8000-00000000000b";
const OTHER: &str = "e8b1c0de-0000-4000-8000-000000000001";
const TENANT: &str = "7b795fb9-09d3-42f4-a494-38864f99ba3c";

const PRINCIPALS: &str = "/v1.0/servicePrincipals?%24filter=appId+eq+%27an-app%27";

#[tokio::test]
async fn graph_is_asked_for_the_object_id_that_the_token_lacks() {
    let found = config(token(&json!({})), PRINCIPALS, json!({ "value": [{ "id": OBJECT }] })).await.unwrap();
    assert_eq!((found.client_id.as_str(), found.tenant_id.as_str()), ("an-app", "a-tenant"), "what is configured");
    assert_eq!((found.object_id.as_str(), found.subscription_id.as_str()), (OBJECT, ""));
    let delegated = token(&json!({ "scp": "openid profile", "appid": OTHER, "tid": TENANT }));
    let found = config(delegated, "/v1.0/me", json!({ "id": OBJECT })).await.unwrap();
    assert_eq!((found.object_id.as_str(), found.client_id.as_str()), (OBJECT, OTHER));
}

#[tokio::test]
async fn an_id_that_may_be_a_secret_is_refused() {
    let secret = "Zk7wQp2LmX9vRt4Bn8sY";
    for claim in ["appid", "tid", "oid"] {
        let error = config(token(&json!({ "oid": OBJECT, claim: secret })), PRINCIPALS, json!(null)).await.unwrap_err();
        let sentence = format!("the token for Microsoft Graph has no GUID in its claim {claim}");
        assert!(error.message().starts_with(&sentence) && !error.message().contains(secret), "{error}");
    }
    let error = config(token(&json!({})), PRINCIPALS, json!({ "value": [{ "id": secret }] })).await.unwrap_err();
    assert!(error.message().contains("directory object") && !format!("{error:?}").contains(secret), "{error}");
    let delegated = token(&json!({ "scp": "openid" }));
    assert!(config(delegated, "/v1.0/me", json!({ "id": secret })).await.is_err());
    let own = config(token(&json!({ "appid": "AN-App", "tid": "a-tenant", "oid": OBJECT })), "", json!(null)).await;
    assert_eq!(own.unwrap().client_id, "AN-App", "the settings name it");
}

#[tokio::test]
async fn the_error_says_what_cannot_be_found_out() {
    for several in [json!([]), json!([{ "id": "a" }, { "id": "b" }])] {
        let error = config(token(&json!({})), PRINCIPALS, json!({ "value": several })).await.unwrap_err();
        assert!(error.message().contains("service principals"), "{error}");
    }
    let error = config(token(&json!({})), PRINCIPALS, json!([1])).await.unwrap_err();
    assert!(error.message().contains("directory object"), "{error}");
    let error = config("opaque-marker".to_owned(), "", json!(null)).await.unwrap_err();
    assert!(error.message().contains("opaque") && !error.message().contains("marker"), "{error}");
}

#[tokio::test]
async fn the_error_of_a_cloud_without_graph_has_the_providers_words() {
    let rows = [
        ("", "The provider configuration must include a value for microsoftGraphEndpoint"),
        ("http://graph.own.example/", "microsoftGraphResourceId of the cloud's metadata is not an https URL"),
    ];
    for (graph, sentence) in rows {
        let environment = Environment::from([
            ("ARM_TENANT_ID", "a-tenant"),
            ("ARM_CLIENT_ID", "an-app"),
            ("ARM_CLIENT_SECRET", "hidden"),
            ("ARM_METADATA_HOSTNAME", "management.own.example"),
        ]);
        let client = Client::new(resolve(&Inputs::of_environment(&environment)).unwrap());
        let service = Service::new().over(Arc::new(CloudOfItsOwn { graph }));
        let error = service.client_config(&client, &TokenRequest::default()).await.unwrap_err();
        assert!(error.message().starts_with(sentence), "{error}");
        assert_eq!(error.settings(), ["metadataHost", "ARM_METADATA_HOSTNAME"]);
    }
}
