//! Decides by its name and its form whether a value is a secret.

use crate::{
    config::keys,
    types::{is_guid, names_a_secret, suspicion, SWITCHES},
};
use std::net::IpAddr;

/// A shorter value is not a secret, whatever the name of its variable is: it is a part of many words.
pub(super) const SHORTEST: usize = 4;

/// A shorter value of a variable whose name says nothing is a word, a number or a switch.
const SHORTEST_UNKNOWN: usize = 8;

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

/// The same only for parts of a value: a variable with such a name may contain a whole connection string.
const PLAIN_PARTS: [&str; 6] = ["_DATABASE", "_DBNAME", "_ENVIRONMENT", "_SERVER", "_TENANT", "_USERNAME"];

/// Words that follow names of secrets in a text and are no secrets: switches, schemes, stages, and the names themselves.
const ORDINARY: [&str; 28] = [
    "authorization",
    "basic",
    "bearer",
    "default",
    "development",
    "digest",
    "disable",
    "disabled",
    "enable",
    "enabled",
    "encrypt",
    "expired",
    "invalid",
    "mandatory",
    "missing",
    "negotiate",
    "optional",
    "password",
    "prefer",
    "production",
    "require",
    "required",
    "secret",
    "staging",
    "strict",
    "token",
    "undefined",
    "value",
];

/// What the name of a value says about it.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Hint {
    Secret,
    /// A line of a key, or a salted hash of a password, of which a piece is secret, too.
    OfKey,
    /// A secret whose parts have names of their own: hosts, users, switches. Their names decide.
    Settings,
    /// A part of a secret, with no name or one that says nothing.
    InSecret,
    Plain,
    Nothing,
}

impl Hint {
    /// Returns whether the name marks its value as secret.
    pub(super) fn is_secret(self) -> bool {
        matches!(self, Self::Secret | Self::OfKey | Self::Settings)
    }

    fn of_secret(name: &str) -> Self {
        if name.to_ascii_uppercase().contains("CONNECTION") || !names_a_secret(name) {
            Self::Settings
        } else {
            Self::Secret
        }
    }
}

/// Returns the hint of a variable. The table of settings decides for those of this package; a client id is no secret.
pub(super) fn hint(name: &str) -> Hint {
    if let Some(setting) = keys::SETTINGS.iter().find(|setting| setting.variables.contains(&name)) {
        let is_secret = setting.is_secret && setting.name() != keys::CLIENT_ID.name();
        return if is_secret { Hint::of_secret(name) } else { Hint::Plain };
    }
    let name = name.to_ascii_uppercase();
    if PLAIN_NAMES.contains(&name.as_str()) {
        return Hint::Plain;
    }
    if names_a_secret(&name) {
        return Hint::of_secret(&name);
    }
    let is_plain = PLAIN_STARTS.iter().any(|start| name.starts_with(start)) || ends_in(&name, &PLAIN_ENDS);
    if is_plain {
        Hint::Plain
    } else {
        Hint::Nothing
    }
}

fn ends_in(name: &str, ends: &[&str]) -> bool {
    ends.iter().any(|end| name.ends_with(end))
}

/// Returns the hint of a part with that name, or with none, in a value with that hint. A `Pwd` in a connection string is no
/// working directory.
pub(super) fn hint_of_part(name: &str, whole: Hint) -> Hint {
    let is_secret = names_a_secret(name);
    let name = format!("_{}", name.to_ascii_uppercase().replace(|of: char| !of.is_alphanumeric(), "_"));
    match (hint(&name), whole) {
        _ if is_secret => Hint::of_secret(&name),
        (Hint::Nothing, _) if ends_in(&name, &PLAIN_PARTS) => Hint::Plain,
        (Hint::Nothing, Hint::Secret) => Hint::InSecret,
        (Hint::Nothing, Hint::Settings) => Hint::Nothing,
        (Hint::Nothing, whole) => whole,
        (own, _) => own,
    }
}

/// Returns whether the whole value of a variable is hidden.
pub(super) fn is_hidden(hint: Hint, value: &str) -> bool {
    match hint {
        Hint::Secret | Hint::OfKey | Hint::Settings | Hint::InSecret => {
            value.len() >= SHORTEST && !is_in(&SWITCHES, value)
        }
        Hint::Plain => value.len() >= SHORTEST_UNKNOWN && suspicion(value).is_some(),
        Hint::Nothing => value.len() >= SHORTEST_UNKNOWN && !is_plain(value),
    }
}

/// Returns whether a part of a value is hidden by itself. Most parts are no secrets, so hosts and ordinary words stay.
pub(super) fn is_hidden_part(hint: Hint, value: &str) -> bool {
    let may_be = hint.is_secret() || !is_host(value);
    may_be && !is_in(&ORDINARY, value) && is_hidden(hint, value)
}

fn is_in(words: &[&str], value: &str) -> bool {
    words.iter().any(|word| value.eq_ignore_ascii_case(word))
}

/// A path, a host's address or a scope at it, a GUID.
fn is_plain(value: &str) -> bool {
    let is_ip = value.parse::<IpAddr>().is_ok();
    suspicion(value).is_none() && (is_path(value) || is_ip || is_address_of_host(value) || is_guid(value))
}

pub(super) fn is_path(value: &str) -> bool {
    let mut drive = value.chars();
    value.starts_with(['/', '~', '.'])
        || (drive.next().is_some_and(|letter| letter.is_ascii_alphabetic())
            && drive.next() == Some(':')
            && matches!(drive.next(), Some('\\' | '/')))
}

/// The path after a host may be a secret: the address of a webhook is one.
fn is_address_of_host(value: &str) -> bool {
    let host = value.split_once("://").map(|(_, rest)| rest.trim_end_matches("/.default").trim_end_matches('/'));
    host.is_some_and(|host| host.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".-:[]".contains(&byte)))
}

/// `db.example`, `db.example:5432`, `tcp:db.example,1433`: words with dots between them, the last one in letters. The name
/// of a person may precede it.
fn is_host(value: &str) -> bool {
    let value = value.strip_prefix("tcp:").unwrap_or(value).trim_matches('/');
    let is_of_name = |byte: u8| byte.is_ascii_alphanumeric() || b".-_+".contains(&byte);
    let value = value.split_once('@').filter(|(name, _)| name.bytes().all(is_of_name)).map_or(value, |(_, host)| host);
    let (host, port) = value.split_once([':', ',']).unwrap_or((value, ""));
    let is_label = |label: &str| {
        (1..=63).contains(&label.len()) && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    };
    let top = host.rsplit_once('.').map(|(_, top)| top);
    top.is_some_and(|top| top.len() >= 2 && top.bytes().all(|byte| byte.is_ascii_lowercase()))
        && host.split('.').all(is_label)
        && port.bytes().all(|byte| byte.is_ascii_digit())
}
