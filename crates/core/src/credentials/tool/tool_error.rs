use super::{concealed, ending, Tool};
use crate::{
    credentials::advice,
    host::{without_escapes, Environment, Output},
    types::{EntraRefusal, Error, ErrorKind, Secret, TenantId},
};
use serde_json::Value;

/// The longest piece of a tool's text that goes into a message of ours.
const LONGEST_TEXT: usize = 600;

/// A word that is as long as this may be a token or a key, and says nothing to a person.
const LONGEST_WORD: usize = 80;

/// Entra ID's codes for a login that has to be made again: expired, revoked, or more is asked for by now.
/// Source: <https://learn.microsoft.com/entra/identity-platform/reference-error-codes>.
const LOGIN_IS_OVER: [i64; 14] =
    [50_057, 50_076, 50_078, 50_079, 50_132, 50_133, 50_173, 65_001, 70_008, 70_043, 70_044, 700_081, 700_082, 700_084];

/// Its codes for a tenant that the account has nothing to do with, or that does not exist.
const TENANT_IS_WRONG: [i64; 5] = [50_020, 50_034, 90_002, 90_072, 900_023];

/// What az says where it has accounts and none of them is the default. Source: `Profile.get_subscription` in
/// azure-cli-core.
const NO_DEFAULT: &str = "az account set";

/// What a tool said in place of a token.
pub(in crate::credentials) struct ToolError<'a> {
    pub(in crate::credentials) tool: &'a Tool,
    pub(in crate::credentials) tenant: Option<&'a TenantId>,
    /// What it said, by which it is judged: what is hidden may have been a part of the words that tell what happened.
    text: Secret,
    /// What of it people may read.
    shown: String,
    /// How it ended, where a signal ended it.
    ending: Option<String>,
}

impl<'a> ToolError<'a> {
    pub(in crate::credentials) fn of(
        tool: &'a Tool,
        tenant: Option<&'a TenantId>,
        output: &Output,
        environment: &Environment,
    ) -> Self {
        let text = Secret::new(text(&output.stderr));
        let shown = concealed(text.expose(), environment);
        Self { tool, tenant, text, shown, ending: ending(output) }
    }

    /// Whether it says this.
    pub(in crate::credentials) fn says(&self, words: &str) -> bool {
        self.text.expose().contains(words)
    }

    /// What happened, told apart by what there is to do about it.
    pub(in crate::credentials) fn into_error(self) -> Error {
        let codes = codes(self.text.expose());
        let has = |known: &[i64]| codes.iter().any(|code| known.contains(code));
        if has(&TENANT_IS_WRONG) {
            return self.refused(&self.advice_about_tenant(), codes);
        }
        if has(&LOGIN_IS_OVER) || (codes.is_empty() && self.asks_for_login()) {
            return self.logged_out(codes);
        }
        if codes.is_empty() && self.says(NO_DEFAULT) {
            let advice = "Run: az account set --subscription <id>, with an id that az account list shows";
            return self.unavailable("has no default subscription", advice, codes);
        }
        let advice = match codes.as_slice() {
            [] => "Run it in a terminal to see more".to_owned(),
            codes => advice::for_login(codes, self.tool.application_login),
        };
        self.refused(&advice, codes)
    }

    fn advice_about_tenant(&self) -> String {
        let tenant = self.tenant.map_or_else(|| "the tenant".to_owned(), |tenant| format!("tenant {tenant}"));
        let login = self.tool.login(self.tenant);
        format!("Its account does not belong to {tenant}: check the tenant id, or run: {login}")
    }

    /// What to run is said once: our command may name the tenant, the tool's own sentence does not.
    fn logged_out(&self, codes: Vec<i64>) -> Error {
        let reason = self.reason();
        let others: Vec<_> = reason.split(". ").filter(|sentence| !sentence.contains(self.tool.login)).collect();
        let reason = if others.is_empty() { String::new() } else { format!(": {}", others.join(". ")) };
        let (name, login) = (self.tool.name, self.tool.login(self.tenant));
        self.absent(format!("{name} is not logged in{reason}. Run: {login}"), codes)
    }

