mod chain;

pub use chain::{ChainMember, ChainSpec};

use super::{Acquisition, Credential, Descriptor, Kind, LoginFiles, ServicePrincipal};
use crate::{
    key::{KeyBuilder, KeyPart, NamePart, Reach},
    types::{credential_kinds, AccessToken, CredentialKind, Error, HelpAnchor, TenantId},
};

macro_rules! declare_specifications {
    ($($(#[doc = $doc:literal])+ $kind:ident: $name:literal, $words:literal, $anchor:literal, $module:ident, $spec:ident;)+) => {
        /// The credential that was asked for, complete and checked. The file of each kind says how it gets its token.
        #[derive(Clone, Debug)]
        pub enum CredentialSpec {
            $($(#[doc = $doc])+ $kind(super::$spec),)+
            /// Several credentials, in order.
            Chain(ChainSpec),
        }

        impl CredentialSpec {
            /// Returns its kind.
            pub fn kind(&self) -> CredentialKind {
                match self {
                    $(Self::$kind(_) => CredentialKind::$kind,)+
                    Self::Chain(_) => CredentialKind::Chain,
                }
            }

            fn credential(&self) -> &dyn Credential {
                match self {
                    $(Self::$kind(spec) => spec,)+
                    Self::Chain(spec) => spec,
                }
            }

            fn credential_mut(&mut self) -> &mut dyn Credential {
                match self {
                    $(Self::$kind(spec) => spec,)+
                    Self::Chain(spec) => spec,
                }
            }
        }

        /// All kinds, in the order of the table.
        pub(crate) const KINDS: &[Kind<CredentialSpec>] = &[$(Kind {
            name: $name,
            help: HelpAnchor::Credential(CredentialKind::$kind),
            leads_to: |_| CredentialKind::$kind,
            descriptor: Descriptor {
                options: super::$module::DESCRIPTOR.options,
                build: |context, options| {
                    (super::$module::DESCRIPTOR.build)(context, options).map(CredentialSpec::$kind)
                },
                absence: super::$module::DESCRIPTOR.absence,
                cloud: super::$module::DESCRIPTOR.cloud,
                place: super::$module::DESCRIPTOR.place,
                in_place: |context, is_followed| {
                    (super::$module::DESCRIPTOR.in_place)(context, is_followed).map(CredentialSpec::$kind)
                },
                is_developers_tool: super::$module::DESCRIPTOR.is_developers_tool,
            },
        },)+];
    };
}

credential_kinds!(declare_specifications);

impl CredentialSpec {
    /// Returns the credential with the name of the cloud to which az must be set.
    pub fn with_cloud_name(mut self, name: Option<&str>) -> Self {
        self.credential_mut().set_cloud_name(name);
        self
    }

    /// Returns the credential with its managed identity probed first, or not. In a chain that others follow this
    /// applies to its last member.
    pub fn with_probe(mut self, probe: bool) -> Self {
        self.credential_mut().set_probe(probe);
        self
    }

    /// Asks for a token once, without a cache. A chain asks one member after the other.
    pub(crate) async fn token(&self, acquisition: &Acquisition) -> Result<AccessToken, Error> {
        self.credential().token(self.kind(), acquisition).await
    }

    /// Runs before the default chain asks this credential. If it fails, the chain tries the next one.
    pub(crate) async fn prepare(&self, acquisition: &Acquisition) -> Result<(), Error> {
        self.credential().prepare(acquisition).await
    }

    /// Adds to a token's name in a fleet's store what must be read first, if it can be read.
    pub(crate) async fn add_what_is_read(&self, name: KeyBuilder, acquisition: &Acquisition) -> Option<KeyBuilder> {
        self.credential().add_what_is_read(name, acquisition).await
    }

    /// Returns the files that decide who is logged in to a program of the machine.
    pub(crate) fn login_files(&self) -> LoginFiles {
        self.credential().login_files()
    }

    /// Returns this credential, or the single credentials of a chain, in order.
    pub(crate) fn singles(&self) -> Vec<&Self> {
        match self {
            Self::Chain(chain) => chain.complete().flat_map(Self::singles).collect(),
            single => vec![single],
        }
    }

    /// Returns the application, if the credential belongs to one.
    pub fn principal(&self) -> Option<&ServicePrincipal> {
        self.credential().principal()
    }

    /// Returns whether it, or any member of it, asks Entra ID in an application's own name (`client_credentials`).
    pub fn is_of_application(&self) -> bool {
        self.credential().is_of_application()
    }

    /// Returns whether the settings name this tenant or none. In a chain this must hold for every member, because any
    /// of them may send its secret there.
    pub fn admits(&self, tenant: &TenantId) -> bool {
        self.credential().admits(tenant)
    }

    /// Returns the tenant, if the settings name one.
    pub fn tenant(&self) -> Option<&TenantId> {
        self.credential().tenant()
    }
}

impl KeyPart for CredentialSpec {
    fn add_to(&self, key: KeyBuilder) -> KeyBuilder {
        key.part(self.kind().as_str()).with(self.credential())
    }
}

impl NamePart for CredentialSpec {
    fn add_to_name(&self, reach: Reach, name: KeyBuilder) -> Option<KeyBuilder> {
        self.credential().add_to_name(reach, name.part(self.kind().as_str()))
    }
}

/// Returns whether the kind is the account of a developer's tool.
pub(crate) fn is_developers_tool(kind: CredentialKind) -> bool {
    KINDS.iter().any(|row| row.name == kind.as_str() && row.descriptor.is_developers_tool)
}

#[cfg(test)]
mod tests;
