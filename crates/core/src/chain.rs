//! Layer 5: a chain tries its credentials in order until one gives a token. Only `rule` decides whether the next one is
//! tried after a failure. Every attempt is recorded.

mod rule;

use self::rule::Stage;
use crate::{
    credentials::{Acquisition, ChainMember, ChainSpec, CredentialSpec},
    host::{FileIdentity, LogLevel, Progress},
    key::{Key, KeyBuilder, NamePart, Reach},
    store::{StoreRequest, TokenQuery},
    types::{AccessToken, Attempt, AttemptOutcome, CredentialKind, Error, ErrorKind, HelpAnchor, Secret},
};
use std::{
    collections::HashMap,
    future::Future,
    path::PathBuf,
    pin::Pin,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};
use tokio::time::Instant;

/// The most chains whose winner is remembered. A server has a chain for each user on whose behalf it acts.
const MOST_WINNERS: usize = 4096;

/// Gets tokens from a single source or from a chain, and remembers which member of each chain gave one: only
/// that member is asked for the next token, as in Azure's SDKs.
#[derive(Clone, Debug, Default)]
pub(crate) struct Chains {
    winners: Arc<Mutex<HashMap<Key, usize>>>,
}

type Attempted<'a> = Pin<Box<dyn Future<Output = Result<AccessToken, Error>> + Send + 'a>>;

impl Chains {
    /// The token with the attempts that led to it, or the error with the attempts that failed.
    /// Whether each member's own token may be in the store.
    pub(crate) fn token<'a>(
        &'a self,
        spec: &'a CredentialSpec,
        acquisition: &'a Acquisition,
        store: Option<&'a StoreRequest>,
    ) -> Attempted<'a> {
        Box::pin(async move {
            match spec {
                CredentialSpec::Chain(chain) => match kept_as(spec, acquisition, store).await {
                    Some((store, wanted)) => self.of_kept_chain(chain, acquisition, store, &wanted).await,
                    None => self.of_chain(chain, acquisition, store).await,
                },
                single => attempt(single, acquisition, store).await,
            }
        })
    }

    /// Forgets the winners. The next call tries every chain from its beginning.
    pub(crate) fn clear(&self) {
        self.winners().clear();
    }

    /// Returns the chain's token from the store, whichever member gave it, or a token from its members, which then use
    /// no store.
    async fn of_kept_chain(
        &self,
        chain: &ChainSpec,
        acquisition: &Acquisition,
        store: &StoreRequest,
        wanted: &TokenQuery<'_>,
    ) -> Result<AccessToken, Error> {
        let acquire = |deadline| {
            let acquisition = Acquisition { deadline, ..acquisition.clone() };
            async move { self.of_chain(chain, &acquisition, None).await }
        };
        let start = Instant::now();
        let mut token = store.token(wanted, acquire).await?;
        if token.attempts.is_empty() {
            token.attempts.push(used(token.source, start));
        }
        Ok(token)
    }

    async fn of_chain(
        &self,
        chain: &ChainSpec,
        acquisition: &Acquisition,
        store: Option<&StoreRequest>,
    ) -> Result<AccessToken, Error> {
        let key = KeyBuilder::new().with(chain).build();
        let winner = self.winners().get(&key).copied();
        let places = winner.map_or(0..chain.members.len(), |winner| winner..winner + 1);
        let mut attempts = Vec::new();
        let before = Progress::current().map_or(0, |step| step.sources.tried.len());
        for place in places {
            let member = &chain.members[place];
            match self.of_member(chain, member, acquisition, store).await {
                Ok(token) => {
                    self.remember(key, place);
                    return Ok(with_earlier(token, attempts));
                }
                Err((stage, error)) if rule::goes_on(chain.is_default, member.kind, stage, &error) => {
                    attempts.extend(unavailable(member, &error));
                    note(&attempts, before);
                }
                Err((_, error)) => return Err(ended_by(member, error, attempts)),
            }
        }
        Err(exhausted(chain, attempts))
    }

    async fn of_member(
        &self,
        chain: &ChainSpec,
        member: &ChainMember,
        acquisition: &Acquisition,
        store: Option<&StoreRequest>,
    ) -> Result<AccessToken, (Stage, Error)> {
        let spec = member.credential.as_ref().map_err(|error| (Stage::Made, error.clone()))?;
        if chain.is_default {
            spec.prepare(acquisition).await.map_err(|error| (Stage::Made, error))?;
        }
        self.token(spec, acquisition, store).await.map_err(|error| (Stage::Asked, error))
    }

    fn remember(&self, key: Key, place: usize) {
        let mut winners = self.winners();
        // A chain whose winner was dropped is tried from its beginning once, and then remembers its winner again.
        if winners.len() >= MOST_WINNERS {
            winners.clear();
        }
        winners.insert(key, place);
    }

    fn winners(&self) -> std::sync::MutexGuard<'_, HashMap<Key, usize>> {
        self.winners.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Deletes the stored token of a credential, or those of a chain's members.
