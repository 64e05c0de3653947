//! What the warm path allocates: nothing. JavaScript looks at a token's lease once a second, from every thread.

use async_trait::async_trait;
use azure_client_token_core::{
    resolve,
    testing::{Wire, WireAnswer, WireRequest},
    Client, Environment, Error, Inputs, Service, TokenRequest,
};
use std::{
    alloc::{GlobalAlloc, Layout, System},
    cell::Cell,
    sync::Arc,
    time::Duration,
};

/// The system's allocator, counting on each thread.
struct Counting;

thread_local! {
    static COUNT: Cell<usize> = const { Cell::new(0) };
}

// SAFETY: everything is the system allocator's.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        COUNT.set(COUNT.get() + 1);
        // SAFETY: as promised to us.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        // SAFETY: as promised to us.
        unsafe { System.dealloc(pointer, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

struct Answering;

#[async_trait]
impl Wire for Answering {
    async fn answer(&self, _: WireRequest) -> Result<WireAnswer, Error> {
        let body = br#"{"access_token":"t","expires_in":3599,"token_type":"Bearer"}"#;
        Ok(WireAnswer { status: 200, body: body.to_vec(), ..WireAnswer::default() })
    }
}

fn allocations(work: impl FnOnce()) -> usize {
    let before = COUNT.get();
    work();
    COUNT.get() - before
}

#[tokio::test]
async fn a_look_at_a_lease_allocates_nothing() {
    let environment = Environment::from([("ARM_TENANT_ID", "t"), ("ARM_CLIENT_ID", "c"), ("ARM_CLIENT_SECRET", "s")]);
    let client = Client::new(resolve(&Inputs::of_environment(&environment)).expect("settings"));
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
