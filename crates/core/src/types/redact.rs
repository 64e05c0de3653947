//! Takes secrets out of a text that repeats them: as they are, with other capitals, with white space or invisible
//! characters in them, or in the form in which an address, a form, HTML, JSON, base64 or hexadecimal digits carry them.

use super::escapes;
use base64::{
    engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD},
    Engine,
};
use std::{
    collections::{BTreeSet, HashSet},
    ops::Range,
};
use url::form_urlencoded::byte_serialize;
use zeroize::Zeroizing;

/// A shorter secret is part of ordinary words: to hide it everywhere would make a sentence unreadable, and its gaps would
/// tell the letters. It is hidden where it stands as a word of its own.
const SHORTEST_ANYWHERE: usize = 4;

/// From this length on a secret is found in every form; a shorter one only as it is.
const SHORTEST_IN_ANY_FORM: usize = 8;

/// So much of a secret in one piece is hidden too: services tell the beginning of what they were sent.
const SHORTEST_PIECE: usize = 12;

const HIDDEN: &str = "***";

/// What of a secret is hidden.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Extent {
    /// All of it.
    Whole,
    /// Also a piece that is long enough to be no coincidence.
    Pieces,
}

/// The text without these secrets.
pub(crate) fn conceal<'a>(text: &str, secrets: impl Iterator<Item = &'a str>, extent: Extent) -> String {
    let (long, short): (Vec<_>, Vec<_>) =
        secrets.map(|secret| (secret, length(secret))).partition(|(_, length)| *length >= SHORTEST_IN_ANY_FORM);
    // In no form is a secret shorter. An environment has values of many kilobytes, and what is said of it is short.
    let may_stand_there = |length: usize| extent == Extent::Pieces || length <= text.len();
    let long: Vec<&str> =
        long.into_iter().filter(|(_, length)| may_stand_there(*length)).map(|(secret, _)| secret).collect();
    let mut found = places_of_long(text, &long, extent);
    found.extend(short.iter().flat_map(|(secret, _)| places_of_short(text, secret)));
    without(text, found)
}

fn length(secret: &str) -> usize {
    Compared::of(secret, Escapes::Kept).bytes.len()
}

/// The text with marks in these places, which may overlap.
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

/// Where a long secret stands in the text, in any form. What a terminal would obey is compared and passed over: both may
/// be what a secret is cut by, and what it begins with.
fn places_of_long(text: &str, secrets: &[&str], extent: Extent) -> Vec<Range<usize>> {
    let forms: Vec<_> = secrets.iter().flat_map(|secret| forms(secret)).collect();
    let texts = [Escapes::Kept, Escapes::PassedOver].map(|escapes| Compared::of(text, escapes));
    // Few pieces of a secret stand in the text, however long the secret is: an assertion may have thousands.
    // They are known by their first bytes: whole secrets have many lengths, and a text has windows of each of them.
    let lengths: BTreeSet<_> = forms.iter().map(|form| start(form).len()).collect();
    let windows = |length: &usize| texts.each_ref().map(|text| text.bytes.windows(*length));
    let told: HashSet<&[u8]> = lengths.iter().flat_map(windows).flatten().collect();
    let pieces = forms.iter().flat_map(|form| form.windows(piece_length(form, extent)));
    let pieces: HashSet<&[u8]> = pieces.filter(|piece| told.contains(start(piece))).collect();
    texts.iter().flat_map(|text| text.places_of(&pieces)).collect()
}

/// What to look for: the secret, and what a header, a log or PowerShell makes of it in base64 or in hexadecimal digits.
fn forms(secret: &str) -> Vec<Zeroizing<Vec<u8>>> {
    let secret = secret.trim();
    let in_a_form: Zeroizing<String> = Zeroizing::new(byte_serialize(secret.as_bytes()).collect());
    let utf16: Zeroizing<Vec<u8>> = Zeroizing::new(secret.encode_utf16().flat_map(u16::to_le_bytes).collect());
    let contents = [secret.as_bytes(), in_a_form.as_bytes(), &utf16];
    let digits = secret.bytes().flat_map(|byte| [byte >> 4, byte & 0xf]);
    let digits: Zeroizing<String> =
        Zeroizing::new(digits.filter_map(|digit| char::from_digit(digit.into(), 16)).collect());
    let base64 = contents.into_iter().flat_map(base64_of);
    let forms = [Zeroizing::new(secret.to_owned()), digits].into_iter().chain(base64);
    forms.map(|form| Compared::of(&form, Escapes::Kept).bytes).filter(|form| !form.is_empty()).collect()
}

