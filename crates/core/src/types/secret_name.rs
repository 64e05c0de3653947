//! Names by which variables, members of JSON, parameters and fields of a text of connection call their values secret.

/// What such names have in them.
const PARTS: [&str; 9] = [
    "SECRET",
    "TOKEN",
    "PASSWORD",
    "PASSWD",
    "PASSPHRASE",
    "APIKEY",
    "ACCOUNTKEY",
    "CONNECTION_STRING",
    "CONNECTIONSTRING",
];

/// What one of their words ends in.
const ENDS: [&str; 13] = [
    "KEYPEM",
    "PASS",
    "PWD",
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

/// The whole name of the parameter with a function's key.
const CODE: &str = "CODE";

/// Whether the name, in whatever case, calls its value secret.
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
        ] {
            assert!(names_a_secret(name), "{name}");
        }
        for name in ["", "path", "KEYBOARD", "LANG_CODE", "signal", "tenantId", "passage"] {
            assert!(!names_a_secret(name), "{name}");
        }
    }
}
