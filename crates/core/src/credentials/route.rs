//! The URL of a token request. It is not always the one that `azure_identity` would use, which drops the path of an AD FS
//! and does not support the token proxy.

use super::Acquisition;
use crate::{
    transport::Transport,
    types::{Authority, Error, Secret, TenantId},
};
use async_trait::async_trait;
use azure_core::http::{
    headers::HeaderName,
    policies::{Policy, PolicyResult},
    Context, Request, Url,
};
use std::{fmt, sync::Arc};

const HOST: HeaderName = HeaderName::from_static("host");

/// The route of one token request.
#[derive(Clone)]
pub(super) struct Route {
    pub(super) endpoint: Url,
    /// The `Host` header, if it differs from the endpoint's host.
    pub(super) host_header: Option<String>,
    /// The host of the service that sends the answer, for errors.
    pub(super) service: String,
    pub(super) transport: Arc<Transport>,
    /// The secrets of earlier requests on the way to this one, which the service may repeat.
    pub(super) sent_before: Vec<Secret>,
}

impl Route {
    /// The route to the authority's own endpoint for that tenant.
    pub(super) fn straight(acquisition: &Acquisition, tenant: &TenantId) -> Result<Self, Error> {
        Self::to(&acquisition.cloud.authority, acquisition, tenant)
    }

    /// The route for an application's own token: to a region's endpoint, if one is chosen.
    pub(super) fn of_application(acquisition: &Acquisition, tenant: &TenantId) -> Result<Self, Error> {
        let cloud = &acquisition.cloud;
        if cloud.authority.is_adfs(tenant) {
            return Self::straight(acquisition, tenant);
        }
        Self::to(cloud.applications_authority(), acquisition, tenant)
    }

    fn to(authority: &Authority, acquisition: &Acquisition, tenant: &TenantId) -> Result<Self, Error> {
        let endpoint = authority.token_endpoint(tenant)?;
        let transport = Arc::clone(&acquisition.transport);
        Ok(Self { endpoint, host_header: None, service: authority.host(), transport, sent_before: Vec::new() })
    }

    /// Returns the policy that sends a request along this route.
    pub(super) fn policy(&self) -> Arc<dyn Policy> {
        Arc::new(RoutePolicy(self.clone()))
    }
}

struct RoutePolicy(Route);

#[async_trait]
#[expect(elided_lifetimes_in_paths, reason = "the trait's own signature elides it, and async_trait compares them")]
impl Policy for RoutePolicy {
    async fn send(&self, context: &Context, request: &mut Request, next: &[Arc<dyn Policy>]) -> PolicyResult {
        request.url_mut().clone_from(&self.0.endpoint);
        if let Some(host) = &self.0.host_header {
            request.insert_header(HOST, host.clone());
        }
        next[0].send(context, request, &next[1..]).await
    }
}

impl fmt::Debug for RoutePolicy {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "RoutePolicy({})", self.0.endpoint)
    }
}
