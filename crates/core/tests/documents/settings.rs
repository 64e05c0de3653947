//! Compares the table in docs/settings.md with the one that the core makes of its keys.

use azure_client_token_core::config::keys::markdown_table;

#[test]
fn the_document_of_settings_has_the_table() {
    let document = include_str!("../../../../docs/settings.md");
    let (_, rest) = document.split_once("<!-- settings:start -->\n").expect("the table's beginning");
    let (table, _) = rest.split_once("<!-- settings:end -->").expect("the table's end");
    let advice = "put the output of `cargo run -p azure-client-token-core --example settings` between the two marks";
    assert_eq!(table.trim(), markdown_table().trim(), "{advice}");
}
