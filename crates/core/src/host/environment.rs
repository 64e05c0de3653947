use crate::types::Secret;
use std::{collections::HashMap, fmt};

/// An immutable snapshot of environment variables, taken by the caller.
///
/// A snapshot, because native code cannot see `process.env` of a Node.js worker, and reading the process's own
/// environment races with whoever writes it. Every value counts as a secret: some are.
#[derive(Clone, Default)]
pub struct Environment(HashMap<String, Secret>);

impl Environment {
    /// The variable's value; a variable set to the empty text counts as unset (as in Pulumi's provider and in azidentity).
    pub fn var(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(Secret::expose).filter(|value| !value.is_empty())
    }

    /// Whether the variable is there at all, be it empty: for the few where that is a mistake.
    pub fn has(&self, name: &str) -> bool {
        self.0.contains_key(name)
    }
}

impl<N: Into<String>> FromIterator<(N, Secret)> for Environment {
    fn from_iter<I: IntoIterator<Item = (N, Secret)>>(variables: I) -> Self {
        Self(variables.into_iter().map(|(name, value)| (name.into(), value)).collect())
    }
}

impl<N: Into<String>, const LENGTH: usize> From<[(N, &str); LENGTH]> for Environment {
    fn from(variables: [(N, &str); LENGTH]) -> Self {
        variables.into_iter().map(|(name, value)| (name, Secret::new(value))).collect()
    }
}

impl fmt::Debug for Environment {
    /// Names only.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut names: Vec<_> = self.0.keys().collect();
        names.sort_unstable();
        formatter.debug_tuple("Environment").field(&names).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn empty_counts_as_unset() {
        let environment = Environment::from([("SET", "value"), ("EMPTY", "")]);
        assert_eq!(environment.var("SET"), Some("value"));
        assert_eq!(environment.var("EMPTY"), None);
        assert_eq!(environment.var("ABSENT"), None);
        assert!(environment.has("EMPTY") && !environment.has("ABSENT"));
    }

    #[test]
    fn debug_shows_names_only() {
        let environment = Environment::from([("B", "marker-secret"), ("A", "x")]);
        assert_eq!(format!("{environment:?}"), r#"Environment(["A", "B"])"#);
    }
}
