//! Converts results to JavaScript: the only place where a token is exposed.

use azure_client_token_core::{
    AccessToken, Attempt, CachedIn, ClientConfig, Considered, ConsideredSource, Error, Explanation, KeptOnMachine,
    NearCacheLease, SeenSetting, TokenIdentity,
};
use napi::{
    bindgen_prelude::{Object, ToNapiValue, TypeName},
    sys, Env, JsValue, Result, ValueType,
};
use std::{result::Result as StdResult, sync::Arc};

/// The result of a call.
pub enum NativeOutcome {
    /// A token and its lease.
    Token(Arc<AccessToken>, NearCacheLease),
    /// The identity of the login context.
    Config(ClientConfig),
    /// What was considered and tried.
    Explanation(Explanation),
    /// The tokens that are stored on this machine.
    Kept(KeptOnMachine),
    /// The work is done, and has no result.
    Done,
    /// The data of an error.
    Failure(NativeFailure),
    /// The caller cancelled the call.
    Cancelled,
}

/// The data of an error. JavaScript chooses the class by its code.
pub struct NativeFailure(Error);

impl From<Error> for NativeFailure {
    fn from(error: Error) -> Self {
        Self(error)
    }
}

/// What was considered for a login.
pub struct NativeConsidered(Considered);

impl From<Considered> for NativeConsidered {
    fn from(considered: Considered) -> Self {
        Self(considered)
    }
}

impl ToNapiValue for NativeConsidered {
    unsafe fn to_napi_value(raw: sys::napi_env, considered: Self) -> Result<sys::napi_value> {
        let env = Env::from_raw(raw);
        let mut object = Object::new(&env)?;
        set_considered(env, &mut object, &considered.0)?;
        Ok(object.raw())
    }
}

impl From<StdResult<ClientConfig, Error>> for NativeOutcome {
    fn from(result: StdResult<ClientConfig, Error>) -> Self {
        result.map_or_else(|error| Self::Failure(error.into()), Self::Config)
    }
}

impl From<StdResult<KeptOnMachine, Error>> for NativeOutcome {
    fn from(result: StdResult<KeptOnMachine, Error>) -> Self {
        result.map_or_else(|error| Self::Failure(error.into()), Self::Kept)
    }
}

impl From<StdResult<(), Error>> for NativeOutcome {
    fn from(result: StdResult<(), Error>) -> Self {
        result.map_or_else(|error| Self::Failure(error.into()), |()| Self::Done)
    }
}

impl From<StdResult<Explanation, Error>> for NativeOutcome {
    fn from(result: StdResult<Explanation, Error>) -> Self {
        result.map_or_else(|error| Self::Failure(error.into()), Self::Explanation)
    }
}

impl From<StdResult<(Arc<AccessToken>, NearCacheLease), Error>> for NativeOutcome {
    fn from(result: StdResult<(Arc<AccessToken>, NearCacheLease), Error>) -> Self {
        match result {
            Ok((token, lease)) => Self::Token(token, lease),
            Err(error) => Self::Failure(error.into()),
        }
    }
}

impl ToNapiValue for NativeOutcome {
    unsafe fn to_napi_value(raw: sys::napi_env, outcome: Self) -> Result<sys::napi_value> {
        let env = Env::from_raw(raw);
        match outcome {
            Self::Token(token, lease) => token_object(env, &token, lease).map(|object| object.raw()),
            Self::Config(config) => config_object(env, &config).map(|object| object.raw()),
            Self::Explanation(explanation) => explanation_object(env, &explanation).map(|object| object.raw()),
            Self::Kept(kept) => kept_object(env, &kept).map(|object| object.raw()),
            Self::Done => tagged(env, "done").map(|object| object.raw()),
            Self::Failure(failure) => failure_object(env, &failure.0).map(|object| object.raw()),
            Self::Cancelled => tagged(env, "cancelled").map(|object| object.raw()),
        }
    }
}

impl ToNapiValue for NativeFailure {
    unsafe fn to_napi_value(raw: sys::napi_env, failure: Self) -> Result<sys::napi_value> {
        failure_object(Env::from_raw(raw), &failure.0).map(|object| object.raw())
    }
}

impl TypeName for NativeFailure {
    fn type_name() -> &'static str {
        "NativeFailure"
    }

    fn value_type() -> ValueType {
        ValueType::Object
    }
}

fn tagged<'env>(env: Env, kind: &str) -> Result<Object<'env>> {
    let mut object = Object::new(&env)?;
    object.set("kind", kind)?;
    Ok(object)
}

fn token_object<'env>(env: Env, token: &AccessToken, lease: NearCacheLease) -> Result<Object<'env>> {
    let mut object = tagged(env, "token")?;
    // Every token is ASCII (checked on arrival), and latin1 strings are the fastest to make.
    object.set("token", env.create_string_latin1(token.token.expose())?)?;
    object.set("expiresOnTimestamp", token.expires_on)?;
    object.set("refreshAfterTimestamp", token.refresh_after)?;
    object.set("tenantId", token.tenant.as_ref().map(azure_client_token_core::TenantId::as_str))?;
    object.set("clientId", token.identity.client_id.as_deref())?;
    object.set("objectId", token.identity.object_id.as_deref())?;
    object.set("source", token.source.as_str())?;
    object.set("cachedIn", token.cached_in.map(CachedIn::as_str))?;
    if token.cached_in != Some(CachedIn::Memory) {
        set_attempts(env, &mut object, &token.attempts)?;
    }
    object.set("lease", i64::try_from(lease.number()).unwrap_or(i64::MAX))?;
    Ok(object)
}

