use super::{
    considered::ConsideredSource, inputs::Inputs, keys, lookup::Lookup, CloudChoice, ConfiguredIdentity,
    CredentialSpec, NetworkSettings, PulumiConfig, Settings,
};
use crate::{
    host::{Environment, LogLevel},
    types::Error,
};
use std::borrow::Cow;

mod arm;
mod by_hand;
mod cloud;
mod default_chain;
mod environment;
mod federated;
mod kinds;
mod managed_identity;
mod oidc;
mod options;
mod region;
mod tenants;
mod tools;

/// Decides on the cloud, the credential and the network.
///
/// # Errors
/// [`ErrorKind::Configuration`](crate::ErrorKind::Configuration) naming the settings that are missing or malformed.
pub fn resolve(inputs: &Inputs<'_>) -> Result<Settings, Error> {
    let pulumi = pulumi_config(inputs)?;
    match inputs.options {
        Some(options) => by_hand::settings(&Context::new(inputs, pulumi.as_deref()), options),
        None => login_context(&Context::new(inputs, pulumi.as_deref())),
    }
}

/// Which credentials are considered, in order, and what becomes of each: also where [`resolve`] fails.
pub fn consider(inputs: &Inputs<'_>) -> Vec<ConsideredSource> {
    let Ok(pulumi) = pulumi_config(inputs) else { return Vec::new() };
    let context = Context::new(inputs, pulumi.as_deref());
    match inputs.options {
        Some(options) => by_hand::considered(&context, options),
        None => arm::decide(&context, None).considered,
    }
}

/// What every rule may look at.
#[derive(Clone, Copy)]
struct Context<'a> {
    lookup: Lookup<'a>,
    has_arc_agent: bool,
}

impl<'a> Context<'a> {
    fn new(inputs: &Inputs<'a>, pulumi: Option<&'a PulumiConfig>) -> Self {
        let lookup = Lookup { environment: inputs.environment, pulumi };
        Self { lookup, has_arc_agent: inputs.has_arc_agent }
    }

    fn environment(&self) -> &'a Environment {
        self.lookup.environment
    }

    fn is_inside_pulumi(&self) -> bool {
        self.lookup.pulumi.is_some()
    }
}

/// A credential, or why there is none; and what was considered on the way.
struct Choice {
    credential: Result<CredentialSpec, Error>,
    considered: Vec<ConsideredSource>,
}

/// The configuration that was handed over, else the one in the environment. A credential by hand has none.
fn pulumi_config<'a>(inputs: &Inputs<'a>) -> Result<Option<Cow<'a, PulumiConfig>>, Error> {
    if inputs.pulumi.is_some() || inputs.options.is_some() {
        return Ok(inputs.pulumi.map(Cow::Borrowed));
    }
    let text = inputs.environment.var(keys::PULUMI_CONFIG.name());
    text.map(PulumiConfig::parse).transpose().map(|config| config.map(Cow::Owned))
}

/// The current login context. The order in which it is checked is the provider's.
fn login_context(context: &Context<'_>) -> Result<Settings, Error> {
    let cloud = cloud::of_lookup(&context.lookup)?;
    tenants::auxiliary(&context.lookup)?;
    let choice = arm::decide(context, cloud.configured_name());
    let settings = of_login(context, choice.credential?, &cloud, true)?;
    Ok(Settings { considered: choice.considered, ..settings })
}

/// The settings around a credential. `is_providers`: whether the provider's own settings say more than the credential.
fn of_login(
    context: &Context<'_>,
    credential: CredentialSpec,
    cloud: &cloud::NamedCloud,
    is_providers: bool,
) -> Result<Settings, Error> {
    let environment = context.environment();
    let asks_az = is_providers && matches!(credential, CredentialSpec::AzureCli(_));
    let auxiliary = if is_providers { tenants::auxiliary(&context.lookup)? } else { Vec::new() };
    let settings = Settings {
        cloud: cloud.choice_or(if asks_az { CloudChoice::FromAzureCli } else { CloudChoice::default() }),
        authority: cloud.authority.clone(),
        additionally_allowed_tenants: tenants::allowed(environment, auxiliary),
        region: region::choice(environment)?,
        network: NetworkSettings::from_environment(environment)?,
        log_level: log_level(environment)?,
        ..Settings::of(credential)
    };
    if !is_providers {
        return Ok(settings);
    }
    Ok(Settings { identity: ConfiguredIdentity::of_login_context(&context.lookup), ..settings })
}

fn log_level(environment: &Environment) -> Result<Option<LogLevel>, Error> {
    let name = keys::LOG.name();
    let Some(value) = environment.var(name) else { return Ok(None) };
    let unknown = || Error::configuration(format!("{name} must be error, warn, info or debug"), [name]);
    LogLevel::parse(value).ok_or_else(unknown).map(Some)
}

#[cfg(test)]
mod tests;
