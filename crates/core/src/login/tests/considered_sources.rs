//! What `explain()` reports of a login context besides its settings: every source that was considered, and the origin
//! of each setting.

use super::{config, environment, options, Pairs, C, T};
use crate::{
    config::{ConfigSource, Considered, Decision, Inputs, SeenSetting, Supplier},
    login::{consider, kinds, resolve},
};

/// Each line: source, decision, and its settings with their origins.
fn described(considered: &Considered) -> Vec<String> {
    let sources = considered.sources.iter().map(|considered| {
        let (source, decision) = (considered.source.as_str(), considered.decision.as_str());
        assert_eq!(considered.error.is_some(), considered.decision == Decision::Incomplete, "{source}");
        format!("{source} {decision}{}", seen(&considered.settings))
    });
    sources.collect()
}

fn seen(settings: &[SeenSetting]) -> String {
    let names = settings.iter().map(|seen| [" ", &seen.name, ":", seen.supplied_by.as_str()].concat());
    names.collect()
}

fn inside(values: Pairs<'_>, variables: Pairs<'_>) -> Considered {
    let (environment, config) = (environment(variables), config(ConfigSource::Stack, values));
    consider(&Inputs { pulumi: Some(&config), ..Inputs::of_environment(&environment) })
}

fn outside(variables: Pairs<'_>) -> Considered {
    consider(&Inputs::of_environment(&environment(variables)))
}

#[test]
fn inside_pulumi_every_method_is_reported_even_after_the_chosen_one() {
    let variables = [("ARM_CLIENT_SECRET", "marker"), ("ARM_CLIENT_ID", "c"), ("ARM_USE_MSI", "true")];
    let wanted = [
        "chain notConfigured",
        "clientCertificate notConfigured azure-native:tenantId:config ARM_CLIENT_ID:environment",
        "clientSecret chosen ARM_CLIENT_SECRET:environment azure-native:tenantId:config ARM_CLIENT_ID:environment",
        "oidc incomplete azure-native:useOidc:config azure-native:tenantId:config ARM_CLIENT_ID:environment",
        "managedIdentity overruled ARM_USE_MSI:environment ARM_CLIENT_ID:environment",
        "azureCli overruled",
    ];
    assert_eq!(described(&inside(&[T, ("useOidc", "true")], &variables)), wanted);
}

#[test]
fn inside_pulumi_the_azure_cli_is_the_last_method() {
    let found = described(&inside(&[("subscriptionId", "sub"), ("useMsi", "false")], &[("AZURE_CONFIG_DIR", "/az")]));
    assert_eq!(found[4], "managedIdentity notConfigured azure-native:useMsi:config");
    assert_eq!(found[5], "azureCli chosen AZURE_CONFIG_DIR:environment", "the subscription is no single source's");
}

/// Terraform accepts other words than `true`, and Azure Pipelines writes `True`.
#[test]
fn a_switch_that_is_set_to_another_word_for_true_is_incomplete() {
    let rows = [
        ("useOidc", "ARM_USE_OIDC", "oidc"),
        ("useMsi", "ARM_USE_MSI", "managedIdentity"),
        ("useDefaultAzureCredential", "ARM_USE_DEFAULT_AZURE_CREDENTIAL", "chain"),
    ];
    for (key, variable, source) in rows {
        for word in ["True", "TRUE", "1", "yes", " true"] {
            let secret: Pairs<'_> = &[("ARM_TENANT_ID", "t"), ("ARM_CLIENT_ID", "c"), ("ARM_CLIENT_SECRET", "s")];
            for considered in [inside(&[(key, word)], secret), outside(&[secret, &[(variable, word)]].concat())] {
                let one = considered.sources.iter().find(|one| one.source.as_str() == source).unwrap();
                assert_eq!(one.decision, Decision::Incomplete, "{source} {word}");
                assert!(one.error.as_ref().unwrap().message().contains("only the word true"), "{source} {word}");
            }
        }
        let considered = inside(&[(key, "false")], &[]);
        let one = considered.sources.iter().find(|one| one.source.as_str() == source).unwrap();
        assert_eq!(one.decision, Decision::NotConfigured, "{source}");
    }
}

#[test]
fn a_chain_that_is_asked_for_comes_first_with_its_sources() {
    let secret: Pairs<'_> = &[T, C, ("clientSecret", "marker"), ("useDefaultAzureCredential", "true")];
    let found = described(&inside(secret, &[("AZURE_TOKEN_CREDENTIALS", "AzureCLICredential")]));
    assert_eq!(
        found[..2],
        [
            "chain chosen azure-native:useDefaultAzureCredential:config AZURE_TOKEN_CREDENTIALS:environment",
            "azureCli chosen",
        ]
    );
    assert!(found[3].starts_with("clientSecret overruled azure-native:clientSecret:config"), "{found:?}");
    assert_eq!(found[6..], ["azureCli overruled"]);
}

