//! Checks that the lists of variants in these tests are complete, by the source of the libraries: their enums may get a
//! variant with each release, and the compiler allows no exhaustive match on them.
#![expect(clippy::disallowed_methods, reason = "a test asks Cargo where the source is, and reads it")]

use super::{
    alerts, incompatibilities, invalid_messages, misbehaviours, of_certificates, of_connections, of_webpki, revocations,
};
use serde_json::Value;
use std::{collections::BTreeSet, fmt::Debug, fs, path::PathBuf, process::Command};

/// Reasons that rustls converts to variants of its own `CertificateError`, so they do not come as another library's
/// error.
const MAPPED: [&str; 15] = [
    "CertExpired",
    "CertNotValidForName",
    "CertNotValidYet",
    "CrlExpired",
    "RequiredEkuNotFound",
    "RequiredEkuNotFoundContext",
    "TrailingData",
    "UnsupportedCrlSignatureAlgorithm",
    "UnsupportedCrlSignatureAlgorithmContext",
    "UnsupportedCrlSignatureAlgorithmForPublicKey",
    "UnsupportedCrlSignatureAlgorithmForPublicKeyContext",
    "UnsupportedSignatureAlgorithm",
    "UnsupportedSignatureAlgorithmContext",
    "UnsupportedSignatureAlgorithmForPublicKey",
    "UnsupportedSignatureAlgorithmForPublicKeyContext",
];

#[test]
fn the_lists_have_every_variant_of_the_libraries() {
    let rustls = source("rustls", &["error.rs", "enums.rs"]);
    assert_eq!(names(&of_connections()), variants(&rustls, "Error"));
    assert_eq!(names(&misbehaviours()), variants(&rustls, "PeerMisbehaved"));
    assert_eq!(names(&incompatibilities()), variants(&rustls, "PeerIncompatible"));
    assert_eq!(names(&invalid_messages()), variants(&rustls, "InvalidMessage"));
    assert_eq!(names(&revocations()), variants(&rustls, "CertRevocationListError"));
    assert_eq!(names(&of_certificates()), variants(&rustls, "CertificateError"));
    // The number of an alert without a name.
    let known: BTreeSet<_> = names(&alerts()).into_iter().filter(|name| name != "AlertDescription").collect();
    assert_eq!(known, variants(&rustls, "AlertDescription"));
    let mut listed = names(&of_webpki());
    listed.extend(MAPPED.map(str::to_owned));
    assert_eq!(listed, variants(&source("rustls-webpki", &["error.rs"]), "Error"));
}

#[test]
fn variants_are_found_between_notes_and_values() {
    let source = "pub enum Other {\n A,\n}\n/// B\n  pub enum Error {\n  /// Not\n  #[deprecated(\n  Since,\n )]\n  One,\n\n  Two {\n  \
                  Inner: u8,\n },\n  Three(\n  Value,\n ),\n  Four => 0x04,\n  }\n Five,\n";
    let expected = ["One", "Two", "Three", "Four"].map(str::to_owned);
    assert_eq!(variants(source, "Error"), BTreeSet::from(expected));
}

/// Returns the names with which these Debug forms begin.
fn names(listed: &[impl Debug]) -> BTreeSet<String> {
    let name =
        |debug: String| debug.split(|letter: char| !letter.is_alphanumeric()).next().unwrap_or_default().to_owned();
    listed.iter().map(|one| name(format!("{one:?}"))).collect()
}

fn variants(source: &str, name: &str) -> BTreeSet<String> {
    let lines = source.lines().map(str::trim).skip_while(|line| *line != format!("pub enum {name} {{"));
    let mut depth = 0;
    let mut found = BTreeSet::new();
    for line in lines.filter(|line| !line.starts_with("//")) {
        if depth == 1 && line.starts_with(|first: char| first.is_ascii_uppercase()) {
            found.extend(line.split(|letter: char| !letter.is_alphanumeric()).next().map(str::to_owned));
        }
        depth = line.chars().fold(depth, |depth, letter| match letter {
            '{' | '(' | '[' => depth + 1,
            '}' | ')' | ']' => depth - 1,
            _ => depth,
        });
        if depth == 0 {
            break;
        }
    }
    assert!(!found.is_empty(), "{name} has no variants there");
    found
}

/// Returns these files from the source of the package, in the version that is compiled.
fn source(package: &str, files: &[&str]) -> String {
    let cargo = std::env::var_os("CARGO").expect("run by cargo test");
    let arguments = ["metadata", "--format-version=1", "--locked", "--offline"];
    let output = Command::new(cargo).args(arguments).current_dir(env!("CARGO_MANIFEST_DIR")).output().expect("cargo");
    let metadata: Value = serde_json::from_slice(&output.stdout).expect("JSON of cargo metadata");
    let found = metadata["packages"].as_array().and_then(|all| all.iter().find(|one| one["name"] == package));
    let manifest = found.and_then(|one| one["manifest_path"].as_str()).map(PathBuf::from).expect("the package");
    let folder = manifest.with_file_name("src");
    files.iter().map(|file| fs::read_to_string(folder.join(file)).expect("its source")).collect()
}
