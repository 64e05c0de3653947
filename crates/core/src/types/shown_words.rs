//! Hides words of a text that another program or a service wrote and that look like secrets. What was sent is removed
//! before; this finds tokens and keys of the writer's own.

use super::{
    named_secrets::{has_mixed_part, named_secrets},
    readings::reading,
    redact::{redact, Extent},
    suspicion::{suspicion, Suspicion},
};

const HIDDEN: &str = "***";

/// Before an error's code, in a sentence.
const ERROR_CODE: &str = "code";

/// Names that contain a word for a secret, and whose values are none: of OAuth 2.0 and of challenges (RFC 7521, RFC 6750).
const HARMLESS: [&str; 4] = [r#""code":"#, "client_assertion_type=", "authorization_uri=", "token_type="];

/// Returns the text with `***` in place of each word that looks like a secret.
pub(crate) fn without_suspicious_words(text: &str) -> String {
    let lines = text.replace(['\n', '\r', '\t'], " ");
    let text = redact(text, named_secrets(&reading(&lines)).into_iter(), Extent::Whole);
    let mut shown = String::with_capacity(text.len());
    let mut before = Before { word: "", is_assigned: false };
    for piece in text.split_inclusive(char::is_whitespace) {
        let word = piece.trim_end();
        shown.push_str(if is_secret(word) || before.names(word) { HIDDEN } else { word });
        shown.push_str(&piece[word.len()..]);
        before = before.and(word);
    }
    shown
}

/// An `@` after a colon also occurs in ids, `repo:owner@id`, but not before a port; and the code of an error is not a function's key.
fn is_secret(word: &str) -> bool {
    let parameters = word.split_inclusive(['?', '&']).filter(|parameter| !is_error_code(parameter));
    let examined = HARMLESS.iter().fold(parameters.collect::<String>(), |text, name| text.replace(name, ""));
    let is_address = word.contains("://") || has_port(word);
    suspicion(&examined).is_some_and(|suspicion| suspicion != Suspicion::User || is_address)
}

/// `user:password@host:3128`.
fn has_port(word: &str) -> bool {
    let word = word.trim_end_matches(|sign: char| sign.is_ascii_punctuation());
    let port = word.rsplit_once('@').and_then(|(_, host)| host.rsplit_once(':')).map(|(_, port)| port);
    port.is_some_and(|port| !port.is_empty() && port.bytes().all(|byte| byte.is_ascii_digit()))
}

/// `code=53003` in an address of Entra ID's help.
fn is_error_code(parameter: &str) -> bool {
    let code = parameter.trim_end_matches(|sign: char| sign.is_ascii_punctuation()).strip_prefix("code=");
    code.is_some_and(|code| code.bytes().all(|byte| byte.is_ascii_digit()))
}

/// The last word before another one.
#[derive(Clone, Copy)]
struct Before<'a> {
    word: &'a str,
    /// Whether a sign such as `:` or `=` stands between the two as a word of its own.
    is_assigned: bool,
}

impl<'a> Before<'a> {
    fn and(self, word: &'a str) -> Self {
        match word {
            "" => self,
            ":" | "=" | "=>" | ":=" => Self { is_assigned: true, ..self },
            _ => Self { word, is_assigned: false },
        }
    }

    /// Returns whether the word is a value after its name: `password = …`, `--password …`, `Bearer …`, `the password …`. Numbers are
    /// no secrets, and a parameter of a challenge is no token.
    fn names(self, word: &str) -> bool {
        let is_bearer = self.word.to_ascii_lowercase().ends_with("bearer");
        let is_marked = self.is_assigned || self.word.starts_with('-') || is_bearer;
        let value = word.trim_matches(|sign: char| sign.is_ascii_punctuation());
        let is_number = !value.contains(char::is_alphabetic);
        let is_no_word = value.chars().skip(1).any(|character| !character.is_lowercase());
        let is_value = is_marked && is_no_word && !is_number && !(is_bearer && value.contains('='));
        !word.contains(HIDDEN) && (is_value || has_mixed_part(value)) && self.is_of_secret(word, has_mixed_part(value))
    }

