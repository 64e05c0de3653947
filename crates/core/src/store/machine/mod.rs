//! The machine's store: the processes of one user share tokens in encrypted files in a folder of that user.
//!
//! * `location` says where the folder is, from the environment alone.
//! * `folder::Folder` is that folder, opened once and checked: who owns it, who may write to it. All files are read and
//!   written through it, on the threads for files (`host::on_file_thread`): its methods block.
//! * `keys::MachineKeys` gives the keys: [`keys_of`] makes one from the option `protection`. It is called on a thread for
//!   files, with the folder open, once for each client, and again a minute after a failure.
//! * `file_store` is a [`TokenStore`](crate::host::TokenStore) over the folder, so that `store/shared_acquisition.rs` serves
//!   it as it serves a fleet: a lease is a lock on a file, which the system gives back when the process dies.
//! * `config::MachineStoreOptions` has the program's options; `login/machine_store.rs` makes a store from them and from the
//!   variables `AZURE_CLIENT_TOKEN_CACHE` and `AZURE_CLIENT_TOKEN_CACHE_DIR`.

mod file_store;
mod folder;
mod host_identity;
mod key_access;
mod keys;
mod location;
mod lock_watch;
mod machine_settings;
mod maintenance;
mod opened_folder;
mod prune;

pub(crate) use keys::keys_of;
pub(crate) use location::{location, StoreLocation};
pub(crate) use machine_settings::MachineSettings;
pub(crate) use maintenance::maintain;
pub use maintenance::{KeptOnMachine, Maintenance};

#[cfg(test)]
mod tests;
