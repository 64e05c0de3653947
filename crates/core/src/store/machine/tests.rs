//! Processes of one machine, each with its own store over the same folder, on a real disk and with the real clock.

use super::{
    folder::tests::Scratch,
    keys::{GivenKeys, MachineKeys, NoKeys},
    *,
};
use crate::{
    host::{read_now, Clock, Environment, Log, LogLevel},
    store::{
        counted_service::{plain_call, Service},
        SharedTokens, StoreKey, StoreRequest, TokenQuery,
    },
    transport::Deadline,
    types::{AccessToken, CachedIn, CredentialKind, EntraRefusal, Error, ErrorKind, Secret, UnixMillis},
};
use base64::{engine::general_purpose::STANDARD, Engine};
use std::{
    fs,
    path::PathBuf,
    sync::{Arc, Mutex},
    time::Duration,
};
use tokio::time::Instant;

mod holders;

const HOUR: UnixMillis = 3_600_000;

#[derive(Clone)]
struct Process {
    store: Arc<SharedTokens>,
    service: Arc<Service>,
    patience: Duration,
}

fn keys(byte: u8) -> Arc<dyn MachineKeys> {
    let key = StoreKey::new("k", &Secret::new(STANDARD.encode([byte; 32]))).unwrap();
    Arc::new(GivenKeys([key].into()))
}

fn location_in(base: &std::path::Path) -> location::StoreLocation {
    location(&Environment::default(), Some(base)).unwrap()
}

fn process_with(base: &std::path::Path, keys: Arc<dyn MachineKeys>, service: &Arc<Service>) -> Process {
    let settings = MachineSettings { location: location_in(base), keys };
    let store = Arc::new(SharedTokens::of_machine(settings));
    Process { store, service: Arc::clone(service), patience: Duration::from_secs(60) }
}

fn process(scratch: &Scratch, service: &Arc<Service>) -> Process {
    process_with(&scratch.0, keys(1), service)
}

/// A process that waits longer for others, so that a busy machine does not change the result.
fn unhurried_process(scratch: &Scratch, service: &Arc<Service>) -> Process {
    let settings = MachineSettings { location: location_in(&scratch.0), keys: keys(1) };
    let mut store = SharedTokens::of_machine(settings);
    store.rules.longest_wait = Duration::from_secs(50);
    Process { store: Arc::new(store), ..process(scratch, service) }
}

impl Process {
    async fn ask_with_log(&self, log: Log, change: impl FnOnce(&mut StoreRequest)) -> Result<AccessToken, Error> {
        let mut asked = plain_call(&self.store);
        change(&mut asked);
        let (deadline, clock) = (Deadline::at(Instant::now() + self.patience), Clock::system());
        let Some(opened) = asked.open(&log, &clock).await else { return self.service.token(clock.now()).await };
        let token = asked.call.clone().build();
        let kind = CredentialKind::ClientSecret;
        let wanted =
            TokenQuery { kind, token, unkept: Vec::new(), opened, deadline: &deadline, log: &log, clock: &clock };
        asked.token(&wanted, |_| self.service.token(clock.now())).await
    }

    async fn ask(&self, change: impl FnOnce(&mut StoreRequest)) -> Result<AccessToken, Error> {
        self.ask_with_log(Log::default(), change).await
    }

    async fn token(&self) -> Result<AccessToken, Error> {
        self.ask(|_| ()).await
    }

    fn asking(&self) -> tokio::task::JoinHandle<Result<AccessToken, Error>> {
        let process = self.clone();
        tokio::spawn(async move { process.token().await })
    }
}

fn text(path: &std::path::Path) -> String {
    String::from_utf8(read_now(path, 1 << 20).unwrap().to_vec()).unwrap()
}

fn file(scratch: &Scratch, ending: &str) -> PathBuf {
    let mut all = fs::read_dir(scratch.inner()).unwrap().map(|entry| entry.unwrap().path());
    all.find(|path| path.to_str().unwrap().ends_with(ending) && !path.ends_with("key.l")).unwrap()
}