pub(crate) fn forget<'a>(
    spec: &'a CredentialSpec,
    acquisition: &'a Acquisition,
    store: &'a StoreRequest,
    meant: Option<&'a Secret>,
) -> Pin<Box<dyn Future<Output = ()> + Send + 'a>> {
    Box::pin(async move {
        if let Some((store, wanted)) = kept_as(spec, acquisition, Some(store)).await {
            return store.forget(&wanted, meant).await;
        }
        let CredentialSpec::Chain(chain) = spec else { return };
        for member in chain.members.iter().filter_map(|member| member.credential.as_ref().ok()) {
            forget(member, acquisition, store, meant).await;
        }
    })
}

/// Records the attempts, which a timeout reports as well, after the first `before`, which belong to a surrounding
/// chain.
fn note(attempts: &[Attempt], before: usize) {
    Progress::note(|step| {
        step.sources.tried.truncate(before);
        step.sources.tried.extend_from_slice(attempts);
    });
}

async fn attempt(
    spec: &CredentialSpec,
    acquisition: &Acquisition,
    store: Option<&StoreRequest>,
) -> Result<AccessToken, Error> {
    let start = Instant::now();
    Progress::note(|step| step.sources.trying = Some((spec.kind(), start)));
    acquisition.log.write(&acquisition.host.clock, LogLevel::Debug, || format!("{}: is asked", spec.kind().in_words()));
    let outcome = asked(spec, acquisition, store).await;
    let outcome = outcome.and_then(|token| acquisition.checked(&token).map(|()| token));
    Progress::note(|step| step.sources.trying = None);
    acquisition.log.write(&acquisition.host.clock, LogLevel::Info, || {
        let milliseconds = start.elapsed().as_millis();
        let result = outcome.as_ref().map_or_else(Error::message, |_| "gave a token");
        format!("{}: {result} ({milliseconds} ms)", spec.kind().in_words())
    });
    match outcome {
        Ok(token) => Ok(AccessToken { attempts: vec![used(spec.kind(), start)], ..token }),
        Err(error) => {
            let reason = Some(error.message().to_owned());
            let (source, outcome) = (spec.kind(), outcome_of(&error));
            Err(error.with_attempts(vec![Attempt { source, outcome, reason, duration: start.elapsed() }]))
        }
    }
}

/// Asks the credential for a token, and the store first if tokens of this credential may be kept there.
async fn asked(
    spec: &CredentialSpec,
    acquisition: &Acquisition,
    store: Option<&StoreRequest>,
) -> Result<AccessToken, Error> {
    let Some((store, wanted)) = kept_as(spec, acquisition, store).await else {
        return acquisition.token_of(spec).await;
    };
    let acquire = |deadline| {
        let acquisition = Acquisition { deadline, ..acquisition.clone() };
        // The identity of the token is checked before the token is written: a token of another identity is stored
        // nowhere.
        async move { acquisition.token_of(spec).await }
    };
    store.token(&wanted, acquire).await
}

/// Returns the store and the name of the credential's token, or nothing if the token is not stored.
async fn kept_as<'a>(
    spec: &CredentialSpec,
    acquisition: &'a Acquisition,
    store: Option<&'a StoreRequest>,
) -> Option<(&'a StoreRequest, TokenQuery<'a>)> {
    let store = store?;
    let Acquisition { deadline, log, host, .. } = acquisition;
    let opened = store.open(log, &host.clock).await?;
    let name = spec.add_to_name(opened.reach, store.call.clone())?;
    let name = with_logins(spec, store, name)?;
    let token = match opened.reach {
        Reach::Fleet => spec.add_what_is_read(name, acquisition).await?.build(),
        Reach::Machine(_) => name.build(),
    };
    let unkept = behind_a_login(spec, store);
    Some((store, TokenQuery { kind: spec.kind(), token, unkept, opened, deadline, log, clock: &host.clock }))
}

