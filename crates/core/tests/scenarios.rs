//! Behaviour as folders: `scenarios/<case>/scenario.json` describes a machine, the calls on it, and the expected
//! result. `support/case.rs` defines the format. Time is tokio's paused clock, so waiting takes no time.
//!
//! Every case is also searched for its secrets: in the log, in errors and in every Debug form.
#![allow(missing_docs, reason = "a test has no users")]
#![expect(
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "the scenarios are files, and skipped ones are named"
)]

mod support;

use azure_client_token_core::{
    config::keys,
    credentials::{CredentialOption, OptionType},
    login::kinds,
    Considered, CredentialKind, HelpAnchor,
};
use serde_json::{json, Value};
use std::{
    collections::HashMap,
    fs,
    path::{Path, PathBuf},
};
use support::{marked, settings_of, Case, ExpectedError, Outcome, Place};

#[test]
fn every_scenario_ends_as_it_says() {
    let cases = cases(&folder());
    assert!(!cases.is_empty(), "no scenario was found");
    let mismatches: Vec<_> = cases.iter().flat_map(|(name, text)| mismatches(name, text)).collect();
    assert!(mismatches.is_empty(), "{} of {} scenarios:\n{}", mismatches.len(), cases.len(), mismatches.join("\n"));
    println!("{} scenarios", cases.len());
}

#[test]
fn every_kind_has_a_case_where_it_works_and_one_where_it_is_not_configured() {
    let cases = cases(&folder());
    let cases: Vec<_> = cases.iter().map(|(name, text)| Case::parse(text).expect(name)).collect();
    // A chain's token comes from a member.
    for kind in CredentialKind::ALL.iter().copied().filter(|kind| *kind != CredentialKind::Chain) {
        let works = |case: &Case| case.expect.source.as_deref() == Some(kind.as_str());
        assert!(cases.iter().any(works), "{} never works", kind.as_str());
    }
    let credentials = CredentialKind::ALL.iter().copied().map(HelpAnchor::Credential);
    for help in credentials.into_iter().chain([HelpAnchor::Environment, HelpAnchor::Pulumi, HelpAnchor::DefaultChain]) {
        let is_about_it = |error: &ExpectedError| error.help.as_ref() == Some(&help.anchor());
        let is_missing = |code: &str| code == "ERR_CONFIGURATION" || code == "ERR_CREDENTIAL_UNAVAILABLE";
        let errors = cases.iter().filter_map(|case| case.expect.error.as_ref());
        let errors: Vec<_> = errors.filter(|error| is_about_it(error) && is_missing(&error.code)).collect();
        assert!(!errors.is_empty(), "{} is always configured", help.anchor());
    }
}

/// Each of these scenarios is wrong: a runner that accepted one would prove nothing.
#[test]
fn the_runner_reports_each_kind_of_mistake() {
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
    for (end, mismatch) in wrong {
        let text = format!("{{ {WORKING}, {end} }}");
        let mismatches = mismatches("wrong", &text);
        assert!(mismatches.iter().any(|found| found.contains(mismatch)), "{end}: {mismatches:?}");
    }
    assert!(mismatches("right", &format!("{{ {WORKING}, {RIGHT} }}")).is_empty());
    let other_request = WORKING.replacen("a-scope", "another-scope", 1);
    let found = mismatches("wrong", &format!("{{ {other_request}, {RIGHT} }}"));
    assert!(found.iter().any(|mismatch| mismatch.contains("form")), "{found:?}");
}

/// Users often set a key or a token in place of a path, a name or an address. Each form is put into every setting of
/// every kind, and no result may show it: no error, attempt, cause, log line, explanation or Debug form.
#[test]
fn what_looks_like_a_secret_is_not_shown_wherever_it_is_set() {
    let scenarios = scenarios_by_setting();
    assert!(scenarios.len() > 100, "only {} settings were found", scenarios.len());
    let mismatches: Vec<_> = scenarios.iter().flat_map(|(place, scenario)| shown_of(scenario, place)).collect();
    assert!(mismatches.is_empty(), "{}:\n{}", mismatches.len(), mismatches.join("\n"));
    println!("{} settings with {} shapes", scenarios.len(), shapes().len());
}

