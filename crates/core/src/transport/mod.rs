//! Layer 3: the network. One [`Transport`] for each distinct [`NetworkSettings`](crate::config::NetworkSettings),
//! one [`Exchange`] over it for each acquisition.

mod answer;
mod bounded_stream;
mod certificate_source;
mod connect;
mod connection;
mod connections;
mod crypto_provider;
mod deadline;
mod dial;
mod exchange;
mod failure;
mod fetch;
mod http;
mod http_stub;
mod outgoing_request;
mod pinned;
mod proxy_failure;
mod random_number;
mod redaction;
mod rejected_certificate;
mod retry;
mod retry_after;
mod retry_state;
mod roots;
mod signatures;
mod system_roots;
mod tls_messages;
mod tracing_log;
mod transports;
mod tunnel;
mod verifier;

pub(crate) use answer::{Answer, RefusalBody};
pub(crate) use deadline::Deadline;
pub(crate) use exchange::Exchange;
pub(crate) use fetch::{fetch, fetch_from_host};
pub(crate) use http::Transport;
pub use http_stub::{HttpStub, StubAnswer, StubRequest};
#[cfg(test)]
pub(crate) use random_number::seed_random_numbers;
pub(crate) use redaction::{secrets_of_address, Redaction};
pub(crate) use retry::RetryRules;
pub(crate) use retry_after::Jitter;
pub(crate) use transports::Transports;

#[cfg(test)]
mod tests;
