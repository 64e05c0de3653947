//! Decides whether a setting's value looks like a secret. Each check examines the value as the user set it and as its
//! receiver decodes it: without invisible characters, line breaks, and the escapes of addresses, HTML and JSON.

use super::{named_secrets::named_secrets, readings::reading, secret_name::names_a_secret};
use std::fmt;

/// No file system that Node.js supports accepts a longer path (`PATH_MAX` of Linux).
const LONGEST: usize = 4096;

/// In a segment of a path, base64 of at least this length is not a name.
const SHORTEST_BASE64: usize = 64;

/// The same for base64 that ends with `=`: a key of 256 bits has 44 characters.
const SHORTEST_PADDED_BASE64: usize = 40;

/// From this length on, what follows `eyJ` is not a word: a header such as `{"alg":"none"}` and the part after it.
const SHORTEST_TOKEN: usize = 24;

/// How tokens that are no JWT begin, and how many characters follow at least. Sources: docs.github.com, "Behind
/// GitHub's new authentication token formats"; docs.gitlab.com, "Token overview"; docs.npmjs.com, "About access
/// tokens".
const TOKEN_STARTS: [(&str, usize); 8] =
    [("ghp_", 8), ("gho_", 8), ("ghu_", 8), ("ghs_", 8), ("ghr_", 8), ("github_pat_", 8), ("glpat-", 8), ("npm_", 36)];

/// What Entra ID writes into a client secret after three characters and a digit, and how many characters follow at
/// least.
const ENTRA_SECRET: (&str, usize) = ("Q~", 8);

/// Base64 of a brace before a space; and of a brace before a tab or a line break: the two letters, and the letters that
/// may follow, for a second white space or a quote.
const SPACED_JSON: &str = "eyA";
const BROKEN_JSON: (&[u8], &[u8], &[u8]) = (b"ew", b"ko0", b"gJKNi");

/// The characters that end a line, unescaped and as escapes in an address.
const LINE_BREAKS: [char; 7] = ['\n', '\r', '\u{b}', '\u{c}', '\u{85}', '\u{2028}', '\u{2029}'];
const WRITTEN_LINE_BREAKS: [&str; 4] = ["%0a", "%0A", "%0d", "%0D"];

/// The reason for which a value is not shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Suspicion {
    /// `-----BEGIN …`: a key or a certificate.
    Pem,
    /// A JSON Web Token, a client secret of Entra ID, a token of GitHub, or what follows `Bearer`.
    Token,
    /// `password=…`, `"clientSecret":"…"`.
    Named,
    /// Base64, as keys and archives are written.
    Base64,
    LineBreak,
    TooLong,
    /// An address with a user name or a password. The last one: in some settings an `@` is allowed.
    User,
}

impl fmt::Display for Suspicion {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Pem => "it looks like the content of a key or certificate",
            Self::Token => "it looks like a token or a client secret",
            Self::Named => "it has a key, a password or a token in it, with its name",
            Self::Base64 => "it looks like the base64 of a key, a certificate or a token",
            Self::LineBreak => "it has a line break in it",
            Self::TooLong => "it is longer than any path",
            Self::User => "it has a user name or a password in it",
        })
    }
}

/// Returns what makes the value look like a secret.
pub(crate) fn suspicion(value: &str) -> Option<Suspicion> {
    let end = value.char_indices().nth(LONGEST).map(|(at, _)| at);
    let start = without_drive(&value[..end.unwrap_or(value.len())]);
    let read = reading(start);
    let any = |looks_so: fn(&str) -> bool| looks_so(start) || looks_so(&read);
    let rows = [
        (any(has_pem), Suspicion::Pem),
        (any(has_token), Suspicion::Token),
        (any(has_named_secret) || any(|text| !named_secrets(text).is_empty()), Suspicion::Named),
        (any(has_base64), Suspicion::Base64),
        (has_line_break(value), Suspicion::LineBreak),
        (end.is_some(), Suspicion::TooLong),
        (any(has_user), Suspicion::User),
    ];
    rows.into_iter().find_map(|(is_so, suspicion)| is_so.then_some(suspicion))
}

