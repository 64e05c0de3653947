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

/// How often a password may be hashed: some ten times what openssl and the password guides ask for, a second or two.
pub(super) const MOST_ROUNDS: u32 = 10_000_000;

/// What scrypt mixes in a round (RFC 7914 §3).
const SCRYPT_BYTES_PER_ROUND: u64 = 64;

/// OpenSSL's own default takes 16 MiB, and it refuses more than 32 MiB unless told otherwise.
const MOST_SCRYPT_BYTES: u64 = 256 << 20;

/// Decrypts a PKCS#8 key (RFC 5958 §3) that is protected with PBES2 (RFC 8018 §6.2).
pub(super) fn decrypt(der: &[u8], password: Option<&str>) -> Result<PrivateKey, Unreadable> {
    let encrypted = EncryptedPrivateKeyInfoRef::from_der(der).map_err(|_| Unreadable::Pbes1)?;
    if rounds(&encrypted.encryption_algorithm)? > MOST_ROUNDS {
        return Err(Unreadable::CostlyEncryption);
    }
    let password = password.ok_or(Unreadable::PasswordMissing)?;
    let decrypted = encrypted.decrypt(password).map_err(|error| unreadable(&error))?;
    Ok(PrivateKey::Pkcs8(Zeroizing::new(decrypted.as_bytes().to_vec())))
}

/// What it takes to decrypt this, if it can be at all: the parameters are the file's, not ours.
pub(super) fn rounds(scheme: &EncryptionScheme) -> Result<u32, Unreadable> {
    match &scheme.pbes2().ok_or(Unreadable::Pbes1)?.kdf {
        Kdf::Pbkdf2(pbkdf2) => Ok(pbkdf2.iteration_count),
        Kdf::Scrypt(scrypt) => {
            let bytes = scrypt_bytes(scrypt).filter(|bytes| *bytes <= MOST_SCRYPT_BYTES);
            let rounds = bytes.and_then(|bytes| u32::try_from(bytes / SCRYPT_BYTES_PER_ROUND).ok());
            rounds.ok_or(Unreadable::CostlyEncryption)
        }
        _ => Err(Unreadable::Pbes1),
    }
}

/// The memory for all its passes (RFC 7914 §2).
fn scrypt_bytes(scrypt: &ScryptParams) -> Option<u64> {
    let block = 128_u64.checked_mul(u64::from(scrypt.block_size))?;
    block.checked_mul(scrypt.cost_parameter)?.checked_mul(u64::from(scrypt.parallelization))
}

fn unreadable(error: &Error) -> Unreadable {
    match error {
        Error::EncryptedPrivateKey(pkcs5::Error::UnsupportedAlgorithm { .. }) => Unreadable::Pbes1,
        _ => Unreadable::PasswordWrong,
    }
}
