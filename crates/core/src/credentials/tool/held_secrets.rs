//! Which values of a program's environment no message shows. A program may repeat any of them, and any may be a secret:
//! shown is only what a name or its own form tells to be none.

use crate::{
    config::keys,
    host::Environment,
    types::{is_guid, names_a_secret, suspicion, Secret},
};
use serde_json::Value;
use std::{collections::HashSet, net::IpAddr};

/// A shorter value is no secret, whatever its variable is called, and a part of many words.
pub(super) const SHORTEST: usize = 4;

/// A shorter value of a variable whose name says nothing is a word, a number or a switch.
const SHORTEST_UNKNOWN: usize = 8;

/// So often a value is taken apart: JSON in a text in JSON.
const LAYERS: u8 = 3;

/// Variables of shells, systems and CI services whose values are names, folders and versions.
const PLAIN_NAMES: [&str; 24] = [
    "COLORTERM",
    "COMPUTERNAME",
    "DESKTOP_SESSION",
    "EDITOR",
    "ENVIRONMENT",
    "HOSTNAME",
    "INIT_CWD",
    "LANG",
    "LANGUAGE",
    "LOGNAME",
    "NODE_ENV",
    "OLDPWD",
    "OS",
    "OSTYPE",
    "PAGER",
    "PATHEXT",
    "PWD",
    "SHELL",
    "TERM",
    "TERM_PROGRAM",
    "USER",
    "USERDOMAIN",
    "USERNAME",
    "VISUAL",
];

/// What such names begin with.
const PLAIN_STARTS: [&str; 7] = ["LC_", "XDG_", "NPM_PACKAGE_", "NPM_LIFECYCLE_", "PROCESSOR_", "RUNNER_", "GITHUB_"];

/// The last word of names whose values are names, places and ids.
const PLAIN_ENDS: [&str; 14] = [
    "_DIR",
    "_ENV",
    "_FILE",
    "_HOME",
    "_HOST",
    "_HOSTNAME",
    "_ID",
    "_NAME",
    "_PATH",
    "_PORT",
    "_REGION",
    "_ROOT",
    "_USER",
    "_VERSION",
];

/// What the name of a variable says of its value.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Hint {
    Secret,
    Plain,
    Nothing,
}

/// A value, or a part of one, by its name.
struct Held {
    name: String,
    value: Secret,
}

/// The values to hide, and the parts of them that are secrets by themselves.
pub(super) fn held_secrets(environment: &Environment) -> Vec<Secret> {
    let variables = environment.variables().map(|(name, value)| (name, value.expose()));
    let (hidden, shown): (Vec<_>, Vec<_>) = variables.partition(|(name, value)| is_hidden(name, value));
    // A tenant's name is no secret because a second variable has it too.
    let shown: HashSet<&str> = shown.into_iter().map(|(_, value)| value).collect();
    let is_known = |held: &Held| hint(&held.name) != Hint::Secret && shown.contains(held.value.expose());
    let parts = hidden.into_iter().flat_map(|(name, value)| with_parts(Held::of(name, value), LAYERS));
    parts.filter(|part| !is_known(part)).map(|part| part.value).collect()
}

fn is_hidden(name: &str, value: &str) -> bool {
    match hint(name) {
        Hint::Secret => value.len() >= SHORTEST,
        Hint::Plain => value.len() >= SHORTEST_UNKNOWN && suspicion(value).is_some(),
        Hint::Nothing => value.len() >= SHORTEST_UNKNOWN && !is_plain(value),
    }
}

/// Of a variable that this package knows it is known; a client id is nothing that a message has to hide.
fn hint(name: &str) -> Hint {
    if let Some(setting) = keys::SETTINGS.iter().find(|setting| setting.variables.contains(&name)) {
        let is_secret = setting.is_secret && setting.name() != keys::CLIENT_ID.name();
        return if is_secret { Hint::Secret } else { Hint::Plain };
    }
    let name = name.to_ascii_uppercase();
    if PLAIN_NAMES.contains(&name.as_str()) {
        return Hint::Plain;
    }
    if names_a_secret(&name) {
        return Hint::Secret;
    }
    let is_plain =
        PLAIN_STARTS.iter().any(|start| name.starts_with(start)) || PLAIN_ENDS.iter().any(|end| name.ends_with(end));
    if is_plain {
        Hint::Plain
    } else {
        Hint::Nothing
    }
}

/// A path, a host's address or a scope at it, a GUID.
fn is_plain(value: &str) -> bool {
    let is_ip = value.parse::<IpAddr>().is_ok();
    suspicion(value).is_none() && (is_path(value) || is_ip || is_address_of_host(value) || is_guid(value))
}

fn is_path(value: &str) -> bool {
    let mut drive = value.chars();
    value.starts_with(['/', '~', '.'])
        || (drive.next().is_some_and(|letter| letter.is_ascii_alphabetic())
            && drive.next() == Some(':')
            && matches!(drive.next(), Some('\\' | '/')))
}

/// What stands behind a host may be a secret: the address of a webhook is one.
fn is_address_of_host(value: &str) -> bool {
    let host = value.split_once("://").map(|(_, rest)| rest.trim_end_matches("/.default").trim_end_matches('/'));
    host.is_some_and(|host| host.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".-:[]".contains(&byte)))
}

impl Held {
    fn of(name: &str, value: &str) -> Self {
        Self { name: name.to_owned(), value: Secret::new(value) }
    }

    /// A part of it. Its name begins with that of the whole: a `Pwd` in a text of connection is no working directory.
    fn part(&self, name: &str, value: &str) -> Self {
        Self::of(&format!("{}_{name}", self.name), value)
    }
}

