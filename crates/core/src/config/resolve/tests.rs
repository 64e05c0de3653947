//! Every row of the provider's rules (parity §2, §3, §4, §5, §7) as a named case: adding one is adding a line.

use super::super::{
    AssertionSpec, CertificateOrigin, CloudChoice, ConfigSource, CredentialOptions, CredentialSpec, Decision, Inputs,
    ManagedIdentityHost, ManagedIdentityId, ManagedIdentitySpec, PulumiConfig, Settings, Supplier,
};
use super::{consider, resolve};
use crate::{
    host::{AssertionCallback, Environment},
    types::{Error, ErrorKind, Secret},
};

type Pairs<'a> = &'a [(&'a str, &'a str)];
/// Credentials by hand: their kinds and options.
type Members<'a> = &'a [(&'a str, Pairs<'a>)];

fn environment(variables: Pairs<'_>) -> Environment {
    variables.iter().map(|(name, value)| (*name, Secret::new(*value))).collect()
}

fn config(source: ConfigSource, values: Pairs<'_>) -> PulumiConfig {
    PulumiConfig::new(source, values.iter().map(|(key, value)| ((*key).to_owned(), Secret::new(*value))))
}

/// Inside Pulumi, with a stack's configuration.
fn inside(values: Pairs<'_>, variables: Pairs<'_>) -> Result<Settings, Error> {
    let (environment, config) = (environment(variables), config(ConfigSource::Stack, values));
    resolve(&Inputs { pulumi: Some(&config), ..Inputs::of_environment(&environment) })
}

fn outside(variables: Pairs<'_>) -> Result<Settings, Error> {
    resolve(&Inputs::of_environment(&environment(variables)))
}

fn options(credential: &str, texts: Pairs<'_>) -> CredentialOptions {
    let texts = texts.iter().map(|(name, value)| ((*name).to_owned(), Secret::new(*value))).collect();
    CredentialOptions { credential: credential.to_owned(), texts, ..CredentialOptions::default() }
}

fn by_hand(options: &CredentialOptions, variables: Pairs<'_>) -> Result<Settings, Error> {
    resolve(&Inputs { options: Some(options), ..Inputs::of_environment(&environment(variables)) })
}

/// A credential in a few words.
fn told(spec: &CredentialSpec) -> String {
    let principal = spec.principal().map(|of| format!(" {}@{}", of.client_id, of.tenant)).unwrap_or_default();
    let more = match spec {
        CredentialSpec::ClientSecret(spec) => format!(" {} by {}", spec.client_secret.expose(), spec.setting),
        CredentialSpec::ClientCertificate(spec) => {
            let origin = match &spec.certificate.origin {
                CertificateOrigin::File(path) => path.display().to_string(),
                CertificateOrigin::Text(text) => format!("text {}", text.expose()),
            };
            let password = spec.certificate.password.as_ref().map_or("none", Secret::expose);
            format!(" {origin} {password} {}", spec.certificate.send_chain)
        }
        CredentialSpec::ClientAssertion(spec) => format!(" {} by {}", told_assertion(&spec.assertion), spec.setting),
        CredentialSpec::ManagedIdentity(spec) => told_identity(spec),
        CredentialSpec::AzureCli(spec) => format!(
            " {} {} {}",
            spec.subscription.as_deref().unwrap_or("default"),
            spec.cloud_name.as_deref().unwrap_or("any"),
            spec.folder.as_ref().map(|folder| folder.display().to_string()).unwrap_or_default()
        ),
        CredentialSpec::Chain(spec) => {
            let members = spec.members.iter().map(|member| match &member.credential {
                Ok(spec) => told(spec),
                Err(_) => format!("no {}", member.kind.as_str()),
            });
            format!(": {}", members.collect::<Vec<_>>().join("; "))
        }
        _ => String::new(),
    };
    format!("{}{principal}{more}", spec.kind().as_str())
}

fn told_assertion(spec: &AssertionSpec) -> String {
    match spec {
        AssertionSpec::Constant(text) => format!("constant {}", text.expose()),
        AssertionSpec::File(path) => format!("file {}", path.display()),
        AssertionSpec::Request { url, token, audience } => format!("request {url} {} {audience}", token.expose()),
        AssertionSpec::AzurePipelines { url, access_token, service_connection } => {
            format!("pipelines {url} {} {service_connection}", access_token.expose())
        }
        AssertionSpec::Callback(callback) => format!("callback {}", callback.id()),
        AssertionSpec::ManagedIdentity { identity, audience } => {
            format!("identity{} {audience}", told_identity(identity))
        }
    }
}

