use super::{safe_display::shown, suspicion::suspicion, Error};
use std::fmt;

/// A tenant of Entra ID: its GUID, one of its domain names, or a well-known word such as `organizations`.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct TenantId(String);

impl TenantId {
    /// Accepts letters, digits, `.` and `-`, but no dash at the beginning: the tenant becomes a segment of the token
    /// endpoint's path, and an argument of tools, which would take it for an option.
    ///
    /// `setting`: the name of the user's setting, for the error.
    ///
    /// # Errors
    /// [`ErrorKind::Configuration`](super::ErrorKind::Configuration) for an empty text, or one with any other
    /// character.
    pub fn parse(text: &str, setting: &str) -> Result<Self, Error> {
        if is_path_segment(text) && suspicion(text).is_none() {
            return Ok(Self(text.to_owned()));
        }
        Err(Error::configuration(
            format!(
                "{setting} is not a tenant: use the tenant's GUID (Microsoft Entra admin center, Overview) or one of its domain names"
            ),
            [setting],
        ))
    }

    /// Returns the tenant as it is sent in a request.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

fn is_path_segment(text: &str) -> bool {
    let allowed = |c: char| c.is_ascii_alphanumeric() || c == '.' || c == '-';
    !text.is_empty() && text.chars().all(allowed) && text != "." && text != ".." && !text.starts_with('-')
}

impl fmt::Display for TenantId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&shown("the tenant's id", &self.0))
    }
}

impl fmt::Debug for TenantId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "TenantId({self})")
    }
}

/// An application's client id (also called application id), or the client id of a managed identity.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct ClientId(String);

impl ClientId {
    /// Accepts any printable text. Entra ID checks the rest.
    ///
    /// # Errors
    /// [`ErrorKind::Configuration`](super::ErrorKind::Configuration) for an empty text, or one with white space or a
    /// control character, which indicates a setting that was cut or pasted wrongly.
    pub fn parse(text: &str, setting: &str) -> Result<Self, Error> {
        let printable = |c: char| !c.is_whitespace() && !c.is_control();
        if !text.is_empty() && text.chars().all(printable) {
            return Ok(Self(text.to_owned()));
        }
        Err(Error::configuration(
            format!("{setting} is not a client id: it is empty or contains white space"),
            [setting],
        ))
    }

    /// Returns the client id as it is sent in a request.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ClientId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&shown("the client id", &self.0))
    }
}

impl fmt::Debug for ClientId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "ClientId({self})")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tenant_is_one_path_segment() {
        for good in ["7b795fb9-09d3-42f4-a494-38864f99ba3c", "contoso.onmicrosoft.com", "organizations"] {
            assert_eq!(TenantId::parse(good, "ARM_TENANT_ID").unwrap().as_str(), good);
        }
        for bad in ["", " ", "a/b", "a b", "..", ".", "a?b", "tenänt", "-x", "--debug"] {
            let error = TenantId::parse(bad, "ARM_TENANT_ID").unwrap_err();
            assert!(error.message().contains("ARM_TENANT_ID"), "{error}");
        }
    }

    #[test]
    fn a_client_id_has_no_white_space() {
        assert!(ClientId::parse("0f0f", "ARM_CLIENT_ID").is_ok());
        for bad in ["", "a b", "a\n"] {
            assert_eq!(ClientId::parse(bad, "ARM_CLIENT_ID").unwrap_err().settings(), ["ARM_CLIENT_ID"]);
        }
    }
}