#[test]
fn outside_pulumi_the_default_chain_is_the_last_method() {
    let found = described(&outside(&[("AZURE_CLIENT_ID", "c"), ("AZURE_TOKEN_CREDENTIALS", "prod")]));
    let wanted = [
        "chain chosen AZURE_TOKEN_CREDENTIALS:environment",
        "clientSecret incomplete AZURE_CLIENT_ID:environment",
        "workloadIdentity incomplete AZURE_CLIENT_ID:environment",
        "managedIdentity chosen AZURE_CLIENT_ID:environment",
    ];
    assert_eq!(found[4..], wanted);
    assert_eq!(described(&outside(&[("ARM_USE_MSI", "true")]))[4..], ["chain overruled"]);
    assert_eq!(
        described(&outside(&[("ARM_USE_DEFAULT_AZURE_CREDENTIAL", "true")])).last().unwrap(),
        "managedIdentity notConfigured"
    );
}

#[test]
fn an_incomplete_source_has_the_message_of_its_error() {
    let variables = [("ARM_CLIENT_SECRET", "marker"), ("ARM_CLIENT_ID", "c")];
    let considered = outside(&variables);
    assert_eq!(
        described(&considered)[1],
        "clientSecret incomplete ARM_CLIENT_SECRET:environment ARM_CLIENT_ID:environment"
    );
    let error = considered.sources[1].error.as_ref().unwrap();
    let environment = environment(&variables);
    let thrown = resolve(&Inputs::of_environment(&environment)).unwrap_err();
    assert_eq!((error.message(), error.settings()), (thrown.message(), thrown.settings()));
    assert_eq!(error.settings(), ["ARM_TENANT_ID"]);
    let unknown = outside(&[("AZURE_TOKEN_CREDENTIALS", "none")]);
    assert_eq!(described(&unknown)[4], "chain incomplete AZURE_TOKEN_CREDENTIALS:environment");
}

/// Each row: name, configuration, variables, the expected report.
#[test]
fn common_settings_have_their_origin() {
    let given =
        options("clientSecret", &[T, C, ("clientSecret", "marker"), ("environment", "china"), ("timeout", "5")]);
    let pulumi = options("pulumi", &[]);
    #[rustfmt::skip]
    let rows: &[(&str, Considered, &str)] = &[
        ("nothing", inside(&[], &[]), ""),
        ("the cloud by config", inside(&[("environment", "china")], &[("ARM_ENVIRONMENT", "usgov")]), " azure-native:environment:config"),
        ("the cloud by environment", inside(&[], &[("AZURE_ENVIRONMENT", "usgov"), ("AZURE_AUTHORITY_HOST", "h")]), " AZURE_ENVIRONMENT:environment"),
        ("the cloud by its metadata", inside(&[("environment", "china")], &[("ARM_METADATA_HOSTNAME", "h")]), " ARM_METADATA_HOSTNAME:environment"),
        ("the authority", inside(&[], &[("AZURE_AUTHORITY_HOST", "h")]), " AZURE_AUTHORITY_HOST:environment"),
        ("the tenants", inside(&[("auxiliaryTenantIds", "[]")], &[("AZURE_ADDITIONALLY_ALLOWED_TENANTS", "*")]), " azure-native:auxiliaryTenantIds:config AZURE_ADDITIONALLY_ALLOWED_TENANTS:environment"),
        ("the subscription", inside(&[("subscriptionId", "s")], &[]), " azure-native:subscriptionId:config"),
        ("the network", outside(&[("https_proxy", "http://u:marker@p"), ("SSL_CERT_FILE", "/f")]), " SSL_CERT_FILE:environment https_proxy:environment"),
        ("a key that hides its variable", inside(&[("subscriptionId", "")], &[("ARM_SUBSCRIPTION_ID", "s")]), ""),
        ("also where the settings are no use", outside(&[("ARM_ENVIRONMENT", "mars"), ("AZURE_CLIENT_TOKEN_LOG", "loud")]), " ARM_ENVIRONMENT:environment AZURE_CLIENT_TOKEN_LOG:environment"),
        ("explicit", consider(&Inputs { options: Some(&given), ..Inputs::of_environment(&environment(&[("ARM_ENVIRONMENT", "usgov"), ("NO_PROXY", "*")])) }), " environment:option timeout:option NO_PROXY:environment"),
        ("explicit, the provider's", consider(&Inputs { options: Some(&pulumi), ..Inputs::of_environment(&environment(&[("ARM_ENVIRONMENT", "usgov"), ("ARM_SUBSCRIPTION_ID", "s")])) }), " ARM_ENVIRONMENT:environment ARM_SUBSCRIPTION_ID:environment"),
    ];
    for (case, considered, wanted) in rows {
        assert_eq!(seen(&considered.settings), *wanted, "{case}");
        assert!(!format!("{considered:?}").contains("marker"), "{case}");
    }
}

