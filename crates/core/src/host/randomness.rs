//! The system's source of random numbers. The standard library and others panic if it fails, some of them inside a lock
//! or while a panic is unwinding, which ends the process. So it is tried before they use it.

use super::without_a_report;
use crate::types::{Error, Resource};
use ring::rand::{SecureRandom, SystemRandom};
use std::hash::RandomState;

/// Tries the source, and seeds the hash maps of this thread: later ones need no random numbers.
///
/// # Errors
/// A shortage of [`Resource::Randomness`], which may pass.
pub fn ensure_randomness() -> Result<(), Error> {
    let is_seeded = without_a_report(RandomState::new).is_some();
    let is_drawn = SystemRandom::new().fill(&mut [0]).is_ok();
    if is_seeded && is_drawn {
        return Ok(());
    }
    Err(Resource::Randomness.lacking("no token can be asked for", &"getrandom"))
}
