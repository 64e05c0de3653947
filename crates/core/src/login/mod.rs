//! Layer 5: chooses the credential. [`resolve`] turns the caller's options and the environment into complete
//! [`Settings`]. It is pure and synchronous. Its errors name the settings concerned, and never a value.

mod cloud;
mod default_chain;
mod environment;
mod explicit;
mod explicit_kinds;
mod fleet_store;
mod machine_store;
mod pulumi_provider;
mod region;
mod settings;
mod tenants;
mod token_stores;

pub use explicit_kinds::{is_option, kinds};
pub(crate) use machine_store::machine_store_location;
pub use settings::{CloudChoice, ConfiguredIdentity, RegionChoice, Settings};

use crate::{
    config::{
        keys,
        lookup::{Lookup, Record},
        Considered, ConsideredSource, Context, Decision, Inputs, NetworkSettings, PulumiConfig, SeenSetting,
    },
    credentials::CredentialSpec,
    host::LogLevel,
    types::{hidden, printable, suspicion, CredentialKind, Error},
};
use std::borrow::Cow;

/// Decides the cloud, the credential and the network.
///
/// # Errors
/// [`ErrorKind::Configuration`](crate::ErrorKind::Configuration), which names the settings that are missing or
/// malformed.
pub fn resolve(inputs: &Inputs<'_>) -> Result<Settings, Error> {
    let Resolved { settings, considered } = resolved(inputs);
    Ok(Settings { considered, ..settings? })
}

/// Returns which credentials are considered, in order, with the decision about each and the origin of each setting,
/// even if [`resolve`] fails.
pub fn consider(inputs: &Inputs<'_>) -> Considered {
    resolved(inputs).considered
}

/// The result of one pass over all settings.
struct Resolved {
    settings: Result<Settings, Error>,
    considered: Considered,
}

fn resolved(inputs: &Inputs<'_>) -> Resolved {
    let pulumi = match pulumi_config(inputs) {
        Ok(pulumi) => pulumi,
        Err(error) => return Resolved { settings: Err(error), considered: Considered::default() },
    };
    let record = Record::default();
    let context = context(inputs, pulumi.as_deref(), &record);
    match inputs.options {
        Some(options) => explicit::resolved(&context, options),
        None => login_context(&context),
    }
}

fn context<'a>(inputs: &Inputs<'a>, pulumi: Option<&'a PulumiConfig>, record: &'a Record) -> Context<'a> {
    Context {
        lookup: Lookup::new(inputs.environment, pulumi, record),
        is_inside_pulumi: pulumi.is_some(),
        keeps_on_machine: inputs.keeps_on_machine,
        cloud_name: None,
        authority_mistake: None,
    }
}

/// A credential or the error, and what was considered for it.
struct Choice {
    credential: Result<CredentialSpec, Error>,
    considered: Vec<ConsideredSource>,
}

impl Choice {
    /// The choice of a single credential, which may be incomplete.
    fn of_one(kind: CredentialKind, credential: Result<CredentialSpec, Error>, seen: Vec<SeenSetting>) -> Self {
        let considered = match &credential {
            Ok(_) => ConsideredSource::without_error(kind, Decision::Chosen, seen),
            Err(error) => ConsideredSource::incomplete(kind, error.clone(), seen),
        };
        Self { credential, considered: vec![considered] }
    }

    /// Returns the kind that was chosen, or would have been.
    fn kind(&self) -> CredentialKind {
        self.considered.first().map_or(CredentialKind::Chain, |first| first.source)
    }

    /// Returns the choice with the settings that ask for it before its others.
    fn asked_for_by(mut self, asking: Vec<SeenSetting>) -> Self {
        if let Some(first) = self.considered.first_mut() {
            first.settings.splice(0..0, asking);
        }
        self
    }
}

/// Returns the configuration that was passed, or else the one in the environment. An explicit credential has none.
fn pulumi_config<'a>(inputs: &Inputs<'a>) -> Result<Option<Cow<'a, PulumiConfig>>, Error> {
    if inputs.pulumi.is_some() || inputs.options.is_some() {
        return Ok(inputs.pulumi.map(Cow::Borrowed));
    }
    let text = inputs.environment.var(keys::PULUMI_CONFIG.name());
    text.map(PulumiConfig::parse).transpose().map(|config| config.map(Cow::Owned))
}

