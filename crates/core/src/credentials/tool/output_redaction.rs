use super::{held_secrets::held_secrets, value_hint::SHORTEST};
use crate::{
    host::{blocking, Environment},
    types::{redact_each, Extent, Secret},
};
use std::sync::Arc;

/// What is said in place of a text in which no secret can be looked for.
const WITHHELD: &str =
    "its text is not shown, because a variable of its environment is too large to be searched for secrets";

/// Removes from a program's output the values of its environment that may be secrets, and `besides`. An environment with
/// long values takes a tenth of a second: another thread does it, so that other calls do not wait, or this one if there
/// is none.
pub(in crate::credentials) async fn redacted(text: &Secret, environment: &Environment, besides: Vec<Secret>) -> String {
    let (text, environment) = (text.clone(), environment.clone());
    let work = Arc::new(move || without_secrets(text.expose(), &environment, &besides));
    let elsewhere = Arc::clone(&work);
    blocking(move || elsewhere()).await.unwrap_or_else(|_| work())
}

/// Removes them all at once: if a shorter one were removed first, the rest of a longer one that contains it would stay.
pub(in crate::credentials) fn without_secrets(text: &str, environment: &Environment, besides: &[Secret]) -> String {
    let Some(held) = held_secrets(environment) else {
        return if text.trim().is_empty() { String::new() } else { WITHHELD.to_owned() };
    };
    let values = held.iter().map(|held| (held.value.expose(), held.extent));
    let values = values.chain(besides.iter().map(|value| (value.expose(), Extent::Whole)));
    redact_each(text, values.filter(|(value, _)| value.len() >= SHORTEST))
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
        assert_eq!(without_secrets(text, &environment, &[]), "*** *** *** *** *** an-application prod abc /home/me");
    }

    #[test]
    fn a_secret_is_hidden_in_every_form_in_which_a_program_repeats_it() {
        let environment = Environment::from([
            ("ARM_CLIENT_SECRET", "mar ker/1+x"),
            ("https_proxy", "http://user:mar%2Fker%40two@proxy:1"),
        ]);
        for form in ["mar ker/1+x", "mar+ker%2f1%2Bx", "MAR KER/1+X", "mar \u{7}ker/1+x", "mar\nker/1+x", "mar/ker@two"]
        {
            assert_eq!(without_secrets(&format!("<{form}>"), &environment, &[]), "<***>", "{form:?}");
        }
    }

    #[test]
    fn a_text_is_not_shown_if_a_variable_is_too_large_to_be_searched() {
        let many = (0..20_000).map(|at| format!("pwd={at};")).collect::<Vec<_>>().concat();
        let environment = Environment::from([("ANY", many.as_str())]);
        assert_eq!(without_secrets("no marker", &environment, &[]), WITHHELD);
        assert_eq!(without_secrets("\n", &environment, &[]), "");
    }

    #[test]
    fn a_part_of_a_line_of_a_key_or_of_a_hash_is_hidden() {
        let line = "MIIEvAIBADANBgkqhkiG9w0BAQEFAASCBKYwggSiAgEAAoIBAQC7VJTUt9Us8cKj";
        let hash = "Tz.kq/WmLpRd.Xv/NbYcGh";
        let key = format!("-----BEGIN PRIVATE KEY-----\n{line}\nMzEfYyjiWA4R4-----END PRIVATE KEY-----\n");
        let environment = Environment::from([("ANY", key.as_str()), ("OTHER", &format!("bob:$apr1$saltsalt${hash}"))]);
        for (from, to) in [(0, 32), (32, 64), (17, 40), (50, 62), (1, 63)] {
            let text = format!("cannot parse <{}> she said", &line[from..to]);
            assert_eq!(without_secrets(&text, &environment, &[]), "cannot parse <***> she said", "{from} {to}");
        }
        assert_eq!(without_secrets(&format!("<{}> is no hash", &hash[3..17]), &environment, &[]), "<***> is no hash");
        let short = "MIIEvAIBADA is too short to be a piece of it";
        assert_eq!(without_secrets(short, &environment, &[]), short);
    }

    #[test]
    fn a_value_that_contains_another_one_is_hidden_whole() {
        let environment = Environment::from([("A_TOKEN", "token")]);
        assert_eq!(without_secrets("token-secret token", &environment, &[Secret::new("token-secret")]), "*** ***");
    }

    #[tokio::test]
    async fn other_work_of_the_thread_goes_on_while_secrets_are_looked_for() {
        let member = |number| format!("\"password{number}\":\"marker{number:0100}\",");
        let document = (0..900).map(member).collect::<Vec<_>>().concat();
        let environment = Environment::from([("SETTINGS", document.as_str())]);
        let text = Secret::new("marker".to_owned() + &"0".repeat(97) + "899");
        let redaction = tokio::spawn(async move { redacted(&text, &environment, Vec::new()).await });
        let mut turns = 0;
        while !redaction.is_finished() {
            tokio::task::yield_now().await;
            turns += 1;
        }
        assert!(!redaction.await.unwrap().contains("marker"));
        assert!(turns > 100, "{turns} turns");
    }
}
