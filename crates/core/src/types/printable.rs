/// Returns the text on one line, without what a terminal would execute: control characters with the rest of their
/// sequence, and characters that change the direction of writing, by which a text can look like another one (Unicode
/// UAX #9). A line break becomes a space, so that the words on both sides stay separate.
pub(crate) fn printable(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    let mut rest = text.chars().peekable();
    while let Some(character) = rest.next() {
        match character {
            '\u{1b}' | '\u{9b}' => skip_sequence(character, &mut rest),
            // `\r\n` is one break.
            _ if breaks_line(character) && !shown.is_empty() && !shown.ends_with(' ') => shown.push(' '),
            _ if is_shown(character) => shown.push(character),
            _ => {}
        }
    }
    shown
}

/// Returns whether that would change nothing.
pub(super) fn is_printable(text: &str) -> bool {
    text.chars().all(is_shown)
}

/// Returns whether the character is visible.
pub(crate) fn is_shown(character: char) -> bool {
    !character.is_control() && !breaks_line(character) && !turns_direction(character)
}

fn breaks_line(character: char) -> bool {
    matches!(character, '\n' | '\r' | '\t' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

/// Skips what a terminal reads together with the escape character (ECMA-48 §5.4): `[`, parameters, and the letter that
/// ends them.
fn skip_sequence(escape: char, rest: &mut std::iter::Peekable<std::str::Chars<'_>>) {
    let has_parameters = escape == '\u{9b}' || rest.next_if_eq(&'[').is_some();
    if !has_parameters {
        return;
    }
    while rest.next_if(|character| matches!(character, ' '..='?')).is_some() {}
    rest.next_if(|character| matches!(character, '@'..='~'));
}

fn turns_direction(character: char) -> bool {
    matches!(character, '\u{200e}' | '\u{200f}' | '\u{061c}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_left_that_a_terminal_executes() {
        let rows = [
            ("a\r\nb", "a b"),
            ("a\u{2028}b\u{2029}c\u{85}d", "a b c d"),
            ("\u{1b}[31mred\u{1b}[0m, \u{9b}1;2Hplaced", "red, placed"),
            ("a\u{1b}]8;;x\u{7}b", "a]8;;xb"),
            ("cut\u{1b}[", "cut"),
            ("a\u{202e}b\u{0}c\u{7f}", "abc"),
            ("\nfirst", "first"),
        ];
        for (text, expected) in rows {
            assert_eq!(printable(text), expected, "{text:?}");
        }
    }
}
