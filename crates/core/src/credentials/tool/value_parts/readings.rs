//! Lists the possible values at the beginning of a text, because their end is uncertain.

use crate::types::{beginning, is_quote, Sign};
use std::borrow::Cow;

/// The longest value with separators in it. The limit bounds the work for each name.
pub(super) const LONGEST_WIDE: usize = 128;

/// The longest line that usual servers accept.
const LONGEST_HEADER: usize = 4096;

/// The longest value in braces.
const LONGEST_BRACED: usize = 256;

/// Signs that may end a value without quotes, each set by itself. A password may contain all others: `,` and `&` in a connection
/// string, `;` in an address, a space on a line of its own.
const ENDS: [&[char]; 6] =
    [&[], &[';'], &['&'], &[','], &[' ', '\t'], &['"', '\'', '`', '<', '>', ')', ']', '}', '\\']];

/// Signs of which the first one ends most values.
const ANY_END: [char; 16] = [';', '&', ',', ' ', '\t', '"', '\'', '`', '<', '>', ')', ']', '}', '#', '|', '\u{a0}'];

/// Signs between the words of a value.
const PIECES: [char; 7] = [':', '=', '/', '?', '@', '\\', '!'];

const LINE_BREAKS: [char; 2] = ['\n', '\r'];

/// A possible value.
pub(super) struct Reading<'a> {
    pub(super) text: Cow<'a, str>,
    /// Whether more of the value follows.
    pub(super) is_piece: bool,
    /// Whether it is a whole text, which may have parts.
    pub(super) may_have_parts: bool,
}

impl<'a> Reading<'a> {
    fn whole(text: impl Into<Cow<'a, str>>) -> Self {
        Self { text: text.into(), is_piece: false, may_have_parts: true }
    }

    fn guess(text: &'a str) -> Self {
        Self { text: text.into(), is_piece: false, may_have_parts: false }
    }

    fn piece(text: &'a str) -> Self {
        Self { text: text.into(), is_piece: true, may_have_parts: false }
    }
}

/// Returns all possible values of a secret's name.
pub(super) fn readings(value: &str, sign: Sign) -> Vec<Reading<'_>> {
    let mut all = of_quotes(value);
    let inside = value.trim_start_matches(|character| character == '\\' || is_quote(character));
    all.extend((!all.is_empty()).then(|| Reading::guess(before(beginning(inside, LONGEST_WIDE), &[';']))));
    all.extend(of_braces(value));
    all.extend(of_list(value));
    all.extend(bare(value, sign));
    all.extend(behind_tag(value).into_iter().flat_map(|value| bare(value, sign)));
    all
}

/// `!tag …` and `&anchor …` of YAML, `<<END` of shells.
fn behind_tag(value: &str) -> Option<&str> {
    let is_document = value.starts_with("<<");
    let is_end = |character: char| character == '\n' || (!is_document && character == ' ');
    let tagged = (is_document || value.starts_with(['!', '&'])).then(|| beginning(value, LONGEST_HEADER))?;
    tagged.split_once(is_end).map(|(_, rest)| rest.trim_start())
}

/// `[…, …]` of words alone.
fn of_list(value: &str) -> Vec<Reading<'_>> {
    let list = beginning(value, LONGEST_HEADER).strip_prefix('[').and_then(|list| list.split_once(']'));
    let list = list.map(|(list, _)| list).filter(|list| !list.contains([':', '=', '{', '"', '\'']));
    list.into_iter().flat_map(|list| list.split(',')).map(|word| Reading::guess(word.trim())).collect()
}

/// Returns the value up to the first sign that ends most values.
pub(super) fn word(value: &str) -> &str {
    before(value, &ANY_END)
}

/// Returns the rest of the line, as a header has it: `Cookie: a=…; b=…`. After a quote, another member of JSON follows.
pub(super) fn line(value: &str) -> &str {
    before(beginning(value, LONGEST_HEADER), &['"', '\'', '`'])
}

