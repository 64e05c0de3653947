//! A service principal with a client secret: Entra ID's form of RFC 6749 §4.4, built by `azure_identity`.

use super::{
    azure_identity::client_credentials,
    descriptor::{CredentialOption, Descriptor, CLIENT_ID, FMI_PATH, TENANT_ID},
    principal::{Principal, ServicePrincipal, CLIENT_SECRET_PROOF},
    Acquisition, Credential,
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
    /// The application.
    pub principal: ServicePrincipal,
    /// Its secret.
    pub client_secret: Secret,
    /// The setting that contains the secret, which the error names if the secret is refused.
    pub setting: String,
}

pub(crate) const DESCRIPTOR: Descriptor<ClientSecretSpec> = Descriptor::of_application(
    &[TENANT_ID, CLIENT_ID, CredentialOption::secret("clientSecret"), FMI_PATH],
    |_, options| ClientSecretSpec::of_options(options),
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

    /// Reads the `AZURE_*` variables.
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

#[async_trait]
impl Credential for ClientSecretSpec {
    async fn token(&self, kind: CredentialKind, acquisition: &Acquisition) -> Result<AccessToken, Error> {
        let tenant = acquisition.tenant_or(&self.principal.tenant);
        let principal = Principal {
            kind,
            tenant,
            client_id: &self.principal.client_id,
            setting: &self.setting,
            fmi_path: self.principal.fmi_path.as_deref(),
        };
        client_credentials(acquisition, &principal, |client_options| {
            let credential = ClientSecretCredential::new(
                tenant.as_str(),
                self.principal.client_id.as_str().to_owned(),
                self.client_secret.expose().to_owned().into(),
                Some(ClientSecretCredentialOptions { client_options }),
            )?;
            Ok(credential)
        })
        .await
    }

    fn principal(&self) -> Option<&ServicePrincipal> {
        Some(&self.principal)
    }

    fn is_of_application(&self) -> bool {
        true
    }
}
