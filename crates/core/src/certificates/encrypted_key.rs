use super::{private_key::PrivateKey, Unreadable};
use pkcs8::{
    der::Decode,
    pkcs5::{
        self,
        pbes2::{Kdf, ScryptParams},
        EncryptionScheme,
    },
    EncryptedPrivateKeyInfoRef, Error,
};
use zeroize::Zeroizing;

/// Some ten times what openssl and the password guides ask for: a second or two.
const MOST_ITERATIONS: u32 = 10_000_000;

/// OpenSSL's own default takes 16 MiB, and it refuses more than 32 MiB unless told otherwise.
const MOST_SCRYPT_BYTES: u64 = 256 << 20;

/// Decrypts a PKCS#8 key (RFC 5958 §3) that is protected with PBES2 (RFC 8018 §6.2).
pub(super) fn decrypt(der: &[u8], password: Option<&str>) -> Result<PrivateKey, Unreadable> {
    let encrypted = EncryptedPrivateKeyInfoRef::from_der(der).map_err(|_| Unreadable::Pbes1)?;
    check(&encrypted.encryption_algorithm)?;
    let password = password.ok_or(Unreadable::PasswordMissing)?;
    let decrypted = encrypted.decrypt(password).map_err(|error| unreadable(&error))?;
    Ok(PrivateKey::Pkcs8(Zeroizing::new(decrypted.as_bytes().to_vec())))
}

/// Whether it can be decrypted at all, and in bounded time and memory: the parameters are the file's, not ours.
pub(super) fn check(scheme: &EncryptionScheme) -> Result<(), Unreadable> {
    let parameters = scheme.pbes2().ok_or(Unreadable::Pbes1)?;
    let is_bounded = match &parameters.kdf {
        Kdf::Pbkdf2(pbkdf2) => pbkdf2.iteration_count <= MOST_ITERATIONS,
        Kdf::Scrypt(scrypt) => scrypt_cost(scrypt).is_some_and(|bytes| bytes <= MOST_SCRYPT_BYTES),
        _ => return Err(Unreadable::Pbes1),
    };
    is_bounded.then_some(()).ok_or(Unreadable::CostlyEncryption)
}

/// The memory for all its passes, which bounds the time as well (RFC 7914 §2).
fn scrypt_cost(scrypt: &ScryptParams) -> Option<u64> {
    let block = 128_u64.checked_mul(u64::from(scrypt.block_size))?;
    block.checked_mul(scrypt.cost_parameter)?.checked_mul(u64::from(scrypt.parallelization))
}

fn unreadable(error: &Error) -> Unreadable {
    match error {
        Error::EncryptedPrivateKey(pkcs5::Error::UnsupportedAlgorithm { .. }) => Unreadable::Pbes1,
        _ => Unreadable::PasswordWrong,
    }
}
