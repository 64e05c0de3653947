//! Layer 6: finds the endpoints of a cloud that the settings only name. Each cloud is requested once, however many
//! calls wait for it, and then kept.

mod azure_cli;
pub(crate) mod metadata;
pub(crate) mod region;

pub(crate) use azure_cli::account;

use crate::{
    config::NetworkId,
    credentials::{AzureCliSpec, CredentialSpec},
    flight::SingleFlight,
    host::{Host, Log},
    login::{CloudChoice, RegionChoice, Settings},
    lru::LruCache,
    transport::{Deadline, Exchange, RetryRules, Transport},
    types::{Authority, Cloud, Error, Region},
};
use std::{
    future::Future,
    hash::Hash,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};
use tokio::time::Instant;

/// The clouds whose endpoints were requested.
#[derive(Debug)]
pub(crate) struct Clouds {
    known: Answers<Question, Cloud>,
    /// The region of the machine, by the host that was asked.
    regions: Answers<String, MachineRegion>,
}

/// The most clouds that are kept. No program is known to use more.
const MOST_KEPT: usize = 256;

/// How long a machine counts as having no region after its region could not be read.
const REGION_MEMORY: Duration = Duration::from_secs(300);

/// What the machine answered about its region, and when it was asked.
#[derive(Clone, Debug)]
struct MachineRegion {
    region: Option<Region>,
    asked: Instant,
}

type Answers<Q, A> = Mutex<LruCache<Q, SingleFlight<A>>>;

/// How a cloud was found: by which host, or by az.
#[derive(Debug, PartialEq, Eq, Hash)]
enum Question {
    Metadata { host: String, network: NetworkId },
    AzureCli(AzureCliSpec),
}

/// Everything that a request here needs.
#[derive(Clone)]
pub(crate) struct RequestContext {
    pub(crate) transport: Arc<Transport>,
    /// The network settings of `transport`.
    pub(crate) network: NetworkId,
    /// A transport without a proxy, for services of the host itself.
    pub(crate) direct: Arc<Transport>,
    pub(crate) deadline: Deadline,
    /// When the call was made, if it forces a refresh.
    pub(crate) forced_at: Option<Instant>,
    pub(crate) host: Host,
    pub(crate) log: Log,
}

impl RequestContext {
    /// Returns a new exchange with a service.
    pub(crate) fn exchange(&self) -> Arc<Exchange> {
        self.exchange_over(&self.transport, &RetryRules::ENTRA)
    }

    fn exchange_over(&self, transport: &Arc<Transport>, rules: &RetryRules) -> Arc<Exchange> {
        let logging = (self.log.clone(), self.host.clock.clone());
        Exchange::new(*rules, Arc::clone(transport), self.deadline.clone(), logging)
    }
}

impl Default for Clouds {
    fn default() -> Self {
        Self { known: Mutex::new(LruCache::new(MOST_KEPT)), regions: Mutex::new(LruCache::new(MOST_KEPT)) }
    }
}

impl Clouds {
    /// Returns the cloud of these settings, with the authority that the settings may name in place of the cloud's own.
    pub(crate) async fn known(&self, settings: &Settings, context: &RequestContext) -> Result<Cloud, Error> {
        let cloud = match (&settings.cloud, &settings.credential) {
            (CloudChoice::Known(cloud), _) => cloud.clone(),
            (CloudChoice::FromMetadata { host }, _) => {
                let question = Question::Metadata { host: host.clone(), network: context.network };
                let ask = || {
                    let (host, context) = (host.clone(), context.clone());
                    async move { metadata::cloud(&host, &context).await }
                };
                self.answer(question, context, ask).await?
            }
            (CloudChoice::FromAzureCli, CredentialSpec::AzureCli(spec)) => {
                let ask = || {
                    let (spec, context) = (spec.clone(), context.clone());
                    async move { azure_cli::cloud(&spec, &context).await }
                };
                self.answer(Question::AzureCli(spec.clone()), context, ask).await?
            }
            (CloudChoice::FromAzureCli, _) => Cloud::public(),
        };
        let authority = settings.authority.clone().unwrap_or(cloud.authority);
        let regional_authority = self.regional_authority(settings, &authority, context).await.map(Box::new);
        Ok(Cloud { authority, regional_authority, ..cloud })
    }

    /// Returns the token service of the region that the settings choose, if there is one and the credential would use
    /// it.
    async fn regional_authority(
        &self,
        settings: &Settings,
        authority: &Authority,
        context: &RequestContext,
    ) -> Option<Authority> {
        let choice = settings.region.as_ref().filter(|_| authority.has_regions())?;
        if !settings.credential.is_of_application() {
            return None;
        }
        match choice {
            RegionChoice::Known(region) => authority.in_region(region),
            RegionChoice::FromImds { authority_host } => {
                self.region_of_machine(authority_host, context).await.and_then(|region| authority.in_region(&region))
            }
        }
    }

    /// Returns the region of the machine. If there was no answer, the question is repeated after a while: the service
    /// may have been busy, or not ready when the program started.
    async fn region_of_machine(&self, authority_host: &str, context: &RequestContext) -> Option<Region> {
        let now = context.host.clock.instant();
        let cell = cell(&self.regions, authority_host.to_owned());
        let ask = || {
            let (host, context) = (authority_host.to_owned(), context.clone());
            async move { Ok(MachineRegion { region: region::of_machine(&host, &context).await, asked: now }) }
        };
        let deadline = &context.deadline;
        let known = cell.get_until(deadline.latest(), context.forced_at, deadline.extender(), ask).await.ok()?;
        if known.region.is_none() && now.duration_since(known.asked) >= REGION_MEMORY {
            // The next call asks again; this one does not wait.
            locked(&self.regions).remove_if(authority_host, |current| current.is(&cell));
        }
        known.region
    }

    /// Forgets the clouds and regions.
    pub(crate) fn clear(&self) {
        drop(locked(&self.known).clear());
        drop(locked(&self.regions).clear());
    }

    async fn answer<F>(
        &self,
        question: Question,
        context: &RequestContext,
        ask: impl FnOnce() -> F,
    ) -> Result<Cloud, Error>
    where
        F: Future<Output = Result<Cloud, Error>> + Send + 'static,
    {
        let deadline = &context.deadline;
        let cell = cell(&self.known, question);
        cell.get_until(deadline.latest(), context.forced_at, deadline.extender(), ask).await
    }
}

fn cell<Q: Eq + Hash, A>(answers: &Answers<Q, A>, question: Q) -> SingleFlight<A> {
    locked(answers).get_or_insert_with(question, SingleFlight::default)
}

fn locked<Q, A>(answers: &Answers<Q, A>) -> MutexGuard<'_, LruCache<Q, SingleFlight<A>>> {
    answers.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Returns the credential with the name of its cloud, to which az must be set.
pub(crate) fn credential_in(settings: &Settings, cloud: &Cloud) -> CredentialSpec {
    let credential = settings.credential.clone();
    match &settings.cloud {
        CloudChoice::FromMetadata { .. } => credential.with_cloud_name(cloud.name.as_deref()),
        CloudChoice::Known(_) | CloudChoice::FromAzureCli => credential,
    }
}