/// Returns the value of another name, only if it is certain. A quote after the word ends a name: `"area:name":…`.
pub(super) fn of_pair(value: &str, sign: Sign) -> Vec<Reading<'_>> {
    let (quoted, word) = (of_quotes(value), word(value));
    if quoted.is_empty() && sign == Sign::Equals && !value[word.len()..].starts_with(is_quote) {
        return vec![Reading::whole(word)];
    }
    quoted
}

fn bare(value: &str, sign: Sign) -> Vec<Reading<'_>> {
    let narrow = word(value);
    let near = beginning(value, LONGEST_WIDE);
    let wide = ENDS.iter().filter(|ends| sign != Sign::Space || ends.contains(&' ')).map(|ends| before(near, ends));
    let wide = wide.filter(|text| *text != narrow).map(Reading::guess);
    let certain = [Reading::whole(narrow), Reading::piece(before(narrow, &PIECES))];
    certain.into_iter().chain(wide).collect()
}

/// Returns the text before the first of these signs, on its line.
fn before<'a>(text: &'a str, ends: &[char]) -> &'a str {
    let is_end = |character: char| ends.contains(&character) || LINE_BREAKS.contains(&character);
    text.split(is_end).next().unwrap_or_default()
}

/// Returns the possible texts in quotes: a quote inside may end the text, be escaped, or be doubled. In nested text, a backslash
/// precedes the quotes; which ones are escaped there is read after its escapes are removed.
fn of_quotes(value: &str) -> Vec<Reading<'_>> {
    let backslashes = value.len() - value.trim_start_matches('\\').len();
    let Some(quote) = value[backslashes..].chars().next().filter(|first| is_quote(*first)) else { return Vec::new() };
    let (opening, inside) = value.split_at(backslashes + 1);
    let escaped = if backslashes == 0 { end_of_escaped(inside, quote) } else { None };
    let ends = [inside.find(opening), escaped];
    let mut all: Vec<_> = ends.into_iter().flatten().map(|end| Reading::whole(&inside[..end])).collect();
    let doubled = end_of_doubled(inside, quote).filter(|end| inside[..*end].contains(quote));
    all.extend(
        doubled.map(|end| Reading::whole(inside[..end].replace(&format!("{quote}{quote}"), &quote.to_string()))),
    );
    let bare = inside.trim_start_matches(quote);
    all.push(Reading::whole(bare.split(quote).next().unwrap_or_default()));
    all
}

fn end_of_escaped(text: &str, quote: char) -> Option<usize> {
    let mut is_escaped = false;
    let mut ends = text.char_indices().filter(|(_, character)| {
        let is_end = *character == quote && !is_escaped;
        is_escaped = *character == '\\' && !is_escaped;
        is_end
    });
    ends.next().map(|(at, _)| at)
}

fn end_of_doubled(text: &str, quote: char) -> Option<usize> {
    let mut characters = text.char_indices().peekable();
    while let Some((at, character)) = characters.next() {
        if character == quote && characters.next_if(|(_, next)| *next == quote).is_none() {
            return Some(at);
        }
    }
    None
}

/// ODBC writes a value in braces, and doubles a closing brace inside.
fn of_braces(value: &str) -> Vec<Reading<'_>> {
    let Some(inside) = value.strip_prefix('{').map(|inside| beginning(inside, LONGEST_BRACED)) else {
        return Vec::new();
    };
    let Some(end) = end_of_doubled(inside, '}') else { return Vec::new() };
    vec![Reading::guess(&inside[..end]), Reading::whole(inside[..end].replace("}}", "}"))]
}

/// Returns the text in the brackets at the beginning of the value, or all of the rest if they are not closed.
pub(super) fn of_brackets(value: &str) -> &str {
    let Some((open, close)) =
        [('{', '}'), ('[', ']'), ('(', ')')].into_iter().find(|(open, _)| value.starts_with(*open))
    else {
        return "";
    };
    let mut depth = 0_usize;
    let end = value.char_indices().find(|(_, character)| {
        depth = depth + usize::from(*character == open) - usize::from(*character == close);
        depth == 0
    });
    end.map_or(value, |(at, _)| &value[..=at])
}
