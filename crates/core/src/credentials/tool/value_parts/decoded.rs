//! Decodes a text: the escapes of addresses, HTML and JSON, and base64 and hexadecimal digits in it.

use crate::types::{reading, Secret};
use base64::{engine::general_purpose::STANDARD_NO_PAD_INDIFFERENT, Engine};

/// Shorter base64 contains no user with a password.
const SHORTEST_BASE64: usize = 8;

const SHORTEST_HEXADECIMAL: usize = 16;

/// A decoded text.
pub(super) struct Decoded {
    pub(super) text: Secret,
    /// Whether it is a password.
    pub(super) is_proof: bool,
}

/// Returns all texts that this one encodes.
pub(super) fn decoded(text: &str) -> Vec<Decoded> {
    let escaped = may_be_read(text).then(|| Secret::new(reading(text))).filter(|read| read.expose() != text);
    let encoded = of_base64(text).into_iter().chain(of_hexadecimal(text)).flat_map(with_password);
    escaped.map(|text| Decoded { text, is_proof: false }).into_iter().chain(encoded).collect()
}

/// Names may also have signs of another width, or invisible ones.
fn may_be_read(text: &str) -> bool {
    text.contains(['%', '&', '\\']) || !text.is_ascii()
}

/// `Basic` encodes a user and a password, with a colon between them.
fn with_password(text: Secret) -> Vec<Decoded> {
    let password = text.expose().split_once(':').filter(|(_, password)| !password.contains(['\n', '\r']));
    let password = password.map(|(_, password)| Decoded { text: Secret::new(password), is_proof: true });
    password.into_iter().chain([Decoded { text, is_proof: false }]).collect()
}

/// Reads both alphabets. A slash may also separate folders, and several lines may be one text.
fn of_base64(text: &str) -> Vec<Secret> {
    let is_end = |character: char| !character.is_ascii_alphanumeric() && !"+/-_".contains(character);
    let lines: Secret = Secret::new(text.split_ascii_whitespace().collect::<String>());
    let is_of_lines = lines.expose().len() < text.len() && !lines.expose().trim_end_matches('=').contains(is_end);
    let runs = text.split(is_end);
    let names = runs.clone().filter(|run| run.contains('/')).flat_map(|run| run.split('/'));
    let all = runs.chain(names).chain(is_of_lines.then(|| lines.expose().trim_end_matches('=')));
    all.filter(|run| run.len() >= SHORTEST_BASE64).filter_map(from_base64).collect()
}

fn from_base64(run: &str) -> Option<Secret> {
    let standard = Secret::new(run.replace('-', "+").replace('_', "/"));
    legible(STANDARD_NO_PAD_INDIFFERENT.decode(standard.expose()).ok()?)
}

fn of_hexadecimal(text: &str) -> impl Iterator<Item = Secret> + '_ {
    let runs = text.split(|character: char| !character.is_ascii_hexdigit());
    runs.filter(|run| run.len() >= SHORTEST_HEXADECIMAL).filter_map(|run| {
        let bytes = run.as_bytes().chunks_exact(2).map(|pair| {
            let digits = std::str::from_utf8(pair).ok()?;
            u8::from_str_radix(digits, 16).ok()
        });
        legible(bytes.collect::<Option<_>>()?)
    })
}

/// Returns the bytes as text if they are UTF-8, or UTF-16 as PowerShell encodes a command.
fn legible(bytes: Vec<u8>) -> Option<Secret> {
    let is_utf16 = bytes.len() >= 4 && bytes.chunks_exact(2).all(|unit| unit[0] != 0 && unit[1] == 0);
    let bytes = if is_utf16 { bytes.into_iter().step_by(2).collect() } else { bytes };
    let text = Secret::new(String::from_utf8(bytes).ok()?);
    let is_text = !text.expose().contains(|other: char| other.is_control() && !other.is_whitespace());
    is_text.then_some(text)
}
