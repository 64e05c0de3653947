//! Layer 1: caches of limited size for values that can be made again. The least recently used value is dropped first.

use std::{
    borrow::Borrow,
    collections::HashMap,
    fmt,
    hash::Hash,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};
use tokio::time::Instant;

/// How long an [`IdleCache`] keeps an unused value. Making it again takes some milliseconds; as long as it is kept, its
/// keys and passwords stay in memory.
pub(crate) const LONGEST_IDLE: Duration = Duration::from_secs(15 * 60);

/// A map with a limit. A new entry replaces the least recently used one.
pub(crate) struct LruCache<K, V> {
    most: usize,
    uses: u64,
    entries: HashMap<K, Entry<V>>,
}

struct Entry<V> {
    value: V,
    last_use: u64,
    used_at: Instant,
}

impl<K: Eq + Hash, V: Clone> LruCache<K, V> {
    pub(crate) fn new(most: usize) -> Self {
        Self { most, uses: 0, entries: HashMap::new() }
    }

    /// Returns the value of the key. `make` is called if there is none.
    pub(crate) fn get_or_insert_with(&mut self, key: K, make: impl FnOnce() -> V) -> V {
        self.uses += 1;
        if self.entries.len() >= self.most && !self.entries.contains_key(&key) {
            self.make_room();
        }
        let new = || Entry { value: make(), last_use: 0, used_at: Instant::now() };
        let entry = self.entries.entry(key).or_insert_with(new);
        (entry.last_use, entry.used_at) = (self.uses, Instant::now());
        entry.value.clone()
    }

    /// Removes the key if its value satisfies `is_such`.
    pub(crate) fn remove_if<Q: Eq + Hash + ?Sized>(&mut self, key: &Q, is_such: impl FnOnce(&V) -> bool)
    where
        K: Borrow<Q>,
    {
        if self.entries.get(key).is_some_and(|entry| is_such(&entry.value)) {
            self.entries.remove(key);
        }
    }

    /// Removes all entries. The return value drops them, which may take a while.
    #[must_use]
    pub(crate) fn clear(&mut self) -> impl Sized + use<K, V> {
        std::mem::take(&mut self.entries)
    }

    /// Drops idle entries, and returns whether any are left.
    fn drop_idle(&mut self) -> bool {
        self.entries.retain(|_, entry| entry.used_at.elapsed() < LONGEST_IDLE);
        !self.entries.is_empty()
    }

    fn make_room(&mut self) {
        let oldest = self.entries.values().map(|entry| entry.last_use).min();
        self.entries.retain(|_, entry| Some(entry.last_use) != oldest);
    }
}

impl<K, V> fmt::Debug for LruCache<K, V> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "LruCache({} entries)", self.entries.len())
    }
}

/// A shared [`LruCache`] that drops values which are not used for a while.
pub(crate) struct IdleCache<K, V>(Arc<Mutex<SweptCache<K, V>>>);

struct SweptCache<K, V> {
    cache: LruCache<K, V>,
    /// Whether a task drops idle entries.
    is_swept: bool,
}

impl<K: Eq + Hash + Send + 'static, V: Clone + Send + 'static> IdleCache<K, V> {
    pub(crate) fn new(most: usize) -> Self {
        Self(Arc::new(Mutex::new(SweptCache { cache: LruCache::new(most), is_swept: false })))
    }

    /// Returns the value of the key. `make` is called if there is none.
    pub(crate) fn get_or_insert_with(&self, key: K, make: impl FnOnce() -> V) -> V {
        let mut swept = locked(&self.0);
        let value = swept.cache.get_or_insert_with(key, make);
        if !std::mem::replace(&mut swept.is_swept, true) {
            self.start_sweep();
        }
        value
    }

    pub(crate) fn clear(&self) {
        let forgotten = locked(&self.0).cache.clear();
        drop(forgotten);
    }

    /// Starts a task that drops idle entries from time to time, until none are left or the cache is dropped.
    fn start_sweep(&self) {
        let owner = Arc::downgrade(&self.0);
        tokio::spawn(async move {
            loop {
                tokio::time::sleep(LONGEST_IDLE / 3).await;
                if !owner.upgrade().is_some_and(|swept| locked(&swept).drop_idle()) {
                    return;
                }
            }
        });
    }
}

impl<K: Eq + Hash, V: Clone> SweptCache<K, V> {
    fn drop_idle(&mut self) -> bool {
        self.is_swept = self.cache.drop_idle();
        self.is_swept
    }
}

fn locked<K, V>(swept: &Mutex<SweptCache<K, V>>) -> MutexGuard<'_, SweptCache<K, V>> {
    swept.lock().unwrap_or_else(PoisonError::into_inner)
}

impl<K, V> Clone for IdleCache<K, V> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<K, V> fmt::Debug for IdleCache<K, V> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        locked(&self.0).cache.fmt(formatter)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(cache: &LruCache<u32, u32>) -> Vec<u32> {
        let mut keys: Vec<_> = cache.entries.keys().copied().collect();
        keys.sort_unstable();
        keys
    }

    #[tokio::test]
    async fn the_most_recently_used_entry_stays() {
        let mut cache = LruCache::new(3);
        for key in [0, 1, 2, 0, 3, 0] {
            assert_eq!(cache.get_or_insert_with(key, || key + 10), key + 10);
        }
        assert_eq!(keys(&cache), [0, 2, 3]);
        assert_eq!(cache.get_or_insert_with(0, || unreachable!("it is kept")), 10);
        cache.remove_if(&2, |value| *value == 10);
        cache.remove_if(&3, |value| *value == 13);
        assert_eq!(keys(&cache), [0, 2]);
        drop(cache.clear());
        assert_eq!(cache.get_or_insert_with(0, || 20), 20);
    }

    #[tokio::test(start_paused = true)]
    async fn unused_values_are_dropped() {
        let cache = IdleCache::new(64);
        let make = |key: u32| cache.get_or_insert_with(key, || Arc::new(key));
        let unused = Arc::downgrade(&make(0));
        let used = make(1);
        for _ in 0..4 {
            tokio::time::sleep(LONGEST_IDLE / 2).await;
            assert!(Arc::ptr_eq(&make(1), &used));
        }
        assert!(unused.upgrade().is_none());
        assert_eq!(format!("{cache:?}"), "LruCache(1 entries)", "the one that is used stays");
        tokio::time::sleep(LONGEST_IDLE * 2).await;
        assert_eq!(format!("{cache:?}"), "LruCache(0 entries)");
        make(2);
        tokio::time::sleep(LONGEST_IDLE * 2).await;
        assert_eq!(format!("{cache:?}"), "LruCache(0 entries)", "the next ones are looked at too");
    }

    #[tokio::test]
    async fn cleared_values_are_made_again() {
        let cache = IdleCache::new(1);
        let first = Arc::downgrade(&cache.get_or_insert_with((), || Arc::new(())));
        cache.clear();
        assert!(first.upgrade().is_none());
    }
}
