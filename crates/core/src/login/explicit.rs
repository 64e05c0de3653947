//! An explicit credential, made from the program's options. Its kind decides which variables it reads as well.

use super::{cloud, explicit_kinds, settings_of, surroundings, token_stores, Resolved, Settings, Surroundings};
use crate::{
    config::{
        options::{is_common, Options, COMMON},
        Considered, Context, CredentialOptions, ProxySettings,
    },
    credentials::{CloudReading, CredentialSpec, Kind},
    types::Error,
};

pub(super) fn resolved(context: &Context<'_>, given: &CredentialOptions) -> Resolved {
    let options = Options::new(given);
    match explicit_kinds::kind(&options) {
        Ok(kind) => of_kind(kind, context, &options),
        Err(error) => Resolved { settings: Err(error), considered: Considered::default() },
    }
}

fn of_kind(kind: &Kind<CredentialSpec>, context: &Context<'_>, options: &Options<'_>) -> Resolved {
    // The section of the kind explains its own settings. Those that all kinds share, such as the proxy, are explained with
    // the code.
    let of_kind = |error: Error| error.with_help(kind.help);
    let checked = options.check_names(&COMMON, |name| kind.descriptor.has_option(name)).map_err(of_kind);
    let reading = explicit_kinds::cloud_reading(kind, options);
    let (named, of_cloud) = context.lookup.recording(|| named_cloud(context, options, reading));
    let (cloud, named) = cloud::or_default(named);
    let choice = explicit_kinds::choice(kind, &cloud.context(context), options);
    let (surroundings, of_surroundings) = context.lookup.recording(|| surroundings(context, has_provider(options)));
    let considered = Considered {
        sources: choice.considered,
        settings: [options.seen(is_common), of_cloud, of_surroundings].concat(),
    };
    let surroundings = Surroundings {
        is_providers: kind.name == explicit_kinds::PULUMI,
        auxiliary: surroundings.auxiliary.map_err(of_kind),
        ..surroundings
    };
    let credential = choice.credential.map_err(of_kind);
    let settings = checked.and(named).and_then(|()| settings_of(credential, &cloud, surroundings));
    Resolved { settings: settings.and_then(|settings| with_common(context, settings, options)), considered }
}

/// Returns whether the provider's own settings apply, even in one member of a chain.
fn has_provider(options: &Options<'_>) -> bool {
    let is_pulumi = |options: &Options<'_>| options.kind() == explicit_kinds::PULUMI;
    is_pulumi(options) || options.members().iter().any(is_pulumi)
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

/// Applies the options that every credential has.
fn with_common(context: &Context<'_>, settings: Settings, options: &Options<'_>) -> Result<Settings, Error> {
    let kept = token_stores::of_options(context, options, &settings.credential)?;
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
        retry: options.retry(),
        warnings: settings.warnings.into_iter().chain(kept.warning).collect(),
        additionally_allowed_tenants: own.collect(),
        ..settings
    })
}

/// Reads the option `proxy`; `false` means no proxy.
fn proxy_settings(proxy: &str) -> Result<ProxySettings, Error> {
    if proxy == "false" {
        return Ok(ProxySettings::default());
    }
    ProxySettings::all(proxy, "proxy")
}
