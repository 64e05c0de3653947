//! PEM (RFC 7468), read as OpenSSL reads it: text between the sections and a byte order mark are ignored.

use base64::{engine::general_purpose::STANDARD, Engine};
use memchr::{memchr3, memchr_iter, memmem};
use zeroize::Zeroizing;

const BEGIN: &[u8] = b"-----BEGIN ";
const END: &[u8] = b"-----END ";
const DASHES: &[u8] = b"-----";
const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// One section, from its first line to its last.
pub(crate) struct Section<'a> {
    pub(crate) label: &'a str,
    /// Whether headers precede the content (RFC 1421), as in a key that old versions of OpenSSL encrypted.
    pub(crate) has_headers: bool,
    /// The base64 between its lines, unless there are headers. Absent if the section is incomplete.
    base64: Option<&'a [u8]>,
}

impl Section<'_> {
    /// Returns the content of a key, or nothing if the section is incomplete or damaged.
    pub(crate) fn secret_content(&self) -> Option<Zeroizing<Vec<u8>>> {
        let dense = Zeroizing::new(without_white_space(self.base64?));
        STANDARD.decode(&*dense).ok().map(Zeroizing::new)
    }

    /// Returns the content of a certificate. It is public and not wiped: a system has 150 of them.
    pub(crate) fn public_content(&self) -> Option<Vec<u8>> {
        STANDARD.decode(without_white_space(self.base64?)).ok()
    }
}

/// Returns the sections of a text, in order.
pub(crate) fn sections(text: &[u8]) -> Vec<Section<'_>> {
    let mut sections = Vec::new();
    let mut from = 0;
    while let Some(begin) = find(text, BEGIN, from) {
        let is_first = is_first_in_line(&text[from..begin]);
        from = begin + BEGIN.len();
        let Some(label) = label(&text[from..]).filter(|_| is_first) else { continue };
        from += label.len() + DASHES.len();
        let (body, after) = body(text, from, label);
        sections.push(section(label, body));
        from = after;
    }
    sections
}

fn find(text: &[u8], what: &[u8], from: usize) -> Option<usize> {
    memmem::find(&text[from..], what).map(|at| from + at)
}

/// Returns whether only white space or a byte order mark precedes it in its line.
fn is_first_in_line(before: &[u8]) -> bool {
    let line = before.rsplit(|byte| matches!(byte, b'\n' | b'\r')).next().unwrap_or_default();
    let line = line.trim_ascii();
    line.strip_prefix(BYTE_ORDER_MARK).unwrap_or(line).is_empty()
}

fn label(text: &[u8]) -> Option<&str> {
    let line = text.split(|byte| matches!(byte, b'\n' | b'\r')).next()?;
    let end = find(line, DASHES, 0)?;
    std::str::from_utf8(&line[..end]).ok()
}

/// Returns the text up to the section's last line, and the position after that line.
fn body<'a>(text: &'a [u8], from: usize, label: &str) -> (Option<&'a [u8]>, usize) {
    let next = find(text, BEGIN, from).unwrap_or(text.len());
    let Some(end) = find(text, END, from).filter(|end| *end < next) else { return (None, next) };
    let named = end + END.len();
    let after = named + label.len() + DASHES.len();
    let is_its_own = text.get(named..after) == Some(&[label.as_bytes(), DASHES].concat());
    (is_its_own.then(|| &text[from..end]), if is_its_own { after } else { named })
}

fn section<'a>(label: &'a str, body: Option<&'a [u8]>) -> Section<'a> {
    let has_headers = body.is_some_and(|body| body.contains(&b':'));
    Section { label, has_headers, base64: body.filter(|_| !has_headers) }
}

/// Works line by line, since most lines have white space only at their ends. Reserves the whole size at once: a growing
/// buffer would leave copies of a key in memory.
fn without_white_space(text: &[u8]) -> Vec<u8> {
    let mut dense = Vec::with_capacity(text.len());
    let mut from = 0;
    for end in memchr_iter(b'\n', text).chain([text.len()]) {
        let words = text[from..end].trim_ascii();
        match memchr3(b' ', b'\t', b'\r', words) {
            None => dense.extend_from_slice(words),
            Some(_) => dense.extend(words.iter().filter(|byte| !byte.is_ascii_whitespace())),
        }
        from = end + 1;
    }
    dense
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &[u8]) -> Vec<(&str, bool, Option<Vec<u8>>)> {
        let all = sections(text).into_iter();
        all.map(|one| {
            let content = one.secret_content().map(|content| content.to_vec());
            assert_eq!(content, one.public_content());
            (one.label, one.has_headers, content)
        })
        .collect()
    }

    #[test]
    fn sections_are_found_whatever_surrounds_them() {
        let whole = Some(b"abc".to_vec());
        let rows: [&[u8]; 7] = [
            b"-----BEGIN A B-----\nYWJj\n-----END A B-----\n",
            b"\xef\xbb\xbf-----BEGIN A B-----\r\nYW\r\nJj\r\n-----END A B-----",
            b"# a comment, of 1992: \xfcber\n  -----BEGIN A B-----\n  YWJj\n  -----END A B-----",
            b"-----BEGIN A B----- YWJj -----END A B-----",
            b"-----BEGIN A B-----\r YW \t Jj \r-----END A B-----",
            b"\n\n-----BEGIN A B-----\n\n YWJj \n\n-----END A B-----\n\0",
            b"x -----BEGIN C-----\n-----BEGIN A B-----\nYWJj\n-----END A B-----\n",
        ];
        for text in rows {
            assert_eq!(read(text), [("A B", false, whole.clone())], "{}", String::from_utf8_lossy(text));
        }
    }

    #[test]
    fn a_damaged_section_does_not_hide_the_next_one() {
        for damaged in [
            "-----BEGIN A-----\nYW?\n-----END A-----",
            "-----BEGIN A-----\nYWJj\n",
            "-----BEGIN A-----\nYWJj\n-----END B-----",
        ] {
            let text = format!("{damaged}\n-----BEGIN C-----\nYWJj\n-----END C-----");
            assert_eq!(read(text.as_bytes()), [("A", false, None), ("C", false, Some(b"abc".to_vec()))], "{damaged}");
        }
        assert_eq!(read(b"-----BEGIN A-----\nProc-Type: 4\n\nYWJj\n-----END A-----"), [("A", true, None)]);
        assert!(read(b"-----BEGIN A\n-----BEGIN ").is_empty());
    }
}
