use super::folder::{Folder, Listed, UNFINISHED};
use std::{
    collections::HashSet,
    io,
    time::{Duration, SystemTime},
};

/// So many files are kept, locks and notes among them.
pub(super) const MOST_FILES: usize = 256;

/// A file that is still being written has another name for no longer than this, unless its process has died.
const LONGEST_WRITE: Duration = Duration::from_secs(60);

/// A lock without a token is kept for so long: for the next process that wants it.
const LOCK_AGE: Duration = Duration::from_secs(24 * 60 * 60);

/// The length of a name in base32.
const NAME_LENGTH: usize = 32;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Token,
    Note,
    Lock,
    Unfinished,
}

/// Deletes what has ended, then what ends first. What has a name of another form is not ours: keys, for example.
pub(super) fn prune(folder: &Folder, now: SystemTime) -> io::Result<()> {
    let mut own: Vec<_> = folder.list()?.into_iter().filter_map(|file| Some((kind(&file.name)?, file))).collect();
    let tokens: HashSet<_> =
        own.iter().filter(|(kind, _)| *kind == Kind::Token).map(|(_, file)| stem(&file.name).to_owned()).collect();
    own.retain(|(kind, file)| {
        let is_lone_lock = *kind == Kind::Lock && !tokens.contains(stem(&file.name));
        let is_over = is_over(*kind, file, now, is_lone_lock);
        !(is_over && deleted(folder, *kind, &file.name))
    });
    let surplus = own.len().saturating_sub(MOST_FILES);
    if surplus == 0 {
        return Ok(());
    }
    own.sort_unstable_by_key(|(_, file)| file.modified);
    let deletions = own.iter().filter(|(kind, file)| deleted(folder, *kind, &file.name));
    deletions.take(surplus).for_each(drop);
    Ok(())
}

fn is_over(kind: Kind, file: &Listed, now: SystemTime, is_lone_lock: bool) -> bool {
    let age = now.duration_since(file.modified);
    match kind {
        Kind::Token | Kind::Note => age.is_ok(),
        Kind::Unfinished => age.is_ok_and(|age| age >= LONGEST_WRITE),
        Kind::Lock => is_lone_lock && age.is_ok_and(|age| age >= LOCK_AGE),
    }
}

/// A lock that somebody has stays. Who prunes holds it meanwhile, so that the next one sees that it is gone.
fn deleted(folder: &Folder, kind: Kind, name: &str) -> bool {
    let lock = if kind == Kind::Lock { folder.try_lock(name) } else { Ok(None) };
    let is_free = kind != Kind::Lock || matches!(lock, Ok(Some(_)));
    is_free && folder.remove(name).is_ok()
}

fn kind(name: &str) -> Option<Kind> {
    let is_base32 = |text: &str| text.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'2'..=b'7'));
    if let Some(rest) = name.strip_prefix(UNFINISHED) {
        return is_base32(rest).then_some(Kind::Unfinished);
    }
    let (stem, ending) = name.split_at_checked(NAME_LENGTH)?;
    let kind = match ending {
        ".t" => Kind::Token,
        ".f" => Kind::Note,
        ".l" => Kind::Lock,
        _ => return None,
    };
    is_base32(stem).then_some(kind)
}

fn stem(name: &str) -> &str {
    name.split_once('.').map_or(name, |(stem, _)| stem)
}
