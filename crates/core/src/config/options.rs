//! The options of one credential, read by name. Errors contain the name of an option, and never its value.

use super::{CacheOption, CredentialOptions, SeenSetting, Supplier};
use crate::{
    host::{AssertionCallback, Environment},
    types::{check_header, is_guid, ClientId, Error, RetryChoice, Secret, TenantId, TokenIdentity},
};
use std::{borrow::Cow, time::Duration};

/// The options that every credential has. `onLog` is listed so that an error can say where it belongs.
pub(crate) const COMMON: [&str; 10] = [
    "environment",
    "authorityHost",
    "metadataHost",
    "additionallyAllowedTenants",
    "timeout",
    "proxy",
    "ca",
    "cache",
    "onLog",
    EXPECT,
];

/// Longer than the name of any option.
const LONGEST_NAME: usize = 30;

/// The common option that is an object. Its members have its name before their own.
const EXPECT: &str = "expect";
const EXPECTED_IDS: [&str; 3] = ["expect.tenantId", "expect.clientId", "expect.objectId"];

/// Returns whether every credential has an option of that name.
pub(crate) fn is_common(name: &str) -> bool {
    COMMON.contains(&name) || EXPECTED_IDS.contains(&name)
}

/// The name for the variables of a program's environment; `environment` itself is the name of a cloud.
const ENVIRONMENT: &str = "environment.*";

/// The empty password is allowed, because many PKCS#12 archives have it.
const MAY_BE_EMPTY: [&str; 1] = ["password"];

#[derive(Clone, Debug)]
pub(crate) struct Options<'a> {
    given: &'a CredentialOptions,
    /// The place of the options: `chain[1].` for the second member of a chain.
    place: String,
}

impl<'a> Options<'a> {
    pub(crate) fn new(given: &'a CredentialOptions) -> Self {
        Self { given, place: String::new() }
    }

