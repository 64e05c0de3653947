//! Floor 4: a cloud that settings only name becomes a known one. Each is asked for once, however many calls wait for
//! it, and kept.

mod azure_cli;
pub(crate) mod metadata;

pub(crate) use azure_cli::account;

use crate::{
    config::{AzureCliSpec, CloudChoice, CredentialSpec, NetworkSettings, Settings},
    host::{Host, Log},
    transport::{Deadline, Exchange, RetryRules, Transport},
    types::{Cloud, Error},
};
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};
use tokio::sync::OnceCell;

/// The clouds that had to be asked for.
#[derive(Debug, Default)]
pub(crate) struct Clouds {
    known: Mutex<HashMap<Question, Arc<OnceCell<Cloud>>>>,
}

/// Who was asked, and how.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Question {
    Metadata { host: String, network: Box<NetworkSettings> },
    AzureCli(AzureCliSpec),
}

/// What a question is asked with.
#[derive(Clone)]
pub(crate) struct Means {
    pub(crate) transport: Arc<Transport>,
    pub(crate) deadline: Deadline,
    pub(crate) host: Host,
    pub(crate) log: Log,
}

impl Means {
    /// A conversation with a service.
    pub(crate) fn exchange(&self) -> Arc<Exchange> {
        let told = (self.log.clone(), self.host.clock.clone());
        Exchange::new(&RetryRules::ENTRA, Arc::clone(&self.transport), self.deadline.clone(), told, |answer| {
            Ok(answer.body.clone())
        })
    }
}

impl Clouds {
    /// The cloud of these settings, with the authority that they may name in place of its own.
    pub(crate) async fn known(&self, settings: &Settings, means: &Means) -> Result<Cloud, Error> {
        let cloud = match Question::of(settings) {
            Err(known) => known,
            Ok(question) => self.cell(&question).get_or_try_init(|| question.answer(means)).await?.clone(),
        };
        Ok(at_authority_of(settings, cloud))
    }

    /// The same without asking anybody.
    pub(crate) fn kept(&self, settings: &Settings) -> Option<Cloud> {
        let cloud = match Question::of(settings) {
            Err(known) => known,
            Ok(question) => self.cell(&question).get()?.clone(),
        };
        Some(at_authority_of(settings, cloud))
    }

    /// Forgets what was found out.
    pub(crate) fn clear(&self) {
        self.known.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }

    fn cell(&self, question: &Question) -> Arc<OnceCell<Cloud>> {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(known.entry(question.clone()).or_default())
    }
}

impl Question {
    /// What has to be asked, or the cloud where nothing has to.
    fn of(settings: &Settings) -> Result<Self, Cloud> {
        match (&settings.cloud, &settings.credential) {
            (CloudChoice::Known(cloud), _) => Err(cloud.clone()),
            (CloudChoice::FromMetadata { host }, _) => {
                Ok(Self::Metadata { host: host.clone(), network: Box::new(settings.network.clone()) })
            }
            (CloudChoice::FromAzureCli, CredentialSpec::AzureCli(spec)) => Ok(Self::AzureCli(spec.clone())),
            (CloudChoice::FromAzureCli, _) => Err(Cloud::public()),
        }
    }

    async fn answer(&self, means: &Means) -> Result<Cloud, Error> {
        match self {
            Self::Metadata { host, .. } => metadata::cloud(host, means).await,
            Self::AzureCli(spec) => azure_cli::cloud(spec, means).await,
        }
    }
}

fn at_authority_of(settings: &Settings, cloud: Cloud) -> Cloud {
    Cloud { authority: settings.authority.clone().unwrap_or(cloud.authority), ..cloud }
}

/// The credential, told the name that its cloud turned out to have: az must be set to that cloud.
pub(crate) fn credential_in(settings: &Settings, cloud: &Cloud) -> CredentialSpec {
    let credential = settings.credential.clone();
    match &settings.cloud {
        CloudChoice::FromMetadata { .. } => credential.with_cloud_name(cloud.name.as_deref()),
        CloudChoice::Known(_) | CloudChoice::FromAzureCli => credential,
    }
}
