//! The store that the processes of one user on one machine share.

use super::fleet_store;
use crate::{
    config::{keys, options::Options, MachineStoreOptions, Protection},
    host::Environment,
    store::{
        machine::{keys_of, location, MachineSettings, StoreLocation},
        SharedTokens,
    },
    types::Error,
};
use std::path::{Path, PathBuf};

/// A store, or the reason why there is none.
type Store = Result<SharedTokens, String>;

/// Returns the store in the user's cache folder, or in the one that a variable names.
pub(super) fn of_environment(environment: &Environment) -> Result<Store, Error> {
    let given = MachineStoreOptions::default();
    Ok(store(environment, named_folder(environment)?.as_deref(), &given, Vec::new()))
}

/// Returns the store that the option `cache` describes.
pub(super) fn of_option(
    environment: &Environment,
    options: &Options<'_>,
    given: &MachineStoreOptions,
) -> Result<Store, Error> {
    let keys = match &given.protection {
        Protection::Given(keys) => fleet_store::keys(options, keys)?,
        Protection::Required | Protection::File => Vec::new(),
    };
    let folder = match &given.directory {
        Some(folder) => Some(absolute(folder).ok_or_else(|| options.wrong("cache.directory", MUST_BE_ABSOLUTE))?),
        None => named_folder(environment)?,
    };
    Ok(store(environment, folder.as_deref(), given, keys))
}

/// A relative path would be a different folder in each working directory.
const MUST_BE_ABSOLUTE: &str = "must be an absolute path";

fn absolute(folder: &str) -> Option<PathBuf> {
    Some(PathBuf::from(folder)).filter(|path| path.is_absolute())
}

fn named_folder(environment: &Environment) -> Result<Option<PathBuf>, Error> {
    let name = keys::CACHE_DIRECTORY.name();
    let Some(folder) = environment.var(name) else { return Ok(None) };
    let wrong = || Error::configuration(format!("{name} {MUST_BE_ABSOLUTE}"), [name]);
    absolute(folder).ok_or_else(wrong).map(Some)
}

/// Returns the place of the machine's store by the environment.
pub(crate) fn machine_store_location(environment: &Environment) -> Result<StoreLocation, Error> {
    let none = || {
        let message = "the environment names no home folder: set AZURE_CLIENT_TOKEN_CACHE_DIR to a folder for tokens";
        Error::configuration(message, [keys::CACHE_DIRECTORY.name()])
    };
    location(environment, named_folder(environment)?.as_deref()).ok_or_else(none)
}

fn store(
    environment: &Environment,
    folder: Option<&Path>,
    given: &MachineStoreOptions,
    keys: Vec<crate::store::StoreKey>,
) -> Store {
    let Some(location) = location(environment, folder) else {
        return Err("tokens are not shared with other processes of this machine: the environment names no home folder. Set AZURE_CLIENT_TOKEN_CACHE_DIR to a folder".to_owned());
    };
    let location = location.part(given.name.as_deref());
    let keys = keys_of(&given.protection, keys);
    Ok(SharedTokens::of_machine(MachineSettings { location, keys }))
}
