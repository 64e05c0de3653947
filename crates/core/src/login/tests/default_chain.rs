//! The default chain of Azure's SDKs and the hosts of managed identities (parity §4).

use super::{described, inside, outside, Pairs, IMDS};
use crate::credentials::CredentialSpec;

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
        assert_eq!(described(&settings.credential), wanted, "{case}");
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
fn unknown_or_empty_names_in_token_credentials_are_refused() {
    for value in ["", " ", "VisualStudioCredential", "development", "none"] {
        let error = outside(&[("AZURE_TOKEN_CREDENTIALS", value)]).unwrap_err();
        assert_eq!(error.settings(), ["AZURE_TOKEN_CREDENTIALS"], "{value:?}");
    }
    assert!(inside(&[], &[("AZURE_TOKEN_CREDENTIALS", "")]).is_ok(), "it is read for the default chain alone");
}

/// As `@azure/identity` and azidentity read it.
#[test]
fn the_words_of_variables_are_read_without_case_and_white_space() {
    let members = |value| match outside(&[("AZURE_TOKEN_CREDENTIALS", value)]).unwrap().credential {
        CredentialSpec::Chain(chain) => chain.members.len(),
        other => panic!("{other:?}"),
    };
    for value in ["prod", "PROD", " Prod\n", "\tprod "] {
        assert_eq!(members(value), 3, "{value:?}");
    }
    assert_eq!(members("EnvironmentCredential "), 1);
    let level = outside(&[("AZURE_CLIENT_TOKEN_LOG", " Debug ")]).unwrap().log_level;
    assert_eq!(level, Some(crate::host::LogLevel::Debug));
    for value in [" autodiscoverregion ", " WestUS2\n"] {
        assert!(outside(&[("AZURE_REGIONAL_AUTHORITY_NAME", value)]).unwrap().region.is_some(), "{value:?}");
    }
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
        assert_eq!(described(&settings.credential), format!("managedIdentity system {wanted}"), "{case}");
    }
}
