use super::lookup::Lookup;
use crate::{host::Environment, types::Error};

/// The inputs of every rule that chooses a credential.
#[derive(Clone, Copy)]
pub(crate) struct Context<'a> {
    pub(crate) lookup: Lookup<'a>,
    /// Whether the provider's rules apply exactly. The provider may have no configuration even then.
    pub(crate) is_inside_pulumi: bool,
    pub(crate) keeps_on_machine: bool,
    /// The configured cloud, to which az must be set.
    pub(crate) cloud_name: Option<&'a str>,
    /// Why the authority in the environment cannot be used.
    pub(crate) authority_mistake: Option<&'a Error>,
}

impl<'a> Context<'a> {
    /// The context as the provider would have it, for a program outside Pulumi that asks for the provider's rules.
    pub(crate) fn of_provider(self) -> Self {
        Self { is_inside_pulumi: true, ..self }
    }

    pub(crate) fn environment(&self) -> &'a Environment {
        self.lookup.environment
    }
}
