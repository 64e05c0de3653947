//! Every row of the provider's rules (parity §2, §3, §4, §5, §7) as a named case; a new case is one line.

use super::{resolve, CloudChoice, Settings};
use crate::{
    config::{CacheOption, ConfigSource, CredentialOptions, Inputs, PulumiConfig},
    credentials::{
        AssertionSpec, CertificateOrigin, CredentialSpec, ManagedIdentityHost, ManagedIdentityId, ManagedIdentitySpec,
    },
    host::{AssertionCallback, Environment},
    types::{Error, ErrorKind, Secret, TokenIdentity},
};
use std::path::Path;

mod cloud_choice;
mod considered_sources;
mod default_chain;
mod help;
mod parity;
mod provider;

const GUID: &str = "7b795fb9-09d3-42f4-a494-38864f99ba3c";

type Pairs<'a> = &'a [(&'a str, &'a str)];
/// Explicit credentials: their kinds and options.
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

fn explicit(options: &CredentialOptions, variables: Pairs<'_>) -> Result<Settings, Error> {
    resolve(&Inputs { options: Some(options), ..Inputs::of_environment(&environment(variables)) })
}

/// On Windows an absolute path begins with the drive of the test's working folder.
fn without_drive(path: &Path) -> String {
    let shown = path.display().to_string();
    shown.split_once(':').map_or(shown.clone(), |(_, path)| path.replace('\\', "/"))
}

/// Describes a credential in a few words.
fn described(spec: &CredentialSpec) -> String {
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
        CredentialSpec::ClientAssertion(spec) | CredentialSpec::Oidc(spec) | CredentialSpec::WorkloadIdentity(spec) => {
            format!(" {} by {}", described_assertion(&spec.assertion), spec.setting)
        }
        CredentialSpec::ManagedIdentity(spec) => described_identity(spec),
        CredentialSpec::AzureCli(spec) => format!(
            " {} {} {}",
            spec.subscription.as_deref().unwrap_or("default"),
            spec.cloud_name.as_deref().unwrap_or("any"),
            spec.folder.as_deref().map(without_drive).unwrap_or_default()
        ),
        CredentialSpec::Chain(spec) => {
            let members = spec.members.iter().map(|member| match &member.credential {
                Ok(spec) => described(spec),
                Err(_) => format!("no {}", member.kind.as_str()),
            });
            format!(": {}", members.collect::<Vec<_>>().join("; "))
        }
        _ => String::new(),
    };
    format!("{}{principal}{more}", spec.kind().as_str())
}

fn described_assertion(spec: &AssertionSpec) -> String {
    match spec {
        AssertionSpec::Constant(text) => format!("constant {}", text.expose()),
        AssertionSpec::File(path) => format!("file {}", path.display()),
        AssertionSpec::Request { url, token, audience } => format!("request {url} {} {audience}", token.expose()),
        AssertionSpec::AzurePipelines { url, access_token, service_connection } => {
            format!("pipelines {url} {} {service_connection}", access_token.expose())
        }
        AssertionSpec::Callback(callback) => format!("callback {}", callback.id()),
        AssertionSpec::ManagedIdentity { identity, audience } => {
            format!("identity{} {audience}", described_identity(identity))
        }
    }
}

fn described_identity(spec: &ManagedIdentitySpec) -> String {
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
fn explicit_credentials_are_made_of_their_options_alone() {
    let surroundings: Pairs<'_> = &[
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
            explicit(&options(kind, texts), surroundings).unwrap_or_else(|error| panic!("{kind} {texts:?}: {error}"));
        assert_eq!(described(&settings.credential), *wanted, "{kind} {texts:?}");
        let asks_entra_id = matches!(*kind, "clientSecret" | "clientCertificate" | "onBehalfOf");
        if asks_entra_id {
            let authority = settings.authority.as_ref().map(crate::types::Authority::host);
            assert_eq!(authority.as_deref(), Some("no"), "{kind}");
        }
        if !asks_entra_id && !matches!(*kind, "pulumi" | "default" | "oidc" | "azureCli" | "workloadIdentity") {
            assert_eq!(settings.cloud, CloudChoice::default(), "{kind}: the cloud is the options' affair");
            assert_eq!(settings.authority, None, "{kind}");
        }
    }
}