fn told_identity(spec: &ManagedIdentitySpec) -> String {
    let identity = match &spec.identity {
        ManagedIdentityId::SystemAssigned => "system".to_owned(),
        ManagedIdentityId::ClientId(id) => format!("client {id}"),
        ManagedIdentityId::ObjectId(id) => format!("object {id}"),
        ManagedIdentityId::ResourceId(id) => format!("resource {id}"),
    };
    let host = match &spec.host {
        ManagedIdentityHost::Imds { authority_host } => format!("imds {authority_host}"),
        ManagedIdentityHost::AppService { endpoint, .. } => format!("app {endpoint}"),
        ManagedIdentityHost::ServiceFabric { endpoint, thumbprint, .. } => format!("fabric {endpoint} {thumbprint}"),
        ManagedIdentityHost::MachineLearning { endpoint, .. } => format!("ml {endpoint}"),
        ManagedIdentityHost::CloudShell { endpoint } => format!("shell {endpoint}"),
        ManagedIdentityHost::Arc { endpoint } => format!("arc {endpoint}"),
    };
    format!(" {identity} {host}{}", if spec.probe { " probed" } else { "" })
}

const T: (&str, &str) = ("tenantId", "t");
const C: (&str, &str) = ("clientId", "c");
const IMDS: &str = "imds http://169.254.169.254";

#[test]
fn the_first_method_that_applies_is_the_one() {
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
        ("the cli's folder in the home folder", &[], &[("HOME", "/h")], "azureCli default any /h/.azure"),
        ("msiEndpoint is ignored", &[("useMsi", "true"), ("msiEndpoint", "http://x")], &[], "managedIdentity system imds http://169.254.169.254"),
    ];
    for (case, values, variables, wanted) in rows {
        let settings = inside(values, variables).unwrap_or_else(|error| panic!("{case}: {error}"));
        assert_eq!(told(&settings.credential), *wanted, "{case}");
    }
}

#[test]
fn the_default_chain_comes_before_every_method() {
    let settings = inside(&[T, C, ("clientSecret", "s"), ("useDefaultAzureCredential", "true")], &[]).unwrap();
    let wanted = format!(
        "chain: no clientSecret; no workloadIdentity; managedIdentity system {IMDS} probed; azureCli default any ; \
         azureDeveloperCli; azurePowerShell"
    );
    assert_eq!(told(&settings.credential), wanted);
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
        assert_eq!(told(&settings.credential), format!("oidc c@t {wanted}"), "{case}");
    }
}

#[test]
fn what_is_missing_is_told_in_the_providers_words_and_order() {
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
        ("a tenant that is none", &[("clientSecret", "marker"), C, ("tenantId", "a/b")], "azure-native:tenantId is not a tenant", &["azure-native:tenantId"]),
    ];
    for (case, values, sentence, settings) in rows {
        let error = inside(values, &[]).expect_err(case);
        assert_eq!(error.kind(), ErrorKind::Configuration, "{case}");
        assert!(error.message().contains(sentence), "{case}: {error}");
        assert_eq!(error.settings(), *settings, "{case}");
        assert!(!format!("{error} {error:?}").contains("marker"), "{case}: {error:?}");
    }
}

#[test]
fn no_method_demands_a_subscription() {
    for values in [&[("useMsi", "true")][..], &[("useDefaultAzureCredential", "true")], &[T, C, ("clientSecret", "s")]]
    {
        assert!(inside(values, &[]).is_ok(), "{values:?}");
    }
}

#[test]
fn an_explicit_provider_differs_in_what_is_empty() {
    let of = |values: Pairs<'_>, variables: Pairs<'_>| {
        let (environment, config) = (environment(variables), config(ConfigSource::Provider, values));
        let settings = resolve(&Inputs { pulumi: Some(&config), ..Inputs::of_environment(&environment) });
        told(&settings.unwrap().credential)
    };
    let arm = &[("ARM_CLIENT_SECRET", "s"), ("ARM_CLIENT_ID", "c"), ("ARM_TENANT_ID", "t")];
    let empty = [("environment", "public"), ("clientSecret", ""), ("clientId", "")];
    assert_eq!(of(&empty, arm), "clientSecret c@t s by ARM_CLIENT_SECRET");
    let hidden = [("environment", "public"), ("oidcToken", ""), ("useMsi", "false")];
    assert_eq!(of(&hidden, &[("ARM_USE_MSI", "true")]), "azureCli default AzureCloud ");
    assert_eq!(of(&[T, C, ("clientSecret", "s")], &[]), "clientSecret c@t s by clientSecret");
}