/// The base64 of these bytes in both alphabets, by themselves and where one or two bytes stand before them in a group of
/// three, as in the `user:password` of `Basic`. What depends on the bytes around them is left out.
fn base64_of(content: &[u8]) -> Vec<Zeroizing<String>> {
    let of = |engine: &dyn Fn(&[u8]) -> String| {
        let shifted = |before: usize| {
            let group = Zeroizing::new([&vec![0; before], content].concat());
            let whole = Zeroizing::new(engine(&group));
            let end = group.len() * 8 / 6;
            Zeroizing::new(whole[(before * 8).div_ceil(6).min(end)..end].to_owned())
        };
        [Zeroizing::new(engine(content)), shifted(0), shifted(1), shifted(2)]
    };
    let standard = of(&|bytes| STANDARD_NO_PAD.encode(bytes));
    standard.into_iter().chain(of(&|bytes| URL_SAFE_NO_PAD.encode(bytes))).collect()
}

fn start(form: &[u8]) -> &[u8] {
    &form[..form.len().min(SHORTEST_PIECE)]
}

fn piece_length(form: &[u8], extent: Extent) -> usize {
    let length = match extent {
        Extent::Whole => form.len(),
        Extent::Pieces => form.len().min(SHORTEST_PIECE),
    };
    length.max(1)
}

/// Where a short secret stands in the text: with the same capitals and spaces, because ordinary words have its letters.
fn places_of_short(text: &str, secret: &str) -> Vec<Range<usize>> {
    let secret = Compared::spaced(secret.trim()).bytes;
    if secret.trim_ascii().is_empty() {
        return Vec::new();
    }
    let is_word = secret.len() < SHORTEST_ANYWHERE;
    let compared = Compared::spaced(text);
    let found = compared.places_of(&HashSet::from([secret.as_slice()]));
    found.into_iter().filter(|found| !is_word || stands_alone(text, found)).collect()
}

fn stands_alone(text: &str, found: &Range<usize>) -> bool {
    let before = text[..found.start].chars().next_back();
    let behind = text[found.end..].chars().next();
    !before.into_iter().chain(behind).any(char::is_alphanumeric)
}

/// What is done with the sequences that a terminal obeys.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Escapes {
    Kept,
    PassedOver,
}

/// A text in the one form in which it is compared, and where each byte of it stood.
struct Compared {
    bytes: Zeroizing<Vec<u8>>,
    places: Vec<Range<usize>>,
}

impl Compared {
    /// Without capitals, white space, and the plus sign that stands for a space in a form.
    fn of(text: &str, escapes: Escapes) -> Self {
        let is_counted = |byte: &u8| !byte.is_ascii_whitespace() && *byte != b'+';
        Self::visible(text, escapes).unescaped().with(|byte| is_counted(&byte).then(|| byte.to_ascii_lowercase()))
    }

    /// With capitals, and one kind of space.
    fn spaced(text: &str) -> Self {
        let is_space = |byte: u8| byte == b'+' || byte.is_ascii_whitespace();
        Self::visible(text, Escapes::Kept).unescaped().with(|byte| Some(if is_space(byte) { b' ' } else { byte }))
    }

    fn visible(text: &str, escapes: Escapes) -> Self {
        let mut compared = Self::with_capacity(text.len());
        let mut end = 0;
        for (at, character) in text.char_indices().filter(|(_, character)| !escapes::is_invisible(*character)) {
            if at < end {
                continue;
            }
            end = at + character.len_utf8();
            if escapes == Escapes::PassedOver && character == '\u{1b}' {
                end = at + escapes::sequence_length(&text[at..]);
                continue;
            }
            let seen = if character.is_whitespace() { " " } else { &text[at..end] };
            for byte in seen.bytes() {
                compared.push(byte, at..end);
            }
        }
        compared
    }

