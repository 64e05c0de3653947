//! What makes the cache drop a token: its login changes, or there are too many tokens.

use super::*;

#[tokio::test(start_paused = true)]
async fn a_token_is_dropped_when_what_it_is_bound_to_changes() {
    let bench = Bench::new();
    let bound = |length| Ask { binding: Some(LoginFingerprint::to_file_of(length)), ..ask("a") };
    let LeasedToken { token: old, lease } = bench.leased(bound(1), bench.good()).await.unwrap().unwrap();
    assert!(is_same(&old, &bench.asked(bound(1), bench.good()).await.unwrap().unwrap()));
    let trust = |length| bench.cache.trust(lease, |binding| *binding == LoginFingerprint::to_file_of(length));
    assert_eq!((trust(1), trust(2)), (LONGEST_CHECK_AGE, Duration::ZERO));
    assert!(!is_same(&old, &bench.asked(bound(2), bench.good()).await.unwrap().unwrap()));
}

#[tokio::test(start_paused = true)]
async fn only_tokens_of_tools_with_a_login_depend_on_files() {
    use CredentialKind::{AzureCli, AzureDeveloperCli, AzurePowerShell, ClientSecret, Command};
    for (source, is_bound) in
        [(AzureCli, true), (AzureDeveloperCli, true), (AzurePowerShell, true), (ClientSecret, false), (Command, false)]
    {
        let bench = Bench::new();
        let bound = |length| Ask { binding: Some(LoginFingerprint::to_file_of(length)), ..ask("a") };
        let token = || Ok(AccessToken { source, ..bench.token(HOUR) });
        let old = bench.asked(bound(1), token()).await.unwrap().unwrap();
        let new = bench.asked(bound(2), token()).await.unwrap().unwrap();
        assert_eq!(!is_same(&old, &new), is_bound, "{source:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_token_is_trusted_until_something_about_it_changes() {
    let bench = Bench::new();
    let lease = bench.lease(ask("a")).await;
    assert_eq!(bench.trust(lease), LONGEST_TRUST);
    later(DUE.saturating_sub(Duration::from_millis(100))).await;
    assert_eq!(bench.trust(lease), Duration::from_millis(100), "no longer than until it is due");
    later(Duration::from_millis(100)).await;
    assert_eq!(bench.trust(lease), Duration::ZERO, "a call has to start the refresh");
    bench.ask(refused()).await.unwrap();
    assert_eq!(bench.trust(lease), LONGEST_TRUST, "which is under way");
    later(Duration::from_secs(2)).await;
    assert_eq!(bench.trust(lease), LONGEST_TRUST, "and rests");
    later(COOLDOWN.saturating_sub(Duration::from_millis(1500))).await;
    assert_eq!(bench.trust(lease), Duration::from_millis(500), "not longer than the rest");
    bench.cache.clear();
    assert_eq!(bench.trust(lease), Duration::ZERO);
    bench.ask(bench.good()).await.unwrap();
    assert_eq!(bench.trust(lease), Duration::ZERO, "it is another one now");
}

#[tokio::test(start_paused = true)]
async fn useless_entries_are_dropped_first_and_then_those_that_end_soonest() {
    let bench = Bench::new();
    let fill = |count: usize, lives: UnixMillis| {
        let bench = &bench;
        async move {
            for number in 0..count {
                let ask = Ask { key: key(number.to_le_bytes()), ..ask("") };
                let token = bench.token(lives + UnixMillis::try_from(number).unwrap());
                bench.cache.token(ask, |_| async { Ok(token) }).await.unwrap().unwrap();
            }
        }
    };
    let count = || {
        let entries = bench.cache.entries();
        assert_eq!(entries.leases.len(), entries.map.len(), "a lease for each token, and none for those that went");
        entries.map.len()
    };
    fill(FIRST_SWEEP - 1, 1000).await;
    later(Duration::from_secs(2)).await;
    bench.asked(ask("b"), bench.good()).await.unwrap().unwrap();
    assert_eq!(count(), FIRST_SWEEP, "so few are not looked through");
    bench.ask(bench.good()).await.unwrap();
    assert_eq!(count(), 2, "the expired ones are gone");
    fill(MOST_ENTRIES + 5, 2 * HOUR).await;
    assert!((MOST_ENTRIES * 7 / 8..=MOST_ENTRIES).contains(&count()), "{}", count());
    assert!(!bench.cache.entries().map.contains_key(&key(0_usize.to_le_bytes())));
    assert!(bench.cache.entries().map.contains_key(&key((MOST_ENTRIES + 4).to_le_bytes())));
}
