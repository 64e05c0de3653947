//! Counts what is allocated, and looks for secrets in memory that is freed. The warm path allocates nothing: JavaScript
//! checks a token's lease once a second, from every thread.

use async_trait::async_trait;
use azure_client_token_core::{
    resolve,
    testing::{HttpStub, StubAnswer, StubRequest},
    Client, Environment, Error, Inputs, Service, Settings, TokenRequest,
};
use std::{
    alloc::{GlobalAlloc, Layout, System},
    cell::Cell,
    sync::Arc,
    time::Duration,
};

/// The system's allocator, which counts allocations on each thread.
struct Counting;

const TOKEN: &[u8] = b"an-issued-t0ken";

thread_local! {
    static COUNT: Cell<usize> = const { Cell::new(0) };
    static BYTES: Cell<usize> = const { Cell::new(0) };
    /// The number of freed blocks that contain the token, while they are counted.
    static LEFT: Cell<Option<usize>> = const { Cell::new(None) };
}

// SAFETY: every call goes to the system's allocator.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        COUNT.set(COUNT.get() + 1);
        BYTES.set(BYTES.get() + layout.size());
        // SAFETY: the caller guarantees what the system's allocator requires.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        if let Some(left) = LEFT.get() {
            // SAFETY: the block belongs to this allocator until it is freed.
            LEFT.set(Some(left + usize::from(unsafe { has_token(pointer, layout.size()) })));
        }
        // SAFETY: the caller guarantees what the system's allocator requires.
        unsafe { System.dealloc(pointer, layout) }
    }
}

/// Reads byte by byte, because some of the block may never have been written.
///
/// # Safety
/// The block must have that size.
unsafe fn has_token(block: *const u8, size: usize) -> bool {
    // SAFETY: the position is within the block.
    let byte = |at: usize| unsafe { block.add(at).read_volatile() };
    let last = size.checked_sub(TOKEN.len());
    last.is_some_and(|last| (0..=last).any(|at| (0..TOKEN.len()).all(|of| byte(at + of) == TOKEN[of])))
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

struct Answering;

#[async_trait]
impl HttpStub for Answering {
    async fn answer(&self, _: StubRequest) -> Result<StubAnswer, Error> {
        let token = String::from_utf8_lossy(TOKEN);
        let body = format!(r#"{{"access_token":"{token}","expires_in":3599,"token_type":"Bearer"}}"#);
        Ok(StubAnswer { status: 200, body: body.into_bytes(), ..StubAnswer::default() })
    }
}

fn allocations(work: impl FnOnce()) -> usize {
    let before = COUNT.get();
    work();
    COUNT.get() - before
}

fn settings() -> Settings {
    let environment = Environment::from([("ARM_TENANT_ID", "t"), ("ARM_CLIENT_ID", "c"), ("ARM_CLIENT_SECRET", "s")]);
    resolve(&Inputs::of_environment(&environment)).expect("settings")
}

#[tokio::test]
async fn a_check_of_a_lease_allocates_nothing() {
    let client = Client::new(settings());
    let service = Service::new().over(Arc::new(Answering));
    let (_, lease) = service.leased_token(&client, &TokenRequest::default()).await.expect("a token");

    let count = allocations(|| {
        for _ in 0..100 {
            assert!(service.trust(lease) > Duration::ZERO);
        }
    });

    assert_eq!(count, 0);
    assert!(allocations(|| drop(Box::new(1))) > 0, "nothing is counted");
}

/// A caller's own certificates may be large, and there are thousands of calls.
#[tokio::test]
async fn no_call_copies_the_certificates_that_its_settings_trust() {
    const SIZE: usize = 1_000_000;
    let mut settings = settings();
    settings.network.trust.extra = vec!["x".repeat(SIZE)];
    let client = Client::new(settings);
    let service = Service::new().over(Arc::new(Answering));
    let scopes = ["https://one.example/.default", "https://one.example/.default", "https://two.example/.default"];
    let mut bytes = Vec::new();
    for scope in scopes {
        let before = BYTES.get();
        let request = TokenRequest { scopes: Some(vec![scope.to_owned()]), ..TokenRequest::default() };
        service.client_token(&client, &request).await.expect("a token");
        bytes.push(BYTES.get() - before);
    }
    assert!(bytes[0] > SIZE, "the transport of the first call keeps a copy: {bytes:?}");
    assert!(bytes[1] < SIZE / 10 && bytes[2] < SIZE / 2, "{bytes:?}");
}

/// `azure_identity` keeps a service's answers in strings that are not overwritten when they are dropped.
#[tokio::test]
async fn no_copy_of_a_token_is_left_in_freed_memory() {
    let client = Client::new(settings());
    let service = Service::new().over(Arc::new(Answering));
    LEFT.set(Some(0));
    let token = service.client_token(&client, &TokenRequest::default()).await.expect("a token");
    assert_eq!(token.token.expose().as_bytes(), TOKEN);
    drop((token, client, service));
    tokio::task::yield_now().await;
    assert_eq!(LEFT.get(), Some(0));

    drop(String::from_utf8_lossy(TOKEN).into_owned());
    assert_eq!(LEFT.take(), Some(1), "nothing is looked for");
}
