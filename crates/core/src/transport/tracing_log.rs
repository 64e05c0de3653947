//! Writes the `tracing` events of Azure's crates to this package's log, as debug lines.
//!
//! Only their messages and the fields named here are written: other fields may contain anything, secrets included.

use super::redaction::is_proof;
use crate::host::{Clock, Log, LogLevel};
use std::{
    fmt::{Debug, Write},
    future::Future,
    sync::Once,
};
use tokio::task_local;
use tracing::{
    field::{Field, Visit},
    span::{Attributes, Id, Record},
    Dispatch, Event, Metadata, Subscriber,
};

task_local! {
    /// The log of the current task's request.
    static LOG: (Log, Clock);
}

static INSTALLED: Once = Once::new();

/// The fields of an event that may be logged.
const LOGGED_FIELDS: [&str; 3] = ["message", "http.response.status_code", "error.type"];

/// Runs a request so that the events of Azure's crates in it are written to that log.
pub(super) async fn with_tracing_log<F: Future>(log: &Log, clock: &Clock, request: F) -> F::Output {
    if !log.is_enabled(LogLevel::Debug) {
        return request.await;
    }
    INSTALLED.call_once(|| {
        // Fails only if there is a subscriber already, which then receives the events.
        let _ = tracing::dispatcher::set_global_default(Dispatch::new(TracingLog));
    });
    LOG.scope((log.clone(), clock.clone()), request).await
}

struct TracingLog;

impl Subscriber for TracingLog {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        let target = metadata.target();
        target.starts_with("azure_") || target.starts_with("typespec")
    }

    fn new_span(&self, _: &Attributes<'_>) -> Id {
        Id::from_u64(1)
    }

    fn record(&self, _: &Id, _: &Record<'_>) {}

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn event(&self, event: &Event<'_>) {
        let _ = LOG.try_with(|(log, clock)| {
            log.write(clock, LogLevel::Debug, || {
                let mut line = Line(event.metadata().target().to_owned());
                event.record(&mut line);
                line.0
            });
        });
    }

    fn enter(&self, _: &Id) {}

    fn exit(&self, _: &Id) {}
}

struct Line(String);

impl Visit for Line {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        if LOGGED_FIELDS.contains(&field.name()) {
            let _ = write!(self.0, " {}", plain_addresses(without_headers(&format!("{value:?}"))));
        }
    }
}

/// Azure's crates list the headers at the end of a message; the log contains no header's value.
fn without_headers(message: &str) -> &str {
    message.split(", headers:").next().unwrap_or_default()
}

/// Simplifies the addresses in a message: removes user and password before the host, a path that looks like a secret, and what
/// follows the path: Azure's crates hide the values of parameters, and a name without a value may be a key.
fn plain_addresses(message: &str) -> String {
    let mut parts = message.split("://");
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |text, part| {
        let (address, behind) = part.split_at(part.find(char::is_whitespace).unwrap_or(part.len()));
        let (authority, path) = address.split_at(address.find(['/', '?', '#', ',']).unwrap_or(address.len()));
        let host = &authority[authority.rfind('@').map_or(0, |at| at + 1)..];
        let path = if holds_secret(path) { "/***" } else { path.split(['?', '#']).next().unwrap_or_default() };
        text + "://" + host + path + behind
    })
}

/// Returns whether a path with parameters, or a part of it, looks like a secret.
fn holds_secret(path: &str) -> bool {
    path.split(['/', '?', '#', '&', ';', '=']).chain([path]).any(is_proof)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::{
        sync::{Arc, Mutex},
        time::UNIX_EPOCH,
    };

    #[tokio::test]
    async fn events_of_azures_crates_arrive_without_headers_and_those_of_others_do_not() {
        let lines = Arc::new(Mutex::new(Vec::new()));
        let received = Arc::clone(&lines);
        let log =
            Log::default().and_to(LogLevel::Debug, move |entry| received.lock().unwrap().push(entry.message.clone()));
        with_tracing_log(&log, &Clock::fake(|| UNIX_EPOCH), async {
            tracing::debug!(target: "azure_core::http", "==> Request: url: u, headers: {{ a: marker }}");
            tracing::debug!(target: "azure_core::http", secret = "marker", "logged");
            tracing::debug!(target: "azure_core::http", "url: http://u:marker@h/a@b, https://h/@, http://marker@h");
            tracing::debug!(target: "azure_core::http", "url: http://h/ghp_markermarker/x, https://h/x?sig=marker end");
            tracing::debug!(target: "azure_core::http", "url: https://h/pathM4rker4711/token, https://h/t/oauth2/v2.0/token");
            tracing::debug!(target: "azure_core::http", "url: http://h/x?marker=REDACTED, https://h?marker end");
            tracing::debug!(target: "hyper", "marker");
        })
        .await;
        tracing::debug!(target: "azure_core::http", "marker: not asked for");
        let expected = [
            "==> Request: url: u",
            "logged",
            "url: http://h/a@b, https://h/@, http://h",
            "url: http://h/*** https://h/*** end",
            "url: https://h/*** https://h/t/oauth2/v2.0/token",
            "url: http://h/x https://h end",
        ];
        assert_eq!(*lines.lock().unwrap(), expected.map(|line| format!("azure_core::http {line}")));
    }
}
