//! The outcome of a scenario, compared with the expected one.

use super::{
    case::{Case, Expected, ExpectedError},
    logs::Logs,
    machine::Machine,
};
use azure_client_token_core::{AccessToken, Attempt, Client, Error, Explanation, LogEntry, LogLevel, Service};
use std::{sync::Arc, time::Duration};
use time::{format_description::well_known::Rfc3339, OffsetDateTime};
use tokio::time::Instant;

pub(crate) struct Outcome {
    result: Result<Arc<AccessToken>, Error>,
    took: Duration,
    departures: Vec<String>,
    /// Everything that is visible from outside.
    visible: String,
}

impl Outcome {
    /// Plays the case, on its own runtime and with the logs of its own thread.
    pub(crate) fn of(case: &Case) -> Self {
        let logs = Logs::default();
        let _listening = tracing::subscriber::set_default(logs.clone());
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().start_paused(true).build();
        runtime.expect("a runtime").block_on(played(case, &logs))
    }

    pub(crate) fn mismatches(&self, case: &Case) -> Vec<String> {
        let mut mismatches = self.departures.clone();
        mismatches.extend(match (&self.result, &case.expect.error) {
            (Ok(token), None) => of_token(token, &case.expect),
            (Err(error), Some(expected)) => of_error(error, expected),
            (Ok(_), Some(_)) => vec!["an error was expected, and there is a token".to_owned()],
            (Err(error), None) => vec![format!("a token was expected, and there is an error: {error:?}")],
        });
        mismatches.extend(attempts(self.attempts(), case.expect.attempts.as_deref()));
        let shown = case.all_secrets().filter(|secret| self.visible.contains(secret.as_str()));
        mismatches.extend(shown.map(|secret| format!("the secret {secret} can be seen: {}", self.visible)));
        let seconds = self.took.as_secs_f64();
        if case.takes.is_some_and(|(least, most)| !(least..=most).contains(&seconds)) {
            mismatches.push(format!("it took {seconds} seconds"));
        }
        mismatches
    }

    /// Returns where the outcome shows the text, in any case: hosts are written in lower case.
    pub(crate) fn shows(&self, text: &str) -> Option<&str> {
        let visible = self.visible.to_lowercase();
        let at = visible.find(&text.to_lowercase())?;
        let start = (0..=at.saturating_sub(200)).rev().find(|at| self.visible.is_char_boundary(*at))?;
        Some(self.visible.get(start..).unwrap_or(&self.visible))
    }

    pub(crate) fn attempts(&self) -> &[Attempt] {
        match &self.result {
            Ok(token) => &token.attempts,
            Err(error) => error.attempts(),
        }
    }
}

async fn played(case: &Case, logs: &Logs) -> Outcome {
    let machine = Machine::of(case);
    let service = Service::with_host(machine.host(case)).over(Arc::new(machine.clone()));
    let start = Instant::now();
    let settings = case.settings();
    let shown_settings = format!("{settings:?}");
    let result = match settings {
        Ok(settings) => {
            let lines = logs.clone();
            let log = move |entry: &LogEntry| lines.line(&entry.message);
            called(case, &service, &Client::new(settings).with_log(LogLevel::Debug, log)).await
        }
        Err(error) => Err(error),
    };
    let took = start.elapsed();
    let explained = explained(case).await;
    let details =
        result.as_ref().err().map(|error| (error.to_string(), error.causes(), error.refusal(), error.attempts()));
    let mut departures = machine.departures();
    departures.extend(explained.as_ref().err().cloned());
    let visible =
        format!("{shown_settings} {result:?} {details:?} {explained:?} {:?} {}", case.considered(), logs.text());
    Outcome { result, took, departures, visible }
}

