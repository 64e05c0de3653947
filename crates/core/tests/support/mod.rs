//! What the scenarios need to run.

mod application;
mod case;
mod credential;
mod logs;
mod machine;
mod marked;
mod outcome;

pub(crate) use case::{Case, ExpectedError};
pub(crate) use marked::{marked, settings_of, Place};
pub(crate) use outcome::Outcome;
