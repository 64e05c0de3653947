use super::Tool;
use crate::{
    host::Output,
    sources::advice,
    types::{EntraRefusal, Error, ErrorKind, TenantId},
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

/// What a tool said in place of a token.
pub(in crate::sources) struct Complaint<'a> {
    pub(in crate::sources) tool: &'a Tool,
    pub(in crate::sources) tenant: Option<&'a TenantId>,
    text: String,
}

impl<'a> Complaint<'a> {
    pub(in crate::sources) fn of(tool: &'a Tool, tenant: Option<&'a TenantId>, output: &Output) -> Self {
        Self { tool, tenant, text: text(&output.stderr) }
    }

    /// Whether it says this.
    pub(in crate::sources) fn says(&self, words: &str) -> bool {
        self.text.contains(words)
    }

    /// What happened, told apart by what there is to do about it.
    pub(in crate::sources) fn into_error(self) -> Error {
        let codes = codes(&self.text);
        let login = self.tool.login(self.tenant);
        let has = |known: &[i64]| codes.iter().any(|code| known.contains(code));
        let (kind, advice) = if has(&TENANT_IS_WRONG) {
            let tenant = self.tenant.map_or_else(|| "the tenant".to_owned(), |tenant| format!("tenant {tenant}"));
            (
                ErrorKind::Authentication,
                format!("Its account does not belong to {tenant}: check the tenant id, or run: {login}"),
            )
        } else if has(&LOGIN_IS_OVER) || (codes.is_empty() && self.asks_for_login()) {
            (ErrorKind::CredentialUnavailable, format!("Run: {login}"))
        } else if codes.is_empty() {
            (ErrorKind::Authentication, "Run it by hand to see more".to_owned())
        } else {
            (ErrorKind::Authentication, advice::for_codes(&codes, "scopes"))
        };
        self.error(kind, &advice, codes)
    }

    fn error(&self, kind: ErrorKind, advice: &str, codes: Vec<i64>) -> Error {
        let reason = said(&self.text);
        let what = if kind == ErrorKind::CredentialUnavailable { "is not logged in" } else { "gave no token" };
        let reason = if reason.is_empty() { "it does not say why".to_owned() } else { reason };
        let message = format!("{} {what}: {}. {advice}", self.tool.name, reason.trim_end_matches('.'));
        let error = Error::new(kind, message);
        if codes.is_empty() {
            return error;
        }
        error.with_refusal(EntraRefusal { error_codes: codes, ..EntraRefusal::default() })
    }

    /// `az login`, `azd auth login`, `Connect-AzAccount`: the tool itself says what to type.
    fn asks_for_login(&self) -> bool {
        self.text.contains(self.tool.login) || self.text.contains("az account set")
    }
}

/// The standard error as text; azd wraps each of its lines in JSON.
fn text(stderr: &[u8]) -> String {
    let text = String::from_utf8_lossy(stderr);
    let lines =
        text.lines().map(|line| serde_json::from_str(line).map_or_else(|_| line.to_owned(), |json| unwrapped(&json)));
    lines.collect::<Vec<_>>().join("\n")
}

/// Before 1.23.7 azd prints messages of the console, since then an error by itself, and up to 1.23.15 an empty message
/// before it: <https://github.com/Azure/azure-dev/issues/7728>.
fn unwrapped(line: &Value) -> String {
    let message = || line["data"]["message"].as_str().unwrap_or_default().to_owned();
    line["error"].as_str().map_or_else(message, |error| format!("ERROR: {error}"))
}

/// The line that says what is wrong, short and without what may be secret: the first error, with the next line where
/// it ends in a colon; else the last line that is no warning.
pub(in crate::sources) fn said(text: &str) -> String {
    let last = || lines(text).rfind(|line| !line.to_ascii_uppercase().starts_with("WARNING")).map(str::to_owned);
    let line = first_error(text).or_else(last).unwrap_or_default();
    // First, so that nothing that was hidden in a word makes it another one.
    let line: String = line.chars().filter(|character| character.is_whitespace() || !character.is_control()).collect();
    let words: Vec<_> = line.split_whitespace().map(|word| if is_shown(word) { word } else { "***" }).collect();
    let shown = words.join(" ");
    let shown = shown.split(" Trace ID:").next().unwrap_or_default();
    shown.chars().take(LONGEST_TEXT).collect()
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
        assert_eq!(said(&format!("ERROR: token eyJhbGciOi.J9 and {key} end\u{1b}[0m")), "token *** and *** end[0m");
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
    fn codes_are_found_wherever_they_stand() {
        assert_eq!(codes("ERROR: AADSTS50020: x AADSTS50020, AADSTS700082."), [50_020, 700_082]);
        assert!(codes("AADSTS: none").is_empty());
    }
}
