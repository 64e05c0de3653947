//! Finds secrets by their names in a text of any notation: JSON, YAML, XML, lists of pairs, and the printed values of programming
//! languages. Where prose may continue after a name, a value counts only if it looks like a key or a password.

use super::{
    guid::is_guid,
    named::{beginning, is_quote, named, Named, Sign},
    secret_name::names_a_secret,
};

/// Quotes of prose. Those of ASCII are in [`is_quote`].
const QUOTES: [(char, char); 4] = [('“', '”'), ('‘', '’'), ('«', '»'), ('„', '“')];

/// The shortest text in quotes that is a secret. Shorter ones are words.
const SHORTEST: usize = 4;

/// The shortest word that counts as a secret by its letters and digits.
const SHORTEST_MIXED: usize = 8;

/// The longest text in which the end of a value is looked for.
const LONGEST: usize = 4096;

/// The longest type before a value: `[]string{"…"}`.
const LONGEST_TYPE: usize = 32;

/// Names that contain a word for a secret, and whose values are none: of OAuth 2.0 and of challenges (RFC 7521, RFC 6750).
const HARMLESS: [&str; 4] = ["code", "client_assertion_type", "authorization_uri", "token_type"];

/// Values that only say whether there is a secret.
pub(crate) const SWITCHES: [&str; 4] = ["true", "false", "none", "null"];

/// Returns the values of all names of secrets in the text.
pub(super) fn named_secrets(text: &str) -> Vec<&str> {
    let is_of_secret = |named: &Named<'_>| named.is_secret || names_a_secret(named.name);
    let of_secrets = named(text).filter(|named| is_of_secret(named) && !HARMLESS.contains(&named.name));
    of_secrets.flat_map(|named| values(&named)).collect()
}

fn values<'a>(named: &Named<'a>) -> Vec<&'a str> {
    let value = beginning(named.value, LONGEST);
    let is_apart = named.sign == Sign::Space && !named.name.starts_with('-');
    if let Some(text) = quoted(value) {
        let is_value = if is_apart { has_mixed_part(text) } else { is_secret(text) };
        return is_value.then_some(text).into_iter().collect();
    }
    let inside = in_brackets(value);
    let all = if inside.is_empty() { vec![bare(value)] } else { quoted_texts(inside) };
    all.into_iter().filter(|text| is_mixed(text) && (!is_apart || has_mixed_part(text))).collect()
}

fn is_secret(text: &str) -> bool {
    let is_switch = SWITCHES.iter().any(|switch| text.eq_ignore_ascii_case(switch));
    text.len() >= SHORTEST && !is_switch && !is_guid(text) && !text.contains("://") && !names_a_secret(text)
}

/// Returns whether the value looks like a password or a key by its letters and digits. Ids, codes of Entra ID, hosts,
/// addresses, paths and times are none.
pub(super) fn is_mixed(value: &str) -> bool {
    let is_of_value = |character: char| character.is_alphanumeric() || "-_.~+=".contains(character);
    let is_code = value.strip_prefix("AADSTS").is_some_and(|code| code.bytes().all(|byte| byte.is_ascii_digit()));
    let is_label = |label: &str| label.len() >= 2 && label.bytes().all(|byte| byte.is_ascii_lowercase());
    let is_host = value.rsplit_once('.').is_some_and(|(_, top)| is_label(top));
    value.chars().count() >= SHORTEST_MIXED
        && value.chars().all(is_of_value)
        && value.contains(char::is_alphabetic)
        && value.contains(char::is_numeric)
        && !is_code
        && !is_host
        && !is_guid(value)
}

/// The same where prose may continue: a name such as `app-key-2024` has letters and digits in different parts.
pub(super) fn has_mixed_part(value: &str) -> bool {
    let is_mixed_part = |part: &str| part.contains(char::is_alphabetic) && part.contains(char::is_numeric);
    is_mixed(value) && value.split(|sign: char| !sign.is_alphanumeric()).any(is_mixed_part)
}

/// Returns the text in quotes at the beginning of the value.
fn quoted(value: &str) -> Option<&str> {
    let value = value.trim_start_matches('\\');
    let first = value.chars().next()?;
    let of_prose = QUOTES.iter().find(|(opening, _)| *opening == first).map(|(_, closing)| *closing);
    let closing = of_prose.or_else(|| is_quote(first).then_some(first))?;
    let inside = &value[first.len_utf8()..];
    Some(inside.split(closing).next().unwrap_or_default().trim_end_matches('\\'))
}

