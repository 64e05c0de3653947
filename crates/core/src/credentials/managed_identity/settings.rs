//! Recognises the host by the variables that it sets (parity §4). The order is azidentity's.

use super::{
    super::descriptor::{CredentialOption, Descriptor, CLIENT_ID},
    specification::IMDS,
    ManagedIdentityHost, ManagedIdentityId, ManagedIdentitySpec,
};
use crate::{
    config::{
        keys::{self, Setting},
        lookup::Lookup,
        options::Options,
        Context,
    },
    types::{Error, Secret},
};

pub(crate) const DESCRIPTOR: Descriptor<ManagedIdentitySpec> = Descriptor::new(
    &[CLIENT_ID, CredentialOption::text("objectId"), CredentialOption::text("resourceId")],
    |context, options| ManagedIdentitySpec::of_options(context, options, ""),
)
// In a chain with other methods, this one first probes whether an IMDS answers.
.in_production("ManagedIdentityCredential", ManagedIdentitySpec::of_environment);

/// The variables that hosts set. All are read, so that `explain()` also reports those that do not decide.
struct HostVariables<'a> {
    identity_endpoint: Option<&'a str>,
    identity_header: Option<&'a str>,
    thumbprint: Option<&'a str>,
    imds_endpoint: Option<&'a str>,
    msi_endpoint: Option<&'a str>,
    msi_secret: Option<&'a str>,
    default_client_id: Option<&'a str>,
    imds: String,
}

impl<'a> HostVariables<'a> {
    fn of(lookup: &Lookup<'a>) -> Self {
        Self {
            identity_endpoint: lookup.text(&keys::IDENTITY_ENDPOINT),
            identity_header: lookup.text(&keys::IDENTITY_HEADER),
            thumbprint: lookup.text(&keys::IDENTITY_SERVER_THUMBPRINT),
            imds_endpoint: lookup.text(&keys::IMDS_ENDPOINT),
            msi_endpoint: lookup.text(&keys::MSI_ENDPOINT),
            msi_secret: lookup.text(&keys::MSI_SECRET),
            default_client_id: lookup.text(&keys::DEFAULT_IDENTITY_CLIENT_ID),
            imds: imds(lookup),
        }
    }

    fn host(self) -> ManagedIdentityHost {
        self.by_identity_endpoint()
            .or_else(|| self.by_msi_endpoint())
            .unwrap_or(ManagedIdentityHost::Imds { authority_host: self.imds })
    }

    fn by_identity_endpoint(&self) -> Option<ManagedIdentityHost> {
        let endpoint = self.identity_endpoint?.to_owned();
        let Some(header) = self.identity_header.map(Secret::new) else {
            return self.imds_endpoint.map(|_| ManagedIdentityHost::Arc { endpoint });
        };
        Some(match self.thumbprint.map(str::to_owned) {
            Some(thumbprint) => ManagedIdentityHost::ServiceFabric { endpoint, header, thumbprint },
            None => ManagedIdentityHost::AppService { endpoint, header },
        })
    }

    fn by_msi_endpoint(&self) -> Option<ManagedIdentityHost> {
        let endpoint = self.msi_endpoint?.to_owned();
        Some(match self.msi_secret.map(Secret::new) {
            Some(secret) => {
                let default_client_id = self.default_client_id.map(str::to_owned);
                ManagedIdentityHost::MachineLearning { endpoint, secret, default_client_id }
            }
            None => ManagedIdentityHost::CloudShell { endpoint },
        })
    }
}

pub(crate) fn imds(lookup: &Lookup<'_>) -> String {
    let named = lookup.text(&keys::AZURE_POD_IDENTITY_AUTHORITY_HOST);
    named.unwrap_or(IMDS).trim_end_matches('/').to_owned()
}

impl ManagedIdentitySpec {
    /// `prefix` stands before the names of the ids if they are members of an object.
    pub(crate) fn of_options(context: &Context<'_>, options: &Options<'_>, prefix: &str) -> Result<Self, Error> {
        let names = ["clientId", "objectId", "resourceId"].map(|name| format!("{prefix}{name}"));
        let given = options.at_most_one_of(&[&names[0], &names[1], &names[2]])?;
        let identity = match given {
            None => ManagedIdentityId::SystemAssigned,
            Some(name) => user_assigned(name, options.required(name)?.to_owned()),
        };
        Ok(Self::of_this_host(context, identity))
    }

    /// `clientId`, if it is set, names the identity; this method ignores `AZURE_CLIENT_ID`.
    pub(crate) fn of_provider(context: &Context<'_>) -> Self {
        Self::of_this_host(context, by_client_id(context, &keys::CLIENT_ID))
    }

    /// `AZURE_CLIENT_ID`, if it is set, names the identity; the provider's `clientId` does not. For `probe`, see
    /// [`ManagedIdentitySpec`].
    pub(crate) fn of_environment(context: &Context<'_>, probe: bool) -> Result<Self, Error> {
        let identity = by_client_id(context, &keys::AZURE_CLIENT_ID);
        let spec = Self { probe, ..Self::of_this_host(context, identity) };
        spec.check(keys::AZURE_CLIENT_ID.name())?;
        Ok(spec)
    }

    fn of_this_host(context: &Context<'_>, identity: ManagedIdentityId) -> Self {
        Self { identity, host: HostVariables::of(&context.lookup).host(), probe: false }
    }
}

fn by_client_id(context: &Context<'_>, setting: &Setting) -> ManagedIdentityId {
    let client_id = context.lookup.text(setting).map(str::to_owned);
    client_id.map_or(ManagedIdentityId::SystemAssigned, ManagedIdentityId::ClientId)
}

fn user_assigned(name: &str, id: String) -> ManagedIdentityId {
    match name.rsplit('.').next() {
        Some("objectId") => ManagedIdentityId::ObjectId(id),
        Some("resourceId") => ManagedIdentityId::ResourceId(id),
        _ => ManagedIdentityId::ClientId(id),
    }
}