    fn unavailable(&self, what: &str, advice: &str, codes: Vec<i64>) -> Error {
        self.absent(self.message(what, advice), codes)
    }

    fn absent(&self, message: String, codes: Vec<i64>) -> Error {
        let error = Error::new(ErrorKind::CredentialUnavailable, message);
        match codes.as_slice() {
            [] => error,
            _ => error.with_refusal(self.refusal(codes)),
        }
    }

    fn refused(&self, advice: &str, codes: Vec<i64>) -> Error {
        let message = self.message("gave no token", advice);
        match codes.as_slice() {
            [] => Error::new(ErrorKind::Authentication, message),
            _ => Error::refused(message, self.refusal(codes)),
        }
    }

    /// No status: the tool was answered, not we. The ids are those that it printed.
    fn refusal(&self, error_codes: Vec<i64>) -> EntraRefusal {
        EntraRefusal {
            error_codes,
            correlation_id: id(&self.shown, "Correlation ID:"),
            trace_id: id(&self.shown, "Trace ID:"),
            ..EntraRefusal::default()
        }
    }

    fn message(&self, what: &str, advice: &str) -> String {
        format!("{} {what}: {}. {advice}", self.tool.name, self.reason())
    }

    fn reason(&self) -> String {
        let said = Some(said(&self.shown)).filter(|said| !said.is_empty());
        let reason = said.or_else(|| self.ending.clone()).unwrap_or_else(|| "it does not say why".to_owned());
        reason.trim_end_matches('.').to_owned()
    }

    /// `az login`, `azd auth login`, `Connect-AzAccount`: the tool itself says what to type. A warning is not about this call,
    /// and a tool that a signal ended, as the system does where memory runs out, says nothing about its login.
    fn asks_for_login(&self) -> bool {
        self.ending.is_none()
            && lines(self.text.expose()).any(|line| !is_warning(line) && line.contains(self.tool.login))
    }
}

/// The standard error as text; azd wraps each of its lines in JSON.
fn text(stderr: &[u8]) -> String {
    let text = String::from_utf8_lossy(stderr);
    let lines =
        text.lines().map(|line| serde_json::from_str(line).map_or_else(|_| line.to_owned(), |json| unwrapped(&json)));
    without_escapes(&lines.collect::<Vec<_>>().join("\n"))
}

/// Before 1.23.7 azd prints messages of the console, since then an error by itself, and up to 1.23.15 an empty message
/// before it: <https://github.com/Azure/azure-dev/issues/7728>.
fn unwrapped(line: &Value) -> String {
    let message = || line["data"]["message"].as_str().unwrap_or_default().to_owned();
    line["error"].as_str().map_or_else(message, |error| format!("ERROR: {error}"))
}

/// The line that says what is wrong, short and without what may be secret: the first error, with the next line where
/// it ends in a colon; else the last line that is no warning.
pub(in crate::credentials) fn said(text: &str) -> String {
    let last = || lines(text).rfind(|line| !is_warning(line)).map(str::to_owned);
    let line = first_error(text).or_else(last).unwrap_or_default();
    // First, so that nothing that was hidden in a word makes it another one.
    let line: String = line.chars().filter(|character| character.is_whitespace() || !character.is_control()).collect();
    let words: Vec<_> = line.split_whitespace().map(|word| if is_shown(word) { word } else { "***" }).collect();
    let shown = words.join(" ");
    let shown = shown.split(" Trace ID:").next().unwrap_or_default();
    shown.chars().take(LONGEST_TEXT).collect()
}

fn is_warning(line: &str) -> bool {
    line.to_ascii_uppercase().starts_with("WARNING")
}

fn lines(text: &str) -> impl DoubleEndedIterator<Item = &str> {
    text.lines().map(str::trim).filter(|line| !line.is_empty())
}

fn first_error(text: &str) -> Option<String> {
    let mut rest = lines(text);
    let line = rest.find_map(|line| line.strip_prefix("ERROR:").or_else(|| line.strip_prefix("Error:")))?;
    Some(match rest.next().filter(|_| line.ends_with(':')) {
        Some(next) => format!("{line} {next}"),
        None => line.to_owned(),
    })
}

