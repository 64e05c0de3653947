use ring::{
    hmac,
    rand::{SecureRandom, SystemRandom},
};
use std::sync::OnceLock;

/// Returns the key of the process's keyed hashes. It is made once a process, so that a hash in a memory dump does not
/// reveal a secret that can be guessed.
pub(crate) fn process_key() -> &'static hmac::Key {
    static KEY: OnceLock<hmac::Key> = OnceLock::new();
    KEY.get_or_init(|| {
        let mut bytes = [0; 32];
        // Without random numbers TLS would not work either; a key of zeros only makes the hash an unkeyed one.
        let _ = SystemRandom::new().fill(&mut bytes);
        hmac::Key::new(hmac::HMAC_SHA256, &bytes)
    })
}
