//! Which cloud is chosen (parity §2, §5), and which settings of the machine apply to every login.

use super::{config, described, environment, explicit, inside, options, Pairs, C, T};
use crate::{
    config::{ConfigSource, Inputs},
    login::{resolve, CloudChoice, RegionChoice, Settings},
};
use std::path::Path;

/// An explicit provider always has an environment: `public`, unless something else is given (parity §2).
#[test]
fn an_explicit_providers_environment_hides_the_others() {
    let surroundings: Pairs<'_> =
        &[("ARM_ENVIRONMENT", "china"), ("AZURE_ENVIRONMENT", "usgov"), ("AZURE_AUTHORITY_HOST", "https://login.own")];
    #[rustfmt::skip]
    let rows: &[(&str, Pairs<'_>, Pairs<'_>, &str)] = &[
        ("public hides all three", &[("environment", "public")], surroundings, "AzureCloud"),
        ("another one, too", &[("environment", "usgov")], surroundings, "AzureUSGovernment"),
        ("an empty one hides both variables", &[("environment", "")], &surroundings[..2], "az"),
        ("an empty one leaves it to AZURE_AUTHORITY_HOST", &[("environment", ""), ("useMsi", "true")], &surroundings[2..], "AzureCloud at https://login.own/"),
        ("a metadata host of the environment still wins", &[("environment", "public")], &[("ARM_METADATA_HOSTNAME", "h.example")], "https://h.example"),
    ];
    for (case, values, variables, wanted) in rows {
        let (environment, config) = (environment(variables), config(ConfigSource::Provider, values));
        let settings = resolve(&Inputs { pulumi: Some(&config), ..Inputs::of_environment(&environment) });
        assert_eq!(described_cloud(&settings.unwrap()), *wanted, "{case}");
    }
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
        ("an empty environment hides both variables", &[("environment", "")], &[("ARM_ENVIRONMENT", "china"), ("AZURE_ENVIRONMENT", "usgov")], "az"),
        ("the name that go-autorest wants", &[], &[("AZURE_ENVIRONMENT", "AzurePublicCloud")], "AzureCloud"),
        ("an empty environment is none", &[("environment", "")], &[("ARM_ENVIRONMENT", "china")], "az"),
        ("metadata host", &[("metadataHost", "h.example")], &[], "https://h.example"),
        ("metadata host beats environment", &[("environment", "china"), ("metadataHost", "https://h.example/")], &[], "https://h.example"),
        ("metadata host by variable beats environment by config", &[("environment", "china")], &[("ARM_METADATA_HOSTNAME", "h.example")], "https://h.example"),
        ("an empty metadata host hides the variable", &[("environment", "china"), ("metadataHost", "")], &[("ARM_METADATA_HOSTNAME", "h.example")], "AzureChinaCloud"),
        ("metadata host on this machine, by http", &[("metadataHost", "http://localhost:1/")], &[], "http://localhost:1"),
        ("metadata host at a loopback address, by http", &[("metadataHost", "http://127.0.0.1:1")], &[], "http://127.0.0.1:1"),
        ("metadata host at IPv6's loopback address, by http", &[("metadataHost", "http://[::1]:1")], &[], "http://[::1]:1"),
        ("authority host where no cloud is configured", &[("useMsi", "true")], &[authority], "AzureCloud at https://login.own/"),
        ("authority host where one is", &[("environment", "public")], &[authority], "AzureCloud"),
        ("authority host where a host describes one", &[("metadataHost", "h.example")], &[authority], "https://h.example"),
    ];
    for (case, values, variables, wanted) in rows {
        let settings = inside(values, variables).unwrap_or_else(|error| panic!("{case}: {error}"));
        assert_eq!(described_cloud(&settings), *wanted, "{case}");
    }
}

