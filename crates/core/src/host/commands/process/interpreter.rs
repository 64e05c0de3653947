//! Finds out why an existing program cannot be started: its interpreter or loader does not exist. The system reports
//! that as "No such file or directory" too.

use std::{fs::File, io::Read, path::Path};

/// How much of a script's first line Linux reads.
const LONGEST_LINE: u64 = 256;

/// Returns what is missing, and what to do about it.
pub(super) fn missing(program: &Path) -> String {
    explained(&beginning(program))
}

#[expect(clippy::disallowed_methods, reason = "a few bytes of a file that was about to be run, on a thread of its own")]
fn beginning(program: &Path) -> Vec<u8> {
    let mut bytes = Vec::new();
    if let Ok(file) = File::open(program) {
        let _ = file.take(LONGEST_LINE).read_to_end(&mut bytes);
    }
    bytes
}

fn explained(beginning: &[u8]) -> String {
    let line = beginning.split(|byte| *byte == b'\n').next().unwrap_or_default();
    let Some(line) = line.strip_prefix(b"#!") else {
        return "the loader that it needs does not exist. Install a build for this system".to_owned();
    };
    let line = String::from_utf8_lossy(line);
    if line.ends_with('\r') {
        return "its first line ends with a carriage return, so that its interpreter is not found. Save the file with \
                Unix line ends"
            .to_owned();
    }
    let interpreter = line.split_whitespace().next().unwrap_or_default();
    format!("its interpreter {interpreter} does not exist. Install the program again")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_line_names_the_interpreter() {
        assert!(explained(b"#! /opt/az/bin/python3 -I\nimport os").starts_with("its interpreter /opt/az/bin/python3 "));
        assert!(explained(b"#!/bin/sh\r\necho").contains("carriage return"));
        assert!(explained(b"\x7fELF\x02").contains("loader"));
        assert!(explained(b"").contains("loader"));
    }
}
