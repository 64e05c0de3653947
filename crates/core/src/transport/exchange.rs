use super::{
    answer::Answer,
    bounded_stream::MOST_BODY,
    connect::Target,
    connection::{Connection, Outgoing},
    connections::Permit,
    failure::{self, RequestFailure},
    http_stub::HttpStub,
    outgoing_request::{not_bytes, outgoing},
    redaction::Redaction,
    retry_state::RetryState,
    tracing_log::with_tracing_log,
    Deadline, RetryRules, StubRequest, Transport,
};
use crate::{
    config::Proxy,
    host::{Clock, Log, LogLevel, Progress},
    types::{shown_host, Error, Phase},
};
use async_trait::async_trait;
use azure_core::http::{
    headers::{Headers, CLIENT_REQUEST_ID},
    AsyncRawResponse, Body, HttpClient, Request, StatusCode, Url,
};
use http_body_util::BodyExt;
use hyper::{body::Incoming, header, Response};
use std::{
    fmt,
    future::Future,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};
use tokio::time::timeout;
use zeroize::Zeroizing;

/// The time limit of one try, from the connection to the last byte of the answer. Entra ID itself ends a request
/// earlier.
const TRY_TIMEOUT: Duration = Duration::from_secs(30);

/// The answer that `azure_identity` gets in place of a successful one, which this package reads itself: the crate would
/// keep copies of the token that are not wiped.
const PLACEHOLDER: &[u8] = br#"{"access_token":"-","expires_in":3600,"token_type":"Bearer"}"#;

/// All requests of one acquisition to a service. It sends `azure_core`'s requests over the shared transport and keeps
/// the answer, which the error of the pipeline no longer contains.
pub(crate) struct Exchange {
    transport: Arc<Transport>,
    deadline: Deadline,
    log: Log,
    clock: Clock,
    rules: RetryRules,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    tries: RetryState,
    last: Option<Result<Answer, Error>>,
}

impl Exchange {
    pub(crate) fn new(
        rules: RetryRules,
        transport: Arc<Transport>,
        deadline: Deadline,
        (log, clock): (Log, Clock),
    ) -> Arc<Self> {
        Arc::new(Self { transport, deadline, log, clock, rules, state: Mutex::default() })
    }

    /// Runs the pipeline's work, which sends the requests.
    pub(crate) async fn during<F: Future>(&self, work: F) -> F::Output {
        with_tracing_log(&self.log, &self.clock, work).await
    }

    /// Returns the outcome of the last request, with all its tries.
    pub(crate) fn outcome(&self) -> Option<Result<Answer, Error>> {
        self.state().last.clone()
    }

    /// Sends a request, again if the rules say so, and returns the last outcome. The loop is here and not in a retry
    /// policy of `azure_core`, which sees only status and time, and neither failures nor the call's deadline.
    pub(super) async fn send(&self, request: &Request) -> Result<Answer, Error> {
        loop {
            let outcome = self.try_once(request).await;
            let wait = self.record(&outcome);
            let Some(wait) = wait else { return outcome };
            self.pause(wait, &outcome).await;
        }
    }

    /// Waits until the next try.
    async fn pause(&self, wait: Duration, last: &Result<Answer, Error>) {
        Progress::note(|step| (step.phase, step.failure) = (Phase::Retry, Some(in_words(last))));
        let milliseconds = wait.as_millis();
        self.log.write(&self.clock, LogLevel::Warn, || format!("trying again in {milliseconds} ms"));
        tokio::time::sleep(wait).await;
    }

    async fn try_once(&self, request: &Request) -> Result<Answer, Error> {
        let start = self.clock.instant();
        let outcome = self.ask(request).await.and_then(|answer| self.begun(request.url(), answer));
        self.log_try(request, &outcome, start.elapsed());
        outcome
    }

    /// Treats a successful answer without a body as an interrupted one.
    fn begun(&self, url: &Url, answer: Answer) -> Result<Answer, Error> {
        if answer.status == 200 && answer.body.is_empty() {
            let redaction = &Redaction::default();
            return Err(failure::Context { transport: &self.transport, url, redaction }.empty());
        }
        Ok(answer)
    }

    /// Counts a try, and returns the wait before the next one, if there is one.
    fn record(&self, outcome: &Result<Answer, Error>) -> Option<Duration> {
        let mut state = self.state();
        state.tries.count(outcome);
        state.last = Some(outcome.clone());
        self.planned(&state.tries, outcome)
    }

