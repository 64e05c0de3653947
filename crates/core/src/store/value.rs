use crate::types::{
    least_life, AccessToken, CachedIn, CredentialKind, EntraRefusal, Error, ErrorKind, Secret, TenantId, TokenIdentity,
    UnixMillis,
};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::time::Duration;

/// The longest time that a call waits because of another process's note.
const LONGEST_NOTE: Duration = Duration::from_secs(60);

/// A token in the form in which a store keeps it.
#[derive(Serialize, Deserialize)]
pub(super) struct StoredToken {
    #[serde(serialize_with = "exposed", deserialize_with = "hidden")]
    token: Secret,
    expires: UnixMillis,
    refresh: Option<UnixMillis>,
    tenant: Option<String>,
    source: String,
    written: UnixMillis,
}

impl StoredToken {
    pub(super) fn of(token: &AccessToken, now: UnixMillis) -> Self {
        Self {
            token: token.token.clone(),
            expires: token.expires_on,
            refresh: token.refresh_after,
            tenant: token.tenant.as_ref().map(|tenant| tenant.as_str().to_owned()),
            source: token.source.as_str().to_owned(),
            written: now,
        }
    }

    pub(super) fn parse(text: &Secret) -> Option<Self> {
        serde_json::from_str(text.expose()).ok()
    }

    pub(super) fn text(&self) -> Option<Secret> {
        serde_json::to_string(self).ok().map(Secret::new)
    }

    pub(super) fn is(&self, token: &Secret) -> bool {
        self.token == *token
    }

    pub(super) fn written(&self) -> UnixMillis {
        self.written
    }

    pub(super) fn expires(&self) -> UnixMillis {
        self.expires
    }

    /// Returns how long it may be handed out from then on, or nothing if it may not.
    pub(super) fn usable(&self, now: UnixMillis) -> Option<Duration> {
        span(now, self.expires).checked_sub(self.least()).filter(|left| *left >= Duration::from_millis(1))
    }

    /// Converts it to this machine's clock. A time of writing in the future shows how far the two clocks differ; its
    /// end is made earlier by that much. Returns nothing if they differ too much to know when it ends.
    pub(super) fn seen_at(self, now: UnixMillis) -> Option<Self> {
        let ahead = self.written.saturating_sub(now).max(0);
        (span(now, self.written) <= self.least()).then(|| Self {
            expires: self.expires.saturating_sub(ahead),
            refresh: self.refresh.map(|moment| moment.saturating_sub(ahead)),
            written: self.written.min(now),
            ..self
        })
    }

    fn least(&self) -> Duration {
        least_life(span(self.written, self.expires))
    }

    /// Returns the token if it is of that kind. In a chain any member may have given it.
    pub(super) fn into_token(self, kind: CredentialKind, cached_in: CachedIn) -> Option<AccessToken> {
        let source = CredentialKind::ALL.iter().copied().find(|source| source.as_str() == self.source)?;
        let is_expected = kind == source || kind == CredentialKind::Chain;
        let is_whole = is_expected && !self.token.is_empty() && self.token.expose().is_ascii();
        is_whole.then(|| AccessToken {
            token: self.token,
            expires_on: self.expires,
            refresh_after: self.refresh,
            tenant: self.tenant.and_then(|tenant| TenantId::parse(&tenant, "tenant").ok()),
            identity: TokenIdentity::default(),
            source,
            attempts: Vec::new(),
            cached_in: Some(cached_in),
        })
    }
}

/// A note that one of the processes has failed. It never contains the service's own text.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Note {
    /// Until when the service asks not to be called.
    not_before: Option<UnixMillis>,
    code: String,
    status: Option<u16>,
    codes: Vec<i64>,
    correlation: Option<String>,
    is_retryable: bool,
    written: UnixMillis,
}

impl Note {
    /// Makes the note of a failure. `wait`: how long the other processes should wait, if at all.
    pub(super) fn of(error: &Error, wait: Option<Duration>, now: UnixMillis) -> Self {
        let wait = wait.map(|wait| wait.min(LONGEST_NOTE));
        let refusal = error.refusal();
        let after = |wait: Duration| now.saturating_add(UnixMillis::try_from(wait.as_millis()).unwrap_or_default());
        Self {
            not_before: wait.map(after),
            code: error.kind().code().to_owned(),
            status: refusal.and_then(|refusal| refusal.status_code),
            codes: refusal.map(|refusal| refusal.error_codes.clone()).unwrap_or_default(),
            correlation: refusal.and_then(|refusal| refusal.correlation_id.clone()),
            is_retryable: error.retryable(),
            written: now,
        }
    }

    pub(super) fn parse(text: &Secret) -> Option<Self> {
        serde_json::from_str(text.expose()).ok()
    }

    pub(super) fn text(&self) -> Option<Secret> {
        serde_json::to_string(self).ok().map(Secret::new)
    }

    /// Returns how long to wait because of the note, or nothing if it does not ask for that or the time is over.
    pub(super) fn wait(&self, now: UnixMillis) -> Option<Duration> {
        Some(span(now, self.not_before?).min(LONGEST_NOTE)).filter(|wait| !wait.is_zero())
    }

    /// Returns whether a failure was written in that time. Once a service's pause is over, it is called again.
    /// called again.
    pub(super) fn is_failure_between(&self, from: UnixMillis, to: UnixMillis) -> bool {
        self.not_before.is_none() && (from..=to).contains(&self.written)
    }

    /// Returns whether the token service has refused, with codes of its own, within that time.
    pub(super) fn is_refusal_within(&self, memory: Duration, now: UnixMillis) -> bool {
        let is_refusal = self.code == ErrorKind::Authentication.code() && !self.codes.is_empty();
        is_refusal && self.written <= now && span(self.written, now) < memory
    }

    /// Returns the error for a call that cannot wait this long.
    pub(super) fn error(self, wait: Duration) -> Error {
        let seconds = wait.as_secs_f64().ceil();
        let message = format!(
            "the token service has asked another process, which shares the store of tokens, to wait: try again in {seconds} s"
        );
        let refusal = self.refusal();
        Error::new(ErrorKind::ServiceUnavailable, message)
            .with_refusal(refusal)
            .with_retryable(true)
            .with_retry_after(wait)
    }

    /// Returns the error for a call that has waited for the failed one.
    pub(super) fn failure(self) -> Error {
        let kind = ErrorKind::of_code(&self.code).unwrap_or(ErrorKind::Network);
        let numbers: Vec<_> = self.codes.iter().map(|code| format!("AADSTS{code}")).collect();
        let reason = if numbers.is_empty() { self.code.clone() } else { numbers.join(", ") };
        let message = format!(
            "another process, which shares the store of tokens, has just requested this token and failed ({reason}): see the error of that process, or call again in a few seconds"
        );
        let is_retryable = self.is_retryable;
        Error::new(kind, message).with_refusal(self.refusal()).with_retryable(is_retryable)
    }

    fn refusal(self) -> EntraRefusal {
        EntraRefusal {
            status_code: self.status,
            error_codes: self.codes,
            correlation_id: self.correlation,
            ..EntraRefusal::default()
        }
    }
}

fn exposed<S: Serializer>(secret: &Secret, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(secret.expose())
}

fn hidden<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Secret, D::Error> {
    String::deserialize(deserializer).map(Secret::new)
}

fn span(from: UnixMillis, to: UnixMillis) -> Duration {
    Duration::from_millis(u64::try_from(to.saturating_sub(from)).unwrap_or_default())
}
