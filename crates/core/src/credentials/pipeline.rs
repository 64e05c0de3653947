//! Sends the requests that `azure_identity` does not make. They use `azure_core`'s pipeline, so they have the same
//! request ids, user agent and retry rules as all others.

use super::Acquisition;
use crate::{
    transport::{Answer, Exchange, RetryRules, Transport},
    types::{user_information, Error, ErrorKind},
};
use azure_core::http::{
    headers::AUTHORIZATION, policies::Policy, ClientOptions, Context, Method, Pipeline, PipelineSendOptions, Request,
    RetryOptions, Transport as AzureTransport, Url, UserAgentOptions,
};
use base64::{engine::general_purpose::STANDARD, Engine};
use std::sync::Arc;

/// Makes a request. User and password of the address move into a header, as they would on the wire, because the address
/// is logged.
pub(super) fn request(mut url: Url, method: Method) -> Request {
    let user = user_information(&url);
    // Only addresses without a host refuse this, and they have no user.
    let _ = url.set_username("").and_then(|()| url.set_password(None));
    let mut request = Request::new(url, method);
    if let Some(user) = user {
        request.insert_header(AUTHORIZATION, format!("Basic {}", STANDARD.encode(user.expose())));
    }
    request
}

/// Sends the request over the acquisition's own transport and returns the last answer, whatever its status.
pub(super) async fn answer(acquisition: &Acquisition, request: Request) -> Result<Answer, Error> {
    answer_over(&acquisition.transport, acquisition, request, Vec::new()).await
}

/// Sends the request over another transport and through more policies.
pub(super) async fn answer_over(
    transport: &Arc<Transport>,
    acquisition: &Acquisition,
    request: Request,
    policies: Vec<Arc<dyn Policy>>,
) -> Result<Answer, Error> {
    sent(&acquisition.exchange(&RetryRules::ENTRA, transport), request, policies).await
}

/// Sends the request to a service of the host, which has its own rules for trying again.
pub(super) async fn answer_of_host(
    rules: &RetryRules,
    transport: &Arc<Transport>,
    acquisition: &Acquisition,
    request: Request,
) -> Result<Answer, Error> {
    sent(&acquisition.exchange(rules, transport), request, Vec::new()).await
}

async fn sent(exchange: &Arc<Exchange>, mut request: Request, policies: Vec<Arc<dyn Policy>>) -> Result<Answer, Error> {
    let pipeline = Pipeline::new(
        option_env!("CARGO_PKG_NAME"),
        option_env!("CARGO_PKG_VERSION"),
        client_options(exchange),
        policies,
        Vec::new(),
        None,
    );
    let options = PipelineSendOptions { skip_checks: true, ..PipelineSendOptions::default() };
    let sent = exchange.during(pipeline.send(&Context::default(), &mut request, Some(options))).await;
    match (exchange.outcome(), sent) {
        (Some(outcome), _) => outcome,
        (None, Err(error)) => Err(not_sent(vec![error.to_string()])),
        (None, Ok(_)) => Err(not_sent(Vec::new())),
    }
}

/// The options of all pipelines.
pub(super) fn client_options(exchange: &Arc<Exchange>) -> ClientOptions {
    ClientOptions {
        transport: Some(AzureTransport::new(Arc::clone(exchange) as Arc<_>)),
        // The exchange itself tries again.
        retry: RetryOptions::none(),
        user_agent: UserAgentOptions { application_id: Some("azure-client-token".to_owned()) },
        ..ClientOptions::default()
    }
}

fn not_sent(causes: Vec<String>) -> Error {
    Error::new(ErrorKind::Internal, "the request could not be made").with_causes(causes)
}
