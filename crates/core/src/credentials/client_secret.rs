//! A service principal with a client secret: RFC 6749 §4.4 as Entra ID speaks it, built by `azure_identity`.

use super::{
    azure_identity::client_credentials,
    descriptor::{CredentialOption, Descriptor, CLIENT_ID, FMI_PATH, TENANT_ID},
    principal::{Principal, ServicePrincipal, CLIENT_SECRET_PROOF},
    Acquisition, TokenSource,
};
use crate::{
    config::{keys, options::Options, Context},
    key::{KeyBuilder, KeyPart, NamePart, Reach},
    types::{AccessToken, CredentialKind, Error, Secret},
};
use ::azure_identity::{ClientSecretCredential, ClientSecretCredentialOptions};
use async_trait::async_trait;

/// A service principal with a client secret.
#[derive(Clone, Debug)]
pub struct ClientSecretSpec {
    /// Whose secret it is.
    pub principal: ServicePrincipal,
    /// The secret.
    pub client_secret: Secret,
    /// The setting that gave the secret: named when the secret is refused.
    pub setting: String,
}

pub(crate) const DESCRIPTOR: Descriptor = Descriptor::of_application(
    "clientSecret",
    &[TENANT_ID, CLIENT_ID, CredentialOption::secret("clientSecret"), FMI_PATH],
);

impl ClientSecretSpec {
    pub(crate) fn of_options(options: &Options<'_>) -> Result<Self, Error> {
        Ok(Self {
            principal: ServicePrincipal::of_options(options)?,
            client_secret: options.secret("clientSecret")?,
            setting: options.named("clientSecret"),
        })
    }

    pub(crate) fn of_provider(context: &Context<'_>) -> Result<Self, Error> {
        let setting = &keys::CLIENT_SECRET;
        let principal = ServicePrincipal::of_provider(context, "as a Service Principal using a Client Secret")?;
        let client_secret = context.lookup.secret(setting).ok_or_else(|| context.lookup.missing(&[setting]))?;
        Ok(Self { principal, client_secret, setting: context.lookup.name(setting) })
    }

    /// By the `AZURE_*` variables.
    pub(crate) fn of_environment(context: &Context<'_>) -> Result<Self, Error> {
        let setting = CLIENT_SECRET_PROOF.setting;
        let principal = ServicePrincipal::of_environment(context, &CLIENT_SECRET_PROOF)?;
        let client_secret = context.lookup.secret(setting).ok_or_else(|| context.lookup.missing(&[setting]))?;
        Ok(Self { principal, client_secret, setting: setting.name().to_owned() })
    }
}

impl KeyPart for ClientSecretSpec {
    fn add_to(&self, key: KeyBuilder) -> KeyBuilder {
        let Self { principal, client_secret, setting: _ } = self;
        key.with(principal).part(client_secret.expose())
    }
}

impl NamePart for ClientSecretSpec {
    fn add_to_name(&self, _: Reach, name: KeyBuilder) -> Option<KeyBuilder> {
        Some(name.with(self))
    }
}

pub(super) struct ClientSecret(ClientSecretSpec);

impl ClientSecret {
    pub(super) fn new(spec: ClientSecretSpec) -> Self {
        Self(spec)
    }
}

#[async_trait]
impl TokenSource for ClientSecret {
    async fn token(&self, acquisition: &Acquisition) -> Result<AccessToken, Error> {
        let spec = &self.0;
        let tenant = acquisition.tenant_or(&spec.principal.tenant);
        let principal = Principal {
            kind: CredentialKind::ClientSecret,
            tenant,
            client_id: &spec.principal.client_id,
            setting: &spec.setting,
            fmi_path: spec.principal.fmi_path.as_deref(),
        };
        client_credentials(acquisition, &principal, |client_options| {
            let credential = ClientSecretCredential::new(
                tenant.as_str(),
                spec.principal.client_id.as_str().to_owned(),
                spec.client_secret.expose().to_owned().into(),
                Some(ClientSecretCredentialOptions { client_options }),
            )?;
            Ok(credential)
        })
        .await
    }
}
