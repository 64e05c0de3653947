use crate::{
    config::keys,
    host::Environment,
    types::{conceal, Extent},
};

/// Shorter values are no secrets, and parts of many words.
const SHORTEST: usize = 4;

/// What the names of variables that hold secrets have in them.
const SECRET_NAMES: [&str; 12] = [
    "SECRET",
    "TOKEN",
    "PASSWORD",
    "PASSWD",
    "PASSPHRASE",
    "_PASS",
    "_KEY",
    "APIKEY",
    "ACCOUNTKEY",
    "_PAT",
    "_SAS",
    "CONNECTION_STRING",
];

/// What a program said, without the secrets that stood in its environment.
pub(in crate::credentials) fn concealed(text: &str, environment: &Environment) -> String {
    let held = environment.variables().filter(|(name, _)| is_secret(name)).map(|(_, value)| value.expose());
    without(text, held.flat_map(|value| [Some(value), user_information(value)]).flatten())
}

/// The text without any of these values, in whatever form it has them.
pub(in crate::credentials) fn without<'a>(text: &str, values: impl Iterator<Item = &'a str>) -> String {
    conceal(text, values.filter(|value| value.len() >= SHORTEST), Extent::Whole)
}

/// Of a variable that this package knows it is known; a client id is nothing that a message has to hide.
fn is_secret(name: &str) -> bool {
    let known = keys::SETTINGS.iter().find(|setting| setting.variables.contains(&name));
    let name = name.to_ascii_uppercase();
    known.map_or_else(
        || SECRET_NAMES.iter().any(|part| name.contains(part)),
        |setting| setting.is_secret && setting.name() != keys::CLIENT_ID.name(),
    )
}

/// The user and the password in an address, of a proxy for instance.
fn user_information(address: &str) -> Option<&str> {
    let (user, _) = address.split_once("://")?.1.rsplit_once('@')?;
    Some(user.split_once(':').map_or(user, |(_, password)| password))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_of_the_environment_are_hidden_and_nothing_else() {
        let environment = Environment::from([
            ("IDENTITY_HEADER", "marker-1"),
            ("MY_API_KEY", "marker-2"),
            ("DB_PASS", "marker-4"),
            ("HTTPS_PROXY", "http://user:marker-3@proxy:1"),
            ("ARM_CLIENT_ID", "an-application"),
            ("AZURE_TOKEN_CREDENTIALS", "prod"),
            ("GITHUB_TOKEN", "abc"),
            ("HOME", "/home/me"),
        ]);
        let text = "marker-1 marker-2 marker-4 marker-3 http://user:marker-3@proxy:1 an-application prod abc /home/me";
        assert_eq!(concealed(text, &environment), "*** *** *** *** *** an-application prod abc /home/me");
    }

    #[test]
    fn a_secret_is_hidden_in_every_form_in_which_a_program_repeats_it() {
        let environment = Environment::from([
            ("ARM_CLIENT_SECRET", "mar ker/1+x"),
            ("https_proxy", "http://user:mar%2Fker%40two@proxy:1"),
        ]);
        for form in ["mar ker/1+x", "mar+ker%2f1%2Bx", "MAR KER/1+X", "mar \u{7}ker/1+x", "mar\nker/1+x", "mar/ker@two"]
        {
            assert_eq!(concealed(&format!("<{form}>"), &environment), "<***>", "{form:?}");
        }
    }

    #[test]
    fn a_value_that_is_a_part_of_another_one_leaves_nothing_of_it() {
        assert_eq!(without("token-secret token", ["token", "token-secret"].into_iter()), "*** ***");
    }
}
