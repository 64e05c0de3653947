//! Finds parts without a name: texts in quotes, lines of keys, hashes of passwords, and words that look like keys.

use crate::types::is_quote;

/// A mixed word of this length is a key.
const SHORTEST_KEY: usize = 32;

/// A shorter word with digits in it may be a name.
const SHORTEST_MIXED: usize = 10;

/// A word with so many changes between letters and digits is no name.
const LEAST_CHANGES: usize = 3;

/// A line of a key in PEM has 64 signs, the last one fewer.
const SHORTEST_LINE: usize = 8;

/// The name of a scheme of hashed passwords is no longer: `bcrypt-sha256`.
const LONGEST_SCHEME: usize = 16;

/// A shorter part of a hash is a parameter.
const SHORTEST_OF_HASH: usize = 8;

/// A part without a name.
pub(super) struct Unnamed<'a> {
    pub(super) text: &'a str,
    /// Whether it is a line of a key, or a part of a password's hash.
    pub(super) is_of_key: bool,
}

/// Returns the parts without a name.
pub(super) fn unnamed(text: &str) -> Vec<Unnamed<'_>> {
    let other = |text| Unnamed { text, is_of_key: false };
    let lines = lines_of_key(text).chain(hashes(text)).map(|text| Unnamed { text, is_of_key: true });
    lines.chain(quoted(text).map(other)).chain(unlikely(text).map(other)).collect()
}

/// Returns the texts in quotes that are neither a name nor its value, and those between two of them: in a value without its
/// beginning, either may be the quoted one.
fn quoted(text: &str) -> impl Iterator<Item = &str> {
    let pieces: Vec<_> = text.split(is_quote).map(|piece| piece.trim_matches(['\\', ' ', '\t', '\n', '\r'])).collect();
    let triples: Vec<_> = pieces.windows(3).map(|triple| (triple[0], triple[1], triple[2])).collect();
    let last = pieces.len().checked_sub(2).map(|at| (pieces[at], pieces[at + 1], ""));
    let is_alone = |before: &str, behind: &str| !before.ends_with([':', '=', '>']) && !behind.starts_with([':', '=']);
    let alone = triples.into_iter().chain(last).filter(move |(before, _, behind)| is_alone(before, behind));
    alone.map(|(_, piece, _)| piece).filter(|piece| !piece.starts_with([',', ':', '=', '{', '}', '[', ']', ';', '>']))
}

/// Returns the lines of a secret with several lines.
pub(super) fn lines(text: &str) -> impl Iterator<Item = &str> {
    let lines = text.split(['\n', '\r']).flat_map(|line| line.split("\\n"));
    lines.filter(|line| line.len() < text.len())
}

fn lines_of_key(text: &str) -> impl Iterator<Item = &str> {
    let has_key = text.contains("-----BEGIN") || text.contains("PRIVATE KEY");
    let is_line = |piece: &&str| piece.len() >= SHORTEST_LINE && piece.bytes().all(is_base64) && !is_label(piece);
    has_key.then(|| text.split(char::is_whitespace)).into_iter().flatten().filter(is_line)
}

/// Returns the salts and hashes after a scheme, as in `$apr1$salt$hash` and `pbkdf2_sha256$1000$salt$hash`. A file of
/// settings may double each `$`.
fn hashes(text: &str) -> impl Iterator<Item = &str> {
    let mut end = 0;
    let starts = text.match_indices('$').map(|(at, _)| at).filter(|at| is_scheme(&text[..*at]));
    let hashes = starts.filter_map(move |at| {
        let hash = (at >= end).then(|| hash(&text[at..]))?;
        end = at + hash.len();
        Some(hash)
    });
    hashes.flat_map(|hash| hash.split('$')).filter(|part| part.len() >= SHORTEST_OF_HASH)
}

/// Returns whether the text ends with a scheme, as crypt(5), Apache's htpasswd, passlib and Django write it.
fn is_scheme(text: &str) -> bool {
    let is_of_name = |byte: &u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"-_".contains(byte);
    let length = text.bytes().rev().take(LONGEST_SCHEME).take_while(is_of_name).count();
    let (before, scheme) = text.split_at(text.len() - length);
    length > 0 && (before.ends_with('$') || scheme.starts_with("pbkdf2_"))
}

fn hash(text: &str) -> &str {
    let end = text.bytes().position(|byte| !byte.is_ascii_alphanumeric() && !b"$./+=,_-".contains(&byte));
    &text[..end.unwrap_or(text.len())]
}

fn is_base64(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"+/=".contains(&byte)
}

/// `CERTIFICATE`.
fn is_label(piece: &str) -> bool {
    piece.len() < SHORTEST_KEY && piece.bytes().all(|byte| byte.is_ascii_uppercase())
}

fn unlikely(text: &str) -> impl Iterator<Item = &str> {
    let is_end = |character: char| character.is_whitespace() || "\"'`:/\\@,;|&=<>()[]{}?#".contains(character);
    let words = text.split(is_end).filter(|word| is_no_name(word));
    let is_other = |character: char| !character.is_ascii_alphanumeric() && !"+/=-_".contains(character);
    words.chain(text.split(is_other).filter(|piece| piece.ends_with('=') && is_key(piece.trim_end_matches('='))))
}

/// Returns whether the word looks like a key and not like a name.
pub(super) fn is_no_name(word: &str) -> bool {
    (word.len() >= SHORTEST_MIXED && changes(word) >= LEAST_CHANGES && !word.contains('.')) || is_key(word)
}

fn changes(word: &str) -> usize {
    let is_change = |pair: &&[u8]| {
        (pair[0].is_ascii_digit() && pair[1].is_ascii_alphabetic())
            || (pair[0].is_ascii_alphabetic() && pair[1].is_ascii_digit())
    };
    word.as_bytes().windows(2).filter(is_change).count()
}

fn is_key(word: &str) -> bool {
    let has = |is_so: fn(&u8) -> bool| word.as_bytes().iter().any(is_so);
    let is_mixed = has(u8::is_ascii_digit) && has(u8::is_ascii_uppercase) && has(u8::is_ascii_lowercase);
    let is_hexadecimal = has(u8::is_ascii_digit) && word.bytes().all(|byte| byte.is_ascii_hexdigit());
    word.len() >= SHORTEST_KEY && (is_mixed || is_hexadecimal) && !word.contains('.')
}
