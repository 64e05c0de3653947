//! The escape sequences of addresses, HTML, JSON and terminals.

use super::html_names::{character_named, NAMES_ALONE};

/// A text may be escaped several times on its way: by a service, by another one that repeats its answer, by a gateway,
/// and by a log.
pub(super) const MOST_LAYERS: usize = 5;

/// The longest HTML escape, in bytes: `&DiacriticalGrave;`, or a number with leading zeros.
const LONGEST_OF_HTML: usize = 18;

/// Returns whether an escape may begin with the byte.
pub(super) const fn may_begin(byte: u8) -> bool {
    matches!(byte, b'%' | b'&' | b'\\')
}

/// Returns the bytes of an escape at the beginning of the text, and the length of the escape.
pub(super) fn decoded(text: &[u8]) -> Option<(Vec<u8>, usize)> {
    match text.first()? {
        b'%' => of_address(text),
        b'&' => of_html(text),
        b'\\' => of_json(text),
        _ => None,
    }
}

fn of_address(text: &[u8]) -> Option<(Vec<u8>, usize)> {
    let byte = || u8::try_from(number(text.get(1..3)?, 16)?).ok();
    byte().map(|byte| (vec![byte], 3)).or_else(|| of_utf16(text, b"%u"))
}

fn of_html(text: &[u8]) -> Option<(Vec<u8>, usize)> {
    let name = name(text.get(1..)?);
    let behind = usize::from(text.get(1 + name.len()) == Some(&b';'));
    let alone = || NAMES_ALONE.iter().find(|known| name.to_ascii_lowercase().starts_with(known.as_bytes()));
    let (character, length) = match name {
        [b'#', b'x' | b'X', digits @ ..] => (char::from_u32(number(digits, 16)?)?, name.len() + behind),
        [b'#', digits @ ..] => (char::from_u32(number(digits, 10)?)?, name.len() + behind),
        _ if behind == 1 && character_named(name).is_some() => (character_named(name)?, name.len() + 1),
        _ => alone().and_then(|known| Some((character_named(known.as_bytes())?, known.len())))?,
    };
    Some((bytes(character), 1 + length))
}

/// Returns what follows the `&`: a name, or `#` and digits.
fn name(text: &[u8]) -> &[u8] {
    let is_hexadecimal = text.starts_with(b"#x") || text.starts_with(b"#X");
    let begin = if is_hexadecimal { 2 } else { usize::from(text.starts_with(b"#")) };
    let is_of_name = |byte: &u8| match begin {
        0 => byte.is_ascii_alphanumeric(),
        1 => byte.is_ascii_digit(),
        _ => byte.is_ascii_hexdigit(),
    };
    let rest = text.get(begin..).unwrap_or_default();
    let length = rest.iter().take(LONGEST_OF_HTML).take_while(|byte| is_of_name(byte)).count();
    &text[..begin + length]
}

/// Decodes the escapes of JSON, JavaScript, C, Python and shells.
fn of_json(text: &[u8]) -> Option<(Vec<u8>, usize)> {
    match text.get(1)? {
        b'a' | b'b' | b'e' | b'f' | b'n' | b'r' | b't' | b'v' => Some((vec![b' '], 2)),
        b'x' | b'u' if text.get(2) == Some(&b'{') => of_braces(text),
        b'x' => Some((vec![u8::try_from(number(text.get(2..4)?, 16)?).ok()?], 4)),
        b'u' => of_utf16(text, br"\u"),
        b'U' => Some((bytes(char::from_u32(number(text.get(2..10)?, 16)?)?), 10)),
        b'0'..=b'7' => of_octal(&text[1..]),
        escaped if escaped.is_ascii_punctuation() => Some((vec![*escaped], 2)),
        _ => None,
    }
}

/// Decodes the number of a character in braces: `\u{…}` of JavaScript and Rust, `\x{…}` of Perl.
fn of_braces(text: &[u8]) -> Option<(Vec<u8>, usize)> {
    let digits = text[3..].iter().take(7).position(|byte| *byte == b'}')?;
    Some((bytes(char::from_u32(number(&text[3..3 + digits], 16)?)?), digits + 4))
}

