use super::{
    azure_cli::AzureCliSpec, azure_developer_cli, azure_powershell, client_assertion::ClientAssertionSpec,
    client_certificate::ClientCertificateSpec, client_secret::ClientSecretSpec, command::CommandSpec,
    managed_identity::ManagedIdentitySpec, on_behalf_of::OnBehalfOfSpec, principal::ServicePrincipal,
    tool::DeveloperToolSpec,
};
use crate::{
    key::{KeyBuilder, KeyPart, NamePart, Reach},
    types::{CredentialKind, Error, TenantId},
};
use std::path::PathBuf;

/// Which credential was asked for, complete and checked; each kind's file knows how it gets its token.
#[derive(Clone, Debug)]
pub enum CredentialSpec {
    /// A service principal with a client secret.
    ClientSecret(ClientSecretSpec),
    /// A service principal with a certificate.
    ClientCertificate(ClientCertificateSpec),
    /// A service principal with an assertion: OIDC, workload identity, a callback.
    ClientAssertion(ClientAssertionSpec),
    /// A service principal acting for a user.
    OnBehalfOf(OnBehalfOfSpec),
    /// The host's managed identity.
    ManagedIdentity(ManagedIdentitySpec),
    /// The Azure CLI's account.
    AzureCli(AzureCliSpec),
    /// The Azure Developer CLI's account.
    AzureDeveloperCli(DeveloperToolSpec),
    /// Azure PowerShell's account.
    AzurePowerShell(DeveloperToolSpec),
    /// A program of the user's own.
    Command(CommandSpec),
    /// Several, in order.
    Chain(ChainSpec),
}

impl CredentialSpec {
    /// Its kind.
    pub fn kind(&self) -> CredentialKind {
        match self {
            Self::ClientSecret(_) => CredentialKind::ClientSecret,
            Self::ClientCertificate(_) => CredentialKind::ClientCertificate,
            Self::ClientAssertion(spec) => spec.kind,
            Self::OnBehalfOf(_) => CredentialKind::OnBehalfOf,
            Self::ManagedIdentity(_) => CredentialKind::ManagedIdentity,
            Self::AzureCli(_) => CredentialKind::AzureCli,
            Self::AzureDeveloperCli(_) => CredentialKind::AzureDeveloperCli,
            Self::AzurePowerShell(_) => CredentialKind::AzurePowerShell,
            Self::Command(_) => CredentialKind::Command,
            Self::Chain(_) => CredentialKind::Chain,
        }
    }

    /// The same, with the name of the cloud that az must be set to.
    pub fn with_cloud_name(self, name: Option<&str>) -> Self {
        let named = |member: ChainMember| ChainMember {
            credential: member.credential.map(|spec| Box::new(spec.with_cloud_name(name))),
            ..member
        };
        match self {
            Self::AzureCli(spec) => Self::AzureCli(AzureCliSpec { cloud_name: name.map(str::to_owned), ..spec }),
            Self::Chain(spec) => {
                Self::Chain(ChainSpec { members: spec.members.into_iter().map(named).collect(), ..spec })
            }
            other => other,
        }
    }

    /// The same, its managed identity looked for first, or not; of a chain that others follow, its last member's.
    pub fn with_probe(self, probe: bool) -> Self {
        match self {
            Self::ManagedIdentity(spec) => Self::ManagedIdentity(ManagedIdentitySpec { probe, ..spec }),
            Self::ClientAssertion(spec) => {
                Self::ClientAssertion(ClientAssertionSpec { assertion: spec.assertion.with_probe(probe), ..spec })
            }
            Self::Chain(mut chain) if probe => {
                let last = chain.members.iter_mut().rev().find_map(|member| member.credential.as_mut().ok());
                if let Some(last) = last {
                    **last = last.as_ref().clone().with_probe(true);
                }
                Self::Chain(chain)
            }
            other => other,
        }
    }

    /// The files in which programs of the machine keep who is logged in: its tokens are dropped once one has changed.
    pub(crate) fn login_files(&self) -> Vec<PathBuf> {
        match self {
            Self::AzureCli(spec) => spec.login_file().into_iter().collect(),
            Self::AzureDeveloperCli(spec) => azure_developer_cli::login_file(spec).into_iter().collect(),
            Self::AzurePowerShell(spec) => azure_powershell::login_file(spec).into_iter().collect(),
            Self::Chain(chain) => {
                let members = chain.members.iter().filter_map(|member| member.credential.as_ref().ok());
                members.flat_map(|member| member.login_files()).collect()
            }
            Self::ClientSecret(_)
            | Self::ClientCertificate(_)
            | Self::ClientAssertion(_)
            | Self::OnBehalfOf(_)
            | Self::ManagedIdentity(_)
            | Self::Command(_) => Vec::new(),
        }
    }

    /// The application that it is for, where it is for one.
    pub fn principal(&self) -> Option<&ServicePrincipal> {
        match self {
            Self::ClientSecret(spec) => Some(&spec.principal),
            Self::ClientCertificate(spec) => Some(&spec.principal),
            Self::ClientAssertion(spec) => Some(&spec.principal),
            Self::OnBehalfOf(spec) => Some(&spec.principal),
            _ => None,
        }
    }

    /// Whether it asks Entra ID in an application's own name (`client_credentials`), or any member of it does.
    pub fn is_of_application(&self) -> bool {
        match self {
            Self::ClientSecret(_) | Self::ClientCertificate(_) | Self::ClientAssertion(_) => true,
            Self::Chain(chain) => {
                let mut members = chain.members.iter().filter_map(|member| member.credential.as_ref().ok());
                members.any(|member| member.is_of_application())
            }
            _ => false,
        }
    }