/// The same for the options of a chain's members, and of the members of a chain within a chain: each option of each
/// kind, in a member that is asked after an unavailable one.
#[test]
fn what_looks_like_a_secret_is_not_shown_in_a_member_of_a_chain() {
    let scenarios = chains_by_option();
    assert!(scenarios.len() > 100, "only {} options were found", scenarios.len());
    let mismatches: Vec<_> = scenarios.iter().flat_map(|(place, scenario)| shown_of(scenario, place)).collect();
    assert!(mismatches.is_empty(), "{}:\n{}", mismatches.len(), mismatches.join("\n"));
    let is_asked = |(place, scenario): &&(Place, Value)| {
        marked(scenario, place, "plain").is_ok_and(|case| Outcome::of(&case).attempts().len() > 1)
    };
    let asked = scenarios.iter().filter(is_asked).count();
    assert!(asked > 50, "only {asked} of {} members were asked", scenarios.len());
}

/// A search that never finds anything would be useless: a plain path is shown.
#[test]
fn the_search_finds_a_value_that_is_shown() {
    let (_, text) = cases(&folder()).into_iter().find(|(name, _)| name == "client-certificate-is-missing").expect("it");
    let scenario = serde_json::from_str(&text).expect("a scenario");
    let place = Place { part: "spec", path: vec!["certificate".to_owned(), "path".to_owned()] };
    let shown_of = |scenario: &Value, place: &Place| {
        Outcome::of(&marked(scenario, place, "/app/Visible.pem").expect("a scenario"))
            .shows("/app/visible.pem")
            .is_some()
    };
    assert!(shown_of(&scenario, &place));
    let mut members = chains_by_option();
    members.retain(|(place, _)| place.path.last().is_some_and(|name| name == "certificatePath"));
    assert!(members.iter().any(|(place, scenario)| shown_of(scenario, place)));
}

/// Settings that are marked as secret are never shown. An id is not one of them, although Pulumi's provider marks it:
/// an error that does not name the application does not help its reader.
#[test]
fn a_setting_that_is_secret_is_not_shown_whatever_it_looks_like() {
    const MARKER: &str = "plain-w0rd";
    let names = keys::SETTINGS.iter().filter(|setting| setting.is_secret && setting.key != Some("clientId"));
    let names: Vec<_> =
        names.flat_map(|setting| setting.key.into_iter().chain(setting.variables.iter().copied())).collect();
    let scenarios = scenarios_by_setting();
    let secret: Vec<_> = scenarios
        .iter()
        .filter(|(place, _)| {
            place.path.last().is_some_and(|name| names.contains(&name.as_str()) || OPTIONS.contains(&name.as_str()))
        })
        .collect();
    assert!(secret.len() > names.len(), "{}", secret.len());
    for (place, scenario) in secret {
        // The host of a proxy is shown; its user and password are not.
        let is_proxy = place.path.last().is_some_and(|name| name.to_lowercase().ends_with("proxy"));
        let address = format!("http://caller:{MARKER}@proxy.example:3128");
        let case = marked(scenario, place, if is_proxy { &address } else { MARKER }).expect("a scenario");
        let outcome = Outcome::of(&case);
        assert_eq!(outcome.shows(MARKER), None, "{place:?}");
    }
}

/// `explain` reports the names of settings, whatever their values are, and no value, not even a plain one.
#[test]
fn what_is_reported_about_the_settings_has_no_value_of_any_kind() {
    const MARKER: &str = "pl4in-value";
    let scenarios = scenarios_by_setting();
    let mut seen = 0;
    for (place, scenario) in &scenarios {
        let Ok(case) = marked(scenario, place, MARKER) else { continue };
        let Considered { sources, settings } = case.considered();
        let reported: Vec<_> =
            sources.iter().map(|source| (source.source, source.decision, &source.settings)).collect();
        let reported = format!("{reported:?} {settings:?}");
        assert!(!reported.contains(MARKER), "{place:?}: {reported}");
        seen += usize::from(place.path.last().is_some_and(|name| reported.contains(&format!("{name:?}"))));
    }
    assert!(seen > 50, "only {seen} of the settings were reported by name");
}

