//! An attacker who can write to a store but has no key can restore an older value of the same name, as `SECURITY.md`
//! says.

use super::*;

#[tokio::test(start_paused = true)]
async fn an_older_value_restored_under_its_name_is_used_until_its_token_ends() {
    const MINUTE: Duration = Duration::from_secs(60);
    let (store, clock, service) = (FakeStore::default(), clock(), Service::of_life(HOUR));
    let process = process(&store, &clock, &service);
    let older = process.token().await.unwrap();
    let (name, sealed) = store.values().remove(0);
    tokio::time::sleep(MINUTE * 54).await;
    store.forget();
    assert_eq!(process.token().await.unwrap().token.expose(), "marker-1", "the store has forgotten the older one");

    store.put(&name, &sealed);
    let replayed = process.token().await.unwrap();
    assert_eq!((replayed.token.expose(), replayed.cached_in), ("marker-0", Some(CachedIn::Shared)));
    assert_eq!(replayed.expires_on, older.expires_on, "it lives no longer than before");

    for (request, minutes) in (2..).zip([1, 5, 30]) {
        tokio::time::sleep(MINUTE * minutes).await;
        store.put(&name, &sealed);
        let token = process.token().await.unwrap();
        assert_eq!((token.token.expose(), token.cached_in), (&*format!("marker-{request}"), None));
        assert_eq!(process.token().await.unwrap().token, token.token, "the new one has its place");
    }
    assert_eq!(service.requests(), 5);
}
