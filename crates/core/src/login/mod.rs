//! Floor 5: who logs in. [`resolve`] turns what the caller and the machine say into complete [`Settings`]; it is pure,
//! synchronous and total, and names the settings concerned in every error, never a value.

mod arm;
mod by_hand;
mod cloud;
mod default_chain;
mod environment;
mod kept;
mod kinds;
mod machine_store;
mod region;
mod settings;
mod shared_store;
mod tenants;

pub use kinds::{is_option, kinds};
pub use settings::{CloudChoice, ConfiguredIdentity, RegionChoice, Settings};

use crate::{
    config::{
        keys::{self, Setting},
        lookup::Lookup,
        Considered, ConsideredSource, Context, Decision, Inputs, NetworkSettings, PulumiConfig, SeenSetting,
    },
    credentials::CredentialSpec,
    host::{Environment, LogLevel},
    types::{hidden, printable, suspicion, CredentialKind, Error},
};
use std::borrow::Cow;

/// Decides on the cloud, the credential and the network.
///
/// # Errors
/// [`ErrorKind::Configuration`](crate::ErrorKind::Configuration) naming the settings that are missing or malformed.
pub fn resolve(inputs: &Inputs<'_>) -> Result<Settings, Error> {
    let pulumi = pulumi_config(inputs)?;
    match inputs.options {
        Some(options) => by_hand::settings(&context(inputs, pulumi.as_deref()), options),
        None => login_context(&context(inputs, pulumi.as_deref())),
    }
}

/// Which credentials are considered, in order, what becomes of each, and who supplied what: also where [`resolve`]
/// fails.
pub fn consider(inputs: &Inputs<'_>) -> Considered {
    let Ok(pulumi) = pulumi_config(inputs) else { return Considered::default() };
    let context = context(inputs, pulumi.as_deref());
    match inputs.options {
        Some(options) => by_hand::considered(&context, options),
        None => considered_for_login(&context),
    }
}

fn context<'a>(inputs: &Inputs<'a>, pulumi: Option<&'a PulumiConfig>) -> Context<'a> {
    Context {
        lookup: Lookup { environment: inputs.environment, pulumi },
        is_inside_pulumi: pulumi.is_some(),
        has_arc_agent: inputs.has_arc_agent,
        cloud_name: None,
        authority_mistake: None,
    }
}

/// A credential, or why there is none; and what was considered on the way.
struct Choice {
    credential: Result<CredentialSpec, Error>,
    considered: Vec<ConsideredSource>,
}

impl Choice {
    /// The choice of a single credential, which may turn out to be incomplete.
    fn of_one(kind: CredentialKind, credential: Result<CredentialSpec, Error>, seen: Vec<SeenSetting>) -> Self {
        let considered = match &credential {
            Ok(_) => ConsideredSource::without_error(kind, Decision::Chosen, seen),
            Err(error) => ConsideredSource::incomplete(kind, error.clone(), seen),
        };
        Self { credential, considered: vec![considered] }
    }

    /// The same, with what asks for it before what else was seen.
    fn asked_for_by(mut self, asking: Vec<SeenSetting>) -> Self {
        if let Some(first) = self.considered.first_mut() {
            first.settings.splice(0..0, asking);
        }
        self
    }
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
    let choice = arm::decide(&cloud.context(context));
    cloud.check_authority(&choice.credential)?;
    tenants::auxiliary(&context.lookup)?;
    let settings = of_login(context, choice.credential?, &cloud, true)?;
    let considered = Considered { sources: choice.considered, settings: surroundings(context) };
    let kept = kept::of_environment(context.environment(), &settings.credential)?;
    let warnings = arm::warnings(context).into_iter().chain(kept.warning).collect();
    Ok(Settings { considered, warnings, store: kept.store, ..settings })
}

fn considered_for_login(context: &Context<'_>) -> Considered {
    let cloud = cloud::of_lookup(&context.lookup).unwrap_or_default();
    let sources = arm::decide(&cloud.context(context)).considered;
    Considered { sources, settings: surroundings(context) }
}

/// What of the login context was seen that is no single source's.
fn surroundings(context: &Context<'_>) -> Vec<SeenSetting> {
    let (cloud, provider) = (cloud::seen(&context.lookup), context.lookup.seen(&PROVIDERS_SURROUNDINGS));
    [cloud, provider, context.lookup.seen(&SURROUNDINGS)].concat()
}

/// Of the provider's settings, those that are no method's.
const PROVIDERS_SURROUNDINGS: [&Setting; 2] = [&keys::AUXILIARY_TENANT_IDS, &keys::SUBSCRIPTION_ID];

/// What every credential reads.
const SURROUNDINGS: [&Setting; 12] = [
    &keys::AZURE_ADDITIONALLY_ALLOWED_TENANTS,
    &keys::AZURE_REGIONAL_AUTHORITY_NAME,
    &keys::TRUSTED_FILE,
    &keys::TRUSTED_FOLDERS,
    &keys::TRUSTED_AS_WELL,
    &keys::PROXY_FOR_HTTPS,
    &keys::PROXY_FOR_HTTP,
    &keys::PROXY_FOR_ALL,
    &keys::PROXY_FOR_NONE,
    &keys::LOG,
    &keys::CACHE,
    &keys::CACHE_DIRECTORY,
];

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

/// A value as Pulumi's sentences repeat it, if it may be shown at all, and cut where no sensible one would be so long.
fn quoted(setting: &str, raw: &str) -> String {
    if suspicion(raw).is_some() {
        return hidden(setting, raw);
    }
    printable(raw).chars().take(MOST_SHOWN).collect()
}

const MOST_SHOWN: usize = 200;

fn log_level(environment: &Environment) -> Result<Option<LogLevel>, Error> {
    let name = keys::LOG.name();
    let Some(value) = environment.var(name) else { return Ok(None) };
    let unknown = || Error::configuration(format!("{name} must be error, warn, info or debug"), [name]);
    LogLevel::parse(value).ok_or_else(unknown).map(Some)
}

#[cfg(test)]
mod tests;
