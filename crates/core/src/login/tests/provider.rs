//! The provider's methods and messages (parity §2, §3, §4).

use super::{config, described, environment, explicit, inside, options, outside, Pairs, C, IMDS, T};
use crate::{
    config::{keys, ConfigSource, Inputs},
    login::resolve,
    types::ErrorKind,
};

#[test]
fn the_first_method_that_applies_is_chosen() {
    let cli = "azureCli default any ";
    #[rustfmt::skip]
    let rows: &[(&str, Pairs<'_>, Pairs<'_>, &str)] = &[
        ("secret by config", &[T, C, ("clientSecret", "s")], &[], "clientSecret c@t s by azure-native:clientSecret"),
        ("secret by environment", &[], &[("ARM_TENANT_ID", "t"), ("ARM_CLIENT_ID", "c"), ("ARM_CLIENT_SECRET", "s")], "clientSecret c@t s by ARM_CLIENT_SECRET"),
        ("secret by both: config beats", &[T, C, ("clientSecret", "s")], &[("ARM_CLIENT_SECRET", "no"), ("ARM_TENANT_ID", "no")], "clientSecret c@t s by azure-native:clientSecret"),
        ("config and environment are joined by setting", &[C, ("clientSecret", "s")], &[("ARM_TENANT_ID", "t")], "clientSecret c@t s by azure-native:clientSecret"),
        ("a key that is empty hides the variable", &[T, C, ("clientSecret", "")], &[("ARM_CLIENT_SECRET", "s")], cli),
        ("a variable that is empty is unset", &[T, C], &[("ARM_CLIENT_SECRET", "")], cli),
        ("certificate before secret", &[T, C, ("clientSecret", "s"), ("clientCertificatePath", "/p")], &[], "clientCertificate c@t /p none false"),
        ("certificate with password", &[T, C, ("clientCertificatePath", "/p"), ("clientCertificatePassword", "w")], &[], "clientCertificate c@t /p w false"),
        ("certificate by environment", &[T, C], &[("ARM_CLIENT_CERTIFICATE_PATH", "/p"), ("ARM_CLIENT_CERTIFICATE_PASSWORD", "w")], "clientCertificate c@t /p w false"),
        ("secret before oidc", &[T, C, ("clientSecret", "s"), ("useOidc", "true"), ("oidcToken", "j")], &[], "clientSecret c@t s by azure-native:clientSecret"),
        ("oidc before msi", &[T, C, ("useMsi", "true"), ("useOidc", "true"), ("oidcToken", "j")], &[], "oidc c@t constant j by azure-native:oidcToken"),
        ("msi before the cli", &[("useMsi", "true")], &[], "managedIdentity system imds http://169.254.169.254"),
        ("msi of a user-assigned identity", &[C, ("useMsi", "true")], &[], "managedIdentity client c imds http://169.254.169.254"),
        ("msi by environment", &[], &[("ARM_USE_MSI", "true"), ("ARM_CLIENT_ID", "c")], "managedIdentity client c imds http://169.254.169.254"),
        ("msi does not read AZURE_CLIENT_ID", &[], &[("ARM_USE_MSI", "true"), ("AZURE_CLIENT_ID", "no")], "managedIdentity system imds http://169.254.169.254"),
        ("exactly true is true: True", &[("useMsi", "True")], &[], cli),
        ("exactly true is true: 1", &[("useMsi", "1")], &[], cli),
        ("exactly true is true: null", &[("useMsi", "null")], &[("ARM_USE_MSI", "true")], cli),
        ("exactly true is true: a space", &[("useMsi", "true ")], &[], cli),
        ("a false key hides a true variable", &[("useMsi", "false")], &[("ARM_USE_MSI", "true")], cli),
        ("nothing: the cli", &[], &[], cli),
        ("tenant and client id alone: the cli", &[T, C], &[], cli),
        ("the AZURE_ group is not for the provider", &[], &[("AZURE_TENANT_ID", "t"), ("AZURE_CLIENT_ID", "c"), ("AZURE_CLIENT_SECRET", "s")], cli),
        ("the cli with a subscription", &[("subscriptionId", "sub")], &[], "azureCli sub any "),
        ("the cli with a cloud", &[("environment", "usgov")], &[], "azureCli default AzureUSGovernment "),
        ("the cli's folder", &[], &[("AZURE_CONFIG_DIR", "/az"), ("HOME", "/h")], "azureCli default any /az"),
        ("msiEndpoint is ignored", &[("useMsi", "true"), ("msiEndpoint", "http://x")], &[], "managedIdentity system imds http://169.254.169.254"),
    ];
    for (case, values, variables, wanted) in rows {
        let settings = inside(values, variables).unwrap_or_else(|error| panic!("{case}: {error}"));
        assert_eq!(described(&settings.credential), *wanted, "{case}");
    }
}

