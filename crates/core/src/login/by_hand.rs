//! A credential whose settings the program gives by hand; the environment takes part only where the kind says so.

use super::{arm, cloud, default_chain, kept, kinds, Settings};
use crate::{
    config::{
        keys,
        options::{is_common, Options, COMMON},
        Considered, ConsideredSource, Context, CredentialOptions, Decision, ProxySettings, SeenSetting,
    },
    credentials::{CloudReading, CredentialSpec, Kind},
    types::{CredentialKind, Error},
};

pub(super) fn settings(context: &Context<'_>, given: &CredentialOptions) -> Result<Settings, Error> {
    let options = Options::new(given);
    let kind = kinds::kind(&options)?;
    let settings = of_kind(kind, context, &options).map_err(|error| error.with_help(kind.help))?;
    Ok(Settings { considered: considered(context, given), ..settings })
}

fn of_kind(kind: &Kind<CredentialSpec>, context: &Context<'_>, options: &Options<'_>) -> Result<Settings, Error> {
    options.check_names(&COMMON, |name| kind.descriptor.has_option(name))?;
    let cloud = named_cloud(context, options, kinds::cloud_reading(kind, options))?;
    let credential = (kind.descriptor.build)(&cloud.context(context), options);
    cloud.check_authority(&credential)?;
    let is_providers = kind.name == kinds::PULUMI;
    let base = super::of_login(context, credential?, &cloud, is_providers)?;
    with_common(context, base, options)
}

/// What is considered for a credential by hand: itself, or a chain's members.
pub(super) fn considered(context: &Context<'_>, given: &CredentialOptions) -> Considered {
    let options = Options::new(given);
    let Ok(kind) = kinds::kind(&options) else { return Considered::default() };
    let cloud = named_cloud(context, &options, kinds::cloud_reading(kind, &options)).unwrap_or_default();
    let context = &cloud.context(context);
    let sources = match kind.name {
        kinds::PULUMI => arm::decide(&context.of_provider()).considered,
        kinds::CHAIN => options.members().iter().flat_map(|member| of_member(context, member)).collect(),
        _ => of_member(context, &options),
    };
    Considered { sources, settings: surroundings(context, &options, kind) }
}

/// The default chain is told of with its sources, wherever it stands.
fn of_member(context: &Context<'_>, options: &Options<'_>) -> Vec<ConsideredSource> {
    let own = options.seen(|name| !is_common(name));
    match options.kind() {
        kinds::DEFAULT => match default_chain::check_required_variables(context, options.list("requiredEnvVars")) {
            Ok(()) => default_chain::choice(context).asked_for_by(own).considered,
            Err(error) => vec![ConsideredSource::incomplete(CredentialKind::Chain, error, own)],
        },
        _ => vec![of_one(context, options, own)],
    }
}

fn of_one(context: &Context<'_>, options: &Options<'_>, mut seen: Vec<SeenSetting>) -> ConsideredSource {
    let kind = kinds::kind(options);
    let built = kind.clone().and_then(|kind| (kind.descriptor.build)(context, options));
    seen.extend(kinds::seen_in_environment(context, options));
    match built {
        Ok(spec) => ConsideredSource::without_error(spec.kind(), Decision::Chosen, seen),
        Err(error) => {
            let leads_to = kind.map_or(CredentialKind::Chain, |kind| (kind.leads_to)(context));
            ConsideredSource::incomplete(leads_to, error, seen)
        }
    }
}

/// What was seen of the options that every credential has, and of the environment around them.
fn surroundings(context: &Context<'_>, options: &Options<'_>, kind: &Kind<CredentialSpec>) -> Vec<SeenSetting> {
    let names_cloud = ["environment", "metadataHost"].iter().any(|name| options.has(name));
    let mut cloud = if names_cloud { Vec::new() } else { kinds::cloud_reading(kind, options).seen(&context.lookup) };
    if options.has("authorityHost") {
        cloud.retain(|seen| seen.name != keys::AZURE_AUTHORITY_HOST.name());
    }
    let is_pulumi = |options: &Options<'_>| options.kind() == kinds::PULUMI;
    let is_providers = is_pulumi(options) || options.members().iter().any(is_pulumi);
    let provider = if is_providers { context.lookup.seen(&super::PROVIDERS_SURROUNDINGS) } else { Vec::new() };
    let own = options.seen(is_common);
    [own, cloud, provider, context.lookup.seen(&super::SURROUNDINGS)].concat()
}

fn named_cloud(
    context: &Context<'_>,
    options: &Options<'_>,
    reading: CloudReading,
) -> Result<cloud::NamedCloud, Error> {
    let text = |name| options.text(name);
    let own = cloud::of_options(text("metadataHost"), text("environment"), text("authorityHost"))?;
    if own.is_named() {
        return Ok(own);
    }
    reading.of(&context.lookup, own.authority)
}

/// The options that every credential has.
fn with_common(context: &Context<'_>, settings: Settings, options: &Options<'_>) -> Result<Settings, Error> {
    let kept = kept::of_options(context.environment(), options, &settings.credential)?;
    let mut network = settings.network;
    if let Some(proxy) = options.text("proxy") {
        network.proxy = proxy_settings(proxy)?;
    }
    network.trust.extra = options.texts("ca");
    let own = options.texts("additionallyAllowedTenants").into_iter().chain(settings.additionally_allowed_tenants);
    Ok(Settings {
        network,
        timeout: options.milliseconds("timeout")?,
        expected: options.expected()?,
        store: kept.store,
        warnings: settings.warnings.into_iter().chain(kept.warning).collect(),
        additionally_allowed_tenants: own.collect(),
        ..settings
    })
}

/// `false` stands for none.
fn proxy_settings(proxy: &str) -> Result<ProxySettings, Error> {
    if proxy == "false" {
        return Ok(ProxySettings::default());
    }
    ProxySettings::all(proxy, "proxy")
}
