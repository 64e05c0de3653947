//! The additional tenants that a call may name.

use crate::{
    config::{keys, lookup::Lookup},
    types::Error,
};
use serde_json::error::Category;

/// Reads the provider's `auxiliaryTenantIds`: a JSON array, or `null`.
pub(super) fn auxiliary(lookup: &Lookup<'_>) -> Result<Vec<String>, Error> {
    let Some(found) = lookup.find(&keys::AUXILIARY_TENANT_IDS) else { return Ok(Vec::new()) };
    let parsed: Result<Option<Vec<Option<String>>>, _> = serde_json::from_str(found.value);
    match parsed {
        Ok(tenants) => Ok(tenants.unwrap_or_default().into_iter().flatten().filter(|id| !id.is_empty()).collect()),
        Err(error) => {
            let raw = super::quoted(&found.seen.name, found.value);
            let message = format!("failed to unmarshal '{raw}' as Auxiliary Tenants: {}", reason(&error));
            Err(Error::configuration(message, [found.seen.name]))
        }
    }
}

/// Returns where the value is malformed. The parser's own message may repeat a part of it.
fn reason(error: &serde_json::Error) -> String {
    let what = match error.classify() {
        Category::Data => "it is not an array of strings",
        _ => "it is not JSON",
    };
    format!("{what} (line {}, column {})", error.line(), error.column())
}

/// Returns the tenants that the environment allows for every credential.
pub(super) fn allowed(lookup: &Lookup<'_>) -> Vec<String> {
    let listed = lookup.text(&keys::AZURE_ADDITIONALLY_ALLOWED_TENANTS).unwrap_or_default();
    let listed = listed.split(';').map(str::trim).filter(|tenant| !tenant.is_empty());
    listed.map(str::to_owned).collect()
}
