use super::{
    ending,
    failure_cause::{failure_cause, is_over, is_warning, lacks_access, FailureCause},
    failure_signs::is_of_mount,
    redacted, shortage, Tool, UNKNOWN_END,
};
use crate::{
    credentials::advice,
    host::{without_escapes, Environment, Output},
    types::{suspicion, without_suspicious_words, EntraRefusal, Error, ErrorKind, Secret, TenantId},
};
use serde_json::Value;

/// The longest part of a tool's text that a message contains.
const LONGEST_TEXT: usize = 600;

/// A word of this length may be a token or a key, and does not help a reader.
const LONGEST_WORD: usize = 80;

/// What the user can do if the system forbids to map a library.
const OF_MOUNT: &str =
    "Move the program and TMPDIR from a disk that is mounted with noexec, or allow it to map its libraries";

/// What a tool printed in place of a token, on a machine that lacks nothing.
pub(in crate::credentials) struct ToolError<'a> {
    pub(in crate::credentials) tool: &'a Tool,
    pub(in crate::credentials) tenant: Option<&'a TenantId>,
    /// The whole text, by which the cause is decided: a removed value may be part of the words that name it.
    text: Secret,
    /// The part of the text that may be shown.
    shown: String,
    /// How a signal ended it, if one did.
    ending: Option<String>,
    /// The advice if the text does not say what happened.
    advice: &'static str,
    /// Whether it ended by itself and its text is complete.
    is_whole: bool,
}

impl<'a> ToolError<'a> {
    /// # Errors
    /// [`ErrorKind::ResourceExhausted`] if the tool met a shortage of the machine, whatever else it printed.
    pub(in crate::credentials) async fn of(
        tool: &'a Tool,
        tenant: Option<&'a TenantId>,
        output: &Output,
        environment: &Environment,
    ) -> Result<Self, Error> {
        if let Some(shortage) = shortage(&format!("{} gave no token", tool.name), output) {
            return Err(shortage);
        }
        let said = Secret::new(text(&output.stderr));
        // Secrets are removed before escape sequences: they are found even with escapes in them.
        let shown = without_escapes(&redacted(&said, environment, Vec::new()).await);
        let text = Secret::new(without_escapes(said.expose()));
        let ending = ending(output);
        let is_lost = output.is_of_unknown_end();
        let is_whole = ending.is_none() && !is_lost && !output.is_stderr_cut;
        let advice = if is_lost { UNKNOWN_END } else { "Run it in a terminal to see more" };
        Ok(Self { tool, tenant, text, shown, ending, advice, is_whole })
    }

    /// Returns whether it printed these words and ended by itself. Only then do they say anything about its settings.
    pub(in crate::credentials) fn says(&self, words: &str) -> bool {
        self.is_whole && self.text.expose().contains(words)
    }

    /// Returns whether the tool may not use a file. An absence that it reports is then not one.
    pub(in crate::credentials) fn lacks_access(&self) -> bool {
        lacks_access(self.text.expose())
    }

    /// Returns the error for what happened, with the advice for it.
    pub(in crate::credentials) fn into_error(self) -> Error {
        let text = self.text.expose();
        let cause = failure_cause(self.tool, text, &codes(text), self.is_whole);
        let codes = codes(&self.shown);
        match cause {
            FailureCause::Unanswered => self.unanswered(codes),
            FailureCause::WrongTenant => self.refused(&self.advice_about_tenant(), codes),
            FailureCause::NoAccess if is_of_mount(text) => self.refused(OF_MOUNT, codes),
            FailureCause::NoAccess => self.refused("Check who may use the files that it names, and their disk", codes),
            FailureCause::LoggedOut => self.logged_out(codes),
            FailureCause::NoDefault => {
                let advice = "Run: az account set --subscription <id>, with an id that az account list shows";
                self.unavailable("has no default subscription", advice, codes)
            }
            FailureCause::Unclear => self.refused(self.advice, codes),
            FailureCause::Refused => self.refused(&self.advice_about(&codes), codes),
        }
    }

    /// Its requests got no answer. That says nothing about its login, and may pass.
    fn unanswered(&self, codes: Vec<i64>) -> Error {
        let advice = "Check the network, and the proxy and the certificates that it uses";
        self.refused(advice, codes).with_retryable(true)
    }

    /// If the tool reports other refusals besides an ended login, a new login does not help against them.
    fn advice_about(&self, codes: &[i64]) -> String {
        let refusals: Vec<_> = codes.iter().copied().filter(|code| !is_over(*code)).collect();
        advice::for_login(&refusals, self.tool.application_login)
    }

    fn advice_about_tenant(&self) -> String {
        let tenant = self.tenant.map_or_else(|| "the tenant".to_owned(), |tenant| format!("tenant {tenant}"));
        let login = self.tool.login(self.tenant);
        format!("Its account does not belong to {tenant}: check the tenant id, or run: {login}")
    }

