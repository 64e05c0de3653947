//! Compares each kind's descriptor with everything else that names the kind and its options: the declarations and the
//! reader in JavaScript, and the documents.

use azure_client_token_core::{
    credentials::{CredentialOption, CredentialSpec, Descriptor, OptionType},
    login::kinds,
    CredentialKind,
};
use std::collections::{BTreeMap, BTreeSet};

const DECLARATIONS: &str = include_str!("../../../../index.d.ts");
const READER: &str = include_str!("../../../../js/options.js");
const README: &str = include_str!("../../../../README.md");
const DOCUMENT: &str = include_str!("../../../../docs/credentials.md");

const COMMAND: &str = include_str!("../../../../js/command/login.js");
const EXPLANATION: &str = include_str!("../../../../js/command/explanation-tree.js");
const KUBECONFIG: &str = include_str!("../../../../js/command/kubeconfig-user.js");

/// The tools to which a user logs in, each with the texts that name its command.
const TOOLS: [(&str, &str); 3] = [
    ("azureCli", include_str!("../../src/credentials/azure_cli/mod.rs")),
    ("azureDeveloperCli", include_str!("../../src/credentials/azure_developer_cli.rs")),
    ("azurePowerShell", include_str!("../../src/credentials/azure_powershell.rs")),
];

/// Kinds for which the command has no options: a function, an assertion of a user, a program with arguments. A chain is
/// made by repeating `--credential`.
const NOT_OF_THE_COMMAND: [&str; 4] = ["clientAssertion", "onBehalfOf", "command", "chain"];

/// The declarations of common options and of a chain's members are separate.
const APART: [&str; 2] = ["CommonOptions", "ChainMember"];

#[test]
fn the_declarations_have_each_kind_with_its_options() {
    let declarations = declarations(DECLARATIONS);
    for kind in kinds() {
        let (name, descriptor) = (kind.name, &kind.descriptor);
        let declared = options_declared(&declarations, name);
        for option in descriptor.options {
            let types = declared
                .get(option.name)
                .copied()
                .unwrap_or_else(|| panic!("index.d.ts: {name} lacks {}", option.name));
            assert_eq!(types, declared_type(option.value), "index.d.ts: {name}.{}", option.name);
        }
        let unknown: Vec<_> = declared.keys().filter(|declared| !knows(descriptor, declared)).collect();
        assert!(unknown.is_empty(), "index.d.ts: {name} has options that its descriptor lacks: {unknown:?}");
    }
}

#[test]
fn a_token_may_come_from_each_kind() {
    let declared = &declarations(DECLARATIONS)["CredentialKind"];
    let kinds = CredentialKind::ALL.iter().filter(|kind| **kind != CredentialKind::Chain);
    let missing: Vec<_> = kinds.filter(|kind| !declared.contains(&format!("'{}'", kind.as_str()))).collect();
    assert!(missing.is_empty(), "index.d.ts: CredentialKind lacks {missing:?}");
}

#[test]
fn the_reader_in_javascript_reads_each_option_by_its_type() {
    let (_, readers) = READER.split_once("const readers = {\n").expect("the readers");
    let (readers, _) = readers.split_once("\n}\n").expect("their end");
    let reader = |option: &CredentialOption| {
        readers.lines().find_map(|line| line.strip_prefix("  ")?.strip_prefix(option.name)?.strip_prefix(": "))
    };
    for (kind, option) in all_options() {
        let found = reader(option);
        let is_right = match option.value {
            OptionType::Text | OptionType::Secret => found.is_none(),
            OptionType::Flag => found == Some("boolean,"),
            OptionType::Milliseconds => found == Some("milliseconds,"),
            OptionType::Texts => found == Some("strings,"),
            _ => found.is_some_and(|reader| !["boolean,", "milliseconds,", "strings,"].contains(&reader)),
        };
        assert!(is_right, "js/options.js: {kind}.{} is a {:?}, and is read by {found:?}", option.name, option.value);
    }
}

#[test]
fn a_kind_with_a_time_limit_for_programs_gets_the_whole_environment() {
    let (_, programs) = READER.split_once("const PROGRAMS = [").expect("the kinds that start programs");
    let (programs, _) = programs.split_once(']').expect("their end");
    for (kind, _) in all_options().filter(|(_, option)| option.name == "processTimeout") {
        assert!(programs.contains(&format!("'{kind}'")), "js/options.js: PROGRAMS lacks {kind}");
    }
}

#[test]
fn the_documents_have_each_kind_with_its_options() {
    for kind in kinds() {
        let (name, options) = (kind.name, kind.descriptor.options);
        assert!(row(README, name).is_some(), "README.md has no row for {name}");
        let row = row(DOCUMENT, name).unwrap_or_else(|| panic!("docs/credentials.md has no row for {name}"));
        let missing: Vec<_> = options.iter().filter(|option| !row.contains(&format!("`{}`", option.name))).collect();
        assert!(missing.is_empty(), "docs/credentials.md: the row of {name} lacks {missing:?}");
    }
}

#[test]
fn the_command_has_each_kind_that_its_options_can_make() {
    let named = quoted(between(COMMAND, "const kindNames = [", "]"));
    let wanted: BTreeSet<_> = kinds().map(|kind| kind.name).filter(|name| !NOT_OF_THE_COMMAND.contains(name)).collect();
    assert_eq!(named, wanted, "js/command/login.js: kindNames, and the kinds of the core");
    let logins = quoted(between(KUBECONFIG, "const logins = {", "}"));
    assert!(!logins.is_empty() && logins.is_subset(&named), "js/command/kubeconfig-user.js: logins {logins:?}");
}

