use super::CredentialSpec;
use crate::{
    credentials::{Acquisition, Credential},
    key::{KeyBuilder, KeyPart, NamePart, Reach},
    types::{AccessToken, CredentialKind, Error, ErrorKind, TenantId},
};
use async_trait::async_trait;
use std::path::PathBuf;

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

impl ChainSpec {
    pub(super) fn complete(&self) -> impl Iterator<Item = &CredentialSpec> {
        self.members.iter().filter_map(|member| member.credential.as_deref().ok())
    }

    fn complete_mut(&mut self) -> impl DoubleEndedIterator<Item = &mut CredentialSpec> {
        self.members.iter_mut().filter_map(|member| member.credential.as_deref_mut().ok())
    }
}

#[async_trait]
impl Credential for ChainSpec {
    async fn token(&self, _: CredentialKind, _: &Acquisition) -> Result<AccessToken, Error> {
        Err(Error::new(ErrorKind::Internal, "a chain is asked member by member"))
    }

    fn admits(&self, tenant: &TenantId) -> bool {
        self.complete().all(|member| member.admits(tenant))
    }

    fn is_of_application(&self) -> bool {
        self.complete().any(CredentialSpec::is_of_application)
    }

    fn login_files(&self) -> Vec<PathBuf> {
        self.complete().flat_map(CredentialSpec::login_files).collect()
    }

    fn set_cloud_name(&mut self, name: Option<&str>) {
        self.complete_mut().for_each(|member| member.credential_mut().set_cloud_name(name));
    }

    /// Where others follow the chain, they follow its last member: the others are looked for already.
    fn set_probe(&mut self, probe: bool) {
        if let Some(last) = self.complete_mut().next_back().filter(|_| probe) {
            last.credential_mut().set_probe(true);
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

impl NamePart for ChainSpec {
    /// Which member gives a token may differ between the machines of a fleet: there each member's is kept by itself.
    fn add_to_name(&self, reach: Reach, name: KeyBuilder) -> Option<KeyBuilder> {
        let Self { members, is_default } = self;
        let name = name.part([u8::from(*is_default)]).part((members.len() as u64).to_le_bytes());
        let mut members = members.iter().filter(|_| matches!(reach, Reach::Machine(_))).peekable();
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
