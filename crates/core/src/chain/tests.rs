use super::*;
use crate::{
    credentials::{AzureCliSpec, ClientSecretSpec, DeveloperToolRun, ServicePrincipal},
    host::{FileIdentity, TokenStoreHandle},
    store::{FakeStore, SharedTokens, StoreSettings},
    types::{ClientId, TenantId},
};

fn incomplete(kind: CredentialKind, reason: &str) -> ChainMember {
    ChainMember { kind, credential: Err(Error::configuration(reason, ["SETTING"])) }
}

fn empty() -> ChainSpec {
    ChainSpec { members: Vec::new(), is_default: false }
}

#[test]
fn an_exhausted_chain_says_why_of_each_member() {
    let members = [(CredentialKind::ClientSecret, "no secret"), (CredentialKind::AzureCli, "no az")];
    let attempts: Vec<_> = members
        .iter()
        .flat_map(|(kind, reason)| {
            let member = incomplete(*kind, reason);
            unavailable(&member, member.credential.as_ref().unwrap_err())
        })
        .collect();
    let error = exhausted(&ChainSpec { is_default: true, ..empty() }, attempts);
    assert_eq!(error.kind(), ErrorKind::CredentialUnavailable);
    assert_eq!(error.attempts().len(), 2);
    for words in ["the default chain", "- client secret: no secret", "- Azure CLI: no az"] {
        assert!(error.message().contains(words), "{error}");
    }
}

fn key(number: usize) -> Key {
    KeyBuilder::new().part(number.to_le_bytes()).build()
}

#[test]
fn the_winners_of_chains_are_remembered_side_by_side_and_are_bounded() {
    let chains = Chains::default();
    for number in 0..MOST_WINNERS {
        chains.remember(key(number), number);
    }
    assert!((0..MOST_WINNERS).all(|number| chains.winners().get(&key(number)) == Some(&number)));
    chains.remember(key(MOST_WINNERS), 1);
    assert_eq!(chains.winners().len(), 1);
    chains.clear();
    assert!(chains.winners().is_empty(), "every chain is tried from its beginning");
}

fn azure_cli(folder: &str) -> CredentialSpec {
    CredentialSpec::AzureCli(AzureCliSpec {
        tenant: None,
        subscription: None,
        cloud_name: None,
        folder: Some(PathBuf::from(folder)),
        run: DeveloperToolRun::default(),
    })
}

fn client_secret() -> CredentialSpec {
    let principal = ServicePrincipal {
        tenant: TenantId::parse("t", "").unwrap(),
        client_id: ClientId::parse("c", "").unwrap(),
        fmi_path: None,
    };
    let setting = "clientSecret".to_owned();
    CredentialSpec::ClientSecret(ClientSecretSpec { principal, client_secret: Secret::new("s"), setting })
}

fn chain_of(specs: impl IntoIterator<Item = CredentialSpec>) -> CredentialSpec {
    let members = specs.into_iter().map(|spec| ChainMember { kind: spec.kind(), credential: Ok(Box::new(spec)) });
    CredentialSpec::Chain(ChainSpec { members: members.collect(), is_default: false })
}

/// The request of a call that has seen these files.
fn asked(logins: Vec<(PathBuf, Option<FileIdentity>)>) -> StoreRequest {
    let store = SharedTokens::new(StoreSettings {
        store: TokenStoreHandle::new(FakeStore::default()),
        keys: Vec::new(),
        prefix: String::new(),
        patience: Duration::ZERO,
        lease: Duration::ZERO,
    });
    StoreRequest {
        store: Arc::new(store),
        call: KeyBuilder::stable(),
        logins,
        written_after: 0,
        held_until: None,
        force_refresh: false,
        refusal_memory: Duration::ZERO,
    }
}

#[test]
fn members_after_a_tool_with_a_login_are_not_stored() {
    let login = |spec: &CredentialSpec| {
        let identity = FileIdentity { modified: None, length: 1, inode: 0, changed: 0 };
        spec.login_files().all().map(move |path| (path, Some(identity)))
    };
    let (tool, other) = (azure_cli("a"), azure_cli("b"));
    let behind = |logins| behind_a_login(&chain_of([tool.clone(), client_secret()]), &asked(logins));
    assert_eq!(behind(login(&tool).collect()), [CredentialKind::ClientSecret]);
    assert_eq!(behind(login(&other).collect()), [], "another tool's login");
    assert_eq!(
        behind(login(&tool).map(|(path, _)| (path, None)).collect()),
        [],
        "it was looked for, and there is none"
    );
}
