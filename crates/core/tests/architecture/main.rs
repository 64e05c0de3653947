//! Checks the modules and their layers: a module imports only from lower layers and from itself.
//!
//! Cargo keeps Node.js out of the core; this test reads the sources of the core.
#![expect(clippy::disallowed_methods, reason = "a test of the sources must read them")]

mod circles;
mod imports;
mod keys;

use imports::rust_files;
use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

const DOCUMENT: &str = include_str!("../../../../ARCHITECTURE.md");

/// The layer of each module, lowest first.
const LAYERS: &[(&str, u8)] = &[
    ("types", 0),
    ("x509", 1),
    ("host", 1),
    ("lru", 1),
    ("key", 2),
    ("config", 2),
    ("flight", 2),
    ("transport", 3),
    ("certificates", 3),
    ("credentials", 4),
    ("store", 4),
    ("login", 5),
    ("cache", 5),
    ("chain", 5),
    ("clouds", 6),
    ("service", 7),
    ("client_config", 8),
    ("explanation", 8),
    ("fuzzing", 9),
];

/// Crates that only these modules may name.
const CRATE_USERS: &[(&str, &[&str])] = &[
    ("hyper", &["transport"]),
    ("rustls", &["transport"]),
    ("tracing", &["transport"]),
    ("azure_core", &["transport", "credentials"]),
    ("azure_identity", &["credentials"]),
    ("pkcs8", &["certificates"]),
];

#[test]
fn every_module_is_in_a_layer() {
    for module in sources().keys() {
        assert!(layer(module).is_some(), "`{module}` has no layer: give it one here and in ARCHITECTURE.md");
    }
}

/// The table of layers in ARCHITECTURE.md, and the picture below it, are checked.
#[test]
fn the_document_shows_the_same_layers() {
    let rows = DOCUMENT.lines().filter_map(|line| line.strip_prefix("| ")?.split_once(" | `"));
    let documented: BTreeSet<_> = rows
        .filter_map(|(number, rest)| Some((number.parse().ok()?, rest.split(" | ").next()?)))
        .flat_map(|(number, modules): (u8, &str)| {
            modules.split(", ").map(move |module| (module.trim_matches('`'), number))
        })
        .collect();
    assert_eq!(documented, LAYERS.iter().copied().collect(), "the table of ARCHITECTURE.md");
    let arrows: Vec<_> = DOCUMENT.lines().filter_map(|line| line.trim().split_once(" --> ")).collect();
    assert!(!arrows.is_empty(), "there is no picture");
    for (lower, upper) in arrows {
        let pairs = lower.split(" & ").flat_map(|below| upper.split(" & ").map(move |above| (above, below)));
        let wrong: Vec<_> =
            pairs.filter(|(above, below)| layer(below).is_none() || !may_import(above, below)).collect();
        assert!(wrong.is_empty(), "arrows between layers that are not so: {wrong:?}");
    }
}

#[test]
fn imports_lead_downwards_only() {
    let mut wrong = Vec::new();
    for (module, files) in sources() {
        for (path, text) in files {
            let upwards = imported_modules(&text).into_iter().filter(|other| !may_import(&module, other));
            wrong.extend(upwards.map(|other| format!("{} imports `{other}`", path.display())));
        }
    }
    assert!(wrong.is_empty(), "upward or sideways imports:\n{}", wrong.join("\n"));
}

#[test]
fn foreign_crates_are_used_only_in_their_modules() {
    let mut wrong = Vec::new();
    for (module, files) in sources() {
        for (path, text) in files {
            let named =
                CRATE_USERS.iter().filter(|(name, modules)| !modules.contains(&module.as_str()) && names(&text, name));
            wrong.extend(named.map(|(name, _)| format!("{} names `{name}`", path.display())));
        }
    }
    assert!(wrong.is_empty(), "foreign crates in the wrong module:\n{}", wrong.join("\n"));
}

#[test]
fn the_test_finds_mistakes() {
    assert_eq!(imported_modules("use crate::{\n    cache::Key,\n    types::{A, B},\n};"), ["cache", "types"]);
    assert_eq!(imported_modules("let x = crate::service::f();"), ["service"]);
    assert_eq!(imported_modules("use super::cache::Key;"), ["cache"]);
    assert!(imported_modules("//! [`crate::service`] is mentioned, not used").is_empty());
    assert!(!may_import("types", "host") && !may_import("credentials", "clouds") && may_import("cache", "config"));
    assert!(
        names("use ::azure_identity::X;", "azure_identity") && !names("use super::azure_identity;", "azure_identity")
    );
}

/// Returns every module with the text of its files.
fn sources() -> BTreeMap<String, Vec<(PathBuf, String)>> {
    let source_folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut modules: BTreeMap<String, Vec<_>> = BTreeMap::new();
    for path in rust_files(&source_folder) {
        let inside = path.strip_prefix(&source_folder).expect("below the folder").to_owned();
        let first = inside.iter().next().expect("a name").to_string_lossy();
        let module = first.trim_end_matches(".rs").to_owned();
        if module != "lib" {
            let text = fs::read_to_string(&path).expect("a readable source");
            modules.entry(module).or_default().push((inside, text));
        }
    }
    modules
}

fn layer(module: &str) -> Option<u8> {
    LAYERS.iter().find(|(name, _)| *name == module).map(|(_, layer)| *layer)
}

fn may_import(module: &str, other: &str) -> bool {
    module == other || layer(other) < layer(module)
}

/// Returns the modules that a text reaches through `crate::` or through `super::` up to the root, without comments.
fn imported_modules(text: &str) -> Vec<String> {
    let code: String = text.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n");
    let mut modules = Vec::new();
    for reached in code.split("crate::").skip(1).chain(code.split("super::").skip(1)) {
        match reached.strip_prefix('{') {
            Some(list) => modules.extend(listed(list)),
            None => modules.push(word(reached)),
        }
    }
    modules.retain(|module| layer(module).is_some());
    modules
}

/// Returns the first segments of the paths in a braced list.
fn listed(list: &str) -> Vec<String> {
    let mut depth = 0_i32;
    let mut items = vec![String::new()];
    for character in list.chars() {
        depth += i32::from(character == '{') - i32::from(character == '}');
        match character {
            _ if depth < 0 => break,
            ',' if depth == 0 => items.push(String::new()),
            other => items.last_mut().expect("one at least").push(other),
        }
    }
    items.iter().map(|item| word(item.trim())).collect()
}

fn word(text: &str) -> String {
    text.chars().take_while(|character| character.is_alphanumeric() || *character == '_').collect()
}

fn names(text: &str, name: &str) -> bool {
    let code = text.lines().filter(|line| !line.trim_start().starts_with("//"));
    code.into_iter().any(|line| {
        let path = format!("{name}::");
        line.match_indices(&path).any(|(at, _)| {
            let before = &line[..at];
            let is_inner = |text: &str| text.ends_with(|c: char| c.is_alphanumeric() || c == '_');
            let is_start = !is_inner(before) && !before.strip_suffix("::").is_some_and(is_inner);
            let is_own_module = before.ends_with("super::") || before.ends_with("self::") || before.ends_with("mod ");
            let is_relative = before.trim() == "azure_identity";
            is_start && !is_own_module && !is_relative
        })
    })
}
