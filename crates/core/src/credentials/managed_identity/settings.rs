//! Which host's managed identity it is (parity §4): each host sets variables of its own. The order is azidentity's.

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
        Context, SeenSetting,
    },
    host::Environment,
    types::{CredentialKind, Error, Secret},
};

/// What the default chain looks at.
const SETTINGS_IN_CHAIN: &[&keys::Setting] = &[&keys::AZURE_CLIENT_ID];

pub(crate) const DESCRIPTOR: Descriptor<ManagedIdentitySpec> = Descriptor::new(
    &[CLIENT_ID, CredentialOption::text("objectId"), CredentialOption::text("resourceId")],
    |context, options| ManagedIdentitySpec::of_options(context, options, ""),
)
// Whether an IMDS answers is looked at first where others wait for their turn.
.in_production("ManagedIdentityCredential", SETTINGS_IN_CHAIN, ManagedIdentitySpec::of_environment);

/// What says which host it is.
pub(crate) const SETTINGS: &[&Setting] = &[
    &keys::IDENTITY_ENDPOINT,
    &keys::IDENTITY_HEADER,
    &keys::IDENTITY_SERVER_THUMBPRINT,
    &keys::IMDS_ENDPOINT,
    &keys::MSI_ENDPOINT,
    &keys::MSI_SECRET,
    &keys::DEFAULT_IDENTITY_CLIENT_ID,
    &keys::AZURE_POD_IDENTITY_AUTHORITY_HOST,
];

/// Where the agent of Azure Arc listens.
const ARC_AGENT: &str = "http://127.0.0.1:40342/metadata/identity/oauth2/token";

/// What was seen for a kind: of its own settings, and for a managed identity of its host's.
pub(crate) fn seen(lookup: &Lookup<'_>, kind: CredentialKind, own: &[&Setting]) -> Vec<SeenSetting> {
    let mut seen = lookup.seen(own);
    if kind == CredentialKind::ManagedIdentity {
        seen.extend(lookup.seen(SETTINGS));
    }
    seen
}

fn host(environment: &Environment, has_arc_agent: bool) -> ManagedIdentityHost {
    by_identity_endpoint(environment)
        .or_else(|| by_msi_endpoint(environment))
        .or_else(|| has_arc_agent.then(|| ManagedIdentityHost::Arc { endpoint: ARC_AGENT.to_owned() }))
        .unwrap_or_else(|| ManagedIdentityHost::Imds { authority_host: imds(environment) })
}

fn by_identity_endpoint(environment: &Environment) -> Option<ManagedIdentityHost> {
    let endpoint = environment.var(keys::IDENTITY_ENDPOINT.name())?.to_owned();
    let Some(header) = environment.var(keys::IDENTITY_HEADER.name()).map(Secret::new) else {
        let is_arc = environment.var(keys::IMDS_ENDPOINT.name()).is_some();
        return is_arc.then_some(ManagedIdentityHost::Arc { endpoint });
    };
    Some(match environment.var(keys::IDENTITY_SERVER_THUMBPRINT.name()) {
        Some(thumbprint) => ManagedIdentityHost::ServiceFabric { endpoint, header, thumbprint: thumbprint.to_owned() },
        None => ManagedIdentityHost::AppService { endpoint, header },
    })
}

fn by_msi_endpoint(environment: &Environment) -> Option<ManagedIdentityHost> {
    let endpoint = environment.var(keys::MSI_ENDPOINT.name())?.to_owned();
    Some(match environment.var(keys::MSI_SECRET.name()).map(Secret::new) {
        Some(secret) => ManagedIdentityHost::MachineLearning {
            endpoint,
            secret,
            default_client_id: environment.var(keys::DEFAULT_IDENTITY_CLIENT_ID.name()).map(str::to_owned),
        },
        None => ManagedIdentityHost::CloudShell { endpoint },
    })
}

pub(crate) fn imds(environment: &Environment) -> String {
    let named = environment.var(keys::AZURE_POD_IDENTITY_AUTHORITY_HOST.name());
    named.unwrap_or(IMDS).trim_end_matches('/').to_owned()
}

impl ManagedIdentitySpec {
    /// `prefix`: before the names of the ids, where they are members of an object.
    pub(crate) fn of_options(context: &Context<'_>, options: &Options<'_>, prefix: &str) -> Result<Self, Error> {
        let names = ["clientId", "objectId", "resourceId"].map(|name| format!("{prefix}{name}"));
        let given = options.at_most_one_of(&[&names[0], &names[1], &names[2]])?;
        let identity = match given {
            None => ManagedIdentityId::SystemAssigned,
            Some(name) => user_assigned(name, options.required(name)?.to_owned()),
        };
        Ok(Self::of_this_host(context, identity))
    }

    /// `clientId`, if there is one, names the identity; `AZURE_CLIENT_ID` is not for this method.
    pub(crate) fn of_provider(context: &Context<'_>) -> Self {
        Self::of_this_host(context, by_client_id(context, &keys::CLIENT_ID))
    }

    /// `AZURE_CLIENT_ID`, if it is set, names the identity; the provider's `clientId` does not. `probe`: see there.
    pub(crate) fn of_environment(context: &Context<'_>, probe: bool) -> Result<Self, Error> {
        let identity = by_client_id(context, &keys::AZURE_CLIENT_ID);
        let spec = Self { probe, ..Self::of_this_host(context, identity) };
        spec.check(keys::AZURE_CLIENT_ID.name())?;
        Ok(spec)
    }

    fn of_this_host(context: &Context<'_>, identity: ManagedIdentityId) -> Self {
        Self { identity, host: host(context.environment(), context.has_arc_agent), probe: false }
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
