//! Decodes base64 and numbers in a text. The encoding may begin anywhere in a run of digits, because the encoder may
//! have encoded other text before, so each position in a group is tried.

use super::readings::Reading;
use std::ops::Range;

/// A digit of base64 or of a number, and its position.
type Digit = (u8, Range<usize>);

impl Reading {
    /// Calls `visit` with what the text contains in base64, in hexadecimal digits, and in decimal numbers.
    pub(super) fn each_decoding(&self, is_wide: bool, visit: &mut dyn FnMut(&Reading)) {
        let sextets = self.runs(sextet);
        (0..4).for_each(|before| grouped(&sextets, before, 4).each_form(is_wide, visit));
        let nibbles = self.runs_of_hexadecimal();
        (0..2).for_each(|before| grouped(&nibbles, before, 2).each_form(is_wide, visit));
        for ends_at_gap in [false, true] {
            self.of_decimals(ends_at_gap).each_form(is_wide, visit);
        }
    }

    /// Visits the forms that are compared: the bytes as UTF-16, as text, and without escapes.
    fn each_form(self, is_wide: bool, visit: &mut dyn FnMut(&Reading)) {
        let units: [fn([u8; 2]) -> u16; 2] = [u16::from_le_bytes, u16::from_be_bytes];
        for (before, unit) in [0, 1].into_iter().flat_map(|before| units.map(|unit| (before, unit))).filter(|_| is_wide)
        {
            visit(&self.of_utf16(before, unit).folded());
        }
        self.layers().iter().for_each(|layer| visit(&layer.folded()));
    }

    /// Returns the runs of digits, with or without white space between them.
    fn runs(&self, digit: fn(u8) -> Option<u8>) -> Vec<Vec<Digit>> {
        let mut runs = vec![Vec::new()];
        for (byte, place) in self.bytes.iter().zip(&self.places).filter(|(byte, _)| !byte.is_ascii_whitespace()) {
            match (digit(*byte), runs.last_mut()) {
                (Some(digit), Some(run)) => run.push((digit, place.clone())),
                (None, Some(run)) if !run.is_empty() => runs.push(Vec::new()),
                _ => {}
            }
        }
        runs
    }

    /// Returns the runs that may also have punctuation and `0x` between the digits.
    fn runs_of_hexadecimal(&self) -> Vec<Vec<Digit>> {
        let mut runs: Vec<Vec<Digit>> = vec![Vec::new()];
        let mut before = 0;
        for (byte, place) in self.bytes.iter().zip(&self.places) {
            let Some(run) = runs.last_mut() else { break };
            match nibble(*byte) {
                Some(digit) => run.push((digit, place.clone())),
                None if byte.eq_ignore_ascii_case(&b'x') && before == b'0' => drop(run.pop()),
                None if !byte.is_ascii_alphabetic() && byte.is_ascii() => {}
                None if !run.is_empty() => runs.push(Vec::new()),
                None => {}
            }
            before = *byte;
        }
        runs
    }

    /// Decodes a list of numbers, each of which is a byte. `ends_at_gap`: a number also ends at a character that this
    /// reading does not contain, because a tab or a line break counts as invisible.
    fn of_decimals(&self, ends_at_gap: bool) -> Self {
        let mut decoded = Self::with_capacity(0);
        let is_digit = |at: usize| self.bytes[at].is_ascii_digit();
        let is_gap = |at: usize| ends_at_gap && self.places[at].end < self.places[at + 1].start;
        let mut start = 0;
        for end in 1..=self.bytes.len() {
            let goes_on = end < self.bytes.len() && is_digit(end - 1) && is_digit(end) && !is_gap(end - 1);
            if goes_on {
                continue;
            }
            let number = std::str::from_utf8(&self.bytes[start..end]).ok();
            if let Some(value) = number.and_then(|digits| digits.parse().ok()) {
                decoded.push(value, self.place(start, end - start));
            }
            start = end;
        }
        decoded
    }

    fn of_utf16(&self, before: usize, unit: fn([u8; 2]) -> u16) -> Self {
        let mut decoded = Self::with_capacity(self.bytes.len());
        let units = self.bytes.get(before..).unwrap_or_default().chunks_exact(2).map(|pair| unit([pair[0], pair[1]]));
        let mut at = before;
        for character in char::decode_utf16(units) {
            let length = character.as_ref().map_or(2, |character| character.len_utf16() * 2);
            if let Ok(character) = character {
                decoded.push_character(character, self.place(at, length));
            }
            at += length;
        }
        decoded
    }
}

/// Returns the bytes of these digits, of which `size` form a group.
fn grouped(runs: &[Vec<Digit>], before: usize, size: usize) -> Reading {
    let bits = 8 - 8 / size;
    let mut decoded = Reading::with_capacity(runs.iter().map(Vec::len).sum());
    let groups = runs.iter().flat_map(|run| run.get(before..).unwrap_or_default().chunks(size));
    for group in groups {
        for (at, pair) in group.windows(2).enumerate().take(size - 1) {
            let ([(first, from), (second, to)], shift) = (pair, (at + 1) * (8 - bits)) else { continue };
            let byte = u16::from(*first) << shift | u16::from(*second) >> (bits - shift);
            decoded.push(byte.to_le_bytes()[0], from.start..to.end);
        }
    }
    decoded
}

/// Returns the value of a digit of either alphabet (RFC 4648 §4, §5).
fn sextet(byte: u8) -> Option<u8> {
    match byte {
        b'A'..=b'Z' => Some(byte - b'A'),
        b'a'..=b'z' => Some(byte - b'a' + 26),
        b'0'..=b'9' => Some(byte - b'0' + 52),
        b'+' | b'-' => Some(62),
        b'/' | b'_' => Some(63),
        _ => None,
    }
}

fn nibble(byte: u8) -> Option<u8> {
    char::from(byte).to_digit(16).and_then(|digit| digit.try_into().ok())
}