/// The webhook of workload identity sets `AZURE_AUTHORITY_HOST`, and kinds with the settings of the environment read
/// all settings of the cloud there. A chain has one cloud for all its members.
#[test]
fn some_explicit_kinds_read_their_cloud_in_the_environment() {
    let authority = ("AZURE_AUTHORITY_HOST", "https://login.own");
    let cloud = ("ARM_ENVIRONMENT", "china");
    let app: Pairs<'_> = &[T, C, ("clientSecret", "s")];
    let workload: Pairs<'_> = &[T, C, ("tokenFilePath", "/p")];
    #[rustfmt::skip]
    let rows: &[(&str, Members<'_>, Pairs<'_>, &str)] = &[
        ("an application", &[("clientSecret", app)], &[authority], "AzureCloud login.own"),
        ("options alone", &[("managedIdentity", &[])], &[authority], "AzureCloud login.microsoftonline.com"),
        ("a workload identity", &[("workloadIdentity", workload)], &[authority], "AzureCloud login.own"),
        ("its cloud is not the provider's", &[("workloadIdentity", workload)], &[cloud, authority], "AzureCloud login.own"),
        ("the environment", &[("environment", &[])], &[authority], "AzureCloud login.own"),
        ("the environment's cloud", &[("environment", &[])], &[cloud, authority], "AzureChinaCloud login.chinacloudapi.cn"),
        ("a chain of options", &[("managedIdentity", &[]), ("azureCli", &[])], &[cloud, authority], "AzureCloud login.microsoftonline.com"),
        ("a chain with an application", &[("clientSecret", app), ("azureCli", &[])], &[cloud, authority], "AzureCloud login.own"),
        ("a chain with a workload identity", &[("clientSecret", app), ("workloadIdentity", workload)], &[cloud, authority], "AzureCloud login.own"),
        ("a chain with the environment", &[("workloadIdentity", workload), ("environment", &[])], &[cloud, authority], "AzureChinaCloud login.chinacloudapi.cn"),
    ];
    let resolved = |members: Members<'_>, own: Pairs<'_>, surroundings: Pairs<'_>| {
        let group = [("AZURE_TENANT_ID", "t"), ("AZURE_CLIENT_ID", "c"), ("AZURE_CLIENT_SECRET", "s")];
        let given = match members {
            [(kind, texts)] => options(kind, &[*texts, own].concat()),
            several => {
                let members = several.iter().map(|(kind, texts)| options(kind, texts)).collect();
                CredentialOptions { chain: members, ..options("chain", own) }
            }
        };
        let settings = explicit(&given, &[&group[..], surroundings].concat()).unwrap();
        let cloud = settings.cloud.known().unwrap().clone();
        format!("{} {}", cloud.name.unwrap(), settings.authority.unwrap_or(cloud.authority).host())
    };
    for (case, members, surroundings, wanted) in rows {
        assert_eq!(resolved(members, &[], surroundings), *wanted, "{case}");
        let named = resolved(members, &[("environment", "usgov")], surroundings);
        assert_eq!(named, "AzureUSGovernment login.microsoftonline.us", "{case}, but named by an option");
        assert!(
            resolved(members, &[("authorityHost", "https://login.mine")], surroundings).ends_with("login.mine"),
            "{case}"
        );
    }
}

#[test]
fn the_error_names_invalid_options() {
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
        ("command", &[("program", "p"), ("tenantId", "a/b")], "tenantId"),
        ("environment", &[], "AZURE_TENANT_ID"),
        ("azureCli", &[("expect", "true")], "expect"),
        ("azureCli", &[("expect", "true"), ("expect.tenantId", "contoso.com")], "expect.tenantId"),
        ("azureCli", &[("expect", "true"), ("expect.clientId", "0-0-0-0-0")], "expect.clientId"),
        ("azureCli", &[("expect", "true"), ("expect.tenant", GUID)], "expect.tenant"),
        ("chain", &[], "chain"),
        ("nonsense", &[], "credential"),
    ];
    for (kind, texts, setting) in rows {
        let error = explicit(&options(kind, texts), &[]).expect_err(kind);
        assert_eq!(error.kind(), ErrorKind::Configuration);
        assert_eq!(error.settings().first().map(String::as_str), Some(*setting), "{kind} {texts:?}: {error}");
        assert!(!format!("{error} {error:?}").contains("marker"), "{error:?}");
    }
}

#[test]
fn a_chain_remembers_which_variables_its_members_lack() {
    let mut chain = options("chain", &[]);
    chain.chain = vec![options("environment", &[]), options("managedIdentity", &[C])];
    let settings = explicit(&chain, &[]).unwrap();
    assert_eq!(described(&settings.credential), format!("chain: no clientSecret; managedIdentity client c {IMDS}"));
    chain.chain[1] = options("managedIdentity", &[("clientID", "c")]);
    assert_eq!(explicit(&chain, &[]).unwrap_err().settings(), ["chain[1].clientID"]);
    chain.chain[1] = options("azureCli", &[("environment", "china")]);
    assert_eq!(explicit(&chain, &[]).unwrap_err().settings(), ["chain[1].environment"]);
    chain.chain[1] = options("azureCli", &[("expect", "true"), ("expect.tenantId", GUID)]);
    assert_eq!(explicit(&chain, &[]).unwrap_err().settings(), ["chain[1].expect"]);
    chain.chain[1] = options("chain", &[]);
    assert_eq!(explicit(&chain, &[]).unwrap_err().settings(), ["chain[1].credential"]);
}

