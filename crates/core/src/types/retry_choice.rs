use std::time::Duration;

/// The program's own retry rule: `retryOptions` of `@azure/identity`. For values that it leaves out, the rule of the service
/// applies.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RetryChoice {
    /// Further tries after the first one, whatever kept it from succeeding.
    pub most_retries: Option<u32>,
    /// The wait before the first of them; each further one is twice as long.
    pub first_wait: Option<Duration>,
    /// No wait is longer, but one that the service asks for.
    pub longest_wait: Option<Duration>,
}

impl RetryChoice {
    /// Whether anything of it is chosen.
    pub(crate) fn is_made(&self) -> bool {
        *self != Self::default()
    }
}
