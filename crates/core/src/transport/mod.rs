//! Floor 3: the network. One [`Transport`] for each distinct [`NetworkSettings`](crate::config::NetworkSettings),
//! one [`Exchange`] over it for each acquisition.

mod answer;
mod bridge;
mod certificate_source;
mod deadline;
mod exchange;
mod failure;
mod fetch;
mod gate;
mod http;
mod pinned;
mod provider;
mod proxy_answer;
mod proxy_failure;
mod redaction;
mod rejected;
mod retry;
mod retry_after;
mod retry_policy;
mod roots;
mod signatures;
mod steps;
mod system_roots;
mod tls_words;
mod transports;
mod tries;
mod verifier;
mod wire;

pub(crate) use answer::Answer;
pub(crate) use deadline::Deadline;
pub(crate) use exchange::Exchange;
pub(crate) use fetch::{fetch, fetch_from_host};
pub(crate) use http::Transport;
pub(crate) use redaction::Redaction;
pub(crate) use retry::RetryRules;
pub(crate) use retry_after::Jitter;
pub(crate) use retry_policy::RetryRule;
pub(crate) use transports::Transports;
pub use wire::{Wire, WireAnswer, WireRequest};

#[cfg(test)]
mod tests;
