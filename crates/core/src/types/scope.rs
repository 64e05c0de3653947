use super::Error;

const DEFAULT: &str = "/.default";

/// One or more OAuth scopes for which a token is requested.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Scopes(Vec<String>);

impl Scopes {
    /// Returns the scope of an endpoint as Pulumi's provider makes it: the endpoint and `/.default`, joined without
    /// changing a slash, because the token's `aud` keeps the endpoint's slash.
    ///
    /// An endpoint that already ends in `/.default` is taken for the scope itself (the provider would append it
    /// a second time, which no resource accepts).
    ///
    /// ```
    /// # use azure_client_token_core::Scopes;
    /// let scopes = Scopes::of_endpoint("https://management.azure.com/");
    /// assert_eq!(scopes.as_slice(), ["https://management.azure.com//.default"]);
    /// ```
    pub fn of_endpoint(endpoint: &str) -> Self {
        if endpoint.ends_with(DEFAULT) {
            return Self(vec![endpoint.to_owned()]);
        }
        Self(vec![format!("{endpoint}{DEFAULT}")])
    }

    /// Returns the scope of an endpoint that a caller names.
    ///
    /// # Errors
    /// Those of [`Scopes::parse`].
    pub fn parse_endpoint(endpoint: &str) -> Result<Self, Error> {
        if is_separable(endpoint) {
            return Ok(Self::of_endpoint(endpoint));
        }
        let message =
            "the endpoint must be without white space and control characters, such as https://graph.microsoft.com";
        Err(Error::configuration(message, ["endpoint"]))
    }

    /// Accepts scopes that a caller names.
    ///
    /// # Errors
    /// [`ErrorKind::Configuration`](super::ErrorKind::Configuration) if there is none, or if one is empty or contains
    /// white space: they are sent as one list, separated by spaces.
    pub fn parse(scopes: Vec<String>) -> Result<Self, Error> {
        if !scopes.is_empty() && scopes.iter().all(|scope| is_separable(scope)) {
            return Ok(Self(scopes));
        }
        Err(Error::configuration(
            "scopes must be one or more scopes without white space, such as https://graph.microsoft.com/.default",
            ["scopes"],
        ))
    }

    /// Returns the scopes in their original order.
    pub fn as_slice(&self) -> &[String] {
        &self.0
    }

    /// Returns the resource of a single scope: the scope without one `/.default`. Resources are used by the v1
    /// endpoints, managed identities and the Azure CLI.
    pub fn resource(&self) -> Option<&str> {
        let [scope] = self.0.as_slice() else { return None };
        Some(scope.strip_suffix(DEFAULT).unwrap_or(scope))
    }
}

/// Returns whether the scope can be part of a list that spaces separate; tools get each scope as an argument.
fn is_separable(scope: &str) -> bool {
    !scope.is_empty() && !scope.contains(|character: char| character.is_whitespace() || character.is_control())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Each row: endpoint, scope, resource.
    #[test]
    fn every_endpoint_has_the_scope_and_resource_of_pulumis_provider() {
        let rows = [
            (
                "https://management.azure.com/",
                "https://management.azure.com//.default",
                "https://management.azure.com/",
            ),
            (
                "https://management.usgovcloudapi.net/",
                "https://management.usgovcloudapi.net//.default",
                "https://management.usgovcloudapi.net/",
            ),
            ("https://graph.microsoft.com", "https://graph.microsoft.com/.default", "https://graph.microsoft.com"),
            ("https://graph.microsoft.com/", "https://graph.microsoft.com//.default", "https://graph.microsoft.com/"),
            ("api://0f0f", "api://0f0f/.default", "api://0f0f"),
            ("0f0f", "0f0f/.default", "0f0f"),
            (
                "https://graph.microsoft.com/.default",
                "https://graph.microsoft.com/.default",
                "https://graph.microsoft.com",
            ),
        ];
        for (endpoint, scope, resource) in rows {
            let scopes = Scopes::of_endpoint(endpoint);
            assert_eq!(scopes.as_slice(), [scope]);
            assert_eq!(scopes.resource(), Some(resource));
        }
    }

    #[test]
    fn several_scopes_have_no_single_resource() {
        let scopes = Scopes::parse(vec!["a/.default".into(), "b/.default".into()]).unwrap();
        assert_eq!(scopes.resource(), None);
    }

    #[test]
    fn an_endpoint_is_one_scope() {
        assert_eq!(Scopes::parse_endpoint("api://a").unwrap(), Scopes::of_endpoint("api://a"));
        for bad in ["a\nb", "https://a/.default https://b", " a", "a\u{2028}b", "a\0", "\u{1b}[31m"] {
            assert_eq!(Scopes::parse_endpoint(bad).unwrap_err().settings(), ["endpoint"], "{bad:?}");
        }
    }

    #[test]
    fn scopes_are_separable() {
        for bad in [vec![], vec![String::new()], vec!["a b".into()], vec!["a".into(), "\t".into()], vec!["a\0".into()]]
        {
            assert!(Scopes::parse(bad).is_err());
        }
    }
}
