use super::{claims_in, is_shown_id};
use serde::Deserialize;

/// The tenant, application and object of a token, by its claims; or those that a program expects.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TokenIdentity {
    /// The tenant that issued it: the claim `tid`.
    pub tenant_id: Option<String>,
    /// The application: the claim `appid`, in tokens of version 2.0 `azp`.
    pub client_id: Option<String>,
    /// The service principal or user: the claim `oid`.
    pub object_id: Option<String>,
}

/// The claims of an access token that identify its owner, see "Access token claims reference" in Microsoft's
/// documentation.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct IdentityClaims {
    pub(crate) appid: Option<String>,
    azp: Option<String>,
    pub(crate) tid: Option<String>,
    pub(crate) oid: Option<String>,
    pub(crate) scp: Option<String>,
}

impl TokenIdentity {
    /// Returns the identity that the token states. An opaque token states none.
    pub fn of(token: &str) -> Self {
        let claims: IdentityClaims = claims_in(token).unwrap_or_default();
        Self { tenant_id: claims.tid, client_id: claims.appid.or(claims.azp), object_id: claims.oid }
    }

    /// Returns the ids that may be shown, if the settings name `configured`.
    pub(crate) fn shown(self, configured: &[&str]) -> Self {
        let shown = |id: Option<String>| id.filter(|id| is_shown_id(id, configured.iter().copied()));
        let Self { tenant_id, client_id, object_id } = self;
        Self { tenant_id: shown(tenant_id), client_id: shown(client_id), object_id: shown(object_id) }
    }

    /// Returns the ids, each with the name of its property in JavaScript.
    pub fn ids(&self) -> [(&'static str, Option<&str>); 3] {
        let Self { tenant_id, client_id, object_id } = self;
        [("tenantId", tenant_id.as_deref()), ("clientId", client_id.as_deref()), ("objectId", object_id.as_deref())]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use base64::{engine::general_purpose::URL_SAFE_NO_PAD, Engine};
    use serde_json::json;

    #[test]
    fn a_token_of_either_version_says_its_application() {
        for claim in ["appid", "azp"] {
            let claims = json!({ "tid": "t", claim: "c" }).to_string();
            let identity = TokenIdentity::of(&format!("e30.{}.s", URL_SAFE_NO_PAD.encode(claims)));
            let [tenant, client, object] = identity.ids().map(|(_, id)| id);
            assert_eq!([tenant, client, object], [Some("t"), Some("c"), None], "{claim}");
        }
        assert_eq!(TokenIdentity::of("opaque"), TokenIdentity::default());
    }
}
