use der::asn1::ObjectIdentifier;
use sha1::{Digest, Sha1};
use sha2::{Sha224, Sha256, Sha384, Sha512, Sha512_224, Sha512_256};
use zeroize::Zeroizing;

const SHA_1: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.14.3.2.26");
const SHA_224: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.4");
const SHA_256: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.1");
const SHA_384: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.2");
const SHA_512: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.3");
const SHA_512_224: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.5");
const SHA_512_256: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.6");

/// A hash function as a value. As a type parameter it would compile all code built on it seven times (25 KB).
#[derive(Clone, Copy)]
pub(super) struct Hash {
    of: fn(&[&[u8]]) -> Vec<u8>,
    /// In bytes, like all lengths here.
    block_length: usize,
}

/// The purpose of a derived key. The numbers are those of RFC 7292 appendix B.3.
#[derive(Clone, Copy)]
pub(super) enum Purpose {
    Encryption = 1,
    InitialVector = 2,
    Mac = 3,
}

impl Hash {
    pub(super) const SHA_1: Self = Self { of: hashed::<Sha1>, block_length: 64 };

    pub(super) fn named(name: ObjectIdentifier) -> Option<Self> {
        Some(match name {
            SHA_1 => Self::SHA_1,
            SHA_224 => Self { of: hashed::<Sha224>, block_length: 64 },
            SHA_256 => Self { of: hashed::<Sha256>, block_length: 64 },
            SHA_384 => Self { of: hashed::<Sha384>, block_length: 128 },
            SHA_512 => Self { of: hashed::<Sha512>, block_length: 128 },
            SHA_512_224 => Self { of: hashed::<Sha512_224>, block_length: 128 },
            SHA_512_256 => Self { of: hashed::<Sha512_256>, block_length: 128 },
            _ => return None,
        })
    }

    pub(super) fn length(self) -> usize {
        (self.of)(&[]).len()
    }

    /// Returns the HMAC (RFC 2104). The key comes from this hash, so it is never longer than a block.
    pub(super) fn authentication(self, key: &[u8], message: &[u8]) -> Vec<u8> {
        let padded = |padding: u8| {
            let key = key.iter().copied().chain(std::iter::repeat(0)).take(self.block_length);
            Zeroizing::new(key.map(|byte| byte ^ padding).collect::<Vec<_>>())
        };
        (self.of)(&[&padded(0x5c), &(self.of)(&[&padded(0x36), message])])
    }

    /// Derives a key from a password by RFC 7292 appendix B.2, whose letters are used here.
    pub(super) fn key(self, password: &[u8], salt: &[u8], purpose: Purpose, iterations: u32, length: usize) -> Key {
        let d = vec![purpose as u8; self.block_length];
        let mut i = Zeroizing::new([self.filled(salt), self.filled(password)].concat());
        let mut derived = Zeroizing::new(Vec::with_capacity(length));
        loop {
            let mut a = Zeroizing::new((self.of)(&[&d, &i]));
            for _ in 1..iterations {
                a = Zeroizing::new((self.of)(&[&a]));
            }
            let missing = length - derived.len();
            derived.extend(a.iter().take(missing));
            if derived.len() == length {
                return derived;
            }
            i.chunks_exact_mut(self.block_length).for_each(|block| add_with_one(block, &a));
        }
    }

    /// Repeats these bytes up to a whole number of blocks.
    fn filled(self, bytes: &[u8]) -> Vec<u8> {
        let length = bytes.len().next_multiple_of(self.block_length);
        bytes.iter().copied().cycle().take(length).collect()
    }
}

type Key = Zeroizing<Vec<u8>>;

fn hashed<D: Digest>(parts: &[&[u8]]) -> Vec<u8> {
    parts.iter().fold(D::new(), sha2::Digest::chain_update).finalize().to_vec()
}

/// Adds copies of `a`, and one, to a block, as if it were one number.
fn add_with_one(block: &mut [u8], a: &[u8]) {
    let addend: Vec<_> = a.iter().copied().cycle().take(block.len()).collect();
    let mut carry = 1;
    for (byte, other) in block.iter_mut().zip(addend).rev() {
        let [high, low] = (u16::from(*byte) + u16::from(other) + carry).to_be_bytes();
        *byte = low;
        carry = u16::from(high);
    }
}

#[cfg(test)]
mod tests {
    use super::{super::password::Password, *};

    /// The derived keys are longer than one hash. Source: the known answers in the tests of OpenSSL and Bouncy Castle.
    #[test]
    fn a_derived_key_equals_that_of_other_programs() {
        let salt = [0x0a, 0x58, 0xcf, 0x64, 0x53, 0x0d, 0x82, 0x3f];
        let key = Hash::SHA_1.key(&Password::new(Some("smeg")).bytes(), &salt, Purpose::Encryption, 1, 24);
        let expected = [
            0x8a, 0xaa, 0xe6, 0x29, 0x7b, 0x6c, 0xb0, 0x46, 0x42, 0xab, 0x5b, 0x07, 0x78, 0x51, 0x28, 0x4e, 0xb7, 0x12,
            0x8f, 0x1a, 0x2a, 0x7f, 0xbc, 0xa3,
        ];
        assert_eq!(*key, expected);
    }
}
