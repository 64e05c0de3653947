//! Floor 0: pure values. No I/O, no async, no crate of Azure's.

mod access_token;
mod cloud;
mod error;
mod identifiers;
mod printable;
mod region;
mod scope;
mod secret;
mod topic;

pub use access_token::{AccessToken, CredentialKind, UnixMillis};
pub use cloud::{Authority, Cloud};
pub use error::{Attempt, AttemptOutcome, EntraRefusal, Error, ErrorKind, Phase};
pub use identifiers::{ClientId, TenantId};
pub(crate) use printable::printable;
pub use region::Region;
pub use scope::Scopes;
pub use secret::Secret;
pub use topic::Topic;