/// Only a member that is not configured is skipped. One that is configured wrongly would lead to another identity.
#[test]
fn a_chain_is_refused_if_a_members_options_are_wrong() {
    let with = |member: CredentialOptions, variables: Pairs<'_>| {
        let chain = vec![member, options("azureCli", &[])];
        explicit(&CredentialOptions { chain, ..options("chain", &[]) }, variables)
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
        let described = described(&with(options(kind, texts), variables).unwrap().credential);
        assert_eq!(described, format!("chain: no {source}; azureCli default any "), "{kind} {texts:?}");
    }
}

#[test]
fn options_that_all_credentials_have_are_read() {
    let texts: Pairs<'_> = &[
        ("authorityHost", "https://login.own"),
        ("timeout", "1500"),
        ("proxy", "http://user:pw@proxy:8080"),
        ("metadataHost", "meta.own"),
        ("expect", "true"),
        ("expect.objectId", GUID),
    ];
    let mut given = options("managedIdentity", texts);
    let list = |values: &[&str]| values.iter().map(|value| Secret::new(*value)).collect();
    given.lists.insert("additionallyAllowedTenants".to_owned(), list(&["a"]));
    given.lists.insert("ca".to_owned(), list(&["PEM"]));
    let settings =
        explicit(&given, &[("AZURE_ADDITIONALLY_ALLOWED_TENANTS", "b"), ("HTTPS_PROXY", "http://no")]).unwrap();
    assert_eq!(
        settings.authority.map(|authority| authority.as_str().to_owned()).as_deref(),
        Some("https://login.own/")
    );
    assert_eq!(settings.expected, TokenIdentity { object_id: Some(GUID.to_owned()), ..TokenIdentity::default() });
    assert_eq!(settings.timeout.map(|timeout| timeout.as_millis()), Some(1500));
    assert_eq!(settings.cloud, CloudChoice::FromMetadata { host: "https://meta.own".to_owned() });
    assert_eq!(settings.additionally_allowed_tenants, ["a", "b"]);
    assert_eq!(settings.network.trust.extra, ["PEM"]);
    let proxies: Vec<_> = settings.network.proxy.distinct().iter().map(|proxy| proxy.address().to_owned()).collect();
    assert_eq!(proxies, ["http://proxy:8080"]);
    let none = explicit(&options("managedIdentity", &[("proxy", "false")]), &[("HTTPS_PROXY", "http://no")]).unwrap();
    assert!(none.network.proxy.distinct().is_empty());
}

#[test]
fn required_variables_must_be_set() {
    let mut given = options("default", &[]);
    given.lists.insert("requiredEnvVars".to_owned(), vec![Secret::new("MINE"), Secret::new("OTHER")]);
    let error = explicit(&given, &[("MINE", "1"), ("OTHER", "")]).unwrap_err();
    assert_eq!(error.settings(), ["OTHER"]);
    assert!(explicit(&given, &[("MINE", "1"), ("OTHER", "1")]).is_ok());
}

#[test]
fn a_callback_is_its_own_identity() {
    let mut given = options("clientAssertion", &[T, C]);
    given.assertion = Some(AssertionCallback::new(7, || Box::pin(async { Ok(Secret::new("j")) })));
    assert_eq!(described(&explicit(&given, &[]).unwrap().credential), "clientAssertion c@t callback 7 by getAssertion");
}

#[test]
fn debug_of_settings_shows_no_secret() {
    let secrets = [("clientSecret", "marker"), ("clientCertificatePassword", "marker"), ("oidcToken", "marker")];
    let settings = inside(&[&[T, C][..], &secrets].concat(), &[("HTTPS_PROXY", "http://u:marker@p")]).unwrap();
    assert!(!format!("{settings:?}").contains("marker"));
}

#[test]
fn the_option_cache_decides_over_the_environment() {
    let variables = [("AZURE_CLIENT_TOKEN_CACHE", "machine"), ("AZURE_CLIENT_TOKEN_CACHE_DIR", "/a")];
    let texts = [("tenantId", "t"), ("clientId", "c"), ("clientSecret", "s")];
    let kept = |cache| {
        let options = CredentialOptions { cache, ..options("clientSecret", &texts) };
        let settings = explicit(&options, &variables).unwrap();
        settings.store.is_some() || !settings.warnings.is_empty()
    };
    assert!(kept(None));
    assert!(!kept(Some(CacheOption::Nowhere)));
}