#[test]
fn an_explicit_credential_is_reported_with_its_options() {
    let (complete, incomplete) =
        (options("clientSecret", &[T, C, ("clientSecret", "s")]), options("clientSecret", &[T, C]));
    let environment = environment(&[]);
    let by = |options| consider(&Inputs { options: Some(options), ..Inputs::of_environment(&environment) });
    assert_eq!(described(&by(&complete)), ["clientSecret chosen clientId:option clientSecret:option tenantId:option"]);
    let [only] = &by(&incomplete).sources[..] else { panic!("one source") };
    assert_eq!(only.decision, Decision::Incomplete);
    assert!(only.settings.iter().all(|seen| seen.supplied_by == Supplier::Option));
}

#[test]
fn an_incomplete_credential_is_reported_with_the_kind_that_was_asked_for() {
    let environment = environment(&[]);
    for kind in kinds().filter(|kind| !["environment", "pulumi", "default", "chain"].contains(&kind.name)) {
        let options = options(kind.name, &[("processTimeout", "long"), ("clientId", "c"), ("objectId", "o")]);
        let considered = consider(&Inputs { options: Some(&options), ..Inputs::of_environment(&environment) });
        let [only] = &considered.sources[..] else { panic!("one source") };
        assert_eq!((only.source.as_str(), only.decision), (kind.name, Decision::Incomplete));
    }
}

#[test]
fn an_incomplete_member_of_a_chain_is_reported_with_its_own_kind() {
    let mut chain = options("chain", &[]);
    chain.chain = vec![options("pulumi", &[]), options("workloadIdentity", &[]), options("managedIdentity", &[])];
    let environment = environment(&[("ARM_CLIENT_CERTIFICATE_PATH", "/p"), ("ARM_SUBSCRIPTION_ID", "s")]);
    let considered = consider(&Inputs { options: Some(&chain), ..Inputs::of_environment(&environment) });
    let wanted = [
        "clientCertificate incomplete ARM_CLIENT_CERTIFICATE_PATH:environment",
        "workloadIdentity incomplete",
        "managedIdentity chosen",
    ];
    assert_eq!(described(&considered), wanted);
    assert_eq!(seen(&considered.settings), " ARM_SUBSCRIPTION_ID:environment", "as of the provider's alone");
}

#[test]
fn a_default_chain_is_reported_with_its_sources_even_as_a_member() {
    let mut chain = options("chain", &[]);
    chain.chain = vec![options("default", &[]), options("azureDeveloperCli", &[])];
    let wanted = [
        ("AzureCLICredential", vec!["chain chosen AZURE_TOKEN_CREDENTIALS:environment", "azureCli chosen"]),
        ("none", vec!["chain incomplete AZURE_TOKEN_CREDENTIALS:environment"]),
    ];
    for (name, sources) in wanted {
        let environment = environment(&[("AZURE_TOKEN_CREDENTIALS", name)]);
        let considered = consider(&Inputs { options: Some(&chain), ..Inputs::of_environment(&environment) });
        assert_eq!(described(&considered), [sources, vec!["azureDeveloperCli chosen"]].concat());
    }
}

#[test]
fn a_default_chain_without_a_required_variable_is_incomplete() {
    let mut default = options("default", &[]);
    default.lists.insert("requiredEnvVars".to_owned(), vec![crate::types::Secret::new("MINE")]);
    let considered = |variables| {
        let environment = environment(variables);
        described(&consider(&Inputs { options: Some(&default), ..Inputs::of_environment(&environment) }))
    };
    assert_eq!(considered(&[]), ["chain incomplete requiredEnvVars:option"]);
    assert!(considered(&[("MINE", "1")]).starts_with(&["chain chosen requiredEnvVars:option".to_owned()]));
}

