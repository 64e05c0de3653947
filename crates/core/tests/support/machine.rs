//! The machine that a scenario describes. It plays the script and records every deviation.

use super::case::{Case, File, ScriptedCommand, ScriptedRequest};
use async_trait::async_trait;
use azure_client_token_core::{
    host::{Clock, Command, CommandFailure, Commands, FakeFiles, Files, Host, Output, RunCommand},
    testing::{HttpStub, StubAnswer, StubRequest},
    Error, ErrorKind, Phase, Resource, Secret, UnreachedCause,
};
use std::{
    collections::{BTreeMap, VecDeque},
    path::Path,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, UNIX_EPOCH},
};
use tokio::time::Instant;
use url::{form_urlencoded, Url};
use zeroize::Zeroizing;

/// 2026-01-01T00:00:00Z.
pub(crate) const START: Duration = Duration::from_secs(1_767_225_600);

#[derive(Clone, Default)]
pub(crate) struct Machine(Arc<Mutex<Script>>);

#[derive(Default)]
struct Script {
    commands: VecDeque<ScriptedCommand>,
    http: VecDeque<ScriptedRequest>,
    departures: Vec<String>,
}

impl Machine {
    pub(crate) fn of(case: &Case) -> Self {
        let repeated = |request: &ScriptedRequest| vec![request.clone(); request.times as usize];
        Self(Arc::new(Mutex::new(Script {
            commands: case.commands.iter().cloned().collect(),
            http: case.http.iter().flat_map(repeated).collect(),
            departures: Vec::new(),
        })))
    }

    /// Its clocks run together: the wall clock is the paused one, counted from the start.
    pub(crate) fn host(&self, case: &Case) -> Host {
        let begin = Instant::now();
        let files = FakeFiles::default();
        for (path, file) in &case.files {
            match file {
                File::Text(text) => files.write(path, text.as_bytes()),
                File::Link { link } => files.link(path, link),
                File::Failure { failure } => files.fail(path, *failure),
                File::Certificate { certificate } => files.write(path, test_certificate(certificate)),
            }
        }
        Host {
            clock: Clock::fake(move || UNIX_EPOCH + START + begin.elapsed()),
            files: Files::fake(files),
            commands: Commands::fake(self.clone()),
        }
    }

    /// Returns what happened and is not in the script, and what is in the script and did not happen.
    pub(crate) fn departures(&self) -> Vec<String> {
        let script = self.script();
        let unsent = script.http.iter().map(|left| format!("{} {} was never sent", left.method, left.url));
        let unrun = script.commands.iter().map(|left| format!("{} was never run", left.program));
        script.departures.iter().cloned().chain(unsent).chain(unrun).collect()
    }

