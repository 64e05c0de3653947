//! Finds the parts of a variable's value, in any notation. Values are connection strings, addresses, JSON, YAML, XML, files of
//! settings, headers and command lines, often broken, cut, or nested in each other. A grammar for each of them would read only
//! correct text. So one tolerant reader looks for four things that all of them have: text after a name, text before an `@`, text
//! in quotes, and words that look like keys. If the end of a text is uncertain, it takes each possible end: a wrong one gives a
//! text that no message contains.

mod decoded;
mod readings;
mod unnamed;
mod users;

use super::value_hint::{hint_of_part, Hint, SHORTEST};
use crate::types::{beginning, named, Named, Secret, Sign};

use readings::{line, of_brackets, of_pair, readings, word, Reading, LONGEST_WIDE};
use std::{collections::HashMap, mem};

/// The most levels of nested text that are read: JSON in base64 in JSON.
const LAYERS: u8 = 4;

/// The reader stops at parts of so many bytes, plus four times the length of the value: a value with more of them would stall the
/// process.
const MOST_BYTES: usize = 1 << 20;

/// A value or a part of one, and what its name says.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(super) struct Part {
    pub(super) hint: Hint,
    pub(super) value: Secret,
}

impl Part {
    pub(super) fn of(hint: Hint, value: impl Into<String>) -> Self {
        Self { hint, value: Secret::new(value) }
    }
}

/// Returns the parts of a value, each once, or nothing if there are too many to read all of them.
pub(super) fn value_parts(whole: &Part) -> Option<Vec<Part>> {
    let left = MOST_BYTES + 4 * whole.value.expose().len();
    let mut found = Found { parts: HashMap::new(), texts: Vec::new(), left, is_full: false };
    found.look_into(whole);
    for _ in 1..LAYERS {
        for text in mem::take(&mut found.texts) {
            found.look_into(&text);
        }
    }
    (!found.is_full).then(|| found.parts.into_keys().collect())
}

struct Found {
    /// Each with whether the reader has read it or will read it.
    parts: HashMap<Part, bool>,
    /// Those that may have parts, and that the reader has not read.
    texts: Vec<Part>,
    /// How many bytes may still be added.
    left: usize,
    is_full: bool,
}

/// Where texts end that contain further names: their inside is not read a second time.
#[derive(Default)]
struct Seen {
    brackets: usize,
    line: usize,
    word: usize,
}

impl Seen {
    /// Returns the texts that belong to a secret's name with everything inside.
    fn outer<'a>(&mut self, at: usize, named: &Named<'a>) -> Vec<&'a str> {
        let brackets = if at >= self.brackets { of_brackets(named.value) } else { "" };
        let line = if at >= self.line && named.sign == Sign::Colon { line(named.value) } else { "" };
        self.brackets = self.brackets.max(at + brackets.len());
        self.line = self.line.max(at + line.len());
        vec![brackets, line]
    }

    /// Returns the value, and whether it is outside of all others; nothing inside of a long word without separators.
    fn value<'a>(&mut self, at: usize, value: &'a str) -> Option<(&'a str, bool)> {
        if at + LONGEST_WIDE < self.word {
            return None;
        }
        let is_outer = at >= self.word;
        let value = if is_outer { value } else { beginning(value, LONGEST_WIDE) };
        self.word = self.word.max(at + word(value).len());
        Some((value, is_outer))
    }
}

impl Found {
    fn look_into(&mut self, whole: &Part) {
        let (text, own) = (whole.value.expose(), hint_of_part("", whole.hint));
        let hint = |is_proof: bool| if is_proof { Hint::Secret } else { own };
        self.add_named(whole.hint, text);
        if own == Hint::InSecret {
            unnamed::lines(text).for_each(|line| self.add(own, line, false));
        }
        for user in users::users(text) {
            self.add(hint(user.is_proof), user.text, false);
        }
        for word in unnamed::unnamed(text) {
            self.add(if word.is_of_key { Hint::OfKey } else { own }, word.text, false);
        }
        for decoded in decoded::decoded(text) {
            self.add(hint(decoded.is_proof), decoded.text.expose(), true);
        }
    }

    fn add_named(&mut self, hint: Hint, text: &str) {
        let mut seen = Seen::default();
        for named in named(text) {
            if self.is_full {
                return;
            }
            let own = if named.is_secret { Hint::Secret } else { hint_of_part(named.name, hint) };
            let at = text.len() - named.value.len();
            if own.is_secret() {
                seen.outer(at, &named).into_iter().for_each(|outer| self.add(own, outer, true));
            }
            if let Some((value, is_outer)) = seen.value(at, named.value) {
                self.add_values(own, named.sign, value, is_outer);
            }
        }
    }

    fn add_values(&mut self, hint: Hint, sign: Sign, value: &str, is_outer: bool) {
        let found = match hint {
            Hint::Secret | Hint::OfKey | Hint::Settings => readings(value, sign),
            // The whole is a secret, so a pair in it needs no further mark.
            Hint::InSecret => of_pair(value, Sign::Equals),
            Hint::Plain | Hint::Nothing => of_pair(value, sign),
        };
        for Reading { text, is_piece, may_have_parts } in found {
            // A piece of a secret is hidden only if it is long enough to be no word.
            let hint = if is_piece { Hint::Nothing } else { hint };
            self.add(hint, &text, is_outer && may_have_parts && hint.is_secret());
        }
    }

    fn add(&mut self, hint: Hint, text: &str, may_have_parts: bool) {
        let text = text.trim();
        self.is_full |= text.len() > self.left;
        if text.len() < SHORTEST || self.is_full {
            return;
        }
        let part = Part::of(hint, text);
        if !self.parts.contains_key(&part) {
            self.left -= text.len();
        }
        let is_looked_into = self.parts.entry(part.clone()).or_default();
        if may_have_parts && !*is_looked_into {
            *is_looked_into = true;
            self.texts.push(part);
        }
    }
}

#[cfg(test)]
mod tests;
