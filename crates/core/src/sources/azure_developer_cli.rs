//! The account that `azd auth login` left. Source of its texts: azidentity's and `azure_identity`'s tests.

use super::{
    tool::{checked_scope, Complaint, Printed, Run, Tool},
    Acquisition, TokenSource,
};
use crate::{
    config::DeveloperToolSpec,
    types::{AccessToken, CredentialKind, Error, Secret, TenantId},
};
use async_trait::async_trait;

const TOOL: Tool = Tool {
    kind: CredentialKind::AzureDeveloperCli,
    name: "the Azure Developer CLI",
    installation: "https://aka.ms/azd-install",
    login: "azd auth login",
    tenant_option: "--tenant-id",
    claims_option: "--claims",
};

const PROGRAM: &str = "azd";

pub(super) struct AzureDeveloperCli(DeveloperToolSpec);

impl AzureDeveloperCli {
    pub(super) fn new(spec: DeveloperToolSpec) -> Self {
        Self(spec)
    }

    /// It reads the folder that we look at.
    fn environment(&self) -> Vec<(&'static str, String)> {
        let folder = self.0.folder.as_ref().map(|folder| ("AZD_CONFIG_DIR", folder.to_string_lossy().into_owned()));
        folder.into_iter().collect()
    }
}

#[async_trait]
impl TokenSource for AzureDeveloperCli {
    async fn token(&self, acquisition: &Acquisition) -> Result<AccessToken, Error> {
        let tenant = acquisition.tenant.as_ref().or(self.0.tenant.as_ref());
        TOOL.refuse_claims(acquisition, tenant)?;
        let arguments = arguments(acquisition, tenant)?;
        let run = Run { program: PROGRAM, arguments, environment: self.environment(), limits: &self.0.run };
        let output = run.output(acquisition).await.map_err(|failure| TOOL.unheard(PROGRAM, failure, &self.0.run))?;
        if !output.is_success() {
            return Err(Complaint::of(&TOOL, tenant, &output).into_error());
        }
        Printed::parse(TOOL.name, &output)?.token(TOOL.name, TOOL.kind, None, acquisition.host.clock.now())
    }
}

fn arguments(acquisition: &Acquisition, tenant: Option<&TenantId>) -> Result<Vec<Secret>, Error> {
    let mut arguments = vec!["auth", "token", "-o", "json", "--no-prompt"];
    for scope in acquisition.scopes.as_slice() {
        arguments.extend(["--scope", checked_scope(scope)?]);
    }
    arguments.extend(tenant.iter().flat_map(|tenant| ["--tenant-id", tenant.as_str()]));
    Ok(arguments.into_iter().map(Secret::new).collect())
}
