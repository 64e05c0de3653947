use std::path::Path;

/// Where the agent of Azure Arc puts its identity service, as Microsoft's authentication libraries look for it:
/// `ManagedIdentity` in microsoft-authentication-library-for-go. No test runs beside a real agent, on either system.
const PROGRAM: &str =
    if cfg!(windows) { r"C:\Program Files\AzureConnectedMachineAgent\himds.exe" } else { "/opt/azcmagent/bin/himds" };

/// Whether the agent of Azure Arc is installed on this machine.
pub fn has_arc_agent() -> bool {
    Path::new(PROGRAM).exists()
}
