use super::keys::PACKAGE;
use crate::{
    host::{AssertionCallback, Environment, TokenStoreHandle},
    types::{Error, HelpAnchor, RetryChoice, Secret},
};
use std::{
    collections::{BTreeMap, HashMap},
    time::Duration,
};

/// The inputs from which [`resolve`](crate::resolve) makes the settings.
#[derive(Clone, Copy, Debug)]
pub struct Inputs<'a> {
    /// The snapshot of the environment variables named in [`ALL`](super::keys::ALL).
    pub environment: &'a Environment,
    /// The provider's configuration: the program runs inside Pulumi. Absent: `PULUMI_CONFIG` decides.
    pub pulumi: Option<&'a PulumiConfig>,
    /// The options of an explicit credential, in place of the current login context.
    pub options: Option<&'a CredentialOptions>,
    /// Whether tokens are kept on the machine if neither the option `cache` nor the environment decides it.
    pub keeps_on_machine: bool,
}

impl<'a> Inputs<'a> {
    /// The current login context, as the environment describes it.
    pub fn of_environment(environment: &'a Environment) -> Self {
        Self { environment, pulumi: None, options: None, keeps_on_machine: false }
    }
}

/// The configuration of Pulumi's Azure Native provider: the keys that are present, without `azure-native:`. Every value
/// counts as a secret, because some are.
#[derive(Clone, Debug)]
pub struct PulumiConfig {
    values: HashMap<String, Secret>,
    source: ConfigSource,
}

/// The origin of the configuration. Slightly different rules apply to an explicit provider's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ConfigSource {
    /// The stack's, for the default provider.
    Stack,
    /// The inputs of an explicit provider.
    Provider,
}

/// The secret inputs, which count as unset if an explicit provider has them empty.
const UNSET_WHEN_EMPTY: [&str; 3] = ["clientId", "clientSecret", "clientCertificatePassword"];

impl PulumiConfig {
    /// The keys that are present, without `azure-native:`.
    pub fn new(source: ConfigSource, values: impl IntoIterator<Item = (String, Secret)>) -> Self {
        let counts = |name: &String, value: &Secret| {
            source == ConfigSource::Stack || !value.is_empty() || !UNSET_WHEN_EMPTY.contains(&name.as_str())
        };
        Self { values: values.into_iter().filter(|(name, value)| counts(name, value)).collect(), source }
    }

    /// Reads `PULUMI_CONFIG`: a JSON object of all packages' configuration.
    ///
    /// # Errors
    /// [`ErrorKind::Configuration`](crate::ErrorKind::Configuration) if the text is not such an object. The message
    /// shows nothing of the text, which contains a stack's secrets.
    pub fn parse(text: &str) -> Result<Self, Error> {
        let malformed = |_| {
            let message =
                "PULUMI_CONFIG is not a JSON object with a string for each key, as Pulumi sets it for a program";
            Error::configuration(message, ["PULUMI_CONFIG"]).with_help(HelpAnchor::Pulumi)
        };
        let all: HashMap<String, Secret> = serde_json::from_str::<HashMap<String, String>>(text)
            .map_err(malformed)
            .map(|all| all.into_iter().map(|(key, value)| (key, Secret::new(value))).collect())?;
        let own = all.into_iter().filter_map(|(key, value)| Some((own_key(&key)?.to_owned(), value)));
        Ok(Self::new(ConfigSource::Stack, own))
    }

    /// Returns the value of a key that is present, even if it is empty.
    pub fn get(&self, key: &str) -> Option<&str> {
        self.values.get(key).map(Secret::expose)
    }

    /// Returns the origin of the configuration.
    pub fn source(&self) -> ConfigSource {
        self.source
    }
}

/// Returns `key` of `azure-native:key`, which Pulumi also writes as `azure-native:config:key`.
fn own_key(key: &str) -> Option<&str> {
    let key = key.strip_prefix(PACKAGE)?.strip_prefix(':')?;
    Some(key.strip_prefix("config:").unwrap_or(key))
}

