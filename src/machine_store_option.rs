//! The option `cache`, if it names the store of the machine.

use azure_client_token_core::{CacheOption, MachineStoreOptions, Protection, Secret};
use napi_derive::napi;

/// A store that the processes of one user on one machine share; js/cache-option.js defines its form.
#[napi(object, object_to_js = false)]
pub struct NativeMachineStore {
    /// The folder in place of the user's cache folder.
    pub directory: Option<String>,
    /// The name of the part of the store; absent: the unnamed part.
    pub name: Option<String>,
    /// Where the encryption key is kept: `required`, `file` or `given`.
    pub protection: String,
    /// The ids of the program's own keys.
    pub ids: Option<Vec<String>>,
    /// These keys in base64, in the order of the ids.
    pub keys: Option<Vec<String>>,
}

impl From<NativeMachineStore> for CacheOption {
    fn from(given: NativeMachineStore) -> Self {
        let keys = given.keys.unwrap_or_default().into_iter().map(Secret::new);
        let protection = match given.protection.as_str() {
            "file" => Protection::File,
            "given" => Protection::Given(given.ids.unwrap_or_default().into_iter().zip(keys).collect()),
            _ => Protection::Required,
        };
        let (directory, name) = (given.directory, given.name);
        Self::Machine(MachineStoreOptions { directory, name, protection })
    }
}