#[tokio::test]
async fn two_hundred_processes_make_one_request_and_store_no_token_unencrypted() {
    let (scratch, service) = (Scratch::new(), Service::slow(Duration::from_millis(100), Vec::new()));
    let tasks: Vec<_> = (0..200).map(|_| unhurried_process(&scratch, &service).asking()).collect();
    let mut shared = 0;
    for task in tasks {
        let token = task.await.unwrap().unwrap();
        assert_eq!(token.token.expose(), "marker-0");
        shared += u32::from(token.cached_in == Some(CachedIn::Machine));
    }
    assert_eq!((service.requests(), shared), (1, 199));
    for entry in fs::read_dir(scratch.inner()).unwrap() {
        let path = entry.unwrap().path();
        let content = text(&path);
        assert!(!content.contains("marker") && !content.contains("clientSecret"), "{}", path.display());
    }
}

/// What may happen to a file, and whether the next token replaces it.
type Damage = (&'static str, fn(&std::path::Path), bool);

const DAMAGES: &[Damage] = &[
    ("empty", |path| fs::write(path, "").unwrap(), true),
    ("truncated", |path| change(path, |text| text.truncate(text.len() / 2)), true),
    ("one letter is another", |path| change(path, |text| flip(text, 60)), true),
    ("of a later version", |path| change(path, |text| text.replace_range(..2, "Ag")), true),
    ("not UTF-8", |path| fs::write(path, [0xff; 300]).unwrap(), true),
    ("longer than any", |path| change(path, |text| *text = text.repeat(100)), true),
    ("gone", |path| fs::remove_file(path).unwrap(), true),
    ("a folder", |path| replace(path, |path| fs::create_dir(path).unwrap()), false),
    #[cfg(unix)]
    ("a link", |path| replace(path, |path| std::os::unix::fs::symlink("/dev/zero", path).unwrap()), true),
];

fn change(path: &std::path::Path, change: impl FnOnce(&mut String)) {
    let mut content = text(path);
    change(&mut content);
    fs::write(path, content).unwrap();
}

fn flip(text: &mut String, location: usize) {
    let other = if &text[location..=location] == "A" { "B" } else { "A" };
    text.replace_range(location..=location, other);
}

fn replace(path: &std::path::Path, make: impl FnOnce(&std::path::Path)) {
    fs::remove_file(path).unwrap();
    make(path);
}

#[tokio::test]
async fn a_damaged_file_counts_as_absent() {
    for (what, damage, is_replaced) in DAMAGES {
        let (scratch, service) = (Scratch::new(), Service::of_life(HOUR));
        process(&scratch, &service).token().await.unwrap();
        assert_eq!(process(&scratch, &service).token().await.unwrap().cached_in, Some(CachedIn::Machine), "{what}");
        damage(&file(&scratch, ".t"));
        assert_eq!(process(&scratch, &service).token().await.unwrap().cached_in, None, "{what}");
        let next = process(&scratch, &service).token().await.unwrap().cached_in;
        assert_eq!(next.is_some(), *is_replaced, "{what}");
    }
}

#[tokio::test]
async fn another_key_has_names_and_values_of_its_own() {
    let (scratch, service) = (Scratch::new(), Service::of_life(HOUR));
    let other = process_with(&scratch.0, keys(2), &service);
    process(&scratch, &service).token().await.unwrap();
    let one = file(&scratch, ".t");
    assert_eq!(other.token().await.unwrap().cached_in, None);
    let files = fs::read_dir(scratch.inner()).unwrap().map(|entry| entry.unwrap().path());
    let two = files.into_iter().find(|path| *path != one && path.extension().is_some_and(|end| end == "t")).unwrap();
    fs::copy(&one, &two).unwrap();
    assert_eq!(other.token().await.unwrap().cached_in, None, "what is moved under another name does not open");
}

#[tokio::test]
async fn a_folder_that_must_not_be_used_causes_one_warning_and_no_failure() {
    let (scratch, service) = (Scratch::new(), Service::of_life(HOUR));
    fs::write(scratch.0.join("azure-client-token"), "a file").unwrap();
    let warnings = Arc::new(Mutex::new(Vec::new()));
    for _ in 0..3 {
        let lines = Arc::clone(&warnings);
        let log = Log::default().and_to(LogLevel::Warn, move |entry| {
            lines.lock().unwrap().push(entry.message.clone());
        });
        let process = process(&scratch, &service);
        assert_eq!(process.ask_with_log(log, |_| ()).await.unwrap().cached_in, None);
        std::mem::forget(process);
    }
    let warnings = warnings.lock().unwrap();
    assert!(warnings.len() == 1 && warnings[0].contains("cannot be used"), "{warnings:?}");
}

#[tokio::test]
async fn without_keys_no_token_is_stored() {
    struct None;
    impl MachineKeys for None {
        fn keys(&self, _: &folder::Folder) -> Result<Arc<[StoreKey]>, NoKeys> {
            Err(NoKeys("there are none".to_owned()))
        }
    }
    let (scratch, service) = (Scratch::new(), Service::of_life(HOUR));
    for _ in 0..2 {
        let process = process_with(&scratch.0, Arc::new(None), &service);
        assert_eq!(process.token().await.unwrap().cached_in, Option::None);
    }
    assert!(fs::read_dir(scratch.inner()).unwrap().all(|entry| entry.unwrap().file_name() == "key.l"));
}

#[tokio::test]
async fn a_folder_that_is_deleted_meanwhile_is_created_again() {
    let (scratch, service) = (Scratch::new(), Service::of_life(HOUR));
    let first = process(&scratch, &service);
    first.token().await.unwrap();
    fs::remove_dir_all(scratch.0.join("azure-client-token")).unwrap();
    assert_eq!(first.token().await.unwrap().cached_in, None);
    assert_eq!(process(&scratch, &service).token().await.unwrap().cached_in, Some(CachedIn::Machine));
}

#[tokio::test]
async fn a_token_that_ends_soon_is_neither_written_nor_used() {
    let scratch = Scratch::new();
    let service = Service::of_life(400);
    process(&scratch, &service).token().await.unwrap();
    assert_eq!(process(&scratch, &service).token().await.unwrap().cached_in, Some(CachedIn::Machine));
    tokio::time::sleep(Duration::from_millis(320)).await;
    assert_eq!(process(&scratch, &service).token().await.unwrap().cached_in, None, "less than a quarter is left");
}

#[tokio::test]
async fn a_forced_refresh_and_a_cleared_cache_ignore_stored_tokens_and_write_new_ones() {
    let (scratch, service) = (Scratch::new(), Service::of_life(HOUR));
    process(&scratch, &service).token().await.unwrap();
    let forced = process(&scratch, &service).ask(|asked| asked.force_refresh = true).await.unwrap();
    assert_eq!((forced.token.expose(), forced.cached_in), ("marker-1", None));
    assert_eq!(process(&scratch, &service).token().await.unwrap().token.expose(), "marker-1");
    let cleared_at = Clock::system().now();
    tokio::time::sleep(Duration::from_millis(2)).await;
    let after = |asked: &mut StoreRequest| asked.written_after = cleared_at;
    let cleared = process(&scratch, &service);
    assert_eq!(cleared.ask(after).await.unwrap().token.expose(), "marker-2");
    assert_eq!(cleared.ask(after).await.unwrap().cached_in, Some(CachedIn::Machine));
}

#[tokio::test]
async fn forced_refreshes_at_the_same_time_share_one_request() {
    let (scratch, service) = (Scratch::new(), Service::slow(Duration::from_millis(100), Vec::new()));
    process(&scratch, &service).token().await.unwrap();
    let forced = || {
        let process = process(&scratch, &service);
        tokio::spawn(async move { process.ask(|asked| asked.force_refresh = true).await })
    };
    for one in [forced(), forced(), forced()] {
        assert_eq!(one.await.unwrap().unwrap().token.expose(), "marker-1");
    }
}

fn refused() -> Error {
    let refusal = EntraRefusal { error_codes: vec![7_000_215], ..EntraRefusal::default() };
    Error::new(ErrorKind::Authentication, "marker-of-a-service").with_refusal(refusal)
}

#[tokio::test]
async fn waiting_processes_share_a_failure_and_later_ones_ask_again() {
    let (scratch, service) = (Scratch::new(), Service::slow(Duration::from_millis(200), vec![refused()]));
    let tasks: Vec<_> = (0..20).map(|_| unhurried_process(&scratch, &service).asking()).collect();
    let mut own = 0;
    for task in tasks {
        let error = task.await.unwrap().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Authentication);
        assert_eq!(error.refusal().unwrap().error_codes, [7_000_215]);
        own += u32::from(error.message().contains("marker"));
    }
    assert_eq!((service.requests(), own), (1, 1), "a note has no words of the service");
    assert!(process(&scratch, &service).token().await.is_ok());
}