/// The options of one credential as the program wrote them. Their types are checked, their meaning is not.
#[derive(Clone, Debug, Default)]
pub struct CredentialOptions {
    /// The kind of credential.
    pub credential: String,
    /// The options that are texts. Numbers and booleans are written as text; a member of an object has the object's
    /// name and a dot before its own.
    pub texts: BTreeMap<String, Secret>,
    /// The options that are lists.
    pub lists: BTreeMap<String, Vec<Secret>>,
    /// The option `getAssertion`.
    pub assertion: Option<AssertionCallback>,
    /// The option `cache`.
    pub cache: Option<CacheOption>,
    /// The option `retryOptions` of `azure-client-token/identity`, which is ignored for the members of a chain.
    pub retry: RetryChoice,
    /// The members of a chain.
    pub chain: Vec<CredentialOptions>,
}

/// Where tokens are kept outside the memory of this process.
#[derive(Clone, Debug)]
pub enum CacheOption {
    /// Nowhere.
    Nowhere,
    /// In files that the processes of this user share.
    Machine(MachineStoreOptions),
    /// In a store that processes of several machines share.
    Shared(SharedStoreOption),
}

/// How to open the store that the processes of one user on one machine share.
#[derive(Clone, Debug, Default)]
pub struct MachineStoreOptions {
    /// The folder in place of the user's cache folder; absent: `AZURE_CLIENT_TOKEN_CACHE_DIR`.
    pub directory: Option<String>,
    /// The name of the part of the store; absent: the unnamed part.
    pub name: Option<String>,
    /// Where the encryption keys are kept.
    pub protection: Protection,
}

/// Where the encryption keys of a machine's store are kept.
#[derive(Clone, Debug, Default)]
pub enum Protection {
    /// The system's key store; without one, no token is kept.
    #[default]
    Required,
    /// A file of this user, beside the tokens.
    File,
    /// The program gives ids and keys, each key of 32 bytes in base64. The first one encrypts, all of them decrypt.
    Given(Vec<(String, Secret)>),
}

/// A store that processes of several machines share, and its options.
#[derive(Clone, Debug)]
pub struct SharedStoreOption {
    /// The store itself.
    pub store: TokenStoreHandle,
    /// Ids and keys, each key of 32 bytes in base64. The first one encrypts, all of them decrypt.
    pub keys: Vec<(String, Secret)>,
    /// The prefix of all names in the store; absent: `act`.
    pub prefix: Option<String>,
    /// The time limit of one command to the store; absent: 500 ms.
    pub patience: Option<Duration>,
    /// How long other processes wait for one that asks for a token; absent: 10 s.
    pub lease: Option<Duration>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pulumi_config_is_read_for_this_package_only() {
        let text =
            r#"{"azure-native:clientId":"a","azure-native:config:tenantId":"b","azure:clientSecret":"c","x":"d"}"#;
        let config = PulumiConfig::parse(text).unwrap();
        assert_eq!(config.get("clientId"), Some("a"));
        assert_eq!(config.get("tenantId"), Some("b"));
        assert_eq!(config.get("clientSecret"), None);
    }

    #[test]
    fn the_error_for_a_malformed_pulumi_config_shows_no_value() {
        for text in ["marker", "[\"marker\"]", r#"{"azure-native:clientSecret": {"marker": 1}}"#, "{\"marker"] {
            let error = PulumiConfig::parse(text).unwrap_err();
            assert_eq!(error.settings(), ["PULUMI_CONFIG"]);
            assert!(!format!("{error} {error:?}").contains("marker"), "{error:?}");
        }
    }

    #[test]
    fn an_empty_secret_of_an_explicit_provider_counts_as_unset() {
        let empty = || ["clientId", "tenantId"].map(|key| (key.to_owned(), Secret::new("")));
        assert_eq!(PulumiConfig::new(ConfigSource::Provider, empty()).get("clientId"), None);
        assert_eq!(PulumiConfig::new(ConfigSource::Provider, empty()).get("tenantId"), Some(""));
        assert_eq!(PulumiConfig::new(ConfigSource::Stack, empty()).get("clientId"), Some(""));
    }

    #[test]
    fn debug_shows_no_value() {
        let config = PulumiConfig::parse(r#"{"azure-native:clientSecret":"marker"}"#).unwrap();
        assert!(!format!("{config:?}").contains("marker"));
    }
}
