//! The version of the package that this addon belongs to.

use napi_derive::napi;

/// The version of the package that the addon was built from.
#[napi(catch_unwind)]
pub fn package_version() -> &'static str {
    env!("CARGO_PKG_VERSION")
}