/// Removes the drive of a Windows path: its colon does not follow a user.
fn without_drive(value: &str) -> &str {
    match value.as_bytes() {
        [letter, b':', b'/' | b'\\', ..] if letter.is_ascii_alphabetic() => &value[2..],
        _ => value,
    }
}

fn has_line_break(value: &str) -> bool {
    value.contains(LINE_BREAKS) || WRITTEN_LINE_BREAKS.iter().any(|written| value.contains(written))
}

/// Ignores the case, and also finds a PEM text on one line.
fn has_pem(value: &str) -> bool {
    let value = value.to_ascii_lowercase();
    ["--begin", "-- begin", "--end "].iter().any(|mark| value.contains(mark))
        || (value.contains("begin ") && ["private key", "certificate"].iter().any(|label| value.contains(label)))
}

/// Returns whether the text contains a token or a client secret.
pub(crate) fn has_token(value: &str) -> bool {
    has_json_web_token(value)
        || has_joined_token(value)
        || has_known_start(value)
        || has_entra_secret(value)
        || has_bearer(value)
}

/// `eyJ` is the base64 of `{"`. Ignores the case, because a host's name arrives in lower case.
fn has_json_web_token(value: &str) -> bool {
    let is_compact = |piece: &[u8]| piece.get(..3).is_some_and(|start| start.eq_ignore_ascii_case(b"eyj"));
    let mut pieces = value.as_bytes().split(|byte| !is_of_token(*byte) && *byte != b'.').flat_map(starts);
    pieces.any(|piece| (is_compact(piece) || begins_spaced_json(piece)) && piece.len() >= SHORTEST_TOKEN + 3)
}

/// Base64 of JSON contains capitals; a name in lower case may begin with the same letters.
fn begins_spaced_json(piece: &[u8]) -> bool {
    let (letters, second, third) = BROKEN_JSON;
    let is_broken = match piece.strip_prefix(letters) {
        Some([white, next, ..]) => second.contains(white) && third.contains(next),
        _ => false,
    };
    (is_broken || piece.starts_with(SPACED_JSON.as_bytes())) && piece.iter().any(u8::is_ascii_uppercase)
}

/// Finds a JWT directly after a word by its second part.
fn has_joined_token(value: &str) -> bool {
    let begins = |part: &[u8]| part.starts_with(b"eyJ") || begins_spaced_json(part);
    let ends_so = |part: &&[u8]| (0..part.len()).any(|at| begins(&part[at..]));
    let mut pieces = value.as_bytes().split(|byte| !is_of_token(*byte) && *byte != b'.');
    pieces.any(|piece| {
        let mut parts = piece.split(|byte| *byte == b'.');
        parts.find(ends_so).is_some() && parts.any(begins)
    })
}

fn is_of_token(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-_".contains(&byte)
}

/// Returns the rest of the piece from each position at which a word begins.
fn starts(piece: &[u8]) -> impl Iterator<Item = &[u8]> {
    let begins = |at: &usize| *at == 0 || !piece[*at - 1].is_ascii_alphanumeric();
    (0..piece.len()).filter(begins).map(|at| &piece[at..])
}

fn has_known_start(value: &str) -> bool {
    let is_token = |piece: &[u8], (start, least): &(&str, usize)| {
        piece.len() >= start.len() + least && piece[..start.len()].eq_ignore_ascii_case(start.as_bytes())
    };
    let mut pieces = value.as_bytes().split(|byte| !is_of_token(*byte)).flat_map(starts);
    pieces.any(|piece| TOKEN_STARTS.iter().any(|row| is_token(piece, row)))
}

