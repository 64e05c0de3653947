//! The names of tokens in a store of a machine or a fleet.

use super::*;

#[test]
fn a_store_of_the_machine_knows_accounts_of_tools_by_folder_and_path() {
    let base = AzureCliSpec {
        tenant: None,
        subscription: None,
        cloud_name: None,
        folder: Some(PathBuf::from("f")),
        run: run(),
    };
    let specs = specs(
        &base,
        CredentialSpec::AzureCli,
        &[
            &|spec| spec.tenant = Some(tenant("x")),
            &|spec| spec.subscription = Some("x".to_owned()),
            &|spec| spec.cloud_name = Some("x".to_owned()),
            &|spec| spec.folder = Some(PathBuf::from("x")),
            &|spec| spec.run.environment = Environment::from([("PATH", "/other")]),
            &|spec| spec.run.environment = Environment::from([("PATH", "/bin"), ("TERM", "x")]),
            &|spec| spec.run.environment = Environment::from([("PATH", "/bin"), ("AZURE_CLOUD_NAME", "x")]),
            &|spec| spec.run.environment = Environment::from([("PATH", "/bin"), ("AZURE_CLOUD_NAME", "y")]),
            &|spec| spec.run.environment = Environment::from([("PATH", "/bin"), ("MSI_ENDPOINT", "x")]),
            &|spec| spec.run.environment = Environment::from([("PATH", "/bin"), ("IDENTITY_HEADER", "x")]),
        ],
    );
    all_differ(&specs, [&[6], &[]]);
    assert!(specs.iter().all(|spec| name(spec, Reach::Machine(None)).is_some() && name(spec, Reach::Fleet).is_none()));
}

#[test]
fn a_store_of_the_machine_knows_whose_login_azd_uses() {
    let of = |variable: &str| {
        let environment = Environment::from([("PATH", "/bin"), (variable, "x")]);
        let run = DeveloperToolRun { environment, timeout: None };
        let spec = AzureDeveloperCliSpec(DeveloperToolSpec { tenant: None, folder: Some(PathBuf::from("f")), run });
        name(&CredentialSpec::AzureDeveloperCli(spec), Reach::Machine(None))
    };
    assert!(of("TERM").is_some());
    assert_eq!(of("TERM"), of("AZURE_CLIENT_TOKEN_CACHE"));
    for variable in
        ["AZURE_CLOUD_NAME", "AZURE_SUBSCRIPTION_ID", "AZURE_ENV_NAME", "ARM_TENANT_ID", "IDENTITY_ENDPOINT"]
    {
        assert_ne!(of(variable), of("TERM"), "azd may choose another account, tenant or cloud by {variable}");
    }
    for variable in ["AZD_AUTH_ENDPOINT", "AZD_AUTH_KEY", "AZD_IN_CLOUDSHELL"] {
        assert!(of(variable).is_none(), "{variable} takes the place of the login");
    }
}

#[test]
fn a_token_that_is_not_stored_has_no_name() {
    let user = CredentialSpec::OnBehalfOf(OnBehalfOfSpec {
        principal: principal(),
        user_assertion: Secret::new("alice"),
        proof: ApplicationProof::Secret(Secret::new("s")),
    });
    let program = CredentialSpec::Command(CommandSpec {
        program: "p".to_owned(),
        arguments: Vec::new(),
        tenant: None,
        run: run(),
    });
    let member = ChainMember { kind: CredentialKind::Command, credential: Ok(Box::new(program.clone())) };
    let chain = CredentialSpec::Chain(ChainSpec { members: vec![member], is_default: false });
    let system = CredentialSpec::ManagedIdentity(managed(imds("e")));
    for spec in [user, program, chain, system] {
        assert!(name(&spec, Reach::Machine(None)).is_none() && name(&spec, Reach::Fleet).is_none(), "{spec:?}");
    }
}

#[test]
fn in_a_fleet_the_identity_of_a_constant_token_decides() {
    let of = |claims: &str| {
        let payload = base64::Engine::encode(&base64::engine::general_purpose::URL_SAFE_NO_PAD, claims);
        let assertion = AssertionSpec::Constant(Secret::new(format!("e30.{payload}.s")));
        assertion.add_to_name(Reach::Fleet, KeyBuilder::stable()).map(KeyBuilder::build)
    };
    let base = of(r#"{"iss":"i","sub":"s","aud":"a","exp":1}"#);
    assert_eq!(base, of(r#"{"iss":"i","sub":"s","aud":"a","exp":2}"#));
    for other in [
        r#"{"iss":"j","sub":"s","aud":"a"}"#,
        r#"{"iss":"i","sub":"t","aud":"a"}"#,
        r#"{"iss":"i","sub":"s","aud":["a"]}"#,
    ] {
        assert_ne!(base, of(other), "{other}");
    }
}

#[test]
fn a_function_is_known_by_its_key() {
    let of = |id, key: Option<&str>, reach| {
        let AssertionSpec::Callback(function) = callback(id) else { unreachable!("it is one") };
        let spec = AssertionSpec::Callback(function.with_cache_key(key.map(str::to_owned)));
        spec.add_to_name(reach, KeyBuilder::stable()).map(KeyBuilder::build)
    };
    for reach in [Reach::Machine(None), Reach::Fleet] {
        assert_eq!(of(1, Some("k"), reach), of(2, Some("k"), reach));
        assert_ne!(of(1, Some("k"), reach), of(1, Some("l"), reach));
        assert_ne!(of(1, Some(""), reach), of(1, None, reach));
    }
    assert!(of(1, None, Reach::Machine(None)).is_none());
}

#[test]
fn the_machines_own_identity_has_a_name_at_imds_itself_under_the_machines_mark() {
    let mark = |boot: &str| crate::key::HostIdentity::new(KeyBuilder::stable().part(boot));
    let of = |authority: &str, boot| {
        name(&CredentialSpec::ManagedIdentity(managed(imds(authority))), Reach::Machine(Some(mark(boot))))
    };
    let imds_itself = "http://169.254.169.254";
    assert!(of(imds_itself, "a").is_some() && of(imds_itself, "a") == of(imds_itself, "a"));
    assert_ne!(of(imds_itself, "a"), of(imds_itself, "b"), "after a restart it may be another one");
    assert!(
        of("http://127.0.0.1:1", "a").is_none(),
        "what stands in for it may answer each process for another identity"
    );
}
