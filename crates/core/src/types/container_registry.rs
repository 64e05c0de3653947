use super::{Cloud, Error};
use std::fmt;

/// The longest name of a registry, or of a region in a host's name.
const LONGEST_LABEL: usize = 63;

/// The host of an Azure container registry: `name.azurecr.io`, or `name.westeurope.geo.azurecr.io` for a replica.
/// Tokens of Entra ID are sent there, so other hosts are refused. Source:
/// <https://learn.microsoft.com/azure/container-registry/container-registry-geo-replication>.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Registry(String);

impl Registry {
    /// Accepts the host of a registry of this cloud. Case is ignored.
    ///
    /// # Errors
    /// [`ErrorKind::Configuration`](super::ErrorKind::Configuration) for any other host.
    pub fn parse(text: &str, cloud: &Cloud) -> Result<Self, Error> {
        let host = text.to_ascii_lowercase();
        if ending(cloud).and_then(|ending| host.strip_suffix(ending)).is_some_and(is_name) {
            return Ok(Self(host));
        }
        let message = "the host is not a container registry in the login's cloud: a token is sent only to \
                       NAME.azurecr.io (.us and .cn in the clouds of the US government and China). Use its login server";
        Err(Error::configuration(message, ["registry"]))
    }

    /// Returns the host.
    pub fn host(&self) -> &str {
        &self.0
    }
}

/// Returns the end of the hosts of the cloud's registries.
fn ending(cloud: &Cloud) -> Option<&'static str> {
    match cloud.name.as_deref()? {
        "AzureCloud" => Some(".azurecr.io"),
        "AzureUSGovernment" => Some(".azurecr.us"),
        "AzureChinaCloud" => Some(".azurecr.cn"),
        _ => None,
    }
}

/// Returns whether it is one label, or that of a replica with its region and `geo`.
fn is_name(name: &str) -> bool {
    match name.strip_suffix(".geo").and_then(|replica| replica.split_once('.')) {
        Some((name, region)) => is_label(name) && is_label(region) && !region.contains('-'),
        None => is_label(name),
    }
}

fn is_label(text: &str) -> bool {
    let is_allowed = |character: char| character.is_ascii_alphanumeric() || character == '-';
    let is_short = !text.is_empty() && text.len() <= LONGEST_LABEL;
    is_short && text.chars().all(is_allowed) && !text.starts_with('-') && !text.ends_with('-')
}

impl fmt::Display for Registry {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_registry_is_one_of_azures_in_the_cloud_of_the_login() {
        let public = Cloud::public();
        for good in ["x.azurecr.io", "My-Registry.azurecr.io", "x-hash1.azurecr.io", "x.westeurope.geo.azurecr.io"] {
            assert_eq!(Registry::parse(good, &public).unwrap().host(), good.to_lowercase());
        }
        assert!(Registry::parse("x.azurecr.us", &Cloud::named("usgovernment").unwrap()).is_ok());
        assert!(Registry::parse("x.azurecr.cn", &Cloud::named("china").unwrap()).is_ok());
        let own = Cloud { name: Some("OwnCloud".to_owned()), ..Cloud::public() };
        assert!(Registry::parse("x.azurecr.io", &own).is_err(), "what a metadata host says of itself");
    }

    #[test]
    fn every_other_host_is_refused_and_not_repeated() {
        let bad = [
            "",
            ".azurecr.io",
            "azurecr.io",
            "x.azurecr.io.",
            "x.azurecr.io.evil.example",
            "xazurecr.io",
            "x.azurecr.io:443",
            "u@x.azurecr.io",
            "https://x.azurecr.io",
            "x.azurecr.io/path",
            "a.b.azurecr.io",
            "-x.azurecr.io",
            "x-.azurecr.io",
            "a.b.c.geo.azurecr.io",
            ".west.geo.azurecr.io",
            "x.geo.azurecr.io",
            "x_y.azurecr.io",
            "ü.azurecr.io",
            "x.azurecr.us",
            "index.docker.io",
        ];
        for text in bad {
            let error = Registry::parse(text, &Cloud::public()).expect_err(text);
            assert_eq!(error.settings(), ["registry"]);
            assert!(!error.message().contains("evil") && !error.message().contains("u@"), "{text}");
        }
        let long = format!("{}.azurecr.io", "a".repeat(64));
        assert!(Registry::parse(&long, &Cloud::public()).is_err());
    }
}
