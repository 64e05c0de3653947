use super::{is_retryable_status, shown::shown, CredentialKind, Obstacle, Resource, Topic};
use std::{fmt, sync::Arc, time::Duration};

/// AADSTS90033: Entra ID asks to try again, with the status 400.
const TRANSIENT: i64 = 90_033;

/// What went wrong, in one word; each has a stable code in JavaScript.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// A setting is missing, malformed or contradictory.
    Configuration,
    /// A source could not even try: nothing is there that it could ask.
    CredentialUnavailable,
    /// The service that issues tokens refused.
    Authentication,
    /// The service that issues tokens limits requests or is out of order; the same request may succeed later.
    ServiceUnavailable,
    /// The machine has no more threads, descriptors, memory or processes for this process.
    ResourceExhausted,
    /// No usable answer came back.
    Network,
    /// The call's time was up.
    Timeout,
    /// The caller gave up.
    Cancelled,
    /// A defect of ours.
    Internal,
}

impl ErrorKind {
    /// All of them.
    #[cfg(test)]
    pub(crate) const ALL: [Self; 9] = [
        Self::Configuration,
        Self::CredentialUnavailable,
        Self::Authentication,
        Self::ServiceUnavailable,
        Self::ResourceExhausted,
        Self::Network,
        Self::Timeout,
        Self::Cancelled,
        Self::Internal,
    ];

    /// The stable code.
    pub fn code(self) -> &'static str {
        match self {
            Self::Configuration => "ERR_CONFIGURATION",
            Self::CredentialUnavailable => "ERR_CREDENTIAL_UNAVAILABLE",
            Self::Authentication => "ERR_AUTHENTICATION",
            Self::ServiceUnavailable => "ERR_SERVICE_UNAVAILABLE",
            Self::ResourceExhausted => "ERR_RESOURCE_EXHAUSTED",
            Self::Network => "ERR_NETWORK",
            Self::Timeout => "ERR_TIMEOUT",
            Self::Cancelled => "ERR_CANCELLED",
            Self::Internal => "ERR_INTERNAL",
        }
    }
}

/// How far a call had come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Phase {
    /// Reading files, opening keys and signing: whatever precedes a request.
    #[default]
    Prepare,
    /// Waiting for an assertion that the program itself makes.
    Assertion,
    /// Waiting for another program, such as az.
    Program,
    /// Waiting for one of the connections to a host, which are bounded.
    Queue,
    /// Looking up the host's name.
    Dns,
    /// Opening the connection.
    Connect,
    /// Agreeing on TLS, which includes judging the server's certificate.
    Tls,
    /// Getting through the proxy.
    Proxy,
    /// Sending the request and waiting for the answer's head.
    Request,
    /// Reading the answer.
    Response,
    /// Waiting before another try.
    Retry,
}

impl Phase {
    /// The name that JavaScript sees, stable.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Prepare => "prepare",
            Self::Assertion => "assertion",
            Self::Program => "program",
            Self::Queue => "queue",
            Self::Dns => "dns",
            Self::Connect => "connect",
            Self::Tls => "tls",
            Self::Proxy => "proxy",
            Self::Request => "request",
            Self::Response => "response",
            Self::Retry => "retry",
        }
    }
}

/// What Entra ID (or a service of its kind) said when it refused.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EntraRefusal {
    /// The HTTP status; none where a tool such as the Azure CLI reports the refusal.
    pub status_code: Option<u16>,
    /// The OAuth error code (RFC 6749 §5.2), such as `invalid_client`.
    pub error: Option<String>,
    /// The numbers of its AADSTS codes.
    pub error_codes: Vec<i64>,
    /// A finer reason, such as `bad_token`.
    pub suberror: Option<String>,
    /// Names this request in Entra ID's logs.
    pub correlation_id: Option<String>,
    /// Names it for Microsoft's support.
    pub trace_id: Option<String>,
    /// The claims to ask for next time (a claims challenge).
    pub claims: Option<String>,
}

impl EntraRefusal {
    /// Whether the service asks to try again later: by its status, by OAuth's `temporarily_unavailable`
    /// (<https://learn.microsoft.com/entra/identity-platform/reference-error-codes>), or by AADSTS90033.
    pub fn is_transient(&self) -> bool {
        self.status_code.is_some_and(is_retryable_status)
            || self.error.as_deref() == Some("temporarily_unavailable")
            || self.error_codes.contains(&TRANSIENT)
    }
}

