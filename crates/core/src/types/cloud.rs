use super::{
    safe_display::shown_host,
    suspicion::{suspicion, Suspicion},
    Error, Region, Scopes, TenantId,
};
use std::fmt;
use url::{Position, Url};

/// The path of AD FS, and what stands in the place of a tenant there.
const ADFS: &str = "adfs";

/// The public cloud's hosts, which in a region are all one: the list of msal-node (`KNOWN_PUBLIC_CLOUDS`), which MSAL
/// for Go, Python and .NET have too.
const PUBLIC_HOSTS: [&str; 4] =
    ["login.microsoftonline.com", "login.windows.net", "login.microsoft.com", "sts.windows.net"];
const REGIONAL_PUBLIC_HOST: &str = "login.microsoft.com";

/// The hosts of the clouds for the US government and China, present and past, which keep their names in a region.
/// Source: MSAL's instance discovery metadata.
const SOVEREIGN_HOSTS: [&str; 4] = [
    "login.microsoftonline.us",
    "login.usgovcloudapi.net",
    "login.chinacloudapi.cn",
    "login.partner.microsoftonline.cn",
];

/// Where tokens are issued: `https://login.microsoftonline.com/` in the public cloud, `https://fs.contoso.com/adfs/`
/// for an AD FS.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Authority(Url);

impl fmt::Debug for Authority {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Authority({})", self.host())
    }
}

impl Authority {
    /// Parses an authority host. `https://` is put before a bare host name.
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

    /// Whether it is an AD FS: its path says so, or the word in the place of the tenant.
    pub fn is_adfs(&self, tenant: &TenantId) -> bool {
        self.0.path() != "/" || is_adfs(tenant)
    }

    /// Where tokens of the tenant are asked for.
    ///
    /// # Errors
    /// [`ErrorKind::Configuration`](super::ErrorKind::Configuration) for a tenant of an AD FS, which has none.
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

    /// The token service of a region, where the authority has one: Microsoft's own hosts do. Other hosts and AD FS have
    /// none, and a name must not lead a secret away from them.
    pub fn in_region(&self, region: &Region) -> Option<Self> {
        let host = self.host_in_regions()?;
        Url::parse(&format!("https://{region}.{host}/")).ok().map(Self)
    }

    /// Whether regions have token services of their own.
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

    /// The authority's address, ending in a slash.
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }

    /// The host's name, and its port unless it is 443: for messages.
    pub fn host(&self) -> String {
        shown_host(&self.0)
    }
}

fn is_adfs(tenant: &TenantId) -> bool {
    tenant.as_str().eq_ignore_ascii_case(ADFS)
}

/// An Azure cloud, as far as getting tokens for it goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cloud {
    /// The name by which Azure's tools know it, such as `AzureCloud`.
    pub name: Option<String>,
    /// Where its tokens are issued.
    pub authority: Authority,
    /// Where an application asks for its own, in place of that: the token service of a region.
    pub regional_authority: Option<Box<Authority>>,
    /// The endpoint of its Azure Resource Manager, without a trailing slash.
    pub resource_manager: String,
    /// The endpoint of its Microsoft Graph, to the letter; a custom cloud may have none.
    pub graph: Option<String>,
}

/// A cloud that has a name here. The endpoints are those of azure-sdk-for-go's `cloud` package, which Pulumi's
/// provider uses; Graph keeps or lacks its slash as it does there, because the token's `aud` shows it.
struct NamedCloud {
    /// In lower case, the canonical one first.
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

    /// The cloud with that name, without regard to case and to white space around it.
    pub fn named(name: &str) -> Option<Self> {
        let name = name.trim().to_ascii_lowercase();
        let named = [PUBLIC, US_GOVERNMENT, CHINA].into_iter().find(|cloud| cloud.names.contains(&name.as_str()))?;
        Some(named.known())
    }

    /// The cloud of a host of Microsoft's own, which keeps the authority that it is known by here.
    pub fn of_authority(authority: &Authority) -> Option<Self> {
        let host = authority.host_in_regions()?;
        let named = match host {
            REGIONAL_PUBLIC_HOST => PUBLIC,
            "login.microsoftonline.us" | "login.usgovcloudapi.net" => US_GOVERNMENT,
            _ => CHINA,
        };
        Some(named.known())
    }

    /// Where an application asks for its own tokens (`client_credentials`; no other request is for a region's service).
    pub fn applications_authority(&self) -> &Authority {
        self.regional_authority.as_deref().unwrap_or(&self.authority)
    }

    /// What is asked for where the caller names no endpoint: Azure Resource Manager's *endpoint* with a slash (not
    /// its audience), as Pulumi's provider does.
    pub fn default_endpoint(&self) -> String {
        format!("{}/", self.resource_manager)
    }

    /// The scopes of that endpoint.
    pub fn default_scopes(&self) -> Scopes {
        Scopes::of_endpoint(&self.default_endpoint())
    }

    /// The audience of an assertion for this cloud, where no setting names one.
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
