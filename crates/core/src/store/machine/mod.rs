//! The store of a machine: the processes of one user share tokens over sealed files in a folder of that user's.
//!
//! * `place` says where the folder is, from the environment alone.
//! * `folder::Folder` is that folder, opened once and judged: whose it is, who may write to it. All files are read and written
//!   through it, on the threads for files (`host::on_file_thread`): its methods block.
//! * `keys::MachineKeys` is what the keys come from: [`keys_of`] makes one of the option `protection`. It is asked on a
//!   thread for files, with the folder open, once for each client; what fails is asked again after a minute.
//! * `files` is a [`TokenStore`](crate::host::TokenStore) over the folder, so that the flight of `store/flight.rs` serves
//!   it as it serves a fleet: a lease is a lock on a file, which the system gives back when the process dies.
//! * `config::MachineStoreOptions` is what a program says; `login/machine_store.rs` makes a store of it and of the
//!   variables `AZURE_CLIENT_TOKEN_CACHE` and `AZURE_CLIENT_TOKEN_CACHE_DIR`.

mod access;
mod disk;
mod files;
mod folder;
mod host_mark;
mod keys;
mod place;
mod prune;
mod tokens;
mod upkeep;
mod watched;

pub(crate) use keys::keys_of;
pub(crate) use place::{place, Place};
pub(crate) use tokens::MachineSettings;
pub(crate) use upkeep::upkeep;
pub use upkeep::{KeptOnMachine, Upkeep};

#[cfg(test)]
mod tests;