#[tokio::test]
async fn a_refusal_answers_later_calls_for_a_while_if_the_program_asks_for_that() {
    let (scratch, service) = (Scratch::new(), Service::slow(Duration::ZERO, vec![refused()]));
    for _ in 0..6 {
        let process = process(&scratch, &service);
        assert!(process.ask(|asked| asked.refusal_memory = Duration::from_secs(5)).await.is_err());
    }
    assert_eq!(service.requests(), 1);
    assert!(process(&scratch, &service).token().await.is_ok());
}

#[tokio::test]
async fn no_process_asks_a_service_that_has_asked_for_a_pause() {
    let refusal = EntraRefusal::of_status(429);
    let throttled = Error::refused("slow down", refusal).with_retry_after(Duration::from_secs(1));
    let (scratch, service) = (Scratch::new(), Service::slow(Duration::from_millis(50), vec![throttled]));
    let start = Instant::now();
    let tasks: Vec<_> = (0..20).map(|_| unhurried_process(&scratch, &service).asking()).collect();
    for task in tasks {
        task.await.unwrap().unwrap();
    }
    assert_eq!(service.requests(), 2);
    assert!(start.elapsed() >= Duration::from_secs(1));
}

#[tokio::test]
async fn others_wait_for_a_stopped_holder_no_longer_than_half_of_their_time() {
    let (scratch, service) = (Scratch::new(), Service::of_life(HOUR));
    process(&scratch, &service).token().await.unwrap();
    let lock = scratch.open().unwrap().try_lock(file(&scratch, ".l").file_name().unwrap().to_str().unwrap());
    fs::remove_file(file(&scratch, ".t")).unwrap();
    let waiter = Process { patience: Duration::from_millis(600), ..process(&scratch, &service) };
    let start = Instant::now();
    assert_eq!(waiter.token().await.unwrap().cached_in, None);
    assert!(start.elapsed() >= Duration::from_millis(250), "{:?}", start.elapsed());
    assert_eq!(process(&scratch, &service).token().await.unwrap().cached_in, Some(CachedIn::Machine), "it wrote");
    drop(lock);
}

#[tokio::test]
async fn a_cancelled_call_releases_its_lock() {
    let (scratch, service) = (Scratch::new(), Service::slow(Duration::from_secs(30), Vec::new()));
    let first = process(&scratch, &service).asking();
    while service.requests() == 0 {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    first.abort();
    let start = Instant::now();
    let second = process(&scratch, &service).asking();
    while service.requests() < 2 {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    second.abort();
    assert!(start.elapsed() < Duration::from_secs(5), "{:?}", start.elapsed());
}