/// What became of one source that was tried.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum AttemptOutcome {
    /// It gave the token.
    Used,
    /// It could not try.
    Unavailable,
    /// It tried and failed.
    Failed,
}

impl AttemptOutcome {
    /// The name that JavaScript sees, stable.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Used => "used",
            Self::Unavailable => "unavailable",
            Self::Failed => "failed",
        }
    }
}

/// One source that was tried for a token.
#[derive(Clone, Debug)]
pub struct Attempt {
    /// Which one.
    pub source: CredentialKind,
    /// What became of it.
    pub outcome: AttemptOutcome,
    /// Why it gave none, in a sentence.
    pub reason: Option<String>,
    /// How long it took.
    pub duration: Duration,
}

/// Why there is no token. Cheap to clone: one failure is shared by all who wait for the same token.
#[derive(Clone)]
pub struct Error(Arc<Details>);

#[derive(Clone)]
struct Details {
    kind: ErrorKind,
    message: String,
    retryable: bool,
    settings: Vec<String>,
    attempts: Vec<Attempt>,
    refusal: Option<EntraRefusal>,
    host: Option<String>,
    phase: Option<Phase>,
    causes: Vec<String>,
    rejection: Option<u32>,
    retry_after: Option<Duration>,
    resource: Option<Resource>,
    obstacle: Option<Obstacle>,
    topic: Option<Topic>,
}

impl Error {
    /// An error of that kind; everything else is added with the `with_` methods.
    pub fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        Self(Arc::new(Details {
            kind,
            message: message.into(),
            retryable: false,
            settings: Vec::new(),
            attempts: Vec::new(),
            refusal: None,
            host: None,
            phase: None,
            causes: Vec::new(),
            rejection: None,
            retry_after: None,
            resource: None,
            obstacle: None,
            topic: None,
        }))
    }

    /// A mistake in the settings named.
    pub fn configuration<S: Into<String>>(message: impl Into<String>, settings: impl IntoIterator<Item = S>) -> Self {
        Self::new(ErrorKind::Configuration, message).changed(|details| {
            details.settings = settings.into_iter().map(Into::into).collect();
        })
    }

    /// A refusal. A service that limits requests or is out of order has not judged the credential: that is
    /// [`ErrorKind::ServiceUnavailable`], and the same call may succeed later.
    pub fn refused(message: impl Into<String>, refusal: EntraRefusal) -> Self {
        let transient = refusal.is_transient();
        let kind = if transient { ErrorKind::ServiceUnavailable } else { ErrorKind::Authentication };
        Self::new(kind, message).with_refusal(refusal).with_retryable(transient)
    }

    /// The machine refused a resource that the call needs. The same call may succeed once others release some.
    pub fn exhausted(resource: Resource, message: impl Into<String>) -> Self {
        let error = Self::new(ErrorKind::ResourceExhausted, message).with_retryable(true);
        error.changed(|details| details.resource = Some(resource))
    }

    /// The same error in other words.
    pub fn with_message(self, message: impl Into<String>) -> Self {
        self.changed(|details| details.message = message.into())
    }

    /// Whether the same call may succeed later without anybody mending anything.
    pub fn with_retryable(self, retryable: bool) -> Self {
        self.changed(|details| details.retryable = retryable)
    }

    /// Adds what the service said.
    pub fn with_refusal(self, refusal: EntraRefusal) -> Self {
        self.changed(|details| details.refusal = Some(refusal))
    }

    /// Adds how long the service asks its clients to wait.
    pub fn with_retry_after(self, wait: Duration) -> Self {
        self.changed(|details| details.retry_after = Some(wait))
    }

    /// Adds what kept the request from its service.
    pub fn with_obstacle(self, obstacle: Obstacle) -> Self {
        self.changed(|details| details.obstacle = Some(obstacle))
    }

    /// Adds whom we talked to.
    pub fn with_host(self, host: impl Into<String>) -> Self {
        let host = shown("the host's name", &host.into()).into_owned();
        self.changed(|details| details.host = Some(host))
    }

    /// Adds how far it had come.
    pub fn with_phase(self, phase: Phase) -> Self {
        self.changed(|details| details.phase = Some(phase))
    }

    /// Adds the chain of causes, outermost first.
    pub fn with_causes(self, causes: Vec<String>) -> Self {
        self.changed(|details| details.causes = causes)
    }

    /// Adds which call of the program's own function was rejected: the reason stays where it is, in the program.
    pub fn with_rejection(self, call: u32) -> Self {
        self.changed(|details| details.rejection = Some(call))
    }

    /// Adds the sources that were tried.
    pub fn with_attempts(self, attempts: Vec<Attempt>) -> Self {
        self.changed(|details| details.attempts = attempts)
    }

    /// Adds what it is about, unless somebody nearer to it has said so.
    pub fn with_topic(self, topic: Topic) -> Self {
        self.changed(|details| details.topic = details.topic.or(Some(topic)))
    }

    fn changed(mut self, change: impl FnOnce(&mut Details)) -> Self {
        change(Arc::make_mut(&mut self.0));
        self
    }

    /// The kind, which decides the code and the class in JavaScript.
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// What happened, to whom, and what to do next: for people.
    pub fn message(&self) -> &str {
        &self.0.message
    }

    /// Whether the same call may succeed later without anybody mending anything.
    pub fn retryable(&self) -> bool {
        self.0.retryable
    }

    /// The names of the settings concerned.
    pub fn settings(&self) -> &[String] {
        &self.0.settings
    }

    /// Every source that was tried.
    pub fn attempts(&self) -> &[Attempt] {
        &self.0.attempts
    }

    /// What the service said.
    pub fn refusal(&self) -> Option<&EntraRefusal> {
        self.0.refusal.as_ref()
    }

    /// How long the service asks its clients to wait, where it said so.
    pub fn retry_after(&self) -> Option<Duration> {
        self.0.retry_after
    }

    /// What the machine has no more of.
    pub fn resource(&self) -> Option<Resource> {
        self.0.resource
    }

    /// What kept the request from its service, where that decides about another try.
    pub fn obstacle(&self) -> Option<Obstacle> {
        self.0.obstacle
    }

    /// Whom we talked to.
    pub fn host(&self) -> Option<&str> {
        self.0.host.as_deref()
    }

    /// How far it had come.
    pub fn phase(&self) -> Option<Phase> {
        self.0.phase
    }

    /// The call of the program's own function whose rejection led to this.
    pub fn rejection(&self) -> Option<u32> {
        self.0.rejection
    }

    pub(super) fn own_topic(&self) -> Option<Topic> {
        self.0.topic
    }

    /// The chain of causes, outermost first.
    pub fn causes(&self) -> &[String] {
        &self.0.causes
    }
}