#[test]
fn the_explanation_names_the_login_of_each_tool() {
    let programs = all_options().filter(|(kind, option)| option.name == "processTimeout" && *kind != "command");
    let programs: BTreeSet<_> = programs.map(|(kind, _)| kind).collect();
    assert_eq!(programs, TOOLS.iter().map(|(kind, _)| *kind).collect(), "the tools of this test");
    let steps = between(EXPLANATION, "const nextSteps = {", "}");
    for (kind, source) in TOOLS {
        let login = between(source, "    login: \"", "\"");
        assert!(
            steps.contains(&format!("{kind}: '{login}'")),
            "js/command/explanation-tree.js: nextSteps lacks {kind}: '{login}'"
        );
    }
}

#[test]
fn the_test_finds_what_is_missing() {
    let text = "
/** Has `oidcToken: string`. */
export interface A extends B, Omit<CommonOptions, 'x'> {
  credential: 'a'
  /** Not: this one. */
  one?: readonly string[]
}
export interface B { two: string; three?: never }
export type C = { credential: 'c' } & (A | { four: string })
export interface CommonOptions { five: string }
";
    let declarations = declarations(text);
    let names = |kind| options_declared(&declarations, kind).into_iter().collect::<Vec<_>>();
    assert_eq!(names("a"), [("one", "readonly string[]"), ("two", "string")]);
    assert_eq!(names("c"), [("four", "string"), ("one", "readonly string[]"), ("two", "string")]);
    assert!(row("| [`a`](x) | y |", "a").is_some() && row("| [`ab`](x) |", "a").is_none());
}

fn between<'a>(text: &'a str, start: &str, end: &str) -> &'a str {
    let (_, rest) = text.split_once(start).unwrap_or_else(|| panic!("there is no {start}"));
    rest.split_once(end).expect("its end").0
}

/// Returns the texts in single quotes.
fn quoted(text: &str) -> BTreeSet<&str> {
    text.split('\'').skip(1).step_by(2).collect()
}

fn all_options() -> impl Iterator<Item = (&'static str, &'static CredentialOption)> {
    kinds().flat_map(|kind| kind.descriptor.options.iter().map(|option| (kind.name, option)))
}

fn knows(descriptor: &Descriptor<CredentialSpec>, name: &str) -> bool {
    descriptor.options.iter().any(|option| option.name == name)
}

fn declared_type(value: OptionType) -> &'static str {
    match value {
        OptionType::Text | OptionType::Secret => "string",
        OptionType::Flag => "boolean",
        OptionType::Milliseconds => "number",
        OptionType::Texts => "readonly string[]",
        OptionType::OneOrMoreTexts => "string | readonly string[]",
        OptionType::TextOrBytes => "string | Uint8Array",
        OptionType::TextOrVariables => "string | ProgramEnvironment",
        OptionType::Function => "AssertionCallback",
        OptionType::ManagedIdentity => "ManagedIdentityId",
        OptionType::Members => "readonly ChainMember[]",
    }
}

fn row<'a>(document: &'a str, kind: &str) -> Option<&'a str> {
    let start = format!("| [`{kind}`](");
    document.lines().find(|line| line.starts_with(&start))
}

/// Returns the declarations by name, without comments.
fn declarations(text: &str) -> BTreeMap<&str, String> {
    let exported = text.split("\nexport ").filter_map(|declaration| {
        let (_, rest) = declaration.split_once(' ')?;
        let end = rest.find(|c: char| !c.is_alphanumeric())?;
        let lines = rest[end..].lines().filter(|line| !line.trim_start().starts_with(['/', '*']));
        Some((&rest[..end], lines.collect::<Vec<_>>().join("\n")))
    });
    exported.collect()
}

/// Returns the options of a kind with their types, from all interfaces that its declaration combines.
fn options_declared<'a>(declarations: &'a BTreeMap<&str, String>, kind: &str) -> BTreeMap<&'a str, &'a str> {
    let marker = format!("credential: '{kind}'");
    let own = declarations.iter().filter(|(_, text)| text.contains(&marker)).map(|(name, _)| *name);
    let mut left: Vec<_> = own.collect();
    assert_eq!(left.len(), 1, "index.d.ts declares {kind} in {left:?}");
    let (mut options, mut seen) = (BTreeMap::new(), Vec::new());
    while let Some(name) = left.pop() {
        seen.push(name);
        for part in declarations[name].split(['{', '}', ';', '\n']) {
            match property(part) {
                Some((_, "never") | ("credential", _)) => {}
                Some((name, types)) => drop(options.insert(name, types)),
                None => left.extend(named(declarations, part).filter(|name| !seen.contains(name))),
            }
        }
    }
    options
}

fn property(part: &str) -> Option<(&str, &str)> {
    let (name, types) = part.trim().split_once(": ")?;
    Some((name.trim_end_matches('?'), types.trim()))
}

/// Returns the declarations that a text names.
fn named<'a>(declarations: &'a BTreeMap<&str, String>, text: &str) -> impl Iterator<Item = &'a str> {
    let names: Vec<_> = text.split(|c: char| !c.is_alphanumeric()).filter(|name| !APART.contains(name)).collect();
    names
        .into_iter()
        .filter_map(|name| declarations.get_key_value(name))
        .map(|(name, _)| *name)
        .collect::<Vec<_>>()
        .into_iter()
}
