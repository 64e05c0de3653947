//! Measures time and allocations of a call inside the core, without the network. `cargo bench -p
//! azure-client-token-core`
#![expect(clippy::disallowed_methods, reason = "the certificate is read as it is")]

use async_trait::async_trait;
use azure_client_token_core::{
    certificates::{AssertionClaims, AssertionForm, SigningCertificate},
    credentials::{CertificateOrigin, CertificateSpec, ClientCertificateSpec, CredentialSpec, ServicePrincipal},
    fuzzing::PARSERS,
    resolve,
    testing::{credential_key, HttpStub, StubAnswer, StubRequest},
    Client, ClientId, Environment, Error, Inputs, NearCacheLease, Secret, Service, Settings, TenantId, TokenRequest,
};
use divan::{black_box, Bencher};
use std::sync::Arc;
use tokio::runtime::{Builder, Runtime};

#[global_allocator]
static ALLOCATOR: divan::AllocProfiler = divan::AllocProfiler::system();

const CERTIFICATE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/certificates/pkcs8.pem");

fn main() {
    divan::main();
}

/// A service that answers at once, with a token of the usual length.
struct Answering(Vec<u8>);

#[async_trait]
impl HttpStub for Answering {
    async fn answer(&self, _: StubRequest) -> Result<StubAnswer, Error> {
        Ok(StubAnswer { status: 200, body: self.0.clone(), ..StubAnswer::default() })
    }
}

struct Fixture {
    runtime: Runtime,
    service: Service,
    client: Client,
}

impl Fixture {
    fn new(settings: Settings) -> Self {
        let service = Service::new().over(Arc::new(Answering(answer())));
        let runtime = Builder::new_current_thread().enable_time().build().expect("a runtime");
        Self { runtime, service, client: Client::new(settings) }
    }

    fn token(&self, request: &TokenRequest) -> NearCacheLease {
        let token = self.service.leased_token(&self.client, request);
        self.runtime.block_on(token).expect("a token").1
    }
}

/// As long as the answer for an application with a few roles.
fn answer() -> Vec<u8> {
    let token = "t".repeat(2000);
    format!(r#"{{"access_token":"{token}","expires_in":3599,"token_type":"Bearer"}}"#).into_bytes()
}

fn environment() -> Environment {
    Environment::from([("ARM_TENANT_ID", "t"), ("ARM_CLIENT_ID", "c"), ("ARM_CLIENT_SECRET", "s")])
}

fn with_secret() -> Settings {
    resolve(&Inputs::of_environment(&environment())).expect("settings")
}

fn with_certificate() -> Settings {
    let pem = std::fs::read_to_string(CERTIFICATE).expect("a certificate");
    let certificate = CertificateSpec {
        origin: CertificateOrigin::Text(Secret::new(pem)),
        password: None,
        send_chain: false,
        setting: "certificate".to_owned(),
    };
    let principal = ServicePrincipal {
        tenant: TenantId::parse("t", "tenant").expect("a tenant"),
        client_id: ClientId::parse("c", "client").expect("a client"),
        fmi_path: None,
    };
    let credential = CredentialSpec::ClientCertificate(ClientCertificateSpec { principal, certificate });
    Settings { credential, ..with_secret() }
}

/// Measures the way from a snapshot of the environment to settings.
#[divan::bench]
fn settings_are_resolved(bencher: Bencher<'_, '_>) {
    let environment = environment();
    bencher.bench(|| resolve(&Inputs::of_environment(black_box(&environment))));
}

/// Measures making the key of a credential, which contains its secret as a keyed hash.
#[divan::bench]
fn a_key_is_made(bencher: Bencher<'_, '_>) {
    let settings = with_secret();
    bencher.bench(|| black_box(credential_key(black_box(&settings))));
}

/// Measures reading a service's answer.
#[divan::bench]
fn an_answer_is_parsed(bencher: Bencher<'_, '_>) {
    let (_, parse) = PARSERS.iter().find(|(name, _)| *name == "token_response").expect("the parser");
    let answer = answer();
    bencher.bench(|| parse(black_box(&answer)));
}

/// Measures searching a service's refusal for a secret of this many bytes, which happens on the runtime's thread while
/// other calls wait.
#[divan::bench(args = [40, 4_000, 200_000])]
fn a_refusal_is_searched_for_a_secret_of(bencher: Bencher<'_, '_>, length: usize) {
    let (_, parse) = PARSERS.iter().find(|(name, _)| *name == "redaction").expect("the parser");
    let refusal = "AADSTS7000215: Invalid client secret provided. Ensure that it is the secret's value, not its id. ";
    let input = format!("{}\n{}", "Ab1~".repeat(length / 4), refusal.repeat(4)).into_bytes();
    bencher.bench(|| parse(black_box(&input)));
}

/// Measures signing an assertion with a key of 2,048 bits that is already read.
#[divan::bench]
fn an_assertion_is_signed(bencher: Bencher<'_, '_>) {
    let pem = std::fs::read(CERTIFICATE).expect("a certificate");
    let Ok(certificate) = SigningCertificate::read(&pem, None) else { panic!("it cannot be read") };
    let claims = AssertionClaims { audience: "https://localhost/", client_id: "c", now: 1_700_000_000 };
    bencher.bench(|| certificate.assertion(AssertionForm::EntraId { with_chain: false }, black_box(&claims)));
}

/// Measures making the key of a request, and finding its token among others.
#[divan::bench(args = [1, 100, 10_000])]
fn a_kept_token_is_found_among(bencher: Bencher<'_, '_>, count: usize) {
    let fixture = Fixture::new(with_secret());
    for number in 0..count {
        fixture.token(&TokenRequest { endpoint: Some(format!("api://{number}")), ..TokenRequest::default() });
    }
    let request = TokenRequest { endpoint: Some("api://0".to_owned()), ..TokenRequest::default() };
    bencher.bench_local(|| fixture.token(black_box(&request)));
}

/// Measures what JavaScript's near cache asks for once a second.
#[divan::bench]
fn a_lease_is_looked_at(bencher: Bencher<'_, '_>) {
    let fixture = Fixture::new(with_secret());
    let lease = fixture.token(&TokenRequest::default());
    bencher.bench_local(|| fixture.service.trust(black_box(lease)));
}

/// Measures making a request for the service, and reading its answer.
#[divan::bench]
fn an_answer_is_asked_for_and_parsed(bencher: Bencher<'_, '_>) {
    let fixture = Fixture::new(with_secret());
    let request = TokenRequest { force_refresh: true, ..TokenRequest::default() };
    bencher.bench_local(|| fixture.token(&request));
}

/// Measures the same with an assertion.
#[divan::bench]
fn an_assertion_is_signed_for_it(bencher: Bencher<'_, '_>) {
    let fixture = Fixture::new(with_certificate());
    let request = TokenRequest { force_refresh: true, ..TokenRequest::default() };
    bencher.bench_local(|| fixture.token(&request));
}