    /// Returns the wait before another try, if the answer or failure deserves one.
    fn planned(&self, tries: &RetryState, outcome: &Result<Answer, Error>) -> Option<Duration> {
        let is_final = match outcome {
            Ok(answer) => !answer.asks_to_try_again(self.rules.statuses),
            Err(error) => !error.retryable(),
        };
        if is_final {
            return None;
        }
        let asked_for = outcome.as_ref().ok().and_then(|answer| answer.retry_after).unwrap_or_default();
        if self.deadline.reports_throttling() && !asked_for.is_zero() {
            return None;
        }
        let wait = tries.next_wait(&self.rules, outcome.as_ref().err(), self.deadline.is_patient())?;
        let wait = wait.max(self.deadline.jitter().stretched(asked_for));
        self.deadline.allows(wait).then_some(wait)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Logs the host, the outcome, the duration, and the id of the request at the service.
    fn log_try(&self, request: &Request, outcome: &Result<Answer, Error>, duration: Duration) {
        self.log.write(&self.clock, LogLevel::Debug, || {
            let result = in_words(outcome);
            let id = request.headers().get_optional_str(&CLIENT_REQUEST_ID).unwrap_or("none");
            let host = shown_host(request.url());
            let milliseconds = duration.as_millis();
            format!("{} {host}: {result} ({milliseconds} ms, client request id {id})", request.method())
        });
    }

    /// Logs certificates that could not be read, because they may be why the next server is not trusted.
    fn warn_of_unread_roots(&self) {
        if !self.state().tries.is_first() {
            return;
        }
        if let Some(problems) = self.transport.unread_roots() {
            self.log
                .write(&self.clock, LogLevel::Warn, || format!("some trusted certificates cannot be read: {problems}"));
        }
    }

    fn warn_of_ignored_proxy(&self, url: &Url) {
        let ignored = self.transport.settings().proxy.ignored_under_cgi().filter(|_| url.scheme() == "http");
        if let Some(name) = ignored.filter(|_| self.state().tries.is_first()) {
            self.log.write(&self.clock, LogLevel::Warn, || {
                format!("{name} is ignored: REQUEST_METHOD is set, so this may be a CGI program, whose requests can set {name}. Use http_proxy or ALL_PROXY")
            });
        }
    }

    async fn ask(&self, request: &Request) -> Result<Answer, Error> {
        self.warn_of_ignored_proxy(request.url());
        let proxy = self.transport.proxy(request.url()).map(Proxy::in_words);
        Progress::enter_with(Phase::Queue, &shown_host(request.url()));
        Progress::note(|step| step.proxy = proxy);
        let outcome = self.answer(request).await;
        Progress::enter(Phase::Prepare);
        outcome
    }

    async fn answer(&self, request: &Request) -> Result<Answer, Error> {
        if let Some(stub) = self.transport.stub() {
            return self.ask_stub(stub, request).await;
        }
        let permit = self.transport.connections().permit(request.url()).await;
        let target = self.transport.target(request.url()).await?;
        self.warn_of_unread_roots();
        let redaction = &self.redaction(request);
        let context = failure::Context { transport: &self.transport, url: request.url(), redaction };
        let sent = outgoing(request, &target)?;
        Progress::enter(Phase::Request);
        let conversation = converse(sent, &target, permit, &context);
        let outcome = timeout(TRY_TIMEOUT, conversation).await;
        outcome.unwrap_or_else(|_| Err(context.failure(&RequestFailure::TimedOut)))
    }

    /// Returns the secrets that an answer, or a server's certificate, may repeat: those of the request, and the
    /// password of a proxy, which may answer or issue certificates in place of servers.
    fn redaction(&self, request: &Request) -> Redaction {
        let credentials = self.transport.proxy(request.url()).and_then(Proxy::credentials);
        Redaction::of(request).and(credentials.map(|(_, password)| password.clone()))
    }

    async fn ask_stub(&self, stub: &dyn HttpStub, request: &Request) -> Result<Answer, Error> {
        let Body::Bytes(body) = request.body() else { return Err(not_bytes()) };
        let headers = request.headers().iter().map(|(name, value)| (name.as_str(), value.as_str()));
        let sent = StubRequest {
            method: request.method().to_string(),
            url: request.url().to_string(),
            headers: headers.map(|(name, value)| (name.to_owned(), value.to_owned())).collect(),
            body: Zeroizing::new(body.to_vec()),
            proxy: self.transport.proxy(request.url()).map(|proxy| proxy.address().to_owned()),
            pinned: self.transport.pinned().map(str::to_owned),
        };
        Progress::enter(Phase::Request);
        let answered = stub.answer(sent).await?;
        let header = |wanted: &str| {
            let mut named = answered.headers.iter().filter(|(name, _)| name.eq_ignore_ascii_case(wanted));
            named.next().map(|(_, value)| value.clone())
        };
        let head = Answer::headed(answered.status, self.redaction(request), header);
        Ok(Answer { body: Zeroizing::new(answered.body), ..head })
    }
}

#[async_trait]
impl HttpClient for Exchange {
    async fn execute_request(&self, request: &Request) -> azure_core::Result<AsyncRawResponse> {
        let answer = self.send(request).await.map_err(|error| pipeline_error(&error))?;
        Ok(raw_response(&answer))
    }
}

impl fmt::Debug for Exchange {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Exchange")
    }
}

