//! Tells the linker which symbols of a Node.js addon may stay undefined, and that it may merge identical functions.
#![expect(clippy::disallowed_methods, reason = "Cargo passes settings to a build script in its environment")]

use std::{
    env,
    process::{Command, Stdio},
};

/// Merges functions with the same machine code, which saves 33 KB. The addon does not compare addresses of functions.
const FOLD: &str = "-Wl,--icf=all";

fn main() {
    napi_build::setup();
    let is = |name: &str, value: &str| env::var(name).is_ok_and(|found| found == value);
    if is("PROFILE", "release") && is("CARGO_CFG_TARGET_OS", "linux") && linker_takes(FOLD) {
        println!("cargo:rustc-cdylib-link-arg={FOLD}");
    }
}

/// Asks the linker itself, with an empty library. LLD, which rustc uses for 64-bit Linux on x86 since 1.90, has the
/// option; the GNU linker, which older versions, some distributions and other targets use, does not.
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
