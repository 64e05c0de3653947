use super::CredentialSpec;
use crate::{
    credentials::{Acquisition, Credential, LoginFiles},
    key::{KeyBuilder, KeyPart, NamePart, Reach},
    types::{AccessToken, CredentialKind, Error, ErrorKind, TenantId},
};
use async_trait::async_trait;

/// Several credentials, in order.
#[derive(Clone, Debug)]
pub struct ChainSpec {
    /// The credentials in the order in which they are asked.
    pub members: Vec<ChainMember>,
    /// Whether it is the default chain, in which every failure of az, azd and PowerShell counts as unavailable.
    pub is_default: bool,
}

/// One place in a chain.
#[derive(Clone, Debug)]
pub struct ChainMember {
    /// The kind of its credential.
    pub kind: CredentialKind,
    /// The credential, or the reason why its configuration is incomplete, which is reported as unavailable.
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

    fn login_files(&self) -> LoginFiles {
        self.complete().map(CredentialSpec::login_files).fold(LoginFiles::default(), LoginFiles::and)
    }

    fn set_cloud_name(&mut self, name: Option<&str>) {
        self.complete_mut().for_each(|member| member.credential_mut().set_cloud_name(name));
    }

    /// If others follow the chain, they follow its last member; the members before it are probed already.
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
            // The reason is part of the key, because the failure that contains it is remembered for a moment.
            Err(error) => key.part(kind.as_str()).part(error.kind().code()).part(error.message()),
        }
    }
}

impl NamePart for ChainSpec {
    /// Different machines of a fleet may get the token from different members, so there each member's token is stored
    /// by itself.
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
