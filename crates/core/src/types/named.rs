//! Finds names in a text, and where their values may begin.

use super::secret_name::names_a_secret;
use std::iter;

/// A longer word is no name.
const LONGEST_NAME: usize = 128;

/// A longer tag is no tag.
const LONGEST_TAG: usize = 512;

/// How a value is assigned to a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sign {
    Equals,
    /// The end of a tag, too.
    Colon,
    Space,
}

/// A name, and the rest of the text, which begins with its value.
pub(crate) struct Named<'a> {
    pub(crate) name: &'a str,
    pub(crate) sign: Sign,
    pub(crate) value: &'a str,
    /// Whether its value is a secret, although the name alone does not say so.
    pub(crate) is_secret: bool,
}

/// Returns each name that may have a value.
pub(crate) fn named(text: &str) -> impl Iterator<Item = Named<'_>> {
    words(text).filter(|(_, word)| word.len() <= LONGEST_NAME).flat_map(|(at, word)| named_at(text, at, word))
}

fn words(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut at = 0;
    iter::from_fn(move || {
        let start = at + text[at..].find(is_of_name)?;
        at = start + length_of_name(&text[start..]);
        Some((start, &text[start..at]))
    })
}

fn length_of_name(text: &str) -> usize {
    text.find(|character| !is_of_name(character)).unwrap_or(text.len())
}

fn is_of_name(character: char) -> bool {
    character.is_alphanumeric() || "_-.".contains(character)
}

fn named_at<'a>(text: &'a str, at: usize, name: &'a str) -> Vec<Named<'a>> {
    let (before, behind) = (&text[..at], &text[at + name.len()..]);
    if before.ends_with("</") {
        return Vec::new();
    }
    let tag = before.ends_with('<').then(|| behind_tag(behind)).flatten();
    if let Some(found) = tag.or_else(|| assigned(behind)) {
        return of_sign(name, found).into_iter().collect();
    }
    let apart = given_apart(name, behind).and_then(|found| of_sign(name, found));
    let word = follows(name, behind).and_then(|value| of_user(name, value).or_else(|| of_word(before, name, value)));
    apart.into_iter().chain(word).chain(joined(name, &text[at..])).collect()
}

/// Beside a `value`, the text of `key` is a name.
fn of_sign<'a>(name: &'a str, (sign, value): (Sign, &'a str)) -> Option<Named<'a>> {
    let value = start_of_value(value);
    let is_of_name = name.eq_ignore_ascii_case("key") && value_word(value).is_some();
    let is_secret = match name {
        "-p" | "-P" => is_no_place(word(value)),
        _ if name.starts_with("-u") => sign == Sign::Colon,
        _ => name.eq_ignore_ascii_case("value") && has_secret_beside(value),
    };
    let named = || of_user(name, value).unwrap_or(Named { name, sign, value, is_secret });
    (!is_of_name).then(named)
}

/// `"value":"…","name":"password"`.
fn has_secret_beside(value: &str) -> bool {
    let near = beginning(value, LONGEST_TAG).split(['>', '}']).next().unwrap_or_default();
    words(near).skip(1).any(|(_, word)| names_a_secret(word) && !word.eq_ignore_ascii_case("key"))
}

/// `<password type="text">…`.
fn behind_tag(behind: &str) -> Option<(Sign, &str)> {
    let end = behind.bytes().take(LONGEST_TAG).position(|byte| byte == b'>')?;
    (!behind[..end].ends_with('/')).then(|| (Sign::Colon, &behind[end + 1..]))
}

/// `name=…`, `"name": …`, `['name'] => …`. A slash after the colon continues an address or a list of paths.
fn assigned(behind: &str) -> Option<(Sign, &str)> {
    let behind = behind.trim_start_matches(closes_name).trim_start_matches([' ', '\t']);
    let behind = behind.strip_prefix('-').filter(|rest| rest.starts_with('>')).unwrap_or(behind);
    let sign = if behind.starts_with('=') { Sign::Equals } else { Sign::Colon };
    let value = behind.trim_start_matches(['=', ':', '>']);
    (value.len() < behind.len() && !(sign == Sign::Colon && value.starts_with('/'))).then_some((sign, value))
}

fn closes_name(character: char) -> bool {
    is_quote(character) || "\\]”’»“".contains(character)
}

pub(crate) fn is_quote(character: char) -> bool {
    "\"'`".contains(character)
}

/// `key="name" value="…"`, `"name":"…","value":"…"`, `<key>name</key><string>…`: the name is itself a value, and its value follows.
fn given_apart<'a>(name: &str, behind: &'a str) -> Option<(Sign, &'a str)> {
    if !names_a_secret(name) {
        return None;
    }
    let closed = behind.trim_start_matches(closes_name);
    if closed.starts_with("</") {
        let next = behind_tag(closed)?.1.trim_start().strip_prefix('<')?;
        return behind_tag(next);
    }
    of_two(closed).or_else(|| assigned(value_word(closed)?))
}

