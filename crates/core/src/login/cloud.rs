//! Chooses the cloud (parity §5): by the metadata host; without one, by the cloud's name; without both, by the
//! credential.

use super::CloudChoice;
use crate::{
    config::{
        keys::{self, Setting},
        lookup::Lookup,
        Context,
    },
    credentials::{ChainSpec, CloudReading, CredentialSpec},
    types::{suspicion, Authority, Cloud, Error},
};
use url::{Host, Url};

/// The cloud as the settings name it.
#[derive(Default)]
pub(super) struct NamedCloud {
    pub(super) choice: Option<CloudChoice>,
    pub(super) authority: Option<Authority>,
    /// Why the authority in the environment cannot be used.
    pub(super) mistake: Option<Error>,
}

impl NamedCloud {
    /// Returns the context for a credential in that cloud.
    pub(super) fn context<'a>(&'a self, context: &'a Context<'a>) -> Context<'a> {
        Context { cloud_name: self.configured_name(), authority_mistake: self.mistake.as_ref(), ..*context }
    }

    pub(super) fn is_named(&self) -> bool {
        self.choice.is_some()
    }

    pub(super) fn choice_or(&self, unnamed: CloudChoice) -> CloudChoice {
        self.choice.clone().unwrap_or(unnamed)
    }

    /// Returns an error if the authority cannot be used, except for the default chain, which skips the members that
    /// would send something there.
    pub(super) fn check_authority(&self, credential: &Result<CredentialSpec, Error>) -> Result<(), Error> {
        match (&self.mistake, credential) {
            (Some(_), Ok(CredentialSpec::Chain(chain))) if does_without_authority(chain) => Ok(()),
            (Some(mistake), _) => Err(mistake.clone()),
            (None, _) => Ok(()),
        }
    }

    /// Returns the name to which az must be set; that of a metadata document is known later.
    fn configured_name(&self) -> Option<&str> {
        self.choice.as_ref()?.known()?.name.as_deref()
    }
}

impl CloudReading {
    /// Returns the cloud that these settings name. `own`: the authority in the credential's options.
    /// `AZURE_AUTHORITY_HOST` applies if no other setting names one.
    /// else names one.
    pub(super) fn of(self, lookup: &Lookup<'_>, own: Option<Authority>) -> Result<NamedCloud, Error> {
        let choice = if self == Self::Cloud { choice(lookup)? } else { None };
        if self == Self::Nothing || choice.is_some() || own.is_some() {
            return Ok(NamedCloud { choice, authority: own, mistake: None });
        }
        let authority = lookup.find(&keys::AZURE_AUTHORITY_HOST);
        let authority = authority.map(|found| Authority::parse(found.value, &found.seen.name)).transpose();
        let (authority, mistake) =
            authority.map_or_else(|mistake| (None, Some(mistake)), |authority| (authority, None));
        // A host of Microsoft's own identifies the cloud, and so the default endpoint.
        let of_authority = || authority.as_ref().and_then(Cloud::of_authority).map(CloudChoice::Known);
        let choice = if self == Self::Authority { of_authority() } else { None };
        Ok(NamedCloud { choice, authority, mistake })
    }
}

/// Returns the cloud, or the public one and the error.
pub(super) fn or_default(named: Result<NamedCloud, Error>) -> (NamedCloud, Result<(), Error>) {
    match named {
        Ok(cloud) => (cloud, Ok(())),
        Err(error) => (NamedCloud::default(), Err(error)),
    }
}

/// Reads the cloud from configuration and environment.
pub(super) fn of_lookup(lookup: &Lookup<'_>) -> Result<NamedCloud, Error> {
    CloudReading::Cloud.of(lookup, None)
}

fn choice(lookup: &Lookup<'_>) -> Result<Option<CloudChoice>, Error> {
    if let Some(host) = lookup.find(&keys::METADATA_HOST) {
        return of_metadata(host.value, &host.seen.name).map(Some);
    }
    let name = names(lookup).iter().find_map(|setting| lookup.find(setting));
    name.map(|name| of_name(name.value, &name.seen.name)).transpose()
}

/// Returns the settings that name a cloud. The provider reads its configuration twice, each time with another variable
/// as the second choice. A key that is present hides both variables, even if it is empty.
fn names(lookup: &Lookup<'_>) -> Vec<&'static Setting> {
    if lookup.is_configured(&keys::ENVIRONMENT) {
        return vec![&keys::ENVIRONMENT];
    }
    vec![&keys::ENVIRONMENT, &keys::AZURE_ENVIRONMENT]
}

/// Reads the cloud from a credential's own options, under their names.
pub(super) fn of_options(
    metadata_host: Option<&str>,
    environment: Option<&str>,
    authority_host: Option<&str>,
) -> Result<NamedCloud, Error> {
    let of_environment = || environment.map(|name| of_name(name, "environment"));
    let choice = metadata_host.map(|host| of_metadata(host, "metadataHost")).or_else(of_environment).transpose()?;
    let authority = authority_host.map(|host| Authority::parse(host, "authorityHost")).transpose()?;
    Ok(NamedCloud { choice, authority, mistake: None })
}

/// Returns whether each member of the chain uses no authority, or is a default chain.
fn does_without_authority(chain: &ChainSpec) -> bool {
    let mut members = chain.members.iter().filter_map(|member| member.credential.as_deref().ok());
    chain.is_default
        || members.all(|member| match member {
            CredentialSpec::Chain(chain) => does_without_authority(chain),
            single => single.principal().is_none(),
        })
}

fn of_name(name: &str, setting: &str) -> Result<CloudChoice, Error> {
    let cloud = Cloud::named(name).ok_or_else(|| {
        let raw = super::quoted(setting, name);
        let message = format!(
            "configuration data is not available for Azure environment '{raw}' and ARM_METADATA_HOSTNAME is not set. \
             {setting} must be public, usgovernment, china or another of their names"
        );
        Error::configuration(message, [setting, keys::METADATA_HOST.name()])
    })?;
    Ok(CloudChoice::Known(cloud))
}

/// Pulumi's provider accepts http from any host. This package accepts it from this machine only: elsewhere an attacker
/// on the network could write the document, which decides where the client's secret is sent.
fn of_metadata(host: &str, setting: &str) -> Result<CloudChoice, Error> {
    let address = if host.contains("://") { host.to_owned() } else { format!("https://{host}") };
    if suspicion(host).is_some()
        || !Url::parse(&address)
            .is_ok_and(|url| is_bare(&url) && (url.scheme() == "https" || is_http_of_this_machine(&url)))
    {
        let message = format!(
            "{setting} must be a host name or an https address, because what it says decides where secrets are sent; \
             http is for this machine (localhost, 127.0.0.1, [::1])"
        );
        return Err(Error::configuration(message, [setting]));
    }
    Ok(CloudChoice::FromMetadata { host: address.trim_end_matches('/').to_owned() })
}

fn is_bare(url: &Url) -> bool {
    let has_user = !url.username().is_empty() || url.password().is_some();
    !has_user && url.query().is_none() && url.fragment().is_none()
}

fn is_http_of_this_machine(url: &Url) -> bool {
    url.scheme() == "http"
        && match url.host() {
            Some(Host::Domain(name)) => name == "localhost",
            Some(Host::Ipv4(address)) => address.is_loopback(),
            Some(Host::Ipv6(address)) => address.is_loopback(),
            None => false,
        }
}
