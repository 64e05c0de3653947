use super::*;
use crate::{
    credentials::{
        ApplicationProof, AssertionSpec, AzureCliSpec, AzureDeveloperCliSpec, AzurePowerShellSpec, CertificateOrigin,
        CertificateSpec, ClientAssertionSpec, ClientCertificateSpec, ClientSecretSpec, CommandSpec, DeveloperToolRun,
        DeveloperToolSpec, ManagedIdentityHost, ManagedIdentityId, ManagedIdentitySpec, OnBehalfOfSpec, TokenProxySpec,
    },
    host::{AssertionCallback, Environment},
    key::Key,
    types::{ClientId, Secret},
};
use std::{collections::HashSet, path::PathBuf};

mod names;

fn key(spec: &CredentialSpec) -> Key {
    KeyBuilder::new().with(spec).build()
}

fn name(spec: &CredentialSpec, reach: Reach) -> Option<Key> {
    spec.add_to_name(reach, KeyBuilder::stable()).map(KeyBuilder::build)
}

/// Everything that distinguishes tokens in this process distinguishes them in a store, unless it has no meaning for
/// other processes.
fn names_differ(specs: &[CredentialSpec], left_out: [&[usize]; 2]) {
    for (reach, left_out) in [Reach::Machine(None), Reach::Fleet].into_iter().zip(left_out) {
        let names: Vec<_> = specs.iter().map(|spec| name(spec, reach)).collect();
        for (place, one) in names.iter().enumerate().filter(|(place, _)| !left_out.contains(place)) {
            let same = |other: &usize| one.is_some() && names[*other] == *one && !left_out.contains(other);
            let others: Vec<_> = (0..names.len()).filter(same).collect();
            assert!(others.is_empty() || others == [place], "{reach:?}: {place} has the name of {others:?}");
        }
        for place in left_out {
            let is_shared = (0..names.len()).any(|other| other != *place && names[other] == names[*place]);
            assert!(is_shared, "{reach:?}: {place} has a name of its own, or none");
        }
    }
}

/// Equal specifications share a token. Of these, no two are equal.
fn all_differ(specs: &[CredentialSpec], left_out: [&[usize]; 2]) {
    let keys: HashSet<_> = specs.iter().map(key).collect();
    assert_eq!(keys.len(), specs.len(), "two of {specs:?} share a token");
    for spec in specs {
        assert_eq!(key(spec), key(&spec.clone()));
    }
    names_differ(specs, left_out);
}

fn changed<T: Clone>(base: &T, changes: &[&dyn Fn(&mut T)]) -> Vec<T> {
    let other = |change: &&dyn Fn(&mut T)| {
        let mut other = base.clone();
        change(&mut other);
        other
    };
    std::iter::once(base.clone()).chain(changes.iter().map(other)).collect()
}

fn specs<T: Clone>(base: &T, kind: fn(T) -> CredentialSpec, changes: &[&dyn Fn(&mut T)]) -> Vec<CredentialSpec> {
    changed(base, changes).into_iter().map(kind).collect()
}

fn tenant(text: &str) -> TenantId {
    TenantId::parse(text, "").unwrap()
}

fn client(text: &str) -> ClientId {
    ClientId::parse(text, "").unwrap()
}

fn principal() -> ServicePrincipal {
    ServicePrincipal { tenant: tenant("t"), client_id: client("c"), fmi_path: None }
}

fn certificate() -> CertificateSpec {
    CertificateSpec {
        origin: CertificateOrigin::Text(Secret::new("p")),
        password: None,
        send_chain: false,
        setting: String::new(),
    }
}

fn run() -> DeveloperToolRun {
    DeveloperToolRun { environment: Environment::from([("PATH", "/bin")]), timeout: None }
}

fn callback(id: u64) -> AssertionSpec {
    AssertionSpec::Callback(AssertionCallback::new(id, || Box::pin(async { Ok(Secret::new("a")) })))
}

fn managed(host: ManagedIdentityHost) -> ManagedIdentitySpec {
    ManagedIdentitySpec { identity: ManagedIdentityId::SystemAssigned, host, probe: false }
}

