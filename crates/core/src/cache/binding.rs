use crate::{
    azure_profile,
    config::CredentialSpec,
    host::{FileIdentity, Files},
    types::{AccessToken, CredentialKind},
};
use std::path::{Path, PathBuf};

/// Where azd keeps who is logged in, in its folder; `azd auth login` and `azd auth logout` write it. Source: azd's
/// `pkg/auth/manager.go`.
const AZURE_DEVELOPER_CLI: &str = "auth.json";

/// Where Azure PowerShell keeps it; `Connect-AzAccount`, `Disconnect-AzAccount` and `Set-AzContext` write it, and asking
/// for a token does not. Source: its `AzureRmAutosaveProfile`, and "Azure PowerShell context objects" (Microsoft Learn).
const AZURE_POWERSHELL: &str = "AzureRmContext.json";

/// The files that tokens of developers' tools depend on: those of a single credential, or of a chain's members.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Dependency(Vec<PathBuf>);

/// What these files are at one moment. A token that such a tool gave is dropped once that has changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Binding(Vec<(PathBuf, Option<FileIdentity>)>);

impl Dependency {
    /// What the credential's tokens depend on, if on anything.
    pub(crate) fn of(spec: &CredentialSpec) -> Option<Self> {
        let mut files = Vec::new();
        collect(spec, &mut files);
        (!files.is_empty()).then_some(Self(files))
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
        matches!(
            token.source,
            CredentialKind::AzureCli | CredentialKind::AzureDeveloperCli | CredentialKind::AzurePowerShell
        )
        .then_some(self)
    }
}

fn collect(spec: &CredentialSpec, files: &mut Vec<PathBuf>) {
    let below = |folder: &Option<PathBuf>, name| folder.as_deref().map(|folder: &Path| folder.join(name));
    match spec {
        CredentialSpec::AzureCli(spec) => files.extend(spec.folder.as_deref().map(azure_profile::path)),
        CredentialSpec::AzureDeveloperCli(spec) => files.extend(below(&spec.folder, AZURE_DEVELOPER_CLI)),
        CredentialSpec::AzurePowerShell(spec) => files.extend(below(&spec.folder, AZURE_POWERSHELL)),
        CredentialSpec::Chain(chain) => {
            for credential in chain.members.iter().filter_map(|member| member.credential.as_ref().ok()) {
                collect(credential, files);
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
        config::{AzureCliSpec, ChainMember, ChainSpec, DeveloperToolRun, DeveloperToolSpec},
        host::FakeFiles,
    };

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
    fn tokens_of_azd_and_powershell_depend_on_who_is_logged_in() {
        let tool = |folder: Option<&str>| DeveloperToolSpec {
            tenant: None,
            folder: folder.map(PathBuf::from),
            run: DeveloperToolRun::default(),
        };
        let of = |file| Some(Dependency(vec![PathBuf::from(file)]));
        assert_eq!(Dependency::of(&CredentialSpec::AzureDeveloperCli(tool(Some("a")))), of("a/auth.json"));
        assert_eq!(Dependency::of(&CredentialSpec::AzurePowerShell(tool(Some("a")))), of("a/AzureRmContext.json"));
        assert_eq!(Dependency::of(&CredentialSpec::AzureDeveloperCli(tool(None))), None);
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
