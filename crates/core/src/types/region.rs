use super::Error;
use std::fmt;

/// The longest label of a host name (RFC 1035 section 2.3.4).
const LONGEST_LABEL: usize = 63;

/// An Azure region with a token service of its own, by its short name: `westus2`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Region(String);

impl Region {
    /// Accepts letters, digits and hyphens, as msal-node does: the region becomes one label of the name of a host that
    /// receives secrets, and must not turn it into another host. Case is ignored.
    ///
    /// # Errors
    /// [`ErrorKind::Configuration`](super::ErrorKind::Configuration) for text that is not a label of a host name.
    pub fn parse(text: &str, setting: &str) -> Result<Self, Error> {
        let text = text.trim();
        if is_label(text) {
            return Ok(Self(text.to_ascii_lowercase()));
        }
        let message = format!(
            "{setting} is not a region of Azure: use its short name, such as westus2 (az account list-locations), or \
             AutoDiscoverRegion"
        );
        Err(Error::configuration(message, [setting]))
    }

    /// Returns the region as it is used in a host's name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

fn is_label(text: &str) -> bool {
    let is_allowed = |character: char| character.is_ascii_alphanumeric() || character == '-';
    let begins_well = text.starts_with(|character: char| character.is_ascii_alphabetic());
    begins_well && text.len() <= LONGEST_LABEL && text.chars().all(is_allowed) && !text.ends_with('-')
}

impl fmt::Display for Region {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_region_is_one_label_of_a_host_name() {
        for (good, wanted) in [("westus2", "westus2"), ("WestUS", "westus"), ("eastus2-stage", "eastus2-stage")] {
            assert_eq!(Region::parse(good, "AZURE_REGIONAL_AUTHORITY_NAME").unwrap().as_str(), wanted);
        }
        let long = "a".repeat(64);
        let bad = [
            "",
            "evil.example/",
            "a.b",
            "west us",
            "2west",
            "-west",
            "west-",
            "a/b",
            "a@b",
            "a:1",
            "a#",
            "w\u{e9}st",
            &long,
        ];
        for bad in bad {
            let error = Region::parse(bad, "AZURE_REGIONAL_AUTHORITY_NAME").unwrap_err();
            assert_eq!(error.settings(), ["AZURE_REGIONAL_AUTHORITY_NAME"], "{bad}");
        }
    }
}
