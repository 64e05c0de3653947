use super::*;

#[test]
fn the_public_cloud_is_the_default_and_its_endpoint_ends_in_a_slash() {
    let cloud = Cloud::public();
    assert_eq!(cloud.authority.as_str(), "https://login.microsoftonline.com/");
    assert_eq!(cloud.default_endpoint(), "https://management.azure.com/");
}

/// Each row: the names, the cloud's own name, authority, default endpoint and Graph.
#[test]
fn every_name_has_its_cloud() {
    let public =
        ("AzureCloud", "login.microsoftonline.com", "https://management.azure.com/", "https://graph.microsoft.com/");
    let government = (
        "AzureUSGovernment",
        "login.microsoftonline.us",
        "https://management.usgovcloudapi.net/",
        "https://graph.microsoft.us/",
    );
    let china = (
        "AzureChinaCloud",
        "login.chinacloudapi.cn",
        "https://management.chinacloudapi.cn/",
        "https://microsoftgraph.chinacloudapi.cn",
    );
    let rows = [
        (
            public,
            vec!["public", "azurecloud", "PUBLIC", "AzureCloud", "AzurePublicCloud", "AZUREPUBLICCLOUD", " public\n"],
        ),
        (government, vec!["usgov", "usgovernment", "azureusgovernment", "azureusgovernmentcloud", "usgovernmentl4"]),
        (government, vec!["UsGov", "AzureUSGovernment"]),
        (china, vec!["china", "azurechinacloud", "AzureChinaCloud"]),
    ];
    for ((name, authority, endpoint, graph), names) in rows {
        for alias in names {
            let cloud = Cloud::named(alias).unwrap_or_else(|| panic!("no cloud is named {alias}"));
            assert_eq!(cloud.name.as_deref(), Some(name), "{alias}");
            assert_eq!(cloud.authority.host(), authority, "{alias}");
            assert_eq!(cloud.default_endpoint(), endpoint, "{alias}");
            assert_eq!(cloud.graph.as_deref(), Some(graph), "{alias}");
        }
    }
    for unknown in ["", "german", "azuregermancloud", "pub lic"] {
        assert_eq!(Cloud::named(unknown), None, "{unknown:?}");
    }
}

#[test]
fn an_authority_is_an_https_host() {
    let parse = |text| Authority::parse(text, "AZURE_AUTHORITY_HOST");
    assert_eq!(parse("login.microsoftonline.us").unwrap().as_str(), "https://login.microsoftonline.us/");
    assert_eq!(parse("https://localhost:8443").unwrap().host(), "localhost:8443");
    for bad in [
        "http://localhost/",
        "https://user:pw@host/",
        "https://host/adfs/more",
        "https://host/tenant",
        "https://host/?a",
        "https://",
        "https://host/#a",
        "https://a b/",
    ] {
        let error = parse(bad).unwrap_err();
        assert_eq!(error.settings(), ["AZURE_AUTHORITY_HOST"]);
        assert!(!error.message().contains("pw"), "{error}");
    }
}

#[test]
fn microsofts_hosts_have_regions_and_no_others() {
    let region = Region::parse("westus2", "").unwrap();
    let regional = |host: &str| Authority::parse(host, "").unwrap().in_region(&region).map(|found| found.0.to_string());
    for host in PUBLIC_HOSTS {
        assert_eq!(regional(host).as_deref(), Some("https://westus2.login.microsoft.com/"), "{host}");
    }
    for host in SOVEREIGN_HOSTS {
        assert_eq!(regional(host), Some(format!("https://westus2.{host}/")));
    }
    for host in
        ["login.own.example", "localhost:8443", "login.microsoftonline.com:8443", "login.microsoftonline.com/adfs"]
    {
        assert_eq!(regional(host), None, "{host}");
    }
    let public = Cloud::public();
    assert_eq!(public.applications_authority(), &public.authority);
}

#[test]
fn microsofts_hosts_have_their_cloud_and_no_others() {
    let cloud = |host: &str| Cloud::of_authority(&Authority::parse(host, "").unwrap()).and_then(|cloud| cloud.name);
    for host in PUBLIC_HOSTS {
        assert_eq!(cloud(host).as_deref(), Some("AzureCloud"), "{host}");
    }
    for host in SOVEREIGN_HOSTS {
        let name = if host.rsplit('.').next() == Some("cn") { "AzureChinaCloud" } else { "AzureUSGovernment" };
        assert_eq!(cloud(host).as_deref(), Some(name), "{host}");
    }
    for host in ["login.own.example", "login.microsoftonline.us:8443", "login.microsoftonline.com/adfs"] {
        assert_eq!(cloud(host), None, "{host}");
    }
}

#[test]
fn tokens_are_asked_for_where_entra_id_or_an_adfs_gives_them() {
    let tenant = |text| TenantId::parse(text, "ARM_TENANT_ID").unwrap();
    let endpoint = |authority, of| Authority::parse(authority, "").unwrap().token_endpoint(&tenant(of));
    let rows = [
        ("https://login.example", "contoso.com", "https://login.example/contoso.com/oauth2/v2.0/token"),
        ("https://fs.example:444/adfs", "adfs", "https://fs.example:444/adfs/oauth2/token"),
        ("https://fs.example/adfs/", "ADFS", "https://fs.example/adfs/oauth2/token"),
        ("https://fs.example", "adfs", "https://fs.example/adfs/oauth2/token"),
    ];
    for (authority, of, expected) in rows {
        assert_eq!(endpoint(authority, of).unwrap().as_str(), expected);
    }
    let error = endpoint("https://fs.example/adfs", "contoso.com").unwrap_err();
    assert_eq!(error.settings(), ["tenantId"]);
}
