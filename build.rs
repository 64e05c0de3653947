//! Tells the linker what a Node.js addon leaves undefined, and what it may fold.
#![expect(clippy::disallowed_methods, reason = "Cargo tells a build script what it has to know by its environment")]

use std::{
    env,
    process::{Command, Stdio},
};

/// Functions whose machine code is the same become one: 33 KB. Nothing here compares addresses of functions.
const FOLD: &str = "-Wl,--icf=all";

fn main() {
    napi_build::setup();
    let is = |name: &str, value: &str| env::var(name).is_ok_and(|found| found == value);
    if is("PROFILE", "release") && is("CARGO_CFG_TARGET_OS", "linux") && linker_takes(FOLD) {
        println!("cargo:rustc-cdylib-link-arg={FOLD}");
    }
}

/// Asked of the linker itself, with an empty library. LLD, by which rustc links for 64-bit Linux on x86 since 1.90, folds;
/// the one of GNU, which older versions, some distributions and other targets use, knows no such option.
fn linker_takes(argument: &str) -> bool {
    let variable = |name: &str| env::var(name).unwrap_or_default();
    let mut rustc = Command::new(variable("RUSTC"));
    rustc.args(["--crate-name=probe", "--crate-type=cdylib", "--target", &variable("TARGET"), "-"]);
    rustc.args(variable("CARGO_ENCODED_RUSTFLAGS").split('\x1f').filter(|flag| !flag.is_empty()));
    rustc.args(env::var("RUSTC_LINKER").map(|linker| format!("-Clinker={linker}")));
    rustc.arg(format!("-Clink-arg={argument}")).args(["--out-dir", &variable("OUT_DIR")]);
    rustc.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    rustc.status().is_ok_and(|status| status.success())
}
