//! Which cloud (parity §5): the metadata host, else the environment's name, else another rule decides.

use super::super::{keys, lookup::Lookup, CloudChoice};
use crate::types::{Authority, Cloud, Error};

/// The cloud as far as settings name it.
pub(super) struct NamedCloud {
    pub(super) choice: Option<CloudChoice>,
    pub(super) authority: Option<Authority>,
}

impl NamedCloud {
    pub(super) fn is_named(&self) -> bool {
        self.choice.is_some()
    }

    pub(super) fn choice_or(&self, unnamed: CloudChoice) -> CloudChoice {
        self.choice.clone().unwrap_or(unnamed)
    }

    /// The name that az must be set to; a metadata document's is known later.
    pub(super) fn configured_name(&self) -> Option<&str> {
        self.choice.as_ref()?.known()?.name.as_deref()
    }
}

/// What a credential by hand reads of its cloud in the environment, where its options name none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum CloudReading {
    /// Its settings are its options alone.
    #[default]
    Nothing,
    /// `AZURE_AUTHORITY_HOST`.
    Authority,
    /// All that the login context reads.
    Cloud,
}

impl CloudReading {
    pub(super) fn of(self, lookup: &Lookup<'_>) -> Result<NamedCloud, Error> {
        match self {
            Self::Nothing => Ok(NamedCloud { choice: None, authority: None }),
            Self::Authority => of_authority_host(lookup),
            Self::Cloud => of_lookup(lookup),
        }
    }
}

/// What configuration and environment say. `AZURE_AUTHORITY_HOST` counts where they name no cloud.
pub(super) fn of_lookup(lookup: &Lookup<'_>) -> Result<NamedCloud, Error> {
    if let Some(host) = lookup.find(&keys::METADATA_HOST) {
        return Ok(NamedCloud { choice: Some(of_metadata(host.value, &host.seen.name)?), authority: None });
    }
    if let Some(name) = lookup.find(&keys::ENVIRONMENT).or_else(|| lookup.find(&keys::AZURE_ENVIRONMENT)) {
        return Ok(NamedCloud { choice: Some(of_name(name.value, &name.seen.name)?), authority: None });
    }
    of_authority_host(lookup)
}

fn of_authority_host(lookup: &Lookup<'_>) -> Result<NamedCloud, Error> {
    let authority = lookup.find(&keys::AZURE_AUTHORITY_HOST);
    let authority = authority.map(|found| Authority::parse(found.value, &found.seen.name)).transpose()?;
    Ok(NamedCloud { choice: None, authority })
}

/// What a credential's own options say, in the names that these have.
pub(super) fn of_options(
    metadata_host: Option<&str>,
    environment: Option<&str>,
    authority_host: Option<&str>,
) -> Result<NamedCloud, Error> {
    let of_environment = || environment.map(|name| of_name(name, "environment"));
    let choice = metadata_host.map(|host| of_metadata(host, "metadataHost")).or_else(of_environment).transpose()?;
    let authority = authority_host.map(|host| Authority::parse(host, "authorityHost")).transpose()?;
    Ok(NamedCloud { choice, authority })
}

fn of_name(name: &str, setting: &str) -> Result<CloudChoice, Error> {
    let cloud = Cloud::named(name).ok_or_else(|| {
        let message = format!(
            "configuration data is not available for Azure environment '{name}' and ARM_METADATA_HOSTNAME is not set. \
             {setting} must be public, usgovernment, china or another of their names"
        );
        Error::configuration(message, [setting, keys::METADATA_HOST.name()])
    })?;
    Ok(CloudChoice::Known(cloud))
}

fn of_metadata(host: &str, setting: &str) -> Result<CloudChoice, Error> {
    let address = if host.contains("://") { host.to_owned() } else { format!("https://{host}") };
    let is_secure = url::Url::parse(&address).is_ok_and(|url| url.scheme() == "https" && url.username().is_empty());
    if !is_secure {
        let message = format!(
            "{setting} must be a host name or an https address, because what it says decides where secrets are sent"
        );
        return Err(Error::configuration(message, [setting]));
    }
    Ok(CloudChoice::FromMetadata { host: address.trim_end_matches('/').to_owned() })
}
