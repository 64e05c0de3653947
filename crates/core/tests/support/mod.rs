//! What the scenarios are run with.

mod application;
mod case;
mod credential;
mod logs;
mod machine;
mod outcome;

pub(crate) use case::{Case, ExpectedError};
pub(crate) use outcome::Outcome;