/// Decodes one to three octal digits, as long as they fit into a byte.
fn of_octal(digits: &[u8]) -> Option<(Vec<u8>, usize)> {
    let count = digits.iter().take(3).take_while(|digit| matches!(digit, b'0'..=b'7')).count();
    let byte = |count: usize| u8::try_from(number(&digits[..count], 8)?).ok();
    (1..=count).rev().find_map(|count| Some((vec![byte(count)?], 1 + count)))
}

/// Decodes a character given as one or two UTF-16 numbers, each after that mark.
fn of_utf16(text: &[u8], mark: &[u8]) -> Option<(Vec<u8>, usize)> {
    let unit = |text: &[u8]| u16::try_from(number(text.strip_prefix(mark)?.get(..4)?, 16)?).ok();
    let length = mark.len() + 4;
    let units = [Some(unit(text)?), text.get(length..).and_then(unit)];
    let character = char::decode_utf16(units.into_iter().flatten()).next()?.ok()?;
    Some((bytes(character), length * character.len_utf16()))
}

fn number(digits: &[u8], radix: u32) -> Option<u32> {
    let digits = std::str::from_utf8(digits).ok().filter(|digits| !digits.starts_with('+'))?;
    u32::from_str_radix(digits, radix).ok()
}

fn bytes(character: char) -> Vec<u8> {
    character.to_string().into_bytes()
}

/// Returns the text without an escape at its end, which may have been cut.
pub(super) fn without_last_escape(text: &str) -> Option<&str> {
    let text = text.trim_end_matches(|last: char| !last.is_ascii_alphanumeric());
    let before = text.trim_end_matches(|last: char| last.is_ascii_alphanumeric() || "#{".contains(last));
    let is_escape = text.len() - before.len() < LONGEST_OF_HTML && before.ends_with(['%', '&', '\\']);
    is_escape.then(|| &before[..before.len() - 1])
}

/// Returns whether a reader does not see the character: a control character, one that Unicode calls ignorable
/// (`Default_Ignorable_Code_Point`), an interlinear annotation, or the braille blank. White space is not included.
pub(super) fn is_invisible(character: char) -> bool {
    let is_ignorable = matches!(
        character,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{2800}' | '\u{3164}' | '\u{ffa0}' | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{fff0}'..='\u{fffb}' | '\u{1bca0}'..='\u{1bca3}'
            | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}'
    );
    is_ignorable || (character.is_control() && character != '\u{1b}')
}

/// Converts a full-width ASCII letter to its usual width (Unicode, "Halfwidth and Fullwidth Forms").
pub(super) fn of_usual_width(character: char) -> char {
    let narrow = |wide: u32| char::from_u32(wide - 0xff01 + 0x21);
    Some(character)
        .filter(|wide| matches!(wide, '\u{ff01}'..='\u{ff5e}'))
        .and_then(|wide| narrow(wide.into()))
        .unwrap_or(character)
}

/// Returns whether the character begins a terminal sequence: the escape character, or a C1 control, which stands for
/// the escape character and another one.
pub(super) const fn begins_sequence(character: char) -> bool {
    matches!(character, '\u{1b}' | '\u{90}' | '\u{98}' | '\u{9b}' | '\u{9d}' | '\u{9e}' | '\u{9f}')
}

