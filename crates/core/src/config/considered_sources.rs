use crate::types::{CredentialKind, Error};

/// The record of how a login was chosen: each source that was considered, each setting that was read, and the origin of
/// each value. Invalid settings are recorded as well.
#[derive(Clone, Debug, Default)]
pub struct Considered {
    /// Every source, in the order in which they are considered.
    pub sources: Vec<ConsideredSource>,
    /// The settings found that belong to no single source: cloud, tenants, subscription, network, log.
    pub settings: Vec<SeenSetting>,
}

/// A source that was considered for the login context, and the outcome.
#[derive(Clone, Debug)]
pub struct ConsideredSource {
    /// The source. [`CredentialKind::Chain`] is the default chain as a whole; if it is chosen, its members follow.
    pub source: CredentialKind,
    /// Its outcome.
    pub decision: Decision,
    /// The settings found for it.
    pub settings: Vec<SeenSetting>,
    /// Why it is incomplete.
    pub error: Option<Error>,
}

/// The outcome of a source that was considered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    /// The source is asked for tokens; in a chain, in its turn.
    Chosen,
    /// The source could be asked if an earlier one were not chosen.
    Overruled,
    /// No setting selects the source.
    NotConfigured,
    /// A setting selects the source, and another one that it needs is missing.
    Incomplete,
}

/// A setting that was found, without its value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SeenSetting {
    /// The name of the variable, configuration key or option.
    pub name: String,
    /// The origin of its value.
    pub supplied_by: Supplier,
}

/// The origin of a setting's value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Supplier {
    /// The configuration of Pulumi: the stack's, or an explicit provider's.
    Config,
    /// The environment.
    Environment,
    /// An option that the program gave.
    Option,
}

impl ConsideredSource {
    /// A source whose credential could be built, or could not. In the second case it is incomplete if a setting selects
    /// it.
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
    /// The name in JavaScript, which does not change.
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
    /// The name in JavaScript, which does not change.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Config => "config",
            Self::Environment => "environment",
            Self::Option => "option",
        }
    }
}
