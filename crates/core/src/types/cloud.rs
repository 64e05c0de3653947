use super::{
    safe_display::shown_host,
    suspicion::{suspicion, Suspicion},
    Error, Region, Scopes, TenantId,
};
use std::fmt;
use url::{Position, Url};

/// The path of AD FS, which replaces a tenant there.
const ADFS: &str = "adfs";

/// The public cloud's hosts, which share one host in a region: the list of msal-node (`KNOWN_PUBLIC_CLOUDS`), which
/// MSAL for Go, Python and .NET have too.
const PUBLIC_HOSTS: [&str; 4] =
    ["login.microsoftonline.com", "login.windows.net", "login.microsoft.com", "sts.windows.net"];
const REGIONAL_PUBLIC_HOST: &str = "login.microsoft.com";

/// The present and former hosts of the clouds for the US government and China, which keep their names in a region.
/// Source: MSAL's instance discovery metadata.
const SOVEREIGN_HOSTS: [&str; 4] = [
    "login.microsoftonline.us",
    "login.usgovcloudapi.net",
    "login.chinacloudapi.cn",
    "login.partner.microsoftonline.cn",
];

/// The service that issues tokens: `https://login.microsoftonline.com/` in the public cloud,
/// `https://fs.contoso.com/adfs/` for an AD FS.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Authority(Url);

impl fmt::Debug for Authority {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Authority({})", self.host())
    }
}

impl Authority {
    /// Parses an authority host. A bare host name gets `https://` before it.
    ///
    /// # Errors
    /// [`ErrorKind::Configuration`](super::ErrorKind::Configuration) for anything but an https address without
    /// credentials, query, fragment or path, unless the path is AD FS's.
    pub fn parse(text: &str, setting: &str) -> Result<Self, Error> {
        let invalid = |what: &str| {
            Error::configuration(
                format!("{setting} {what}: use an https address such as https://login.microsoftonline.com/"),
                [setting],
            )
        };
        if let Some(suspicion) = suspicion(text).filter(|suspicion| *suspicion != Suspicion::User) {
            return Err(invalid(&format!("is not an address ({suspicion})")));
        }
        let address = if text.contains("://") { text.to_owned() } else { format!("https://{text}") };
        let mut url = Url::parse(&address).map_err(|_| invalid("is not an address"))?;
        if url.scheme() != "https" {
            return Err(invalid("must be https, because secrets are sent there"));
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(invalid("must not carry a user name or a password"));
        }
        if url.query().is_some() || url.fragment().is_some() {
            return Err(invalid("must not have a query or a fragment"));
        }
        match url.path().trim_end_matches('/') {
            "" => url.set_path("/"),
            "/adfs" => url.set_path("/adfs/"),
            _ => return Err(invalid("must not have a path (but for /adfs, where it is an AD FS)")),
        }
        Ok(Self(url))
    }

    /// Returns whether it is an AD FS, by its path or by the word in place of the tenant.
    pub fn is_adfs(&self, tenant: &TenantId) -> bool {
        self.0.path() != "/" || is_adfs(tenant)
    }

    /// Returns the token endpoint of the tenant.
    ///
    /// # Errors
    /// [`ErrorKind::Configuration`](super::ErrorKind::Configuration) for a tenant with an AD FS, which has none.
    pub fn token_endpoint(&self, tenant: &TenantId) -> Result<Url, Error> {
        let mut endpoint = self.0.clone();
        if !self.is_adfs(tenant) {
            endpoint.set_path(&format!("/{}/oauth2/v2.0/token", tenant.as_str()));
            return Ok(endpoint);
        }
        if !is_adfs(tenant) {
            let host = self.host();
            let message =
                format!("the authority {host} is an AD FS, which has no tenants: set the tenant id to {ADFS}");
            return Err(Error::configuration(message, ["tenantId"]));
        }
        endpoint.set_path("/adfs/oauth2/token");
        Ok(endpoint)
    }

    /// Returns the token service of a region, if the authority has one, which is true of Microsoft's own hosts. Other
    /// hosts and AD FS have none, and the name of a region must not send a secret elsewhere.
    pub fn in_region(&self, region: &Region) -> Option<Self> {
        let host = self.host_in_regions()?;
        Url::parse(&format!("https://{region}.{host}/")).ok().map(Self)
    }

    /// Returns whether its regions have token services of their own.
    pub fn has_regions(&self) -> bool {
        self.host_in_regions().is_some()
    }

    fn host_in_regions(&self) -> Option<&'static str> {
        let host = self.0[Position::BeforeHost..Position::AfterPort].to_owned();
        if self.0.path() != "/" {
            return None;
        }
        if PUBLIC_HOSTS.contains(&host.as_str()) {
            return Some(REGIONAL_PUBLIC_HOST);
        }
        SOVEREIGN_HOSTS.into_iter().find(|sovereign| *sovereign == host)
    }

    /// Returns the authority's address, with a slash at its end.
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }

    /// Returns the host for messages, with its port unless that is 443.
    pub fn host(&self) -> String {
        shown_host(&self.0)
    }
}