    /// Whether its own settings leave that tenant open, or name it: of a chain, those of every member, since any of
    /// them may be the one that sends its secret there.
    pub fn admits(&self, tenant: &TenantId) -> bool {
        match self {
            Self::Chain(chain) => {
                let mut members = chain.members.iter().filter_map(|member| member.credential.as_ref().ok());
                members.all(|member| member.admits(tenant))
            }
            single => single.tenant().is_none_or(|own| own.as_str().eq_ignore_ascii_case(tenant.as_str())),
        }
    }

    /// The tenant that it belongs to, where its settings say so.
    pub fn tenant(&self) -> Option<&TenantId> {
        match self {
            Self::AzureCli(spec) => spec.tenant.as_ref(),
            Self::AzureDeveloperCli(spec) | Self::AzurePowerShell(spec) => spec.tenant.as_ref(),
            Self::Command(spec) => spec.tenant.as_ref(),
            single => single.principal().map(|principal| &principal.tenant),
        }
    }
}

/// Several credentials, in order.
#[derive(Clone, Debug)]
pub struct ChainSpec {
    /// They are asked in this order.
    pub members: Vec<ChainMember>,
    /// The default chain: there every failure of az, azd and PowerShell counts as unavailable.
    pub is_default: bool,
}

/// One place in a chain.
#[derive(Clone, Debug)]
pub struct ChainMember {
    /// What stands in it.
    pub kind: CredentialKind,
    /// Its specification, or why it has none: an incomplete configuration is reported as unavailable.
    pub credential: Result<Box<CredentialSpec>, Error>,
}

impl KeyPart for CredentialSpec {
    fn add_to(&self, key: KeyBuilder) -> KeyBuilder {
        let key = key.part(self.kind().as_str());
        match self {
            Self::ClientSecret(spec) => key.with(spec),
            Self::ClientCertificate(spec) => key.with(spec),
            Self::ClientAssertion(spec) => key.with(spec),
            Self::OnBehalfOf(spec) => key.with(spec),
            Self::ManagedIdentity(spec) => key.with(spec),
            Self::AzureCli(spec) => key.with(spec),
            Self::AzureDeveloperCli(spec) | Self::AzurePowerShell(spec) => key.with(spec),
            Self::Command(spec) => key.with(spec),
            Self::Chain(spec) => key.with(spec),
        }
    }
}

impl KeyPart for ChainSpec {
    fn add_to(&self, key: KeyBuilder) -> KeyBuilder {
        let Self { members, is_default } = self;
        let key = key.part([u8::from(*is_default)]).part((members.len() as u64).to_le_bytes());
        members.iter().fold(key, KeyBuilder::with)
    }
}

impl KeyPart for ChainMember {
    fn add_to(&self, key: KeyBuilder) -> KeyBuilder {
        let Self { kind, credential } = self;
        match credential {
            Ok(credential) => key.with(credential.as_ref()),
            // Why it has none is told of the failure, which is kept for a moment.
            Err(error) => key.part(kind.as_str()).part(error.kind().code()).part(error.message()),
        }
    }
}

impl NamePart for CredentialSpec {
    /// No store keeps tokens on behalf of users, or tokens that a program printed: their owner is not known.
    fn add_to_name(&self, reach: Reach, name: KeyBuilder) -> Option<KeyBuilder> {
        let name = name.part(self.kind().as_str());
        match self {
            Self::ClientSecret(spec) => spec.add_to_name(reach, name),
            Self::ClientCertificate(spec) => spec.add_to_name(reach, name),
            Self::ClientAssertion(spec) => spec.add_to_name(reach, name),
            Self::ManagedIdentity(spec) => spec.add_to_name(reach, name),
            Self::AzureCli(spec) => spec.add_to_name(reach, name),
            Self::AzureDeveloperCli(spec) | Self::AzurePowerShell(spec) => spec.add_to_name(reach, name),
            Self::Chain(spec) => spec.add_to_name(reach, name),
            Self::OnBehalfOf(_) | Self::Command(_) => None,
        }
    }
}

impl NamePart for ChainSpec {
    /// Which member gives a token may differ between the machines of a fleet: there each member's is kept by itself.
    fn add_to_name(&self, reach: Reach, name: KeyBuilder) -> Option<KeyBuilder> {
        let Self { members, is_default } = self;
        let name = name.part([u8::from(*is_default)]).part((members.len() as u64).to_le_bytes());
        let mut members = members.iter().filter(|_| reach == Reach::Machine).peekable();
        members.peek()?;
        members.try_fold(name, |name, member| member.add_to_name(reach, name))
    }
}

impl NamePart for ChainMember {
    fn add_to_name(&self, reach: Reach, name: KeyBuilder) -> Option<KeyBuilder> {
        let Self { kind, credential } = self;
        match credential {
            Ok(credential) => credential.add_to_name(reach, name),
            Err(error) => Some(name.part(kind.as_str()).part(error.kind().code())),
        }
    }
}

/// Whether tokens of that kind depend on [`CredentialSpec::login_files`].
pub(crate) fn has_login_files(kind: CredentialKind) -> bool {
    matches!(kind, CredentialKind::AzureCli | CredentialKind::AzureDeveloperCli | CredentialKind::AzurePowerShell)
}

#[cfg(test)]
mod tests;
