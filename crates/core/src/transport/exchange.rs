use super::{
    answer::Answer, failure, redaction::Redaction, retry::backoff, retry_after::retry_after, Deadline, Transport,
};
use crate::types::{Error, ErrorKind, Phase};
use async_trait::async_trait;
use azure_core::http::{
    headers::{HeaderName, HeaderValue, Headers},
    AsyncRawResponse, Body, HttpClient, Method, Request,
};
use std::{
    fmt,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};
use zeroize::Zeroizing;

/// The first try and three more: what Pulumi's provider does.
const MOST_TRIES: u32 = 4;

/// A host that refuses the connection is tried twice more: 1.2 s in the middle, an error well within 3 s.
const MOST_UNREACHED: u32 = 3;

/// A token's answer is a few KB; group claims can make it some ten.
const MOST_BODY: usize = 1 << 20;

/// One acquisition's conversation with a service: it sends `azure_core`'s requests over the shared transport and
/// keeps what came back, because the error that the pipeline returns has lost it.
pub(crate) struct Exchange {
    transport: Arc<Transport>,
    deadline: Deadline,
    /// Makes a successful answer what `azure_identity` can read, or says what is wrong with it.
    normalise: fn(&Answer) -> Result<Zeroizing<Vec<u8>>, Error>,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    tries: u32,
    unreached: u32,
    last: Option<Result<Answer, Error>>,
    planned_wait: Duration,
}

impl Exchange {
    pub(crate) fn new(
        transport: Arc<Transport>,
        deadline: Deadline,
        normalise: fn(&Answer) -> Result<Zeroizing<Vec<u8>>, Error>,
    ) -> Arc<Self> {
        Arc::new(Self { transport, deadline, normalise, state: Mutex::default() })
    }

    /// The last thing that happened, once the pipeline is through with its tries.
    pub(crate) fn outcome(&self) -> Option<Result<Answer, Error>> {
        self.state().last.clone()
    }

    /// Decides whether the last answer or failure is worth another try, and after what wait.
    pub(super) fn plan_retry(&self) -> Option<Duration> {
        let mut state = self.state();
        let asked_for = match &state.last {
            Some(Ok(answer)) => answer.retry_after.unwrap_or_default(),
            Some(Err(error)) if error.retryable() => Duration::ZERO,
            _ => return None,
        };
        if state.tries >= MOST_TRIES || state.unreached >= MOST_UNREACHED {
            return None;
        }
        let wait = backoff(state.tries).max(asked_for);
        state.planned_wait = wait;
        self.deadline.allows(wait).then_some(wait)
    }

    pub(super) fn planned_wait(&self) -> Duration {
        self.state().planned_wait
    }

    fn record(&self, outcome: Result<Answer, Error>) {
        let is_before_request = |phase| matches!(phase, Some(Phase::Connect | Phase::Proxy | Phase::Tls));
        let unreached = matches!(&outcome, Err(error) if is_before_request(error.phase()));
        let mut state = self.state();
        state.tries += 1;
        state.unreached += u32::from(unreached);
        state.last = Some(outcome);
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn ask(&self, request: &Request) -> Result<Answer, Error> {
        let sent = converted(self.transport.client()?, request)?;
        let context = failure::Context { transport: &self.transport, url: request.url() };
        let response = self.transport.client()?.execute(sent).await.map_err(|error| context.failure(&error))?;
        read(response, Redaction::of(request), &context).await
    }
}

#[async_trait]
impl HttpClient for Exchange {
    async fn execute_request(&self, request: &Request) -> azure_core::Result<AsyncRawResponse> {
        let outcome = self.ask(request).await.and_then(|answer| {
            let body = if answer.is_success() { (self.normalise)(&answer)? } else { answer.body.clone() };
            Ok((answer, body))
        });
        let returned = match &outcome {
            Ok((answer, body)) => Ok(raw_response(answer, body)),
            Err(error) => Err(pipeline_error(error)),
        };
        self.record(outcome.map(|(answer, _)| answer));
        returned
    }
}

impl fmt::Debug for Exchange {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Exchange")
    }
}

fn converted(client: &reqwest::Client, request: &Request) -> Result<reqwest::Request, Error> {
    let method = match request.method() {
        Method::Get => reqwest::Method::GET,
        Method::Post => reqwest::Method::POST,
        _ => return Err(Error::new(ErrorKind::Internal, "a token is asked for with GET or POST")),
    };
    let mut builder = client.request(method, request.url().clone());
    for (name, value) in request.headers().iter() {
        builder = builder.header(name.as_str(), value.as_str());
    }
    let Body::Bytes(body) = request.body() else {
        return Err(Error::new(ErrorKind::Internal, "a request for a token has a body of bytes"));
    };
    builder.body(body.clone()).build().map_err(|error| {
        Error::new(ErrorKind::Internal, "the request cannot be made").with_causes(vec![error.without_url().to_string()])
    })
}

async fn read(
    mut response: reqwest::Response,
    redaction: Redaction,
    context: &failure::Context<'_>,
) -> Result<Answer, Error> {
    let header = |name: &str| response.headers().get(name).and_then(|value| value.to_str().ok()).map(str::to_owned);
    let status = response.status().as_u16();
    let content_type = header("content-type");
    let retry_after = header("retry-after").and_then(|value| retry_after(&value, header("date").as_deref()));
    let mut body = Zeroizing::new(Vec::with_capacity(8 * 1024));
    while let Some(piece) = response.chunk().await.map_err(|error| context.interrupted(&error))? {
        if body.len() + piece.len() > MOST_BODY {
            return Err(context.oversized(MOST_BODY));
        }
        body.extend_from_slice(&piece);
    }
    Ok(Answer { status, content_type, retry_after, body, redaction })
}

fn raw_response(answer: &Answer, body: &[u8]) -> AsyncRawResponse {
    let mut headers = Headers::new();
    if let Some(content_type) = &answer.content_type {
        headers.insert(HeaderName::from_static("content-type"), HeaderValue::from(content_type.clone()));
    }
    AsyncRawResponse::from_bytes(answer.status.into(), headers, body.to_vec())
}

/// What decides about another try is the kind alone: `Io` asks the retry rule, `Other` is final.
fn pipeline_error(error: &Error) -> azure_core::Error {
    let kind = if error.retryable() { azure_core::error::ErrorKind::Io } else { azure_core::error::ErrorKind::Other };
    azure_core::Error::with_message(kind, error.message().to_owned())
}