/// `["name", "…"]`: a list of more is one of names.
fn of_two(closed: &str) -> Option<(Sign, &str)> {
    let value = closed.strip_prefix(',')?.trim_start();
    let (_, behind) = beginning(value, LONGEST_TAG).strip_prefix(is_quote)?.split_once(is_quote)?;
    behind.trim_start().starts_with([']', ')']).then_some((Sign::Colon, value))
}

/// Returns the text after `value` in the same element or object.
fn value_word(text: &str) -> Option<&str> {
    let near = beginning(text, LONGEST_TAG).split(['>', '}']).next()?;
    let at = near.to_ascii_lowercase().find("value")?;
    Some(&text[at + "value".len()..])
}

/// Returns at most so many bytes of the text.
pub(crate) fn beginning(text: &str, length: usize) -> &str {
    let end = (0..=length.min(text.len())).rev().find(|at| text.is_char_boundary(*at));
    &text[..end.unwrap_or_default()]
}

/// Returns the text after white space, or after a comma in a list of arguments.
fn follows<'a>(name: &str, behind: &'a str) -> Option<&'a str> {
    let closed = behind.trim_start_matches(closes_name);
    let value = if name.starts_with('-') { closed.trim_start_matches(',') } else { closed };
    let is_apart = value.len() < closed.len() || value.starts_with([' ', '\t']);
    is_apart.then(|| start_of_value(value)).filter(|value| !value.is_empty())
}

/// `-u name:password`.
fn of_user<'a>(name: &'a str, value: &'a str) -> Option<Named<'a>> {
    if !["-u", "-U", "--user", "--proxy-user"].contains(&name) {
        return None;
    }
    let (user, password) = value.split_once(':').or_else(|| value.split_once('%'))?;
    (!user.contains(char::is_whitespace)).then_some(Named { name, sign: Sign::Space, value: password, is_secret: true })
}

/// `--password …`, `Bearer …`. After other names, prose may continue: "password reset" contains no password.
fn of_word<'a>(before: &str, name: &'a str, value: &'a str) -> Option<Named<'a>> {
    let word = word(value);
    let is = |known: &str| name.eq_ignore_ascii_case(known);
    let is_option = name.starts_with('-') && !word.starts_with('-');
    let is_secret = match name {
        "-p" | "-P" => is_option && is_no_place(word),
        _ if is("bearer") => true,
        _ if is("password") && before.split_whitespace().rev().nth(1) == Some("login") => true,
        _ => is("basic") && is_no_word(word) || names_a_secret(name) && (is_option || is_no_word(word)),
    };
    is_secret.then_some(Named { name, sign: Sign::Space, value, is_secret })
}

/// `-p…` without a space, unless it looks like a word. After `-P`, PowerShell's names go on: `-Port:8080`.
fn joined<'a>(name: &'a str, text: &'a str) -> Option<Named<'a>> {
    let value = text.strip_prefix("-p").or_else(|| text.strip_prefix("-P"))?;
    let is_option = text.starts_with("-P") && word(value).contains(['=', ':']);
    let is_secret = !is_option && is_no_place(word(value)) && word(value).contains(|sign: char| !sign.is_lowercase());
    is_secret.then_some(Named { name, sign: Sign::Space, value, is_secret })
}

fn word(text: &str) -> &str {
    text.split(char::is_whitespace).next().unwrap_or_default()
}

/// `-p` also precedes ports and folders.
fn is_no_place(word: &str) -> bool {
    !word.starts_with(['/', '.', '~']) && !word.bytes().all(|byte| byte.is_ascii_digit() || b":-".contains(&byte))
}

/// Returns whether it has other signs than letters, or capitals after its beginning.
fn is_no_word(word: &str) -> bool {
    let word = word.trim_end_matches(['.', ',', ':', ';', '!', '?', ')']);
    word.len() >= 8 && word.chars().skip(1).any(|character| !character.is_lowercase())
}

/// Skips white space, and a line break before an indented or quoted text.
fn start_of_value(rest: &str) -> &str {
    let same_line = rest.trim_start_matches([' ', '\t', '\u{a0}']);
    let block = same_line.trim_start_matches(['|', '>', '-', '+']);
    let line = if block.starts_with(['\n', '\r']) { block } else { same_line };
    let next = line.trim_start_matches(['\n', '\r']);
    let value = match next.len() == line.len() {
        true => line,
        false if next.starts_with([' ', '\t', '"', '\'', '{', '[']) => next.trim_start().trim_start_matches("- "),
        false => "",
    };
    without_mark(value)
}

/// Skips the mark of a language before a quote (`b'…'`, `@"…"`), and of XML before a text: `<setting name="…"><value>…`.
fn without_mark(value: &str) -> &str {
    let value = value.strip_prefix("<value>").unwrap_or(value);
    let value = value.strip_prefix("<![CDATA[").unwrap_or(value);
    let mut characters = value.chars();
    let is_mark = |first: char| first.is_ascii_alphabetic() || "$@".contains(first);
    let marked = characters.next().filter(|first| is_mark(*first)).map(|_| characters.as_str());
    marked.filter(|rest| rest.starts_with(is_quote)).unwrap_or(value)
}