#[test]
fn clouds_are_chosen_in_this_order() {
    let authority = ("AZURE_AUTHORITY_HOST", "https://login.own");
    #[rustfmt::skip]
    let rows: &[(&str, Pairs<'_>, Pairs<'_>, &str)] = &[
        ("none, the cli", &[], &[], "az"),
        ("none, another method", &[("useMsi", "true")], &[], "AzureCloud"),
        ("environment", &[("environment", "usgov")], &[], "AzureUSGovernment"),
        ("environment without case", &[("environment", "AZURECHINACLOUD")], &[], "AzureChinaCloud"),
        ("environment by variable", &[], &[("ARM_ENVIRONMENT", "china"), ("AZURE_ENVIRONMENT", "usgov")], "AzureChinaCloud"),
        ("environment: config beats", &[("environment", "public")], &[("ARM_ENVIRONMENT", "china")], "AzureCloud"),
        ("AZURE_ENVIRONMENT", &[], &[("AZURE_ENVIRONMENT", "usgovernmentl4")], "AzureUSGovernment"),
        ("an empty environment leads to AZURE_ENVIRONMENT", &[("environment", "")], &[("ARM_ENVIRONMENT", "china"), ("AZURE_ENVIRONMENT", "usgov")], "AzureUSGovernment"),
        ("an empty environment is none", &[("environment", "")], &[("ARM_ENVIRONMENT", "china")], "az"),
        ("metadata host", &[("metadataHost", "h.example")], &[], "https://h.example"),
        ("metadata host beats environment", &[("environment", "china"), ("metadataHost", "https://h.example/")], &[], "https://h.example"),
        ("metadata host by variable beats environment by config", &[("environment", "china")], &[("ARM_METADATA_HOSTNAME", "h.example")], "https://h.example"),
        ("an empty metadata host hides the variable", &[("environment", "china"), ("metadataHost", "")], &[("ARM_METADATA_HOSTNAME", "h.example")], "AzureChinaCloud"),
        ("authority host where no cloud is configured", &[("useMsi", "true")], &[authority], "AzureCloud at https://login.own/"),
        ("authority host where one is", &[("environment", "public")], &[authority], "AzureCloud"),
        ("authority host where a host describes one", &[("metadataHost", "h.example")], &[authority], "https://h.example"),
    ];
    for (case, values, variables, wanted) in rows {
        let settings = inside(values, variables).unwrap_or_else(|error| panic!("{case}: {error}"));
        let cloud = match &settings.cloud {
            CloudChoice::Known(cloud) => cloud.name.clone().unwrap_or_default(),
            CloudChoice::FromMetadata { host } => host.clone(),
            CloudChoice::FromAzureCli => "az".to_owned(),
        };
        let authority = settings.authority.map(|authority| format!(" at {authority}")).unwrap_or_default();
        assert_eq!(format!("{cloud}{authority}"), *wanted, "{case}");
    }
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
fn outside_pulumi_the_default_chain_takes_the_place_of_the_cli() {
    let group: Pairs<'_> = &[("AZURE_TENANT_ID", "t"), ("AZURE_CLIENT_ID", "c")];
    let secret: Pairs<'_> = &[("AZURE_CLIENT_SECRET", "s")];
    let certificate: Pairs<'_> =
        &[("AZURE_CLIENT_CERTIFICATE_PATH", "/p"), ("AZURE_CLIENT_SEND_CERTIFICATE_CHAIN", "1")];
    let file: Pairs<'_> = &[("AZURE_FEDERATED_TOKEN_FILE", "/f")];
    let only = |name: &'static str| [("AZURE_TOKEN_CREDENTIALS", name)];
    let environment = only("environmentcredential");
    let workload = only("WorkloadIdentityCredential");
    let (prod, dev, identity) = (only("prod"), only("dev"), only("ManagedIdentityCredential"));
    #[rustfmt::skip]
    let rows: Vec<(&str, Vec<Pairs<'_>>, String)> = vec![
        ("a secret", vec![group, secret, &environment], "chain: clientSecret c@t s by AZURE_CLIENT_SECRET".into()),
        ("a certificate", vec![group, certificate, &environment], "chain: clientCertificate c@t /p none true".into()),
        ("a secret before a certificate", vec![group, certificate, secret, &environment], "chain: clientSecret c@t s by AZURE_CLIENT_SECRET".into()),
        ("half a group", vec![secret, &environment], "chain: no clientSecret".into()),
        ("groups are never mixed", vec![&[("ARM_TENANT_ID", "t"), ("ARM_CLIENT_ID", "c")], secret, &environment], "chain: no clientSecret".into()),
        ("a password", vec![group, &[("AZURE_USERNAME", "u")], &environment], "chain: no clientSecret".into()),
        ("a workload identity", vec![group, file, &workload], "chain: workloadIdentity c@t file /f by AZURE_FEDERATED_TOKEN_FILE".into()),
        ("half a workload identity", vec![file, &workload], "chain: no workloadIdentity".into()),
        ("a managed identity alone is not probed", vec![&identity], format!("chain: managedIdentity system {IMDS}")),
        ("a managed identity by AZURE_CLIENT_ID", vec![&group[1..], &identity], format!("chain: managedIdentity client c {IMDS}")),
        ("a managed identity is not named by ARM_CLIENT_ID", vec![&[("ARM_CLIENT_ID", "no")], &identity], format!("chain: managedIdentity system {IMDS}")),
        ("prod", vec![&prod], format!("chain: no clientSecret; no workloadIdentity; managedIdentity system {IMDS}")),
        ("dev", vec![&dev], "chain: azureCli default any ; azureDeveloperCli; azurePowerShell".into()),
        ("all", vec![group, secret], format!("chain: clientSecret c@t s by AZURE_CLIENT_SECRET; no workloadIdentity; managedIdentity client c {IMDS} probed; azureCli default any ; azureDeveloperCli; azurePowerShell")),
        ("the ARM_ group comes first", vec![group, secret, &[("ARM_TENANT_ID", "t"), ("ARM_CLIENT_ID", "c"), ("ARM_CLIENT_SECRET", "s")]], "clientSecret c@t s by ARM_CLIENT_SECRET".into()),
    ];
    for (case, variables, wanted) in rows {
        let settings = outside(&variables.concat()).unwrap_or_else(|error| panic!("{case}: {error}"));
        assert_eq!(told(&settings.credential), wanted, "{case}");
    }
}

#[test]
fn outside_pulumi_half_a_group_is_named() {
    let error = outside(&[("ARM_CLIENT_SECRET", "marker"), ("AZURE_TENANT_ID", "t")]).unwrap_err();
    assert_eq!(error.settings(), ["ARM_TENANT_ID", "ARM_CLIENT_ID"]);
    assert!(!format!("{error} {error:?}").contains("marker"));
    let settings =
        outside(&[("AZURE_CLIENT_SECRET", "s"), ("AZURE_TOKEN_CREDENTIALS", "EnvironmentCredential")]).unwrap();
    let CredentialSpec::Chain(chain) = settings.credential else { panic!("no chain") };
    let error = chain.members[0].credential.as_ref().unwrap_err();
    assert_eq!(error.settings(), ["AZURE_TENANT_ID", "AZURE_CLIENT_ID"]);
}

#[test]
fn token_credentials_that_are_unknown_or_empty_are_refused() {
    for value in ["", "Dev", "PROD", "VisualStudioCredential", "dev ", "none"] {
        let error = outside(&[("AZURE_TOKEN_CREDENTIALS", value)]).unwrap_err();
        assert_eq!(error.settings(), ["AZURE_TOKEN_CREDENTIALS"], "{value:?}");
    }
    assert!(inside(&[], &[("AZURE_TOKEN_CREDENTIALS", "")]).is_ok(), "without the chain nobody reads it");
}

#[test]
fn pulumi_config_in_the_environment_means_inside_pulumi() {
    let config = r#"{"azure-native:tenantId":"t","azure-native:clientId":"c","azure-native:clientSecret":"s"}"#;
    let settings = outside(&[("PULUMI_CONFIG", config), ("ARM_TENANT_ID", "no")]).unwrap();
    assert_eq!(told(&settings.credential), "clientSecret c@t s by azure-native:clientSecret");
    assert_eq!(told(&outside(&[("PULUMI_CONFIG", "{}")]).unwrap().credential), "azureCli default any ");
    assert_eq!(outside(&[("PULUMI_CONFIG", "marker")]).unwrap_err().settings(), ["PULUMI_CONFIG"]);
    let by_hand = by_hand(&options("pulumi", &[]), &[("PULUMI_CONFIG", config), ("ARM_USE_MSI", "true")]);
    assert_eq!(told(&by_hand.unwrap().credential), format!("managedIdentity system {IMDS}"));
}

#[test]
fn managed_identities_are_asked_where_the_host_says() {
    let identity = ("IDENTITY_ENDPOINT", "http://i");
    let header = ("IDENTITY_HEADER", "h");
    let msi = ("MSI_ENDPOINT", "http://m");
    #[rustfmt::skip]
    let rows: &[(&str, Pairs<'_>, &str)] = &[
        ("nothing", &[], IMDS),
        ("App Service", &[identity, header], "app http://i"),
        ("Service Fabric", &[identity, header, ("IDENTITY_SERVER_THUMBPRINT", "ab")], "fabric http://i ab"),
        ("App Service before Cloud Shell", &[identity, header, msi], "app http://i"),
        ("Azure Arc", &[identity, ("IMDS_ENDPOINT", "http://x")], "arc http://i"),
        ("an endpoint without a header", &[identity], IMDS),
        ("Cloud Shell", &[msi], "shell http://m"),
        ("Azure Machine Learning", &[msi, ("MSI_SECRET", "s")], "ml http://m"),
        ("another address", &[("AZURE_POD_IDENTITY_AUTHORITY_HOST", "http://127.0.0.1:1/")], "imds http://127.0.0.1:1"),
    ];
    for (case, variables, wanted) in rows {
        let settings = inside(&[("useMsi", "true")], variables).unwrap();
        assert_eq!(told(&settings.credential), format!("managedIdentity system {wanted}"), "{case}");
    }
    let environment = environment(&[("ARM_USE_MSI", "true")]);
    let settings = resolve(&Inputs { has_arc_agent: true, ..Inputs::of_environment(&environment) }).unwrap();
    assert!(told(&settings.credential).starts_with("managedIdentity system arc http://127.0.0.1:40342/"));
}

#[test]
fn credentials_by_hand_are_made_of_their_options_alone() {
    let around: Pairs<'_> = &[
        ("ARM_TENANT_ID", "no"),
        ("ARM_CLIENT_ID", "no"),
        ("ARM_CLIENT_SECRET", "no"),
        ("ARM_ENVIRONMENT", "china"),
        ("AZURE_AUTHORITY_HOST", "https://no"),
        ("AZURE_TOKEN_CREDENTIALS", "dev"),
        ("AZURE_TENANT_ID", "et"),
        ("AZURE_CLIENT_ID", "ec"),
        ("AZURE_FEDERATED_TOKEN_FILE", "/ef"),
    ];
    let audience = "api://AzureADTokenExchange";
    #[rustfmt::skip]
    let rows: &[(&str, Pairs<'_>, String)] = &[
        ("clientSecret", &[T, C, ("clientSecret", "s")], "clientSecret c@t s by clientSecret".into()),
        ("clientCertificate", &[T, C, ("certificatePath", "/p"), ("password", "w"), ("sendCertificateChain", "true")], "clientCertificate c@t /p w true".into()),
        ("clientCertificate", &[T, C, ("certificate", "PEM")], "clientCertificate c@t text PEM none false".into()),
        ("oidc", &[T, C, ("oidcToken", "j")], "oidc c@t constant j by oidcToken".into()),
        ("oidc", &[T, C, ("oidcTokenFilePath", "/p")], "oidc c@t file /p by oidcTokenFilePath".into()),
        ("oidc", &[T, C, ("oidcRequestUrl", "u"), ("oidcRequestToken", "r")], format!("oidc c@t request u r {audience} by oidcRequestUrl")),
        ("oidc", &[T, C, ("oidcRequestUrl", "u"), ("oidcRequestToken", "r"), ("environment", "usgov")], format!("oidc c@t request u r {audience}USGov by oidcRequestUrl")),
        ("oidc", &[T, C, ("oidcRequestUrl", "u"), ("oidcRequestToken", "r"), ("environment", "china")], format!("oidc c@t request u r {audience}China by oidcRequestUrl")),
        ("oidc", &[T, C, ("serviceConnectionId", "x"), ("systemAccessToken", "a"), ("oidcRequestUri", "u")], "oidc c@t pipelines u a x by serviceConnectionId".into()),
        ("oidc", &[T, C, ("managedIdentity", "true"), ("managedIdentity.clientId", "mi")], format!("oidc c@t identity client mi {IMDS} {audience} by managedIdentity")),
        ("workloadIdentity", &[], "workloadIdentity ec@et file /ef by AZURE_FEDERATED_TOKEN_FILE".into()),
        ("workloadIdentity", &[T, C, ("tokenFilePath", "/p")], "workloadIdentity c@t file /p by tokenFilePath".into()),
        ("managedIdentity", &[], format!("managedIdentity system {IMDS}")),
        ("managedIdentity", &[("objectId", "o")], format!("managedIdentity object o {IMDS}")),
        ("managedIdentity", &[("resourceId", "r")], format!("managedIdentity resource r {IMDS}")),
        ("azureCli", &[("subscription", "sub"), ("environment", "china")], "azureCli sub AzureChinaCloud ".into()),
        ("azureDeveloperCli", &[T], "azureDeveloperCli".into()),
        ("azurePowerShell", &[], "azurePowerShell".into()),
        ("onBehalfOf", &[T, C, ("userAssertion", "u"), ("clientSecret", "s")], "onBehalfOf c@t".into()),
        ("command", &[("program", "p")], "command".into()),
        ("pulumi", &[], "clientSecret no@no no by ARM_CLIENT_SECRET".into()),
        ("default", &[], "chain: azureCli default AzureChinaCloud ; azureDeveloperCli; azurePowerShell".into()),
    ];
    for (kind, texts, wanted) in rows {
        let settings =
            by_hand(&options(kind, texts), around).unwrap_or_else(|error| panic!("{kind} {texts:?}: {error}"));
        assert_eq!(told(&settings.credential), *wanted, "{kind} {texts:?}");
        if !matches!(*kind, "pulumi" | "default" | "oidc" | "azureCli" | "workloadIdentity") {
            assert_eq!(settings.cloud, CloudChoice::default(), "{kind}: the cloud is the options' affair");
            assert_eq!(settings.authority, None, "{kind}");
        }
    }
}

/// The webhook of workload identity sets `AZURE_AUTHORITY_HOST`, and kinds that are settings of the environment read
/// all that it says of the cloud; a chain has one cloud for all its members.
#[test]
fn some_kinds_by_hand_read_their_cloud_in_the_environment() {
    let authority = ("AZURE_AUTHORITY_HOST", "https://login.own");
    let cloud = ("ARM_ENVIRONMENT", "china");
    let app: Pairs<'_> = &[T, C, ("clientSecret", "s")];
    let workload: Pairs<'_> = &[T, C, ("tokenFilePath", "/p")];
    #[rustfmt::skip]
    let rows: &[(&str, Members<'_>, Pairs<'_>, &str)] = &[
        ("options alone", &[("clientSecret", app)], &[authority], "AzureCloud login.microsoftonline.com"),
        ("a workload identity", &[("workloadIdentity", workload)], &[authority], "AzureCloud login.own"),
        ("its cloud is not the provider's", &[("workloadIdentity", workload)], &[cloud, authority], "AzureCloud login.own"),
        ("the environment", &[("environment", &[])], &[authority], "AzureCloud login.own"),
        ("the environment's cloud", &[("environment", &[])], &[cloud, authority], "AzureChinaCloud login.chinacloudapi.cn"),
        ("a chain of options", &[("clientSecret", app), ("azureCli", &[])], &[cloud, authority], "AzureCloud login.microsoftonline.com"),
        ("a chain with a workload identity", &[("clientSecret", app), ("workloadIdentity", workload)], &[cloud, authority], "AzureCloud login.own"),
        ("a chain with the environment", &[("workloadIdentity", workload), ("environment", &[])], &[cloud, authority], "AzureChinaCloud login.chinacloudapi.cn"),
    ];
    let resolved = |members: Members<'_>, own: Pairs<'_>, around: Pairs<'_>| {
        let group = [("AZURE_TENANT_ID", "t"), ("AZURE_CLIENT_ID", "c"), ("AZURE_CLIENT_SECRET", "s")];
        let given = match members {
            [(kind, texts)] => options(kind, &[*texts, own].concat()),
            several => {
                let members = several.iter().map(|(kind, texts)| options(kind, texts)).collect();
                CredentialOptions { chain: members, ..options("chain", own) }
            }
        };
        let settings = by_hand(&given, &[&group[..], around].concat()).unwrap();
        let cloud = settings.cloud.known().unwrap().clone();
        format!("{} {}", cloud.name.unwrap(), settings.authority.unwrap_or(cloud.authority).host())
    };
    for (case, members, around, wanted) in rows {
        assert_eq!(resolved(members, &[], around), *wanted, "{case}");
        let named = resolved(members, &[("environment", "usgov")], around);
        assert_eq!(named, "AzureUSGovernment login.microsoftonline.us", "{case}, but named by an option");
        assert!(
            resolved(members, &[("authorityHost", "https://login.mine")], around).ends_with("login.mine"),
            "{case}"
        );
    }
}

#[test]
fn options_that_make_no_sense_are_named() {
    #[rustfmt::skip]
    let rows: &[(&str, Pairs<'_>, &str)] = &[
        ("clientSecret", &[T, C], "clientSecret"),
        ("clientSecret", &[C, ("clientSecret", "marker")], "tenantId"),
        ("clientSecret", &[T, ("clientSecret", "marker")], "clientId"),
        ("clientSecret", &[T, C, ("clientSecret", "")], "clientSecret"),
        ("clientSecret", &[T, C, ("clientSecret", "marker"), ("clientsecret", "marker")], "clientsecret"),
        ("clientSecret", &[("tenantId", "a/b"), C, ("clientSecret", "marker")], "tenantId"),
        ("clientSecret", &[T, C, ("clientSecret", "marker"), ("environment", "mars")], "environment"),
        ("clientSecret", &[T, C, ("clientSecret", "marker"), ("authorityHost", "http://h")], "authorityHost"),
        ("clientSecret", &[T, C, ("clientSecret", "marker"), ("metadataHost", "http://h")], "metadataHost"),
        ("clientSecret", &[T, C, ("clientSecret", "marker"), ("proxy", "ftp://marker@h")], "proxy"),
        ("clientCertificate", &[T, C], "certificate"),
        ("clientCertificate", &[T, C, ("certificate", "marker"), ("certificatePath", "/p")], "certificate"),
        ("clientAssertion", &[T, C], "getAssertion"),
        ("oidc", &[T, C], "oidcToken"),
        ("oidc", &[T, C, ("oidcToken", "marker"), ("oidcTokenFilePath", "/p")], "oidcToken"),
        ("oidc", &[T, C, ("oidcRequestUrl", "u")], "oidcRequestToken"),
        ("oidc", &[T, C, ("serviceConnectionId", "x"), ("systemAccessToken", "marker")], "oidcRequestUri"),
        ("workloadIdentity", &[], "tokenFilePath"),
        ("managedIdentity", &[C, ("objectId", "o")], "clientId"),
        ("managedIdentity", &[("clientId", "")], "clientId"),
        ("onBehalfOf", &[T, C, ("clientSecret", "marker")], "userAssertion"),
        ("command", &[], "program"),
        ("environment", &[], "AZURE_TENANT_ID"),
        ("chain", &[], "chain"),
        ("nonsense", &[], "credential"),
    ];
    for (kind, texts, setting) in rows {
        let error = by_hand(&options(kind, texts), &[]).expect_err(kind);
        assert_eq!(error.kind(), ErrorKind::Configuration);
        assert_eq!(error.settings().first().map(String::as_str), Some(*setting), "{kind} {texts:?}: {error}");
        assert!(!format!("{error} {error:?}").contains("marker"), "{error:?}");
    }
}

#[test]
fn a_chain_keeps_what_its_members_miss_in_the_environment() {
    let mut chain = options("chain", &[]);
    chain.chain = vec![options("environment", &[]), options("managedIdentity", &[C])];
    let settings = by_hand(&chain, &[]).unwrap();
    assert_eq!(told(&settings.credential), format!("chain: no clientSecret; managedIdentity client c {IMDS}"));
    chain.chain[1] = options("managedIdentity", &[("clientID", "c")]);
    assert_eq!(by_hand(&chain, &[]).unwrap_err().settings(), ["chain[1].clientID"]);
    chain.chain[1] = options("azureCli", &[("environment", "china")]);
    assert_eq!(by_hand(&chain, &[]).unwrap_err().settings(), ["chain[1].environment"]);
    chain.chain[1] = options("chain", &[]);
    assert_eq!(by_hand(&chain, &[]).unwrap_err().settings(), ["chain[1].credential"]);
}

/// Only what is not configured is passed over: what is configured wrongly would lead to another identity.
#[test]
fn a_chain_is_refused_for_its_members_mistakes() {
    let with = |member: CredentialOptions, variables: Pairs<'_>| {
        let chain = vec![member, options("azureCli", &[])];
        by_hand(&CredentialOptions { chain, ..options("chain", &[]) }, variables)
    };
    let app = ("AZURE_TENANT_ID", "t");
    #[rustfmt::skip]
    let wrong: &[(&str, Pairs<'_>, Pairs<'_>, &str)] = &[
        ("workloadIdentity", &[("tenantId", "a/b")], &[], "chain[0].tenantId"),
        ("workloadIdentity", &[T, ("clientId", "a b"), ("tokenFilePath", "/p")], &[], "chain[0].clientId"),
        ("workloadIdentity", &[C, ("tokenFilePath", "/p")], &[("AZURE_TENANT_ID", "a/b")], "AZURE_TENANT_ID"),
        ("workloadIdentity", &[T, C, ("tokenFilePath", "/p"), ("enableAzureProxy", "true")], &[("AZURE_KUBERNETES_CA_FILE", "/c")], "AZURE_KUBERNETES_TOKEN_PROXY"),
        ("environment", &[T], &[], "chain[0].tenantId"),
        ("environment", &[], &[("AZURE_TENANT_ID", "a/b"), ("AZURE_CLIENT_ID", "c"), ("AZURE_CLIENT_SECRET", "s")], "AZURE_TENANT_ID"),
        ("environment", &[], &[("AZURE_USERNAME", "u")], "AZURE_USERNAME"),
        ("pulumi", &[], &[("ARM_CLIENT_SECRET", "s")], "ARM_TENANT_ID"),
        ("default", &[], &[("AZURE_TOKEN_CREDENTIALS", "")], "AZURE_TOKEN_CREDENTIALS"),
    ];
    for (kind, texts, variables, setting) in wrong {
        let error = with(options(kind, texts), variables).expect_err(kind);
        assert!(error.settings().iter().any(|named| named == setting), "{kind} {texts:?}: {error}");
    }
    let absent: &[(&str, Pairs<'_>, Pairs<'_>, &str)] = &[
        ("workloadIdentity", &[T, C], &[], "workloadIdentity"),
        ("environment", &[], &[app], "clientSecret"),
        ("environment", &[], &[app, ("AZURE_CLIENT_CERTIFICATE_PATH", "/p")], "clientCertificate"),
    ];
    for (kind, texts, variables, source) in absent {
        let told = told(&with(options(kind, texts), variables).unwrap().credential);
        assert_eq!(told, format!("chain: no {source}; azureCli default any "), "{kind} {texts:?}");
    }
}

#[test]
fn options_that_all_credentials_have_are_read() {
    let texts: Pairs<'_> = &[
        ("authorityHost", "https://login.own"),
        ("timeout", "1500"),
        ("proxy", "http://user:pw@proxy:8080"),
        ("metadataHost", "meta.own"),
    ];
    let mut given = options("managedIdentity", texts);
    let list = |values: &[&str]| values.iter().map(|value| Secret::new(*value)).collect();
    given.lists.insert("additionallyAllowedTenants".to_owned(), list(&["a"]));
    given.lists.insert("ca".to_owned(), list(&["PEM"]));
    let settings =
        by_hand(&given, &[("AZURE_ADDITIONALLY_ALLOWED_TENANTS", "b"), ("HTTPS_PROXY", "http://no")]).unwrap();
    assert_eq!(settings.authority.map(|authority| authority.to_string()).as_deref(), Some("https://login.own/"));
    assert_eq!(settings.timeout.map(|timeout| timeout.as_millis()), Some(1500));
    assert_eq!(settings.cloud, CloudChoice::FromMetadata { host: "https://meta.own".to_owned() });
    assert_eq!(settings.additionally_allowed_tenants, ["a", "b"]);
    assert_eq!(settings.network.trust.extra, ["PEM"]);
    let proxies: Vec<_> = settings.network.proxy.distinct().iter().map(|proxy| proxy.address().to_owned()).collect();
    assert_eq!(proxies, ["http://proxy:8080"]);
    let none = by_hand(&options("managedIdentity", &[("proxy", "false")]), &[("HTTPS_PROXY", "http://no")]).unwrap();
    assert!(none.network.proxy.distinct().is_empty());
}