fn is_adfs(tenant: &TenantId) -> bool {
    tenant.as_str().eq_ignore_ascii_case(ADFS)
}

/// An Azure cloud: its endpoints for tokens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cloud {
    /// The name in Azure's tools, such as `AzureCloud`.
    pub name: Option<String>,
    /// The service that issues its tokens.
    pub authority: Authority,
    /// The token service of a region, which replaces the authority for an application's own tokens.
    pub regional_authority: Option<Box<Authority>>,
    /// The endpoint of its Azure Resource Manager, without a trailing slash.
    pub resource_manager: String,
    /// The endpoint of its Microsoft Graph, unchanged; a custom cloud may have none.
    pub graph: Option<String>,
}

/// A built-in cloud. The endpoints are those of azure-sdk-for-go's `cloud` package, which Pulumi's provider uses.
/// Graph's endpoint has a slash at its end only if it has one there, because the token's `aud` shows it.
struct NamedCloud {
    /// The names in lower case, the canonical one first.
    names: &'static [&'static str],
    canonical: &'static str,
    authority: &'static str,
    resource_manager: &'static str,
    graph: &'static str,
}

const PUBLIC: NamedCloud = NamedCloud {
    names: &["public", "azurecloud", "azurepubliccloud"],
    canonical: "AzureCloud",
    authority: "https://login.microsoftonline.com/",
    resource_manager: "https://management.azure.com",
    graph: "https://graph.microsoft.com/",
};

const US_GOVERNMENT: NamedCloud = NamedCloud {
    names: &["usgov", "usgovernment", "azureusgovernment", "azureusgovernmentcloud", "usgovernmentl4"],
    canonical: "AzureUSGovernment",
    authority: "https://login.microsoftonline.us/",
    resource_manager: "https://management.usgovcloudapi.net",
    graph: "https://graph.microsoft.us/",
};

const CHINA: NamedCloud = NamedCloud {
    names: &["china", "azurechinacloud"],
    canonical: "AzureChinaCloud",
    authority: "https://login.chinacloudapi.cn/",
    resource_manager: "https://management.chinacloudapi.cn",
    graph: "https://microsoftgraph.chinacloudapi.cn",
};

impl NamedCloud {
    fn known(&self) -> Cloud {
        Cloud {
            name: Some(self.canonical.to_owned()),
            authority: Authority::parse(self.authority, "").expect("a constant that a test parses"),
            regional_authority: None,
            resource_manager: self.resource_manager.to_owned(),
            graph: Some(self.graph.to_owned()),
        }
    }
}

impl Cloud {
    /// The public cloud.
    pub fn public() -> Self {
        PUBLIC.known()
    }

    /// Returns the cloud with that name. Case and surrounding white space are ignored.
    pub fn named(name: &str) -> Option<Self> {
        let name = name.trim().to_ascii_lowercase();
        let named = [PUBLIC, US_GOVERNMENT, CHINA].into_iter().find(|cloud| cloud.names.contains(&name.as_str()))?;
        Some(named.known())
    }

    /// Returns the cloud of one of Microsoft's own hosts, with its usual authority.
    pub fn of_authority(authority: &Authority) -> Option<Self> {
        let host = authority.host_in_regions()?;
        let named = match host {
            REGIONAL_PUBLIC_HOST => PUBLIC,
            "login.microsoftonline.us" | "login.usgovcloudapi.net" => US_GOVERNMENT,
            _ => CHINA,
        };
        Some(named.known())
    }

    /// Returns the authority for an application's own tokens (`client_credentials`; no other request uses a region's
    /// service).
    pub fn applications_authority(&self) -> &Authority {
        self.regional_authority.as_deref().unwrap_or(&self.authority)
    }

    /// Returns the endpoint for calls that name none: Azure Resource Manager's *endpoint* with a slash (not its
    /// audience), as in Pulumi's provider.
    pub fn default_endpoint(&self) -> String {
        format!("{}/", self.resource_manager)
    }

    /// Returns the scopes of that endpoint.
    pub fn default_scopes(&self) -> Scopes {
        Scopes::of_endpoint(&self.default_endpoint())
    }

    /// Returns the audience of an assertion for this cloud, if no setting names one.
    pub fn token_exchange_audience(&self) -> &'static str {
        match self.name.as_deref() {
            Some("AzureUSGovernment") => "api://AzureADTokenExchangeUSGov",
            Some("AzureChinaCloud") => "api://AzureADTokenExchangeChina",
            _ => "api://AzureADTokenExchange",
        }
    }
}

#[cfg(test)]
mod tests;