    /// Returns whether this is the name of a secret that has such a value, or the word before a token.
    fn is_of_secret(self, value: &str, is_mixed: bool) -> bool {
        let name = self.word.trim_end_matches(|sign: char| !sign.is_alphanumeric());
        let text = match (self.is_assigned || is_mixed, self.word.starts_with('-')) {
            (true, false) => format!("{name}: {value}"),
            _ => format!("{} {value}", self.word),
        };
        name != ERROR_CODE && matches!(suspicion(&text), Some(Suspicion::Named | Suspicion::Token))
    }
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
                r#"got {"a":1, "access_token": "***", "b": 2}"#,
            ),
            (r#"got {\"refresh_token\": \"opaque-w0rd\"}"#.to_owned(), r#"got {\"refresh_token\": \"***\"}"#),
            (r#"got { "access_token" : "opaque-w0rd" }"#.to_owned(), r#"got { "access_token" : "***" }"#),
            (r#"got {\"access_token\" : \"opaque-w0rd\"}"#.to_owned(), r#"got {\"access_token\" : \"***\"}"#),
            (
                r#"got {"access_token" => "opaque-w0rd"} or password = M4rker0"#.to_owned(),
                r#"got {"access_token" => "***"} or password = ***"#,
            ),
            ("with --password M4rker0, or Bearer M4rker0xyz.".to_owned(), "with --password *** or Bearer ***."),
            (r#"with --password "a word", or x"#.to_owned(), r#"with --password "***", or x"#),
            ("key=m4rkerw0rd of".to_owned(), "*** of"),
            (
                r#"got ["access_token"] = "opaque" or ['password'] : 'w0rd' or"#.to_owned(),
                r#"got ["access_token"] = "***" or ['password'] : '***' or"#,
            ),
            (r"got {'access_token': b'opaque-word', x".to_owned(), r"got {'access_token': b'***', x"),
            ("got “access_token”: “opaque-word” or".to_owned(), "got “access_token”: “***” or"),
            ("access_token: m4rkerw0rd\npassword = m4rkerw0rd.".to_owned(), "access_token: ***\npassword = ***."),
            (
                "wrong password 'm4rkerw0rd', wrong token m4rkerw0rd, key (m4rkerw0rd)".to_owned(),
                "wrong password '***', wrong token ***, key (***)",
            ),
            ("Abc8Q~S3CR3T.marker_9f8e or ghp_m4rkerw0rd9".to_owned(), "*** or ***"),
            (format!("id {}", "Ab1+".repeat(16)), "id ***"),
            ("from https://user:w0rd@host/path".to_owned(), "from ***"),
            ("bad proxy svc:horses@proxy.example:3128.".to_owned(), "bad proxy ***"),
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
            "AADSTS53003: blocked. See https://login.microsoftonline.com/error?code=53003, or https://a/error?code=53003&x=1.",
            r#"Bearer realm="x", authorization_uri="https://login.microsoftonline.com/7b795fb9-09d3-42f4-a494-38864f99ba3c""#,
            "client_assertion_type=urn:ietf:params:oauth:client-assertion-type:jwt-bearer is bad",
            "a key = value pair, and the code = 53003",
            "text/html; charset=utf-8",
            r#"Azure says {"error":{"code":"BadRequest","message":"no such identity"}}"#,
            "The client secret: AADSTS7000215, key 7b795fb9-09d3-42f4-a494-38864f99ba3c, token 'https://a/1', the key /a/b1c2d3e4",
            "error code AADSTS90002x, code: 0x80070005, password 12345678, token audience, signature: 2026-11-28T10:00:00Z",
            "The Bearer token of --password is bad. The client secret: AADSTS7000215 is expired",
            "Required query variable 'resource' is missing",
            "/subscriptions/7b795fb9-09d3-42f4-a494-38864f99ba3c/resourceGroups/r/providers/Microsoft.ManagedIdentity/userAssignedIdentities/monkeyJungle",
        ] {
            assert_eq!(without_suspicious_words(text), text);
        }
    }
}
