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

/// The most rounds of hashing a password: about ten times what OpenSSL and the password guides recommend, a second or
/// two.
pub(super) const MOST_ROUNDS: u32 = 10_000_000;

/// How many bytes scrypt mixes in a round (RFC 7914 §3).
const SCRYPT_BYTES_PER_ROUND: u64 = 64;

/// The most memory for scrypt. OpenSSL's default needs 16 MiB, and OpenSSL refuses more than 32 MiB unless configured.
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

/// Returns the number of rounds, or an error if they are too many or unsupported. The file chooses these parameters.
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

/// Returns the memory that all passes use (RFC 7914 §2).
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
