use super::{Call, Service};
use crate::{
    cache::{Ask, LoginFingerprint},
    config::NetworkId,
    credentials::{Acquisition, RequestedClaims},
    key::{Key, KeyBuilder},
    login::Settings,
    store::StoreRequest,
    transport::Deadline,
    types::{Cloud, Error, Registry, Scopes, TenantId},
};
use std::sync::Arc;

/// A call whose cloud is known: the requests for the cache, the credential and the store.
pub(super) struct Prepared {
    pub(super) ask: Ask,
    /// Its deadline is that of the call.
    pub(super) acquisition: Acquisition,
    pub(super) store: Option<StoreRequest>,
}

impl Service {
    pub(super) async fn prepared(&self, call: Call<'_>) -> Result<Prepared, Error> {
        let cloud = self.cloud(&call).await?;
        let registry = call.registry_in(&cloud)?;
        let (settings, network) = (&call.client.settings, &call.client.network);
        let (late, until, scopes) = (call.lateness(), call.until, call.scopes_in(&cloud));
        let binding = self.binding(settings, until).await.map_err(|step| late.error(&step))?;
        let asked = (&scopes, call.tenant.as_ref(), registry.as_ref());
        let key_with = |claims: &RequestedClaims| key(settings, network.id, &cloud, asked, claims);
        let key = key_with(&call.claims);
        let challenge = call.claims.challenge();
        let refused = challenge.and_then(|_| self.cache.kept(key_with(&call.claims.without_challenge())));
        let store = self.asked_of_store(&call, key, binding.as_ref(), || {
            call_parts(KeyBuilder::stable(), &cloud, asked).with(&settings.expected)
        });
        let (transport, direct) = self.transports_of(settings, network);
        let acquisition = Acquisition {
            transport,
            direct,
            refused,
            deadline: Deadline::at(until),
            host: self.host.clone(),
            log: call.client.log.clone(),
            certificates: self.certificates.clone(),
            known_hosts: self.known_hosts.clone(),
            expected: settings.expected.clone(),
            retry: settings.retry,
            tenant: call.tenant,
            claims: call.claims,
            scopes,
            cloud,
            registry,
        };
        Ok(Prepared { ask: Ask { key, until, forced_at: call.forced_at, binding }, acquisition, store })
    }

    /// Returns the request for the store in the settings. A token that answers a claims challenge belongs to this
    /// process alone.
    fn asked_of_store(
        &self,
        call: &Call<'_>,
        key: Key,
        binding: Option<&LoginFingerprint>,
        parts: impl FnOnce() -> KeyBuilder,
    ) -> Option<StoreRequest> {
        let is_kept = call.claims.as_deref().is_none();
        let store = Arc::clone(call.client.settings.store.as_ref().filter(|_| is_kept)?);
        Some(StoreRequest {
            store,
            call: parts(),
            logins: binding.map(|binding| binding.files().to_vec()).unwrap_or_default(),
            written_after: self.cache.cleared_at(),
            held_until: self.cache.kept(key).map(|token| token.expires_on),
            force_refresh: call.forced_at.is_some(),
            refusal_memory: self.refusal_memory.get().copied().unwrap_or_default(),
        })
    }
}

/// Returns the cache key: everything that decides whose token it is, and the network, because a call through another
/// proxy must not share this one's failures. The order of scopes does not matter.
pub(super) fn key(
    settings: &Settings,
    network: NetworkId,
    cloud: &Cloud,
    asked: AskedFor<'_>,
    claims: &RequestedClaims,
) -> Key {
    call_parts(KeyBuilder::new().part(network), cloud, asked)
        .optional(claims.as_deref())
        .with(&settings.credential)
        .with(&settings.expected)
        .with(&settings.retry)
        .build()
}

/// The scopes, the tenant if it is not the credential's own, and the registry whose own token is wanted.
type AskedFor<'a> = (&'a Scopes, Option<&'a TenantId>, Option<&'a Registry>);

/// Adds the parts of a call that decide whose token it is.
fn call_parts(key: KeyBuilder, cloud: &Cloud, (scopes, tenant, registry): AskedFor<'_>) -> KeyBuilder {
    let mut sorted: Vec<&str> = scopes.as_slice().iter().map(String::as_str).collect();
    sorted.sort_unstable();
    key.part(cloud.applications_authority().as_str())
        .parts(sorted.into_iter())
        .optional(tenant.map(TenantId::as_str))
        .parts(registry.iter().map(|registry| registry.host()))
}