fn has_entra_secret(value: &str) -> bool {
    let (mark, least) = ENTRA_SECRET;
    let is_of_secret = |byte: &u8| is_of_token(*byte) || b".~".contains(byte);
    let text = value.as_bytes();
    let mut places = (4..text.len())
        .filter(|at| text[*at..].get(..2).is_some_and(|found| found.eq_ignore_ascii_case(mark.as_bytes())));
    places.any(|at| {
        let behind = text[at + mark.len()..].iter().take_while(|byte| is_of_secret(byte)).count();
        text[at - 1].is_ascii_digit() && text[at - 4..at].iter().all(is_of_secret) && behind >= least
    })
}

/// Finds `Bearer …`, as in the header. A folder may have this name.
fn has_bearer(value: &str) -> bool {
    let lower = value.to_ascii_lowercase();
    let is_proof = |behind: &str| {
        let proof = behind.trim_start_matches([' ', '+', '\t', ':']);
        proof.len() < behind.len() && proof.len() >= 4 && !proof.starts_with(char::is_whitespace)
    };
    let begins = |before: &str, behind: &str| {
        is_option(before, behind) || !before.ends_with(|last: char| last.is_alphanumeric() || "/\\".contains(last))
    };
    let mut found = lower.match_indices("bearer").map(|(at, word)| (&lower[..at], &lower[at + word.len()..]));
    found.any(|(before, behind)| begins(before, behind) && is_proof(behind))
        || lower.trim_start().strip_prefix("basic").is_some_and(is_proof)
}

/// Returns whether the slash begins an option of Windows, such as `/password …`, and not a path.
fn is_option(before: &str, behind: &str) -> bool {
    before.ends_with(" /") || (before.trim_start() == "/" && !behind.contains(['/', '\\']))
}

/// Finds `password=…`, `"clientSecret": "…"`, `<key>…` and `--client-secret …`.
fn has_named_secret(value: &str) -> bool {
    value
        .match_indices(['=', ':', '>', ' '])
        .any(|(at, sign)| has_value(&value[at + 1..], sign) && calls_secret(value, at, sign))
}

/// After an equals sign, a value may begin with any character: `Pwd={…}`.
fn has_value(behind: &str, sign: &str) -> bool {
    let opens = |first: char| first.is_whitespace() || is_quote(first) || (sign == ":" && first == '[');
    let behind = behind.trim_start_matches(opens);
    let none: &[char] = if sign == "=" { &[';', '}'] } else { &['{', '[', ']', ',', ';', '&', '}', ')', '<'] };
    !behind.is_empty() && !behind.starts_with(none)
}

fn is_quote(character: char) -> bool {
    "\"'`\\".contains(character)
}

/// Returns whether the name before this character is that of a secret. A colon also occurs in ids, and a space between
/// words, so they alone are no proof.
fn calls_secret(value: &str, at: usize, sign: &str) -> bool {
    let before = value[..at].trim_end();
    let bare = without_index(before).trim_end_matches(is_quote);
    let is_of_name = |character: char| character.is_alphanumeric() || "_-.$".contains(character);
    let name = &bare[bare.trim_end_matches(is_of_name).len()..];
    let in_front = &bare[..bare.len() - name.len()];
    let is_assigned = match sign {
        "=" => true,
        ">" => return is_secret_tag(before),
        _ if is_option(in_front, &value[at..]) => true,
        " " => name.starts_with('-') && !value[at..].trim_start().starts_with("--"),
        _ => {
            let is_quoted =
                bare.len() < before.len() || value[at + 1..].starts_with(|next| next == ' ' || is_quote(next));
            // Entra ID lists the keys of an application as `[Key0:Start=…]`.
            let is_numbered = name.ends_with(|end: char| end.is_numeric());
            let begins = in_front
                .chars()
                .next_back()
                .is_none_or(|last| last.is_whitespace() || ",;(".contains(last) || last == '[' && !is_numbered);
            is_quoted || begins || value.contains('{')
        }
    };
    let index = indexed(before).filter(|_| sign == "=").map(|(_, index)| index.trim_matches(is_quote));
    is_assigned && (names_a_secret(name) || index.is_some_and(names_a_secret))
}

