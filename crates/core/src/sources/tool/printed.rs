use super::malformed;
use crate::{
    host::Output,
    sources::expiry,
    types::{AccessToken, CredentialKind, Error, Secret, TenantId, UnixMillis},
};
use serde::Deserialize;
use serde_json::Value;
use std::borrow::Cow;

/// A token as tools print it: az, azd, `Get-AzAccessToken` and programs of the user's own, each by its own names.
#[derive(Deserialize)]
pub(in crate::sources) struct Printed<'a> {
    #[serde(borrow, alias = "accessToken", alias = "access_token", alias = "Token")]
    token: Cow<'a, str>,
    /// az's number of seconds, which knows no time zones.
    #[serde(default)]
    expires_on: Value,
    #[serde(default, rename = "expiresOn", alias = "ExpiresOn", alias = "expiresOnTimestamp")]
    date: Value,
    #[serde(default, alias = "tenantId", alias = "TenantId")]
    tenant: Option<String>,
}

impl<'a> Printed<'a> {
    /// What stands on the standard output, if it is a token. What is malformed is never shown: it may hold one.
    pub(in crate::sources) fn parse(name: &str, output: &'a Output) -> Result<Self, Error> {
        let text = output.stdout.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&output.stdout);
        serde_json::from_slice(text).map_err(|_| {
            malformed(name, &format!("printed something that is no token ({} bytes)", output.stdout.len()))
        })
    }

    /// A token that was printed without anything else.
    pub(in crate::sources) fn bare(token: &'a str) -> Self {
        Self { token: Cow::Borrowed(token), expires_on: Value::Null, date: Value::Null, tenant: None }
    }

    /// The token as it was printed.
    pub(in crate::sources) fn bearer(&self) -> &str {
        &self.token
    }

    /// Whether nothing was printed of the token's end; something that makes no sense is not nothing.
    pub(in crate::sources) fn says_no_end(&self) -> bool {
        self.expires_on.is_null() && self.date.is_null()
    }

    /// The date that only says something with a time zone, where nothing better was printed.
    pub(in crate::sources) fn local_date(&self) -> Option<&str> {
        self.moment().is_none().then(|| self.date.as_str()).flatten()
    }

    /// The token; `end` is when it ends where what was printed does not tell by itself.
    pub(in crate::sources) fn token(
        &self,
        name: &str,
        kind: CredentialKind,
        end: Option<UnixMillis>,
        now: UnixMillis,
    ) -> Result<AccessToken, Error> {
        if self.token.is_empty() || !self.token.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(malformed(name, "printed an answer without a usable token"));
        }
        let moment = self.moment().or(end);
        let Some(moment) = moment else { return Err(malformed(name, "did not say when its token expires")) };
        let Some(expires_on) = expiry::plausible(moment, now) else {
            return Err(malformed(name, "printed a token that has already expired (is the machine's clock right?)"));
        };
        Ok(AccessToken {
            token: Secret::new(self.token.as_ref()),
            expires_on,
            refresh_after: None,
            tenant: self.tenant.as_deref().and_then(|tenant| TenantId::parse(tenant, "tenant").ok()),
            source: kind,
            attempts: Vec::new(),
        })
    }

    fn moment(&self) -> Option<UnixMillis> {
        expiry::moment(&self.expires_on).or_else(|| expiry::moment(&self.date))
    }
}
