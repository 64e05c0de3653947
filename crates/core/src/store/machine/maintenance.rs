use super::{
    folder::Folder,
    key_access::{found_in, in_words},
    keys::keys_of,
    location::Place,
    opened_folder::{Disk, Failure},
    prune::{deleted, own_files, parts, Kind},
};
use crate::config::Protection;
use std::{io, path::PathBuf, time::SystemTime};

/// The number of the user's tokens that are kept on this machine, and their folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeptOnMachine {
    /// Where.
    pub folder: PathBuf,
    /// How many tokens that have not ended; or were deleted.
    pub tokens: usize,
    /// Why no token is kept there, if so.
    pub obstacle: Option<String>,
}

/// What is to be done with the tokens that are kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Upkeep {
    /// Nothing: only where they are is asked.
    Locate,
    /// They are counted.
    Count,
    /// They go, and the notes about failures with them.
    Clear,
}

/// Looks after the store in that place and after its parts, which programs have given names.
pub(crate) async fn upkeep(place: Place, work: Upkeep, now: SystemTime) -> KeptOnMachine {
    let mut kept = KeptOnMachine { folder: place.folder(), tokens: 0, obstacle: None };
    if work == Upkeep::Locate {
        return kept;
    }
    match Disk::of(&place).work(move |folder| looked_after(folder, work, now)).await {
        Ok((obstacle, tokens, parts)) => {
            (kept.obstacle, kept.tokens) = (obstacle, tokens);
            for part in parts {
                let disk = Disk::of(&place.part_in(part));
                kept.add(disk.work(move |folder| done(folder, work, now)).await);
            }
        }
        Err(failure) => kept.obstacle = Some(in_words(failure)),
    }
    kept
}

impl KeptOnMachine {
    fn add(&mut self, tokens: Result<usize, Failure>) {
        match tokens {
            Ok(tokens) => self.tokens += tokens,
            Err(failure) => self.obstacle = Some(in_words(failure)),
        }
    }
}

/// Why nothing is kept, how many tokens there are, and which parts.
fn looked_after(folder: &Folder, work: Upkeep, now: SystemTime) -> io::Result<(Option<String>, usize, Vec<String>)> {
    let keys = keys_of(&Protection::Required, Vec::new());
    // Who clears it does not need its keys.
    let obstacle = if work == Upkeep::Clear { None } else { found_in(folder, &*keys).opened.err() };
    Ok((obstacle, done(folder, work, now)?, parts(folder)?))
}

fn done(folder: &Folder, work: Upkeep, now: SystemTime) -> io::Result<usize> {
    let tokens = own_files(folder)?.into_iter().filter(|(kind, file)| {
        let is_gone = work != Upkeep::Clear || deleted(folder, *kind, &file.name);
        is_gone && *kind == Kind::Token && (work == Upkeep::Clear || file.modified > now)
    });
    Ok(tokens.count())
}
