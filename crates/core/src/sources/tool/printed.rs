use super::malformed;
use crate::{
    host::Output,
    sources::expiry,
    types::{AccessToken, CredentialKind, Error, Secret, TenantId, UnixMillis},
};
use serde::Deserialize;
use serde_json::Value;
use std::borrow::Cow;

/// A token as tools print it.
pub(in crate::sources) struct Printed<'a> {
    token: Cow<'a, str>,
    /// az's number of seconds, which knows no time zones.
    expires_on: Value,
    date: Value,
    tenant: Option<String>,
}

/// The names by which az, azd, `Get-AzAccessToken` and programs of the user's own print it; some print it by several.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Members<'a> {
    #[serde(borrow)]
    token: Option<Cow<'a, str>>,
    #[serde(borrow, rename = "accessToken")]
    access_token: Option<Cow<'a, str>>,
    #[serde(borrow, rename = "access_token")]
    oauth_token: Option<Cow<'a, str>>,
    #[serde(borrow, rename = "Token")]
    powershell_token: Option<Cow<'a, str>>,
    expires_on: Value,
    #[serde(rename = "expiresOn")]
    date: Value,
    #[serde(rename = "ExpiresOn")]
    powershell_date: Value,
    #[serde(rename = "expiresOnTimestamp")]
    timestamp: Value,
    tenant: Option<String>,
    #[serde(rename = "tenantId")]
    tenant_id: Option<String>,
    #[serde(rename = "TenantId")]
    powershell_tenant: Option<String>,
}

impl<'a> Members<'a> {
    fn printed(self) -> Option<Printed<'a>> {
        let dates = [self.date, self.powershell_date, self.timestamp];
        Some(Printed {
            token: self.token.or(self.access_token).or(self.oauth_token).or(self.powershell_token)?,
            expires_on: self.expires_on,
            date: dates.into_iter().find(|date| !date.is_null()).unwrap_or_default(),
            tenant: self.tenant.or(self.tenant_id).or(self.powershell_tenant),
        })
    }
}

impl<'a> Printed<'a> {
    /// What stands on the standard output, if it is a token. What is malformed is never shown: it may hold one.
    pub(in crate::sources) fn parse(name: &str, output: &'a Output) -> Result<Self, Error> {
        let text = output.stdout.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&output.stdout);
        let members = serde_json::from_slice::<Members<'_>>(text).ok();
        members.and_then(Members::printed).ok_or_else(|| {
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
