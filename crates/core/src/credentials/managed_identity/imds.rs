//! The instance metadata service of virtual machines, scale sets and AKS nodes. Source of its rules: "How to use
//! managed identities for Azure resources on an Azure VM to acquire an access token" (Microsoft Learn) and azidentity.

use super::{answer, error_body::ErrorBody, named, refusal::Service, stated_identity::check_identity};
use crate::{
    credentials::Acquisition,
    credentials::ManagedIdentityId,
    host::Progress,
    transport::{Answer, RetryRules},
    types::{is_retryable_status, shown, AccessToken, EntraRefusal, Error, ErrorKind, Phase, UnreachedCause},
};
use azure_core::http::{Request, StatusCode};
use serde::de::IgnoredAny;
use std::{future::Future, pin::pin, time::Duration};
use tokio::time::timeout;

const API_VERSION: &str = "2018-02-01";

/// The service cannot answer for a while after the machine's start (404), during an update (410: up to 70 s) and under
/// load (429). The waits are 2, 4, 8, 16, 25 and 25 s, unless the caller's time ends before. If no answer comes at all,
/// one more try is enough.
const RULES: RetryRules = RetryRules {
    most_tries: 7,
    most_unreached: 2,
    most_lookups: 2,
    refused_wait: None,
    first_wait: Duration::from_secs(2),
    longest_wait: Duration::from_secs(25),
    scatter: RetryRules::ENTRA.scatter,
    statuses: &[
        StatusCode::NotFound,
        StatusCode::Gone,
        StatusCode::TooManyRequests,
        StatusCode::InternalServerError,
        StatusCode::NotImplemented,
        StatusCode::BadGateway,
        StatusCode::ServiceUnavailable,
        StatusCode::GatewayTimeout,
        StatusCode::HttpVersionNotSupported,
        StatusCode::VariantAlsoNegotiates,
        StatusCode::InsufficientStorage,
        StatusCode::LoopDetected,
        StatusCode::NotExtended,
        StatusCode::NetworkAuthenticationRequired,
    ],
};

/// Sends one request to find out whether the service exists.
const PROBE_RULES: RetryRules = RetryRules { most_tries: 1, most_unreached: 1, ..RULES };
const PROBE_TIME: Duration = Duration::from_secs(1);

/// How often a probe checks in which phase its request is.
const LOOK: Duration = Duration::from_millis(100);

/// The service, and the identity whose token it requests.
pub(super) struct Imds<'a> {
    pub(super) service: &'a Service,
    pub(super) authority_host: &'a str,
    pub(super) identity: &'a ManagedIdentityId,
    /// Whether a probe has found the service before.
    pub(super) is_looked_for: bool,
}

/// Checks whether the service exists, unless it has given a token before. The probe omits the header that the service
/// requires, and the service refuses such a request in JSON. Any other answer at this address comes from another
/// service, for instance in another cloud (as in Azure's SDKs). A service that throttles, is updated or is out of order
/// often answers without JSON: it exists. Azure's SDKs consider it absent then, and use another identity.
pub(super) async fn probed(service: &Service, authority_host: &str, acquisition: &Acquisition) -> Result<(), Error> {
    if acquisition.known_hosts.contains(authority_host) {
        return Ok(());
    }
    let request = service.get(&[("api-version", API_VERSION)]);
    let asked = service.answer(&PROBE_RULES, acquisition, request);
    match soon(asked).await {
        Some(Ok(answer)) if is_gateway_of_docker(&answer) => {
            Err(absent(authority_host, "was not reached: a gateway answered in its place"))
        }
        Some(Ok(answer)) if is_out_of_order(&answer) => Ok(()),
        Some(Ok(answer)) if serde_json::from_slice::<IgnoredAny>(&answer.body).is_err() => {
            Err(absent(authority_host, "was not reached: another service answered in its place"))
        }
        Some(Ok(_)) => Ok(()),
        Some(Err(error)) => Err(silent(authority_host, error)),
        None => Err(absent(authority_host, "did not answer within a second")),
    }
}

/// Returns the outcome of a request, if it comes within a second. The time in which the request waits for a connection
/// does not count: until then the service has not received it, and a program that requests many tokens at once has no
/// free connection.
async fn soon<T>(asked: impl Future<Output = T>) -> Option<T> {
    let mut asked = pin!(asked);
    let mut left = PROBE_TIME;
    while !left.is_zero() {
        if let Ok(outcome) = timeout(LOOK, &mut asked).await {
            return Some(outcome);
        }
        let is_queued = Progress::current().is_some_and(|step| step.phase == Phase::Queue);
        left = left.saturating_sub(if is_queued { Duration::ZERO } else { LOOK });
    }
    None
}