impl fmt::Display for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.message())
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Error")
            .field("code", &self.kind().code())
            .field("message", &self.message())
            .field("causes", &self.causes())
            .finish_non_exhaustive()
    }
}

impl std::error::Error for Error {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_service_that_asks_to_try_again_refuses_no_credential() {
        let refusal = |status_code, error: &str, code| EntraRefusal {
            status_code,
            error: Some(error.to_owned()),
            error_codes: vec![code],
            ..EntraRefusal::default()
        };
        let rows = [
            (refusal(Some(429), "invalid_client", 0), ErrorKind::ServiceUnavailable),
            (refusal(Some(503), "", 0), ErrorKind::ServiceUnavailable),
            (refusal(Some(400), "temporarily_unavailable", 0), ErrorKind::ServiceUnavailable),
            (refusal(Some(400), "invalid_request", 90_033), ErrorKind::ServiceUnavailable),
            (refusal(None, "", 90_033), ErrorKind::ServiceUnavailable),
            (refusal(Some(401), "invalid_client", 7_000_215), ErrorKind::Authentication),
            (refusal(None, "", 500_011), ErrorKind::Authentication),
        ];
        for (refusal, kind) in rows {
            let error = Error::refused("", refusal.clone());
            assert_eq!((error.kind(), error.retryable()), (kind, kind == ErrorKind::ServiceUnavailable), "{refusal:?}");
        }
    }

    #[test]
    fn a_shortage_of_the_machine_is_retryable_and_names_the_resource() {
        let error = Error::exhausted(Resource::Threads, "no thread");
        assert_eq!((error.kind(), error.resource()), (ErrorKind::ResourceExhausted, Some(Resource::Threads)));
        assert!(error.retryable());
    }
}
