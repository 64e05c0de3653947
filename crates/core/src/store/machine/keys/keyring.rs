use super::{KeyHome, NoKeys};
use crate::types::Secret;
use linux_keyutils::{KeyError, KeyRing, KeyRingIdentifier};
use zeroize::Zeroizing;

/// The longest key. A key is 44 characters of base64.
const LONGEST: usize = 64;

/// The kernel's keyring of this user. It is in no file, and ends when the machine stops.
pub(super) struct Keyring;

impl KeyHome for Keyring {
    fn find(&self, id: &str) -> Result<Option<Secret>, NoKeys> {
        let key = match user_keyring()?.search(&description(id)) {
            Err(KeyError::KeyDoesNotExist | KeyError::KeyExpired | KeyError::KeyRevoked) => return Ok(None),
            found => found.map_err(unusable)?,
        };
        let mut bytes = Zeroizing::new([0; LONGEST]);
        let length = key.read(&mut *bytes).map_err(unusable)?;
        Ok(bytes.get(..length).and_then(|text| std::str::from_utf8(text).ok()).map(Secret::new))
    }

    fn add(&self, id: &str, key: &Secret) -> Result<(), NoKeys> {
        user_keyring()?.add_key(&description(id), key.expose()).map(drop).map_err(unusable)
    }
}

fn description(id: &str) -> String {
    format!("azure-client-token:{id}")
}

/// Only a process that possesses a key may read it (keyrings(7)), and a session that cron or su has started does not
/// possess the user's keyring. So the key is linked to this thread's keyring: the session's may be revoked, and belongs
/// to other programs as well.
fn user_keyring() -> Result<KeyRing, NoKeys> {
    let of = |keyring, create| KeyRing::from_special_id(keyring, create).map_err(unusable);
    let (thread, user) = (of(KeyRingIdentifier::Thread, true)?, of(KeyRingIdentifier::User, false)?);
    thread.link_keyring(user).map_err(unusable)?;
    Ok(user)
}

/// Removes the key, for tests.
#[cfg(test)]
pub(super) fn forget(id: &str) {
    let user = user_keyring().unwrap();
    user.unlink_key(user.search(&description(id)).unwrap()).unwrap();
}

fn unusable(error: KeyError) -> NoKeys {
    NoKeys::in_system(&format!("the kernel's keyring cannot be used ({error:?})"))
}
