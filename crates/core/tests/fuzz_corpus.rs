//! Replays the seeds of the fuzzers and the inputs that they found: see `fuzz/`.
#![expect(clippy::disallowed_methods, clippy::print_stderr, reason = "a test of files must read them, and names them")]

use azure_client_token_core::fuzzing::{Parser, PARSERS};
use std::{
    fs,
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

/// The time limit for a parser's whole folder in a debug build. A parser that takes longer has a loop that grows with
/// its input.
const PATIENCE: Duration = Duration::from_secs(20);

#[test]
fn every_parser_survives_every_input_of_its_corpus() {
    for (name, parser) in PARSERS {
        let inputs = entries(&corpus().join(name));
        assert!(inputs.len() >= 3, "fuzz/corpus/{name} needs seeds");
        let start = Instant::now();
        for input in &inputs {
            replay(*parser, input);
        }
        assert!(start.elapsed() < PATIENCE, "{name} took {:?}", start.elapsed());
    }
}

#[test]
fn every_folder_of_the_corpus_has_its_parser() {
    for folder in entries(&corpus()) {
        let name = folder.file_name().expect("a name").to_string_lossy().into_owned();
        assert!(PARSERS.iter().any(|(known, _)| *known == name), "fuzz/corpus/{name} belongs to no parser");
    }
}

/// An input that is cut or doubled must not be worse than the whole one.
#[test]
fn no_parser_panics_on_an_input_that_is_cut() {
    for (name, parser) in PARSERS {
        for input in entries(&corpus().join(name)) {
            let bytes = fs::read(&input).expect("a readable input");
            let step = (bytes.len() / 64).max(1);
            for end in (0..bytes.len()).step_by(step) {
                parser(&bytes[..end]);
            }
            parser(&bytes.repeat(64));
        }
    }
}

fn replay(parser: Parser, input: &Path) {
    eprintln!("{}", input.display());
    parser(&fs::read(input).expect("a readable input"));
}

fn corpus() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/corpus")
}

fn entries(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(folder) else { return Vec::new() };
    entries.map(|entry| entry.expect("an entry").path()).collect()
}
