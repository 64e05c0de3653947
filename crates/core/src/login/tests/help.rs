//! The section of TROUBLESHOOTING.md that an error about the settings names.

use super::*;
use crate::types::{CredentialKind, HelpAnchor};

const OF_CODE: HelpAnchor = HelpAnchor::Code(ErrorKind::Configuration);

fn help(options: &CredentialOptions, variables: Pairs<'_>) -> HelpAnchor {
    let error = explicit(options, variables).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Configuration);
    error.help()
}

#[test]
fn a_setting_that_all_credentials_share_is_explained_with_the_code() {
    let of_kinds = [
        options("clientSecret", &[T, C, ("clientSecret", "s")]),
        options("managedIdentity", &[]),
        options("azureCli", &[]),
        options("default", &[]),
        options("pulumi", &[]),
    ];
    let variables = [
        ("HTTPS_PROXY", "ftp://h"),
        ("https_proxy", "http://h/path"),
        ("ALL_PROXY", "ftp://h"),
        ("AZURE_REGIONAL_AUTHORITY_NAME", "no region"),
        ("AZURE_CLIENT_TOKEN_LOG", "loud"),
        ("AZURE_CLIENT_TOKEN_CACHE", "disk"),
    ];
    for given in &of_kinds {
        for variable in variables {
            assert_eq!(help(given, &[variable]), OF_CODE, "{} {variable:?}", given.credential);
        }
    }
}

#[test]
fn an_option_that_all_credentials_share_is_explained_with_the_code() {
    for shared in [("proxy", "ftp://h"), ("timeout", "soon"), ("environment", "germany"), ("metadataHost", "ftp://h")] {
        let given = options("clientSecret", &[T, C, ("clientSecret", "s"), shared]);
        assert_eq!(help(&given, &[]), OF_CODE, "{shared:?}");
    }
}

#[test]
fn a_setting_of_the_credential_is_explained_in_its_section() {
    let of_secret = HelpAnchor::Credential(CredentialKind::ClientSecret);
    assert_eq!(help(&options("clientSecret", &[T, C]), &[("HTTPS_PROXY", "ftp://h")]), of_secret);
    let misspelt = options("clientSecret", &[T, C, ("clientSecret", "s"), ("clientSecrets", "s")]);
    assert_eq!(help(&misspelt, &[]), of_secret);
    let auxiliary = [("ARM_USE_CLI", "true"), ("ARM_AUXILIARY_TENANT_IDS", "no JSON")];
    assert_eq!(help(&options("pulumi", &[]), &auxiliary), HelpAnchor::Pulumi);
}
