//! Compares the code of each error with everything else that names it: the classes in JavaScript, their declarations
//! and the documents.

use azure_client_token_core::ErrorKind;

const CLASSES: &str = include_str!("../../../../js/errors.js");
const ENTRY: &str = include_str!("../../../../index.js");
const DECLARATIONS: &str = include_str!("../../../../index.d.ts");
const README: &str = include_str!("../../../../README.md");
const TROUBLESHOOTING: &str = include_str!("../../../../TROUBLESHOOTING.md");

/// A cancelled call throws the reason of its signal.
const UNSEEN: ErrorKind = ErrorKind::Cancelled;

/// Codes of the base class: a defect, and an addon that JavaScript cannot load.
const OF_THE_BASE: [&str; 2] = ["ERR_INTERNAL", "ERR_ADDON"];

#[test]
fn each_code_has_a_class_a_declaration_and_its_documents() {
    let missing: Vec<_> = codes().flat_map(|code| missing(code, class(code))).collect();
    assert!(missing.is_empty(), "\n{}\n", missing.join("\n"));
}

#[test]
fn no_code_is_declared_that_the_table_lacks() {
    let known: Vec<_> = codes().collect();
    let declared = between(DECLARATIONS, "export type ClientTokenErrorCode =\n", "\n\n").lines().filter_map(quoted);
    let of_classes = between(CLASSES, "const classes = withoutPrototype({\n", "\n})").lines().filter_map(row);
    for code in declared.chain(of_classes.map(|(code, _)| code)) {
        assert!(known.contains(&code), "crates/core/src/types/error_kind.rs lacks {code}");
    }
}

#[test]
fn the_test_finds_what_is_missing() {
    for (class, count) in [(None, 4), (Some("MadeUpError"), 9)] {
        let missing = missing("ERR_MADE_UP", class);
        assert_eq!(missing.len(), count, "{missing:?}");
    }
}

/// Returns every code that a program can see.
fn codes() -> impl Iterator<Item = &'static str> {
    let of_core = ErrorKind::ALL.iter().filter(|kind| **kind != UNSEEN).map(|kind| kind.code());
    of_core.chain(["ERR_ADDON"])
}

fn missing(code: &str, class: Option<&str>) -> Vec<String> {
    let anchor = code.to_lowercase();
    let shown = class.unwrap_or("ClientTokenError");
    let of_code = [
        ("index.d.ts: ClientTokenErrorCode", DECLARATIONS, format!("  | '{code}'\n")),
        ("README.md: the table of errors", README, format!("| [`{code}`](TROUBLESHOOTING.md#{anchor}) | `{shown}` |")),
        ("TROUBLESHOOTING.md", TROUBLESHOOTING, format!("\n## {code}\n")),
    ];
    let of_class = class.into_iter().flat_map(|class| needed_of_class(code, class));
    let absent = of_code.into_iter().chain(of_class).filter(|(_, text, needed)| !text.contains(needed.as_str()));
    let absent = absent.map(|(place, _, needed)| format!("{place} lacks {}", needed.trim()));
    let without_class =
        (class.is_none() && !OF_THE_BASE.contains(&code)).then(|| format!("js/errors.js: classes lacks {code}"));
    absent.chain(without_class).collect()
}

fn needed_of_class(code: &str, class: &str) -> [(&'static str, &'static str, String); 6] {
    let declared = format!(
        "export class {class} extends ClientTokenError {{\n  /** The code of this class. */\n  readonly code: '{code}'\n"
    );
    [
        ("js/errors.js", CLASSES, format!("class {class} extends ClientTokenError {{")),
        ("js/errors.js", CLASSES, format!("name({class}, '{class}')")),
        ("js/errors.js: module.exports", CLASSES, format!("\n  {class},\n")),
        ("index.js", ENTRY, format!("get {class}() {{")),
        ("index.js", ENTRY, format!("exports, '{class}'")),
        ("index.d.ts", DECLARATIONS, declared),
    ]
}

fn class(code: &str) -> Option<&'static str> {
    let rows = between(CLASSES, "const classes = withoutPrototype({\n", "\n})").lines().filter_map(row);
    rows.into_iter().find(|(of, _)| *of == code).map(|(_, class)| class)
}

fn row(line: &'static str) -> Option<(&'static str, &'static str)> {
    line.trim().trim_end_matches(',').split_once(": ")
}

fn quoted(line: &'static str) -> Option<&'static str> {
    line.split('\'').nth(1)
}

fn between(text: &'static str, start: &str, end: &str) -> &'static str {
    let (_, rest) = text.split_once(start).unwrap_or_else(|| panic!("{start} is not there"));
    rest.split_once(end).unwrap_or_else(|| panic!("{end} is not there")).0
}
