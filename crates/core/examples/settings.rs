//! Prints the table of settings for the documentation: `cargo run -p azure-client-token-core --example settings`.

fn main() {
    print!("{}", azure_client_token_core::config::keys::markdown_table());
}
