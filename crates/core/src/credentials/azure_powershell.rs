//! The account of `Connect-AzAccount`. Sources: the reference of `Get-AzAccessToken` (Az.Accounts), and azidentity for
//! the differences between versions. PowerShell is not available to the tests: they check the script and read recorded
//! output.

use super::{
    descriptor::{Descriptor, PROCESS_TIMEOUT, TENANT_ID},
    tool::{checked_resource, in_home, renewed_soon_without, DeveloperToolSpec, Run, Tool, ToolError, ToolOutput},
    Acquisition, Credential, LoginFiles,
};
use crate::{
    config::{options::Options, Context},
    host::{CommandFailure, Output},
    key::{KeyBuilder, KeyPart, NamePart, Reach},
    types::{AccessToken, CredentialKind, Error, ErrorKind, Secret, TenantId},
};
use async_trait::async_trait;
use base64::{engine::general_purpose::STANDARD, Engine};

pub(crate) const DESCRIPTOR: Descriptor<AzurePowerShellSpec> =
    Descriptor::of_tool(&[TENANT_ID, PROCESS_TIMEOUT], AzurePowerShellSpec::of_options)
        .in_development("AzurePowerShellCredential", |context, _| Ok(AzurePowerShellSpec::of_environment(context)));

/// Azure PowerShell's account.
#[derive(Clone, Debug)]
pub struct AzurePowerShellSpec(pub DeveloperToolSpec);

impl KeyPart for AzurePowerShellSpec {
    fn add_to(&self, key: KeyBuilder) -> KeyBuilder {
        let Self(tool) = self;
        key.with(tool)
    }
}

impl NamePart for AzurePowerShellSpec {
    fn add_to_name(&self, reach: Reach, name: KeyBuilder) -> Option<KeyBuilder> {
        let Self(tool) = self;
        tool.add_to_name(reach, name)
    }
}

impl AzurePowerShellSpec {
    fn of_options(context: &Context<'_>, options: &Options<'_>) -> Result<Self, Error> {
        Self::of_environment(context).0.with_options(options).map(Self)
    }

    /// On case-sensitive file systems its folder differs from az's.
    fn of_environment(context: &Context<'_>) -> Self {
        Self(DeveloperToolSpec::of_environment(context, in_home(context, ".Azure")))
    }
}

const TOOL: Tool = Tool {
    kind: CredentialKind::AzurePowerShell,
    name: "Azure PowerShell",
    installation: "https://aka.ms/azps",
    login: "Connect-AzAccount",
    application_login: "Connect-AzAccount -ServicePrincipal",
    tenant_option: "-TenantId",
    claims_option: "-ClaimsChallenge",
};

/// Current PowerShell; on Windows also the built-in Windows PowerShell 5.1, as in azidentity.
const fn programs(is_windows: bool) -> &'static [&'static str] {
    if is_windows {
        &["pwsh", "powershell"]
    } else {
        &["pwsh"]
    }
}

/// What the script prints if the module is missing. The output is searched for it.
const NO_MODULE: &str = "Az.Accounts is not installed";

/// The file with Azure PowerShell's login. `Connect-AzAccount`, `Disconnect-AzAccount` and `Set-AzContext` write it,
/// and a request for a token does not. Source: its `AzureRmAutosaveProfile`, and "Azure PowerShell context objects"
/// (Microsoft Learn).
const LOGIN_FILE: &str = "AzureRmContext.json";

impl AzurePowerShellSpec {
    async fn run(&self, acquisition: &Acquisition, script: &str) -> Result<Output, Error> {
        let mut last = CommandFailure::NotFound;
        let programs = programs(cfg!(windows));
        for program in programs {
            let arguments = arguments(script);
            let run = Run {
                program,
                arguments,
                environment: self.0.run.environment.clone(),
                limits: &self.0.run,
                folder: Some(self.0.run.folder()),
            };
            match run.output(acquisition).await {
                Ok(output) => return Ok(output),
                Err(CommandFailure::NotFound) => {}
                Err(failure) => {
                    last = failure;
                    break;
                }
            }
        }
        Err(TOOL.call_failed(programs[0], last, &self.0.run))
    }

    async fn refused(&self, tenant: Option<&TenantId>, output: &Output) -> Error {
        let tool_error = match ToolError::of(&TOOL, tenant, output, &self.0.run.environment).await {
            Ok(tool_error) => tool_error,
            Err(shortage) => return shortage,
        };
        if tool_error.says(NO_MODULE) && !tool_error.lacks_access() {
            let message = format!(
                "{} is not installed: PowerShell has no module Az.Accounts. Run in it: Install-Module Az.Accounts, then: {}",
                TOOL.name,
                TOOL.login(tenant)
            );
            return Error::new(ErrorKind::CredentialUnavailable, message);
        }
        tool_error.into_error()
    }
}

