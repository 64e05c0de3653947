//! The account of `az login`. Sources of its texts and rules: the Azure CLI's own source, azidentity and Pulumi's
//! provider.

pub(crate) mod profile;

use self::profile::{Account, Found};
use super::{
    descriptor::{CredentialOption, Descriptor, PROCESS_TIMEOUT, TENANT_ID},
    tool::{
        checked_resource, in_home, named_folder, redacted, renewed_soon_without, DeveloperToolRun, Tool, ToolError,
        ToolOutput,
    },
    Acquisition, Credential, LoginFiles,
};
use crate::{
    config::{keys, options::Options, Context},
    host::{CommandFailure, Output, TimeZone},
    key::{KeyBuilder, KeyPart, NamePart, Reach},
    types::{opaque, shown, AccessToken, CredentialKind, Error, ErrorKind, Secret, TenantId},
};
use async_trait::async_trait;
use std::path::PathBuf;

/// The Azure CLI's account.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct AzureCliSpec {
    /// The tenant to ask for.
    pub tenant: Option<TenantId>,
    /// The subscription whose account to use.
    pub subscription: Option<String>,
    /// The canonical name of the configured cloud, to which az must be set.
    pub cloud_name: Option<String>,
    /// az's folder: `AZURE_CONFIG_DIR`, else `.azure` in the home folder.
    pub folder: Option<PathBuf>,
    /// How az is run.
    pub run: DeveloperToolRun,
}

opaque!(AzureCliSpec);

pub(crate) const DESCRIPTOR: Descriptor<AzureCliSpec> = Descriptor::of_tool(
    &[TENANT_ID, CredentialOption::text("subscription"), PROCESS_TIMEOUT],
    AzureCliSpec::of_options,
)
.in_development("AzureCLICredential", |context, _| Ok(AzureCliSpec::of_environment(context)));

impl AzureCliSpec {
    pub(crate) fn of_options(context: &Context<'_>, options: &Options<'_>) -> Result<Self, Error> {
        let of_environment = Self::of_environment(context);
        Ok(Self {
            tenant: options.tenant("tenantId")?,
            subscription: options.owned("subscription"),
            run: of_environment.run.clone().with_options(options)?,
            ..of_environment
        })
    }

    /// az as the provider uses it: with the subscription's account, and without a tenant.
    pub(crate) fn of_provider(context: &Context<'_>) -> Self {
        // The subscription is reported with every credential, so it is not recorded here.
        let subscription = context.lookup.unnoted(&keys::SUBSCRIPTION_ID).map(str::to_owned);
        Self { subscription, ..Self::of_environment(context) }
    }

    /// az with its default account.
    pub(crate) fn of_environment(context: &Context<'_>) -> Self {
        Self {
            tenant: None,
            subscription: None,
            cloud_name: context.cloud_name.map(str::to_owned),
            folder: named_folder(context, &keys::AZURE_CONFIG_DIR).or_else(|| in_home(context, ".azure")),
            run: DeveloperToolRun::of_environment(context),
        }
    }
}

impl KeyPart for AzureCliSpec {
    fn add_to(&self, key: KeyBuilder) -> KeyBuilder {
        let Self { tenant, subscription, cloud_name, folder, run } = self;
        key.optional(tenant.as_ref().map(TenantId::as_str))
            .optional(subscription.as_deref())
            .optional(cloud_name.as_deref())
            .optional_path(folder.as_deref())
            .with(run)
    }
}

impl NamePart for AzureCliSpec {
    fn add_to_name(&self, reach: Reach, name: KeyBuilder) -> Option<KeyBuilder> {
        let Self { tenant, subscription, cloud_name, folder, run } = self;
        let name = name
            .optional(tenant.as_ref().map(TenantId::as_str))
            .optional(subscription.as_deref())
            .optional(cloud_name.as_deref());
        run.add_to_name(reach, name.path(folder.as_deref()?))
    }
}

impl AzureCliSpec {
    /// Returns an error in Pulumi's words for a subscription that could be taken for something else on a command line.
    ///
    /// # Errors
    /// [`ErrorKind::Configuration`](crate::ErrorKind::Configuration) if it has a character that names of subscriptions
    /// do not have.
    pub fn checked_subscription(&self) -> Result<(), Error> {
        let is_harmless = |character: char| character.is_alphanumeric() || "-_ .".contains(character);
        match &self.subscription {
            Some(name) if !name.chars().all(is_harmless) || name.starts_with('-') => {
                let message = format!(
                    "AzureCLICredential: Subscription \"{}\" contains invalid characters. If this is a name, use the \
                     subscription's ID: az account list",
                    shown("the subscription", name)
                );
                Err(Error::configuration(message, ["subscription", "ARM_SUBSCRIPTION_ID"]))
            }
            _ => Ok(()),
        }
    }
}

pub(super) const TOOL: Tool = Tool {
    kind: CredentialKind::AzureCli,
    name: "the Azure CLI",
    installation: "https://aka.ms/azure-cli",
    login: "az login",
    application_login: "az login --service-principal",
    tenant_option: "--tenant",
    claims_option: "--claims-challenge",
};

