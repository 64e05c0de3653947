//! Keeps tokens, and prints how many bytes each of them takes: `bench/` adds these to the bytes in V8.
//!
//! `cargo run --release -p azure-client-token-core --example kept_tokens -- COUNT LENGTH`
#![expect(clippy::print_stdout, reason = "a program of its own, which measures")]

use async_trait::async_trait;
use azure_client_token_core::{
    resolve,
    testing::{HttpStub, StubAnswer, StubRequest},
    Client, Environment, Error, Inputs, Service, TokenRequest,
};
use std::{
    alloc::{GlobalAlloc, Layout, System},
    env,
    sync::{
        atomic::{AtomicIsize, Ordering},
        Arc,
    },
};

/// The system's allocator, which counts the bytes that are in use.
struct Counting;

static IN_USE: AtomicIsize = AtomicIsize::new(0);

/// Kept before the first measurement, so that one-time allocations are not counted.
const EARLIER: usize = 1000;

// SAFETY: every call goes to the system's allocator.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        IN_USE.fetch_add(layout.size().cast_signed(), Ordering::Relaxed);
        // SAFETY: the caller guarantees what the system's allocator requires.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        IN_USE.fetch_sub(layout.size().cast_signed(), Ordering::Relaxed);
        // SAFETY: the caller guarantees what the system's allocator requires.
        unsafe { System.dealloc(pointer, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

struct Answering(Vec<u8>);

#[async_trait]
impl HttpStub for Answering {
    async fn answer(&self, _: StubRequest) -> Result<StubAnswer, Error> {
        Ok(StubAnswer { status: 200, body: self.0.clone(), ..StubAnswer::default() })
    }
}

fn main() {
    let arguments: Vec<usize> = env::args().skip(1).filter_map(|text| text.parse().ok()).collect();
    let [count, length] = arguments[..] else { panic!("usage: kept_tokens COUNT LENGTH") };
    let body = format!(r#"{{"access_token":"{}","expires_in":3599}}"#, "t".repeat(length));
    let service = Service::new().over(Arc::new(Answering(body.into_bytes())));
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");

    runtime.block_on(keep(&service, 0..EARLIER));
    let before = IN_USE.load(Ordering::Relaxed);
    runtime.block_on(keep(&service, EARLIER..EARLIER + count));
    println!("{}", (IN_USE.load(Ordering::Relaxed) - before) / count.cast_signed());
}

async fn keep(service: &Service, numbers: std::ops::Range<usize>) {
    let environment = Environment::from([("ARM_TENANT_ID", "t"), ("ARM_CLIENT_ID", "c"), ("ARM_CLIENT_SECRET", "s")]);
    let client = Client::new(resolve(&Inputs::of_environment(&environment)).expect("settings"));
    for number in numbers {
        let request = TokenRequest { endpoint: Some(format!("api://{number}")), ..TokenRequest::default() };
        service.client_token(&client, &request).await.expect("a token");
    }
}