#[test]
fn the_default_chain_comes_before_every_method() {
    let settings = inside(&[T, C, ("clientSecret", "s"), ("useDefaultAzureCredential", "true")], &[]).unwrap();
    let wanted = format!(
        "chain: no clientSecret; no workloadIdentity; managedIdentity system {IMDS} probed; azureCli default any ; \
         azureDeveloperCli; azurePowerShell"
    );
    assert_eq!(described(&settings.credential), wanted);
}

#[test]
fn oidc_looks_in_this_order() {
    let base: Pairs<'_> = &[T, C, ("useOidc", "true")];
    let actions: Pairs<'_> = &[("ACTIONS_ID_TOKEN_REQUEST_URL", "u1"), ("ACTIONS_ID_TOKEN_REQUEST_TOKEN", "r1")];
    let arm: Pairs<'_> = &[("ARM_OIDC_REQUEST_URL", "u2"), ("ARM_OIDC_REQUEST_TOKEN", "r2")];
    let pipelines: Pairs<'_> =
        &[("SYSTEM_OIDCREQUESTURI", "u3"), ("SYSTEM_ACCESSTOKEN", "a"), ("ARM_OIDC_AZURE_SERVICE_CONNECTION_ID", "x")];
    let file: Pairs<'_> = &[("AZURE_FEDERATED_TOKEN_FILE", "/f")];
    let audience = "api://AzureADTokenExchange";
    #[rustfmt::skip]
    let rows: Vec<(&str, Pairs<'_>, Vec<Pairs<'_>>, String)> = vec![
        ("token first", &[("oidcToken", "j"), ("oidcTokenFilePath", "/p")], vec![actions], "constant j by azure-native:oidcToken".into()),
        ("token by environment", &[], vec![&[("ARM_OIDC_TOKEN", "j")], file], "constant j by ARM_OIDC_TOKEN".into()),
        ("then the file", &[("oidcTokenFilePath", "/p")], vec![actions], "file /p by azure-native:oidcTokenFilePath".into()),
        ("the file by environment", &[], vec![&[("ARM_OIDC_TOKEN_FILE_PATH", "/p")]], "file /p by ARM_OIDC_TOKEN_FILE_PATH".into()),
        ("then the request", &[("oidcRequestUrl", "u"), ("oidcRequestToken", "r")], vec![actions], format!("request u r {audience} by azure-native:oidcRequestUrl")),
        ("the request by GitHub's variables", &[], vec![actions, arm, pipelines, file], format!("request u1 r1 {audience} by ACTIONS_ID_TOKEN_REQUEST_URL")),
        ("the request by ARM_OIDC_", &[], vec![arm, pipelines, file], format!("request u2 r2 {audience} by ARM_OIDC_REQUEST_URL")),
        ("half a pair leads to the next", &[], vec![&actions[..1], arm], format!("request u2 r2 {audience} by ARM_OIDC_REQUEST_URL")),
        ("pairs are never mixed", &[], vec![&actions[..1], &arm[1..], pipelines], "pipelines u3 a x by SYSTEM_OIDCREQUESTURI".into()),
        ("an audience of one's own", &[("oidcAudience", "aud")], vec![actions], "request u1 r1 aud by ACTIONS_ID_TOKEN_REQUEST_URL".into()),
        ("the audience by environment", &[], vec![actions, &[("ARM_OIDC_AUDIENCE", "aud")]], "request u1 r1 aud by ACTIONS_ID_TOKEN_REQUEST_URL".into()),
        ("the audience is the same in every cloud", &[("environment", "china")], vec![actions], format!("request u1 r1 {audience} by ACTIONS_ID_TOKEN_REQUEST_URL")),
        ("then Azure Pipelines", &[], vec![pipelines, file], "pipelines u3 a x by SYSTEM_OIDCREQUESTURI".into()),
        ("then the federated file", &[], vec![&pipelines[..2], file], "file /f by AZURE_FEDERATED_TOKEN_FILE".into()),
        ("a hidden token leads on", &[("oidcToken", "")], vec![&[("ARM_OIDC_TOKEN", "j")], file], "file /f by AZURE_FEDERATED_TOKEN_FILE".into()),
    ];
    for (case, values, variables, wanted) in rows {
        let settings =
            inside(&[base, values].concat(), &variables.concat()).unwrap_or_else(|error| panic!("{case}: {error}"));
        assert_eq!(described(&settings.credential), format!("oidc c@t {wanted}"), "{case}");
    }
}

