//! Tells the linker what a Node.js addon leaves undefined, and what it may fold.
#![expect(clippy::disallowed_methods, reason = "Cargo tells a build script what it has to know by its environment")]

use std::{env, process::Command};

fn main() {
    napi_build::setup();
    if links_with_lld() {
        // Functions whose machine code is the same become one. Nothing here compares addresses of functions.
        println!("cargo:rustc-cdylib-link-arg=-Wl,--icf=all");
    }
}

/// What rustc does by itself on this one target since 1.90, unless it is told to use another linker.
fn links_with_lld() -> bool {
    let is = |name: &str, value: &str| env::var(name).is_ok_and(|found| found == value);
    let is_own_linker = env::var_os("RUSTC_LINKER").is_none() && is("CARGO_ENCODED_RUSTFLAGS", "");
    is("TARGET", "x86_64-unknown-linux-gnu") && is("HOST", "x86_64-unknown-linux-gnu") && is_own_linker && is_recent()
}

fn is_recent() -> bool {
    let rustc = env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let version = Command::new(rustc).arg("--version").output().map(|output| output.stdout).unwrap_or_default();
    let version = String::from_utf8_lossy(&version).into_owned();
    let minor = version.strip_prefix("rustc 1.").and_then(|rest| rest.split('.').next()?.parse().ok());
    minor.is_some_and(|minor: u32| minor >= 90)
}
