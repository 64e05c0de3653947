//! The ways in which a text can be read: unchanged, without invisible characters, without escapes, and decoded from
//! base64 or digits in it. Each reading knows the original position of its bytes.

use super::escapes;
use std::ops::Range;
use zeroize::Zeroizing;

/// How to treat sequences that a terminal executes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sequences {
    Kept,
    /// A backspace removes the character before it as well.
    PassedOver,
}

/// A text in the form in which it is compared, and the original position of each byte.
pub(super) struct Reading {
    pub(super) bytes: Zeroizing<Vec<u8>>,
    pub(super) places: Vec<Range<usize>>,
}

/// Calls `visit` with each reading in the form in which it is compared. `is_wide` also looks for UTF-16 text with
/// characters outside Latin-1. Only one reading is kept at a time, because there may be a hundred.
pub(super) fn each_reading(text: &str, is_wide: bool, visit: &mut dyn FnMut(&Reading)) {
    for way in ways(text) {
        let layers = Reading::visible(text, way).layers();
        let last = layers.len() - 1;
        for (at, layer) in layers.iter().enumerate() {
            let folded = layer.folded();
            visit(&folded);
            visit(&folded.letters());
            visit(&folded.ascii_letters());
            // The readings between the first and the last differ from both by a few characters.
            if at == 0 || at == last {
                layer.each_decoding(is_wide, visit);
            }
        }
    }
}

/// Calls `visit` with each reading unchanged, except that all white space is of one kind.
pub(super) fn each_plain_reading(text: &str, visit: &mut dyn FnMut(&Reading)) {
    for way in ways(text) {
        Reading::visible(text, way).layers().iter().for_each(|layer| visit(&layer.spaced()));
    }
}

/// Returns the forms in which a secret is compared: with and without its escapes, its letters alone, and those of ASCII.
pub(super) fn forms(secret: &str) -> Vec<Zeroizing<Vec<u8>>> {
    let layers = Reading::visible(secret.trim(), Sequences::Kept).layers();
    let ends = [layers.first(), layers.last()];
    let folded = ends.into_iter().flatten().map(Reading::folded);
    let forms = folded.flat_map(|folded| [folded.ascii_letters().bytes, folded.letters().bytes, folded.bytes]);
    let mut distinct: Vec<Zeroizing<Vec<u8>>> = Vec::new();
    for form in forms {
        if !distinct.contains(&form) {
            distinct.push(form);
        }
    }
    distinct
}

/// Returns a secret with one kind of white space.
pub(super) fn spaced(secret: &str) -> Zeroizing<Vec<u8>> {
    let layers = Reading::visible(secret.trim(), Sequences::Kept).layers();
    layers.last().map(|last| last.spaced().bytes).unwrap_or_default()
}

/// Returns the text as its receiver decodes it: without any escapes or invisible characters.
pub(crate) fn reading(text: &str) -> String {
    let layers = Reading::visible(text, Sequences::PassedOver).layers();
    layers.last().map(|last| String::from_utf8_lossy(&last.bytes).into_owned()).unwrap_or_default()
}

fn ways(text: &str) -> impl Iterator<Item = Sequences> {
    let has_sequences = text.contains(|character| character == BACKSPACE || escapes::begins_sequence(character));
    [Sequences::Kept].into_iter().chain(has_sequences.then_some(Sequences::PassedOver))
}

const BACKSPACE: char = '\u{8}';

impl Reading {
    /// Returns the reading without invisible characters, with one kind of white space and letters of one width.
    fn visible(text: &str, sequences: Sequences) -> Self {
        let mut reading = Self::with_capacity(text.len());
        let mut end = 0;
        for (at, character) in text.char_indices() {
            if at < end {
                continue;
            }
            end = at + character.len_utf8();
            if sequences == Sequences::PassedOver && escapes::begins_sequence(character) {
                end = at + escapes::sequence_length(&text[at..]);
            } else if sequences == Sequences::PassedOver && character == BACKSPACE {
                reading.take_back();
            } else if !escapes::is_invisible(character) {
                reading.push_character(seen(character), at..end);
            }
        }
        reading
    }

    fn take_back(&mut self) {
        while self.places.pop().is_some() && self.bytes.pop().is_some_and(|byte| byte & 0xc0 == 0x80) {}
    }

