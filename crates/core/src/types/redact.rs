//! Removes secrets from a text that repeats them: unchanged, with other capitals, with white space, punctuation or
//! invisible characters in them, or encoded for an address, a form, HTML, JSON, base64 or digits.
//!
//! The text is decoded in each of these ways (`readings`), rather than each secret encoded: texts are short, and an
//! assertion may have a megabyte. Only the pieces of a secret are kept that begin like something in the text.

use super::{
    escapes::without_last_escape,
    readings::{each_plain_reading, each_reading, forms, spaced, Reading},
};
use std::{
    collections::{BTreeSet, HashSet},
    ops::Range,
};
use zeroize::Zeroizing;

/// A shorter secret is part of ordinary words: hiding it everywhere would make a sentence unreadable, and its gaps
/// would reveal the letters. So it is hidden only as a word of its own.
const SHORTEST_ANYWHERE: usize = 4;

/// From this length on a secret is found in every form; a shorter one only unchanged.
const SHORTEST_IN_ANY_FORM: usize = 8;

/// A piece of a secret of this length is hidden as well, because services repeat the beginning of what they received.
const SHORTEST_PIECE: usize = 12;

/// How many escapes at the end of a text may belong to a character that was cut: UTF-8 has up to three before its last.
const MOST_CUT: usize = 3;

/// What programs write in place of the rest of a value: jq and Node.js, editors, Python's unittest and Rust.
const MARKS: [&str; 3] = ["...", "…", "["];

/// How many marks are looked at. Other beginnings of secrets stay.
const MOST_MARKS: usize = 16;

/// How many bytes of a text are compared with pieces. Only a text and secrets made for that need more, which would take
/// minutes: then the whole text is hidden.
const MOST_COMPARED: usize = 1 << 26;

const HIDDEN: &str = "***";

/// Which part of a secret is hidden.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Extent {
    /// The whole secret, and its beginning where the text may have been cut.
    Whole,
    /// Also a piece that is too long for a coincidence, or a shorter one where the text may have been cut.
    Pieces,
}

/// Returns the text without these secrets.
pub(crate) fn redact<'a>(text: &str, secrets: impl Iterator<Item = &'a str>, extent: Extent) -> String {
    redact_each(text, secrets.map(|secret| (secret, extent)))
}

/// Returns the text without these secrets, of which each has its own extent.
pub(crate) fn redact_each<'a>(text: &str, secrets: impl Iterator<Item = (&'a str, Extent)>) -> String {
    without_all(text, &secrets.map(|(secret, extent)| Searched::of(secret, extent)).collect::<Vec<_>>())
}

fn without_all(text: &str, secrets: &[Searched<'_>]) -> String {
    let is_long = secrets.iter().any(|secret| !secret.forms.is_empty());
    let mut found = if is_long { places_of_long(text, secrets) } else { Vec::new() };
    found.extend(secrets.iter().filter(|secret| secret.is_short).flat_map(|secret| places_of_short(text, secret.text)));
    without(text, found)
}

/// Replaces these ranges, which may overlap, with marks.
fn without(text: &str, mut places: Vec<Range<usize>>) -> String {
    places.sort_unstable_by_key(|place| place.start);
    let mut shown = String::with_capacity(text.len());
    let mut end = 0;
    for place in places {
        if place.start >= end {
            shown.push_str(&text[end..place.start]);
            shown.push_str(HIDDEN);
        }
        end = end.max(place.end);
    }
    shown + &text[end..]
}

/// A secret and the forms in which it is compared; a short one has no forms.
struct Searched<'a> {
    text: &'a str,
    forms: Vec<Zeroizing<Vec<u8>>>,
    /// Whether it is short, at least without its escapes.
    is_short: bool,
    extent: Extent,
}

impl<'a> Searched<'a> {
    fn of(text: &'a str, extent: Extent) -> Self {
        let mut forms = forms(text);
        let all = forms.len();
        forms.retain(|form| form.len() >= SHORTEST_IN_ANY_FORM);
        Self { text, is_short: forms.len() < all, forms, extent }
    }