/// Returns the length of the sequence at the beginning of the text (ECMA-48 §5.4, §5.6): a control sequence up to its
/// letter, a text for the terminal up to a bell or the string terminator, or two characters with those between them.
pub(super) fn sequence_length(text: &str) -> usize {
    let mut rest = text.char_indices();
    let Some((_, first)) = rest.next() else { return 0 };
    let kind = if first == '\u{1b}' { rest.next().map(|(_, kind)| kind) } else { Some(first) };
    let (begin, rest) = (text.len() - rest.as_str().len(), rest.as_str());
    let through = |is_last: fn(char) -> bool| {
        let last = rest.char_indices().find(|(_, character)| is_last(*character));
        last.map_or(text.len(), |(at, last)| begin + at + last.len_utf8())
    };
    match kind {
        Some('[' | '\u{9b}') => through(|character| matches!(character, '@'..='~')),
        Some(']' | 'P' | 'X' | '^' | '_' | '\u{90}' | '\u{98}' | '\u{9d}' | '\u{9e}' | '\u{9f}') => {
            through(|character| matches!(character, '\u{7}' | '\\' | '\u{9c}'))
        }
        Some(' '..='/') => through(|character| matches!(character, '0'..='~')),
        Some('0'..='~') => begin,
        _ => first.len_utf8(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_are_decoded_one_at_a_time() {
        let rows: [(&[u8], &str, usize); 26] = [
            (b"%2Fa", "/", 3),
            (b"%2f", "/", 3),
            (b"&amp;a", "&", 5),
            (b"&#38;", "&", 5),
            (b"&#x26;", "&", 6),
            (b"&#x10FFFF;", "\u{10ffff}", 10),
            (br"\/", "/", 2),
            (br"\u002bx", "+", 6),
            (br"\n", " ", 2),
            (br"\x2Fa", "/", 4),
            (b"&sol;", "/", 5),
            (b"&dollar;x", "$", 8),
            (b"&DiacriticalGrave;", "`", 18),
            (b"&ampx", "&", 4),
            (b"&#0000038x", "&", 9),
            (br"\ud83d\ude00x", "\u{1f600}", 12),
            (br"\u{1F600}", "\u{1f600}", 9),
            (br"\U0001f600", "\u{1f600}", 10),
            (b"%uD83D%uDE00", "\u{1f600}", 12),
            (br"\057", "/", 4),
            (br"\57x", "/", 3),
            (br"\577", "/", 3),
            (br"\'", "'", 2),
            (b"&uuml;x", "\u{fc}", 6),
            (b"&zwnj;", "\u{200c}", 6),
            (br"\fx", " ", 2),
        ];
        for (text, expected, length) in rows {
            assert_eq!(decoded(text), Some((expected.as_bytes().to_vec(), length)), "{text:?}");
        }
        let none: [&[u8]; 12] =
            [b"", b"a", b"%", b"%2", b"%+1", b"%zz", b"&", b"&other;", b"&#;", b"&#x110000;", br"\x", br"\ud800"];
        for text in none {
            assert_eq!(decoded(text), None, "{text:?}");
        }
    }

    #[test]
    fn an_escape_at_the_end_may_be_cut() {
        for end in ["%", "%2", "%2F", r"\", r"\u", r"\u00", r"\u002f", "&", "&#x2", "&am", r"\u00…", "%2\u{fffd}"] {
            let text = format!("text{end}");
            let cut = without_last_escape(&text).unwrap_or("text");
            assert_eq!(cut, "text", "{end}");
        }
        for none in ["", "text", "R&D and so on and on", "100 % of it"] {
            assert_eq!(without_last_escape(none), None, "{none}");
        }
    }

    #[test]
    fn a_sequence_of_a_terminal_has_an_end() {
        let rows = [
            ("\u{1b}[31mx", 5),
            ("\u{1b}]8;;x\u{7}y", 7),
            ("\u{1b}]0;x\u{1b}\\y", 7),
            ("\u{9d}0;x\u{9c}y", 7),
            ("\u{1b}Pq\u{1b}\\y", 5),
            ("\u{9b}31mx", 5),
            ("\u{1b}(Bx", 3),
            ("\u{1b}7x", 2),
            ("\u{1b}ü", 1),
            ("\u{1b}", 1),
            ("\u{1b}[31", 4),
            ("", 0),
        ];
        for (text, length) in rows {
            assert_eq!(sequence_length(text), length, "{text:?}");
        }
    }
}
