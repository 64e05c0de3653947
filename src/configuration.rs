//! Converts configuration from JavaScript. A value that may be secret becomes a `Secret` first.

use crate::{
    assertion::{callback, AskForAssertion},
    machine_store_option::NativeMachineStore,
    outcome::{NativeConsidered, NativeFailure},
    process::process,
    program_store::NativeSharedStore,
};
use azure_client_token_core::{
    consider,
    host::{contained, ensure_randomness},
    resolve, CacheOption, Client, ConfigSource, CredentialOptions, Environment, Inputs, LogLevel, PulumiConfig,
    RetryChoice, Secret,
};
use napi::{
    bindgen_prelude::FnArgs,
    threadsafe_function::{ThreadsafeFunction, ThreadsafeFunctionCallMode},
    Status,
};
use napi_derive::napi;
use std::{collections::BTreeMap, time::Duration};

/// Settings that were resolved once.
#[napi]
pub struct NativeClient {
    pub(crate) client: Client,
}

/// The inputs from which settings are resolved.
#[napi(object, object_to_js = false)]
pub struct NativeConfiguration {
    /// The environment variables that the core reads, if they are set.
    pub environment: BTreeMap<String, String>,
    /// The configuration of a Pulumi provider: the keys that are present.
    pub config: Option<BTreeMap<String, String>>,
    /// The origin of the configuration: `stack` or `provider`.
    pub config_source: Option<String>,
    /// A credential with explicit options.
    pub options: Option<NativeCredentialOptions>,
    /// Whether tokens are stored on the machine if neither an option nor the environment decides it.
    pub keeps_on_machine: Option<bool>,
    /// Receives the lines of the log.
    #[napi(ts_type = "(level: string, message: string, timestamp: number) => void")]
    pub on_log: Option<ReceiveLog>,
}

/// A credential with explicit options; js/options.js defines their form.
#[napi(object, object_to_js = false)]
pub struct NativeCredentialOptions {
    /// The kind of credential.
    pub credential: String,
    /// The options that are texts.
    pub texts: BTreeMap<String, String>,
    /// The options that are lists.
    pub lists: BTreeMap<String, Vec<String>>,
    /// Asks the program for an assertion.
    #[napi(ts_type = "(call: number) => void")]
    pub assertion: Option<AskForAssertion>,
    /// Whether tokens are kept in memory alone.
    pub memory_only: Option<bool>,
    /// A store that processes of one machine share.
    pub machine_store: Option<NativeMachineStore>,
    /// A store that processes of several machines share.
    pub shared_store: Option<NativeSharedStore>,
    /// The program's choices for trying again.
    pub retry: Option<NativeRetry>,
    /// The members of a chain.
    pub chain: Option<Vec<NativeCredentialOptions>>,
}

/// How often and after how many milliseconds requests are repeated; js/identity/retry.js defines the form.
#[napi(object, object_to_js = false)]
#[derive(Default)]
pub struct NativeRetry {
    /// The number of tries after the first one.
    pub most_retries: Option<u32>,
    /// The wait before the first of them.
    pub first_wait: Option<u32>,
    /// The longest wait.
    pub longest_wait: Option<u32>,
}

impl From<NativeRetry> for RetryChoice {
    fn from(given: NativeRetry) -> Self {
        let wait = |milliseconds: u32| Duration::from_millis(milliseconds.into());
        let (first_wait, longest_wait) = (given.first_wait.map(wait), given.longest_wait.map(wait));
        Self { most_retries: given.most_retries, first_wait, longest_wait }
    }
}

type LogLine = FnArgs<(String, String, f64)>;
type ReceiveLog = ThreadsafeFunction<LogLine, (), LogLine, Status, false, true>;

/// Resolves the settings, and returns a client or the error.
#[napi(catch_unwind, ts_return_type = "NativeClient | import('./js/native').NativeFailure")]
pub fn create_client(configuration: NativeConfiguration) -> napi::Either<NativeClient, NativeFailure> {
    let is_of_context = configuration.options.is_none();
    let made = contained(|| {
        ensure_randomness()?;
        let parts = Parts::from(configuration);
        Ok(logging(Client::new(resolve(&parts.inputs())?), parts.on_log))
    });
    match made {
        Ok(client) => {
            if is_of_context || client.settings().store.is_some() {
                prepare(client.clone());
            }
            napi::Either::A(NativeClient { client })
        }
        Err(error) => napi::Either::B(NativeFailure::from(error)),
    }
}

