use crate::types::Secret;
use std::sync::OnceLock;

/// Encrypts a key for one user of the machine. On Windows the binding calls the system for it, because the core has no
/// unsafe code.
pub trait ProtectKey: Send + Sync {
    /// Encrypts a key, or returns nothing if the system refuses.
    fn seal(&self, key: &Secret) -> Option<Vec<u8>>;

    /// Decrypts a key, or returns nothing if it was encrypted for another user or on another machine, or is damaged.
    fn open(&self, sealed: &[u8]) -> Option<Secret>;
}

static PROTECTION: OnceLock<Box<dyn ProtectKey>> = OnceLock::new();

/// Sets what encrypts keys on this system, once a process.
pub fn protect_keys_by(protection: impl ProtectKey + 'static) {
    let _ = PROTECTION.set(Box::new(protection));
}

#[cfg(windows)]
pub(crate) fn key_protection() -> Option<&'static dyn ProtectKey> {
    PROTECTION.get().map(AsRef::as_ref)
}
