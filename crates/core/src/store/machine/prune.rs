use super::folder::{Folder, Listed, UNFINISHED};
use std::{
    collections::HashSet,
    io,
    time::{Duration, SystemTime},
};

/// The most files that are kept, including locks and notes.
pub(super) const MOST_FILES: usize = 256;

/// How long a file may have the name of an unfinished one. If it has it longer, its process has died.
const LONGEST_WRITE: Duration = Duration::from_secs(60);

/// How long a lock without a token is kept, for the next process that wants it.
const LOCK_AGE: Duration = Duration::from_secs(24 * 60 * 60);

/// The length of a name in base32.
const NAME_LENGTH: usize = 32;

/// What a file of the store is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Token,
    Note,
    Lock,
    Unfinished,
}

/// Deletes files that have ended, and if there are still too many, those that end first. Names of another form are not
/// the store's, for example those of keys.
pub(super) fn prune(folder: &Folder, now: SystemTime) -> io::Result<()> {
    let mut own = own_files(folder)?;
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

/// Returns the files that belong to the store.
pub(super) fn own_files(folder: &Folder) -> io::Result<Vec<(Kind, Listed)>> {
    let files = folder.list()?.into_iter().filter(|listed| !listed.is_folder);
    Ok(files.filter_map(|file| Some((kind(&file.name)?, file))).collect())
}

/// Returns the folders of the store's parts.
pub(super) fn parts(folder: &Folder) -> io::Result<Vec<String>> {
    let is_part = |listed: &Listed| listed.is_folder && listed.name.len() == NAME_LENGTH && is_base32(&listed.name);
    Ok(folder.list()?.into_iter().filter(is_part).map(|listed| listed.name).collect())
}

fn is_over(kind: Kind, file: &Listed, now: SystemTime, is_lone_lock: bool) -> bool {
    let age = now.duration_since(file.modified);
    match kind {
        Kind::Token | Kind::Note => age.is_ok(),
        Kind::Unfinished => age.is_ok_and(|age| age >= LONGEST_WRITE),
        Kind::Lock => is_lone_lock && age.is_ok_and(|age| age >= LOCK_AGE),
    }
}

/// Deletes a file, and returns whether it did. A lock that another process holds stays. The pruning process holds the
/// lock meanwhile, so that the next one sees that it is gone.
pub(super) fn deleted(folder: &Folder, kind: Kind, name: &str) -> bool {
    let lock = if kind == Kind::Lock { folder.try_lock(name) } else { Ok(None) };
    let is_free = kind != Kind::Lock || matches!(lock, Ok(Some(_)));
    is_free && folder.remove(name).is_ok()
}

fn kind(name: &str) -> Option<Kind> {
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

fn is_base32(text: &str) -> bool {
    text.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'2'..=b'7'))
}

fn stem(name: &str) -> &str {
    name.split_once('.').map_or(name, |(stem, _)| stem)
}

#[cfg(test)]
mod tests {
    use super::{super::folder::tests::Scratch, *};

    const HOUR: Duration = Duration::from_secs(3600);

    fn name(number: usize, ending: &str) -> String {
        let letters: String = format!("{number:05}").bytes().map(|digit| char::from(digit - b'0' + b'a')).collect();
        format!("{letters:a<32}.{ending}")
    }

    fn names(folder: &Folder) -> Vec<String> {
        let mut names: Vec<_> = folder.list().unwrap().into_iter().map(|file| file.name).collect();
        names.sort_unstable();
        names
    }

    #[test]
    fn ended_files_are_deleted_and_other_programs_files_stay() {
        let scratch = Scratch::new();
        let folder = scratch.open().unwrap();
        let now = folder.write(&name(1, "t"), b"", HOUR).unwrap();
        folder.write(&name(2, "t"), b"", Duration::ZERO).unwrap();
        folder.write(&name(2, "f"), b"", Duration::ZERO).unwrap();
        folder.write(&name(3, "f"), b"", HOUR).unwrap();
        folder.write("new-abc", b"", Duration::ZERO).unwrap();
        for other in ["key.l", "keys", "README", "a.t", "new-ABC"] {
            folder.write(other, b"", Duration::ZERO).unwrap();
        }
        prune(&folder, now + Duration::from_secs(59)).unwrap();
        let others = ["README", "a.t"].map(str::to_owned);
        let kept =
            [&others[..], &[name(1, "t"), name(3, "f")], &["key.l", "keys", "new-ABC", "new-abc"].map(str::to_owned)];
        assert_eq!(names(&folder), kept.concat());
        prune(&folder, now + Duration::from_secs(61)).unwrap();
        assert!(!names(&folder).contains(&"new-abc".to_owned()), "its writer has died");
    }

    #[test]
    fn the_oldest_files_are_deleted_and_a_lock_that_is_held_stays() {
        let scratch = Scratch::new();
        let folder = scratch.open().unwrap();
        let held = folder.try_lock(&name(0, "l")).unwrap().unwrap();
        drop(folder.try_lock(&name(1, "l")).unwrap());
        let mut now = None;
        for number in 0..MOST_FILES {
            let life = HOUR + Duration::from_secs(number as u64);
            now = Some(folder.write(&name(number, "t"), b"", life).unwrap());
        }
        prune(&folder, now.unwrap()).unwrap();
        let left = names(&folder);
        assert_eq!(left.len(), MOST_FILES);
        assert!(left.contains(&name(0, "l")) && !left.contains(&name(1, "l")) && !left.contains(&name(0, "t")));
        assert!(left.contains(&name(MOST_FILES - 1, "t")));
        drop(held);
    }

    #[test]
    fn only_a_folder_with_the_name_of_a_part_is_a_part() {
        let scratch = Scratch::new();
        let folder = scratch.open().unwrap();
        let part = "a".repeat(NAME_LENGTH);
        for name in [part.as_str(), "other"] {
            std::fs::create_dir(scratch.inner().join(name)).unwrap();
        }
        folder.write(&"b".repeat(NAME_LENGTH), b"", HOUR).unwrap();
        assert_eq!(parts(&folder).unwrap(), [part]);
    }

    #[test]
    fn a_lock_without_a_token_is_deleted_after_a_day() {
        let scratch = Scratch::new();
        let folder = scratch.open().unwrap();
        let now = folder.write(&name(1, "t"), b"", HOUR * 48).unwrap();
        for number in [1, 2] {
            drop(folder.try_lock(&name(number, "l")).unwrap());
        }
        prune(&folder, now + HOUR).unwrap();
        assert!(names(&folder).contains(&name(2, "l")));
        prune(&folder, now + HOUR * 25).unwrap();
        assert!(names(&folder).contains(&name(1, "l")) && !names(&folder).contains(&name(2, "l")));
    }
}
