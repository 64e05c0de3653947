//! The store that the processes of a fleet share.

use crate::{
    config::{options::Options, SharedStoreOption},
    credentials::CredentialSpec,
    store::{SharedTokens, StoreKey, StoreSettings},
    types::{CredentialKind, Error, Secret},
};
use std::{collections::HashSet, sync::Arc, time::Duration};

/// The option's name.
pub(super) const CACHE: &str = "cache";

const PREFIX: &str = "act";
const LONGEST_PREFIX: usize = 64;
const PATIENCE: Duration = Duration::from_millis(500);
const LEASE: Duration = Duration::from_secs(10);

/// Returns the store that the option `cache` describes.
pub(super) fn of_option(
    options: &Options<'_>,
    given: &SharedStoreOption,
    credential: &CredentialSpec,
) -> Result<Arc<SharedTokens>, Error> {
    check_kind(options, credential.kind(), credential.is_of_application())?;
    let settings = StoreSettings {
        store: given.store.clone(),
        keys: keys(options, &given.keys)?,
        prefix: prefix(options, given)?,
        patience: given.patience.unwrap_or(PATIENCE),
        lease: given.lease.unwrap_or(LEASE),
    };
    Ok(Arc::new(SharedTokens::new(settings)))
}

/// In a chain, members whose tokens cannot be shared are left out silently.
fn check_kind(options: &Options<'_>, kind: CredentialKind, is_of_application: bool) -> Result<(), Error> {
    if is_of_application || kind == CredentialKind::Chain {
        return Ok(());
    }
    let what = format!(
        "cannot keep a token of the {} in a shared store, which is for tokens of applications only: remove this option",
        kind.in_words()
    );
    Err(options.wrong(CACHE, &what))
}

/// Returns the keys that the program gives for a fleet's store or a machine's.
pub(super) fn keys(options: &Options<'_>, given: &[(String, Secret)]) -> Result<Vec<StoreKey>, Error> {
    if given.is_empty() {
        return Err(options.wrong("cache.keys", "must have at least one key"));
    }
    let made = given.iter().enumerate().map(|(at, (id, key))| key_of(options, at, id, key));
    let keys = made.collect::<Result<Vec<_>, _>>()?;
    let ids: HashSet<_> = keys.iter().map(StoreKey::id).collect();
    if ids.len() < keys.len() {
        return Err(options.wrong("cache.keys", "has two keys of the same id"));
    }
    Ok(keys)
}

fn key_of(options: &Options<'_>, at: usize, id: &str, key: &Secret) -> Result<StoreKey, Error> {
    let what = "must have an id of 1 to 32 ASCII characters, and as its key 32 bytes, or base64 of 32 bytes";
    StoreKey::new(id, key).ok_or_else(|| options.wrong(&format!("cache.keys[{at}]"), what))
}

fn prefix(options: &Options<'_>, given: &SharedStoreOption) -> Result<String, Error> {
    let prefix = given.prefix.as_deref().unwrap_or(PREFIX);
    let is_short = (1..=LONGEST_PREFIX).contains(&prefix.len());
    if !is_short || !prefix.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Err(options.wrong("cache.prefix", "must be 1 to 64 printable ASCII characters without a space"));
    }
    Ok(prefix.to_owned())
}
