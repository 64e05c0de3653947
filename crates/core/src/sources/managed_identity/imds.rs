//! The instance metadata service of virtual machines, scale sets and AKS nodes. Source of its rules: "How to use
//! managed identities for Azure resources on an Azure VM to acquire an access token" (Microsoft Learn) and azidentity.

use super::{get, judged, named, refusal::Service};
use crate::{
    config::ManagedIdentityId,
    sources::{pipeline, Acquisition},
    transport::{Answer, RetryRules},
    types::{shown, AccessToken, EntraRefusal, Error, ErrorKind, Phase},
};
use azure_core::http::{Request, StatusCode};
use serde::de::IgnoredAny;
use std::time::Duration;

const PATH: &str = "/metadata/identity/oauth2/token";
const API_VERSION: &str = "2018-02-01";
const SETTING: &str = "AZURE_POD_IDENTITY_AUTHORITY_HOST";

/// It needs a while after the machine's start (404), while it is updated (410: up to 70 s) and under load (429).
/// 2, 4, 8, 16, 25 and 25 s, unless the caller's time is up before. Where nobody answers, a second try is enough.
const RULES: RetryRules = RetryRules {
    most_tries: 7,
    most_unreached: 2,
    first_wait: Duration::from_secs(2),
    longest_wait: Duration::from_secs(25),
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

/// One request, to see whether anybody is there.
const PROBE_RULES: RetryRules = RetryRules { most_tries: 1, most_unreached: 1, ..RULES };
const PROBE_TIME: Duration = Duration::from_secs(1);

/// The service, and whose token to ask for.
pub(super) struct Imds<'a> {
    pub(super) authority_host: &'a str,
    pub(super) identity: &'a ManagedIdentityId,
    /// It has been looked for, and is there.
    pub(super) is_known: bool,
}

/// Looks whether it is there. Without the header that it wants it refuses, in JSON: whatever else answers at this
/// address, in another cloud for instance, is something else (as in Azure's SDKs).
pub(super) async fn probed(authority_host: &str, acquisition: &Acquisition) -> Result<(), Error> {
    let request = get(&address_at(authority_host), SETTING, &[("api-version", API_VERSION)])?;
    let asked = pipeline::answer_of_host(&PROBE_RULES, &acquisition.direct, acquisition, request);
    match tokio::time::timeout(PROBE_TIME, asked).await {
        Ok(Ok(answer)) if is_gateway_of_docker(&answer) => {
            Err(nobody(authority_host, "a gateway answered in its place"))
        }
        Ok(Ok(answer)) if serde_json::from_slice::<IgnoredAny>(&answer.body).is_err() => {
            Err(nobody(authority_host, "something else answered in its place"))
        }
        Ok(Ok(_)) => Ok(()),
        Ok(Err(error)) => Err(silent(authority_host, &error)),
        Err(_) => Err(nobody(authority_host, "it did not answer within a second")),
    }
}

impl Imds<'_> {
    pub(super) async fn token(&self, acquisition: &Acquisition, resource: &str) -> Result<AccessToken, Error> {
        let request = self.request(resource)?;
        let service = Service::of("the instance metadata service (IMDS)", &request);
        let answered = pipeline::answer_of_host(&RULES, &acquisition.direct, acquisition, request).await;
        let answer = answered.map_err(|error| self.unreached(error))?;
        judged(acquisition, &service, &answer).map_err(|error| self.classified(&answer, error))
    }

    fn request(&self, resource: &str) -> Result<Request, Error> {
        let mut parameters = vec![("api-version", API_VERSION), ("resource", resource)];
        parameters.extend(named(self.identity, ["client_id", "object_id", "msi_res_id"]));
        let mut request = get(&address_at(self.authority_host), SETTING, &parameters)?;
        request.insert_header("metadata", "true");
        Ok(request)
    }

    /// Nobody there means that this is no Azure machine. Whatever else kept an answer from coming is told as it is, and
    /// so is everything of a service that is known to be there: nobody must log in as somebody else because it stumbles.
    fn unreached(&self, error: Error) -> Error {
        match error.phase() {
            Some(Phase::Dns | Phase::Connect) if !self.is_known => silent(self.authority_host, &error),
            _ => error,
        }
    }

    /// A 400 where no identity was named says that the machine has none; where one was named it is an answer. So it
    /// is whatever else the answer says, and if it says nothing that can be read.
    fn classified(&self, answer: &Answer, error: Error) -> Error {
        if is_gateway_of_docker(answer) {
            return nobody(self.authority_host, "a gateway answered in its place");
        }
        if answer.status != 400 {
            return error;
        }
        let said = error.message().trim_end_matches('.').to_owned();
        let Some((option, id)) = named(self.identity, super::OPTIONS) else {
            let message = format!("{said}. The machine has no system-assigned identity, or several identities: assign one, or name one by clientId");
            return Error::new(ErrorKind::CredentialUnavailable, message)
                .with_causes(vec![said])
                .with_host(self.authority_host);
        };
        let advice = format!("Check that the identity with the {option} {id} is assigned to this machine");
        let unread = || EntraRefusal { status_code: Some(answer.status), ..EntraRefusal::default() };
        let refusal = error.refusal().cloned().unwrap_or_else(unread);
        Error::new(ErrorKind::Authentication, format!("{said}. {advice}"))
            .with_refusal(refusal)
            .with_host(self.authority_host)
    }
}

fn address_at(authority_host: &str) -> String {
    format!("{}{PATH}", authority_host.trim_end_matches('/'))
}

fn silent(authority_host: &str, error: &Error) -> Error {
    let causes = [vec![error.message().to_owned()], error.causes().to_vec()].concat();
    let silent = nobody(authority_host, "it did not answer").with_causes(causes);
    silent.with_phase(error.phase().unwrap_or(Phase::Connect))
}

fn nobody(authority_host: &str, what: &str) -> Error {
    let authority_host = &*shown(SETTING, authority_host);
    let message = format!(
        "there is no managed identity here: the instance metadata service (IMDS) at {authority_host} was asked, and \
         {what}. On an Azure machine, check that a firewall or a network policy lets this program reach it"
    );
    Error::new(ErrorKind::CredentialUnavailable, message).with_host(authority_host)
}

/// Docker Desktop answers for a network that it cannot reach (azidentity: "A socket operation was attempted to an
/// unreachable network").
fn is_gateway_of_docker(answer: &Answer) -> bool {
    let unreachable = b"unreachable";
    answer.status == 403 && answer.body.windows(unreachable.len()).any(|window| window == unreachable)
}
