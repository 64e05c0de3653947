//! The escape sequences of addresses, HTML, JSON and terminals.

/// A text may be escaped several times on its way: by a service, by the one that repeats its answer, by a gateway, a
/// log.
pub(super) const MOST_LAYERS: usize = 5;

/// The longest of HTML's escapes that are decoded, in bytes: `&#x10FFFF;`.
const LONGEST_OF_HTML: usize = 10;

/// Whether an escape may begin with the byte.
pub(super) const fn may_begin(byte: u8) -> bool {
    matches!(byte, b'%' | b'&' | b'\\')
}

/// The bytes that an escape at the beginning of the text stands for, and the length of the escape.
pub(super) fn decoded(text: &[u8]) -> Option<(Vec<u8>, usize)> {
    match text.first()? {
        b'%' => of_address(text),
        b'&' => of_html(text),
        b'\\' => of_json(text),
        _ => None,
    }
}

fn of_address(text: &[u8]) -> Option<(Vec<u8>, usize)> {
    let byte = u8::try_from(number(text.get(1..3)?, 16)?).ok()?;
    Some((vec![byte], 3))
}

fn of_html(text: &[u8]) -> Option<(Vec<u8>, usize)> {
    let end = text.iter().take(LONGEST_OF_HTML).position(|byte| *byte == b';')?;
    let character = match text.get(1..end)? {
        b"amp" => '&',
        b"lt" => '<',
        b"gt" => '>',
        b"quot" => '"',
        b"apos" => '\'',
        b"equals" => '=',
        b"lowbar" => '_',
        b"percnt" => '%',
        b"period" => '.',
        b"plus" => '+',
        b"sol" => '/',
        [b'#', b'x' | b'X', digits @ ..] => char::from_u32(number(digits, 16)?)?,
        [b'#', digits @ ..] => char::from_u32(number(digits, 10)?)?,
        _ => return None,
    };
    Some((bytes(character), end + 1))
}

fn of_json(text: &[u8]) -> Option<(Vec<u8>, usize)> {
    match text.get(1)? {
        escaped @ (b'/' | b'"' | b'\\') => Some((vec![*escaped], 2)),
        b'n' | b'r' | b't' => Some((vec![b' '], 2)),
        b'x' => Some((vec![u8::try_from(number(text.get(2..4)?, 16)?).ok()?], 4)),
        b'u' => Some((bytes(char::from_u32(number(text.get(2..6)?, 16)?)?), 6)),
        _ => None,
    }
}

fn number(digits: &[u8], radix: u32) -> Option<u32> {
    let digits = std::str::from_utf8(digits).ok().filter(|digits| !digits.starts_with('+'))?;
    u32::from_str_radix(digits, radix).ok()
}

fn bytes(character: char) -> Vec<u8> {
    character.to_string().into_bytes()
}

/// Whether a reader does not see the character: a control, one that Unicode calls ignorable (`Default_Ignorable_Code_
/// Point`), as far as it stands between letters of any script, or the blank of braille. White space is none.
pub(super) fn is_invisible(character: char) -> bool {
    let is_ignorable = matches!(
        character,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{2800}' | '\u{3164}' | '\u{ffa0}' | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{e0000}'..='\u{e0fff}'
    );
    is_ignorable || (character.is_control() && character != '\u{1b}')
}

/// The length of the sequence that begins the text (ECMA-48 §5.4): `ESC [ … letter`, or `ESC ] …` to the next bell.
pub(super) fn sequence_length(text: &str) -> usize {
    let behind = |is_last: fn(char) -> bool| text[2..].find(is_last).map_or(text.len(), |at| at + 3);
    match text.as_bytes().get(1) {
        Some(b'[') => behind(|character| matches!(character, '@'..='~')),
        Some(b']') => behind(|character| matches!(character, '\u{7}' | '\\')),
        _ => 1,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_are_decoded_one_at_a_time() {
        let rows: [(&[u8], &str, usize); 11] = [
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
    fn a_sequence_of_a_terminal_has_an_end() {
        let rows = [("\u{1b}[31mx", 5), ("\u{1b}]8;;x\u{7}y", 7), ("\u{1b}x", 1), ("\u{1b}", 1), ("\u{1b}[31", 4)];
        for (text, length) in rows {
            assert_eq!(sequence_length(text), length, "{text:?}");
        }
    }
}
