//! Floor 0: pure values. No I/O, no async, no crate of Azure's.

mod access_token;
mod attempt;
mod cloud;
mod concealment;
mod credential_kind;
mod error;
mod error_kind;
mod escapes;
mod help_anchor;
mod identifiers;
mod identity_guard;
mod json_web_token;
mod obstacle;
mod phase;
#[cfg(test)]
mod plain;
mod printable;
mod refusal;
mod region;
mod resource;
mod scope;
mod secret;
mod shortage;
mod shown;
mod status;
mod text;
mod token_identity;

pub(crate) use access_token::least_life;
pub use access_token::{AccessToken, CachedIn, UnixMillis};
pub use attempt::{Attempt, AttemptOutcome};
pub use cloud::{Authority, Cloud};
pub(crate) use concealment::{conceal, Extent};
pub use credential_kind::CredentialKind;
pub use error::Error;
pub use error_kind::ErrorKind;
pub use help_anchor::HelpAnchor;
pub use identifiers::{ClientId, TenantId};
pub(crate) use identity_guard::check_identity;
pub(crate) use json_web_token::claims_in;
pub use obstacle::Obstacle;
pub use phase::Phase;
#[cfg(test)]
pub(crate) use plain::is_plain;
pub(crate) use printable::{is_shown, printable};
pub use refusal::EntraRefusal;
pub use region::Region;
pub use resource::Resource;
pub use scope::Scopes;
pub use secret::Secret;
pub(crate) use secret::{check_header, user_information};
pub(crate) use shown::{content_for_path, hidden, opaque, shown, shown_host, shown_path, suspicion, Suspicion};
pub(crate) use status::is_retryable_status;
pub(crate) use text::{is_utf16, text_of, without_byte_order_mark, NOT_UTF16};
pub(crate) use token_identity::IdentityClaims;
pub use token_identity::TokenIdentity;