    /// Most texts and secrets have no escape, and a secret is compared in some twenty forms: those need no copy.
    fn unescaped(self) -> Self {
        let mut compared = self;
        for _ in 0..escapes::MOST_LAYERS {
            if !compared.bytes.iter().any(|byte| escapes::may_begin(*byte)) {
                break;
            }
            compared = compared.decoded();
        }
        compared
    }

    /// Without one layer of percent signs, HTML's and JSON's escapes.
    fn decoded(&self) -> Self {
        let mut decoded = Self::with_capacity(self.bytes.len());
        let mut at = 0;
        while at < self.bytes.len() {
            let Some((bytes, length)) = escapes::decoded(&self.bytes[at..]) else {
                decoded.push(self.bytes[at], self.places[at].clone());
                at += 1;
                continue;
            };
            let place = self.places[at].start..self.places[at + length - 1].end;
            for byte in bytes {
                decoded.push(byte, place.clone());
            }
            at += length;
        }
        decoded
    }

    fn with(&self, counted: impl Fn(u8) -> Option<u8>) -> Self {
        let mut folded = Self::with_capacity(self.bytes.len());
        for (byte, place) in self.bytes.iter().zip(&self.places) {
            if let Some(byte) = counted(*byte) {
                folded.push(byte, place.clone());
            }
        }
        folded
    }

    fn places_of(&self, pieces: &HashSet<&[u8]>) -> Vec<Range<usize>> {
        let lengths: BTreeSet<usize> = pieces.iter().map(|piece| piece.len()).collect();
        let windows = lengths.iter().flat_map(|length| self.bytes.windows(*length).enumerate());
        let found = windows.filter(|(_, window)| pieces.contains(window));
        found.map(|(at, window)| self.places[at].start..self.places[at + window.len() - 1].end).collect()
    }

    fn with_capacity(length: usize) -> Self {
        Self { bytes: Zeroizing::new(Vec::with_capacity(length)), places: Vec::with_capacity(length) }
    }

