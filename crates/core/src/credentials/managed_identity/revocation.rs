//! Informs App Service and Service Fabric which token a resource has refused, so that they do not return it again from
//! their own cache. Source: "MSI v1 Token Revocation and Capabilities" of microsoft-authentication-library-for-go.

use super::Acquisition;
use crate::types::CredentialKind;
use std::fmt::Write;

/// Returns the parameters of a request: none if no resource refused a token and the settings declare no capability.
pub(super) fn parameters(acquisition: &Acquisition) -> Vec<(&'static str, String)> {
    let hash = refused_token(acquisition).map(|hash| ("token_sha256_to_refresh", hash));
    let capability = acquisition.claims.is_cae_enabled().then(|| ("xms_cc", "cp1".to_owned()));
    hash.into_iter().chain(capability).collect()
}

/// Returns the SHA-256 of the token that the cache had when the claims challenge came.
fn refused_token(acquisition: &Acquisition) -> Option<String> {
    let refused = acquisition.refused.as_ref().filter(|token| token.source == CredentialKind::ManagedIdentity)?;
    let hash = ring::digest::digest(&ring::digest::SHA256, refused.token.expose().as_bytes());
    Some(hash.as_ref().iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    }))
}