#[test]
fn missing_settings_are_named_in_the_providers_words_and_order() {
    let tenant = ["azure-native:tenantId", "ARM_TENANT_ID"];
    let client = ["azure-native:clientId", "ARM_CLIENT_ID"];
    let both = [tenant, client].concat();
    #[rustfmt::skip]
    let rows: &[(&str, Pairs<'_>, &str, &[&str])] = &[
        ("certificate, nothing", &[("clientCertificatePath", "/p")], "A Tenant ID must be configured when authenticating as a Service Principal using a Client Certificate.", &both),
        ("certificate, client id", &[("clientCertificatePath", "/p"), T], "A Client ID must be configured when authenticating as a Service Principal using a Client Certificate.", &client),
        ("secret, nothing", &[("clientSecret", "marker")], "A Tenant ID must be configured when authenticating as a Service Principal using a Client Secret.", &both),
        ("secret, tenant", &[("clientSecret", "marker"), C], "A Tenant ID must be configured when authenticating as a Service Principal using a Client Secret.", &tenant),
        ("secret, client id", &[("clientSecret", "marker"), T], "A Client ID must be configured when authenticating as a Service Principal using a Client Secret.", &client),
        ("oidc, nothing", &[("useOidc", "true")], "A Tenant ID must be configured when authenticating with OIDC.", &both),
        ("oidc, client id", &[("useOidc", "true"), T], "A Client ID must be configured when authenticating with OIDC.", &client),
        ("oidc, no token", &[("useOidc", "true"), T, C], "A OIDC token or request URL and token must be configured when authenticating with OIDC.",
            &["azure-native:oidcToken", "ARM_OIDC_TOKEN", "azure-native:oidcTokenFilePath", "ARM_OIDC_TOKEN_FILE_PATH", "azure-native:oidcRequestUrl", "ACTIONS_ID_TOKEN_REQUEST_URL", "azure-native:oidcRequestToken", "ACTIONS_ID_TOKEN_REQUEST_TOKEN"]),
        ("a bad cloud comes first", &[("clientSecret", "marker"), ("environment", "mars"), ("auxiliaryTenantIds", "x")], "configuration data is not available for Azure environment 'mars' and ARM_METADATA_HOSTNAME is not set", &["azure-native:environment", "ARM_METADATA_HOSTNAME"]),
        ("bad auxiliary tenants come second", &[("clientSecret", "marker"), ("auxiliaryTenantIds", "x")], "failed to unmarshal 'x' as Auxiliary Tenants: ", &["azure-native:auxiliaryTenantIds"]),
        ("auxiliary tenants that are no list", &[("auxiliaryTenantIds", "{}")], "failed to unmarshal '{}' as Auxiliary Tenants: ", &["azure-native:auxiliaryTenantIds"]),
        ("auxiliary tenants that are no texts", &[("auxiliaryTenantIds", "[1]")], "failed to unmarshal '[1]' as Auxiliary Tenants: ", &["azure-native:auxiliaryTenantIds"]),
        ("a metadata host that is not secure", &[("metadataHost", "http://h")], "azure-native:metadataHost must be a host name or an https address", &["azure-native:metadataHost"]),
        ("a metadata host that only looks like this machine", &[("metadataHost", "http://127.0.0.1.example")], "azure-native:metadataHost must be a host name or an https address", &["azure-native:metadataHost"]),
        ("a metadata host with a password", &[("metadataHost", "https://:marker@h")], "azure-native:metadataHost must be a host name or an https address", &["azure-native:metadataHost"]),
        ("a metadata host with a query", &[("metadataHost", "https://h/?a=b")], "azure-native:metadataHost must be a host name or an https address", &["azure-native:metadataHost"]),
        ("a tenant that is none", &[("clientSecret", "marker"), C, ("tenantId", "a/b")], "azure-native:tenantId is not a tenant", &["azure-native:tenantId"]),
    ];
    for (case, values, sentence, settings) in rows {
        let error = inside(values, &[]).expect_err(case);
        assert_eq!(error.kind(), ErrorKind::Configuration, "{case}");
        assert!(error.message().contains(sentence), "{case}: {error}");
        assert_eq!(error.settings(), *settings, "{case}");
        assert!(!format!("{error} {error:?}").contains("marker"), "{case}: {error:?}");
        // Outside Pulumi all checks stay, in their order (§7), and each setting has the name of its variable.
        let variables: Vec<_> = values.iter().map(|(key, value)| (variable_of(key), *value)).collect();
        let [first, ..] = values else { panic!("{case}: nothing is configured") };
        let sentence = sentence.replace(&format!("azure-native:{}", first.0), variable_of(first.0));
        let sentence = sentence.replace("azure-native:tenantId", "ARM_TENANT_ID");
        assert!(outside(&variables).expect_err(case).message().contains(&sentence), "{case}, outside");
    }
}

fn variable_of(key: &str) -> &'static str {
    keys::SETTINGS.iter().find(|setting| setting.key == Some(key)).map(|setting| setting.name()).expect(key)
}

