//! The account of `azd auth login`. Source of its texts: the tests of azidentity and `azure_identity`.

use super::{
    azure_profile,
    descriptor::{Descriptor, PROCESS_TIMEOUT, TENANT_ID},
    tool::{
        azure_cli_folder, checked_scope, encoded_claims, in_home, named_folder, DeveloperToolSpec, Run, Tool,
        ToolError, ToolOutput,
    },
    Acquisition, Credential, LoginFiles,
};
use crate::{
    config::{keys, options::Options, Context},
    host::{Environment, Output},
    key::{KeyBuilder, KeyPart, NamePart, Reach},
    types::{AccessToken, CredentialKind, Error, Secret, TenantId},
};
use async_trait::async_trait;

pub(crate) const DESCRIPTOR: Descriptor<AzureDeveloperCliSpec> =
    Descriptor::of_tool(&[TENANT_ID, PROCESS_TIMEOUT], AzureDeveloperCliSpec::of_options)
        .in_development("AzureDeveloperCLICredential", |context, _| Ok(AzureDeveloperCliSpec::of_environment(context)));

/// The Azure Developer CLI's account.
#[derive(Clone, Debug)]
pub struct AzureDeveloperCliSpec(pub DeveloperToolSpec);

impl KeyPart for AzureDeveloperCliSpec {
    fn add_to(&self, key: KeyBuilder) -> KeyBuilder {
        let Self(tool) = self;
        key.with(tool)
    }
}

impl NamePart for AzureDeveloperCliSpec {
    fn add_to_name(&self, reach: Reach, name: KeyBuilder) -> Option<KeyBuilder> {
        let Self(tool) = self;
        if EDITORS_ACCOUNT.iter().any(|variable| tool.run.environment.var(variable).is_some()) {
            return None;
        }
        tool.add_to_name(reach, name)
    }
}

impl AzureDeveloperCliSpec {
    fn of_options(context: &Context<'_>, options: &Options<'_>) -> Result<Self, Error> {
        Self::of_environment(context).0.with_options(options).map(Self)
    }

    fn of_environment(context: &Context<'_>) -> Self {
        let folder = named_folder(context, &keys::AZD_CONFIG_DIR).or_else(|| in_home(context, ".azd"));
        Self(DeveloperToolSpec::of_environment(context, folder))
    }
}

const TOOL: Tool = Tool {
    kind: CredentialKind::AzureDeveloperCli,
    name: "the Azure Developer CLI",
    installation: "https://aka.ms/azd-install",
    login: "azd auth login",
    application_login: "azd auth login --client-id <id> --client-secret <secret>",
    tenant_option: "--tenant-id",
    claims_option: "--claims",
};

const PROGRAM: &str = "azd";

/// The message of azd's option parser (pflag).
const UNKNOWN_OPTION: &str = "unknown flag: --claims";

/// The file in azd's folder with its login; `azd auth login` and `azd auth logout` write it. Source: azd's
/// `pkg/auth/manager.go`.
const LOGIN_FILE: &str = "auth.json";

/// The file in azd's folder that contains its settings. With one of them, `auth.useAzCliAuth`, azd returns the tokens
/// of az. Source: `shouldUseLegacyAuth` in the same file.
const SETTINGS_FILE: &str = "config.json";

/// The variables by which an editor or Azure Cloud Shell gives azd its own account instead of the login. A change of
/// that account changes no file. Source: `ExternalAuthConfiguration` in the same file, and azd's `runcontext`.
const EDITORS_ACCOUNT: [&str; 3] = ["AZD_AUTH_ENDPOINT", "AZD_AUTH_KEY", "AZD_IN_CLOUDSHELL"];

impl AzureDeveloperCliSpec {
    /// The environment of azd: it reads the same folder as this package, and prints no colours.
    fn environment(&self) -> Environment {
        let own = self.0.run.environment.with("NO_COLOR", "true");
        self.0.folder.as_ref().map_or(own.clone(), |folder| own.with("AZD_CONFIG_DIR", &folder.to_string_lossy()))
    }

    /// An older azd does not know the option. Then only a new login answers a claims challenge.
    async fn refused(&self, acquisition: &Acquisition, tenant: Option<&TenantId>, output: &Output) -> Error {
        match (ToolError::of(&TOOL, tenant, output, &self.0.run.environment).await, encoded_claims(acquisition)) {
            (Err(shortage), _) => shortage,
            (Ok(tool_error), Some(claims)) if tool_error.says(UNKNOWN_OPTION) => TOOL.needs_login_for(&claims, tenant),
            (Ok(tool_error), _) => tool_error.into_error(),
        }
    }
}

#[async_trait]
impl Credential for AzureDeveloperCliSpec {
    async fn token(&self, _: CredentialKind, acquisition: &Acquisition) -> Result<AccessToken, Error> {
        let tenant = acquisition.tenant.as_ref().or(self.0.tenant.as_ref());
        let arguments = arguments(acquisition, tenant)?;
        let run = Run {
            program: PROGRAM,
            arguments,
            environment: self.environment(),
            limits: &self.0.run,
            folder: Some(self.0.run.folder()),
        };
        let output =
            run.output(acquisition).await.map_err(|failure| TOOL.call_failed(PROGRAM, failure, &self.0.run))?;
        if !output.is_answer() {
            return Err(self.refused(acquisition, tenant, &output).await);
        }
        let printed = ToolOutput::parse(TOOL.name, &output)?.of_tenant(TOOL.name, tenant)?;
        printed.token(TOOL.name, TOOL.kind, None, acquisition.host.clock.now())
    }

    fn tenant(&self) -> Option<&TenantId> {
        self.0.tenant.as_ref()
    }

    fn login_files(&self) -> LoginFiles {
        let Some(folder) = &self.0.folder else { return LoginFiles::default() };
        let own = LoginFiles { logins: vec![folder.join(LOGIN_FILE)], choices: vec![folder.join(SETTINGS_FILE)] };
        let az_folder = azure_cli_folder(&self.0.run.environment);
        own.and(az_folder.as_deref().map(azure_profile::login_files).unwrap_or_default())
    }
}

fn arguments(acquisition: &Acquisition, tenant: Option<&TenantId>) -> Result<Vec<Secret>, Error> {
    let mut arguments = vec!["auth", "token", "-o", "json", "--no-prompt"];
    for scope in acquisition.scopes.as_slice() {
        arguments.extend(["--scope", checked_scope(scope)?]);
    }
    arguments.extend(tenant.iter().flat_map(|tenant| ["--tenant-id", tenant.as_str()]));
    let claims = encoded_claims(acquisition);
    arguments.extend(claims.iter().flat_map(|claims| [TOOL.claims_option, claims]));
    Ok(arguments.into_iter().map(Secret::new).collect())
}