#[test]
fn variables_that_are_declared_indispensable_must_be_set() {
    let mut given = options("default", &[]);
    given.lists.insert("requiredEnvVars".to_owned(), vec![Secret::new("MINE"), Secret::new("OTHER")]);
    let error = by_hand(&given, &[("MINE", "1"), ("OTHER", "")]).unwrap_err();
    assert_eq!(error.settings(), ["OTHER"]);
    assert!(by_hand(&given, &[("MINE", "1"), ("OTHER", "1")]).is_ok());
}

#[test]
fn a_callback_is_its_own_identity() {
    let mut given = options("clientAssertion", &[T, C]);
    given.assertion = Some(AssertionCallback::new(7, || Box::pin(async { Ok(Secret::new("j")) })));
    assert_eq!(told(&by_hand(&given, &[]).unwrap().credential), "clientAssertion c@t callback 7 by getAssertion");
}

/// Source, decision, the settings with who supplied them.
fn considered(inputs: &Inputs<'_>) -> Vec<String> {
    let sources = consider(inputs).into_iter().map(|considered| {
        let settings = considered.settings.iter().map(|seen| format!(" {}:{}", seen.name, seen.supplied_by.as_str()));
        format!("{} {}{}", considered.source.as_str(), considered.decision.as_str(), settings.collect::<String>())
    });
    sources.collect()
}

