use crate::{
    config::{
        keys::{self, Setting},
        options::Options,
        Context,
    },
    key::{KeyBuilder, KeyPart, NamePart, Reach},
    types::{opaque, ClientId, CredentialKind, Error, TenantId},
};

/// An application in a tenant.
#[derive(Clone, PartialEq, Eq)]
pub struct ServicePrincipal {
    /// The tenant that has the application.
    pub tenant: TenantId,
    /// The client id.
    pub client_id: ClientId,
    /// The path of a federated managed identity whose token is wanted in place of the application's own (`fmi_path`).
    pub fmi_path: Option<String>,
}

opaque!(ServicePrincipal);

/// How a service principal authenticates with the `AZURE_*` variables, and the name of that method in messages.
pub(crate) struct Proof {
    pub(crate) setting: &'static Setting,
    method: &'static str,
}

pub(crate) const CLIENT_SECRET_PROOF: Proof =
    Proof { setting: &keys::AZURE_CLIENT_SECRET, method: "with a client secret" };
pub(crate) const CERTIFICATE_PROOF: Proof =
    Proof { setting: &keys::AZURE_CLIENT_CERTIFICATE_PATH, method: "with a client certificate" };
pub(crate) const TOKEN_FILE_PROOF: Proof =
    Proof { setting: &keys::AZURE_FEDERATED_TOKEN_FILE, method: "with a workload identity" };

impl ServicePrincipal {
    /// Reads the application from the options; tenant and client id are required.
    pub(crate) fn of_options(options: &Options<'_>) -> Result<Self, Error> {
        options.required("tenantId")?;
        options.required("clientId")?;
        match (options.tenant("tenantId")?, options.client_id("clientId")?) {
            (Some(tenant), Some(client_id)) => Ok(Self { tenant, client_id, fmi_path: options.owned("fmiPath") }),
            _ => Err(options.wrong("clientId", "is missing")),
        }
    }

    /// Tenant and client id, checked in the provider's order and with its sentences. (It would ask for a subscription id
    /// before both; no token needs one.)
    pub(crate) fn of_provider(context: &Context<'_>, method: &str) -> Result<Self, Error> {
        let lookup = &context.lookup;
        let needed: [(&Setting, &str); 2] = [(&keys::TENANT_ID, "Tenant ID"), (&keys::CLIENT_ID, "Client ID")];
        let absent = lookup.absent(&needed.map(|(setting, _)| setting));
        let first = needed.iter().find(|(setting, _)| lookup.find(setting).is_none());
        if let Some((_, title)) = first {
            let missing = lookup.missing(&absent);
            let message =
                format!("A {title} must be configured when authenticating {method}. Here is {}", missing.message());
            return Err(Error::configuration(message, missing.settings().to_vec()));
        }
        Ok(Self {
            tenant: lookup.tenant(&keys::TENANT_ID)?,
            client_id: lookup.client_id(&keys::CLIENT_ID)?,
            fmi_path: None,
        })
    }

    /// Reads all three variables, or returns the error that names the missing ones.
    pub(crate) fn of_environment(context: &Context<'_>, proof: &Proof) -> Result<Self, Error> {
        if let Some(incomplete) = proof.incomplete(context) {
            return Err(incomplete);
        }
        Ok(Self {
            tenant: context.lookup.tenant(&keys::AZURE_TENANT_ID)?,
            client_id: context.lookup.client_id(&keys::AZURE_CLIENT_ID)?,
            fmi_path: None,
        })
    }
}

impl Proof {
    pub(crate) fn incomplete(&self, context: &Context<'_>) -> Option<Error> {
        let absent = context.lookup.absent(&[&keys::AZURE_TENANT_ID, &keys::AZURE_CLIENT_ID, self.setting]);
        let names: Vec<_> = absent.iter().map(|setting| setting.name()).collect();
        let (together, method) = (self.group(), self.method);
        let message =
            format!("{} must be set to authenticate {method}, which needs all of {together}", names.join(" and "));
        (!names.is_empty()).then(|| Error::configuration(message, names))
    }

    /// Returns the names of the variables that are needed together.
    pub(crate) fn group(&self) -> String {
        [&keys::AZURE_TENANT_ID, &keys::AZURE_CLIENT_ID, self.setting].map(Setting::name).join(", ")
    }
}

impl KeyPart for ServicePrincipal {
    fn add_to(&self, key: KeyBuilder) -> KeyBuilder {
        let Self { tenant, client_id, fmi_path } = self;
        key.part(tenant.as_str()).part(client_id.as_str()).optional(fmi_path.as_deref())
    }
}

impl NamePart for ServicePrincipal {
    fn add_to_name(&self, _: Reach, name: KeyBuilder) -> Option<KeyBuilder> {
        Some(name.with(self))
    }
}

/// The application that asks for a token, for the errors.
pub(crate) struct Principal<'a> {
    pub(crate) kind: CredentialKind,
    pub(crate) tenant: &'a TenantId,
    pub(crate) client_id: &'a ClientId,
    /// The setting with its secret, certificate or assertion.
    pub(crate) setting: &'a str,
    /// The path of the federated managed identity whose token is wanted.
    pub(crate) fmi_path: Option<&'a str>,
}
