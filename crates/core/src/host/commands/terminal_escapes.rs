//! Removes escape sequences of terminals (ECMA-48), which some programs print even if their output is not a terminal.

const ESCAPE: u8 = 0x1b;
const BELL: u8 = 0x07;

/// Removes them in place, so that no copy of a secret is left.
pub(super) fn remove(bytes: &mut Vec<u8>) {
    let mut kept = 0;
    let mut at = 0;
    while at < bytes.len() {
        if bytes[at] == ESCAPE {
            at += length(&bytes[at..]);
            continue;
        }
        bytes[kept] = bytes[at];
        kept += 1;
        at += 1;
    }
    bytes.truncate(kept);
}

/// Returns the text without them.
pub(crate) fn without_escapes(text: &str) -> String {
    let mut bytes = text.as_bytes().to_vec();
    remove(&mut bytes);
    String::from_utf8_lossy(&bytes).into_owned()
}

/// Returns the length of the sequence that begins here.
fn length(bytes: &[u8]) -> usize {
    let rest = bytes.get(2..).unwrap_or_default();
    let within = |is_inside: fn(u8) -> bool| rest.iter().take_while(|byte| is_inside(**byte)).count();
    let length = match bytes.get(1) {
        // A control sequence: parameters, then its final byte.
        Some(b'[') => 2 + within(|byte| (0x20..0x40).contains(&byte)) + 1,
        // A command of the operating system, such as a link or a title, or other text for the terminal, up to BEL or
        // ESC \.
        Some(b']' | b'P' | b'X' | b'^' | b'_') => {
            let text = within(|byte| ![BELL, ESCAPE, b'\n'].contains(&byte));
            2 + text + if rest.get(text) == Some(&ESCAPE) { 2 } else { 1 }
        }
        // A sequence of two bytes, or of three if the second one says so (ECMA-35).
        Some(0x20..0x30) => 3,
        _ => 2,
    };
    length.min(bytes.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_text_is_left() {
        for (with, without) in [
            ("\u{1b}[0m{}\u{1b}[0m", "{}"),
            ("\u{1b}[38;5;12mERROR:\u{1b}[K no", "ERROR: no"),
            ("a \u{1b}]8;;https://x\u{1b}\\link\u{1b}]8;;\u{7}.", "a link."),
            ("a\u{1b}Pq\u{1b}\\b", "ab"),
            ("plain \u{fc}", "plain \u{fc}"),
            ("cut\u{1b}[", "cut"),
            ("cut\u{1b}", "cut"),
            ("\u{1b}(Btext", "text"),
            ("", ""),
        ] {
            let mut bytes = with.as_bytes().to_vec();
            remove(&mut bytes);
            assert_eq!(String::from_utf8(bytes).unwrap(), without, "{with:?}");
        }
    }
}