    pub(crate) fn kind(&self) -> &'a str {
        &self.given.credential
    }

    /// Returns the options of each member of a chain.
    pub(crate) fn members(&self) -> Vec<Self> {
        let members = self.given.chain.iter().enumerate();
        members.map(|(at, given)| Self { given, place: format!("{}chain[{at}].", self.place) }).collect()
    }

    /// Returns the option's name with its place.
    pub(crate) fn named(&self, name: &str) -> String {
        format!("{}{name}", self.place)
    }

    pub(crate) fn text(&self, name: &str) -> Option<&'a str> {
        self.given.texts.get(name).map(Secret::expose)
    }

    pub(crate) fn owned(&self, name: &str) -> Option<String> {
        self.text(name).map(str::to_owned)
    }

    pub(crate) fn required(&self, name: &str) -> Result<&'a str, Error> {
        self.text(name).ok_or_else(|| self.missing(&[name]))
    }

    pub(crate) fn secret(&self, name: &str) -> Result<Secret, Error> {
        self.required(name).map(Secret::new)
    }

    /// Returns the option's value, checked to be valid in a header.
    pub(crate) fn header(&self, name: &str) -> Result<Secret, Error> {
        let secret = self.secret(name)?;
        check_header(&secret, &self.named(name))?;
        Ok(secret)
    }

    pub(crate) fn is_true(&self, name: &str) -> bool {
        self.text(name) == Some("true")
    }

    pub(crate) fn milliseconds(&self, name: &str) -> Result<Option<Duration>, Error> {
        let parse = |text: &str| text.parse().map(Duration::from_millis);
        let wrong = |_| self.wrong(name, "must be a number of milliseconds");
        self.text(name).map(parse).transpose().map_err(wrong)
    }

    pub(crate) fn list(&self, name: &str) -> &'a [Secret] {
        self.given.lists.get(name).map(Vec::as_slice).unwrap_or_default()
    }

    /// Returns the environment that the option of that name gives to a program. Each entry is `name=value`.
    pub(crate) fn environment(&self) -> Result<Option<Environment>, Error> {
        let Some(variables) = self.given.lists.get(ENVIRONMENT) else { return Ok(None) };
        let pair = |variable: &'a Secret| variable.expose().split_once('=').filter(|(name, _)| !name.is_empty());
        let pairs: Option<Vec<_>> = variables.iter().map(pair).collect();
        let pairs = pairs.ok_or_else(|| self.wrong("environment", "must give each variable a name without ="))?;
        Ok(Some(pairs.into_iter().map(|(name, value)| (name, Secret::new(value))).collect()))
    }

    pub(crate) fn texts(&self, name: &str) -> Vec<String> {
        self.list(name).iter().map(|text| text.expose().to_owned()).collect()
    }

    pub(crate) fn tenant(&self, name: &str) -> Result<Option<TenantId>, Error> {
        self.text(name).map(|text| TenantId::parse(text, &self.named(name))).transpose()
    }

    pub(crate) fn client_id(&self, name: &str) -> Result<Option<ClientId>, Error> {
        self.text(name).map(|text| ClientId::parse(text, &self.named(name))).transpose()
    }

    /// Returns the identity that the program expects of a token. It must name at least one id, or it would accept every
    /// token. The tenant must be a GUID, as in tokens: a domain would accept none.
    pub(crate) fn expected(&self) -> Result<TokenIdentity, Error> {
        let [tenant_id, client_id, object_id] = EXPECTED_IDS.map(|name| self.guid(name));
        let expected = TokenIdentity { tenant_id: tenant_id?, client_id: client_id?, object_id: object_id? };
        if self.has(EXPECT) && expected == TokenIdentity::default() {
            return Err(self.wrong(EXPECT, "must name a tenantId, a clientId or an objectId"));
        }
        Ok(expected)
    }

    fn guid(&self, name: &str) -> Result<Option<String>, Error> {
        match self.text(name) {
            Some(text) if !is_guid(text) => Err(self.wrong(name, "must be a GUID, as tokens have it")),
            text => Ok(text.map(str::to_owned)),
        }
    }

    pub(crate) fn assertion(&self) -> Option<&'a AssertionCallback> {
        self.given.assertion.as_ref()
    }

    pub(crate) fn cache(&self) -> Option<&'a CacheOption> {
        self.given.cache.as_ref()
    }

    pub(crate) fn retry(&self) -> RetryChoice {
        self.given.retry
    }

    /// Returns the name of the one option that is given; none or several are an error.
    pub(crate) fn one_of<'n>(&self, names: &[&'n str]) -> Result<&'n str, Error> {
        let given: Vec<_> = names.iter().copied().filter(|name| self.has(name)).collect();
        match given.as_slice() {
            [one] => Ok(one),
            [] => Err(self.missing(names)),
            several => Err(self.contradictory(several)),
        }
    }

    /// Returns the name of the one option that is given, if any; several are an error.
    pub(crate) fn at_most_one_of<'n>(&self, names: &[&'n str]) -> Result<Option<&'n str>, Error> {
        if names.iter().any(|name| self.has(name)) {
            self.one_of(names).map(Some)
        } else {
            Ok(None)
        }
    }

    pub(crate) fn has(&self, name: &str) -> bool {
        match name {
            "getAssertion" => self.given.assertion.is_some(),
            "cache" if self.given.cache.is_some() => true,
            name => self.given.texts.contains_key(name) || self.given.lists.contains_key(name),
        }
    }

    /// Checks the names of all options. A misspelt, misplaced or empty option is an error, so that the program does not
    /// use another identity. `common`: the options that every credential has.
    pub(crate) fn check_names(&self, common: &[&str], is_own: impl Fn(&str) -> bool) -> Result<(), Error> {
        if let Some(unknown) = self.names().into_iter().find(|name| !is_known(name, common, &is_own)) {
            let kind = self.kind();
            let name = shown_name(unknown);
            return Err(self.wrong(&name, &format!("is not an option of the credential '{kind}'")));
        }
        match self.given.texts.iter().find(|(name, text)| text.is_empty() && !MAY_BE_EMPTY.contains(&name.as_str())) {
            Some((name, _)) => Err(self.wrong(name, "must not be empty")),
            None => Ok(()),
        }
    }

    /// Returns the names of the given options that `is_of_interest` accepts.
    pub(crate) fn seen(&self, is_of_interest: impl Fn(&str) -> bool) -> Vec<SeenSetting> {
        let seen = |name: &str| SeenSetting { name: self.named(name), supplied_by: Supplier::Option };
        self.names().into_iter().filter(|name| is_of_interest(name)).map(seen).collect()
    }

    pub(crate) fn wrong(&self, name: &str, what: &str) -> Error {
        let name = self.named(name);
        Error::configuration(format!("the option {name} {what}"), [name])
    }

    fn names(&self) -> Vec<&'a str> {
        let texts = self.given.texts.keys().map(String::as_str);
        let lists = self.given.lists.keys().map(String::as_str);
        let assertion = self.given.assertion.as_ref().map(|_| "getAssertion");
        let chain = (!self.given.chain.is_empty()).then_some("chain");
        let cache = self.given.cache.as_ref().map(|_| "cache");
        texts.chain(lists).chain(assertion).chain(chain).chain(cache).collect()
    }

    fn missing(&self, names: &[&str]) -> Error {
        let names: Vec<_> = names.iter().map(|name| self.named(name)).collect();
        let kind = self.kind();
        Error::configuration(format!("the credential '{kind}' needs the option {}", names.join(" or ")), names)
    }

    fn contradictory(&self, names: &[&str]) -> Error {
        let names: Vec<_> = names.iter().map(|name| self.named(name)).collect();
        Error::configuration(format!("the options {} exclude each other", names.join(" and ")), names)
    }
}

/// Returns whether a credential with these own and `common` options has an option of that name.
pub(crate) fn is_known(name: &str, common: &[&str], is_own: impl Fn(&str) -> bool) -> bool {
    match name.split_once('.') {
        Some((EXPECT, _)) => common.contains(&EXPECT) && EXPECTED_IDS.contains(&name),
        Some((object, _)) => is_own(object),
        None => common.contains(&name) || is_own(name),
    }
}

/// Returns an option's name for an error. A program may have passed a secret as a name, so only text that looks like a
/// name is shown.
fn shown_name(name: &str) -> Cow<'_, str> {
    let is_letter = |byte: u8| byte.is_ascii_alphabetic() || b"_-".contains(&byte);
    let is_word = |part: &str| (1..=LONGEST_NAME).contains(&part.len()) && part.bytes().all(is_letter);
    if name.split('.').count() <= 2 && name.split('.').all(is_word) {
        return name.into();
    }
    format!("(a name of {} characters, not shown)", name.chars().count()).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_looks_like_a_name_is_shown_as_one() {
        for name in ["clientSecrt", "expect.tenant", "x-y_z"] {
            assert_eq!(shown_name(name), name);
        }
        let long = "a".repeat(LONGEST_NAME + 1);
        for other in ["hunter2", "pass word", "a.hunter2", "a.b.c", "a.", "", &long] {
            let hidden = format!("(a name of {} characters, not shown)", other.len());
            assert_eq!(shown_name(other), hidden);
        }
    }
}
