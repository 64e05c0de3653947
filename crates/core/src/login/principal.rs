//! The application and its tenant: by the provider's settings, or by the options of a credential.

use super::{options::Options, Context};
use crate::{
    config::keys::{self, Setting},
    credentials::ServicePrincipal,
    types::Error,
};

/// The application, both of whose options must be given.
pub(super) fn of_options(options: &Options<'_>) -> Result<ServicePrincipal, Error> {
    options.required("tenantId")?;
    options.required("clientId")?;
    match (options.tenant("tenantId")?, options.client_id("clientId")?) {
        (Some(tenant), Some(client_id)) => {
            Ok(ServicePrincipal { tenant, client_id, fmi_path: options.owned("fmiPath") })
        }
        _ => Err(options.wrong("clientId", "is missing")),
    }
}

/// Tenant and client id, checked in the provider's order and complained about in its words. (It would ask for a
/// subscription id before both; no token needs one.)
pub(super) fn of_provider(context: &Context<'_>, method: &str) -> Result<ServicePrincipal, Error> {
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
        fmi_path: None,
    })
}
