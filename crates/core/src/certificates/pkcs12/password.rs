use super::Unreadable;
use crate::certificates::encrypted_key::MOST_ROUNDS;
use std::cell::Cell;
use zeroize::Zeroizing;

/// What an archive is tried with, and how often that may still be hashed: how many parts it protects, and how well, is
/// the archive's choice.
pub(super) struct Password<'a> {
    text: Option<&'a str>,
    rounds_left: Cell<u32>,
}

impl<'a> Password<'a> {
    pub(super) fn new(text: Option<&'a str>) -> Self {
        Self { text, rounds_left: Cell::new(MOST_ROUNDS) }
    }

    /// As PBES2 takes it.
    pub(super) fn text(&self) -> &str {
        self.text.unwrap_or_default()
    }

    /// As PKCS#12's own ways take it: in UTF-16 with the zero that ends it (RFC 7292 appendix B.1), and nothing at all
    /// where there is none.
    pub(super) fn bytes(&self) -> Zeroizing<Vec<u8>> {
        let units = self.text.into_iter().flat_map(|text| text.encode_utf16().chain([0]));
        Zeroizing::new(units.flat_map(u16::to_be_bytes).collect())
    }

    /// To be called before it is hashed that often.
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
    fn none_at_all_is_not_an_empty_one() {
        assert_eq!(*Password::new(Some("")).bytes(), [0, 0]);
        assert!(Password::new(None).bytes().is_empty());
    }
}
