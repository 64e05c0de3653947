//! Encryption of a key for one user of Windows (DPAPI).

use azure_client_token_core::{
    host::{protect_keys_by, ProtectKey},
    Secret,
};
use std::{ptr::null, slice};
use windows_sys::Win32::{
    Foundation::LocalFree,
    Security::Cryptography::{
        CryptProtectData, CryptUnprotectData, CRYPTPROTECT_UI_FORBIDDEN, CRYPT_INTEGER_BLOB as Blob,
    },
};
use zeroize::Zeroize;

/// Registers it with the core.
pub(crate) fn protect_keys() {
    protect_keys_by(Dpapi);
}

struct Dpapi;

impl ProtectKey for Dpapi {
    fn seal(&self, key: &Secret) -> Option<Vec<u8>> {
        let (given, mut made) = (blob(key.expose().as_bytes())?, EMPTY);
        // SAFETY: `given` outlives the call, which only reads it; the arguments that may be null are null.
        let is_done = unsafe {
            CryptProtectData(&raw const given, null(), null(), null(), null(), CRYPTPROTECT_UI_FORBIDDEN, &raw mut made)
        };
        (is_done != 0).then(|| Made(made).bytes().to_vec())
    }

    fn open(&self, sealed: &[u8]) -> Option<Secret> {
        let (given, mut made) = (blob(sealed)?, EMPTY);
        let none = std::ptr::null_mut();
        // SAFETY: as above; no description is requested.
        let is_done = unsafe {
            CryptUnprotectData(&raw const given, none, null(), null(), null(), CRYPTPROTECT_UI_FORBIDDEN, &raw mut made)
        };
        if is_done == 0 {
            return None;
        }
        std::str::from_utf8(Made(made).bytes()).ok().map(Secret::new)
    }
}

const EMPTY: Blob = Blob { cbData: 0, pbData: std::ptr::null_mut() };

/// The system's functions have mutable pointers for bytes that they only read.
fn blob(bytes: &[u8]) -> Option<Blob> {
    Some(Blob { cbData: u32::try_from(bytes.len()).ok()?, pbData: bytes.as_ptr().cast_mut() })
}

/// Memory that the system has allocated. It is wiped and freed.
struct Made(Blob);

impl Made {
    fn bytes(&mut self) -> &mut [u8] {
        // SAFETY: the successful call has written this many bytes there, and no other code has their address.
        unsafe { slice::from_raw_parts_mut(self.0.pbData, self.0.cbData as usize) }
    }
}

impl Drop for Made {
    fn drop(&mut self) {
        self.bytes().zeroize();
        // SAFETY: LocalAlloc has allocated it, as the functions above document, and it is not used afterwards.
        unsafe { LocalFree(self.0.pbData.cast()) };
    }
}
