use super::process_key;
use crate::types::Secret;
use ring::hmac;
use std::{
    collections::HashMap,
    fmt,
    hash::{Hash, Hasher},
    sync::{Arc, OnceLock},
};

/// An immutable snapshot of environment variables, taken by the caller. Clones share it.
///
/// Native code cannot see `process.env` of a Node.js worker, and reading the process's own environment would race with
/// JavaScript that writes it; hence the snapshot. Every value counts as a secret, because some are.
#[derive(Clone, Default)]
pub struct Environment(Arc<Variables>);

#[derive(Default)]
struct Variables {
    values: HashMap<String, Secret>,
    fingerprint: OnceLock<[u8; 32]>,
}

impl Environment {
    /// Returns the variable's value. An empty variable counts as unset, as in Pulumi's provider and in azidentity.
    pub fn var(&self, name: &str) -> Option<&str> {
        self.0.values.get(name).map(Secret::expose).filter(|value| !value.is_empty())
    }

    /// Returns whether the variable exists, even if it is empty: for those that must not be empty.
    pub fn has(&self, name: &str) -> bool {
        self.0.values.contains_key(name)
    }

    /// Returns all variables, for a program that is started with them.
    pub fn variables(&self) -> impl Iterator<Item = (&str, &Secret)> {
        self.0.values.iter().map(|(name, value)| (name.as_str(), value))
    }

    /// Returns all variables, sorted by their names.
    pub(crate) fn sorted(&self) -> Vec<(&str, &Secret)> {
        let mut names: Vec<&str> = self.variables().map(|(name, _)| name).collect();
        names.sort_unstable();
        names.into_iter().filter_map(|name| Some((name, self.0.values.get(name)?))).collect()
    }

    /// Returns the snapshot without these variables. On Windows the case of their names is ignored.
    pub fn without(&self, names: &[&str]) -> Self {
        let is_left_out = |name: &str| names.iter().any(|left_out| is_same_name(name, left_out, cfg!(windows)));
        let kept = self.variables().filter(|(name, _)| !is_left_out(name));
        kept.map(|(name, value)| (name, value.clone())).collect()
    }

    /// Returns the snapshot with this variable.
    pub fn with(&self, name: &str, value: &str) -> Self {
        let others = self.without(&[name]);
        let added = (name, Secret::new(value));
        others.variables().map(|(name, value)| (name, value.clone())).chain([added]).collect()
    }

    /// Returns a keyed hash of all names and values. Equal snapshots have equal hashes.
    pub(crate) fn fingerprint(&self) -> &[u8; 32] {
        self.0.fingerprint.get_or_init(|| {
            let mut hash = hmac::Context::with_key(process_key());
            for part in self.sorted().iter().flat_map(|(name, value)| [*name, value.expose()]) {
                hash.update(&(part.len() as u64).to_le_bytes());
                hash.update(part.as_bytes());
            }
            let mut fingerprint = [0; 32];
            fingerprint.copy_from_slice(hash.sign().as_ref());
            fingerprint
        })
    }
}

fn is_same_name(name: &str, other: &str, is_windows: bool) -> bool {
    name == other || (is_windows && name.eq_ignore_ascii_case(other))
}

impl<N: Into<String>> FromIterator<(N, Secret)> for Environment {
    fn from_iter<I: IntoIterator<Item = (N, Secret)>>(variables: I) -> Self {
        let values = variables.into_iter().map(|(name, value)| (name.into(), value)).collect();
        Self(Arc::new(Variables { values, fingerprint: OnceLock::new() }))
    }
}

impl<N: Into<String>, const LENGTH: usize> From<[(N, &str); LENGTH]> for Environment {
    fn from(variables: [(N, &str); LENGTH]) -> Self {
        variables.into_iter().map(|(name, value)| (name, Secret::new(value))).collect()
    }
}

impl PartialEq for Environment {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0) || self.fingerprint() == other.fingerprint()
    }
}

impl Eq for Environment {}

impl Hash for Environment {
    fn hash<H: Hasher>(&self, hasher: &mut H) {
        self.fingerprint().hash(hasher);
    }
}

impl fmt::Debug for Environment {
    /// Shows names only.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<_> = self.sorted().into_iter().map(|(name, _)| name).collect();
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

    #[test]
    fn a_variable_is_left_out_or_replaced_and_the_others_stay() {
        let environment = Environment::from([("A", "1"), ("B", "2")]);
        assert_eq!(environment.without(&["A", "C"]), Environment::from([("B", "2")]));
        assert_eq!(environment.with("A", "3"), Environment::from([("A", "3"), ("B", "2")]));
        assert!(is_same_name("Path", "PATH", true) && !is_same_name("Path", "PATH", false));
    }

    #[test]
    fn the_fingerprint_distinguishes_names_and_values() {
        let base = Environment::from([("A", "1"), ("B", "2")]);
        assert_eq!(base.fingerprint(), Environment::from([("B", "2"), ("A", "1")]).fingerprint());
        let others = [
            Environment::from([("A", "1")]),
            Environment::from([("A", "1"), ("B", "")]),
            Environment::from([("A", "2"), ("B", "1")]),
            Environment::from([("A1", ""), ("B", "2")]),
        ];
        assert!(others.iter().all(|other| other.fingerprint() != base.fingerprint()));
    }
}
