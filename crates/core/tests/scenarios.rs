//! Behaviour as folders: `scenarios/<case>/scenario.json` says what a machine is like, what is asked of it, and what
//! has to come of it. `support/case.rs` is the format. Time is tokio's paused clock, so that a wait costs nothing.
//!
//! Every case is also searched for its secrets: in what was logged, in errors and in every Debug.
#![allow(missing_docs, reason = "a test has no users")]
#![expect(
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "the scenarios are files, and the skipped are named"
)]

mod support;

use azure_client_token_core::{CredentialKind, Topic};
use std::{
    fs,
    path::{Path, PathBuf},
};
use support::{Case, ExpectedError, Outcome};

#[test]
fn every_scenario_ends_as_it_says() {
    let cases = cases(&folder());
    assert!(!cases.is_empty(), "no scenario was found");
    let complaints: Vec<_> = cases.iter().flat_map(|(name, text)| complaints(name, text)).collect();
    assert!(complaints.is_empty(), "{} of {} scenarios:\n{}", complaints.len(), cases.len(), complaints.join("\n"));
    println!("{} scenarios", cases.len());
}

#[test]
fn every_kind_has_a_case_where_it_works_and_one_where_it_is_not_configured() {
    let cases = cases(&folder());
    let cases: Vec<_> = cases.iter().map(|(name, text)| Case::parse(text).expect(name)).collect();
    // A chain's token is a member's.
    for kind in CredentialKind::ALL.into_iter().filter(|kind| *kind != CredentialKind::Chain) {
        let works = |case: &Case| case.expect.source.as_deref() == Some(kind.as_str());
        assert!(cases.iter().any(works), "{} never works", kind.as_str());
    }
    let credentials = CredentialKind::ALL.map(Topic::Credential);
    for topic in credentials.into_iter().chain([Topic::Environment, Topic::Pulumi, Topic::DefaultChain]) {
        let is_about_it = |error: &ExpectedError| error.topic.as_ref() == Some(&topic.anchor());
        let is_missing = |code: &str| code == "ERR_CONFIGURATION" || code == "ERR_CREDENTIAL_UNAVAILABLE";
        let errors = cases.iter().filter_map(|case| case.expect.error.as_ref());
        let errors: Vec<_> = errors.filter(|error| is_about_it(error) && is_missing(&error.code)).collect();
        assert!(!errors.is_empty(), "{} is always configured", topic.anchor());
    }
}

/// A runner that lets everything pass would be worth nothing: each of these must be complained about.
#[test]
fn the_runner_bites() {
    let wrong = [
        (r#""expect": { "token": "other" }"#, "token"),
        (r#""expect": { "token": "issued-token", "expiresOn": "2026-01-01T00:00:00Z" }"#, "expires"),
        (r#""expect": { "token": "issued-token", "source": "azureCli" }"#, "source"),
        (r#""expect": { "error": { "code": "ERR_NETWORK" } }"#, "an error was expected"),
        (r#""expect": { "token": "issued-token" }, "secrets": ["a-tenant"]"#, "secret"),
        (r#""expect": { "token": "issued-token" }, "commands": [{ "program": "az" }]"#, "never run"),
        (r#""expect": { "token": "issued-token" }, "unknown": 1"#, "unknown field"),
        (r#""expect": { "token": "issued-token" }, "takes": [5, 6]"#, "seconds"),
        (r#""expect": { "token": "issued-token", "attempts": ["clientSecret: failed"] }"#, "attempts"),
    ];
    for (end, complaint) in wrong {
        let text = format!("{{ {WORKING}, {end} }}");
        let complaints = complaints("wrong", &text);
        assert!(complaints.iter().any(|found| found.contains(complaint)), "{end}: {complaints:?}");
    }
    assert!(complaints("right", &format!("{{ {WORKING}, {RIGHT} }}")).is_empty());
    let other_request = WORKING.replacen("a-scope", "another-scope", 1);
    let found = complaints("wrong", &format!("{{ {other_request}, {RIGHT} }}"));
    assert!(found.iter().any(|complaint| complaint.contains("form")), "{found:?}");
}

const WORKING: &str = r#"
    "why": "a case for the runner itself",
    "environment": { "ARM_TENANT_ID": "a-tenant", "ARM_CLIENT_ID": "an-app", "ARM_CLIENT_SECRET": "hidden" },
    "request": { "scopes": ["a-scope"] },
    "http": [{
        "method": "POST",
        "url": "https://login.microsoftonline.com/a-tenant/oauth2/v2.0/token",
        "form": { "client_secret": "hidden", "scope": "a-scope" },
        "answer": { "json": { "access_token": "issued-token", "expires_in": 3600, "token_type": "Bearer" } }
    }]"#;

const RIGHT: &str = r#""expect": { "token": "issued-token" }, "secrets": ["hidden"]"#;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/scenarios")
}

fn cases(folder: &Path) -> Vec<(String, String)> {
    let entries = fs::read_dir(folder).expect("the scenarios").map(|entry| entry.expect("an entry").path());
    let mut cases: Vec<_> = entries
        .filter(|path| path.is_dir())
        .map(|path| {
            let name = path.file_name().expect("a name").to_string_lossy().into_owned();
            let text = fs::read_to_string(path.join("scenario.json")).expect("scenario.json in each folder");
            (name, text)
        })
        .collect();
    cases.sort();
    cases
}

fn complaints(name: &str, text: &str) -> Vec<String> {
    let complaints = match Case::parse(text) {
        Ok(case) if !case.is_of_this_platform() => {
            println!("{name} is skipped: it is for {:?}", case.platform);
            Vec::new()
        }
        Ok(case) => Outcome::of(&case).complaints(&case),
        Err(error) => vec![format!("scenario.json: {error}")],
    };
    complaints.into_iter().map(|complaint| format!("- {name}: {complaint}")).collect()
}
