use crate::{
    azure_profile,
    config::{AzureCliSpec, CredentialSpec},
    host::{FileIdentity, Files},
    types::{AccessToken, CredentialKind},
};
use std::path::PathBuf;

/// The files that tokens of the Azure CLI depend on: those of a single credential, or of a chain's members.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Dependency(Vec<PathBuf>);

/// What these files are at one moment. A token that az gave is dropped once that has changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Binding(Vec<(PathBuf, Option<FileIdentity>)>);

impl Dependency {
    /// What the credential's tokens depend on, if on anything.
    pub(crate) fn of(spec: &CredentialSpec) -> Option<Self> {
        let mut profiles = Vec::new();
        collect(spec, &mut profiles);
        (!profiles.is_empty()).then_some(Self(profiles))
    }

    /// Looks at the files, on the caller's thread: it takes a system call each.
    pub(crate) fn binding(self, files: &Files) -> Binding {
        let identified = |path: PathBuf| {
            let identity = files.identity_now(&path).ok();
            (path, identity)
        };
        Binding(self.0.into_iter().map(identified).collect())
    }
}

impl Binding {
    /// Looks at the files again, on the caller's thread: whether they are still what they were.
    pub(crate) fn is_current(&self, files: &Files) -> bool {
        self.0.iter().all(|(path, identity)| files.identity_now(path).ok() == *identity)
    }

    /// The token's own: another member of a chain, which does not depend on them, may have given it.
    pub(super) fn of(self, token: &AccessToken) -> Option<Self> {
        (token.source == CredentialKind::AzureCli).then_some(self)
    }
}

fn collect(spec: &CredentialSpec, profiles: &mut Vec<PathBuf>) {
    match spec {
        CredentialSpec::AzureCli(AzureCliSpec { folder: Some(folder), .. }) => {
            profiles.push(azure_profile::path(folder));
        }
        CredentialSpec::Chain(chain) => {
            for credential in chain.members.iter().filter_map(|member| member.credential.as_ref().ok()) {
                collect(credential, profiles);
            }
        }
        _ => {}
    }
}

#[cfg(test)]
impl Binding {
    pub(super) fn to_file_of(length: u64) -> Self {
        Self(vec![(PathBuf::from("a"), Some(FileIdentity { modified: None, length, inode: 0 }))])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        config::{ChainMember, ChainSpec, DeveloperToolRun},
        host::FakeFiles,
    };
    use std::path::Path;

    fn azure_cli(folder: Option<&str>) -> CredentialSpec {
        CredentialSpec::AzureCli(AzureCliSpec {
            tenant: None,
            subscription: None,
            cloud_name: None,
            folder: folder.map(PathBuf::from),
            run: DeveloperToolRun::default(),
        })
    }

    #[test]
    fn tokens_of_az_depend_on_its_profile() {
        assert_eq!(Dependency::of(&azure_cli(Some("a"))), Some(Dependency(vec![azure_profile::path(Path::new("a"))])));
        assert_eq!(Dependency::of(&azure_cli(None)), None);
    }

    #[test]
    fn a_chain_depends_on_what_its_members_depend_on() {
        let member =
            |folder| ChainMember { kind: CredentialKind::AzureCli, credential: Ok(Box::new(azure_cli(folder))) };
        let members = vec![member(None), member(Some("a")), member(Some("b"))];
        let chain = CredentialSpec::Chain(ChainSpec { members, is_default: false });
        assert_eq!(Dependency::of(&chain).map(|dependency| dependency.0.len()), Some(2));
    }

    #[test]
    fn a_profile_that_comes_changes_or_goes_is_noticed() {
        let files = FakeFiles::default();
        let dependency = Dependency::of(&azure_cli(Some("a"))).unwrap();
        let look = || dependency.clone().binding(&Files::fake(files.clone()));
        let is_current = |binding: &Binding| binding.is_current(&Files::fake(files.clone()));
        let path = azure_profile::path(Path::new("a"));
        let none = look();
        assert!(is_current(&none));
        files.write(&path, "one");
        let one = look();
        assert!(is_current(&one) && !is_current(&none));
        files.write(&path, "longer");
        assert!(!is_current(&one) && none != one && one != look() && look() == look());
    }
}