#[async_trait]
impl Credential for AzurePowerShellSpec {
    async fn token(&self, _: CredentialKind, acquisition: &Acquisition) -> Result<AccessToken, Error> {
        let resource = checked_resource(TOOL.name, acquisition)?;
        let tenant = acquisition.tenant.as_ref().or(self.0.tenant.as_ref());
        TOOL.refuse_claims(acquisition, tenant)?;
        let output = self.run(acquisition, &script(resource, tenant)).await?;
        if !output.is_answer() {
            return Err(self.refused(tenant, &output).await);
        }
        let printed = ToolOutput::parse(TOOL.name, &output)?.of_tenant(TOOL.name, tenant)?;
        let now = acquisition.host.clock.now();
        let token = printed.token(TOOL.name, TOOL.kind, None, now)?;
        Ok(renewed_soon_without(self.0.folder.as_deref(), token, now))
    }

    fn tenant(&self) -> Option<&TenantId> {
        self.0.tenant.as_ref()
    }

    fn login_files(&self) -> LoginFiles {
        let logins = self.0.folder.iter().map(|folder| folder.join(LOGIN_FILE)).collect();
        LoginFiles { logins, choices: Vec::new() }
    }
}

/// Passes the script encoded (base64 of UTF-16), so that nothing has to be quoted.
fn arguments(script: &str) -> Vec<Secret> {
    let encoded: Vec<u8> = script.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let options = ["-NoProfile", "-NonInteractive", "-OutputFormat", "Text", "-EncodedCommand"];
    options.into_iter().map(Secret::new).chain([Secret::new(STANDARD.encode(encoded))]).collect()
}

/// The script prints why the module is not loaded after the words for its absence: a machine that lacks memory or disk
/// space loads none either. The class of an error is in English even if its message is not.
///
/// The resource and the tenant contain only letters, digits and `.-_/:`, so they can be quoted. The token is a
/// `SecureString` from Az.Accounts 5 on; earlier versions return one on request.
fn script(resource: &str, tenant: Option<&TenantId>) -> String {
    let tenant = tenant.map_or_else(String::new, |tenant| format!("; TenantId = '{}'", tenant.as_str()));
    format!(
        r"$ErrorActionPreference = 'Stop'
$ProgressPreference = 'SilentlyContinue'
$WarningPreference = 'SilentlyContinue'
try {{
  $module = Import-Module Az.Accounts -MinimumVersion 2.2.0 -PassThru -ErrorAction SilentlyContinue -ErrorVariable failures
  if (-not $module) {{ throw ('{NO_MODULE}. ' + $failures) }}
  $question = @{{ ResourceUrl = '{resource}'{tenant} }}
  if ((Get-Command Get-AzAccessToken).Parameters.ContainsKey('AsSecureString')) {{ $question.AsSecureString = $true }}
  $answer = Get-AzAccessToken @question
  $text = $answer.Token
  if ($text -is [securestring]) {{ $text = [System.Net.NetworkCredential]::new('', $text).Password }}
  $date = ([DateTimeOffset]$answer.ExpiresOn).ToUnixTimeSeconds()
  @{{ token = $text; expiresOn = $date; tenantId = $answer.TenantId }} | ConvertTo-Json -Compress
}} catch {{
  [Console]::Error.WriteLine('ERROR: ' + $_.Exception.Message)
  [Console]::Error.WriteLine($_.Exception.GetBaseException().GetType().FullName)
  exit 1
}}"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_script_names_the_resource_and_the_tenant() {
        let tenant = TenantId::parse("contoso.onmicrosoft.com", "tenantId").unwrap();
        let text = script("https://graph.microsoft.com", Some(&tenant));
        assert!(text.contains("@{ ResourceUrl = 'https://graph.microsoft.com'; TenantId = 'contoso.onmicrosoft.com' }"));
        assert!(!script("x", None).contains("TenantId = '"));
    }

    #[test]
    fn windows_has_a_powershell_of_its_own() {
        assert_eq!(programs(true), ["pwsh", "powershell"]);
        assert_eq!(programs(false), ["pwsh"]);
    }

    #[test]
    fn the_script_goes_as_base64_of_utf_16() {
        let arguments = arguments("exit 1");
        assert_eq!(arguments.last().unwrap().expose(), "ZQB4AGkAdAAgADEA");
        assert_eq!(arguments[4].expose(), "-EncodedCommand");
    }
}
