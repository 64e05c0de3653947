use super::held_secrets::{held_secrets, SHORTEST};
use crate::{
    host::Environment,
    types::{conceal, Extent, Secret},
};

/// What a program said, without the values of its environment that may be secrets.
pub(in crate::credentials) fn concealed(text: &str, environment: &Environment) -> String {
    without(text, held_secrets(environment).iter().map(Secret::expose))
}

/// The text without any of these values, in whatever form it has them.
pub(in crate::credentials) fn without<'a>(text: &str, values: impl Iterator<Item = &'a str>) -> String {
    conceal(text, values.filter(|value| value.len() >= SHORTEST), Extent::Whole)
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