    fn push(&mut self, byte: u8, place: Range<usize>) {
        self.bytes.push(byte);
        self.places.push(place);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECRET: &str = "Abc8Q~S3CR3T.mar/ker_9f8e+7d-x&w";

    fn concealed(text: &str) -> String {
        conceal(text, [SECRET].into_iter(), Extent::Pieces)
    }

    #[test]
    fn a_secret_is_hidden_in_every_form_in_which_a_service_repeats_it() {
        let forms = [
            SECRET,
            "Abc8Q%7ES3CR3T.mar%2Fker_9f8e%2B7d-x%26w",
            "Abc8Q~S3CR3T.mar%2fker_9f8e%2b7d-x%26w",
            "Abc8Q~S3CR3T.mar%252Fker_9f8e%252B7d-x%2526w",
            "Abc8Q~S3CR3T.mar/ker_9f8e+7d-x&amp;w",
            "Abc8Q~S3CR3T.mar&#47;ker_9f8e+7d-x&#x26;w",
            r"Abc8Q~S3CR3T.mar\/ker_9f8e\u002b7d-x\u0026w",
            "ABC8Q~S3CR3T.MAR/KER_9F8E+7D-X&W",
            "Abc8Q~S3CR\r\n 3T.mar/ker_9f8e+7d-x&w",
            "Abc8Q~S3CR\u{200b}3T.mar/ker\u{ad}_9f8e+7d\u{feff}-x&w",
            "Abc8Q~S3CR\u{1b}[1m3T.mar/ker_9f8e+7d-x&w",
            "Abc8Q~S3CR\u{1b}]8;;a\u{7}3T.mar/ker_9f8e+7d-x&w",
            "QWJjOFF+UzNDUjNULm1hci9rZXJfOWY4ZSs3ZC14Jnc",
            "QWJjOFF-UzNDUjNULm1hci9rZXJfOWY4ZSs3ZC14Jnc",
            "41626338517e53334352 33542e6d61722f6b65725f396638652b37642d782677",
            "41626338517E533343523 3542E6D61722F6B65725F396638652B37642D782677",
            "Abc8Q~S3CR\u{a0}3T.mar\u{2009}/ker_9f8e\u{2028}+7d-x&w",
            "Abc8Q~S3CR\u{3164}3T.mar/ker\u{2800}_9f8e+7d\u{ffa0}-x&w",
            r"Abc8Q\x7eS3CR3T.mar\x2fker_9f8e\x2B7d-x\x26w",
            "Abc8Q~S3CR3T&period;mar&sol;ker&lowbar;9f8e&plus;7d-x&amp;w",
            "Abc8Q%2525257ES3CR3T.mar%2525252Fker_9f8e%2525252B7d-x%25252526w",
        ];
        for form in forms {
            assert_eq!(concealed(&format!("sent {form}, which is wrong")), "sent ***, which is wrong", "{form:?}");
        }
        assert_eq!(concealed("sent \u{1b}]Abc8Q~S3CR3T.mar/ker_9f8e+7d-x&w"), "sent \u{1b}]***");
    }

    #[test]
    fn a_secret_is_hidden_in_the_base64_of_what_it_was_part_of() {
        let form = SECRET.replace('~', "%7E").replace('/', "%2F").replace('+', "%2B").replace('&', "%26");
        for before in ["", "a", "ab", "an-application:"] {
            for content in [SECRET, &form] {
                let encoded = STANDARD_NO_PAD.encode(format!("{before}{content} and more"));
                assert_hidden(&encoded, &concealed(&encoded));
            }
        }
        let utf16: Vec<u8> = format!("tool {SECRET}").encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_hidden(&STANDARD_NO_PAD.encode(&utf16), &concealed(&STANDARD_NO_PAD.encode(&utf16)));
    }

    /// At most what belongs to the bytes around the secret is left.
    fn assert_hidden(encoded: &str, shown: &str) {
        let (before, behind) = shown.split_once(HIDDEN).expect(encoded);
        assert!(before.len() <= 22 && behind.len() <= 14, "{encoded}: {shown}");
    }

    #[test]
    fn a_long_piece_of_a_secret_is_hidden_and_a_short_one_is_not() {
        assert_eq!(concealed("begins with Abc8Q~S3CR3T"), "begins with ***");
        assert_eq!(concealed("begins with Abc8Q~S3CR"), "begins with Abc8Q~S3CR");
        let whole = conceal("begins with Abc8Q~S3CR3T", [SECRET].into_iter(), Extent::Whole);
        assert_eq!(whole, "begins with Abc8Q~S3CR3T");
    }

    #[test]
    fn a_secret_of_many_pieces_is_hidden_as_well() {
        let assertion = SECRET.repeat(200);
        let text = format!("begins with {}, as the service says", &assertion[..4000]);
        assert_eq!(
            conceal(&text, [assertion.as_str()].into_iter(), Extent::Pieces),
            "begins with ***, as the service says"
        );
    }

    #[test]
    fn secrets_that_overlap_leave_nothing_of_each_other() {
        let secrets = ["token", "token-secret", "secret-token"];
        assert_eq!(conceal("token-secret-token token", secrets.into_iter(), Extent::Whole), "*** ***");
    }

    #[test]
    fn whole_secrets_of_any_length_are_found_in_a_text_that_is_hardly_longer() {
        let secrets = ["a%20b%20c%20d%20e%20f%20g%20h", "0123456789abcdef0123456789abcdef", "short one"];
        for secret in secrets {
            for (text, expected) in [(secret, "***"), (&secret[1..], &secret[1..])] {
                assert_eq!(conceal(text, secrets.into_iter(), Extent::Whole), expected);
            }
        }
        assert_eq!(conceal("abcde fgh", ["a%62cde%20fgh"].into_iter(), Extent::Whole), "***");
    }

    #[test]
    fn an_ordinary_text_stays_as_it_is() {
        for text in ["", "ü 100 % of R&D; \\u00 \\", "%", "&amp;", "\u{1b}", "a%2", "&#xFFFFFFFF;"] {
            assert_eq!(concealed(text), text);
        }
    }
}
