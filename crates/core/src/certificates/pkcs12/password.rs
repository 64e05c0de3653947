use super::Unreadable;
use crate::certificates::encrypted_key::MOST_ROUNDS;
use std::cell::Cell;
use zeroize::Zeroizing;

/// The password of an archive, and how often it may still be hashed. The archive chooses how many parts it protects and
/// with how many rounds, so the work needs a limit.
pub(super) struct Password<'a> {
    text: Option<&'a str>,
    rounds_left: Cell<u32>,
}

impl<'a> Password<'a> {
    pub(super) fn new(text: Option<&'a str>) -> Self {
        Self { text, rounds_left: Cell::new(MOST_ROUNDS) }
    }

    /// The password as PBES2 uses it.
    pub(super) fn text(&self) -> &str {
        self.text.unwrap_or_default()
    }

    /// The password as PKCS#12's own algorithms use it: in UTF-16 with a final zero (RFC 7292 appendix B.1), or nothing
    /// if there is no password.
    pub(super) fn bytes(&self) -> Zeroizing<Vec<u8>> {
        let units = self.text.into_iter().flat_map(|text| text.encode_utf16().chain([0]));
        Zeroizing::new(units.flat_map(u16::to_be_bytes).collect())
    }

    /// Reserves this number of hashes. Call it before hashing.
    pub(super) fn spend(&self, rounds: u32) -> Result<(), Unreadable> {
        let left = self.rounds_left.get().checked_sub(rounds).ok_or(Unreadable::CostlyEncryption)?;
        self.rounds_left.set(left);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_that_are_affordable_one_by_one_are_refused_together() {
        let password = Password::new(Some("hunter2"));
        assert_eq!(password.spend(MOST_ROUNDS / 2), Ok(()));
        assert_eq!(password.spend(MOST_ROUNDS / 2), Ok(()));
        assert_eq!(password.spend(1), Err(Unreadable::CostlyEncryption));
    }

    #[test]
    fn an_absent_part_differs_from_an_empty_one() {
        assert_eq!(*Password::new(Some("")).bytes(), [0, 0]);
        assert!(Password::new(None).bytes().is_empty());
    }
}
