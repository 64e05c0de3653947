use super::lookup::Lookup;
use crate::{
    host::{ArcAgent, Environment},
    types::Error,
};

/// The inputs that every rule for choosing a credential may read.
#[derive(Clone, Copy)]
pub(crate) struct Context<'a> {
    pub(crate) lookup: Lookup<'a>,
    /// Whether the provider's rules hold to the letter; it may have no configuration all the same.
    pub(crate) is_inside_pulumi: bool,
    pub(crate) arc_agent: ArcAgent,
    pub(crate) keeps_on_machine: bool,
    /// The cloud that is configured: az must be set to it.
    pub(crate) cloud_name: Option<&'a str>,
    /// Why the authority in the environment cannot be used.
    pub(crate) authority_mistake: Option<&'a Error>,
}

impl<'a> Context<'a> {
    /// The provider's own view, for who asks for it outside of Pulumi.
    pub(crate) fn of_provider(self) -> Self {
        Self { is_inside_pulumi: true, ..self }
    }

    pub(crate) fn environment(&self) -> &'a Environment {
        self.lookup.environment
    }
}
