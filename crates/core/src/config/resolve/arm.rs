//! The provider's rules (parity §3): the first method that applies is the one; its failure never leads to another.

use super::{
    super::{
        considered::{ConsideredSource, Decision},
        keys::{self, Setting},
        CertificateOrigin, CertificateSpec, ClientCertificateSpec, ClientSecretSpec, CredentialSpec, ManagedIdentityId,
        ManagedIdentitySpec, ServicePrincipal,
    },
    default_chain, managed_identity, oidc, tools, Choice, Context,
};
use crate::types::{CredentialKind, Error, Topic};
use std::path::PathBuf;

/// A method of the provider's.
struct Method {
    kind: CredentialKind,
    /// What it looks at, first what asks for it.
    settings: &'static [&'static Setting],
    /// Whether anything asks for it.
    applies: fn(&Context<'_>) -> bool,
    build: fn(&Context<'_>) -> Result<CredentialSpec, Error>,
}

/// In the provider's order; the default chain comes before them, the Azure CLI after.
const METHODS: [Method; 4] = [
    Method {
        kind: CredentialKind::ClientCertificate,
        settings: &[
            &keys::CLIENT_CERTIFICATE_PATH,
            &keys::CLIENT_CERTIFICATE_PASSWORD,
            &keys::TENANT_ID,
            &keys::CLIENT_ID,
        ],
        applies: |context| context.lookup.text(&keys::CLIENT_CERTIFICATE_PATH).is_some(),
        build: client_certificate,
    },
    Method {
        kind: CredentialKind::ClientSecret,
        settings: &[&keys::CLIENT_SECRET, &keys::TENANT_ID, &keys::CLIENT_ID],
        applies: |context| context.lookup.text(&keys::CLIENT_SECRET).is_some(),
        build: client_secret,
    },
    Method {
        kind: CredentialKind::Oidc,
        settings: oidc::SETTINGS,
        applies: |context| context.lookup.is_true(&keys::USE_OIDC),
        build: oidc::credential,
    },
    Method {
        kind: CredentialKind::ManagedIdentity,
        settings: &[&keys::USE_MSI, &keys::CLIENT_ID],
        applies: |context| context.lookup.is_true(&keys::USE_MSI),
        build: |context| Ok(user_assigned(context)),
    },
];

/// Chooses the method. `cloud_name`: the cloud that is configured, which az must be set to.
pub(super) fn decide(context: &Context<'_>, cloud_name: Option<&str>) -> Choice {
    if context.lookup.is_true(&keys::USE_DEFAULT_AZURE_CREDENTIAL) {
        return default_chain::choice(context, cloud_name);
    }
    let place = METHODS.iter().position(|method| (method.applies)(context));
    let passed = &METHODS[..place.unwrap_or(METHODS.len())];
    let considered = passed.iter().map(|method| method.considered(context, Decision::NotConfigured)).collect();
    let chosen = place.map_or_else(|| unconfigured(context, cloud_name), |place| METHODS[place].chosen(context));
    chosen.after(considered)
}

/// Nothing is configured: inside Pulumi the Azure CLI, elsewhere what a script expects.
fn unconfigured(context: &Context<'_>, cloud_name: Option<&str>) -> Choice {
    if !context.is_inside_pulumi() {
        return default_chain::choice(context, cloud_name);
    }
    let settings = context.lookup.seen(&[&keys::SUBSCRIPTION_ID, &keys::AZURE_CONFIG_DIR]);
    let chosen = ConsideredSource { source: CredentialKind::AzureCli, decision: Decision::Chosen, settings };
    Choice { credential: Ok(tools::azure_cli_of_provider(context, cloud_name)), considered: vec![chosen] }
}

impl Choice {
    fn after(self, mut earlier: Vec<ConsideredSource>) -> Self {
        earlier.extend(self.considered);
        Self { considered: earlier, ..self }
    }
}

impl Method {
    fn chosen(&self, context: &Context<'_>) -> Choice {
        let credential = (self.build)(context).map_err(|error| error.with_topic(Topic::Credential(self.kind)));
        let decision = if credential.is_ok() { Decision::Chosen } else { Decision::Incomplete };
        Choice { credential, considered: vec![self.considered(context, decision)] }
    }

    fn considered(&self, context: &Context<'_>, decision: Decision) -> ConsideredSource {
        ConsideredSource { source: self.kind, decision, settings: context.lookup.seen(self.settings) }
    }
}

fn client_certificate(context: &Context<'_>) -> Result<CredentialSpec, Error> {
    let principal = principal(context, "as a Service Principal using a Client Certificate")?;
    let path = context.lookup.text(&keys::CLIENT_CERTIFICATE_PATH).unwrap_or_default();
    let certificate = CertificateSpec {
        origin: CertificateOrigin::File(PathBuf::from(path)),
        password: context.lookup.secret(&keys::CLIENT_CERTIFICATE_PASSWORD),
        send_chain: false,
        setting: context.lookup.name(&keys::CLIENT_CERTIFICATE_PATH),
    };
    Ok(CredentialSpec::ClientCertificate(ClientCertificateSpec { principal, certificate }))
}

fn client_secret(context: &Context<'_>) -> Result<CredentialSpec, Error> {
    let principal = principal(context, "as a Service Principal using a Client Secret")?;
    let client_secret = context.lookup.secret(&keys::CLIENT_SECRET);
    let client_secret = client_secret.ok_or_else(|| context.lookup.missing(&[&keys::CLIENT_SECRET]))?;
    let setting = context.lookup.name(&keys::CLIENT_SECRET);
    Ok(CredentialSpec::ClientSecret(ClientSecretSpec { principal, client_secret, setting }))
}

/// `clientId`, if there is one, names the identity; `AZURE_CLIENT_ID` is not for this method.
fn user_assigned(context: &Context<'_>) -> CredentialSpec {
    let client_id = context.lookup.text(&keys::CLIENT_ID).map(str::to_owned);
    CredentialSpec::ManagedIdentity(ManagedIdentitySpec {
        identity: client_id.map_or(ManagedIdentityId::SystemAssigned, ManagedIdentityId::ClientId),
        host: managed_identity::host(context.environment(), context.has_arc_agent),
        probe: false,
    })
}

/// Tenant and client id, checked in the provider's order and complained about in its words. (It would ask for a
/// subscription id before both; no token needs one.)
pub(super) fn principal(context: &Context<'_>, method: &str) -> Result<ServicePrincipal, Error> {
    let needed: [(&Setting, &str); 2] = [(&keys::TENANT_ID, "Tenant ID"), (&keys::CLIENT_ID, "Client ID")];
    let absent = context.lookup.absent(&needed.map(|(setting, _)| setting));
    let first = needed.iter().find(|(setting, _)| context.lookup.find(setting).is_none());
    if let Some((_, title)) = first {
        let missing = context.lookup.missing(&absent);
        let message =
            format!("A {title} must be configured when authenticating {method}. Here is {}", missing.message());
        return Err(Error::configuration(message, missing.settings().to_vec()));
    }
    Ok(ServicePrincipal {
        tenant: context.lookup.tenant(&keys::TENANT_ID)?,
        client_id: context.lookup.client_id(&keys::CLIENT_ID)?,
    })
}
