use super::{super::random::Random, HOUR, MINUTE};
use crate::{
    host::Clock,
    transport::Deadline,
    types::{AccessToken, CredentialKind, EntraRefusal, Error, ErrorKind, Secret, TokenIdentity, UnixMillis},
};
use std::{
    collections::{HashMap, HashSet},
    sync::{Mutex, MutexGuard},
    time::{Duration, SystemTime, UNIX_EPOCH},
};
use tokio::time::Instant;

pub(super) const PATIENCE: Duration = Duration::from_millis(500);
pub(super) const LEASE: Duration = Duration::from_secs(10);
/// How long beyond the lease a call may wait for other processes.
const GRACE: Duration = Duration::from_secs(2);
/// The time that a call reserves for a request of its own.
const OWN_REQUEST: Duration = Duration::from_secs(2);
/// The longest time for which a process avoids a store that has failed.
const LONGEST_TROUBLE: Duration = Duration::from_secs(14);
const START: Duration = Duration::from_secs(1_000_000);

/// The conditions of a schedule.
#[derive(Clone, Copy, Debug)]
pub(super) struct Rules {
    /// Whether the service gives a token within half a second.
    pub(super) is_healthy: bool,
    /// How many milliseconds a clock may be wrong, in either direction.
    pub(super) skew: u64,
    /// Whether clocks are wrong by hours. Then nothing that depends on them is checked.
    pub(super) is_wild: bool,
}

tokio::task_local! {
    /// The call for which the current task works.
    pub(super) static CALL: Call;
}

/// A flight of one process.
#[derive(Clone)]
pub(super) struct Call {
    pub(super) process: u32,
    pub(super) number: u64,
    pub(super) name: u64,
    pub(super) began: Instant,
    pub(super) cleared: Option<Instant>,
    /// The end of the token that is already there.
    pub(super) held: Option<Instant>,
    pub(super) is_forced: bool,
}

impl Call {
    fn id(&self) -> (u32, u64) {
        (self.process, self.number)
    }
}

/// The service, and a record of all that happened.
pub(super) struct Simulation {
    pub(super) rules: Rules,
    /// Whether a log is kept.
    keeps_log: bool,
    start: Instant,
    state: Mutex<State>,
}

struct State {
    random: Random,
    issued: HashMap<String, Issued>,
    /// The last token, or the last time to wait, that the service gave a process for a name.
    answers: HashMap<(u32, u64), Answer>,
    grants: HashMap<u64, Grant>,
    /// The calls whose lease the store has forgotten.
    robbed: HashSet<(u32, u64)>,
    written: HashMap<u64, Written>,
    notes: HashMap<u64, Noted>,
    broken: bool,
    log: Vec<String>,
}

#[derive(Clone, Copy)]
struct Issued {
    at: Instant,
    end: Instant,
}

#[derive(Clone, Copy)]
enum Answer {
    Token(Issued),
    Wait(Duration),
}

/// A lease as the store granted it, even if its entry is gone.
struct Grant {
    call: (u32, u64),
    value: String,
    at: Instant,
    until: Instant,
}

/// A token in the store.
#[derive(Clone, Copy)]
struct Written {
    token: Issued,
    at: Instant,
    until: Instant,
}

#[derive(Clone, Copy)]
struct Noted {
    at: Instant,
    until: Instant,
}

impl Simulation {
    pub(super) fn new(rules: Rules, seed: u64, keeps_log: bool) -> Self {
        let state = State {
            random: Random(seed),
            issued: HashMap::new(),
            answers: HashMap::new(),
            grants: HashMap::new(),
            robbed: HashSet::new(),
            written: HashMap::new(),
            notes: HashMap::new(),
            broken: false,
            log: vec![format!("{rules:?}")],
        };
        Self { rules, keeps_log, start: Instant::now(), state: Mutex::new(state) }
    }

    /// Returns the time of a clock that is `ahead` milliseconds ahead.
    pub(super) fn wall(&self, ahead: i64) -> SystemTime {
        let (now, off) = (UNIX_EPOCH + START + self.start.elapsed(), Duration::from_millis(ahead.unsigned_abs()));
        if ahead < 0 {
            now.checked_sub(off).unwrap()
        } else {
            now + off
        }
    }

    pub(super) fn record(&self, what: impl FnOnce() -> String) {
        if !self.keeps_log {
            return;
        }
        let line = format!("{:>9.3} {}", self.start.elapsed().as_secs_f64(), what());
        self.state().log.push(line);
    }