/// Resolves the current login context, in the order of the provider's checks.
fn login_context(context: &Context<'_>) -> Resolved {
    let (named, of_cloud) = context.lookup.recording(|| cloud::of_lookup(&context.lookup));
    let (cloud, named) = cloud::or_default(named);
    let choice = pulumi_provider::decide(&cloud.context(context));
    let (surroundings, of_surroundings) = context.lookup.recording(|| surroundings(context, true));
    let considered = Considered { sources: choice.considered, settings: [of_cloud, of_surroundings].concat() };
    let settings = named.and_then(|()| settings_of(choice.credential, &cloud, surroundings));
    Resolved { settings: settings.and_then(|settings| with_kept(context, settings)), considered }
}

fn with_kept(context: &Context<'_>, settings: Settings) -> Result<Settings, Error> {
    let kept = token_stores::of_environment(context, &settings.credential)?;
    let warnings = pulumi_provider::warnings(context).into_iter().chain(kept.warning).collect();
    Ok(Settings { warnings, store: kept.store, ..settings })
}

/// The settings that belong to no single source. All are read, even if some are invalid.
struct Surroundings {
    /// Whether the provider's own settings say more than the credential does.
    is_providers: bool,
    auxiliary: Result<Vec<String>, Error>,
    identity: ConfiguredIdentity,
    allowed: Vec<String>,
    region: Result<Option<RegionChoice>, Error>,
    network: Result<NetworkSettings, Error>,
    log_level: Result<Option<LogLevel>, Error>,
}

fn surroundings(context: &Context<'_>, is_providers: bool) -> Surroundings {
    let lookup = &context.lookup;
    let surroundings = Surroundings {
        is_providers,
        auxiliary: if is_providers { tenants::auxiliary(lookup) } else { Ok(Vec::new()) },
        identity: if is_providers {
            ConfiguredIdentity::of_login_context(lookup)
        } else {
            ConfiguredIdentity::default()
        },
        allowed: tenants::allowed(lookup),
        region: region::choice(lookup),
        network: NetworkSettings::of_lookup(lookup),
        log_level: log_level(lookup),
    };
    // The meaning of these settings depends on the credential, which may be missing (`kept`).
    for setting in [&keys::CACHE, &keys::CACHE_DIRECTORY] {
        lookup.find(setting);
    }
    surroundings
}

/// Combines a credential with the other settings, checked in the provider's order.
fn settings_of(
    credential: Result<CredentialSpec, Error>,
    cloud: &cloud::NamedCloud,
    surroundings: Surroundings,
) -> Result<Settings, Error> {
    cloud.check_authority(&credential)?;
    let auxiliary = if surroundings.is_providers { surroundings.auxiliary? } else { Vec::new() };
    let credential = credential?;
    let asks_az = surroundings.is_providers && matches!(credential, CredentialSpec::AzureCli(_));
    let settings = Settings {
        cloud: cloud.choice_or(if asks_az { CloudChoice::FromAzureCli } else { CloudChoice::default() }),
        authority: cloud.authority.clone(),
        additionally_allowed_tenants: auxiliary.into_iter().chain(surroundings.allowed).collect(),
        region: surroundings.region?,
        network: surroundings.network?,
        log_level: surroundings.log_level?,
        ..Settings::of(credential)
    };
    if !surroundings.is_providers {
        return Ok(settings);
    }
    Ok(Settings { identity: surroundings.identity, ..settings })
}

/// Returns a value as Pulumi's sentences repeat it, if it may be shown, and shortened if it is longer than any sensible
/// one.
fn quoted(setting: &str, raw: &str) -> String {
    if suspicion(raw).is_some() {
        return hidden(setting, raw);
    }
    printable(raw).chars().take(MOST_SHOWN).collect()
}

const MOST_SHOWN: usize = 200;

fn log_level(lookup: &Lookup<'_>) -> Result<Option<LogLevel>, Error> {
    let name = keys::LOG.name();
    let Some(value) = lookup.variable(name) else { return Ok(None) };
    let unknown = || Error::configuration(format!("{name} must be error, warn, info or debug"), [name]);
    LogLevel::parse(value).ok_or_else(unknown).map(Some)
}

#[cfg(test)]
mod tests;