    /// Returns what is looked for in the place of each form.
    fn pieces(&self) -> impl Iterator<Item = &[u8]> {
        self.forms.iter().flat_map(|form| form.windows(piece_length(form, self.extent)))
    }

    /// Returns whether its UTF-16 form is more than its bytes with zeros between them.
    fn is_wide(&self) -> bool {
        self.text.chars().any(|character| character > '\u{ff}')
    }
}

/// Returns where long secrets occur in the text, in any form.
fn places_of_long(text: &str, secrets: &[Searched<'_>]) -> Vec<Range<usize>> {
    let is_wide = secrets.iter().any(Searched::is_wide);
    let (mut starts, mut found) = (Starts::default(), Vec::new());
    each_reading(text, is_wide, &mut |reading| {
        reading.bytes.windows(SHORTEST_IN_ANY_FORM).for_each(|start| starts.add(start));
    });
    let pieces = secrets.iter().flat_map(Searched::pieces);
    let pieces = Pieces::of(pieces.filter(|piece| starts.have(piece)));
    if pieces.all.is_empty() {
        return found;
    }
    let mut left = MOST_COMPARED;
    each_reading(text, is_wide, &mut |reading| {
        pieces.find_in(reading, &mut found, &mut left);
        pieces.find_at_end(reading, text.len(), &mut found);
    });
    for (cut, end) in cuts(text) {
        each_reading(cut, is_wide, &mut |reading| pieces.find_at_end(reading, end, &mut found));
    }
    if left == 0 {
        found.push(0..text.len());
    }
    found
}

/// Returns the beginnings of the text after which something may be cut, each with where its last word ends: before a mark of
/// shortening, and before an escape that may have lost its end.
fn cuts(text: &str) -> Vec<(&str, usize)> {
    let marks = MARKS.iter().flat_map(|mark| text.match_indices(mark)).map(|(at, _)| &text[..at]);
    let mut all = Vec::new();
    for cut in marks.take(MOST_MARKS).chain([text]) {
        let end = cut.trim_end_matches(|last: char| !last.is_alphanumeric()).len();
        let shorter = std::iter::successors(without_last_escape(cut), |cut| without_last_escape(cut));
        let whole = (cut.len() < text.len()).then_some(cut);
        all.extend(whole.into_iter().chain(shorter.take(MOST_CUT)).map(|cut| (cut, end)));
    }
    all
}

fn piece_length(form: &[u8], extent: Extent) -> usize {
    match extent {
        Extent::Whole => form.len(),
        Extent::Pieces => form.len().min(SHORTEST_PIECE),
    }
}

/// Returns the end of the text if it is the beginning of a secret.
fn place_of_begin(reading: &Reading, form: &[u8], end: usize) -> Option<Range<usize>> {
    let length = overlap(&reading.bytes, form);
    let start = reading.bytes.len() - length;
    (SHORTEST_IN_ANY_FORM..form.len()).contains(&length).then(|| reading.places[start].start..end)
}

/// Returns how much of the text's end is the beginning of the form (the automaton of Knuth, Morris and Pratt).
fn overlap(text: &[u8], form: &[u8]) -> usize {
    let end = &text[text.len().saturating_sub(form.len())..];
    if !end.windows(SHORTEST_IN_ANY_FORM).any(|window| form.starts_with(window)) {
        return 0;
    }
    let mut borders = vec![0; form.len()];
    for at in 1..form.len() {
        borders[at] = matched(form, &borders, borders[at - 1], form[at]);
    }
    end.iter().fold(0, |length, byte| matched(form, &borders, length, *byte))
}

/// Returns how much of the form matches with one more byte, after `length` bytes matched.
fn matched(form: &[u8], borders: &[usize], length: usize, byte: u8) -> usize {
    let mut length = length;
    while length > 0 && form.get(length) != Some(&byte) {
        length = borders[length - 1];
    }
    length + usize::from(form.get(length) == Some(&byte))
}

/// The first bytes of each window of a text, as a set that may report some that were not added.
struct Starts(Vec<u64>);

/// The size of the set: a text of a kilobyte has about 20,000 windows in all of its readings.
const BITS: u32 = 20;

impl Default for Starts {
    fn default() -> Self {
        Self(vec![0; 1 << (BITS - 6)])
    }
}

impl Starts {
    fn add(&mut self, piece: &[u8]) {
        let (word, bit) = Self::place(piece);
        self.0[word] |= bit;
    }

    fn have(&self, piece: &[u8]) -> bool {
        let (word, bit) = Self::place(piece);
        self.0[word] & bit != 0
    }

    /// Hashes by multiplication with an odd number near the golden ratio, so that the high bits depend on all bytes.
    fn place(piece: &[u8]) -> (usize, u64) {
        let start = piece.first_chunk().map_or(0, |start| u64::from_le_bytes(*start));
        let hash = start.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> (64 - BITS);
        (usize::try_from(hash >> 6).unwrap_or_default(), 1 << (hash & 63))
    }
}

/// The pieces to look for.
struct Pieces<'a> {
    all: HashSet<&'a [u8]>,
    lengths: BTreeSet<usize>,
    starts: Starts,
}

