use crate::types::{CredentialKind, Error};

/// The record of how a login was chosen: each source that was considered, each setting that was read, and where its value
/// came from. Invalid settings are recorded as well.
#[derive(Clone, Debug, Default)]
pub struct Considered {
    /// Every source, in the order in which they are looked at.
    pub sources: Vec<ConsideredSource>,
    /// The settings seen that are no single source's: the cloud, tenants, the subscription, the network, the log.
    pub settings: Vec<SeenSetting>,
}

/// A source that was considered for the login context, and the outcome.
#[derive(Clone, Debug)]
pub struct ConsideredSource {
    /// Which one; [`CredentialKind::Chain`]: the default chain as a whole, whose sources come next if it is chosen.
    pub source: CredentialKind,
    /// Its outcome.
    pub decision: Decision,
    /// The settings seen for it.
    pub settings: Vec<SeenSetting>,
    /// Why it is incomplete.
    pub error: Option<Error>,
}

/// The outcome of a source that was considered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    /// It is asked for tokens; in a chain, in its turn.
    Chosen,
    /// It could be asked, if an earlier one were not.
    Overruled,
    /// Nothing asks for it.
    NotConfigured,
    /// Something asks for it, and something is missing.
    Incomplete,
}

/// A setting that was seen: never its value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SeenSetting {
    /// The variable's, the configuration key's or the option's name.
    pub name: String,
    /// Where its value came from.
    pub supplied_by: Supplier,
}

/// Where the value of a setting came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Supplier {
    /// Pulumi's configuration: the stack's, or an explicit provider's.
    Config,
    /// The environment.
    Environment,
    /// An option of the program.
    Option,
}

impl ConsideredSource {
    /// A source that could be built, or could not: then it is incomplete if anything asks for it.
    pub(crate) fn of<T>(source: CredentialKind, built: &Result<T, Error>, settings: Vec<SeenSetting>) -> Self {
        match built {
            Ok(_) => Self::without_error(source, Decision::Chosen, settings),
            Err(_) if settings.is_empty() => Self::without_error(source, Decision::NotConfigured, settings),
            Err(error) => Self::incomplete(source, error.clone(), settings),
        }
    }

    pub(crate) fn without_error(source: CredentialKind, decision: Decision, settings: Vec<SeenSetting>) -> Self {
        Self { source, decision, settings, error: None }
    }

    pub(crate) fn incomplete(source: CredentialKind, error: Error, settings: Vec<SeenSetting>) -> Self {
        Self { source, decision: Decision::Incomplete, settings, error: Some(error) }
    }
}

impl Decision {
    /// The name that JavaScript sees, stable.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Chosen => "chosen",
            Self::Overruled => "overruled",
            Self::NotConfigured => "notConfigured",
            Self::Incomplete => "incomplete",
        }
    }
}

impl Supplier {
    /// The name that JavaScript sees, stable.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Config => "config",
            Self::Environment => "environment",
            Self::Option => "option",
        }
    }
}
