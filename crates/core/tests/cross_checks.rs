//! Presents assertions to independent verifiers: oidc-provider and jose, and the emulator's services.
//!
//! It needs Node.js and the package's development dependencies. If they are missing, it prints that.
#![expect(clippy::disallowed_methods, reason = "the test starts the verifiers and reads what they wrote")]

use azure_client_token_core::{
    config::{NetworkSettings, TrustSettings},
    credentials::{
        ApplicationProof, AssertionSpec, CertificateOrigin, CertificateSpec, ClientAssertionSpec,
        ClientCertificateSpec, CredentialSpec, OnBehalfOfSpec, ServicePrincipal,
    },
    Authority, Client, ClientId, CredentialKind, Error, Scopes, Secret, Service, Settings, TenantId, TokenRequest,
};
use serde::Deserialize;
use std::{
    io::{BufRead, BufReader},
    path::PathBuf,
    process::{Child, Command, Stdio},
};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Verifiers {
    emulator: Emulator,
    user_token: String,
    provider: Verifier,
    adfs: Verifier,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Verifier {
    authority_host: String,
    ca_certificate: String,
    tenant_id: String,
    client_id: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Emulator {
    #[serde(flatten)]
    verifier: Verifier,
    client_secret: String,
    github_oidc: GithubOidc,
    azure_devops: AzureDevops,
    workload_identity: WorkloadIdentity,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct GithubOidc {
    request_url: String,
    request_token: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct AzureDevops {
    request_url: String,
    access_token: String,
    service_connection_id: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct WorkloadIdentity {
    token_file: PathBuf,
}

/// The process of the verifiers, which ends when its standard input does.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        drop(self.0.stdin.take());
        let _ = self.0.wait();
    }
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// Starts the verifiers, or returns what is missing.
fn verifiers() -> Result<(Running, Verifiers), String> {
    if !root().join("node_modules/oidc-provider").exists() {
        return Err("the development dependencies are not installed (npm ci)".to_owned());
    }
    let mut node = Command::new("node");
    node.arg("__test__/support/cross-checks.js").current_dir(root()).env_remove("NODE_OPTIONS");
    node.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
    let mut child = Running(node.spawn().map_err(|error| format!("Node.js cannot be started: {error}"))?);
    let mut lines = BufReader::new(child.0.stdout.take().expect("a pipe")).lines();
    // oidc-provider prints its greeting to the same pipe.
    let line = lines.find_map(|line| line.ok().filter(|line| line.starts_with('{'))).expect("the verifiers' addresses");
    Ok((child, serde_json::from_str(&line).expect("JSON")))
}

impl Verifier {
    fn principal(&self) -> ServicePrincipal {
        ServicePrincipal {
            tenant: TenantId::parse(&self.tenant_id, "tenantId").expect("a tenant"),
            client_id: ClientId::parse(&self.client_id, "clientId").expect("a client id"),
            fmi_path: None,
        }
    }

    async fn token(&self, credential: CredentialSpec, scope: &str) -> Result<CredentialKind, Error> {
        let authority = Authority::parse(&self.authority_host, "authorityHost")?;
        let trust = TrustSettings { only: Some(self.ca_certificate.clone()), ..TrustSettings::default() };
        let settings = Settings {
            authority: Some(authority),
            network: NetworkSettings { trust, ..NetworkSettings::default() },
            ..Settings::of(credential)
        };
        let scopes = Scopes::parse(vec![scope.to_owned()])?.as_slice().to_vec();
        let request = TokenRequest { scopes: Some(scopes), ..TokenRequest::default() };
        Service::new().client_token(&Client::new(settings), &request).await.map(|token| token.source)
    }

    /// Asks for a token of the application.
    async fn default(&self, credential: CredentialSpec) -> Result<CredentialKind, Error> {
        self.token(credential, "https://management.azure.com//.default").await
    }

    fn by_certificate(&self, file: &str, send_chain: bool) -> CredentialSpec {
        let certificate = certificate(file, send_chain);
        CredentialSpec::ClientCertificate(ClientCertificateSpec { principal: self.principal(), certificate })
    }

    fn by_assertion(&self, assertion: AssertionSpec) -> CredentialSpec {
        CredentialSpec::Oidc(ClientAssertionSpec {
            principal: self.principal(),
            assertion,
            setting: "the test".to_owned(),
            token_proxy: None,
        })
    }

    fn for_user(&self, user_token: &str, proof: ApplicationProof) -> CredentialSpec {
        let user_assertion = Secret::new(user_token);
        CredentialSpec::OnBehalfOf(OnBehalfOfSpec { principal: self.principal(), user_assertion, proof })
    }
}

fn certificate(file: &str, send_chain: bool) -> CertificateSpec {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/certificates").join(file);
    CertificateSpec {
        origin: CertificateOrigin::File(path),
        password: None,
        send_chain,
        setting: "the test".to_owned(),
    }
}

fn codes(outcome: Result<CredentialKind, Error>) -> Vec<i64> {
    outcome.expect_err("a refusal").refusal().expect("the service's word").error_codes.clone()
}

#[tokio::test]
async fn verifiers_accept_valid_assertions_and_refuse_others() {
    let (_running, verifiers) = match verifiers() {
        Ok(started) => started,
        Err(lack) => return println!("skipped: {lack}"),
    };
    by_certificate(&verifiers).await;
    by_assertion(&verifiers.emulator).await;
    for_a_user(&verifiers.emulator, &verifiers.user_token).await;
}

async fn by_certificate(verifiers: &Verifiers) {
    let accepted = Ok(CredentialKind::ClientCertificate);
    for verifier in [&verifiers.provider, &verifiers.emulator.verifier, &verifiers.adfs] {
        let found = verifier.default(verifier.by_certificate("pkcs8.pem", false)).await;
        assert_eq!(found.map_err(|error| error.to_string()), accepted, "{}", verifier.authority_host);
        verifier.default(verifier.by_certificate("rsa3072.pem", false)).await.expect_err("another certificate");
    }
    let emulator = &verifiers.emulator.verifier;
    let with_chain = emulator.default(emulator.by_certificate("chain-shuffled.pem", true)).await;
    assert_eq!(with_chain.map_err(|error| error.to_string()), accepted);
    for verifier in [emulator, &verifiers.provider] {
        assert_eq!(codes(verifier.default(verifier.by_certificate("rsa4096.pem", false)).await), [700_027]);
    }
}

async fn by_assertion(emulator: &Emulator) {
    let request = |token: &str, audience: &str| AssertionSpec::Request {
        url: emulator.github_oidc.request_url.clone(),
        token: Secret::new(token),
        audience: audience.to_owned(),
    };
    let pipelines = AssertionSpec::AzurePipelines {
        url: emulator.azure_devops.request_url.clone(),
        access_token: Secret::new(emulator.azure_devops.access_token.as_str()),
        service_connection: emulator.azure_devops.service_connection_id.clone(),
    };
    let token = &emulator.github_oidc.request_token;
    let file = AssertionSpec::File(emulator.workload_identity.token_file.clone());
    let verifier = &emulator.verifier;
    for right in [request(token, "api://AzureADTokenExchange"), pipelines, file] {
        let found = verifier.default(verifier.by_assertion(right)).await;
        assert_eq!(found.map_err(|error| error.to_string()), Ok(CredentialKind::Oidc));
    }
    assert_eq!(codes(verifier.default(verifier.by_assertion(request(token, "api://other"))).await), [700_212]);
    let refused =
        verifier.default(verifier.by_assertion(request("other", "api://other"))).await.expect_err("a refusal");
    assert!(refused.message().starts_with("GitHub OIDC: 401 with response"), "{refused}");
}

async fn for_a_user(emulator: &Emulator, user_token: &str) {
    let verifier = &emulator.verifier;
    let proofs = [
        ApplicationProof::Secret(Secret::new(emulator.client_secret.as_str())),
        ApplicationProof::Certificate(certificate("pkcs8.pem", false)),
        ApplicationProof::Assertion(AssertionSpec::File(emulator.workload_identity.token_file.clone())),
    ];
    let scope = "https://graph.microsoft.com/User.Read";
    for proof in proofs {
        let found = verifier.token(verifier.for_user(user_token, proof), scope).await;
        assert_eq!(found.map_err(|error| error.to_string()), Ok(CredentialKind::OnBehalfOf));
    }
    let secret = || ApplicationProof::Secret(Secret::new(emulator.client_secret.as_str()));
    assert_eq!(codes(verifier.token(verifier.for_user("not.a.token", secret()), scope).await), [50_013]);
    let wrong = ApplicationProof::Secret(Secret::new("wrong"));
    assert_eq!(codes(verifier.token(verifier.for_user(user_token, wrong), scope).await), [7_000_215]);
}
