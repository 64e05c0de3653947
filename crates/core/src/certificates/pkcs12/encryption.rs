use super::{
    hash::{Hash, Purpose},
    password::Password,
    Unreadable,
};
use crate::{certificates::encrypted_key, x509::Elements};
use cbc::cipher::{block_padding::Pkcs7, BlockCipherDecrypt, BlockModeDecrypt, KeyInit, KeyIvInit};
use der::{
    asn1::{AnyRef, ObjectIdentifier},
    Tag,
};
use des::TdesEde3;
use pkcs8::{
    pkcs5::{self, EncryptionScheme},
    AlgorithmIdentifierRef,
};
use rc2::Rc2;
use zeroize::Zeroizing;

const PBES2: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.5.13");
const SHA1_AND_3DES: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.12.1.3");
const SHA1_AND_RC2_40: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.12.1.6");

/// Decrypts a sequence of bags, or a key, which is a sequence as well.
pub(super) fn decrypt(
    algorithm: &[u8],
    encrypted: &[u8],
    password: &Password<'_>,
) -> Result<Zeroizing<Vec<u8>>, Unreadable> {
    let (kind, parameters) = parts(algorithm).ok_or(Unreadable::MalformedPkcs12)?;
    let decrypted = match kind {
        PBES2 => pbes2(AlgorithmIdentifierRef { oid: kind, parameters: Some(parameters) }, encrypted, password)?,
        SHA1_AND_3DES => Pbe::of(parameters)?.decrypt::<TdesEde3>(24, encrypted, password)?,
        SHA1_AND_RC2_40 => Pbe::of(parameters)?.decrypt::<Rc2>(5, encrypted, password)?,
        _ => return Err(Unreadable::ArchiveEncryption),
    };
    // With one wrong password in 256 the padding is correct by chance.
    let is_sequence = Elements::of(&decrypted, Tag::Sequence).is_some();
    is_sequence.then_some(decrypted).ok_or(Unreadable::PasswordWrong)
}

fn parts(algorithm: &[u8]) -> Option<(ObjectIdentifier, AnyRef<'_>)> {
    let mut fields = Elements::new(algorithm)?;
    let kind = ObjectIdentifier::from_bytes(fields.content(Tag::ObjectIdentifier)?).ok()?;
    Some((kind, fields.next()?))
}

fn pbes2(
    algorithm: AlgorithmIdentifierRef<'_>,
    encrypted: &[u8],
    password: &Password<'_>,
) -> Result<Zeroizing<Vec<u8>>, Unreadable> {
    let scheme = EncryptionScheme::try_from(algorithm).map_err(|_| Unreadable::ArchiveEncryption)?;
    let rounds = encrypted_key::rounds(&scheme).map_err(|why| match why {
        Unreadable::Pbes1 => Unreadable::ArchiveEncryption,
        other => other,
    })?;
    password.spend(rounds)?;
    scheme.decrypt(password.text(), encrypted).map(Zeroizing::new).map_err(|error| match error {
        pkcs5::Error::UnsupportedAlgorithm { .. } => Unreadable::ArchiveEncryption,
        _ => Unreadable::PasswordWrong,
    })
}

/// Encryption by RFC 7292 appendix C, which Windows and older versions of OpenSSL use.
struct Pbe<'a> {
    salt: &'a [u8],
    iterations: u32,
}

impl<'a> Pbe<'a> {
    fn of(parameters: AnyRef<'a>) -> Result<Self, Unreadable> {
        let parts = || {
            let mut fields = Elements::new(parameters.value())?;
            Some((fields.content(Tag::OctetString)?, fields.next()?.decode_as().ok()?))
        };
        let (salt, iterations) = parts().ok_or(Unreadable::MalformedPkcs12)?;
        Ok(Self { salt, iterations })
    }

    fn decrypt<C: BlockCipherDecrypt + KeyInit>(
        &self,
        key_length: usize,
        encrypted: &[u8],
        password: &Password<'_>,
    ) -> Result<Zeroizing<Vec<u8>>, Unreadable> {
        // At most two hashes for the key, and one for the initialization vector.
        password.spend(self.iterations.saturating_mul(3))?;
        let bytes = password.bytes();
        let derived = |purpose, length| Hash::SHA_1.key(&bytes, self.salt, purpose, self.iterations, length);
        let key = derived(Purpose::Encryption, key_length);
        let start = derived(Purpose::InitialVector, 8);
        let cipher = cbc::Decryptor::<C>::new_from_slices(&key, &start).map_err(|_| Unreadable::ArchiveEncryption)?;
        cipher.decrypt_padded_vec::<Pkcs7>(encrypted).map(Zeroizing::new).map_err(|_| Unreadable::PasswordWrong)
    }
}
