use super::file_checks::FileChecks;
use crate::{
    credentials::{is_developers_tool, CredentialSpec},
    host::{FileIdentity, Files},
    types::AccessToken,
};
use std::{path::PathBuf, sync::Arc};

/// The login files of developers' tools on which a token depends: those of one credential, or of all members of a chain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct LoginSource(Vec<PathBuf>);

/// The identities of these files at one moment. If one changes, a token that the tool gave is dropped.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct LoginFingerprint(Vec<(PathBuf, Option<FileIdentity>)>);

impl LoginSource {
    /// Returns the files on which the credential's tokens depend, if there are any.
    pub(crate) fn of(spec: &CredentialSpec) -> Option<Self> {
        let files: Vec<_> = spec.login_files().all().collect();
        (!files.is_empty()).then_some(Self(files))
    }

    /// Checks the files on another thread.
    pub(crate) async fn binding(self, files: &Files, file_checks: &FileChecks) -> LoginFingerprint {
        let mut identified = Vec::with_capacity(self.0.len());
        for path in self.0 {
            let identity = file_checks.look(&path, files).await;
            identified.push((path, identity));
        }
        LoginFingerprint(identified)
    }
}

impl LoginFingerprint {
    /// Returns the files, each with its identity.
    pub(crate) fn files(&self) -> &[(PathBuf, Option<FileIdentity>)] {
        &self.0
    }

    /// Returns whether a recent check found these files, without another check.
    pub(crate) fn was_current(&self, file_checks: &FileChecks) -> bool {
        self.0.iter().all(|(path, identity)| file_checks.is_known_as(path, *identity))
    }

    /// Checks the files again, for later calls.
    pub(crate) async fn look_again(self: Arc<Self>, files: Files, file_checks: FileChecks) {
        for (path, _) in &self.0 {
            file_checks.look(path, &files).await;
        }
    }

    /// Returns the fingerprint for this token, or nothing if another member of the chain gave it that depends on no
    /// files.
    pub(super) fn of(self, token: &AccessToken) -> Option<Self> {
        is_developers_tool(token.source).then_some(self)
    }
}

#[cfg(test)]
impl LoginFingerprint {
    pub(super) fn to_file_of(length: u64) -> Self {
        Self(vec![(PathBuf::from("a"), Some(FileIdentity { modified: None, length, inode: 0, changed: 0 }))])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        cache::file_checks::LONGEST_CHECK_AGE,
        credentials::{
            azure_profile, AzureCliSpec, AzureDeveloperCliSpec, AzurePowerShellSpec, ChainMember, ChainSpec,
            DeveloperToolRun, DeveloperToolSpec,
        },
        host::FakeFiles,
        types::CredentialKind,
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
    fn tokens_of_az_depend_on_its_profile_and_its_cloud() {
        let files = ["a/azureProfile.json", "a/config"].map(PathBuf::from);
        assert_eq!(LoginSource::of(&azure_cli(Some("a"))), Some(LoginSource(files.to_vec())));
        assert_eq!(LoginSource::of(&azure_cli(None)), None);
    }

    fn tool(folder: Option<&str>) -> DeveloperToolSpec {
        let environment = crate::host::Environment::from([("HOME", "h")]);
        let run = DeveloperToolRun { environment, timeout: None };
        DeveloperToolSpec { tenant: None, folder: folder.map(PathBuf::from), run }
    }

    #[test]
    fn tokens_of_powershell_depend_on_who_is_logged_in() {
        let spec = CredentialSpec::AzurePowerShell(AzurePowerShellSpec(tool(Some("a"))));
        assert_eq!(LoginSource::of(&spec), Some(LoginSource(vec![PathBuf::from("a/AzureRmContext.json")])));
    }

    #[test]
    fn tokens_of_azd_depend_on_its_login_and_on_that_of_az_which_it_may_use() {
        let of = |folder| LoginSource::of(&CredentialSpec::AzureDeveloperCli(AzureDeveloperCliSpec(tool(folder))));
        let files = ["a/auth.json", "h/.azure/azureProfile.json", "a/config.json", "h/.azure/config"];
        assert_eq!(of(Some("a")), Some(LoginSource(files.map(PathBuf::from).to_vec())));
        assert_eq!(of(None), None);
    }

    #[test]
    fn a_chain_depends_on_what_its_members_depend_on() {
        let member =
            |folder| ChainMember { kind: CredentialKind::AzureCli, credential: Ok(Box::new(azure_cli(folder))) };
        let members = vec![member(None), member(Some("a")), member(Some("b"))];
        let chain = CredentialSpec::Chain(ChainSpec { members, is_default: false });
        assert_eq!(LoginSource::of(&chain).map(|dependency| dependency.0.len()), Some(4));
    }

    #[tokio::test(start_paused = true)]
    async fn a_profile_that_is_created_changed_or_deleted_is_noticed() {
        let (files, file_checks) = (FakeFiles::default(), FileChecks::default());
        let disk = Files::fake(files.clone());
        let dependency = LoginSource::of(&azure_cli(Some("a"))).unwrap();
        let look = || dependency.clone().binding(&disk, &file_checks);
        let path = azure_profile::path(Path::new("a"));
        let none = look().await;
        assert!(none.was_current(&file_checks));
        files.write(&path, "one");
        assert!(none.was_current(&file_checks), "there was no second look");
        let one = look().await;
        assert!(one.was_current(&file_checks) && !none.was_current(&file_checks));
        files.write(&path, "longer");
        Arc::new(one.clone()).look_again(disk.clone(), file_checks.clone()).await;
        assert!(!one.was_current(&file_checks) && none != one && one != look().await);
    }

    #[tokio::test(start_paused = true)]
    async fn it_has_its_files_with_their_identities() {
        let (files, path) = (FakeFiles::default(), azure_profile::path(Path::new("a")));
        files.write(&path, "one");
        let disk = Files::fake(files);
        let dependency = LoginSource::of(&azure_cli(Some("a"))).unwrap();
        let binding = dependency.binding(&disk, &FileChecks::default()).await;
        let config = (PathBuf::from("a/config"), None);
        assert_eq!(binding.files(), [(path.clone(), Some(disk.identity(&path).await.unwrap())), config]);
    }

    #[tokio::test(start_paused = true)]
    async fn an_old_check_of_a_file_does_not_count() {
        let file_checks = FileChecks::default();
        let disk = Files::fake(FakeFiles::default());
        let binding = LoginSource::of(&azure_cli(Some("a"))).unwrap().binding(&disk, &file_checks).await;
        tokio::time::advance(LONGEST_CHECK_AGE).await;
        assert!(binding.was_current(&file_checks));
        tokio::time::advance(std::time::Duration::from_millis(1)).await;
        assert!(!binding.was_current(&file_checks));
        Arc::new(binding.clone()).look_again(disk, file_checks.clone()).await;
        assert!(binding.was_current(&file_checks));
    }
}