    pub(super) fn must(&self, holds: bool, otherwise: impl FnOnce() -> String) {
        if !holds {
            self.record(|| format!("BROKEN: {}", otherwise()));
            self.state().broken = true;
        }
    }

    /// Returns the log if a promise was broken.
    pub(super) fn broken(&self) -> Option<String> {
        let state = self.state();
        state.broken.then(|| state.log.join("\n"))
    }

    pub(super) fn end_of(&self, token: &AccessToken) -> Instant {
        self.state().issued[token.token.expose()].end
    }

    /// Returns the largest difference between two clocks.
    fn apart(&self) -> Duration {
        Duration::from_millis(2 * self.rules.skew)
    }

    /// Checks a token that a caller gets.
    pub(super) fn check(&self, name: u64, token: &AccessToken, cleared: Option<Instant>) -> Result<(), String> {
        let (text, now) = (token.token.expose(), Instant::now());
        let Issued { at, end } = *self.state().issued.get(text).ok_or("has a token that was never issued")?;
        self.record(|| format!("a caller gets {text}"));
        if !text.starts_with(&format!("{name}.")) {
            return Err(format!("has {text} for {name}"));
        }
        // The process decides by its own clock about a token of another process, so the clocks' difference counts.
        let off = if token.cached_in.is_some() { self.apart() } else { Duration::ZERO };
        if !self.rules.is_wild && now >= end + off {
            return Err(format!("has {text}, which has expired"));
        }
        if !self.rules.is_wild && cleared.is_some_and(|cleared| at + self.apart() < cleared) {
            return Err(format!("has {text}, which is older than the clearing of its cache"));
        }
        Ok(())
    }

    pub(super) fn granted(&self, call: &Call, value: &str, ttl: Duration) {
        let now = Instant::now();
        self.record(|| format!("{:?} has the lease of {}", call.id(), call.name));
        let grant = Grant { call: call.id(), value: value.to_owned(), at: now, until: now + ttl };
        let earlier = self.state().grants.insert(call.name, grant).filter(|earlier| earlier.until > now);
        self.must(earlier.is_none(), || format!("{} has two leases", call.name));
    }

    pub(super) fn extended(&self, process: u32, value: &str, ttl: Duration) {
        let mut state = self.state();
        let own = |grant: &&mut Grant| grant.value == value && grant.call.0 == process;
        if let Some(grant) = state.grants.values_mut().find(own) {
            grant.until = Instant::now() + ttl;
        }
    }

    pub(super) fn released(&self, process: u32, value: &str) {
        self.state().grants.retain(|_, grant| grant.value != value || grant.call.0 != process);
    }

    pub(super) fn forgotten(&self) {
        let mut state = self.state();
        let robbed: Vec<_> = state.grants.drain().map(|(_, grant)| grant.call).collect();
        state.robbed.extend(robbed);
        state.written.clear();
        state.notes.clear();
    }

    pub(super) fn written(&self, call: &Call, ttl: Duration) {
        let (at, mut state) = (Instant::now(), self.state());
        if let Some(Answer::Token(token)) = state.answers.get(&(call.process, call.name)).copied() {
            state.written.insert(call.name, Written { token, at, until: at + ttl });
        }
    }

    pub(super) fn noted(&self, call: &Call) {
        let (at, mut state) = (Instant::now(), self.state());
        if let Some(Answer::Wait(wait)) = state.answers.get(&(call.process, call.name)).copied() {
            state.notes.insert(call.name, Noted { at, until: at + wait });
        }
    }

    /// Checks that the service may be asked: by the holder of the lease, by a process that the store has failed, or by
    /// a call that has waited for other processes as long as it may.
    pub(super) fn asked(&self, call: &Call, deadline: &Deadline, trouble: Option<Instant>) {
        let now = Instant::now();
        self.record(|| format!("{:?} asks for {}", call.id(), call.name));
        let is_troubled = trouble.is_some_and(|trouble| now <= trouble + LONGEST_TROUBLE);
        if !is_troubled && now < alone_at(call, deadline) {
            let why = self.needless(call, now);
            self.must(why.is_none(), || format!("{:?} asks for {} {}", call.id(), call.name, why.unwrap_or_default()));
        }
    }

