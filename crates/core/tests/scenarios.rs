//! Behaviour as folders: `scenarios/<case>/scenario.json` says what a machine is like, what is asked of it, and what
//! has to come of it. `support/case.rs` is the format. Time is tokio's paused clock, so that a wait costs nothing.
//!
//! Every case is also searched for its secrets: in what was logged, in errors and in every Debug.
#![allow(missing_docs, reason = "a test has no users")]
#![expect(clippy::disallowed_methods, reason = "the scenarios are files")]

mod support;

use std::{fs, path::Path};
use support::{Case, Outcome};

#[test]
fn every_scenario_ends_as_it_says() {
    let cases = cases(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/scenarios"));
    assert!(!cases.is_empty(), "no scenario was found");
    let complaints: Vec<_> = cases.iter().flat_map(|(name, text)| complaints(name, text)).collect();
    assert!(complaints.is_empty(), "{} of {} scenarios:\n{}", complaints.len(), cases.len(), complaints.join("\n"));
    println!("{} scenarios", cases.len());
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
        Ok(case) => Outcome::of(&case).complaints(&case),
        Err(error) => vec![format!("scenario.json: {error}")],
    };
    complaints.into_iter().map(|complaint| format!("- {name}: {complaint}")).collect()
}
