//! The account that `az login` left. Source of its texts and rules: the Azure CLI's own source, azidentity and
//! Pulumi's provider.

use super::{
    tool::{checked_resource, Complaint, Printed, Run, Tool},
    Acquisition, TokenSource,
};
use crate::{
    azure_profile::{self, Account},
    config::AzureCliSpec,
    host::{Output, TimeZone},
    types::{AccessToken, CredentialKind, Error, ErrorKind, Secret, TenantId},
};
use async_trait::async_trait;

pub(super) const TOOL: Tool = Tool {
    kind: CredentialKind::AzureCli,
    name: "the Azure CLI",
    installation: "https://aka.ms/azure-cli",
    login: "az login",
    tenant_option: "--tenant",
    claims_option: "--claims-challenge",
};

const PROGRAM: &str = "az";

pub(super) struct AzureCli(AzureCliSpec);

impl AzureCli {
    pub(super) fn new(spec: AzureCliSpec) -> Self {
        Self(spec)
    }
}

#[async_trait]
impl TokenSource for AzureCli {
    async fn token(&self, acquisition: &Acquisition) -> Result<AccessToken, Error> {
        let resource = checked_resource(TOOL.name, acquisition)?;
        self.0.checked_subscription()?;
        TOOL.refuse_claims(acquisition, self.tenant(acquisition))?;
        let account = self.account(acquisition).await?;
        let arguments = self.arguments(resource, account.as_ref(), acquisition);
        let output = self.run(acquisition, &arguments).await?;
        if !output.is_success() {
            return Err(self.refused(acquisition, &output));
        }
        let printed = Printed::parse(TOOL.name, &output)?;
        let local = match printed.local_date() {
            Some(date) => self.time_zone(acquisition).await.moment(date),
            None => None,
        };
        printed.token(TOOL.name, TOOL.kind, local, acquisition.host.clock.now())
    }
}

impl AzureCli {
    /// `az` has no such thing as a tenant's subscription: it wants one or the other, and the tenant says more.
    fn arguments(&self, resource: &str, account: Option<&Account>, acquisition: &Acquisition) -> Vec<String> {
        let mut arguments =
            ["account", "get-access-token", "-o", "json", "--resource", resource].map(str::to_owned).to_vec();
        if let Some(tenant) = self.tenant(acquisition) {
            arguments.extend(["--tenant".to_owned(), tenant.as_str().to_owned()]);
        } else if let Some(subscription) = &self.0.subscription {
            if !account.is_some_and(|account| account.is_default) {
                arguments.extend(["--subscription".to_owned(), subscription.clone()]);
            }
        }
        arguments
    }

    /// The account that the token will be for, as far as anything depends on it, in the cloud that is configured.
    async fn account(&self, acquisition: &Acquisition) -> Result<Option<Account>, Error> {
        if self.0.cloud_name.is_none() && self.0.subscription.is_none() {
            return Ok(None);
        }
        let profile = azure_profile::read(&self.0, &acquisition.host.files).await;
        let profiled = profile.as_ref().and_then(|profile| profile.account(self.0.subscription.as_deref()));
        let account = match profiled {
            Some(account) => account.clone(),
            None => self.shown(acquisition).await?,
        };
        match &self.0.cloud_name {
            Some(configured) if *configured != account.environment_name => Err(other_cloud(configured, &account)),
            _ => Ok(Some(account)),
        }
    }

    async fn shown(&self, acquisition: &Acquisition) -> Result<Account, Error> {
        let mut arguments = ["account", "show", "-o", "json"].map(str::to_owned).to_vec();
        arguments.extend(self.0.subscription.iter().flat_map(|name| ["--subscription".to_owned(), name.clone()]));
        let output = self.run(acquisition, &arguments).await?;
        if !output.is_success() {
            return Err(self.refused(acquisition, &output));
        }
        Account::shown(&output.stdout).ok_or_else(|| {
            let message = format!("{} printed something that is no account ({} bytes)", TOOL.name, output.stdout.len());
            Error::new(ErrorKind::Network, message)
        })
    }

    async fn run(&self, acquisition: &Acquisition, arguments: &[String]) -> Result<Output, Error> {
        let run = Run {
            program: PROGRAM,
            arguments: arguments.iter().map(|argument| Secret::new(argument.as_str())).collect(),
            environment: self.environment(),
            limits: &self.0.run,
        };
        run.output(acquisition).await.map_err(|failure| TOOL.unheard(PROGRAM, failure, &self.0.run))
    }

    /// It reads the folder that we read, and its clock shows the time that we take it for.
    fn environment(&self) -> Vec<(&'static str, String)> {
        let folder = self.0.folder.as_ref().map(|folder| ("AZURE_CONFIG_DIR", folder.to_string_lossy().into_owned()));
        let time_zone = self.0.run.time_zone.as_ref().map(|zone| ("TZ", zone.clone()));
        folder.into_iter().chain(time_zone).collect()
    }

    fn refused(&self, acquisition: &Acquisition, output: &Output) -> Error {
        let complaint = Complaint::of(&TOOL, self.tenant(acquisition), output);
        match &self.0.subscription {
            Some(name)
                if complaint.says("doesn't exist in cloud") || complaint.says("Check the spelling and casing") =>
            {
                let message = format!(
                    "{} has no account for subscription {name}: see az account list, or run: {}",
                    TOOL.name, TOOL.login
                );
                Error::configuration(message, ["subscription", "ARM_SUBSCRIPTION_ID"])
            }
            _ => complaint.into_error(),
        }
    }

    fn tenant<'a>(&'a self, acquisition: &'a Acquisition) -> Option<&'a TenantId> {
        acquisition.tenant.as_ref().or(self.0.tenant.as_ref())
    }

    async fn time_zone(&self, acquisition: &Acquisition) -> TimeZone {
        TimeZone::named(self.0.run.time_zone.as_deref(), &acquisition.host.files).await
    }
}

/// Pulumi's sentence: people search for it.
fn other_cloud(configured: &str, account: &Account) -> Error {
    let message = format!(
        "The configured Azure environment '{configured}' does not match the active environment '{}'.",
        account.environment_name
    );
    Error::configuration(message, ["environment", "ARM_ENVIRONMENT"])
}