    /// Only one command is shown: this package's may name the tenant, and the tool's own sentence does not.
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

    /// There is no status, because the tool got the answer. The ids are those that it printed.
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
}

/// Returns the standard error as text. azd wraps each line in JSON.
fn text(stderr: &[u8]) -> String {
    let text = String::from_utf8_lossy(stderr);
    let lines =
        text.lines().map(|line| serde_json::from_str(line).map_or_else(|_| line.to_owned(), |json| unwrapped(&json)));
    lines.collect::<Vec<_>>().join("\n")
}

/// Before 1.23.7 azd prints console messages; since then it prints an error by itself, and up to 1.23.15 an empty
/// message before it: <https://github.com/Azure/azure-dev/issues/7728>.
fn unwrapped(line: &Value) -> String {
    let message = || line["data"]["message"].as_str().unwrap_or_default().to_owned();
    line["error"].as_str().map_or_else(message, |error| format!("ERROR: {error}"))
}

/// Returns the line that says what is wrong, shortened and without possible secrets: the first error, with the next
/// line if it ends in a colon, or else the last line that is not a warning.
pub(in crate::credentials) fn said(text: &str) -> String {
    let last = || lines(text).rfind(|line| !is_warning(line)).map(str::to_owned);
    let line = first_error(text).or_else(last).unwrap_or_default();
    // Control characters are removed first, so that none in a word hides a secret.
    let line: String = line.chars().filter(|character| character.is_whitespace() || !character.is_control()).collect();
    let words: Vec<_> = line.split_whitespace().map(|word| if is_shown(word) { word } else { "***" }).collect();
    let shown = without_suspicious_words(&words.join(" "));
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

/// Returns whether a word may be shown. A JWT begins with `eyJ`; ids and the parts of addresses are shorter than keys.
fn is_shown(word: &str) -> bool {
    let longest = word.split(|sign| sign == '/' && word.contains("://")).map(str::len).max();
    !word.contains("eyJ") && longest <= Some(LONGEST_WORD) && suspicion(word).is_none()
}

/// Returns the id that follows that name in a text.
fn id(text: &str, name: &str) -> Option<String> {
    let (_, behind) = text.split_once(name)?;
    let id: String =
        behind.trim_start().chars().take_while(|part| part.is_ascii_alphanumeric() || *part == '-').collect();
    (!id.is_empty() && id.len() <= LONGEST_WORD).then_some(id)
}

/// Returns the numbers of all AADSTS codes in a text.
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
    fn the_first_error_is_shown() {
        assert_eq!(said("WARNING: old\nERROR: no  luck.\nERROR: more"), "no luck.");
        assert_eq!(said("first\nlast\nWARNING: old\n\n"), "last");
        assert_eq!(said("ERROR: why:\nso\nmore"), "why: so");
        assert_eq!(said(""), "");
        assert_eq!(said("ERROR: AADSTS1: bad. Trace ID: x"), "AADSTS1: bad.");
    }

    #[test]
    fn possible_tokens_are_not_repeated() {
        let key = "k".repeat(LONGEST_WORD + 1);
        assert_eq!(said(&format!("ERROR: token eyJhbGciOi.J9 and {key} end\u{7}")), "token *** and *** end");
        assert_eq!(said("ERROR: no eyAiYWxnIjogIm5vbmUiIH0.eyAic3ViIjogIngiIH0. or ghp_m4rkerw0rd"), "no *** or ***");
        let like_secrets =
            "ERROR: Abc8Q~S3CR3T.marker_9f8e ghp_m4rkerw0rd9 --password=m4rker https://user:m4rker@host end";
        assert_eq!(said(like_secrets), "*** *** *** *** end");
        let address = format!("https://host.example/{}token", "7b795fb9/".repeat(10));
        assert_eq!(said(&format!("ERROR: Bearer M4rker0xyz to {address}")), format!("Bearer *** to {address}"));
        assert_eq!(said(r#"ERROR: got {"a": 1, "password": "M4rker0"}"#), r#"got {"a": 1, "password": "***"}"#);
        assert!(said(&"word ".repeat(1000)).len() <= LONGEST_TEXT);
    }

    #[test]
    fn azds_json_is_unwrapped() {
        let stderr = br#"{"type":"consoleMessage","data":{"message":"\nERROR: fetching token: no\n"}}"#;
        assert_eq!(said(&text(stderr)), "fetching token: no");
        let stderr = br#"{"type":"consoleMessage","data":{"message":"\n"}}
{"error":"fetching token:\n(invalid_tenant) no\n","message":"Authentication failed.","suggestion":"Sign in."}"#;
        assert_eq!(said(&text(stderr)), "fetching token: (invalid_tenant) no");
    }

    #[test]
    fn ids_are_found_anywhere_in_a_text() {
        let text = "AADSTS1: bad. Trace ID: 11-a Correlation ID: 22-b\nTimestamp: x";
        assert_eq!((id(text, "Trace ID:"), id(text, "Correlation ID:")), (Some("11-a".into()), Some("22-b".into())));
        assert_eq!(id("Trace ID:\n33-c", "Trace ID:"), Some("33-c".to_owned()));
        for none in ["", "Trace ID:", "Trace ID: \u{fc}", &format!("Trace ID: {}", "x".repeat(200))] {
            assert_eq!(id(none, "Trace ID:"), None);
        }
    }

    #[test]
    fn codes_are_found_anywhere_in_a_text() {
        assert_eq!(codes("ERROR: AADSTS50020: x AADSTS50020, AADSTS700082."), [50_020, 700_082]);
        assert!(codes("AADSTS: none").is_empty());
    }

    #[test]
    fn a_secret_with_a_sequence_for_the_terminal_in_it_is_not_repeated() {
        let stderr = r#"{"error":"no Zk7wQp2Lm\u001bPq\u001b\\X9vRt4Bn8sY"}"#;
        let environment = Environment::from([("A_TOKEN", "Zk7wQp2LmX9vRt4Bn8sY")]);
        let error = error_in(&environment, stderr, Output { status: Some(1), ..Output::default() });
        assert!(error.message().contains("no ***") && !error.message().contains("Zk7w"), "{error}");
    }

    /// Returns the error of a tool that printed this and exited with status 1.
    fn error(stderr: &str) -> Error {
        error_of(stderr, Output { status: Some(1), ..Output::default() })
    }

    fn error_of(stderr: &str, output: Output) -> Error {
        error_in(&Environment::default(), stderr, output)
    }

    fn error_in(environment: &Environment, stderr: &str, output: Output) -> Error {
        let output = Output { stderr: stderr.as_bytes().to_vec().into(), ..output };
        let tool = &crate::credentials::azure_cli::TOOL;
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let judged = runtime.block_on(ToolError::of(tool, None, &output, environment));
        judged.map_or_else(|shortage| shortage, ToolError::into_error)
    }

    #[test]
    fn only_a_login_that_has_ended_is_an_absence() {
        for (stderr, kind, retryable) in [
            ("ERROR: Please run 'az login'.", ErrorKind::CredentialUnavailable, false),
            ("ERROR: [Errno 24] Too many open files. Please run 'az login'.", ErrorKind::ResourceExhausted, true),
            ("ERROR: HTTPSConnectionPool(host='a'). Please run 'az login'.", ErrorKind::Authentication, true),
            ("ERROR: AADSTS70043 AADSTS53003. Please run 'az login'.", ErrorKind::Authentication, false),
            ("ERROR: AADSTS70043. Please run 'az login'.", ErrorKind::CredentialUnavailable, false),
        ] {
            let error = error(stderr);
            assert_eq!((error.kind(), error.retryable()), (kind, retryable), "{error}");
        }
    }

    #[test]
    fn the_advice_concerns_the_refusal_and_not_the_login() {
        let error = error("ERROR: AADSTS50076: more is wanted. AADSTS53003: forbidden. Please run 'az login'.");
        assert!(
            error.message().ends_with("A conditional access policy forbids it: ask the tenant's administrator"),
            "{error}"
        );
        assert_eq!(error.refusal().unwrap().error_codes, [50_076, 53_003]);
    }

    #[test]
    fn the_error_names_a_disk_that_forbids_programs() {
        let error = error("libz.so.1: failed to map segment from shared object: Operation not permitted");
        assert_eq!((error.kind(), error.retryable()), (ErrorKind::Authentication, false));
        assert!(error.message().contains("Operation not permitted. Move the program and TMPDIR"), "{error}");
    }

    #[test]
    fn incomplete_output_is_not_an_absence() {
        let cut = || Output { status: Some(1), is_stderr_cut: true, ..Output::default() };
        let ended = || Output { signal: Some(15), ..Output::default() };
        let of_shell = || Output {
            status: Some(if cfg!(unix) { 143 } else { 1 }),
            is_stderr_cut: cfg!(windows),
            ..Output::default()
        };
        for stderr in ["ERROR: Please run 'az login'.", "ERROR: Run 'az account set'.", "ERROR: AADSTS700082: expired"]
        {
            assert_eq!(error(stderr).kind(), ErrorKind::CredentialUnavailable, "{stderr}");
            for output in [cut(), ended(), of_shell()] {
                assert_eq!(error_of(stderr, output).kind(), ErrorKind::Authentication, "{stderr}");
            }
        }
    }
}
