//! The parts of a token's name in a fleet's store that must be read first.

use super::*;
use crate::{
    credentials::{
        CertificateOrigin, CertificateSpec, ChainMember, ChainSpec, ClientCertificateSpec, CredentialSpec,
        ServicePrincipal,
    },
    host::TokenStoreHandle,
    key::Reach,
    store::{FakeStore, SharedTokens, StoreKey, StoreSettings},
    types::{ClientId, Secret, TokenIdentity},
};
use base64::{engine::general_purpose::STANDARD, Engine};

/// The bytes of a certificate in the tests' folder.
macro_rules! certificate {
    ($name:literal) => {
        include_bytes!(concat!("../../../tests/certificates/", $name))
    };
}

fn file(name: &str) -> CertificateOrigin {
    CertificateOrigin::File([env!("CARGO_MANIFEST_DIR"), "tests", "certificates", name].iter().collect())
}

fn pem(bytes: &[u8]) -> CertificateOrigin {
    CertificateOrigin::Text(Secret::new(std::str::from_utf8(bytes).unwrap()))
}

fn archive(bytes: &[u8]) -> CertificateOrigin {
    CertificateOrigin::Text(Secret::new(STANDARD.encode(bytes)))
}

/// Gets a token in a process of its own with that certificate.
async fn token_with(store: &FakeStore, wire: &Arc<Counting>, origin: CertificateOrigin, password: Option<&str>) {
    let principal = ServicePrincipal {
        tenant: TenantId::parse("t", "").unwrap(),
        client_id: ClientId::parse("c", "").unwrap(),
        fmi_path: None,
    };
    let (password, setting) = (password.map(Secret::new), "certificate".to_owned());
    let certificate = CertificateSpec { origin, password, send_chain: false, setting };
    let credential = CredentialSpec::ClientCertificate(ClientCertificateSpec { principal, certificate });
    let settings = Settings { credential, ..settings("https://login.microsoftonline.com") };
    token_of_process(store, wire, settings).await;
}

/// Gets a token in a process with those settings.
async fn token_of_process(store: &FakeStore, wire: &Arc<Counting>, settings: Settings) {
    token_in_reach(Reach::Fleet, store, wire.clone(), settings).await;
}

async fn token_in_reach(reach: Reach, store: &FakeStore, wire: Arc<dyn HttpStub>, settings: Settings) {
    let shared = StoreSettings {
        store: TokenStoreHandle::new(store.clone()),
        keys: vec![StoreKey::new("k", &Secret::new(STANDARD.encode([1; 32]))).unwrap()],
        prefix: "act".to_owned(),
        patience: Duration::from_millis(500),
        lease: Duration::from_secs(10),
    };
    let client = Client::new(Settings { store: Some(Arc::new(SharedTokens::that_reaches(reach, shared))), ..settings });
    Service::new().over(wire).client_token(&client, &TokenRequest::default()).await.unwrap();
}

#[tokio::test]
async fn in_a_fleet_the_thumbprint_of_a_certificate_decides_and_not_its_place_form_or_password() {
    let (store, wire) = (FakeStore::default(), Arc::new(Counting::default()));
    let requests = || wire.tokens.lock().unwrap().len();
    for (origin, password) in [
        (pem(certificate!("pkcs8.pem")), None),
        (pem(certificate!("pkcs1.pem")), None),
        (file("pkcs8.pem"), None),
        (archive(certificate!("no-password.pfx")), None),
        (archive(certificate!("aes256.pfx")), Some("hunter2")),
    ] {
        token_with(&store, &wire, origin, password).await;
        assert_eq!(requests(), 1, "the same certificate");
    }
    token_with(&store, &wire, file("rsa3072.pem"), None).await;
    assert_eq!(requests(), 2, "another one");
}

#[tokio::test]
async fn in_a_fleet_another_expected_identity_gives_the_token_another_name() {
    let (store, wire) = (FakeStore::default(), Arc::new(Counting::default()));
    let (tenant_id, client_id) = (Some("t".to_owned()), Some("c".to_owned()));
    let tenant = TokenIdentity { tenant_id, ..TokenIdentity::default() };
    let client = TokenIdentity { client_id, ..TokenIdentity::default() };
    for (names, expected) in (1..).zip([TokenIdentity::default(), tenant, client]) {
        for process in ["the first", "the second"] {
            let settings = settings("https://login.microsoftonline.com");
            token_of_process(&store, &wire, Settings { expected: expected.clone(), ..settings }).await;
            let requests = wire.tokens.lock().unwrap().len();
            assert_eq!((store.values().len(), requests), (names, names), "{process} that expects {expected:?}");
        }
    }
}

/// Throttles requests for two seconds, then gives tokens.
#[derive(Default)]
struct Busy(AtomicUsize);

#[async_trait::async_trait]
impl HttpStub for Busy {
    async fn answer(&self, _: StubRequest) -> Result<StubAnswer, Error> {
        let wait = ("retry-after".to_owned(), "2".to_owned());
        if self.0.fetch_add(1, Ordering::Relaxed) == 0 {
            return Ok(StubAnswer { status: 429, headers: vec![wait], body: Vec::new() });
        }
        let body = format!(r#"{{ "access_token": "{TOKEN}", "expires_in": 86400 }}"#).into();
        Ok(StubAnswer { status: 200, headers: Vec::new(), body })
    }
}

#[tokio::test(start_paused = true)]
async fn other_processes_learn_at_once_that_a_service_asks_for_a_pause() {
    let alone = settings("https://login.microsoftonline.com");
    let member = ChainMember { kind: alone.credential.kind(), credential: Ok(Box::new(alone.credential.clone())) };
    let chain = CredentialSpec::Chain(ChainSpec { members: vec![member], is_default: false });
    for (reach, credential) in [(Reach::Fleet, alone.credential.clone()), (Reach::Machine(None), chain)] {
        let (store, wire) = (FakeStore::default(), Arc::new(Busy::default()));
        token_in_reach(reach, &store, wire.clone(), Settings { credential, ..alone.clone() }).await;
        assert_eq!(wire.0.load(Ordering::Relaxed), 2);
        let commands = store.commands();
        assert!(commands.iter().any(|command| command == "set f"), "{reach:?}: {commands:?}");
    }
}
