use super::{malformed, shortage, UNKNOWN_END};
use crate::{
    credentials::{
        expiry,
        token_answer::{check_text, checked_end},
    },
    host::Output,
    types::{
        is_guid, is_shown_id, AccessToken, CredentialKind, Error, ErrorKind, Secret, TenantId, TokenIdentity,
        UnixMillis,
    },
};
use serde_json::{Map, Value};

/// The names under which az, azd, `Get-AzAccessToken` and the user's own programs print a token. Some print it under
/// several.
const TOKENS: [&str; 4] = ["token", "accessToken", "access_token", "Token"];
const DATES: [&str; 3] = ["expiresOn", "ExpiresOn", "expiresOnTimestamp"];
const TENANTS: [&str; 3] = ["tenant", "tenantId", "TenantId"];

/// A token in the form in which tools print it.
pub(in crate::credentials) struct ToolOutput {
    token: Secret,
    /// az's number of seconds, which does not depend on a time zone.
    expires_on: Value,
    date: Value,
    tenant: Option<String>,
}

impl ToolOutput {
    /// Reads the token from the standard output. Malformed output is never shown, because it may contain a token. A
    /// script that could not start its programs may exit with status 0.
    pub(in crate::credentials) fn parse(name: &str, output: &Output) -> Result<Self, Error> {
        let text = output.stdout.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&output.stdout);
        let members = serde_json::from_slice(text).ok();
        members.and_then(Self::of_members).ok_or_else(|| {
            let advice = if output.is_of_unknown_end() { format!(". {UNKNOWN_END}") } else { String::new() };
            let what = format!("printed something that is not a token ({} bytes){advice}", output.stdout.len());
            shortage(&format!("{name} gave no token"), output).unwrap_or_else(|| malformed(name, &what))
        })
    }

    fn of_members(mut members: Map<String, Value>) -> Option<Self> {
        let text = |value| if let Value::String(text) = value { Some(text) } else { None };
        // All values become secrets, and are wiped.
        let tokens: Vec<_> =
            TOKENS.iter().filter_map(|name| members.remove(*name)).filter_map(text).map(Secret::new).collect();
        let mut first = |names: [&str; 3]| {
            let mut found = names.iter().filter_map(|name| members.remove(*name));
            found.find(|value| !value.is_null()).unwrap_or_default()
        };
        Some(Self {
            token: tokens.into_iter().next()?,
            date: first(DATES),
            tenant: text(first(TENANTS)),
            expires_on: members.remove("expires_on").unwrap_or_default(),
        })
    }

    /// A token that was printed alone.
    pub(in crate::credentials) fn bare(token: &str) -> Self {
        Self { token: Secret::new(token), expires_on: Value::Null, date: Value::Null, tenant: None }
    }

    /// Returns the token's text.
    pub(in crate::credentials) fn bearer(&self) -> &str {
        self.token.expose()
    }

    /// Returns whether the output names no end at all; an invalid end is not an absent one.
    pub(in crate::credentials) fn says_no_end(&self) -> bool {
        self.expires_on.is_null() && self.date.is_null()
    }

    /// Returns the date without a time zone, if the output has nothing better.
    pub(in crate::credentials) fn local_date(&self) -> Option<&str> {
        self.moment().is_none().then(|| self.date.as_str()).flatten()
    }

    /// Returns the output if its token is not of another tenant than the one that was asked for: that is another
    /// account's. The output may name the tenant, and the token does in its claims. Tenants are compared by their GUIDs,
    /// since each may have many domain names. A printed tenant that may be something else is dropped.
    ///
    /// # Errors
    /// [`ErrorKind::Authentication`](crate::ErrorKind::Authentication) if the token is of another tenant.
    pub(in crate::credentials) fn of_tenant(self, name: &str, asked: Option<&TenantId>) -> Result<Self, Error> {
        let configured = asked.map(TenantId::as_str);
        let asked = configured.filter(|asked| is_guid(asked));
        let claimed = TokenIdentity::of(self.bearer()).tenant_id;
        let stated =
            [self.tenant.as_deref(), claimed.as_deref()].into_iter().flatten().filter(|stated| is_guid(stated));
        let another = stated.zip(asked.into_iter().cycle()).find(|(stated, asked)| !stated.eq_ignore_ascii_case(asked));
        if let Some((stated, asked)) = another {
            let message =
                format!("{name} gave a token of the tenant {stated}, and {asked} was asked for: log in to that tenant");
            return Err(Error::new(ErrorKind::Authentication, message));
        }
        Ok(Self { tenant: self.tenant.filter(|printed| is_shown_id(printed, configured)), ..self })
    }

    /// Returns the token. `end`: its end if the output itself does not name one.
    pub(in crate::credentials) fn token(
        self,
        name: &str,
        kind: CredentialKind,
        end: Option<UnixMillis>,
        now: UnixMillis,
    ) -> Result<AccessToken, Error> {
        let end = self.moment().or(end);
        let checked = check_text(self.bearer()).and_then(|()| checked_end(end, now));
        let expires_on =
            checked.map_err(|fault| malformed(name, &format!("printed an answer that {}", fault.in_words())))?;
        Ok(AccessToken {
            token: self.token,
            expires_on,
            refresh_after: None,
            tenant: self.tenant.as_deref().and_then(|tenant| TenantId::parse(tenant, "tenant").ok()),
            identity: TokenIdentity::default(),
            source: kind,
            attempts: Vec::new(),
            cached_in: None,
        })
    }

    fn moment(&self) -> Option<UnixMillis> {
        expiry::moment(&self.expires_on).or_else(|| expiry::moment(&self.date))
    }
}