/// Returns the kinds after the first tool with a login in a chain. If one of them gives the token, the tool has failed,
/// perhaps for a reason of this process alone that the token's name does not contain: in another process of the machine the
/// tool may give a token, of another identity.
fn behind_a_login(spec: &CredentialSpec, store: &StoreRequest) -> Vec<CredentialKind> {
    let singles = spec.singles();
    let behind = singles.iter().skip_while(|single| !has_login(single, store)).skip(1);
    behind.map(|single| single.kind()).collect()
}

fn has_login(spec: &CredentialSpec, store: &StoreRequest) -> bool {
    let login_of = |path: &PathBuf| store.logins.iter().any(|(seen, identity)| seen == path && identity.is_some());
    spec.login_files().logins.iter().any(login_of)
}

/// Adds the tools' logins to the token's name, so that the token is not found after another login. A tool's own token
/// is not stored if no file has a login; a chain's is, because then another member gives it.
fn with_logins(spec: &CredentialSpec, store: &StoreRequest, name: KeyBuilder) -> Option<KeyBuilder> {
    let files = spec.login_files();
    let may_have_none = spec.kind() == CredentialKind::Chain || files.logins.is_empty();
    if !may_have_none && !has_login(spec, store) {
        return None;
    }
    let seen = |path: &PathBuf| store.logins.iter().find(|(seen, _)| seen == path).and_then(|(_, identity)| *identity);
    Some(files.all().fold(name, |name, path| name.optional(seen(&path).map(FileIdentity::to_bytes))))
}

fn used(source: CredentialKind, start: Instant) -> Attempt {
    Attempt { source, outcome: AttemptOutcome::Used, reason: None, duration: start.elapsed() }
}

fn outcome_of(error: &Error) -> AttemptOutcome {
    match error.kind() {
        ErrorKind::CredentialUnavailable => AttemptOutcome::Unavailable,
        _ => AttemptOutcome::Failed,
    }
}

/// Returns the attempts of a member that the chain skipped.
fn unavailable(member: &ChainMember, error: &Error) -> Vec<Attempt> {
    if error.attempts().is_empty() {
        return vec![not_asked(member, error, AttemptOutcome::Unavailable)];
    }
    let counted = |attempt: &Attempt| Attempt { outcome: AttemptOutcome::Unavailable, ..attempt.clone() };
    error.attempts().iter().map(counted).collect()
}

fn with_earlier(mut token: AccessToken, mut earlier: Vec<Attempt>) -> AccessToken {
    earlier.append(&mut token.attempts);
    token.attempts = earlier;
    token
}

/// Returns the attempt of a member that failed before it was asked.
fn not_asked(member: &ChainMember, error: &Error, outcome: AttemptOutcome) -> Attempt {
    Attempt { source: member.kind, outcome, reason: Some(error.message().to_owned()), duration: Duration::ZERO }
}

fn ended_by(member: &ChainMember, error: Error, mut earlier: Vec<Attempt>) -> Error {
    match error.attempts() {
        [] => earlier.push(not_asked(member, &error, AttemptOutcome::Failed)),
        attempts => earlier.extend(attempts.iter().cloned()),
    }
    error.with_attempts(earlier)
}

fn exhausted(chain: &ChainSpec, attempts: Vec<Attempt>) -> Error {
    let name = if chain.is_default { "the default chain" } else { "the chain" };
    let tried: Vec<_> = attempts
        .iter()
        .map(|attempt| format!("\n- {}: {}", attempt.source.in_words(), attempt.reason.as_deref().unwrap_or_default()))
        .collect();
    let message = format!("no credential of {name} is available:{}", tried.concat());
    // If only one member was asked, the error links to its section.
    let help = match attempts.as_slice() {
        [only] => HelpAnchor::Credential(only.source),
        _ if chain.is_default => HelpAnchor::DefaultChain,
        _ => HelpAnchor::Credential(CredentialKind::Chain),
    };
    Error::new(ErrorKind::CredentialUnavailable, message).with_attempts(attempts).with_help(help)
}

#[cfg(test)]
mod tests;