/// Returns the brackets with quotes in them at the beginning of the value, which may have a type before them, or nothing.
fn in_brackets(value: &str) -> &str {
    let is_of_type = |character: char| character.is_alphanumeric() || "[](){}<>*&.: \n".contains(character);
    let Some(quote) = beginning(value, LONGEST_TYPE).find(is_quote) else { return "" };
    let before = &value[..quote];
    if !before.contains(['{', '[', '(', '<']) || !before.chars().all(is_of_type) {
        return "";
    }
    let mut depth = 0_usize;
    let end = value.char_indices().find(|(at, character)| {
        depth = match character {
            '{' | '[' | '(' | '<' => depth + 1,
            '}' | ']' | ')' | '>' => depth.saturating_sub(1),
            _ => depth,
        };
        depth == 0 && *at > quote
    });
    &value[..end.map_or(value.len(), |(at, _)| at)]
}

/// Returns the texts in quotes that are no names.
fn quoted_texts(text: &str) -> Vec<&str> {
    let pieces: Vec<_> = text.split(is_quote).collect();
    let is_name = |behind: Option<&&str>| behind.is_some_and(|behind| behind.trim_start().starts_with([':', '=']));
    let inside = pieces.iter().enumerate().skip(1).step_by(2);
    inside.filter(|(at, _)| !is_name(pieces.get(at + 1))).map(|(_, piece)| *piece).collect()
}

/// Returns the word at the beginning of the value.
fn bare(value: &str) -> &str {
    let is_end = |character: char| character.is_whitespace() || ";&,\"'`<>()[]{}#|".contains(character);
    value.split(is_end).next().unwrap_or_default().trim_end_matches('.')
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Each is printed by the language that is named.
    #[test]
    fn a_secret_is_found_in_each_notation() {
        for text in [
            r#"{"access_token": "opaque-w0rd", "b": 2}"#,
            r#"{"name": "access_token", "value": "opaque-w0rd"}"#,
            r#"{"name":"access_token","secureValue":"opaque-w0rd"}"#,
            r#"{"clientSecret":{"value":"opaque-w0rd"}}"#,
            r#"[["access_token","opaque-w0rd"]]"#,
            // Python
            "{'access_token': b'opaque-w0rd'}",
            "{b'access_token': [b'opaque-w0rd']}",
            "[('a', '1'), ('access_token', 'opaque-w0rd')]",
            "{'name': 'access_token', 'value': 'opaque-w0rd'}",
            // Go
            r#"url.Values{"access_token":[]string{"opaque-w0rd"}}"#,
            r#"http.Header{"X-Identity-Header":[]string{"opaque-w0rd"}}"#,
            "{Name:access_token Value:opaque-w0rd}",
            r#"main.Pair{Name:"access_token", Value:"opaque-w0rd"}"#,
            // Node.js, Perl, Lua, Clojure, PHP
            "[ 'access_token', 'opaque-w0rd' ]",
            "['access_token','opaque-w0rd']",
            r#"["access_token"] = "opaque-w0rd""#,
            r#"{:access_token "opaque-w0rd"}"#,
            "[access_token] => opaque-w0rd",
            // XML, YAML, Terraform
            r#"<access_token type="b">opaque-w0rd</access_token>"#,
            "<access_token><![CDATA[opaque-w0rd]]></access_token>",
            r#"<env name="CLIENT_SECRET" value="opaque-w0rd"/>"#,
            r#"<setting name="ClientSecret"><value>opaque-w0rd</value></setting>"#,
            "{name: CLIENT_SECRET, value: opaque-w0rd}",
            "access_token: opaque-w0rd",
            r#"{ name = "CLIENT_SECRET", value = "opaque-w0rd" }"#,
            "“access_token”: “opaque-w0rd”",
            // Shells
            "setx CLIENT_SECRET opaque-w0rd",
            "az login --service-principal -u x -p opaque-w0rd",
            "curl -u app:opaque-w0rd https://host",
        ] {
            assert!(named_secrets(text).contains(&"opaque-w0rd"), "{text}: {:?}", named_secrets(text));
        }
    }

    #[test]
    fn prose_ids_codes_and_claims_are_no_secrets() {
        for text in [
            "AADSTS7000215: Invalid client secret provided. The client secret: AADSTS7000215 is expired",
            "The request body must contain the following parameter: 'client_assertion' or 'client_secret'.",
            "('client_secret', 'client_assertion') are missing",
            r#"{"error":{"code":"BadRequest","message":"no such identity"}}"#,
            r#"{"access_token":{"xms_cc":{"values":["cp1"]},"acrs":{"essential":true,"value":"c1"}}}"#,
            r#"{"token_type": "Bearer", "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"}"#,
            r#"{"token_endpoint": "https://login.microsoftonline.com/common/oauth2/v2.0/token"}"#,
            r#"{"key": "7b795fb9-09d3-42f4-a494-38864f99ba3c", "has_secret": "true"}"#,
            "The secret 'db-conn-2024' was not found, and the key 'app-key-2024' needs permission",
            "Configured keys: [Key0:Start=01/01/2026, End=01/01/2027]",
        ] {
            assert_eq!(named_secrets(text), Vec::<&str>::new(), "{text}");
        }
    }
}
