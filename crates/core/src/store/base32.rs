/// Encodes in RFC 4648 §6's base32, in lower case and without padding, so that names differ even on a file system that
/// ignores case.
pub(super) fn base32(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 32] = b"abcdefghijklmnopqrstuvwxyz234567";
    let bits = |at: usize| (0..5).fold(0, |value, bit| value << 1 | bit_of(bytes, at * 5 + bit));
    (0..(bytes.len() * 8).div_ceil(5)).map(|at| char::from(DIGITS[usize::from(bits(at))])).collect()
}

fn bit_of(bytes: &[u8], at: usize) -> u8 {
    bytes.get(at / 8).map_or(0, |byte| byte >> (7 - at % 8) & 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base32_is_that_of_the_rfc() {
        for (text, encoded) in [("", ""), ("f", "my"), ("fo", "mzxq"), ("foo", "mzxw6"), ("foobar", "mzxw6ytboi")] {
            assert_eq!(base32(text.as_bytes()), encoded);
        }
    }
}
