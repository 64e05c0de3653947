use std::time::Duration;

/// The program's own retry rule: `retryOptions` of `@azure/identity`. For values that it leaves out, the rule of the service
/// applies.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RetryChoice {
    /// The number of tries after the first one, whatever the failure.
    pub most_retries: Option<u32>,
    /// The wait before the first of them. Each further wait is twice as long.
    pub first_wait: Option<Duration>,
    /// The longest wait, unless the service asks for a longer one.
    pub longest_wait: Option<Duration>,
}

impl RetryChoice {
    /// Returns whether any value is chosen.
    pub(crate) fn is_made(&self) -> bool {
        *self != Self::default()
    }
}
