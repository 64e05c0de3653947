//! What the command may show of a text that stands in somebody's file.

use napi_derive::napi;

/// The value on one line, or what it is called and its length where it looks like a secret.
#[napi(catch_unwind)]
#[allow(clippy::needless_pass_by_value, reason = "napi gives owned values")]
pub fn shown_value(name: String, value: String) -> String {
    azure_client_token_core::shown_value(&name, &value)
}
