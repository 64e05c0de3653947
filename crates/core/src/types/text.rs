/// Returns the text of a file, without the byte order mark that PowerShell and Notepad write before it.
///
/// # Errors
/// Why it is not text, in words that continue "it cannot be read:".
pub(crate) fn text_of(content: &[u8]) -> Result<&str, &'static str> {
    if is_utf16(content) {
        return Err(NOT_UTF16);
    }
    let text = std::str::from_utf8(content).map_err(|_| "it is not text")?;
    Ok(without_byte_order_mark(text))
}

/// The advice for a text in UTF-16.
pub(crate) const NOT_UTF16: &str = "it is a text in UTF-16: save it as ASCII or UTF-8";

/// Returns the text without a byte order mark, which a program that reads a file as a string leaves in it.
pub(crate) fn without_byte_order_mark(text: &str) -> &str {
    text.strip_prefix('\u{feff}').unwrap_or(text)
}

/// Returns whether these are the bytes of a text in UTF-16, by its mark or its ASCII letters.
pub(crate) fn is_utf16(content: &[u8]) -> bool {
    match content {
        [0xff, 0xfe, ..] | [0xfe, 0xff, ..] => true,
        [0, letter, ..] | [letter, 0, ..] => letter.is_ascii_graphic() && *letter != DER_SEQUENCE,
        _ => false,
    }
}

/// The byte is also the digit `0`, but followed by a zero it begins DER of another kind.
const DER_SEQUENCE: u8 = 0x30;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_read_without_its_mark_and_utf16_is_recognised() {
        assert_eq!(text_of(b"\xef\xbb\xbfa.b"), Ok("a.b"));
        assert_eq!(text_of(b"a.b"), Ok("a.b"));
        assert_eq!(text_of(b"\xff\xff"), Err("it is not text"));
        let wide = |text: &str, units: fn(u16) -> [u8; 2]| text.encode_utf16().flat_map(units).collect::<Vec<_>>();
        for units in [u16::to_le_bytes, u16::to_be_bytes] {
            assert_eq!(text_of(&wide("\u{feff}a.b", units)), Err(NOT_UTF16));
            assert_eq!(text_of(&wide("a.b", units)), Err(NOT_UTF16));
        }
        assert!(!is_utf16(b"\x30\x82\0\0") && !is_utf16(b"") && !is_utf16(b"\0\0"));
    }
}
