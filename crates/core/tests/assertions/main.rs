//! Certificates, assertions of other providers and acting for a user, from the specification to the request at the
//! stub.
#![expect(clippy::disallowed_methods, reason = "the test files are read as they are")]

use async_trait::async_trait;
use azure_client_token_core::{
    credentials::{
        ApplicationProof, AssertionSpec, CertificateOrigin, CertificateSpec, ClientAssertionSpec,
        ClientCertificateSpec, CredentialSpec, OnBehalfOfSpec, ServicePrincipal, TokenProxySpec,
    },
    host::{AssertionCallback, Commands, FakeFiles, Files},
    testing::{HttpStub, StubAnswer, StubRequest},
    Authority, Client, ClientId, Clock, CredentialKind, Error, ErrorKind, Host, Phase, Secret, Service, Settings,
    TenantId, TokenRequest,
};
use base64::{engine::general_purpose::URL_SAFE_NO_PAD, Engine};
use serde_json::Value;
use std::{
    collections::HashMap,
    path::PathBuf,
    sync::{
        atomic::{AtomicUsize, Ordering},
        Arc, Mutex,
    },
    time::{Duration, UNIX_EPOCH},
};

mod federated;
mod on_behalf_of;

const TOKEN: &str = r#"{"access_token":"the.access.token","expires_in":3600,"token_type":"Bearer"}"#;
const NOW: u64 = 1_800_000_000;
const JWT_BEARER: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

type Answers = Box<dyn Fn(&StubRequest) -> Result<StubAnswer, Error> + Send + Sync>;

/// The services of a test, and the requests that they received.
struct Services {
    answer: Answers,
    asked: Mutex<Vec<StubRequest>>,
}

#[async_trait]
impl HttpStub for Services {
    async fn answer(&self, request: StubRequest) -> Result<StubAnswer, Error> {
        self.asked.lock().expect("no panic").push(request.clone());
        (self.answer)(&request)
    }
}

/// A machine with files, and its network.
struct Bench {
    files: FakeFiles,
    services: Arc<Services>,
    service: Service,
}

impl Bench {
    fn new(answer: impl Fn(&StubRequest) -> Result<StubAnswer, Error> + Send + Sync + 'static) -> Self {
        Self::with_files(FakeFiles::default(), answer)
    }

    fn with_files(
        files: FakeFiles,
        answer: impl Fn(&StubRequest) -> Result<StubAnswer, Error> + Send + Sync + 'static,
    ) -> Self {
        let services = Arc::new(Services { answer: Box::new(answer), asked: Mutex::default() });
        let clock = Clock::fake(|| UNIX_EPOCH + Duration::from_secs(NOW));
        let host = Host { clock, files: Files::fake(files.clone()), commands: Commands::system() };
        let service = Service::with_host(host).over(Arc::clone(&services) as Arc<dyn HttpStub>);
        Self { files, services, service }
    }

    async fn token(&self, credential: CredentialSpec) -> Result<CredentialKind, Error> {
        self.token_of(credential, "https://login.example").await
    }

    /// Returns a new token, even if one is cached.
    async fn token_of(&self, credential: CredentialSpec, authority: &str) -> Result<CredentialKind, Error> {
        let authority = Some(Authority::parse(authority, "authorityHost")?);
        let settings = Settings { authority, ..Settings::of(credential) };
        let request = TokenRequest { force_refresh: true, ..TokenRequest::default() };
        let token = self.service.client_token(&Client::new(settings), &request).await?;
        assert_eq!(token.token.expose(), "the.access.token");
        Ok(token.source)
    }

    fn asked(&self) -> Vec<StubRequest> {
        self.services.asked.lock().expect("no panic").clone()
    }

    /// Returns the forms that the token endpoint received.
    fn forms(&self) -> Vec<HashMap<String, String>> {
        self.asked().iter().filter(|request| request.url.ends_with("/token")).map(form).collect()
    }
}

#[expect(clippy::unnecessary_wraps, reason = "a service's data need not be an answer")]
fn answer(status: u16, body: &str) -> Result<StubAnswer, Error> {
    let headers = vec![("content-type".to_owned(), "application/json".to_owned())];
    Ok(StubAnswer { status, headers, body: body.as_bytes().to_vec() })
}