fn config_object<'env>(env: Env, config: &ClientConfig) -> Result<Object<'env>> {
    let mut object = tagged(env, "config")?;
    object.set("clientId", config.client_id.as_str())?;
    object.set("objectId", config.object_id.as_str())?;
    object.set("subscriptionId", config.subscription_id.as_str())?;
    object.set("tenantId", config.tenant_id.as_str())?;
    Ok(object)
}

fn kept_object<'env>(env: Env, kept: &KeptOnMachine) -> Result<Object<'env>> {
    let mut object = tagged(env, "kept")?;
    object.set("folder", kept.folder.to_string_lossy().as_ref())?;
    object.set("tokens", u32::try_from(kept.tokens).unwrap_or(u32::MAX))?;
    object.set("reason", kept.reason.as_deref())?;
    Ok(object)
}

fn explanation_object<'env>(env: Env, explanation: &Explanation) -> Result<Object<'env>> {
    let mut object = tagged(env, "explanation")?;
    object.set("source", explanation.source.map(azure_client_token_core::CredentialKind::as_str))?;
    object.set("cachedIn", explanation.cached_in.map(CachedIn::as_str))?;
    object.set("scopes", explanation.scopes.clone())?;
    set_considered(env, &mut object, &explanation.considered)?;
    set_attempts(env, &mut object, &explanation.attempts)?;
    set_error(env, &mut object, explanation.error.as_ref())?;
    Ok(object)
}

fn set_considered(env: Env, object: &mut Object<'_>, considered: &Considered) -> Result<()> {
    let sources: Result<Vec<_>> = considered.sources.iter().map(|source| source_object(env, source)).collect();
    object.set("considered", sources?)?;
    set_settings(env, object, &considered.settings)
}

fn source_object<'env>(env: Env, considered: &ConsideredSource) -> Result<Object<'env>> {
    let mut object = Object::new(&env)?;
    object.set("source", considered.source.as_str())?;
    object.set("decision", considered.decision.as_str())?;
    set_settings(env, &mut object, &considered.settings)?;
    set_error(env, &mut object, considered.error.as_ref())?;
    Ok(object)
}

/// Sets an error as data, or nothing if there is none.
fn set_error(env: Env, object: &mut Object<'_>, error: Option<&Error>) -> Result<()> {
    let Some(error) = error else { return Ok(()) };
    let mut data = Object::new(&env)?;
    data.set("code", error.kind().code())?;
    data.set("message", error.message())?;
    data.set("settings", error.settings().to_vec())?;
    object.set("error", data)
}

fn set_settings(env: Env, object: &mut Object<'_>, settings: &[SeenSetting]) -> Result<()> {
    let settings: Result<Vec<_>> = settings.iter().map(|setting| setting_object(env, setting)).collect();
    object.set("settings", settings?)
}

fn setting_object<'env>(env: Env, setting: &SeenSetting) -> Result<Object<'env>> {
    let mut object = Object::new(&env)?;
    object.set("name", setting.name.as_str())?;
    object.set("suppliedBy", setting.supplied_by.as_str())?;
    Ok(object)
}

fn failure_object<'env>(env: Env, error: &Error) -> Result<Object<'env>> {
    let mut object = tagged(env, "failure")?;
    object.set("code", error.kind().code())?;
    object.set("message", error.message())?;
    object.set("retryable", error.retryable())?;
    object.set("helpAnchor", error.help().anchor())?;
    object.set("settings", error.settings().to_vec())?;
    object.set("host", error.host())?;
    object.set("phase", error.phase().map(azure_client_token_core::Phase::as_str))?;
    object.set("causes", error.causes().to_vec())?;
    object.set("rejection", error.rejection())?;
    object.set("retryAfter", error.retry_after().map(|wait| wait.as_secs_f64() * 1000.0))?;
    object.set("resource", error.resource().map(azure_client_token_core::Resource::as_str))?;
    set_attempts(env, &mut object, error.attempts())?;
    if let Some((expected, found)) = error.identities() {
        object.set("expected", identity_object(env, expected)?)?;
        object.set("found", identity_object(env, found)?)?;
    }
    if let Some(refusal) = error.refusal() {
        object.set("statusCode", refusal.status_code.map(u32::from))?;
        object.set("error", refusal.error.as_deref())?;
        object.set("errorCodes", refusal.error_codes.clone())?;
        object.set("suberror", refusal.suberror.as_deref())?;
        object.set("correlationId", refusal.correlation_id.as_deref())?;
        object.set("traceId", refusal.trace_id.as_deref())?;
        object.set("claims", refusal.claims.as_deref())?;
    }
    Ok(object)
}

/// Returns the ids that are known.
fn identity_object<'env>(env: Env, identity: &TokenIdentity) -> Result<Object<'env>> {
    let mut object = Object::new(&env)?;
    for (name, id) in identity.ids() {
        if let Some(id) = id {
            object.set(name, id)?;
        }
    }
    Ok(object)
}

fn set_attempts(env: Env, object: &mut Object<'_>, attempts: &[Attempt]) -> Result<()> {
    let attempts: Result<Vec<_>> = attempts.iter().map(|attempt| attempt_object(env, attempt)).collect();
    object.set("attempts", attempts?)
}

fn attempt_object<'env>(env: Env, attempt: &Attempt) -> Result<Object<'env>> {
    let mut object = Object::new(&env)?;
    object.set("source", attempt.source.as_str())?;
    object.set("outcome", attempt.outcome.as_str())?;
    if let Some(reason) = &attempt.reason {
        object.set("reason", reason.as_str())?;
    }
    object.set("milliseconds", attempt.duration.as_secs_f64() * 1000.0)?;
    Ok(object)
}