/// A JWT begins with `eyJ`; addresses and ids are shorter than keys.
fn is_shown(word: &str) -> bool {
    !word.contains("eyJ") && word.len() <= LONGEST_WORD
}

/// The id that a text has behind that name.
fn id(text: &str, name: &str) -> Option<String> {
    let (_, behind) = text.split_once(name)?;
    let id: String =
        behind.trim_start().chars().take_while(|part| part.is_ascii_alphanumeric() || *part == '-').collect();
    (!id.is_empty() && id.len() <= LONGEST_WORD).then_some(id)
}

/// The numbers of all AADSTS codes in a text.
fn codes(text: &str) -> Vec<i64> {
    let numbers = text.split("AADSTS").skip(1);
    let digits = |part: &str| part.chars().take_while(char::is_ascii_digit).collect::<String>();
    let mut codes: Vec<i64> = numbers.filter_map(|part| digits(part).parse().ok()).collect();
    codes.dedup();
    codes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_error_is_what_was_said() {
        assert_eq!(said("WARNING: old\nERROR: no  luck.\nERROR: more"), "no luck.");
        assert_eq!(said("first\nlast\nWARNING: old\n\n"), "last");
        assert_eq!(said("ERROR: why:\nso\nmore"), "why: so");
        assert_eq!(said(""), "");
        assert_eq!(said("ERROR: AADSTS1: bad. Trace ID: x"), "AADSTS1: bad.");
    }

    #[test]
    fn what_may_be_a_token_is_not_repeated() {
        let key = "k".repeat(LONGEST_WORD + 1);
        assert_eq!(said(&format!("ERROR: token eyJhbGciOi.J9 and {key} end\u{7}")), "token *** and *** end");
        assert!(said(&"word ".repeat(1000)).len() <= LONGEST_TEXT);
    }

    #[test]
    fn azds_wrapping_is_taken_off() {
        let stderr = br#"{"type":"consoleMessage","data":{"message":"\nERROR: fetching token: no\n"}}"#;
        assert_eq!(said(&text(stderr)), "fetching token: no");
        let stderr = br#"{"type":"consoleMessage","data":{"message":"\n"}}
{"error":"fetching token:\n(invalid_tenant) no\n","message":"Authentication failed.","suggestion":"Sign in."}"#;
        assert_eq!(said(&text(stderr)), "fetching token: (invalid_tenant) no");
    }

    #[test]
    fn ids_are_found_wherever_they_stand() {
        let text = "AADSTS1: bad. Trace ID: 11-a Correlation ID: 22-b\nTimestamp: x";
        assert_eq!((id(text, "Trace ID:"), id(text, "Correlation ID:")), (Some("11-a".into()), Some("22-b".into())));
        assert_eq!(id("Trace ID:\n33-c", "Trace ID:"), Some("33-c".to_owned()));
        for none in ["", "Trace ID:", "Trace ID: \u{fc}", &format!("Trace ID: {}", "x".repeat(200))] {
            assert_eq!(id(none, "Trace ID:"), None);
        }
    }

    #[test]
    fn codes_are_found_wherever_they_stand() {
        assert_eq!(codes("ERROR: AADSTS50020: x AADSTS50020, AADSTS700082."), [50_020, 700_082]);
        assert!(codes("AADSTS: none").is_empty());
    }

    #[test]
    fn a_login_is_over_where_the_tool_says_so_of_this_call_and_came_to_its_end() {
        let kind = |stderr: &str, signal| {
            let output =
                Output { status: None, signal, stdout: Vec::new().into(), stderr: stderr.as_bytes().to_vec().into() };
            ToolError::of(&crate::credentials::azure_cli::TOOL, None, &output, &Environment::default())
                .into_error()
                .kind()
        };
        assert_eq!(kind("ERROR: Please run 'az login'.", None), ErrorKind::CredentialUnavailable);
        assert_eq!(kind("ERROR: Please run 'az login'.", Some(9)), ErrorKind::Authentication);
        assert_eq!(
            kind("WARNING: In a future release, az login asks for more.\nERROR: no", None),
            ErrorKind::Authentication
        );
    }
}
