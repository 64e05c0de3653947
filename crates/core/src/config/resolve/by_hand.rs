//! A credential whose settings the program gives by hand; the environment takes part only where the kind says so.

use super::{
    super::{
        considered::{ConsideredSource, Decision},
        CredentialOptions, CredentialSpec, ProxySettings, Settings,
    },
    arm, cloud, kinds,
    options::{Options, COMMON},
    Context,
};
use crate::types::{CredentialKind, Error, Secret};

pub(super) fn settings(context: &Context<'_>, given: &CredentialOptions) -> Result<Settings, Error> {
    let options = Options::new(given);
    let kind = kinds::kind(&options)?;
    options.check_names(|name| COMMON.contains(&name) || kind.options.contains(&name))?;
    let cloud = named_cloud(context, &options, kind.cloud_reading(&options))?;
    let credential = (kind.build)(context, &options, cloud.configured_name())?;
    let is_providers = kind.name == kinds::PULUMI;
    let base = super::of_login(&kinds::context_of(context, is_providers), credential, &cloud, is_providers)?;
    let considered = considered(context, given);
    with_common(Settings { considered, ..base }, &options)
}

/// What is considered for a credential by hand: itself, or a chain's members.
pub(super) fn considered(context: &Context<'_>, given: &CredentialOptions) -> Vec<ConsideredSource> {
    let options = Options::new(given);
    let Ok(kind) = kinds::kind(&options) else { return Vec::new() };
    match kind.name {
        kinds::PULUMI => arm::decide(&kinds::context_of(context, true), None).considered,
        kinds::DEFAULT => super::default_chain::choice(context, None).considered,
        kinds::CHAIN => options.members().iter().map(|member| of_one(context, member)).collect(),
        _ => vec![of_one(context, &options)],
    }
}

fn of_one(context: &Context<'_>, options: &Options<'_>) -> ConsideredSource {
    let built = kinds::kind(options).and_then(|kind| (kind.build)(context, options, None));
    let source = built.as_ref().map_or(CredentialKind::Chain, CredentialSpec::kind);
    let decision = if built.is_ok() { Decision::Chosen } else { Decision::Incomplete };
    let mut settings = options.seen();
    settings.extend(kinds::seen_in_environment(context, options));
    ConsideredSource { source, decision, settings }
}

fn named_cloud(
    context: &Context<'_>,
    options: &Options<'_>,
    reading: cloud::CloudReading,
) -> Result<cloud::NamedCloud, Error> {
    let text = |name| options.text(name);
    let own = cloud::of_options(text("metadataHost"), text("environment"), text("authorityHost"))?;
    if own.is_named() {
        return Ok(own);
    }
    let around = reading.of(&context.lookup)?;
    Ok(cloud::NamedCloud { authority: own.authority.or(around.authority), ..around })
}

/// The options that every credential has.
fn with_common(settings: Settings, options: &Options<'_>) -> Result<Settings, Error> {
    let mut network = settings.network;
    if let Some(proxy) = options.text("proxy") {
        network.proxy = proxy_settings(proxy)?;
    }
    network.trust.extra = options.texts("ca");
    let own = options.texts("additionallyAllowedTenants").into_iter().chain(settings.additionally_allowed_tenants);
    Ok(Settings {
        network,
        timeout: options.milliseconds("timeout")?,
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

/// Variables that the program declares to be indispensable.
pub(super) fn check_required_variables(context: &Context<'_>, names: &[Secret]) -> Result<(), Error> {
    let names = names.iter().map(Secret::expose);
    let absent: Vec<_> = names.filter(|name| context.environment().var(name).is_none()).collect();
    if absent.is_empty() {
        return Ok(());
    }
    let message = format!("the option requiredEnvVars names variables that are not set: {}", absent.join(", "));
    Err(Error::configuration(message, absent))
}