fn imds(authority_host: &str) -> ManagedIdentityHost {
    ManagedIdentityHost::Imds { authority_host: authority_host.to_owned() }
}

#[test]
fn client_secrets() {
    let base = ClientSecretSpec { principal: principal(), client_secret: Secret::new("s"), setting: "X".to_owned() };
    all_differ(
        &specs(
            &base,
            CredentialSpec::ClientSecret,
            &[
                &|spec| spec.principal.tenant = tenant("u"),
                &|spec| spec.principal.client_id = client("d"),
                &|spec| spec.client_secret = Secret::new("r"),
                &|spec| spec.principal.fmi_path = Some("p".to_owned()),
                &|spec| spec.principal.fmi_path = Some("q".to_owned()),
                &|spec| {
                    spec.principal = ServicePrincipal { tenant: tenant("c"), client_id: client("t"), fmi_path: None }
                },
            ],
        ),
        [&[], &[]],
    );
    let renamed = ClientSecretSpec { setting: "Y".to_owned(), ..base.clone() };
    assert_eq!(
        key(&CredentialSpec::ClientSecret(base)),
        key(&CredentialSpec::ClientSecret(renamed)),
        "who supplied the secret does not matter"
    );
}

#[test]
fn client_certificates() {
    let base = ClientCertificateSpec { principal: principal(), certificate: certificate() };
    all_differ(
        &specs(
            &base,
            CredentialSpec::ClientCertificate,
            &[
                &|spec| spec.principal.tenant = tenant("u"),
                &|spec| spec.principal.client_id = client("d"),
                &|spec| spec.certificate.origin = CertificateOrigin::Text(Secret::new("q")),
                &|spec| spec.certificate.origin = CertificateOrigin::File(PathBuf::from("p")),
                &|spec| spec.certificate.origin = CertificateOrigin::File(PathBuf::from("q")),
                &|spec| spec.certificate.password = Some(Secret::new("")),
                &|spec| spec.certificate.password = Some(Secret::new("w")),
                &|spec| spec.certificate.send_chain = true,
                &|spec| spec.principal.fmi_path = Some("f".to_owned()),
            ],
        ),
        // In a fleet the thumbprint is added when the certificate is read.
        [&[], &[0, 3, 4, 5, 6, 7]],
    );
}

#[test]
fn assertions_and_their_providers() {
    let base = ClientAssertionSpec {
        principal: principal(),
        assertion: AssertionSpec::Constant(Secret::new("a")),
        setting: String::new(),
        token_proxy: None,
    };
    let request = |url: &str, token: &str, audience: &str| AssertionSpec::Request {
        url: url.to_owned(),
        token: Secret::new(token),
        audience: audience.to_owned(),
    };
    let pipelines = |url: &str, token: &str, connection: &str| AssertionSpec::AzurePipelines {
        url: url.to_owned(),
        access_token: Secret::new(token),
        service_connection: connection.to_owned(),
    };
    let of_identity = |host: &str, audience: &str| AssertionSpec::ManagedIdentity {
        identity: managed(imds(host)),
        audience: audience.to_owned(),
    };
    let proxy = TokenProxySpec { url: "u".to_owned(), ca_file: None, ca_data: None, sni_name: None };
    let others = [CredentialSpec::Oidc(base.clone()), CredentialSpec::WorkloadIdentity(base.clone())];
    let mut all = Vec::from(others);
    all.extend(specs(
        &base,
        CredentialSpec::ClientAssertion,
        &[
            &|spec| spec.principal.tenant = tenant("u"),
            &|spec| spec.principal.client_id = client("d"),
            &|spec| spec.assertion = AssertionSpec::Constant(Secret::new("b")),
            &|spec| spec.assertion = AssertionSpec::File(PathBuf::from("a")),
            &|spec| spec.assertion = AssertionSpec::File(PathBuf::from("b")),
            &|spec| spec.assertion = request("u", "t", "a"),
            &|spec| spec.assertion = request("v", "t", "a"),
            &|spec| spec.assertion = request("u", "s", "a"),
            &|spec| spec.assertion = request("u", "t", "b"),
            &|spec| spec.assertion = pipelines("u", "t", "a"),
            &|spec| spec.assertion = pipelines("v", "t", "a"),
            &|spec| spec.assertion = pipelines("u", "s", "a"),
            &|spec| spec.assertion = pipelines("u", "t", "b"),
            &|spec| spec.assertion = of_identity("h", "a"),
            &|spec| spec.assertion = of_identity("i", "a"),
            &|spec| spec.assertion = of_identity("h", "b"),
            &|spec| spec.assertion = callback(1),
            &|spec| spec.assertion = callback(2),
            &|spec| spec.token_proxy = Some(proxy.clone()),
            &|spec| spec.token_proxy = Some(TokenProxySpec { url: "v".to_owned(), ..proxy.clone() }),
            &|spec| spec.token_proxy = Some(TokenProxySpec { ca_file: Some("a".into()), ..proxy.clone() }),
            &|spec| spec.token_proxy = Some(TokenProxySpec { ca_data: Some("a".into()), ..proxy.clone() }),
            &|spec| spec.token_proxy = Some(TokenProxySpec { sni_name: Some("a".into()), ..proxy.clone() }),
        ],
    ));
    all_differ(&all, [&[], &[7, 9, 10, 13, 14, 20, 21, 22, 23, 24, 25]]);
}

