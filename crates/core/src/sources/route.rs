//! Where a token request goes, which is not always where `azure_identity` would send it: it drops the path of an
//! AD FS, and knows no token proxy.

use super::Acquisition;
use crate::{
    transport::Transport,
    types::{Error, TenantId},
};
use async_trait::async_trait;
use azure_core::http::{
    headers::HeaderName,
    policies::{Policy, PolicyResult},
    Context, Request, Url,
};
use std::{fmt, sync::Arc};

const HOST: HeaderName = HeaderName::from_static("host");

/// The way of one token request.
#[derive(Clone)]
pub(super) struct Route {
    pub(super) endpoint: Url,
    /// Where the server is to be addressed by another name than the endpoint's.
    pub(super) host_header: Option<String>,
    pub(super) transport: Arc<Transport>,
}

impl Route {
    /// To the authority's own endpoint for that tenant.
    pub(super) fn straight(acquisition: &Acquisition, tenant: &TenantId) -> Result<Self, Error> {
        let endpoint = acquisition.cloud.authority.token_endpoint(tenant)?;
        Ok(Self { endpoint, host_header: None, transport: Arc::clone(&acquisition.transport) })
    }

    /// The policy that leads a request along this way.
    pub(super) fn policy(&self) -> Arc<dyn Policy> {
        Arc::new(Lead(self.clone()))
    }
}

struct Lead(Route);

#[async_trait]
#[expect(elided_lifetimes_in_paths, reason = "the trait's own signature elides it, and async_trait compares them")]
impl Policy for Lead {
    async fn send(&self, context: &Context, request: &mut Request, next: &[Arc<dyn Policy>]) -> PolicyResult {
        request.url_mut().clone_from(&self.0.endpoint);
        if let Some(host) = &self.0.host_header {
            request.insert_header(HOST, host.clone());
        }
        next[0].send(context, request, &next[1..]).await
    }
}

impl fmt::Debug for Lead {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Lead({})", self.0.endpoint)
    }
}
