//! Chooses the regional token service for applications, as Azure's SDKs and MSAL do.

use crate::{
    config::{keys, lookup::Lookup},
    credentials::managed_identity::settings as managed_identity,
    login::RegionChoice,
    types::{Error, Region},
};

/// The word for the region of the machine (`RegionalAuthority` of Azure's SDKs).
const DISCOVERED: &str = "AutoDiscoverRegion";

/// A setting that is not a region is an error; an invalid answer of the machine is ignored, as by MSAL.
pub(super) fn choice(lookup: &Lookup<'_>) -> Result<Option<RegionChoice>, Error> {
    let setting = keys::AZURE_REGIONAL_AUTHORITY_NAME.name();
    match lookup.variable(setting) {
        None => Ok(None),
        Some(named) if named.trim().eq_ignore_ascii_case(DISCOVERED) => Ok(of_machine(lookup)),
        Some(named) => Region::parse(named, setting).map(RegionChoice::Known).map(Some),
    }
}

/// App Service and Functions set a variable to its long name: `West US 2`.
fn of_machine(lookup: &Lookup<'_>) -> Option<RegionChoice> {
    let setting = keys::REGION_NAME.name();
    let Some(name) = lookup.variable(setting) else {
        return Some(RegionChoice::FromImds { authority_host: managed_identity::imds(lookup) });
    };
    Region::parse(&name.replace(' ', ""), setting).ok().map(RegionChoice::Known)
}