#[async_trait]
impl Credential for AzureCliSpec {
    async fn token(&self, _: CredentialKind, acquisition: &Acquisition) -> Result<AccessToken, Error> {
        let resource = checked_resource(TOOL.name, acquisition)?;
        TOOL.refuse_claims(acquisition, self.tenant_in(acquisition))?;
        let account = self.account(acquisition).await?;
        let arguments = self.arguments(resource, account.as_ref(), acquisition)?;
        let ended = profile::run(self, &acquisition.host.commands, &arguments).await;
        let output = self.heard(ended)?;
        if !output.is_answer() {
            return Err(self.refused(acquisition, &output).await);
        }
        let printed = ToolOutput::parse(TOOL.name, &output)?.of_tenant(TOOL.name, self.tenant_in(acquisition))?;
        let local = match printed.local_date() {
            Some(date) => self.time_zone(acquisition).await.moment(date),
            None => None,
        };
        let now = acquisition.host.clock.now();
        let token = printed.token(TOOL.name, TOOL.kind, local, now)?;
        Ok(renewed_soon_without(self.folder.as_deref(), token, now))
    }

    fn tenant(&self) -> Option<&TenantId> {
        self.tenant.as_ref()
    }

    fn login_files(&self) -> LoginFiles {
        self.folder.as_deref().map(profile::login_files).unwrap_or_default()
    }

    fn set_cloud_name(&mut self, name: Option<&str>) {
        self.cloud_name = name.map(str::to_owned);
    }
}

impl AzureCliSpec {
    /// az accepts a tenant or a subscription, not both, and the tenant is more exact. az's default subscription is not
    /// passed, so its name may have any characters.
    fn arguments<'a>(
        &'a self,
        resource: &'a str,
        account: Option<&Account>,
        acquisition: &'a Acquisition,
    ) -> Result<Vec<&'a str>, Error> {
        let mut arguments = vec!["account", "get-access-token", "--resource", resource];
        if let Some(tenant) = self.tenant_in(acquisition) {
            arguments.extend(["--tenant", tenant.as_str()]);
        } else if let Some(subscription) = &self.subscription {
            if !account.is_some_and(|account| account.is_default) {
                self.checked_subscription()?;
                arguments.extend(["--subscription", subscription]);
            }
        }
        Ok(arguments)
    }

    /// Returns the account that the token will be for, if the result depends on it, in the configured cloud.
    async fn account(&self, acquisition: &Acquisition) -> Result<Option<Account>, Error> {
        if self.cloud_name.is_none() && self.subscription.is_none() {
            return Ok(None);
        }
        let account = match profile::account(self, &acquisition.host.files).await {
            Found::Account(account) => account,
            Found::None | Found::Several | Found::Unreadable => self.shown(acquisition).await?,
        };
        match &self.cloud_name {
            Some(configured) if *configured != account.environment_name => {
                Err(self.other_cloud(configured, &account).await)
            }
            _ => Ok(Some(account)),
        }
    }

    async fn shown(&self, acquisition: &Acquisition) -> Result<Account, Error> {
        self.checked_subscription()?;
        let output = self.heard(profile::show_account(self, &acquisition.host.commands).await)?;
        if !output.is_answer() {
            return Err(self.refused(acquisition, &output).await);
        }
        Account::shown(&output.stdout).ok_or_else(|| {
            let message =
                format!("{} printed something that is not an account ({} bytes)", TOOL.name, output.stdout.len());
            Error::new(ErrorKind::Network, message)
        })
    }

    fn heard(&self, ended: Result<Output, CommandFailure>) -> Result<Output, Error> {
        ended.map_err(|failure| TOOL.call_failed(profile::PROGRAM, failure, &self.run))
    }

    /// Pulumi's sentence, because people search for it. The tool's name of a cloud is checked before it is shown.
    async fn other_cloud(&self, configured: &str, account: &Account) -> Error {
        let name = Secret::new(&*account.environment_name);
        let active = redacted(&name, &self.run.environment, Vec::new()).await;
        let message = format!(
            "The configured Azure environment '{}' does not match the active environment '{}'.",
            shown("the environment", configured),
            shown("the tool's environment", &active)
        );
        Error::configuration(message, ["environment", "ARM_ENVIRONMENT"])
    }

    async fn refused(&self, acquisition: &Acquisition, output: &Output) -> Error {
        let tenant = self.tenant_in(acquisition);
        let tool_error = match ToolError::of(&TOOL, tenant, output, &self.run.environment).await {
            Ok(tool_error) => tool_error,
            Err(shortage) => return shortage,
        };
        let about_subscription = |what: &str, advice: &str| {
            let message = format!("{} has {what}: {advice}", TOOL.name);
            Error::configuration(message, ["subscription", "ARM_SUBSCRIPTION_ID"])
        };
        let says = |words| tool_error.says(words);
        match &self.subscription {
            Some(name) if says("doesn't exist in cloud") || says("Check the spelling and casing") => {
                about_subscription(
                    &format!("no account for subscription {}", shown("the subscription", name)),
                    &format!("see az account list, or run: {}", TOOL.login),
                )
            }
            Some(name) if says("Multiple subscriptions with the name") => about_subscription(
                &format!("several accounts for subscription {}", shown("the subscription", name)),
                "use the subscription's ID, which az account list shows",
            ),
            _ => tool_error.into_error(),
        }
    }

    fn tenant_in<'a>(&'a self, acquisition: &'a Acquisition) -> Option<&'a TenantId> {
        acquisition.tenant.as_ref().or(self.tenant.as_ref())
    }

    async fn time_zone(&self, acquisition: &Acquisition) -> TimeZone {
        TimeZone::named(self.run.environment.var(keys::TZ.name()), &acquisition.host.files).await
    }
}
