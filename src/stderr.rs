//! Prints lines of JavaScript on stderr.

use azure_client_token_core::host::print_on_stderr;
use napi_derive::napi;

/// Prints a line in the same way as the log. No call waits for it, and it may be lost.
#[napi(catch_unwind)]
pub fn print_line(line: String) {
    print_on_stderr(line);
}