#[test]
fn what_was_considered_is_told_with_who_supplied_what() {
    let environment = environment(&[("ARM_CLIENT_SECRET", "marker"), ("ARM_CLIENT_ID", "c")]);
    let config = config(ConfigSource::Stack, &[T]);
    let inputs = Inputs { pulumi: Some(&config), ..Inputs::of_environment(&environment) };
    let wanted = [
        "clientCertificate notConfigured azure-native:tenantId:config ARM_CLIENT_ID:environment",
        "clientSecret chosen ARM_CLIENT_SECRET:environment azure-native:tenantId:config ARM_CLIENT_ID:environment",
    ];
    assert_eq!(considered(&inputs), wanted);
    assert_eq!(resolve(&inputs).unwrap().considered, consider(&inputs));
    let incomplete = considered(&Inputs::of_environment(&environment));
    assert_eq!(incomplete[1], "clientSecret incomplete ARM_CLIENT_SECRET:environment ARM_CLIENT_ID:environment");
}

#[test]
fn every_place_of_a_chain_is_considered() {
    let environment = environment(&[("AZURE_CLIENT_ID", "c"), ("AZURE_TOKEN_CREDENTIALS", "prod")]);
    let told = considered(&Inputs::of_environment(&environment));
    let wanted = [
        "clientSecret incomplete AZURE_CLIENT_ID:environment",
        "workloadIdentity incomplete AZURE_CLIENT_ID:environment",
        "managedIdentity chosen AZURE_CLIENT_ID:environment",
    ];
    assert_eq!(told[told.len() - 3..], wanted);
    let by_hand = options("clientSecret", &[T, C]);
    let inputs = Inputs { options: Some(&by_hand), ..Inputs::of_environment(&environment) };
    let [only] = &consider(&inputs)[..] else { panic!("one source") };
    assert_eq!(only.decision, Decision::Incomplete);
    assert!(only.settings.iter().all(|seen| seen.supplied_by == Supplier::Option));
}

#[test]
fn debug_of_settings_shows_no_secret() {
    let secrets = [("clientSecret", "marker"), ("clientCertificatePassword", "marker"), ("oidcToken", "marker")];
    let settings = inside(&[&[T, C][..], &secrets].concat(), &[("HTTPS_PROXY", "http://u:marker@p")]).unwrap();
    assert!(!format!("{settings:?}").contains("marker"));
}
