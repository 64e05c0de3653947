//! Prints the table of settings for the documentation: `cargo run -p azure-client-token-core --example settings`.
#![expect(clippy::print_stdout, reason = "a program of its own, which prints")]

fn main() {
    print!("{}", azure_client_token_core::config::keys::markdown_table());
}