/// Describes the outcome of a try.
fn in_words(outcome: &Result<Answer, Error>) -> String {
    match outcome {
        Ok(answer) => format!("status {}", answer.status),
        Err(error) => error.message().to_owned(),
    }
}

/// Sends the request over an idle or a new connection, and reads the answer.
async fn converse(
    sent: Outgoing,
    target: &Target<'_>,
    permit: Permit,
    context: &failure::Context<'_>,
) -> Result<Answer, Error> {
    let (response, mut connection) =
        sent_over(sent, target, &permit).await.map_err(|failure| context.failure(&failure))?;
    Progress::enter(Phase::Response);
    let answer = read(response, context).await?;
    if connection.is_ready().await {
        permit.keep(connection);
    }
    Ok(answer)
}

/// The host may close an idle connection at any time. A request that was not sent for that reason goes over a new one.
async fn sent_over(
    mut sent: Outgoing,
    target: &Target<'_>,
    permit: &Permit,
) -> Result<(Response<Incoming>, Connection), RequestFailure> {
    while let Some(mut idle) = permit.idle_connection() {
        match idle.send(sent).await {
            Ok(response) => return Ok((response, idle)),
            Err(mut error) => match error.take_message() {
                Some(unsent) => sent = unsent,
                None => return Err(RequestFailure::Exchange(error.into_error())),
            },
        }
    }
    let mut connection = target.connect().await.map_err(RequestFailure::Connect)?;
    let response = connection.send(sent).await;
    Ok((response.map_err(|error| RequestFailure::Exchange(error.into_error()))?, connection))
}

async fn read(response: Response<Incoming>, context: &failure::Context<'_>) -> Result<Answer, Error> {
    let (head, mut pieces) = response.into_parts();
    let text = |name: &str| head.headers.get(name).and_then(|value| value.to_str().ok()).map(str::to_owned);
    let answer = Answer::headed(head.status.as_u16(), context.redaction.clone(), text);
    let length = text(header::CONTENT_LENGTH.as_str()).and_then(|length| length.parse::<usize>().ok());
    if length.is_some_and(|length| length > MOST_BODY) {
        return Err(context.oversized());
    }
    let mut body = Zeroizing::new(Vec::with_capacity(8 * 1024));
    while let Some(frame) = pieces.frame().await {
        let Ok(piece) = frame.map_err(|error| context.interrupted(&error))?.into_data() else { continue };
        if body.len() + piece.len() > MOST_BODY {
            return Err(context.oversized());
        }
        body.extend_from_slice(&piece);
    }
    Ok(Answer { body, ..answer })
}

/// Returns what the pipeline must know about an answer: whether it is a success.
fn raw_response(answer: &Answer) -> AsyncRawResponse {
    if answer.is_success() {
        return AsyncRawResponse::from_bytes(StatusCode::Ok, Headers::new(), PLACEHOLDER.to_vec());
    }
    AsyncRawResponse::from_bytes(answer.status.into(), Headers::new(), Vec::new())
}

fn pipeline_error(error: &Error) -> azure_core::Error {
    azure_core::Error::with_message(azure_core::error::ErrorKind::Other, error.message().to_owned())
}