#[test]
fn a_managed_identity_is_reported_with_the_settings_that_identify_its_host() {
    let host = [
        ("IDENTITY_ENDPOINT", "https://i"),
        ("IDENTITY_HEADER", "marker"),
        ("IDENTITY_SERVER_THUMBPRINT", "ab"),
        ("IMDS_ENDPOINT", "http://x"),
        ("MSI_ENDPOINT", "http://m"),
        ("MSI_SECRET", "marker"),
        ("DEFAULT_IDENTITY_CLIENT_ID", "d"),
        ("AZURE_POD_IDENTITY_AUTHORITY_HOST", "http://127.0.0.1:1"),
    ];
    let names = host.map(|(name, _)| [" ", name, ":environment"].concat()).concat();
    let surroundings = [&host[..], &[("ARM_USE_MSI", "true"), ("SYSTEM_OIDCREQUESTURI", "https://o")]].concat();
    let by = |kind, texts| {
        let (options, environment) = (options(kind, texts), environment(&surroundings));
        described(&consider(&Inputs { options: Some(&options), ..Inputs::of_environment(&environment) })).pop().unwrap()
    };
    assert_eq!(described(&outside(&surroundings))[3], format!("managedIdentity chosen ARM_USE_MSI:environment{names}"));
    assert_eq!(by("managedIdentity", &[]), format!("managedIdentity chosen{names}"));
    let chain = described(&outside(&[&host[..], &[("AZURE_TOKEN_CREDENTIALS", "prod")]].concat()));
    assert_eq!(chain.last().unwrap(), &format!("managedIdentity chosen{names}"));
    let federated = by("oidc", &[T, C, ("managedIdentity", "true")]);
    assert!(federated.starts_with("oidc chosen ") && federated.ends_with(&names), "{federated}");
}

/// The folder has the tool's login and so decides the account, also for an explicit credential.
#[test]
fn an_explicit_tool_is_reported_with_its_folder() {
    let rows = [("azureCli", "AZURE_CONFIG_DIR"), ("azureDeveloperCli", "AZD_CONFIG_DIR")];
    for (kind, variable) in rows {
        let (options, environment) = (options(kind, &[T]), environment(&[(variable, "/folder")]));
        let considered = consider(&Inputs { options: Some(&options), ..Inputs::of_environment(&environment) });
        assert_eq!(described(&considered), [format!("{kind} chosen tenantId:option {variable}:environment")]);
    }
}

/// A pair of variables that is not used because the options replace it is not reported.
#[test]
fn a_workload_identity_is_reported_with_the_variables_that_it_uses() {
    let options = options("workloadIdentity", &[T, ("tokenFilePath", "/t")]);
    let variables = [("AZURE_TENANT_ID", "other"), ("AZURE_CLIENT_ID", "c"), ("AZURE_FEDERATED_TOKEN_FILE", "/other")];
    let environment = environment(&variables);
    let considered = consider(&Inputs { options: Some(&options), ..Inputs::of_environment(&environment) });
    let wanted = "workloadIdentity chosen tenantId:option tokenFilePath:option AZURE_CLIENT_ID:environment";
    assert_eq!(described(&considered), [wanted]);
}

/// An invalid setting hides none of the others.
#[test]
fn common_settings_are_reported_even_if_one_is_invalid() {
    let variables = [
        ("ARM_USE_MSI", "true"),
        ("AZURE_REGIONAL_AUTHORITY_NAME", "no region"),
        ("SSL_CERT_FILE", "/roots"),
        ("HTTPS_PROXY", "ftp://h"),
        ("NO_PROXY", "h"),
        ("AZURE_CLIENT_TOKEN_LOG", "loud"),
    ];
    let names = variables[1..].iter().map(|(name, _)| [" ", *name, ":environment"].concat());
    assert_eq!(seen(&outside(&variables).settings), names.collect::<String>());
}

#[test]
fn explicit_oidc_is_reported_with_the_variable_that_it_uses() {
    let variable = " SYSTEM_OIDCREQUESTURI:environment";
    let (connection, token) = (("serviceConnectionId", "s"), ("systemAccessToken", "marker"));
    let rows: &[(Pairs<'_>, bool)] = &[
        (&[T, C, connection, token], true),
        (&[T, C, connection, token, ("oidcRequestUri", "https://other")], false),
        (&[T, C, ("oidcToken", "marker")], false),
    ];
    for (texts, is_used) in rows {
        let environment = environment(&[("SYSTEM_OIDCREQUESTURI", "https://o")]);
        let options = options("oidc", texts);
        let [only] =
            &described(&consider(&Inputs { options: Some(&options), ..Inputs::of_environment(&environment) }))[..]
        else {
            panic!("one source")
        };
        assert!(only.starts_with("oidc chosen") && only.ends_with(variable) == *is_used, "{only}");
    }
}

#[test]
fn settings_carry_what_was_considered() {
    let environment = environment(&[("ARM_USE_MSI", "true"), ("AZURE_AUTHORITY_HOST", "h")]);
    let inputs = Inputs::of_environment(&environment);
    let (kept, considered) = (resolve(&inputs).unwrap().considered, consider(&inputs));
    assert_eq!((described(&kept), seen(&kept.settings)), (described(&considered), seen(&considered.settings)));
}
