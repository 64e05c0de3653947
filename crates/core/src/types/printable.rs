/// The text on one line, without what a terminal would obey: control characters, and those that turn the direction of
/// writing, by which a text can look like another one (Unicode UAX #9).
pub(crate) fn printable(text: &str) -> String {
    text.chars().filter(|character| !character.is_control() && !turns_direction(*character)).collect()
}

fn turns_direction(character: char) -> bool {
    matches!(character, '\u{200e}' | '\u{200f}' | '\u{061c}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}