    fn script(&self) -> std::sync::MutexGuard<'_, Script> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait]
impl HttpStub for Machine {
    async fn answer(&self, request: StubRequest) -> Result<StubAnswer, Error> {
        let scripted = {
            let mut script = self.script();
            let Some(scripted) = script.http.pop_front() else {
                script.departures.push(format!("{} {} is not in the script", request.method, request.url));
                return Err(Error::new(ErrorKind::Internal, "not in the script"));
            };
            script.departures.extend(differences(&request, &scripted));
            scripted
        };
        tokio::time::sleep(Duration::from_secs_f64(scripted.seconds)).await;
        match (&scripted.answer, &scripted.failure) {
            (Some(answer), None) => Ok(StubAnswer {
                status: answer.status,
                headers: answer.headers.clone().into_iter().collect(),
                body: answer.json.as_ref().map(ToString::to_string).or(answer.text.clone()).unwrap_or_default().into(),
            }),
            (None, Some(failure)) => Err(no_answer(failure)),
            _ => panic!("either an answer or a failure: {}", scripted.url),
        }
    }
}

#[expect(clippy::disallowed_methods, reason = "the test files are read as they are")]
fn test_certificate(name: &str) -> Vec<u8> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/certificates");
    std::fs::read(folder.join(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

fn no_answer(failure: &str) -> Error {
    if failure == "noDescriptor" {
        return Error::exhausted(Resource::Descriptors, "no connection, for want of a descriptor");
    }
    let (phase, unreached_cause) = match failure {
        "refused" => (Phase::Connect, Some(UnreachedCause::Refused)),
        "proxyRefused" => (Phase::Proxy, Some(UnreachedCause::Refused)),
        "proxyUnavailable" => (Phase::Proxy, Some(UnreachedCause::ProxyUnavailable)),
        "noPort" => (Phase::Connect, Some(UnreachedCause::NoLocalPort)),
        "unreachable" => (Phase::Connect, None),
        "dns" => (Phase::Dns, None),
        "dnsDeferred" => (Phase::Dns, Some(UnreachedCause::LookupDeferred)),
        "reset" => (Phase::Request, None),
        other => panic!("no such failure: {other}"),
    };
    let words = if failure == "dnsDeferred" { "the name cannot be resolved at this time" } else { failure };
    let error = Error::new(ErrorKind::Network, words).with_phase(phase).with_retryable(failure != "dns");
    unreached_cause.map_or(error.clone(), |unreached_cause| error.with_unreached_cause(unreached_cause))
}

fn differences(sent: &StubRequest, scripted: &ScriptedRequest) -> Vec<String> {
    let mut found = Vec::new();
    if (sent.method.as_str(), comparable(&sent.url)) != (scripted.method.as_str(), comparable(&scripted.url)) {
        found.push(format!("{} {} was sent in place of {} {}", sent.method, sent.url, scripted.method, scripted.url));
    }
    if (&sent.proxy, &sent.pinned) != (&scripted.proxy, &scripted.pinned) {
        found.push(format!("{} went through {:?}, pinned to {:?}", sent.url, sent.proxy, sent.pinned));
    }
    let headers = sent.headers.iter().map(|(name, value)| (name.to_lowercase(), value.clone())).collect();
    found.extend(unmet("header", &headers, &scripted.headers));
    let form = form_urlencoded::parse(&sent.body).into_owned().collect();
    found.extend(unmet("form field", &form, &scripted.form));
    found
}

fn unmet(what: &str, found: &BTreeMap<String, String>, wanted: &BTreeMap<String, Option<String>>) -> Vec<String> {
    let differs = wanted.iter().filter(|(name, value)| found.get(&name.to_lowercase()) != value.as_ref());
    differs.map(|(name, value)| format!("{what} {name} is not {value:?}")).collect()
}

/// Returns an address and its parameters, whose order is ignored.
fn comparable(url: &str) -> (String, Vec<(String, String)>) {
    let mut parsed = Url::parse(url).expect("an address");
    let mut parameters: Vec<_> = parsed.query_pairs().into_owned().collect();
    parameters.sort();
    parsed.set_query(None);
    (parsed.to_string(), parameters)
}

#[async_trait]
impl RunCommand for Machine {
    async fn run(&self, command: Command) -> Result<Output, CommandFailure> {
        let scripted = {
            let mut script = self.script();
            let Some(scripted) = script.commands.pop_front() else {
                script.departures.push(format!("{} is run, which is not in the script", command.program));
                return Err(CommandFailure::NotFound);
            };
            script.departures.extend(command_differences(&command, &scripted));
            scripted
        };
        tokio::time::sleep(Duration::from_secs_f64(scripted.seconds)).await;
        match scripted.failure.as_deref() {
            None => Ok(Output {
                status: (scripted.signal.is_none() && !scripted.unknown_end).then_some(scripted.exit),
                signal: scripted.signal,
                stdout: Zeroizing::new(scripted.stdout.text().into_bytes()),
                stderr: Zeroizing::new(scripted.stderr.into_bytes()),
                is_stderr_cut: false,
            }),
            Some("notFound") => Err(CommandFailure::NotFound),
            Some("notStarted") => Err(CommandFailure::NotStarted("permission denied".to_owned())),
            Some("noProcess") => {
                let why = "Resource temporarily unavailable (os error 11)".to_owned();
                Err(CommandFailure::Shortage(Resource::Processes, why))
            }
            Some("tooMuchOutput") => Err(CommandFailure::TooMuchOutput),
            Some("unsafeArgument") => Err(CommandFailure::UnsafeArgument("argument 1 is unsafe".to_owned())),
            Some(other) => panic!("no such failure: {other}"),
        }
    }
}

fn command_differences(command: &Command, scripted: &ScriptedCommand) -> Vec<String> {
    let mut found = Vec::new();
    if command.program != scripted.program {
        found.push(format!("{} is run in place of {}", command.program, scripted.program));
    }
    let arguments: Vec<_> = command.arguments.iter().map(Secret::expose).collect();
    if scripted.arguments.as_ref().is_some_and(|wanted| arguments != *wanted) {
        found.push(format!("{} gets the arguments {arguments:?}", command.program));
    }
    for (name, value) in &scripted.environment {
        if command.environment.var(name) != value.as_deref() {
            found.push(format!("{name} is not {value:?} in the environment of {}", command.program));
        }
    }
    found
}
