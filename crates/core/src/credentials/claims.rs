//! The claims parameter of a token request: a claims challenge of a resource, and the client capability for Continuous
//! Access Evaluation (CAE).

use crate::types::Error;
use async_trait::async_trait;
use azure_core::http::{
    policies::{Policy, PolicyResult},
    Body, Context, Request,
};
use serde_json::{json, Map, Value};
use std::{fmt, sync::Arc};
use url::form_urlencoded;

/// The claims of a call that supports Continuous Access Evaluation and asks for nothing else.
const CAE_ALONE: &str = r#"{"access_token":{"xms_cc":{"values":["cp1"]}}}"#;

/// The claims that a call asks for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct RequestedClaims {
    text: Option<String>,
    is_cae_enabled: bool,
}

impl RequestedClaims {
    /// Joins a claims challenge (JSON, `OpenID` Connect Core §5.5) and the client capability `cp1`, by which a client
    /// says that it understands claims challenges
    /// (<https://learn.microsoft.com/entra/identity-platform/claims-challenge>).
    ///
    /// # Errors
    /// A configuration error where the challenge is not a JSON object.
    pub(crate) fn new(challenge: Option<&str>, is_cae_enabled: bool) -> Result<Self, Error> {
        let mut claims = match challenge {
            Some(text) => object(text)?,
            None if is_cae_enabled => Map::new(),
            None => return Ok(Self::default()),
        };
        if is_cae_enabled {
            let access_token = claims.entry("access_token").or_insert_with(|| json!({}));
            let Value::Object(access_token) = access_token else { return Err(not_an_object()) };
            access_token.insert("xms_cc".to_owned(), json!({ "values": ["cp1"] }));
        }
        Ok(Self { text: Some(Value::Object(claims).to_string()), is_cae_enabled })
    }

    /// Returns the claims to send, if there are any.
    pub(crate) fn as_deref(&self) -> Option<&str> {
        self.text.as_deref()
    }

    /// Returns the claims, unless they only declare support for Continuous Access Evaluation, which no service demands.
    pub(crate) fn challenge(&self) -> Option<&str> {
        self.as_deref().filter(|claims| *claims != CAE_ALONE)
    }

    /// Returns the claims without the challenge: those of the request before it.
    pub(crate) fn without_challenge(&self) -> Self {
        let text = self.is_cae_enabled.then(|| CAE_ALONE.to_owned());
        Self { text, is_cae_enabled: self.is_cae_enabled }
    }

    /// Returns whether the call supports Continuous Access Evaluation.
    pub(super) fn is_cae_enabled(&self) -> bool {
        self.is_cae_enabled
    }

    /// Returns the policy that adds the claims to a token request.
    pub(super) fn policies(&self) -> Vec<Arc<dyn Policy>> {
        self.text.iter().map(|claims| AddField::policy("claims", claims)).collect()
    }
}

fn object(text: &str) -> Result<Map<String, Value>, Error> {
    match serde_json::from_str(text) {
        Ok(Value::Object(claims)) => Ok(claims),
        _ => Err(not_an_object()),
    }
}

fn not_an_object() -> Error {
    Error::configuration("claims must be a claims challenge: the text of a JSON object", ["claims"])
}

/// Appends a field to the form, for which `azure_identity` has no option.
pub(super) struct AddField(&'static str, String);

impl AddField {
    pub(super) fn policy(name: &'static str, value: &str) -> Arc<dyn Policy> {
        Arc::new(Self(name, value.to_owned()))
    }
}

#[async_trait]
#[expect(elided_lifetimes_in_paths, reason = "the trait's own signature elides it, and async_trait compares them")]
impl Policy for AddField {
    async fn send(&self, context: &Context, request: &mut Request, next: &[Arc<dyn Policy>]) -> PolicyResult {
        if let Body::Bytes(form) = request.body() {
            let form = String::from_utf8_lossy(form).into_owned();
            request.set_body(form_urlencoded::Serializer::new(form).append_pair(self.0, &self.1).finish());
        }
        next[0].send(context, request, &next[1..]).await
    }
}

impl fmt::Debug for AddField {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("AddField")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn claims(challenge: Option<&str>, is_cae_enabled: bool) -> Option<Value> {
        let requested = RequestedClaims::new(challenge, is_cae_enabled).unwrap();
        requested.as_deref().map(|text| serde_json::from_str(text).unwrap())
    }

    #[test]
    fn a_challenge_and_the_capability_are_joined() {
        assert_eq!(claims(None, false), None);
        assert_eq!(claims(None, true), Some(json!({"access_token": {"xms_cc": {"values": ["cp1"]}}})));
        let challenge = r#"{"access_token":{"nbf":{"essential":true,"value":"1"}}}"#;
        assert_eq!(claims(Some(challenge), false), Some(serde_json::from_str(challenge).unwrap()));
        let joined = claims(Some(challenge), true).unwrap();
        assert_eq!(joined["access_token"]["nbf"]["value"], "1");
        assert_eq!(joined["access_token"]["xms_cc"]["values"], json!(["cp1"]));
    }

    #[test]
    fn the_capability_alone_is_not_a_challenge() {
        let challenge =
            |text, is_cae_enabled| RequestedClaims::new(text, is_cae_enabled).unwrap().challenge().is_some();
        assert!(!challenge(None, false) && !challenge(None, true));
        assert!(challenge(Some(r#"{"access_token":{}}"#), false));
        assert!(challenge(Some(r#"{"access_token":{"nbf":{"value":"1"}}}"#), true));
    }

    #[test]
    fn without_its_challenge_a_call_equals_the_one_before_it() {
        for is_cae_enabled in [false, true] {
            let before = RequestedClaims::new(None, is_cae_enabled).unwrap();
            let challenged = RequestedClaims::new(Some(r#"{"access_token":{"nbf":{"value":"1"}}}"#), is_cae_enabled);
            assert_eq!(challenged.unwrap().without_challenge(), before);
        }
    }

    #[test]
    fn only_an_object_is_accepted() {
        for (text, is_cae_enabled) in [("", false), ("marker", false), ("[]", false), (r#"{"access_token":1}"#, true)] {
            let error = RequestedClaims::new(Some(text), is_cae_enabled).unwrap_err();
            assert_eq!(error.settings(), ["claims"]);
            assert!(!error.message().contains("marker"));
        }
    }
}
