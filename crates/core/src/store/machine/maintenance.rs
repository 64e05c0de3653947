use super::{
    folder::Folder,
    key_access::{found_in, in_words},
    keys::keys_of,
    location::StoreLocation,
    opened_folder::{Failure, OpenedFolder},
    prune::{deleted, own_files, parts, Kind},
};
use crate::config::Protection;
use std::{io, path::PathBuf, time::SystemTime};

/// The number of the user's tokens that are kept on this machine, and their folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeptOnMachine {
    /// The folder.
    pub folder: PathBuf,
    /// The number of valid tokens, or of deleted ones.
    pub tokens: usize,
    /// The reason why no token is stored there, if there is one.
    pub reason: Option<String>,
}

/// Work on the stored tokens: a subcommand of `azure-client-token cache`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Maintenance {
    /// Only returns their folder.
    Locate,
    /// Counts them.
    Count,
    /// Deletes them, and the notes about failures.
    Clear,
}

/// Does the work on the store in that location, and on its named parts.
pub(crate) async fn maintain(location: StoreLocation, work: Maintenance, now: SystemTime) -> KeptOnMachine {
    let mut kept = KeptOnMachine { folder: location.folder(), tokens: 0, reason: None };
    if work == Maintenance::Locate {
        return kept;
    }
    match OpenedFolder::of(&location).work(move |folder| looked_after(folder, work, now)).await {
        Ok((reason, tokens, parts)) => {
            (kept.reason, kept.tokens) = (reason, tokens);
            for part in parts {
                let disk = OpenedFolder::of(&location.part_in(part));
                kept.add(disk.work(move |folder| done(folder, work, now)).await);
            }
        }
        Err(failure) => kept.reason = Some(in_words(failure)),
    }
    kept
}

impl KeptOnMachine {
    fn add(&mut self, tokens: Result<usize, Failure>) {
        match tokens {
            Ok(tokens) => self.tokens += tokens,
            Err(failure) => self.reason = Some(in_words(failure)),
        }
    }
}

/// Returns the reason why nothing is stored, the number of tokens, and the names of the parts.
fn looked_after(
    folder: &Folder,
    work: Maintenance,
    now: SystemTime,
) -> io::Result<(Option<String>, usize, Vec<String>)> {
    let keys = keys_of(&Protection::Required, Vec::new());
    // Clearing needs no keys.
    let reason = if work == Maintenance::Clear { None } else { found_in(folder, &*keys).opened.err() };
    Ok((reason, done(folder, work, now)?, parts(folder)?))
}

fn done(folder: &Folder, work: Maintenance, now: SystemTime) -> io::Result<usize> {
    let tokens = own_files(folder)?.into_iter().filter(|(kind, file)| {
        let is_gone = work != Maintenance::Clear || deleted(folder, *kind, &file.name);
        is_gone && *kind == Kind::Token && (work == Maintenance::Clear || file.modified > now)
    });
    Ok(tokens.count())
}