    /// Returns this reading, and the results of removing one layer of escapes after the other.
    pub(super) fn layers(self) -> Vec<Self> {
        let mut layers = vec![self];
        while layers.len() <= escapes::MOST_LAYERS {
            let Some(decoded) = layers.last().and_then(Self::unescaped) else { break };
            layers.push(decoded);
        }
        layers
    }

    /// Removes one layer of percent, HTML and JSON escapes; returns nothing if there is no escape.
    fn unescaped(&self) -> Option<Self> {
        if !self.bytes.iter().any(|byte| escapes::may_begin(*byte)) {
            return None;
        }
        let mut decoded = Self::with_capacity(self.bytes.len());
        let mut at = 0;
        while at < self.bytes.len() {
            let found = escapes::decoded(&self.bytes[at..]);
            let (bytes, length) = found.unwrap_or_else(|| (vec![self.bytes[at]], 1));
            let place = self.place(at, length);
            for byte in bytes {
                decoded.push(byte, place.clone());
            }
            at += length;
        }
        (decoded.bytes.len() < self.bytes.len()).then_some(decoded)
    }

    /// Removes capitals of any script, white space, invisible characters, and the plus sign that means a space in a
    /// form. A byte that is not valid text counts as a Latin-1 character, and zeros are what UTF-16 has between those.
    pub(super) fn folded(&self) -> Self {
        let mut folded = Self::with_capacity(self.bytes.len());
        let mut at = 0;
        for chunk in self.bytes.utf8_chunks() {
            for character in chunk.valid().chars() {
                folded.push_folded(character, self.place(at, character.len_utf8()));
                at += character.len_utf8();
            }
            for byte in chunk.invalid() {
                folded.push_folded(char::from(*byte), self.place(at, 1));
                at += 1;
            }
        }
        folded
    }

    fn push_folded(&mut self, character: char, place: Range<usize>) {
        if character.is_ascii_graphic() && character != '+' {
            self.push(character.to_ascii_lowercase().try_into().unwrap_or_default(), place);
        } else if !character.is_ascii() && !character.is_whitespace() && !escapes::is_invisible(character) {
            let folded = character.to_uppercase().flat_map(char::to_lowercase);
            folded.for_each(|character| self.push_character(character, place.clone()));
        }
    }

    /// Removes the punctuation of any script, with which lists, quotes and hyphens separate parts of a value.
    fn letters(&self) -> Self {
        let mut letters = Self::with_capacity(self.bytes.len());
        let folded = std::str::from_utf8(&self.bytes).unwrap_or_default();
        for (at, character) in folded.char_indices().filter(|(_, character)| character.is_alphanumeric()) {
            letters.push_character(character, self.place(at, character.len_utf8()));
        }
        letters
    }

    /// Also removes other letters, which a text in an unexpected encoding has lost.
    fn ascii_letters(&self) -> Self {
        self.kept(|byte| byte.is_ascii_alphanumeric().then_some(byte))
    }

    fn spaced(&self) -> Self {
        self.kept(|byte| Some(if byte == b'+' || byte.is_ascii_whitespace() { b' ' } else { byte }))
    }

    fn kept(&self, kept: impl Fn(u8) -> Option<u8>) -> Self {
        let mut reading = Self::with_capacity(self.bytes.len());
        for (byte, place) in self.bytes.iter().zip(&self.places) {
            if let Some(byte) = kept(*byte) {
                reading.push(byte, place.clone());
            }
        }
        reading
    }

    /// Returns the original position of `length` bytes from there on.
    pub(super) fn place(&self, at: usize, length: usize) -> Range<usize> {
        self.places[at].start..self.places[at + length - 1].end
    }

    pub(super) fn with_capacity(length: usize) -> Self {
        Self { bytes: Zeroizing::new(Vec::with_capacity(length)), places: Vec::with_capacity(length) }
    }

    pub(super) fn push(&mut self, byte: u8, place: Range<usize>) {
        self.bytes.push(byte);
        self.places.push(place);
    }

    pub(super) fn push_character(&mut self, character: char, place: Range<usize>) {
        character.encode_utf8(&mut [0; 4]).bytes().for_each(|byte| self.push(byte, place.clone()));
    }
}

fn seen(character: char) -> char {
    if character.is_whitespace() {
        ' '
    } else {
        escapes::of_usual_width(character)
    }
}