#[test]
fn users_for_whom_a_server_acts() {
    let base = OnBehalfOfSpec {
        principal: principal(),
        user_assertion: Secret::new("alice"),
        proof: ApplicationProof::Secret(Secret::new("s")),
    };
    all_differ(
        &specs(
            &base,
            CredentialSpec::OnBehalfOf,
            &[
                &|spec| spec.principal.tenant = tenant("u"),
                &|spec| spec.principal.client_id = client("d"),
                &|spec| spec.user_assertion = Secret::new("bob"),
                &|spec| spec.proof = ApplicationProof::Secret(Secret::new("r")),
                &|spec| spec.proof = ApplicationProof::Certificate(certificate()),
                &|spec| spec.proof = ApplicationProof::Assertion(AssertionSpec::Constant(Secret::new("s"))),
                &|spec| spec.proof = ApplicationProof::Assertion(callback(1)),
                &|spec| spec.proof = ApplicationProof::Assertion(callback(2)),
            ],
        ),
        [&[], &[]],
    );
}

#[test]
fn managed_identities_and_their_hosts() {
    let app_service = |endpoint: &str, header: &str| ManagedIdentityHost::AppService {
        endpoint: endpoint.to_owned(),
        header: Secret::new(header),
    };
    let fabric = |endpoint: &str, header: &str, thumbprint: &str| ManagedIdentityHost::ServiceFabric {
        endpoint: endpoint.to_owned(),
        header: Secret::new(header),
        thumbprint: thumbprint.to_owned(),
    };
    let learning = |endpoint: &str, secret: &str, id: Option<&str>| ManagedIdentityHost::MachineLearning {
        endpoint: endpoint.to_owned(),
        secret: Secret::new(secret),
        default_client_id: id.map(str::to_owned),
    };
    let shell = |endpoint: &str| ManagedIdentityHost::CloudShell { endpoint: endpoint.to_owned() };
    let arc = |endpoint: &str| ManagedIdentityHost::Arc { endpoint: endpoint.to_owned() };
    all_differ(
        &specs(
            &managed(imds("e")),
            CredentialSpec::ManagedIdentity,
            &[
                &|spec| spec.identity = ManagedIdentityId::ClientId("i".to_owned()),
                &|spec| spec.identity = ManagedIdentityId::ClientId("j".to_owned()),
                &|spec| spec.identity = ManagedIdentityId::ObjectId("i".to_owned()),
                &|spec| spec.identity = ManagedIdentityId::ResourceId("i".to_owned()),
                &|spec| spec.host = imds("f"),
                &|spec| spec.host = app_service("e", "h"),
                &|spec| spec.host = app_service("f", "h"),
                &|spec| spec.host = app_service("e", "g"),
                &|spec| spec.host = fabric("e", "h", "x"),
                &|spec| spec.host = fabric("f", "h", "x"),
                &|spec| spec.host = fabric("e", "g", "x"),
                &|spec| spec.host = fabric("e", "h", "y"),
                &|spec| spec.host = learning("e", "h", None),
                &|spec| spec.host = learning("f", "h", None),
                &|spec| spec.host = learning("e", "g", None),
                &|spec| spec.host = learning("e", "h", Some("i")),
                &|spec| spec.host = shell("e"),
                &|spec| spec.host = shell("f"),
                &|spec| spec.host = arc("e"),
                &|spec| spec.host = arc("f"),
            ],
        ),
        [&[], &[]],
    );
}