#[test]
fn an_explicit_credential_has_its_cloud_by_an_option() {
    let secret: Pairs<'_> = &[T, C, ("clientSecret", "s")];
    let surroundings = [("ARM_ENVIRONMENT", "china"), ("AZURE_AUTHORITY_HOST", "https://no")];
    #[rustfmt::skip]
    let rows: &[(&str, &str, Pairs<'_>, &str)] = &[
        ("none", "clientSecret", secret, "AzureCloud at https://no/"),
        ("none, where Entra ID is not asked", "azureCli", &[], "AzureCloud"),
        ("environment", "clientSecret", &[secret, &[("environment", "UsGov")]].concat(), "AzureUSGovernment"),
        ("authority host", "clientSecret", &[secret, &[("authorityHost", "login.own")]].concat(), "AzureCloud at https://login.own/"),
        ("authority host in another cloud", "clientSecret", &[secret, &[("environment", "china"), ("authorityHost", "login.own")]].concat(), "AzureChinaCloud at https://login.own/"),
        ("metadata host beats environment", "clientSecret", &[secret, &[("environment", "china"), ("metadataHost", "h.example")]].concat(), "https://h.example"),
        ("none, where the environment is asked for", "pulumi", &[], "AzureChinaCloud"),
        ("environment beats it", "pulumi", &[("environment", "usgov")], "AzureUSGovernment"),
        ("authority host beats it", "default", &[("authorityHost", "login.own")], "AzureChinaCloud at https://login.own/"),
    ];
    for (case, kind, texts, wanted) in rows {
        let settings = explicit(&options(kind, texts), &surroundings).unwrap_or_else(|error| panic!("{case}: {error}"));
        assert_eq!(described_cloud(&settings), *wanted, "{case}");
    }
}

/// A secret in a pod of a sovereign cloud must not go to the public cloud, as in both Azure SDKs.
#[test]
fn an_explicit_application_uses_the_cloud_of_the_environment() {
    let secret: Pairs<'_> = &[T, C, ("clientSecret", "s")];
    let certificate: Pairs<'_> = &[T, C, ("certificatePath", "/c.pem")];
    let oidc: Pairs<'_> = &[T, C, ("oidcToken", "j")];
    let government = "https://login.microsoftonline.us/";
    for (kind, texts) in [("clientSecret", secret), ("clientCertificate", certificate), ("oidc", oidc)] {
        let surroundings = [("AZURE_AUTHORITY_HOST", government), ("AZURE_ENVIRONMENT", "china")];
        let settings = explicit(&options(kind, texts), &surroundings).unwrap();
        assert_eq!(described_cloud(&settings), format!("AzureUSGovernment at {government}"), "{kind}");
        let error = explicit(&options(kind, texts), &[("AZURE_AUTHORITY_HOST", "http://login.own")]).unwrap_err();
        assert_eq!(error.settings(), ["AZURE_AUTHORITY_HOST"], "{kind}");
        let own = [texts, &[("environment", "public")]].concat();
        let settings = explicit(&options(kind, &own), &surroundings).unwrap();
        assert_eq!(described_cloud(&settings), "AzureCloud", "{kind}");
    }
}

/// The variable is neither read nor reported.
#[test]
fn an_explicit_authority_takes_the_place_of_the_variable() {
    let surroundings = environment(&[("AZURE_AUTHORITY_HOST", "http://bad"), ("AZURE_FEDERATED_TOKEN_FILE", "/f")]);
    let workload: Pairs<'_> = &[T, C, ("authorityHost", "login.own")];
    for (kind, texts) in [("workloadIdentity", workload), ("default", &workload[2..]), ("pulumi", &workload[2..])] {
        let own = options(kind, texts);
        let inputs = Inputs { options: Some(&own), ..Inputs::of_environment(&surroundings) };
        let settings = resolve(&inputs).unwrap_or_else(|error| panic!("{kind}: {error}"));
        assert!(described_cloud(&settings).ends_with(" at https://login.own/"), "{kind}");
        let names: Vec<_> = settings.considered.settings.iter().map(|seen| seen.name.as_str()).collect();
        assert_eq!(names, ["authorityHost"], "{kind}");
    }
}

/// Proxies, certificates, the host's managed identity, az's folder, and the tenants and region of the SDKs belong to
/// the machine, not to the login.
#[test]
fn the_machines_settings_are_read_for_every_credential() {
    let surroundings: Pairs<'_> = &[
        ("HTTPS_PROXY", "http://proxy:1"),
        ("NODE_EXTRA_CA_CERTS", "/ca"),
        ("AZURE_ADDITIONALLY_ALLOWED_TENANTS", "a;b"),
        ("AZURE_REGIONAL_AUTHORITY_NAME", "westeurope"),
        ("AZURE_CONFIG_DIR", "/az"),
        ("IDENTITY_ENDPOINT", "http://i"),
        ("IDENTITY_HEADER", "h"),
        ("AZURE_TENANT_ID", "et"),
        ("AZURE_CLIENT_ID", "ec"),
        ("AZURE_FEDERATED_TOKEN_FILE", "/ef"),
        ("AZURE_TOKEN_CREDENTIALS", "ManagedIdentityCredential"),
    ];
    #[rustfmt::skip]
    let rows: &[(&str, Pairs<'_>, &str)] = &[
        ("clientSecret", &[T, C, ("clientSecret", "s")], "clientSecret c@t s by clientSecret"),
        ("managedIdentity", &[], "managedIdentity system app http://i"),
        ("azureCli", &[], "azureCli default any /az"),
        ("workloadIdentity", &[], "workloadIdentity ec@et file /ef by AZURE_FEDERATED_TOKEN_FILE"),
        ("workloadIdentity", &[T], "workloadIdentity ec@t file /ef by AZURE_FEDERATED_TOKEN_FILE"),
        ("pulumi", &[], "azureCli default any /az"),
        ("default", &[], "chain: managedIdentity client ec app http://i"),
    ];
    for (kind, texts, wanted) in rows {
        let settings = explicit(&options(kind, texts), surroundings).unwrap_or_else(|error| panic!("{kind}: {error}"));
        assert_eq!(described(&settings.credential), *wanted, "{kind}");
        let proxies: Vec<_> = settings.network.proxy.distinct().iter().map(|one| one.address().to_owned()).collect();
        assert_eq!(proxies, ["http://proxy:1"], "{kind}");
        assert_eq!(settings.network.trust.extra_file.as_deref(), Some(Path::new("/ca")), "{kind}");
        assert_eq!(settings.additionally_allowed_tenants, ["a", "b"], "{kind}");
        assert!(
            matches!(&settings.region, Some(RegionChoice::Known(region)) if region.as_str() == "westeurope"),
            "{kind}"
        );
    }
}

pub(super) fn described_cloud(settings: &Settings) -> String {
    let cloud = match &settings.cloud {
        CloudChoice::Known(cloud) => cloud.name.clone().unwrap_or_default(),
        CloudChoice::FromMetadata { host } => host.clone(),
        CloudChoice::FromAzureCli => "az".to_owned(),
    };
    let authority =
        settings.authority.as_ref().map(|authority| format!(" at {}", authority.as_str())).unwrap_or_default();
    format!("{cloud}{authority}")
}
