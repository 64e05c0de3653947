//! Checks that code which makes a key or a name of a structure destructures it, so that a forgotten field does not
//! compile.

use crate::imports::{code, rust_files};
use std::{fs, path::Path};

#[test]
fn a_field_that_is_missing_in_a_key_does_not_compile() {
    let source_folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let (mut makers, mut wrong) = (0, Vec::new());
    for path in rust_files(&source_folder) {
        let text = code(&fs::read_to_string(&path).expect("a readable source"));
        makers += makers_in(&text).count();
        wrong.extend(makers_in(&text).filter(|maker| reads_a_field(maker)).map(|maker| first_line(&path, maker)));
    }
    assert!(makers > 20, "only {makers} are found");
    assert!(wrong.is_empty(), "write `let Self {{ … }} = self;`, without `..`, in:\n{}", wrong.join("\n"));
}

#[test]
fn the_test_finds_fields() {
    assert!(
        reads_a_field("key.with(&self.0)")
            && reads_a_field("key.part(self.id)")
            && reads_a_field("let Self { id, .. }")
    );
    assert!(!reads_a_field("key.part(self.kind().as_str())") && !reads_a_field("let Self { id, folder: _ } = self;"));
    let text = "impl KeyPart for A {\n    a\n}\n\nimpl A {\n    self.a\n}\n\nimpl NamePart for A {\n    b\n}\n";
    assert_eq!(makers_in(text).collect::<Vec<_>>(), ["KeyPart for A {\n    a", "NamePart for A {\n    b"]);
}

/// Returns the content of each implementation of the two traits.
fn makers_in(text: &str) -> impl Iterator<Item = &str> {
    let blocks = text.split("\nimpl ").map(|block| block.trim_start_matches("impl "));
    let makers = blocks.filter(|block| block.starts_with("KeyPart for ") || block.starts_with("NamePart for "));
    makers.map(|block| block.split("\n}").next().unwrap_or_default())
}

fn reads_a_field(maker: &str) -> bool {
    let is_word = |character: char| character.is_alphanumeric() || character == '_';
    let mut reads = maker.split("self.").skip(1).map(|rest| rest.trim_start_matches(is_word));
    reads.any(|rest| !rest.starts_with('(')) || maker.contains(", .. }")
}

fn first_line(path: &Path, maker: &str) -> String {
    format!("{}: impl {}", path.display(), maker.lines().next().unwrap_or_default())
}
