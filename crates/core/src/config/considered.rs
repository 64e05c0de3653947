use crate::types::CredentialKind;

/// A source that was considered for the login context, and what became of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConsideredSource {
    /// Which one.
    pub source: CredentialKind,
    /// What became of it.
    pub decision: Decision,
    /// The settings seen for it.
    pub settings: Vec<SeenSetting>,
}

/// What became of a source that was considered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    /// It is asked for tokens; in a chain, in its turn.
    Chosen,
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
    /// Who supplied it.
    pub supplied_by: Supplier,
}

/// Who supplied a setting.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Supplier {
    /// Pulumi's configuration: the stack's, or an explicit provider's.
    Config,
    /// The environment.
    Environment,
    /// The program, by hand.
    Option,
}

impl ConsideredSource {
    /// A source that could be built, or could not: then it is incomplete if anything asks for it.
    pub(super) fn of<T, E>(source: CredentialKind, built: &Result<T, E>, settings: Vec<SeenSetting>) -> Self {
        let decision = match built {
            Ok(_) => Decision::Chosen,
            Err(_) if settings.is_empty() => Decision::NotConfigured,
            Err(_) => Decision::Incomplete,
        };
        Self { source, decision, settings }
    }
}

impl Decision {
    /// The name that JavaScript sees, stable.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Chosen => "chosen",
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