/// Returns what `explain` reports, on a machine of its own: the same outcome, for the same reason.
async fn explained(case: &Case) -> Result<Option<Explanation>, String> {
    let Ok(settings) = case.settings() else { return Ok(None) };
    let machine = Machine::of(case);
    let service = Service::with_host(machine.host(case)).over(Arc::new(machine.clone()));
    let client = Client::new(settings);
    called_before(case, &service, &client).await;
    let explanation = match service.explain(&client, &case.request.token_request()).await {
        Ok(explanation) => explanation,
        // The request is invalid.
        Err(error) if case.expect.error.as_ref().is_some_and(|wanted| wanted.code == error.kind().code()) => {
            return Ok(None)
        }
        Err(error) => return Err(format!("explain is refused: {error}")),
    };
    let code = explanation.error.as_ref().map(|error| error.kind().code());
    if code != case.expect.error.as_ref().map(|error| error.code.as_str()) {
        return Err(format!("explain reports {code:?}"));
    }
    match attempts(&explanation.attempts, case.expect.attempts.as_deref()) {
        Some(differs) => Err(format!("explain: {differs}")),
        None => Ok(Some(explanation)),
    }
}

async fn called(case: &Case, service: &Service, client: &Client) -> Result<Arc<AccessToken>, Error> {
    called_before(case, service, client).await;
    service.client_token(client, &case.request.token_request()).await
}

async fn called_before(case: &Case, service: &Service, client: &Client) {
    for earlier in &case.before {
        let _ = service.client_token(client, &earlier.token_request()).await;
    }
}

fn of_token(token: &AccessToken, expected: &Expected) -> Vec<String> {
    let mut mismatches = Vec::new();
    if expected.token.as_deref() != Some(token.token.expose()) {
        mismatches.push(format!("the token is {}", token.token.expose()));
    }
    let moment = OffsetDateTime::from_unix_timestamp_nanos(i128::from(token.expires_on) * 1_000_000);
    let expires_on = moment.ok().and_then(|moment| moment.format(&Rfc3339).ok()).unwrap_or_default();
    if expected.expires_on.as_ref().is_some_and(|wanted| *wanted != expires_on) {
        mismatches.push(format!("it expires on {expires_on}"));
    }
    if expected.source.as_deref().is_some_and(|wanted| wanted != token.source.as_str()) {
        mismatches.push(format!("its source is {}", token.source.as_str()));
    }
    let ids = token.identity.ids().map(|(_, id)| id.map(str::to_owned));
    if expected.identity.as_ref().is_some_and(|wanted| *wanted != ids) {
        mismatches.push(format!("its identity is {ids:?}"));
    }
    mismatches
}

fn of_error(error: &Error, expected: &ExpectedError) -> Vec<String> {
    let mut mismatches = Vec::new();
    if error.kind().code() != expected.code {
        mismatches.push(format!("the error is {}: {error}", error.kind().code()));
    }
    let absent = expected.message.iter().filter(|part| !error.message().contains(part.as_str()));
    mismatches.extend(absent.map(|part| format!("{part:?} is not in: {error}")));
    let said = expected.unsaid.iter().filter(|part| error.message().contains(part.as_str()));
    mismatches.extend(said.map(|part| format!("{part:?} is in: {error}")));
    let mut differs = |what: &str, is_wrong: bool, found: String| {
        if is_wrong {
            mismatches.push(format!("{what}: {found}"));
        }
    };
    differs(
        "settings",
        expected.settings.as_deref().is_some_and(|wanted| wanted != error.settings()),
        format!("{:?}", error.settings()),
    );
    let status = error.refusal().and_then(|refusal| refusal.status_code);
    differs("status code", expected.status_code.is_some() && expected.status_code != status, format!("{status:?}"));
    let codes = error.refusal().map(|refusal| refusal.error_codes.clone());
    differs("error codes", expected.error_codes.is_some() && expected.error_codes != codes, format!("{codes:?}"));
    let phase = error.phase().map(azure_client_token_core::Phase::as_str);
    differs("phase", expected.phase.is_some() && expected.phase.as_deref() != phase, format!("{phase:?}"));
    differs(
        "retryable",
        expected.retryable.is_some_and(|wanted| wanted != error.retryable()),
        error.retryable().to_string(),
    );
    let help = error.help().anchor();
    differs("help", expected.help.as_ref().is_some_and(|wanted| *wanted != help), help.clone());
    mismatches
}

fn attempts(found: &[Attempt], expected: Option<&[String]>) -> Option<String> {
    let found: Vec<_> = found.iter().map(|one| format!("{}: {}", one.source.as_str(), one.outcome.as_str())).collect();
    expected.is_some_and(|wanted| wanted != found).then(|| format!("the attempts are {found:?}"))
}