#[test]
fn accounts_of_the_azure_cli() {
    let base = AzureCliSpec { tenant: None, subscription: None, cloud_name: None, folder: None, run: run() };
    all_differ(
        &specs(
            &base,
            CredentialSpec::AzureCli,
            &[
                &|spec| spec.tenant = Some(tenant("x")),
                &|spec| spec.subscription = Some("x".to_owned()),
                &|spec| spec.cloud_name = Some("x".to_owned()),
                &|spec| spec.folder = Some(PathBuf::from("x")),
                &|spec| spec.run.environment = Environment::from([("PATH", "/bin"), ("HOME", "x")]),
            ],
        ),
        [&[], &[]],
    );
}

#[test]
fn accounts_of_the_other_tools() {
    let base = DeveloperToolSpec { tenant: None, folder: None, run: run() };
    let in_folder = |spec: &mut DeveloperToolSpec| spec.folder = Some(PathBuf::from("x"));
    let on_path =
        |spec: &mut DeveloperToolSpec| spec.run.environment = Environment::from([("PATH", "/bin"), ("HOME", "x")]);
    let changes: [&dyn Fn(&mut DeveloperToolSpec); 3] = [&|spec| spec.tenant = Some(tenant("x")), &in_folder, &on_path];
    let both = [
        specs(&base, |spec| CredentialSpec::AzureDeveloperCli(AzureDeveloperCliSpec(spec)), &changes),
        specs(&base, |spec| CredentialSpec::AzurePowerShell(AzurePowerShellSpec(spec)), &changes),
    ];
    all_differ(&both.concat(), [&[], &[]]);
}

#[test]
fn programs_of_the_users_own() {
    let base = CommandSpec { program: "p".to_owned(), arguments: vec![Secret::new("a")], tenant: None, run: run() };
    all_differ(
        &specs(
            &base,
            CredentialSpec::Command,
            &[
                &|spec| spec.program = "q".to_owned(),
                &|spec| spec.arguments = Vec::new(),
                &|spec| spec.arguments = vec![Secret::new("b")],
                &|spec| spec.arguments = vec![Secret::new("a"), Secret::new("a")],
                &|spec| spec.tenant = Some(tenant("a")),
                &|spec| spec.run.environment = Environment::from([("PATH", "/bin"), ("HOME", "x")]),
            ],
        ),
        [&[], &[]],
    );
}

#[test]
fn chains_are_their_members_in_order() {
    let member = |secret: &str| ChainMember {
        kind: CredentialKind::ClientSecret,
        credential: Ok(Box::new(CredentialSpec::ClientSecret(ClientSecretSpec {
            principal: principal(),
            client_secret: Secret::new(secret),
            setting: String::new(),
        }))),
    };
    let lacking = |kind, why: &str| ChainMember { kind, credential: Err(Error::configuration(why, ["X"])) };
    let incomplete = |kind| lacking(kind, "no");
    let base = ChainSpec { members: vec![member("a"), member("b")], is_default: false };
    all_differ(
        &specs(
            &base,
            CredentialSpec::Chain,
            &[
                &|spec| spec.members.reverse(),
                &|spec| spec.members.truncate(1),
                &|spec| spec.members[0] = member("c"),
                &|spec| spec.members[0] = incomplete(CredentialKind::AzureCli),
                &|spec| spec.members[0] = incomplete(CredentialKind::ManagedIdentity),
                &|spec| spec.members[0] = lacking(CredentialKind::ManagedIdentity, "for another reason"),
                &|spec| spec.is_default = true,
            ],
        ),
        [&[6], &[]],
    );
}