    fn needless(&self, call: &Call, now: Instant) -> Option<&'static str> {
        let state = self.state();
        if state.robbed.contains(&call.id()) {
            return None;
        }
        let lease = state.grants.get(&call.name).filter(|grant| grant.until > now && grant.call == call.id());
        let Some(lease) = lease else { return Some("without the lease") };
        if call.is_forced || self.rules.is_wild {
            return None;
        }
        let apart = self.apart();
        let serves = |written: &Written| {
            written.at <= lease.at
                && written.until > now + apart
                && call.held.is_none_or(|held| written.token.end > held + apart)
                && call.cleared.is_none_or(|cleared| written.at > cleared + apart + Duration::from_millis(1))
        };
        if state.written.get(&call.name).is_some_and(serves) {
            return Some("though the store has it");
        }
        let is_noted = |noted: &&Noted| noted.at <= lease.at && noted.until > now && self.rules.skew == 0;
        state.notes.get(&call.name).filter(is_noted).map(|_| "though the service has asked not to be called")
    }

    /// Returns the service's answer.
    pub(super) async fn token(&self, call: &Call, clock: &Clock) -> Result<AccessToken, Error> {
        let (takes, outcome) = self.fate();
        tokio::time::sleep(takes).await;
        let answers = (call.process, call.name);
        match outcome {
            Outcome::Token { lives, refresh_in } => {
                let (token, issued) = self.issue(call.name, lives, refresh_in, clock.now());
                self.state().answers.insert(answers, Answer::Token(issued));
                Ok(token)
            }
            Outcome::Fails(error, wait) => {
                self.record(|| format!("{answers:?} fails: {error}"));
                wait.map(|wait| self.state().answers.insert(answers, Answer::Wait(wait)));
                Err(error)
            }
        }
    }

    fn fate(&self) -> (Duration, Outcome) {
        let Rules { is_healthy, skew, .. } = self.rules;
        let random = &mut self.state().random;
        if !is_healthy && random.one_in(3) {
            return (random.millis(3000), failure(random));
        }
        let takes = match random.below(8) {
            0 if !is_healthy => random.millis(40_000),
            _ => random.millis(500),
        };
        // If clocks differ, the remaining life of a short-lived token is uncertain.
        let least = if skew == 0 { 1000 } else { 30 * MINUTE };
        let most = if random.one_in(5) { MINUTE } else { 3 * HOUR };
        let lives = Duration::from_millis(least) + random.millis(most);
        (takes, Outcome::Token { lives, refresh_in: random.one_in(3).then_some(lives / 3) })
    }

    fn issue(
        &self,
        name: u64,
        lives: Duration,
        refresh_in: Option<Duration>,
        wall: UnixMillis,
    ) -> (AccessToken, Issued) {
        let (at, mut state) = (Instant::now(), self.state());
        let text = format!("{name}.{}", state.issued.len());
        let issued = Issued { at, end: at + lives };
        state.issued.insert(text.clone(), issued);
        let after = |span: Duration| wall + UnixMillis::try_from(span.as_millis()).unwrap();
        let token = AccessToken {
            token: Secret::new(text),
            expires_on: after(lives),
            refresh_after: refresh_in.map(after),
            tenant: None,
            identity: TokenIdentity::default(),
            source: CredentialKind::ClientSecret,
            attempts: Vec::new(),
            cached_in: None,
        };
        (token, issued)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap()
    }
}

/// Returns when a call may ask without waiting for other processes any longer.
fn alone_at(call: &Call, deadline: &Deadline) -> Instant {
    let earliest = deadline.earliest();
    let own = (earliest.saturating_duration_since(call.began) / 2).min(OWN_REQUEST);
    (call.began + LEASE + GRACE).min(earliest.checked_sub(own).unwrap_or(call.began))
}

enum Outcome {
    Token { lives: Duration, refresh_in: Option<Duration> },
    Fails(Error, Option<Duration>),
}

fn failure(random: &mut Random) -> Outcome {
    let status = random.one_of(&[400, 429, 429, 503]);
    let refusal = EntraRefusal::of_status(status);
    let error = Error::refused("the service is not in the mood", refusal);
    let wait = Duration::from_secs(1) + random.millis(20_000);
    match status {
        400 => Outcome::Fails(Error::new(ErrorKind::Authentication, "no"), None),
        // The answer names no time to wait; other processes wait about five seconds.
        _ if random.one_in(3) => Outcome::Fails(error, Some(Duration::from_millis(4900))),
        _ => Outcome::Fails(error.with_retry_after(wait), Some(wait)),
    }
}