#[test]
fn an_explicit_provider_differs_in_what_is_empty() {
    let of = |values: Pairs<'_>, variables: Pairs<'_>| {
        let (environment, config) = (environment(variables), config(ConfigSource::Provider, values));
        let settings = resolve(&Inputs { pulumi: Some(&config), ..Inputs::of_environment(&environment) });
        described(&settings.unwrap().credential)
    };
    let arm = &[("ARM_CLIENT_SECRET", "s"), ("ARM_CLIENT_ID", "c"), ("ARM_TENANT_ID", "t")];
    let empty = [("environment", "public"), ("clientSecret", ""), ("clientId", "")];
    assert_eq!(of(&empty, arm), "clientSecret c@t s by ARM_CLIENT_SECRET");
    let hidden = [("environment", "public"), ("oidcToken", ""), ("useMsi", "false")];
    assert_eq!(of(&hidden, &[("ARM_USE_MSI", "true")]), "azureCli default AzureCloud ");
    assert_eq!(of(&[T, C, ("clientSecret", "s")], &[]), "clientSecret c@t s by clientSecret");
}

#[test]
fn allowed_tenants_come_from_every_list() {
    let of = |values: Pairs<'_>, variables: Pairs<'_>| inside(values, variables).unwrap().additionally_allowed_tenants;
    assert_eq!(of(&[("auxiliaryTenantIds", r#"["a","b"]"#)], &[]), ["a", "b"]);
    assert_eq!(
        of(&[], &[("ARM_AUXILIARY_TENANT_IDS", r#"["a"]"#), ("AZURE_ADDITIONALLY_ALLOWED_TENANTS", " b; *;")]),
        ["a", "b", "*"]
    );
    for none in ["null", "[]", ""] {
        assert!(of(&[("auxiliaryTenantIds", none)], &[]).is_empty(), "{none:?}");
    }
}

#[test]
fn pulumi_config_in_the_environment_means_inside_pulumi() {
    let config = r#"{"azure-native:tenantId":"t","azure-native:clientId":"c","azure-native:clientSecret":"s"}"#;
    let settings = outside(&[("PULUMI_CONFIG", config), ("ARM_TENANT_ID", "no")]).unwrap();
    assert_eq!(described(&settings.credential), "clientSecret c@t s by azure-native:clientSecret");
    assert_eq!(described(&outside(&[("PULUMI_CONFIG", "{}")]).unwrap().credential), "azureCli default any ");
    assert_eq!(outside(&[("PULUMI_CONFIG", "marker")]).unwrap_err().settings(), ["PULUMI_CONFIG"]);
    let explicit = explicit(&options("pulumi", &[]), &[("PULUMI_CONFIG", config), ("ARM_USE_MSI", "true")]);
    assert_eq!(described(&explicit.unwrap().credential), format!("managedIdentity system {IMDS}"));
}