/// Removes the index of an element from its name: `sig[]`.
fn without_index(name: &str) -> &str {
    indexed(name).map_or(name, |(name, _)| name)
}

/// Returns the name of an element, and its index: `user[password]`.
fn indexed(name: &str) -> Option<(&str, &str)> {
    name.strip_suffix(']').and_then(|open| open.rsplit_once('['))
}

/// Returns whether the text ends within an element's tag, with or without attributes, whose name is that of a secret.
fn is_secret_tag(before: &str) -> bool {
    let tag = before.rsplit_once('<').map(|(_, tag)| tag);
    tag.and_then(|tag| tag.split_whitespace().next()).is_some_and(|name| !name.starts_with('/') && names_a_secret(name))
}

fn has_base64(value: &str) -> bool {
    let is_base64 = |byte: &u8| is_of_token(*byte) || b"+=".contains(byte);
    let is_padded = |piece: &[u8]| piece.len() >= SHORTEST_PADDED_BASE64 && piece.ends_with(b"=");
    let text = value.as_bytes();
    text.split(|byte| !is_base64(byte)).any(|piece| piece.len() >= SHORTEST_BASE64)
        || text.split(|byte| !is_base64(byte) && *byte != b'/').any(is_padded)
        || text.split(|byte| !byte.is_ascii_alphanumeric() && !b"+/".contains(byte)).any(is_base64_with_slashes)
}

/// Without padding, only its mixture distinguishes base64 with slashes from a path: every second character is of another
/// kind than the one before it. In random base64 two of three are, in names one of four.
fn is_base64_with_slashes(piece: &[u8]) -> bool {
    let kind = |byte: u8| (byte.is_ascii_uppercase(), byte.is_ascii_lowercase(), byte.is_ascii_digit());
    let kinds = [u8::is_ascii_uppercase, u8::is_ascii_lowercase, u8::is_ascii_digit];
    let changes = piece.windows(2).filter(|pair| kind(pair[0]) != kind(pair[1])).count();
    piece.len() >= SHORTEST_BASE64
        && piece[0] != b'/'
        && kinds.iter().all(|is_of| piece.iter().any(is_of))
        && changes * 2 >= piece.len()
}

/// A password may contain an unescaped slash. So the check covers all text before the last `@`: if it contains a colon,
/// it is a password or an address with a user. After two slashes of any kind (WHATWG URL §4.4) an address begins
/// without a scheme.
fn has_user(value: &str) -> bool {
    let at = |text: &str| text.rfind('@');
    let has_password = at(value).is_some_and(|at| value[..at].contains(':'));
    let is_slash = |character: char| matches!(character, '/' | '\\');
    let host = value.trim_start().strip_prefix(is_slash).and_then(|rest| rest.strip_prefix(is_slash));
    let authority = host.and_then(|host| host.split(is_slash).find(|part| !part.is_empty()));
    has_password || authority.is_some_and(|authority| authority.contains('@')) || has_user_alone(value)
}

/// Finds `token@host:8080` and `token@host/path`, without a scheme: a mail address has neither a port nor a path.
fn has_user_alone(value: &str) -> bool {
    let Some((user, behind)) = value.trim().split_once('@') else { return false };
    let is_of_host = |character: char| character.is_alphanumeric() || "-._".contains(character);
    let after_host = match behind.strip_prefix('[') {
        Some(address) => address.split_once(']').map_or("", |(_, rest)| rest),
        None => behind.trim_start_matches(is_of_host),
    };
    let is_word = !user.is_empty() && !user.contains(|other: char| other.is_whitespace() || "/\\".contains(other));
    is_word && after_host.len() < behind.len() && after_host.starts_with([':', '/'])
}

#[cfg(test)]
mod tests;
