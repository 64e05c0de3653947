//! Hides words of a text that another program or a service wrote and that look like secrets. What was sent is removed
//! before; this finds tokens and keys of the writer's own.

use super::suspicion::{suspicion, Suspicion};

const HIDDEN: &str = "***";

/// Returns the text with `***` in place of each word that looks like a secret.
pub(crate) fn without_suspicious_words(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    let mut before = "";
    for piece in text.split_inclusive(char::is_whitespace) {
        let word = piece.trim_end();
        shown.push_str(if is_secret(word) || is_named_by(before, word) { HIDDEN } else { word });
        shown.push_str(&piece[word.len()..]);
        before = if word.is_empty() { before } else { word };
    }
    shown
}

/// An `@` after a colon also occurs in ids, `repo:owner@id`; and the code of an error is not a function's key.
fn is_secret(word: &str) -> bool {
    suspicion(&word.replace(r#""code":"#, ""))
        .is_some_and(|suspicion| suspicion != Suspicion::User || word.contains("://"))
}

/// Returns whether the word is a value after its name: `"access_token": "…"`, `--password …`, `Bearer …`.
fn is_named_by(before: &str, word: &str) -> bool {
    let is_mark = before.starts_with('-') || before.to_ascii_lowercase().ends_with("bearer");
    let is_value = match word.trim_matches(|sign: char| sign.is_ascii_punctuation()) {
        "" => false,
        _ if word.starts_with(['"', '\'', '`', '\\']) => is_mark || before.ends_with([':', '=']),
        word => is_mark && word.chars().skip(1).any(|character| !character.is_lowercase()),
    };
    is_value && matches!(suspicion(&format!("{before} {word}")), Some(Suspicion::Named | Suspicion::Token))
}

#[cfg(test)]
mod tests {
    use super::*;

    const TOKEN: &str = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJ4In0.c2lnbmF0dXJl";

    #[test]
    fn tokens_and_keys_of_the_writer_are_hidden() {
        let rows = [
            (format!("it was {TOKEN}, which is bad"), "it was *** which is bad"),
            (format!("parse  {{\"access_token\":\"{TOKEN}\"}}"), "parse  ***"),
            (format!("text/{TOKEN}"), "***"),
            (
                r#"got {"a":1, "access_token": "opaque-w0rd", "b": 2}"#.to_owned(),
                r#"got {"a":1, "access_token": *** "b": 2}"#,
            ),
            (r#"got {\"refresh_token\": \"opaque-w0rd\"}"#.to_owned(), r#"got {\"refresh_token\": ***"#),
            ("with --password M4rker0, or Bearer M4rker0xyz.".to_owned(), "with --password *** or Bearer ***"),
            ("key=m4rkerw0rd of".to_owned(), "*** of"),
            ("Abc8Q~S3CR3T.marker_9f8e or ghp_m4rkerw0rd9".to_owned(), "*** or ***"),
            (format!("key {}", "Ab1+".repeat(16)), "key ***"),
            ("from https://user:w0rd@host/path".to_owned(), "from ***"),
        ];
        for (text, expected) in rows {
            assert_eq!(without_suspicious_words(&text), expected, "{text}");
        }
    }

    #[test]
    fn ids_codes_addresses_and_words_stay() {
        for text in [
            "",
            " AADSTS7000215: Invalid client secret provided. Ensure the secret being sent is the client secret value, not the client secret ID, for a secret added to app '7b795fb9-09d3-42f4-a494-38864f99ba3c'",
            "AADSTS700213: No matching federated identity record found for presented assertion subject 'repo:octo-org@12/app@34:ref:refs/heads/main'. Check it",
            "AADSTS700027: The key was not found., Thumbprint of key used by client: '0123456789ABCDEF0123456789ABCDEF01234567', Configured keys: [Key0:Start=01/01/2026, End=01/01/2027]",
            "AADSTS50020: User account 'me@contoso.example' from identity provider 'https://sts.windows.net/7b795fb9-09d3-42f4-a494-38864f99ba3c/'",
            "AADSTS90002: Tenant 'x' not found. See https://login.microsoftonline.com/error?id=90002",
            "text/html; charset=utf-8",
            r#"Azure says {"error":{"code":"BadRequest","message":"no such identity"}}"#,
            "The Bearer token of --password is bad. The client secret: AADSTS7000215 is expired",
            "Required query variable 'resource' is missing",
            "/subscriptions/7b795fb9-09d3-42f4-a494-38864f99ba3c/resourceGroups/r/providers/Microsoft.ManagedIdentity/userAssignedIdentities/monkeyJungle",
        ] {
            assert_eq!(without_suspicious_words(text), text);
        }
    }
}
