//! What the command may show of a text from a user's file.

use napi_derive::napi;

/// Returns the value on one line, or its name and length if it looks like a secret.
#[napi(catch_unwind)]
#[allow(clippy::needless_pass_by_value, reason = "napi gives owned values")]
pub fn shown_value(name: String, value: String) -> String {
    azure_client_token_core::shown_value(&name, &value)
}