/// The options that are secret and have no variable.
const OPTIONS: [&str; 7] =
    ["certificate", "password", "userAssertion", "systemAccessToken", "proxy", "token", "accessToken"];

fn shapes() -> Vec<(&'static str, String)> {
    let token = "eyJhbGciOiJSUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiJtYXJrZXIifQ.c2lnbmF0dXJlLW9mLXRoZS1tYXJrZXI";
    let base64 = "Q29udGVudE9mVGhlTWFya2Vy".repeat(4);
    vec![
        (
            "MarkerMIIEvgIBADANBg",
            "-----BEGIN PRIVATE KEY-----\nMarkerMIIEvgIBADANBg\n-----END PRIVATE KEY-----\n".to_owned(),
        ),
        ("eyJzdWIiOiJtYXJrZXIifQ", token.to_owned()),
        ("m4rker-word", "http://caller:m4rker-word@127.0.0.1:41741/path".to_owned()),
        ("Q29udGVudE9mVGhlTWFya2Vy", base64.clone()),
        ("Q29udGVudE9mVGhlTWFya2Vy", format!("/etc/{base64}")),
        ("m4rker-line", "first\nm4rker-line".to_owned()),
        ("m4rker-name", r#"{"clientSecret":"m4rker-name"}"#.to_owned()),
        ("m4rker-code", "/api/function?code=m4rker-code".to_owned()),
        ("m4rker-user", "//caller:m4rker-user@127.0.0.1:41741".to_owned()),
        ("m4rker-long", format!("/{}", "m4rker-long/".repeat(342))),
    ]
}

fn shown_of(scenario: &Value, place: &Place) -> Vec<String> {
    let shown = |(marker, value): (&str, String)| {
        let outcome = Outcome::of(&marked(scenario, place, &value).ok()?);
        outcome
            .shows(marker)
            .map(|shown| format!("{place:?} shows {marker}: {}", shown.chars().take(400).collect::<String>()))
    };
    shapes().into_iter().filter_map(shown).collect()
}

/// Returns each setting with the first two scenarios that have it, and every variable and key with a login that does
/// not use it.
fn scenarios_by_setting() -> Vec<(Place, Value)> {
    let mut found: HashMap<Place, usize> = HashMap::new();
    let mut scenarios = Vec::new();
    for (_, text) in cases(&folder()) {
        let Ok(scenario) = serde_json::from_str::<Value>(&text) else { continue };
        if scenario.get("platform").is_some() {
            continue;
        }
        for place in settings_of(&scenario) {
            let count = found.entry(place.clone()).or_default();
            *count += 1;
            if *count <= 2 {
                scenarios.push((place, scenario.clone()));
            }
        }
    }
    let login: Value = serde_json::from_str(&format!("{{ {WORKING}, {RIGHT} }}")).expect("a scenario");
    let place = |part, name: &str| Place { part, path: vec![name.to_owned()] };
    for setting in keys::SETTINGS {
        let places = setting.variables.iter().map(|name| place("environment", name));
        scenarios.extend(places.chain(setting.key.map(|key| place("config", key))).map(|place| (place, login.clone())));
    }
    scenarios
}

/// Options that make a member complete. If a kind has several sets, each omits what another one has.
const MEMBERS: [(&str, &str); 19] = [
    ("clientSecret", r#"{ "clientSecret": "hidden" }"#),
    ("clientCertificate", r#"{ "certificatePath": "/app/absent.pem" }"#),
    ("clientCertificate", r#"{ "certificate": "bm90LWEtY2VydGlmaWNhdGU=" }"#),
    ("oidc", r#"{ "oidcToken": "a.b.c" }"#),
    ("oidc", r#"{ "oidcTokenFilePath": "/app/absent.token" }"#),
    ("oidc", r#"{ "oidcRequestUrl": "https://ci.example/token", "oidcRequestToken": "hidden" }"#),
    (
        "oidc",
        r#"{ "serviceConnectionId": "a-connection", "systemAccessToken": "hidden", "oidcRequestUri": "https://ci.example/token" }"#,
    ),
    ("oidc", r#"{ "managedIdentity": { "clientId": "an-identity" } }"#),
    ("workloadIdentity", r#"{ "tokenFilePath": "/app/absent.token" }"#),
    ("managedIdentity", r#"{ "clientId": "an-identity" }"#),
    ("managedIdentity", r#"{ "objectId": "an-identity" }"#),
    ("managedIdentity", r#"{ "resourceId": "an-identity" }"#),
    ("azureCli", r#"{ "subscription": "a-subscription" }"#),
    ("azureDeveloperCli", "{}"),
    ("azurePowerShell", "{}"),
    ("onBehalfOf", r#"{ "userAssertion": "a.b.c", "clientSecret": "hidden" }"#),
    ("onBehalfOf", r#"{ "userAssertion": "a.b.c", "certificatePath": "/app/absent.pem" }"#),
    ("command", r#"{ "program": "absent", "arguments": ["{scope}"] }"#),
    ("default", "{}"),
];

/// Returns a chain for each option of each kind, with the option in its second member, and a second chain with that
/// chain as its second member.
fn chains_by_option() -> Vec<(Place, Value)> {
    let mut chains = Vec::new();
    for (kind, own) in MEMBERS {
        let found = kinds().find(|found| found.name == kind).expect("a kind");
        let descriptor = &found.descriptor;
        let options = descriptor.options.iter();
        for (option, path) in options.filter_map(|option| Some((option, path_of_text(option)?))) {
            let member = member(kind, own, option, descriptor.options);
            let chain =
                |member: Value| json!({ "credential": "chain", "chain": [{ "credential": "environment" }, member] });
            let place = |within: &[&str]| Place {
                part: "options",
                path: within.iter().map(|name| (*name).to_owned()).chain(path.clone()).collect(),
            };
            let scenario = |options: Value| {
                json!({ "why": "a case for the markers alone", "options": options,
                    "request": { "scopes": ["a-scope"] }, "expect": { "token": "any" } })
            };
            chains.push((place(&["chain", "1"]), scenario(chain(member.clone()))));
            chains.push((place(&["chain", "1", "chain", "1"]), scenario(chain(chain(member)))));
        }
    }
    chains
}

/// Returns the option's own name, and the path from there to a text in it.
fn path_of_text(option: &CredentialOption) -> Option<Vec<String>> {
    let rest: &[&str] = match option.value {
        OptionType::Text | OptionType::Secret | OptionType::TextOrBytes => &[],
        OptionType::Texts | OptionType::OneOrMoreTexts => &["0"],
        OptionType::TextOrVariables => &["A_VARIABLE"],
        OptionType::ManagedIdentity => &["clientId"],
        OptionType::Flag | OptionType::Milliseconds | OptionType::Function | OptionType::Members => return None,
    };
    Some([option.name].iter().chain(rest).map(|name| (*name).to_owned()).collect())
}

/// Returns the complete member with the additional option.
fn member(kind: &str, own: &str, marked: &CredentialOption, known: &[CredentialOption]) -> Value {
    let mut member: Value = serde_json::from_str(own).expect("options");
    member["credential"] = json!(kind);
    for name in ["tenantId", "clientId"].into_iter().filter(|name| known.iter().any(|option| option.name == *name)) {
        if member.get(name).is_none() && kind != "managedIdentity" {
            member[name] = json!(format!("a-{name}"));
        }
    }
    let is_list = matches!(marked.value, OptionType::Texts | OptionType::OneOrMoreTexts);
    match marked.value {
        _ if is_list => member[marked.name] = json!([""]),
        OptionType::TextOrVariables | OptionType::ManagedIdentity => member[marked.name] = json!({}),
        _ => {}
    }
    member
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

fn mismatches(name: &str, text: &str) -> Vec<String> {
    let mismatches = match Case::parse(text) {
        Ok(case) if !case.is_of_this_platform() => {
            println!("{name} is skipped: it is for {:?}", case.platform);
            Vec::new()
        }
        Ok(case) => Outcome::of(&case).mismatches(&case),
        Err(error) => vec![format!("scenario.json: {error}")],
    };
    mismatches.into_iter().map(|mismatch| format!("- {name}: {mismatch}")).collect()
}