/// Lets native threads begin the first call's work while JavaScript still prepares that call. The login context's client
/// is made by its first call; another one without a store may never be asked.
fn prepare(client: Client) {
    // If the process's service cannot be started, each call fails and says so.
    if let Ok(process) = process() {
        process.runtime.spawn(async move { process.service.prepare(&client).await });
    }
}

/// Returns what is considered for a login, even if no client can be made.
#[napi(catch_unwind, ts_return_type = "import('./js/native').NativeConsidered")]
pub fn considered_sources(configuration: NativeConfiguration) -> NativeConsidered {
    let considered = contained(|| Ok(consider(&Parts::from(configuration).inputs())));
    considered.unwrap_or_default().into()
}

/// Returns whether a kind of credential has an option of that name.
#[napi(catch_unwind)]
#[allow(clippy::needless_pass_by_value, reason = "napi gives owned values")]
pub fn is_option(credential: String, name: String) -> bool {
    azure_client_token_core::login::is_option(&credential, &name)
}

/// The configuration in the core's types.
struct Parts {
    environment: Environment,
    pulumi: Option<PulumiConfig>,
    options: Option<CredentialOptions>,
    keeps_on_machine: bool,
    on_log: Option<ReceiveLog>,
}

impl Parts {
    fn inputs(&self) -> Inputs<'_> {
        Inputs {
            environment: &self.environment,
            pulumi: self.pulumi.as_ref(),
            options: self.options.as_ref(),
            keeps_on_machine: self.keeps_on_machine,
        }
    }
}

impl From<NativeConfiguration> for Parts {
    fn from(configuration: NativeConfiguration) -> Self {
        let source = match configuration.config_source.as_deref() {
            Some("provider") => ConfigSource::Provider,
            _ => ConfigSource::Stack,
        };
        Self {
            environment: secrets(configuration.environment).collect(),
            pulumi: configuration.config.map(|values| PulumiConfig::new(source, secrets(values))),
            options: configuration.options.map(CredentialOptions::from),
            keeps_on_machine: configuration.keeps_on_machine.unwrap_or_default(),
            on_log: configuration.on_log,
        }
    }
}

impl From<NativeCredentialOptions> for CredentialOptions {
    fn from(options: NativeCredentialOptions) -> Self {
        let list = |(name, values): (String, Vec<String>)| (name, values.into_iter().map(Secret::new).collect());
        Self {
            credential: options.credential,
            texts: ordered(secrets(options.texts)),
            lists: ordered(options.lists.into_iter().map(list)),
            assertion: options.assertion.map(callback),
            cache: cache(options.memory_only, options.machine_store, options.shared_store),
            retry: options.retry.unwrap_or_default().into(),
            chain: options.chain.unwrap_or_default().into_iter().map(Self::from).collect(),
        }
    }
}

fn cache(
    memory_only: Option<bool>,
    machine: Option<NativeMachineStore>,
    shared: Option<NativeSharedStore>,
) -> Option<CacheOption> {
    let nowhere = memory_only.filter(|only| *only).map(|_| CacheOption::Nowhere);
    nowhere.or(machine.map(CacheOption::from)).or(shared.map(|store| CacheOption::Shared(store.into())))
}

fn secrets(values: BTreeMap<String, String>) -> impl Iterator<Item = (String, Secret)> {
    values.into_iter().map(|(name, value)| (name, Secret::new(value)))
}

/// Inserts entry by entry: collecting a map sorts first, and each sorted type takes 5 KB of the addon.
fn ordered<V>(entries: impl Iterator<Item = (String, V)>) -> BTreeMap<String, V> {
    let mut map = BTreeMap::new();
    map.extend(entries);
    map
}

/// Sends all lines to JavaScript, which filters them. No call waits for its thread.
#[expect(clippy::cast_precision_loss, reason = "milliseconds since 1970 are exact for 285,000 years")]
fn logging(client: Client, receive: Option<ReceiveLog>) -> Client {
    let Some(receive) = receive else { return client };
    client.with_log(LogLevel::Debug, move |entry| {
        let line = (entry.level.as_str().to_owned(), entry.message.clone(), entry.timestamp as f64);
        receive.call(line.into(), ThreadsafeFunctionCallMode::NonBlocking);
    })
}