impl Imds<'_> {
    pub(super) async fn token(&self, acquisition: &Acquisition, resource: &str) -> Result<AccessToken, Error> {
        let is_known = self.is_looked_for || acquisition.known_hosts.contains(self.authority_host);
        let asked = self.service.answer(&RULES, acquisition, self.request(resource));
        let answer = asked.await.map_err(|error| self.unreached(error, is_known))?;
        if !answer.is_success() {
            return Err(self.refusal(&answer, is_known));
        }
        let token = answer::token(&answer, acquisition.host.clock.now());
        let token = token.map_err(|error| error.with_host(self.service.host()))?;
        acquisition.known_hosts.add(self.authority_host);
        check_identity(self.service, self.identity, &answer)?;
        Ok(token)
    }

    fn request(&self, resource: &str) -> Request {
        let mut parameters = vec![("api-version", API_VERSION), ("resource", resource)];
        parameters.extend(named(self.identity, ["client_id", "object_id", "msi_res_id"]));
        let mut request = self.service.get(&parameters);
        request.insert_header("metadata", "true");
        request
    }

    /// If no service exists, this is no Azure machine. The function returns every other error unchanged, also if a
    /// service that is known to exist does not answer: a program must not log in as another identity because the
    /// service has an outage.
    fn unreached(&self, error: Error, is_known: bool) -> Error {
        match error.phase() {
            Some(Phase::Dns | Phase::Connect) if is_known => error.with_retryable(true),
            Some(Phase::Dns | Phase::Connect) => silent(self.authority_host, error),
            _ => error,
        }
    }

    /// The text of a 400 decides: the identity is missing, or something else is wrong. A gateway answers in place of a
    /// service that is known to exist only while the gateway cannot reach it.
    fn refusal(&self, answer: &Answer, is_known: bool) -> Error {
        let error = self.service.refusal(answer);
        if is_gateway_of_docker(answer) {
            let absent = || absent(self.authority_host, "was not reached: a gateway answered in its place");
            return if is_known { error.with_retryable(true) } else { absent() };
        }
        let said = ErrorBody::parse(answer).filter(|said| said.code.is_some());
        if answer.status != 400 || said.is_some_and(|said| !said.is_absence()) {
            return error;
        }
        match named(self.identity, super::OPTIONS) {
            Some((option, id)) => self.without_named(answer, &error, option, id),
            None => self.without_identity(&error),
        }
    }

    fn without_identity(&self, error: &Error) -> Error {
        let said = error.message().trim_end_matches('.').to_owned();
        let message = format!("{said}. The machine has no system-assigned identity, or several identities: assign one, or name one by clientId");
        Error::new(ErrorKind::CredentialUnavailable, message).with_causes(vec![said]).with_host(self.service.host())
    }

    fn without_named(&self, answer: &Answer, error: &Error, option: &str, id: &str) -> Error {
        let (said, id) = (error.message().trim_end_matches('.'), shown(option, id));
        let message = format!("{said}. Check that the identity with the {option} {id} is assigned to this machine");
        let unread = || EntraRefusal::of_status(answer.status);
        let refusal = error.refusal().cloned().unwrap_or_else(unread);
        Error::new(ErrorKind::Authentication, message).with_refusal(refusal).with_host(self.service.host())
    }
}

/// Only a service that does not exist is an absence: a machine that lacks a resource cannot find out.
fn silent(authority_host: &str, error: Error) -> Error {
    if error.kind() != ErrorKind::Network || error.unreached_cause() == Some(UnreachedCause::NoLocalPort) {
        return error;
    }
    let causes = [vec![error.message().to_owned()], error.causes().to_vec()].concat();
    let silent = absent(authority_host, "did not answer").with_causes(causes);
    silent.with_phase(error.phase().unwrap_or(Phase::Connect))
}

fn absent(authority_host: &str, what: &str) -> Error {
    let authority_host = &*shown("AZURE_POD_IDENTITY_AUTHORITY_HOST", authority_host);
    let message = format!(
        "there is no managed identity here: the instance metadata service (IMDS) at {authority_host} \
         {what}. On an Azure machine, check that a firewall or a network policy lets this program reach it"
    );
    Error::new(ErrorKind::CredentialUnavailable, message).with_host(authority_host)
}

/// The service is being updated if it answers with 410.
fn is_out_of_order(answer: &Answer) -> bool {
    is_retryable_status(answer.status) || answer.status == 410
}

/// Docker Desktop answers for a network that it cannot reach (azidentity: "A socket operation was attempted to an
/// unreachable network").
fn is_gateway_of_docker(answer: &Answer) -> bool {
    let unreachable = b"unreachable";
    answer.status == 403 && answer.body.windows(unreachable.len()).any(|window| window == unreachable)
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::time::sleep;

    /// Returns whether `soon` returns an answer after these waits for a connection and for the service.
    async fn is_heard(queue: u64, service: u64) -> bool {
        let asked = async {
            Progress::enter(Phase::Queue);
            sleep(Duration::from_millis(queue)).await;
            Progress::enter(Phase::Request);
            sleep(Duration::from_millis(service)).await;
        };
        Progress::default().follow(soon(asked)).await.is_some()
    }

    #[tokio::test(start_paused = true)]
    async fn a_service_that_has_received_no_request_yet_is_not_absent() {
        for (queue, service, heard) in [(0, 900, true), (0, 1100, false), (9000, 900, true), (9000, 1100, false)] {
            assert_eq!(is_heard(queue, service).await, heard, "{queue} {service}");
        }
    }
}
