//! One binary for all parsers, because instrumenting and linking one takes minutes: `FUZZ_PARSER` names the parser.
#![no_main]

use azure_client_token_core::fuzzing::{Parser, PARSERS};
use std::sync::LazyLock;

static PARSER: LazyLock<Parser> = LazyLock::new(|| {
    let wanted = std::env::var("FUZZ_PARSER").expect("FUZZ_PARSER names a parser");
    let found = PARSERS.iter().find(|(name, _)| *name == wanted);
    found.unwrap_or_else(|| panic!("{wanted} is no parser")).1
});

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| PARSER(bytes));
