use super::Files;
use std::io;

/// Where the agent of Azure Arc installs its identity service, by Microsoft's authentication libraries:
/// `ManagedIdentity` in microsoft-authentication-library-for-go. No test runs beside a real agent, on either system.
const PROGRAM: &str =
    if cfg!(windows) { r"C:\Program Files\AzureConnectedMachineAgent\himds.exe" } else { "/opt/azcmagent/bin/himds" };

impl Files {
    /// Whether the agent of Azure Arc is installed.
    ///
    /// # Errors
    /// The system's error, if it does not say whether the agent is there.
    pub(crate) async fn have_arc_agent(&self) -> io::Result<bool> {
        is_there(self.identity(PROGRAM).await)
    }
}

/// A folder without permission keeps that state, and counts as absent, as in Microsoft's libraries: a sandbox forbids
/// the access to `/opt` on machines without the agent too, which would then never use their own identity. The
/// installation of an agent sets `IDENTITY_ENDPOINT` for the whole machine, which decides before the folder is checked.
/// Any other error may be temporary and decides nothing.
fn is_there<T>(found: io::Result<T>) -> io::Result<bool> {
    use io::ErrorKind::{NotADirectory, NotFound, PermissionDenied};
    match found {
        Ok(_) => Ok(true),
        Err(error) if matches!(error.kind(), NotFound | NotADirectory | PermissionDenied) => Ok(false),
        Err(error) => Err(error),
    }
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn only_a_path_that_is_not_there_or_is_closed_is_an_absence() {
        for (code, expected) in
            [(2, Some(false)), (20, Some(false)), (13, Some(false)), (12, None), (23, None), (5, None)]
        {
            let found = is_there::<()>(Err(io::Error::from_raw_os_error(code)));
            assert_eq!(found.ok(), expected, "{code}");
        }
        assert!(is_there(Ok(())).unwrap());
    }
}