/// The value, and its parts that are to be hidden.
fn with_parts(held: Held, layers: u8) -> Vec<Held> {
    let parts = if layers > 0 { parts(&held) } else { Vec::new() };
    let hidden = parts.into_iter().filter(|part| is_hidden(&part.name, part.value.expose()));
    let mut all: Vec<_> = hidden.flat_map(|part| with_parts(part, layers - 1)).collect();
    all.push(held);
    all
}

/// What JSON, an address or a list of pairs (`Server=…;Password=…`) is made of.
fn parts(held: &Held) -> Vec<Held> {
    let value = held.value.expose();
    if let Ok(json @ (Value::Object(_) | Value::Array(_))) = serde_json::from_str(value) {
        return members(held, json);
    }
    let of_users = users(value).into_iter().map(|user| held.part("PASSWORD", user));
    let pieces = value.split([';', '&', '?', ',', '#']).flat_map(str::split_whitespace);
    let pairs = pieces.filter_map(|piece| piece.split_once('=')).map(|(name, value)| held.part(name, value));
    of_users.chain(pairs).collect()
}

fn members(held: &Held, json: Value) -> Vec<Held> {
    match json {
        Value::Object(members) => {
            members.into_iter().flat_map(|(name, value)| members_of_part(held, &name, value)).collect()
        }
        Value::Array(elements) => elements.into_iter().flat_map(|value| members_of_part(held, "", value)).collect(),
        Value::String(text) => vec![Held { name: held.name.clone(), value: Secret::new(text) }],
        Value::Null | Value::Bool(_) | Value::Number(_) => Vec::new(),
    }
}

fn members_of_part(held: &Held, name: &str, value: Value) -> Vec<Held> {
    members(&held.part(name, ""), value)
}

/// The password in an address, or its user where it has none. An `@` may also stand behind the host, so that what
/// stands before each of them is looked at.
fn users(address: &str) -> Vec<&str> {
    let rest = address.split_once("://").map_or("", |(_, rest)| rest);
    let users = rest.match_indices('@').map(|(at, _)| &rest[..at]);
    users.map(|user| user.split_once(':').map_or(user, |(_, password)| password)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hidden(name: &str, value: &str) -> Vec<String> {
        let environment = Environment::from([(name, value)]);
        held_secrets(&environment).iter().map(|secret| secret.expose().to_owned()).collect()
    }

    #[test]
    fn a_value_is_hidden_unless_its_name_or_form_tells_that_it_is_none() {
        for (name, value) in [
            ("ANY", "correcthorse"),
            ("SLACK_WEBHOOK", "https://hooks.example/services/T0/B0/marker"),
            ("SESSION", "postgres://db.example/app?sslmode=require"),
            ("GITHUB_TOKEN", "word"),
            ("MY_API_KEY", "7b795fb9-09d3-42f4-a494-38864f99ba3c"),
            ("AWS_ACCESS_KEY_ID", "AKIAMARKER"),
            ("ARM_CLIENT_CERTIFICATE_PATH", "-----BEGIN PRIVATE KEY-----"),
            ("SERVICE_HOST", "http://user:word@host.example"),
            ("HOME", "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJ4In0.c2lnbmF0dXJl"),
        ] {
            assert!(hidden(name, value).contains(&value.to_owned()), "{name}={value}");
        }
        for (name, value) in [
            ("ANY", "1234567"),
            ("ANY", "/home/me/.config/app.json"),
            ("ANY", r"C:\Program Files\app"),
            ("ANY", "https://vault.azure.net/.default"),
            ("ANY", "postgres://db.example:5432"),
            ("ANY", "10.0.0.129"),
            ("ANY", "7b795fb9-09d3-42f4-a494-38864f99ba3c"),
            ("ARM_TENANT_ID", "contoso.example"),
            ("ARM_CLIENT_ID", "an-application"),
            ("NODE_ENV", "production"),
            ("DB_HOST", "db.example"),
            ("APP_PATH", "bin/program"),
            ("npm_package_name", "an-application"),
            ("PWD", "folder of mine"),
        ] {
            assert!(hidden(name, value).is_empty(), "{name}={value}");
        }
    }

    #[test]
    fn the_secrets_in_a_value_are_hidden_by_themselves() {
        for value in [
            "postgres://user:marker@db.example/app",
            "postgres://user:marker@db.example/app?contact=a@b.example",
            "redis://:marker@cache.example:6380",
            "https://marker@host.example/",
            "Server=tcp:db.example,1433;User Id=sa;Pwd=marker;Encrypt=yes",
            "https://a.blob.example/c?sv=2024&sig=marker",
            r#"{"clientId":"x","clientSecret":"marker"}"#,
            r#"{"a":[{"apiKey":"marker"}]}"#,
            r#"{"connection":"Host=h;Password=marker"}"#,
            r#"["{\"token\":\"marker\"}"]"#,
        ] {
            assert!(hidden("ANY", value).contains(&"marker".to_owned()), "{value}");
        }
        let deep = format!("{}1{}", "[".repeat(5000), "]".repeat(5000));
        assert_eq!(hidden("ANY", &deep), [deep]);
    }

    #[test]
    fn a_value_that_a_plain_variable_has_too_is_shown_unless_a_name_calls_it_secret() {
        let tenant = ("ARM_TENANT_ID", "contoso.example");
        assert!(held_secrets(&Environment::from([tenant, ("ANY", "contoso.example")])).is_empty());
        assert_eq!(held_secrets(&Environment::from([tenant, ("ANY_TOKEN", "contoso.example")])).len(), 1);
    }
}