fn refusal(code: u32) -> Result<StubAnswer, Error> {
    answer(
        401,
        &format!(r#"{{"error":"invalid_client","error_description":"AADSTS{code}: no.","error_codes":[{code}]}}"#),
    )
}

fn form(request: &StubRequest) -> HashMap<String, String> {
    url::form_urlencoded::parse(&request.body).into_owned().collect()
}

fn header<'a>(request: &'a StubRequest, name: &str) -> Option<&'a str> {
    request.headers.iter().find(|(other, _)| other == name).map(|(_, value)| value.as_str())
}

fn file(name: &str) -> Vec<u8> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/certificates").join(name);
    std::fs::read(path).expect("a test file")
}

fn principal_in(tenant: &str) -> ServicePrincipal {
    ServicePrincipal {
        tenant: TenantId::parse(tenant, "tenantId").expect("a tenant"),
        client_id: ClientId::parse("client", "clientId").expect("a client id"),
        fmi_path: None,
    }
}

fn principal() -> ServicePrincipal {
    principal_in("contoso.example")
}

fn certificate_in(path: &str) -> CertificateSpec {
    CertificateSpec {
        origin: CertificateOrigin::File(path.into()),
        password: None,
        send_chain: false,
        setting: "ARM_CLIENT_CERTIFICATE_PATH".to_owned(),
    }
}

fn with_certificate(certificate: CertificateSpec) -> CredentialSpec {
    CredentialSpec::ClientCertificate(ClientCertificateSpec { principal: principal(), certificate })
}

fn with_assertion(assertion: AssertionSpec) -> CredentialSpec {
    CredentialSpec::Oidc(ClientAssertionSpec {
        principal: principal(),
        assertion,
        setting: "ARM_OIDC_SETTING".to_owned(),
        token_proxy: None,
    })
}

fn request_to(url: &str) -> AssertionSpec {
    AssertionSpec::Request {
        url: url.to_owned(),
        token: Secret::new("marker-request-token"),
        audience: "api://AzureADTokenExchange".to_owned(),
    }
}

fn for_user(proof: ApplicationProof) -> CredentialSpec {
    CredentialSpec::OnBehalfOf(OnBehalfOfSpec {
        principal: principal(),
        user_assertion: Secret::new("marker-user-token"),
        proof,
    })
}

fn part(assertion: &str, number: usize) -> Value {
    let text = assertion.split('.').nth(number).expect("three parts");
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(text).expect("base64url")).expect("JSON")
}

/// Checks that nothing in an error shows a secret.
fn assert_discreet(error: &Error) {
    let shown = format!("{error} {error:?} {:?} {:?} {:?}", error.causes(), error.attempts(), error.refusal());
    assert!(!shown.contains("marker"), "{shown}");
}

#[tokio::test]
async fn a_certificate_authenticates_the_application_to_its_tenant() {
    let bench = Bench::new(|_| answer(200, TOKEN));
    bench.files.write("/c.pem", file("pkcs8.pem"));
    let kind = bench.token(with_certificate(certificate_in("/c.pem"))).await.expect("a token");
    assert_eq!(kind, CredentialKind::ClientCertificate);
    assert_eq!(bench.asked()[0].url, "https://login.example/contoso.example/oauth2/v2.0/token");
    let form = &bench.forms()[0];
    assert_eq!(form["grant_type"], "client_credentials");
    assert_eq!(form["client_id"], "client");
    assert_eq!(form["client_assertion_type"], JWT_BEARER);
    let claims = part(&form["client_assertion"], 1);
    assert_eq!(claims["aud"], "https://login.example/contoso.example/oauth2/v2.0/token");
    assert_eq!(claims["exp"].as_u64(), Some(NOW + 600));
    assert!(part(&form["client_assertion"], 0).get("x5c").is_none());
}

