//! Recognises names that mark their value as secret: of variables, JSON members, parameters and fields of a connection
//! string.

/// Parts of such names.
const PARTS: [&str; 11] = [
    "SECRET",
    "TOKEN",
    "PASSWORD",
    "PASSWD",
    "PASSPHRASE",
    "APIKEY",
    "ACCOUNTKEY",
    "CONNECTION_STRING",
    "CONNECTIONSTRING",
    "IDENTITY_HEADER",
    "IDENTITY-HEADER",
];

/// Endings of words in such names.
const ENDS: [&str; 16] = [
    "KEYPEM",
    "PASS",
    "PASSCODE",
    "PWD",
    "PW",
    "PSK",
    "KEY",
    "PAT",
    "SAS",
    "SIG",
    "AUTH",
    "AUTHORIZATION",
    "SIGNATURE",
    "ASSERTION",
    "JWT",
    "COOKIE",
];

/// The parameter that contains a function's key, as a whole name.
const CODE: &str = "CODE";

/// Returns whether the name, in any case, marks its value as secret.
pub(crate) fn names_a_secret(name: &str) -> bool {
    let name = name.to_ascii_uppercase();
    let is_key = |word: &str| word.trim_end_matches(|last: char| last.is_ascii_digit()).ends_with("KEY");
    let ends_so = |word: &str| is_key(word) || ENDS.iter().any(|end| word.ends_with(end));
    name == CODE || PARTS.iter().any(|part| name.contains(part)) || name.split(['_', '-', '.', ' ']).any(ends_so)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_calls_its_value_secret_by_its_parts_or_words() {
        for name in [
            "clientSecret",
            "AccountKey",
            "SharedAccessKey",
            "sig",
            "DB_PASS",
            "x-functions-key",
            "code",
            "Pwd",
            "key1",
            "PrivateKeyPem",
            "X-IDENTITY-HEADER",
        ] {
            assert!(names_a_secret(name), "{name}");
        }
        for name in ["", "path", "KEYBOARD", "LANG_CODE", "signal", "tenantId", "passage"] {
            assert!(!names_a_secret(name), "{name}");
        }
    }
}
