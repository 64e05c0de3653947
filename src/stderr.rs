//! Lines of JavaScript's on stderr.

use azure_client_token_core::host::print_on_stderr;
use napi_derive::napi;

/// Prints a line as those of the log are printed: nothing waits for it, and it may be lost.
#[napi(catch_unwind)]
pub fn print_line(line: String) {
    print_on_stderr(line);
}
