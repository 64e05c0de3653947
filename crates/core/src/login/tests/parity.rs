//! Every setting of the provider (parity §2) in each of its places; a new setting is one line.

use super::{cloud_choice::described_cloud, described, explicit, inside, options, outside, Pairs, C, T};
use crate::{
    config::keys,
    login::Settings,
    types::{Error, ErrorKind},
};
use std::collections::BTreeSet;

const S: (&str, &str) = ("clientSecret", "s");
const FILE: (&str, &str) = ("clientCertificatePath", "/p");
const OIDC: (&str, &str) = ("useOidc", "true");
const URL: (&str, &str) = ("oidcRequestUrl", "u");
const REQUEST_TOKEN: (&str, &str) = ("oidcRequestToken", "r");

/// Key, variable, value; the other configuration; the expected result.
type Row = (&'static str, &'static str, &'static str, Pairs<'static>, &'static str);

#[rustfmt::skip]
const ROWS: &[Row] = &[
    ("clientId", "ARM_CLIENT_ID", "x", &[T, S], "clientSecret x@t"),
    ("clientId", "ARM_CLIENT_ID", "x", &[T, FILE], "clientCertificate x@t"),
    ("clientId", "ARM_CLIENT_ID", "x", &[T, OIDC, ("oidcToken", "j")], "oidc x@t"),
    ("clientId", "ARM_CLIENT_ID", "x", &[("useMsi", "true")], "managedIdentity client x"),
    ("clientSecret", "ARM_CLIENT_SECRET", "x", &[T, C], "clientSecret c@t x"),
    ("tenantId", "ARM_TENANT_ID", "x", &[C, S], "clientSecret c@x"),
    ("tenantId", "ARM_TENANT_ID", "x", &[C, FILE], "clientCertificate c@x"),
    ("tenantId", "ARM_TENANT_ID", "x", &[C, OIDC, ("oidcToken", "j")], "oidc c@x"),
    ("subscriptionId", "ARM_SUBSCRIPTION_ID", "x", &[], "azureCli x any"),
    ("subscriptionId", "ARM_SUBSCRIPTION_ID", "x", &[T, C, S], "subscription x"),
    ("clientCertificatePath", "ARM_CLIENT_CERTIFICATE_PATH", "/x", &[T, C], "clientCertificate c@t /x none"),
    ("clientCertificatePassword", "ARM_CLIENT_CERTIFICATE_PASSWORD", "x", &[T, C, FILE], "clientCertificate c@t /p x"),
    ("auxiliaryTenantIds", "ARM_AUXILIARY_TENANT_IDS", r#"["x"]"#, &[], "tenants x"),
    ("useOidc", "ARM_USE_OIDC", "true", &[T, C, ("oidcToken", "j")], "oidc c@t constant j"),
    ("oidcToken", "ARM_OIDC_TOKEN", "x", &[T, C, OIDC], "oidc c@t constant x"),
    ("oidcTokenFilePath", "ARM_OIDC_TOKEN_FILE_PATH", "/x", &[T, C, OIDC], "oidc c@t file /x"),
    ("oidcRequestToken", "ACTIONS_ID_TOKEN_REQUEST_TOKEN", "x", &[T, C, OIDC, URL], "oidc c@t request u x"),
    ("oidcRequestToken", "ARM_OIDC_REQUEST_TOKEN", "x", &[T, C, OIDC, URL], "oidc c@t request u x"),
    ("oidcRequestUrl", "ACTIONS_ID_TOKEN_REQUEST_URL", "x", &[T, C, OIDC, REQUEST_TOKEN], "oidc c@t request x r"),
    ("oidcRequestUrl", "ARM_OIDC_REQUEST_URL", "x", &[T, C, OIDC, REQUEST_TOKEN], "oidc c@t request x r"),
    ("oidcAudience", "ARM_OIDC_AUDIENCE", "x", &[T, C, OIDC, URL, REQUEST_TOKEN], "oidc c@t request u r x by"),
    ("useMsi", "ARM_USE_MSI", "true", &[], "managedIdentity system"),
    ("useDefaultAzureCredential", "ARM_USE_DEFAULT_AZURE_CREDENTIAL", "true", &[], "chain:"),
    ("metadataHost", "ARM_METADATA_HOSTNAME", "x.example", &[], "in https://x.example"),
    ("environment", "ARM_ENVIRONMENT", "china", &[], "in AzureChinaCloud"),
];

/// Settings that are accepted and have no effect.
const IGNORED: [(&str, &str); 2] =
    [("msiEndpoint", "ARM_MSI_ENDPOINT"), ("disableInstanceDiscovery", "ARM_DISABLE_INSTANCE_DISCOVERY")];

/// Returns what these settings lead to, or the error.
fn outcome(values: &[(&str, &str)], variables: Pairs<'_>) -> String {
    inside(values, variables).map_or_else(|error| error.to_string(), |settings| described_settings(&settings))
}

fn described_settings(settings: &Settings) -> String {
    let cloud = described_cloud(settings);
    let tenants = settings.additionally_allowed_tenants.join(",");
    let subscription = settings.identity.subscription_id.as_deref().unwrap_or("none");
    format!("{} in {cloud} tenants {tenants} subscription {subscription}", described(&settings.credential))
}

#[test]
fn every_setting_comes_from_its_key_and_from_its_variable() {
    for (key, variable, value, others, wanted) in ROWS {
        let case = format!("{key}, {variable}: {wanted}");
        let with = |value| [*others, &[(*key, value)]].concat();
        let by_config = outcome(&with(*value), &[]);
        assert!(by_config.contains(wanted), "{case} by config: {by_config}");
        let by_environment = outcome(others, &[(variable, value)]);
        assert!(by_environment.contains(wanted), "{case} by environment: {by_environment}");
        let beaten = outcome(&with(*value), &[(variable, "other")]);
        assert!(beaten.contains(wanted), "{case}, config beats the environment: {beaten}");
        let hidden = outcome(&with(""), &[(variable, value)]);
        assert!(!hidden.contains(wanted), "{case}, an empty key hides the variable: {hidden}");
        let empty = outcome(others, &[(variable, "")]);
        assert!(!empty.contains(wanted), "{case}, an empty variable is unset: {empty}");
    }
}

#[test]
fn some_settings_are_accepted_and_ignored() {
    for (key, variable) in IGNORED {
        for value in ["true", "https://x", ""] {
            assert_eq!(outcome(&[(key, value)], &[(variable, value)]), outcome(&[], &[]), "{key}");
        }
    }
}

#[test]
fn every_key_and_every_variable_of_the_provider_has_a_row() {
    let of_provider = || keys::SETTINGS.iter().filter(|setting| setting.key.is_some());
    let named: BTreeSet<_> = ROWS.iter().map(|row| (row.0, row.1)).chain(IGNORED).collect();
    let documented =
        of_provider().flat_map(|setting| setting.variables.iter().map(|name| (setting.key.unwrap(), *name)));
    assert_eq!(named, documented.collect());
}

/// A program that asks for the provider's rules by `credential: 'pulumi'` gets them in their order, without a
/// configuration.
#[test]
fn of_the_explicit_kind_pulumi_the_rules_come_in_their_order_and_name_variables_only() {
    let secret = ("ARM_CLIENT_SECRET", "marker");
    let tenants = ("ARM_AUXILIARY_TENANT_IDS", "x");
    #[rustfmt::skip]
    let rows: &[(&str, Pairs<'_>, &str, &[&str])] = &[
        ("the cloud first", &[secret, tenants, ("ARM_ENVIRONMENT", "mars")], "configuration data is not available for Azure environment 'mars'", &["ARM_ENVIRONMENT", "ARM_METADATA_HOSTNAME"]),
        ("then the auxiliary tenants", &[secret, tenants], "failed to unmarshal 'x' as Auxiliary Tenants: ", &["ARM_AUXILIARY_TENANT_IDS"]),
        ("then the method", &[secret], "A Tenant ID must be configured when authenticating as a Service Principal using a Client Secret.", &["ARM_TENANT_ID", "ARM_CLIENT_ID"]),
        ("a method's own settings last", &[("ARM_USE_OIDC", "true"), ("ARM_TENANT_ID", "t"), ("ARM_CLIENT_ID", "c"), ("ARM_OIDC_REQUEST_URL", "u"), ("ACTIONS_ID_TOKEN_REQUEST_URL", "u")], "A OIDC token or request URL and token must be configured when authenticating with OIDC.",
            &["ARM_OIDC_TOKEN", "ARM_OIDC_TOKEN_FILE_PATH", "ACTIONS_ID_TOKEN_REQUEST_TOKEN"]),
    ];
    for (case, variables, sentence, settings) in rows {
        let error = explicit(&options("pulumi", &[]), variables).expect_err(case);
        assert!(error.message().starts_with(sentence), "{case}: {error}");
        assert!(!error.message().contains("azure-native"), "{case}: {error}");
        assert_eq!(error.settings(), *settings, "{case}");
    }
    let mut chain = options("chain", &[]);
    chain.chain = vec![options("pulumi", &[])];
    let error = explicit(&chain, &[secret, tenants]).expect_err("a member's mistake is the chain's");
    assert_eq!(error.settings(), ["ARM_AUXILIARY_TENANT_IDS"]);
}

/// The provider's sentences about it are left out on purpose (§7).
#[test]
fn no_method_demands_a_subscription() {
    #[rustfmt::skip]
    let rows: &[(&str, Pairs<'_>)] = &[
        ("the default chain", &[("useDefaultAzureCredential", "true")]),
        ("certificate", &[T, C, FILE]),
        ("secret", &[T, C, S]),
        ("oidc", &[T, C, OIDC, ("oidcToken", "j")]),
        ("managed identity", &[("useMsi", "true")]),
        ("the Azure CLI", &[]),
    ];
    for (case, values) in rows {
        assert!(outcome(values, &[]).ends_with("subscription none"), "{case}");
    }
    for values in [&[FILE][..], &[S], &[OIDC], &[OIDC, T, C]] {
        assert!(!outcome(values, &[]).contains("Subscription ID"), "{values:?}");
    }
}

/// Whatever a setting contains, the result is settings, or an error that names it.
#[test]
fn settings_are_decided_whatever_the_values_are() {
    let values =
        ["", " ", "\0", "\u{fffd}\u{202e}", "://", "https://", "[", "{}", "null", "true", "-1", "%zz", "../..", "a;b"];
    for setting in keys::SETTINGS {
        for value in values.into_iter().chain(["x".repeat(100_000).as_str()]) {
            for name in setting.variables {
                let environment =
                    [(*name, value), ("ARM_USE_OIDC", "true"), ("ARM_TENANT_ID", "t"), ("ARM_CLIENT_ID", "c")];
                assert_decided(&outside(&environment[..1]), name);
                assert_decided(&outside(&environment), name);
            }
            let Some(key) = setting.key else { continue };
            assert_decided(&inside(&[(key, value)], &[]), key);
            assert_decided(&inside(&[T, C, OIDC, (key, value)], &[]), key);
        }
    }
}

fn assert_decided(outcome: &Result<Settings, Error>, setting: &str) {
    if let Err(error) = outcome {
        assert_eq!(error.kind(), ErrorKind::Configuration, "{setting}: {error}");
        assert!(!error.settings().is_empty(), "{setting}: {error}");
        assert!(error.message().len() < 2_000, "{setting}: {} bytes", error.message().len());
    }
}
