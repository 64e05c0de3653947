use super::Error;
use std::fmt;
use url::Url;

/// Where tokens are issued: `https://login.microsoftonline.com/` in the public cloud.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Authority(Url);

impl Authority {
    /// Parses an authority host. `https://` is put before a bare host name.
    ///
    /// # Errors
    /// [`ErrorKind::Configuration`](super::ErrorKind::Configuration) for anything but an https address without
    /// credentials, query, fragment or path.
    pub fn parse(text: &str, setting: &str) -> Result<Self, Error> {
        let complaint = |what: &str| {
            Error::configuration(
                format!("{setting} {what}: use an https address such as https://login.microsoftonline.com/"),
                [setting],
            )
        };
        let address = if text.contains("://") { text.to_owned() } else { format!("https://{text}") };
        let url = Url::parse(&address).map_err(|_| complaint("is not an address"))?;
        if url.scheme() != "https" {
            return Err(complaint("must be https, because secrets are sent there"));
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(complaint("must not carry a user name or a password"));
        }
        if url.query().is_some() || url.fragment().is_some() {
            return Err(complaint("must not have a query or a fragment"));
        }
        if url.path() != "/" {
            return Err(complaint("must not have a path"));
        }
        Ok(Self(url))
    }

    /// The authority's address, ending in a slash.
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }

    /// The host's name, and its port unless it is 443: for messages.
    pub fn host(&self) -> String {
        let name = self.0.host_str().unwrap_or_default();
        self.0.port().map_or_else(|| name.to_owned(), |port| format!("{name}:{port}"))
    }
}

impl fmt::Display for Authority {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

/// An Azure cloud, as far as getting tokens for it goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cloud {
    /// Where its tokens are issued.
    pub authority: Authority,
    /// The endpoint of its Azure Resource Manager, without a trailing slash.
    pub resource_manager: String,
}

impl Cloud {
    /// The public cloud.
    ///
    /// # Panics
    /// Never: its authority is a constant that a test parses.
    pub fn public() -> Self {
        Self {
            authority: Authority::parse("https://login.microsoftonline.com/", "").expect("a constant"),
            resource_manager: "https://management.azure.com".to_owned(),
        }
    }

    /// What is asked for where the caller names no endpoint: Azure Resource Manager's *endpoint* with a slash (not
    /// its audience), as Pulumi's provider does.
    pub fn default_endpoint(&self) -> String {
        format!("{}/", self.resource_manager)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_public_cloud_is_the_default_and_its_endpoint_ends_in_a_slash() {
        let cloud = Cloud::public();
        assert_eq!(cloud.authority.as_str(), "https://login.microsoftonline.com/");
        assert_eq!(cloud.default_endpoint(), "https://management.azure.com/");
    }

    #[test]
    fn an_authority_is_an_https_host() {
        let parse = |text| Authority::parse(text, "AZURE_AUTHORITY_HOST");
        assert_eq!(parse("login.microsoftonline.us").unwrap().as_str(), "https://login.microsoftonline.us/");
        assert_eq!(parse("https://localhost:8443").unwrap().host(), "localhost:8443");
        for bad in [
            "http://localhost/",
            "https://user:pw@host/",
            "https://host/adfs",
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
}
