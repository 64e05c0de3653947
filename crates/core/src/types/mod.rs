//! Floor 0: pure values. No I/O, no async, no crate of Azure's.

mod access_token;
mod cloud;
mod error;
mod identifiers;
mod obstacle;
mod printable;
mod region;
mod resource;
mod scope;
mod secret;
mod shown;
mod status;
mod text;
mod topic;

pub use access_token::{AccessToken, CredentialKind, UnixMillis};
pub use cloud::{Authority, Cloud};
pub use error::{Attempt, AttemptOutcome, EntraRefusal, Error, ErrorKind, Phase};
pub use identifiers::{ClientId, TenantId};
pub use obstacle::Obstacle;
pub(crate) use printable::{is_shown, printable};
pub use region::Region;
pub use resource::Resource;
pub use scope::Scopes;
pub use secret::Secret;
pub(crate) use secret::{check_header, user_information};
pub(crate) use shown::{content_for_path, hidden, opaque, shown, shown_host, shown_path, suspicion, Suspicion};
pub(crate) use status::is_retryable_status;
pub(crate) use text::{is_utf16, text_of, without_byte_order_mark, NOT_UTF16};
pub use topic::Topic;
