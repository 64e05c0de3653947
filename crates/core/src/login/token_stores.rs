//! Chooses the store for tokens outside this process's memory: by the option `cache`, or else by the environment.

use super::{
    fleet_store::{self, CACHE},
    machine_store,
};
use crate::{
    config::{keys, options::Options, CacheOption, Context, MachineStoreOptions},
    credentials::CredentialSpec,
    host::Environment,
    store::SharedTokens,
    types::{CredentialKind, Error},
};
use std::sync::Arc;

/// A store, or the reason why the store that was asked for does not exist.
#[derive(Default)]
pub(super) struct ChosenStore {
    pub(super) store: Option<Arc<SharedTokens>>,
    pub(super) warning: Option<String>,
}

impl ChosenStore {
    fn of(store: Result<SharedTokens, String>) -> Self {
        match store {
            Ok(store) => Self { store: Some(Arc::new(store)), warning: None },
            Err(warning) => Self { store: None, warning: Some(warning) },
        }
    }
}

/// The values of the variable `AZURE_CLIENT_TOKEN_CACHE`.
const MACHINE: &str = "machine";
const OFF: &str = "off";

/// Chooses by the variable `AZURE_CLIENT_TOKEN_CACHE`, for every kind whose tokens may be stored.
pub(super) fn of_environment(context: &Context<'_>, credential: &CredentialSpec) -> Result<ChosenStore, Error> {
    let (name, environment) = (keys::CACHE.name(), context.environment());
    let unsaid = if context.keeps_on_machine { MACHINE } else { OFF };
    match environment.var(name).unwrap_or(unsaid) {
        OFF => Ok(ChosenStore::default()),
        MACHINE if !is_kept(credential.kind()) => Ok(ChosenStore::default()),
        MACHINE => machine_store::of_environment(environment).map(ChosenStore::of),
        _ => Err(Error::configuration(format!("{name} must be machine or off"), [name])),
    }
}

/// Chooses by the option `cache`, or else by the environment.
pub(super) fn of_options(
    context: &Context<'_>,
    options: &Options<'_>,
    credential: &CredentialSpec,
) -> Result<ChosenStore, Error> {
    match options.cache() {
        None => of_environment(context, credential),
        Some(CacheOption::Nowhere) => Ok(ChosenStore::default()),
        Some(CacheOption::Machine(given)) => of_machine(context.environment(), options, given, credential.kind()),
        Some(CacheOption::Shared(given)) => {
            let store = fleet_store::of_option(options, given, credential)?;
            Ok(ChosenStore { store: Some(store), warning: None })
        }
    }
}

fn of_machine(
    environment: &Environment,
    options: &Options<'_>,
    given: &MachineStoreOptions,
    kind: CredentialKind,
) -> Result<ChosenStore, Error> {
    if !is_kept(kind) {
        let what = format!("cannot keep a token of the {} on the machine: remove this option", kind.in_words());
        return Err(options.wrong(CACHE, &what));
    }
    machine_store::of_option(environment, options, given).map(ChosenStore::of)
}

/// A token on behalf of a user belongs to that user, and only the program itself knows the owner of its token.
fn is_kept(kind: CredentialKind) -> bool {
    !matches!(kind, CredentialKind::OnBehalfOf | CredentialKind::Command)
}
