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
    future::Future,
    sync::{Arc, Mutex, PoisonError},
};
use tokio::sync::OnceCell;

/// The clouds that had to be asked for.
#[derive(Debug, Default)]
pub(crate) struct Clouds {
    known: Mutex<HashMap<Question, Arc<OnceCell<Cloud>>>>,
}

/// Who was asked, and how.
#[derive(Debug, PartialEq, Eq, Hash)]
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
        let cloud = match (&settings.cloud, &settings.credential) {
            (CloudChoice::Known(cloud), _) => cloud.clone(),
            (CloudChoice::FromMetadata { host }, _) => {
                let question = Question::Metadata { host: host.clone(), network: Box::new(settings.network.clone()) };
                self.answer(question, Box::pin(metadata::cloud(host, means))).await?
            }
            (CloudChoice::FromAzureCli, CredentialSpec::AzureCli(spec)) => {
                self.answer(Question::AzureCli(spec.clone()), Box::pin(azure_cli::cloud(spec, means))).await?
            }
            (CloudChoice::FromAzureCli, _) => Cloud::public(),
        };
        Ok(Cloud { authority: settings.authority.clone().unwrap_or(cloud.authority), ..cloud })
    }

    /// Forgets what was found out.
    pub(crate) fn clear(&self) {
        self.known.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }

    /// `asking` is boxed: it is large, and seldom needed.
    async fn answer(
        &self,
        question: Question,
        asking: impl Future<Output = Result<Cloud, Error>>,
    ) -> Result<Cloud, Error> {
        self.cell(question).get_or_try_init(|| asking).await.cloned()
    }

    fn cell(&self, question: Question) -> Arc<OnceCell<Cloud>> {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(known.entry(question).or_default())
    }
}

/// The credential, told the name that its cloud turned out to have: az must be set to that cloud.
pub(crate) fn credential_in(settings: &Settings, cloud: &Cloud) -> CredentialSpec {
    let credential = settings.credential.clone();
    match &settings.cloud {
        CloudChoice::FromMetadata { .. } => credential.with_cloud_name(cloud.name.as_deref()),
        CloudChoice::Known(_) | CloudChoice::FromAzureCli => credential,
    }
}