#[tokio::test]
async fn the_chain_is_sent_where_it_is_asked_for() {
    let bench = Bench::new(|_| answer(200, TOKEN));
    bench.files.write("/c.pfx", file("several.pfx"));
    let password = Some(Secret::new("hunter2"));
    let spec = CertificateSpec { send_chain: true, password, ..certificate_in("/c.pfx") };
    bench.token(with_certificate(spec)).await.expect("a token");
    let chain = &part(&bench.forms()[0]["client_assertion"], 0)["x5c"];
    assert_eq!(chain.as_array().map(Vec::len), Some(3));
}

#[tokio::test]
async fn an_adfs_is_asked_at_its_own_path_in_its_own_form() {
    for authority in ["https://fs.example/adfs", "https://fs.example"] {
        let bench = Bench::new(|_| answer(200, TOKEN));
        bench.files.write("/c.pem", file("pkcs8.pem"));
        let spec = ClientCertificateSpec { principal: principal_in("adfs"), certificate: certificate_in("/c.pem") };
        bench.token_of(CredentialSpec::ClientCertificate(spec), authority).await.expect("a token");
        assert_eq!(bench.asked()[0].url, "https://fs.example/adfs/oauth2/token");
        let assertion = bench.forms()[0]["client_assertion"].clone();
        assert_eq!(part(&assertion, 0)["alg"], "RS256");
        assert_eq!(part(&assertion, 1)["aud"], "https://fs.example/adfs/oauth2/token");
    }
}

#[tokio::test]
async fn a_certificate_is_read_again_when_its_file_changes() {
    let bench = Bench::new(|_| answer(200, TOKEN));
    bench.files.write("/c.pem", file("pkcs8.pem"));
    let thumbprint = |index: usize| part(&bench.forms()[index]["client_assertion"], 0)["x5t#S256"].clone();
    for _ in 0..2 {
        bench.token(with_certificate(certificate_in("/c.pem"))).await.expect("a token");
    }
    assert_eq!(thumbprint(0), thumbprint(1));
    bench.files.write("/c.pem", file("rsa3072.pem"));
    bench.token(with_certificate(certificate_in("/c.pem"))).await.expect("a token");
    assert_ne!(thumbprint(1), thumbprint(2));
}

#[tokio::test]
async fn an_unusable_certificate_is_reported_before_any_request() {
    let rows = [
        ("expired.pem", "expired on 2001-01-01"),
        ("not-yet-valid.pem", "not valid before 2099-01-01"),
        ("refused-ec.pem", "the Client Certificate Path is not a valid pfx file: "),
        ("refused-proc-type.pem", "openssl pkcs8 -topk8"),
    ];
    for (name, words) in rows {
        let bench = Bench::new(|_| answer(200, TOKEN));
        bench.files.write("/c.pem", file(name));
        let error = bench.token(with_certificate(certificate_in("/c.pem"))).await.expect_err(name);
        assert_eq!(error.kind(), ErrorKind::Configuration);
        assert_eq!(error.settings(), ["ARM_CLIENT_CERTIFICATE_PATH"]);
        assert!(error.message().contains(words) && error.message().contains("/c.pem"), "{name}: {error}");
        assert!(bench.asked().is_empty(), "{name}");
    }
    let bench = Bench::new(|_| answer(200, TOKEN));
    let error = bench.token(with_certificate(certificate_in("/absent.pem"))).await.expect_err("no file");
    assert!(error.message().contains("failed to read certificate from /absent.pem"), "{error}");
}

#[tokio::test]
async fn a_certificate_may_be_a_text() {
    let bench = Bench::new(|_| answer(200, TOKEN));
    let text = String::from_utf8(file("aes256.pfx.base64")).expect("base64");
    let spec = CertificateSpec {
        origin: CertificateOrigin::Text(Secret::new(text)),
        password: Some(Secret::new("hunter2")),
        ..certificate_in("")
    };
    bench.token(with_certificate(spec.clone())).await.expect("a token");
    let wrong = CertificateSpec { password: Some(Secret::new("marker")), ..spec };
    let error = bench.token(with_certificate(wrong)).await.expect_err("another password");
    assert!(error.message().contains("password is wrong"), "{error}");
    assert_discreet(&error);
}
