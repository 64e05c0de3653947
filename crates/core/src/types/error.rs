use super::{
    safe_display::shown, Attempt, EntraRefusal, ErrorKind, HelpAnchor, Phase, Resource, TokenIdentity, UnreachedCause,
};
use std::{fmt, sync::Arc, time::Duration};

/// Why there is no token. Cloning is cheap: all calls that wait for the same token share one failure.
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
    unreached_cause: Option<UnreachedCause>,
    identities: Option<Box<(TokenIdentity, TokenIdentity)>>,
    help: Option<HelpAnchor>,
}

impl Error {
    /// Makes an error of that kind. The `with_` methods add everything else.
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
            unreached_cause: None,
            identities: None,
            help: None,
        }))
    }

    /// Makes the error for wrong settings with these names.
    pub fn configuration<S: Into<String>>(message: impl Into<String>, settings: impl IntoIterator<Item = S>) -> Self {
        Self::new(ErrorKind::Configuration, message).changed(|details| {
            details.settings = settings.into_iter().map(Into::into).collect();
        })
    }

    /// Makes the error for a refusal. A service that throttles requests or is unavailable has not judged the
    /// credential: that is [`ErrorKind::ServiceUnavailable`], and the same call may succeed later.
    pub fn refused(message: impl Into<String>, refusal: EntraRefusal) -> Self {
        let transient = refusal.is_transient();
        let kind = if transient { ErrorKind::ServiceUnavailable } else { ErrorKind::Authentication };
        Self::new(kind, message).with_refusal(refusal).with_retryable(transient)
    }

    /// Makes the error for a resource that the machine refused. The same call may succeed once other programs release
    /// some of it.
    pub fn exhausted(resource: Resource, message: impl Into<String>) -> Self {
        let error = Self::new(ErrorKind::ResourceExhausted, message).with_retryable(true);
        error.changed(|details| details.resource = Some(resource))
    }

    /// Returns the error with another message.
    pub fn with_message(self, message: impl Into<String>) -> Self {
        self.changed(|details| details.message = message.into())
    }

    /// Sets whether the same call may succeed later without any change.
    pub fn with_retryable(self, retryable: bool) -> Self {
        self.changed(|details| details.retryable = retryable)
    }

    /// Adds the content of the service's refusal.
    pub fn with_refusal(self, refusal: EntraRefusal) -> Self {
        self.changed(|details| details.refusal = Some(refusal))
    }

    /// Adds how long the service asks its clients to wait.
    pub fn with_retry_after(self, wait: Duration) -> Self {
        self.changed(|details| details.retry_after = Some(wait))
    }

    /// Adds why the request did not reach its service.
    pub fn with_unreached_cause(self, unreached_cause: UnreachedCause) -> Self {
        self.changed(|details| details.unreached_cause = Some(unreached_cause))
    }

    /// Adds the identity that was expected, and the one that was found.
    pub(crate) fn with_identities(self, expected: TokenIdentity, found: TokenIdentity) -> Self {
        self.changed(|details| details.identities = Some(Box::new((expected, found))))
    }

    /// Adds the host that was asked.
    pub fn with_host(self, host: impl Into<String>) -> Self {
        let host = shown("the host's name", &host.into()).into_owned();
        self.changed(|details| details.host = Some(host))
    }

    /// Adds the phase that the call had reached.
    pub fn with_phase(self, phase: Phase) -> Self {
        self.changed(|details| details.phase = Some(phase))
    }

    /// Adds the chain of causes, outermost first.
    pub fn with_causes(self, causes: Vec<String>) -> Self {
        self.changed(|details| details.causes = causes)
    }

    /// Adds the number of the call in which the program's own function was rejected: the reason stays in the program.
    pub fn with_rejection(self, call: u32) -> Self {
        self.changed(|details| details.rejection = Some(call))
    }

    /// Adds the sources that were tried.
    pub fn with_attempts(self, attempts: Vec<Attempt>) -> Self {
        self.changed(|details| details.attempts = attempts)
    }

    /// Adds the section that explains it, unless one was added before.
    pub fn with_help(self, help: HelpAnchor) -> Self {
        self.changed(|details| details.help = details.help.or(Some(help)))
    }

    fn changed(mut self, change: impl FnOnce(&mut Details)) -> Self {
        change(Arc::make_mut(&mut self.0));
        self
    }

    /// Returns the kind, which decides the code and the class in JavaScript.
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// Returns the sentences for the user: what happened, at which host or program, and what to do next.
    pub fn message(&self) -> &str {
        &self.0.message
    }

    /// Returns whether the same call may succeed later without any change.
    pub fn retryable(&self) -> bool {
        self.0.retryable
    }

    /// Returns the names of the settings concerned.
    pub fn settings(&self) -> &[String] {
        &self.0.settings
    }

    /// Returns every source that was tried.
    pub fn attempts(&self) -> &[Attempt] {
        &self.0.attempts
    }

    /// Returns the content of the service's refusal.
    pub fn refusal(&self) -> Option<&EntraRefusal> {
        self.0.refusal.as_ref()
    }

    /// Returns how long the service asks its clients to wait, if it says so.
    pub fn retry_after(&self) -> Option<Duration> {
        self.0.retry_after
    }

    /// Returns how long a service that throttles requests or is unavailable asks not to be called.
    pub(crate) fn throttling(&self) -> Option<Duration> {
        self.retry_after().filter(|_| self.kind() == ErrorKind::ServiceUnavailable)
    }

    /// Returns the resource that the machine lacks.
    pub fn resource(&self) -> Option<Resource> {
        self.0.resource
    }

    /// Returns why the request did not reach its service, if that decides about another try.
    pub fn unreached_cause(&self) -> Option<UnreachedCause> {
        self.0.unreached_cause
    }

    /// Returns the identity that was expected, and the one that was found.
    pub fn identities(&self) -> Option<&(TokenIdentity, TokenIdentity)> {
        self.0.identities.as_deref()
    }

    /// Returns the host that was asked.
    pub fn host(&self) -> Option<&str> {
        self.0.host.as_deref()
    }

    /// Returns the phase that the call had reached.
    pub fn phase(&self) -> Option<Phase> {
        self.0.phase
    }

    /// Returns the number of the call in which the program's own function was rejected.
    pub fn rejection(&self) -> Option<u32> {
        self.0.rejection
    }

    /// Returns the section that explains the error: about the credential that failed, if one did. Problems between this
    /// machine and a host are the same for all credentials, and a defect of this package belongs to none.
    pub fn help(&self) -> HelpAnchor {
        let of_code = HelpAnchor::Code(self.kind());
        match self.kind() {
            ErrorKind::Network | ErrorKind::Timeout if self.host().is_some() => of_code,
            ErrorKind::ServiceUnavailable
            | ErrorKind::ResourceExhausted
            | ErrorKind::UnexpectedIdentity
            | ErrorKind::Internal
            | ErrorKind::Cancelled => of_code,
            _ => self.0.help.or_else(|| self.last_attempt()).unwrap_or(of_code),
        }
    }

    fn last_attempt(&self) -> Option<HelpAnchor> {
        self.attempts().last().map(|attempt| HelpAnchor::Credential(attempt.source))
    }

    /// Returns the chain of causes, outermost first.
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
    fn a_service_that_asks_to_try_again_has_not_refused_the_credential() {
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
