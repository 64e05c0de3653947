//! Finds users and passwords before an `@`.

use super::unnamed::is_no_name;

/// A password that is not escaped may contain an `@`, and so may the path after the host. So the text before each of the first
/// ones is a possible user.
const MOST: usize = 4;

/// A text before an `@`.
pub(super) struct User<'a> {
    pub(super) text: &'a str,
    /// Whether it is a password, or a user that has none.
    pub(super) is_proof: bool,
}

/// Returns the users of all addresses in the text.
pub(super) fn users(text: &str) -> Vec<User<'_>> {
    let of_addresses = text.split("//").skip(1).flat_map(|rest| of_start(line(rest), true));
    let is_end = |character: char| character.is_whitespace() || "\"'`<>".contains(character);
    let words = text.split(is_end).chain(text.split(|character| is_end(character) || ",;|(".contains(character)));
    let without_scheme = words.filter_map(|word| word.split("//").next()).filter(|word| !word.starts_with("mailto:"));
    of_addresses.chain(without_scheme.flat_map(|word| of_start(word, false))).collect()
}

fn line(text: &str) -> &str {
    text.split(['\n', '\r']).next().unwrap_or_default()
}

/// Returns the users at the beginning of a possible address.
fn of_start(address: &str, is_address: bool) -> Vec<User<'_>> {
    let ends = address.match_indices('@').take(MOST);
    ends.flat_map(|(end, _)| of_user(&address[..end], is_address)).collect()
}

/// A name without a password is a token in an address. Elsewhere it is a person, unless it looks like a key.
fn of_user(user: &str, is_address: bool) -> Vec<User<'_>> {
    let proof = |text| User { text, is_proof: true };
    let Some((name, password)) = user.split_once(':') else {
        return if is_address || is_no_name(user) { vec![proof(user)] } else { Vec::new() };
    };
    // GitHub accepts a token as the name.
    let is_name = !password.is_empty() && password != "x-oauth-basic" && !is_no_name(name);
    let mut all = vec![proof(password), User { text: name, is_proof: !is_name }];
    if !is_address {
        // `jdbc:oracle:thin:name/password@…`
        all.extend(password.rsplit_once([':', '/']).map(|(_, password)| proof(password)));
    }
    all.retain(|user| user.is_proof);
    all
}
