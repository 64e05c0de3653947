//! Checks that a text is a plain sentence, for tests of messages.

/// Names that users write themselves, and product names.
const KNOWN: [&str; 5] = ["getAssertion()", "processTimeout", "subjectAltName", "brainpool", "McAfee"];

/// Returns whether the text has none of the signs of a Rust Debug form: braces, a name of several joined words, a value
/// in brackets.
pub(crate) fn is_plain(text: &str) -> bool {
    let text = KNOWN.iter().fold(text.to_owned(), |text, known| text.replace(known, ""));
    let is_camel_case = |word: &str| {
        let letters: Vec<_> = word.chars().collect();
        letters.windows(2).any(|pair| pair[0].is_lowercase() && pair[1].is_uppercase())
    };
    let has_value = text.match_indices('(').any(|(at, _)| text[..at].ends_with(char::is_alphanumeric));
    !text.is_empty()
        && !text.contains(['{', '}', '[', ']'])
        && !has_value
        && !text.split_whitespace().any(is_camel_case)
}

#[test]
fn debug_forms_are_not_plain() {
    for debug in ["peer misbehaved: InvalidKeyShare", "Other(OtherError(x))", "Context { time: 1 }", "a(b)", ""] {
        assert!(!is_plain(debug), "{debug}");
    }
    assert!(is_plain("getAssertion() had not returned an assertion (yet): check processTimeout"));
}
