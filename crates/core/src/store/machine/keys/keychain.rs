use super::{KeyHome, NoKeys};
use crate::types::Secret;
use security_framework::{
    base::Error,
    os::macos::keychain::SecKeychain,
    passwords::{get_generic_password, set_generic_password},
};
use zeroize::Zeroizing;

const SERVICE: &str = "azure-client-token";
/// `errSecItemNotFound` of Apple's Security framework.
const NOT_FOUND: i32 = -25300;

/// The user's Keychain. A locked one would ask the user, which is disabled; then there is no key.
pub(super) struct Keychain;

impl KeyHome for Keychain {
    fn find(&self, id: &str) -> Result<Option<Secret>, NoKeys> {
        let _silent = SecKeychain::disable_user_interaction().map_err(unusable)?;
        match get_generic_password(SERVICE, id).map(Zeroizing::new) {
            Ok(key) => Ok(std::str::from_utf8(&key).ok().map(Secret::new)),
            Err(error) if error.code() == NOT_FOUND => Ok(None),
            Err(error) => Err(unusable(error)),
        }
    }

    fn add(&self, id: &str, key: &Secret) -> Result<(), NoKeys> {
        let _silent = SecKeychain::disable_user_interaction().map_err(unusable)?;
        set_generic_password(SERVICE, id, key.expose().as_bytes()).map_err(unusable)
    }
}

fn unusable(error: Error) -> NoKeys {
    NoKeys::in_system(&format!("the Keychain cannot be used without asking the user (status {})", error.code()))
}
