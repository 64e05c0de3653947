//! The token service of a managed identity, and its errors.

use super::error_body::{plain_text, ErrorBody};
use crate::{
    credentials::ManagedIdentityHost,
    credentials::{advice, pipeline, Acquisition},
    transport::{Answer, RetryRules, Transport},
    types::{is_retryable_status, shown_host, EntraRefusal, Error, ErrorKind, Phase, UnreachedCause},
};
use azure_core::http::{Method, Request, Url};
use std::sync::Arc;

/// A token service.
pub(in crate::credentials) struct Service {
    /// Its name in a sentence.
    name: &'static str,
    /// The variable that names its address.
    setting: &'static str,
    address: Url,
    /// What the user can do if the service does not answer.
    advice: &'static str,
}

impl Service {
    /// # Errors
    /// [`ErrorKind::Configuration`] if its address is not valid.
    pub(in crate::credentials) fn of(host: &ManagedIdentityHost) -> Result<Self, Error> {
        Ok(Self { name: host.in_words(), setting: host.setting(), address: host.address()?, advice: advice_for(host) })
    }

    /// Returns its host, with the port unless it is the default one.
    pub(super) fn host(&self) -> String {
        shown_host(&self.address)
    }

    /// Returns its name and address: `Azure Arc's agent at localhost:40342 (IDENTITY_ENDPOINT)`.
    pub(super) fn place(&self) -> String {
        format!("{} at {} ({})", self.name, self.host(), self.setting)
    }

    /// Returns a GET request for the address, with these parameters after those of the address.
    pub(super) fn get(&self, parameters: &[(&str, &str)]) -> Request {
        let mut url = self.address.clone();
        url.query_pairs_mut().extend_pairs(parameters);
        pipeline::request(url, Method::Get)
    }

    pub(super) fn post(&self) -> Request {
        pipeline::request(self.address.clone(), Method::Post)
    }

    /// Sends the request and returns the answer, with any status.
    pub(super) async fn answer(
        &self,
        rules: &RetryRules,
        acquisition: &Acquisition,
        request: Request,
    ) -> Result<Answer, Error> {
        self.answer_over(&acquisition.direct, rules, acquisition, request).await
    }

    /// The same over another transport.
    pub(super) async fn answer_over(
        &self,
        transport: &Arc<Transport>,
        rules: &RetryRules,
        acquisition: &Acquisition,
        request: Request,
    ) -> Result<Answer, Error> {
        let answer = pipeline::answer_of_host(rules, transport, acquisition, request).await;
        answer.map_err(|error| self.unconnected(error))
    }

    /// A variable names the address, and the request never goes through a proxy: the advice differs from that for the
    /// internet.
    fn unconnected(&self, error: Error) -> Error {
        let what = match error.phase() {
            Some(Phase::Connect) if error.unreached_cause() == Some(UnreachedCause::Refused) => {
                "refuses the connection"
            }
            Some(Phase::Connect) => "cannot be reached",
            Some(Phase::Dns) => "cannot be reached, because its name is not resolved",
            _ => return error,
        };
        let causes = [vec![error.message().to_owned()], error.causes().to_vec()].concat();
        let message = format!("{} {what}: {}", self.place(), self.advice);
        error.with_message(message).with_causes(causes)
    }

    /// Returns an unsuccessful answer as an error with the service's own words.
    pub(in crate::credentials) fn refusal(&self, answer: &Answer) -> Error {
        let error = match ErrorBody::parse(answer) {
            Some(said) => self.refused(answer, said),
            None => self.unexplained(answer),
        };
        // 410: the metadata service is being updated, for 70 s at the most.
        let retryable = error.retryable() || answer.status == 410;
        let error = error.with_host(self.host()).with_retryable(retryable);
        answer.retry_after.map_or(error.clone(), |wait| error.with_retry_after(wait))
    }

    fn refused(&self, answer: &Answer, said: ErrorBody) -> Error {
        let ids = [("correlation id", &said.correlation_id), ("trace id", &said.trace_id)];
        let ids: Vec<_> = ids.iter().filter_map(|(name, id)| Some(format!("{name} {}", id.as_ref()?))).collect();
        let ids = if ids.is_empty() { String::new() } else { format!(" [{}]", ids.join(", ")) };
        let advice = match said.numbers.as_slice() {
            [] => String::new(),
            numbers => format!(". {}", advice::for_codes(numbers, "the managed identity")),
        };
        let message = format!("{} refused a token of its managed identity: {}{advice}{ids}", self.name, said.reason);
        let refusal = EntraRefusal {
            status_code: Some(answer.status),
            error: said.code,
            error_codes: said.numbers,
            correlation_id: said.correlation_id,
            trace_id: said.trace_id,
            ..EntraRefusal::default()
        };
        Error::refused(message, refusal)
    }

    fn unexplained(&self, answer: &Answer) -> Error {
        let kind = answer.redaction.readable(answer.content_type.as_deref().unwrap_or("no content type"));
        let what = plain_text(answer).map_or_else(
            || format!("and no reason ({kind}, {} bytes)", answer.body.len()),
            |text| format!("and: {text}"),
        );
        let message = format!("{} answered with status {} {what}", self.place(), answer.status);
        if is_retryable_status(answer.status) {
            let refusal = EntraRefusal::of_status(answer.status);
            return Error::refused(message, refusal);
        }
        Error::new(ErrorKind::Network, message).with_phase(Phase::Response)
    }
}

fn advice_for(host: &ManagedIdentityHost) -> &'static str {
    match host {
        ManagedIdentityHost::Imds { .. } => "check that a firewall or a network policy lets this program reach it",
        ManagedIdentityHost::Arc { .. } => {
            "check that the agent runs (azcmagent show). A container reaches it only over the network of its host; where it \
             cannot, remove IDENTITY_ENDPOINT and IMDS_ENDPOINT"
        }
        _ => "check that the program runs where the variable was set, and restart it there",
    }
}
