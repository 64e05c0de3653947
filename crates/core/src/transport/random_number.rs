use std::hash::{BuildHasher, RandomState};

/// Returns a random number that is good enough for a jitter: each `RandomState` has keys of its own.
pub(super) fn random_number() -> u64 {
    #[cfg(test)]
    if let Some(number) = seeded::next() {
        return number;
    }
    RandomState::new().hash_one(0_u8)
}

/// Fixes the random numbers of a test's thread, so that a failure can be repeated.
#[cfg(test)]
pub(crate) fn seed_random_numbers(seed: u64) {
    seeded::begin(seed);
}

#[cfg(test)]
mod seeded {
    use std::{
        cell::Cell,
        hash::{DefaultHasher, Hash, Hasher},
    };

    thread_local! {
        static LAST: Cell<Option<u64>> = const { Cell::new(None) };
    }

    pub(super) fn begin(seed: u64) {
        LAST.set(Some(seed));
    }

    pub(super) fn next() -> Option<u64> {
        let mut hasher = DefaultHasher::new();
        LAST.get()?.hash(&mut hasher);
        LAST.set(Some(hasher.finish()));
        LAST.get()
    }
}