impl<'a> Pieces<'a> {
    fn of(pieces: impl Iterator<Item = &'a [u8]>) -> Self {
        let all: HashSet<_> = pieces.collect();
        let mut starts = Starts::default();
        for piece in &all {
            starts.add(piece);
        }
        Self { lengths: all.iter().map(|piece| piece.len()).collect(), starts, all }
    }

    /// Finds beginnings at the end of the reading. Most readings end with none, which their last bytes show.
    fn find_at_end(&self, reading: &Reading, end: usize, found: &mut Vec<Range<usize>>) {
        let longest = self.lengths.last().copied().unwrap_or_default();
        let last = &reading.bytes[reading.bytes.len().saturating_sub(longest)..];
        if last.windows(SHORTEST_IN_ANY_FORM).any(|start| self.starts.have(start)) {
            found.extend(self.all.iter().filter_map(|form| place_of_begin(reading, form, end)));
        }
    }

    /// Ends if nothing is left of what may be compared.
    fn find_in(&self, reading: &Reading, found: &mut Vec<Range<usize>>, left: &mut usize) {
        let starts = reading.bytes.windows(SHORTEST_IN_ANY_FORM).enumerate();
        for (at, _) in starts.filter(|(_, start)| self.starts.have(start)) {
            let lengths = self.lengths.iter().take_while(|length| at + *length <= reading.bytes.len());
            let is_piece = |length: &&usize| {
                *left = left.saturating_sub(**length);
                *left > 0 && self.all.contains(&reading.bytes[at..at + **length])
            };
            let longest = lengths.filter(is_piece).last();
            found.extend(longest.map(|length| reading.place(at, *length)));
            if *left == 0 {
                return;
            }
        }
    }
}

/// Returns where a short secret occurs in the text, with the same capitals and spaces, because ordinary words contain
/// its letters.
fn places_of_short(text: &str, secret: &str) -> Vec<Range<usize>> {
    let secret = spaced(secret);
    let mut found = Vec::new();
    if secret.trim_ascii().is_empty() {
        return found;
    }
    let is_word = secret.len() < SHORTEST_ANYWHERE;
    each_plain_reading(text, &mut |reading| {
        let windows =
            reading.bytes.windows(secret.len()).enumerate().filter(|(_, window)| *window == secret.as_slice());
        let places = windows.map(|(at, window)| reading.place(at, window.len()));
        found.extend(places.filter(|place| !is_word || stands_alone(text, place)));
    });
    found
}

fn stands_alone(text: &str, found: &Range<usize>) -> bool {
    let before = text[..found.start].chars().next_back();
    let behind = text[found.end..].chars().next();
    !before.into_iter().chain(behind).any(char::is_alphanumeric)
}

#[cfg(test)]
mod tests;
