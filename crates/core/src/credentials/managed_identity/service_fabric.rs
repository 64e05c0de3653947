//! A Service Fabric cluster. Source: "Acquire an access token using an app's managed identity" (Microsoft Learn). Its
//! certificate is the cluster's own, and known by its thumbprint alone.

use super::{refusal::Service, revocation, token_or_refusal};
use crate::{
    credentials::Acquisition,
    transport::RetryRules,
    types::{AccessToken, Error, Secret},
};
use azure_core::http::Request;
use std::sync::Arc;

const API_VERSION: &str = "2019-07-01-preview";

pub(super) struct ServiceFabric<'a> {
    pub(super) service: &'a Service,
    pub(super) header: &'a Secret,
    pub(super) thumbprint: &'a str,
}

impl ServiceFabric<'_> {
    pub(super) async fn token(&self, acquisition: &Acquisition, resource: &str) -> Result<AccessToken, Error> {
        let request = self.request(acquisition, resource);
        // A separate transport: a program requests a token once in hours, and each cluster has its own certificate.
        let transport = Arc::new(acquisition.direct.pinned_to(self.thumbprint));
        let answer = self.service.answer_over(&transport, &RetryRules::ENTRA, acquisition, request).await?;
        token_or_refusal(acquisition, self.service, &answer)
    }

    fn request(&self, acquisition: &Acquisition, resource: &str) -> Request {
        let revocation = revocation::parameters(acquisition);
        let mut parameters = vec![("api-version", API_VERSION), ("resource", resource)];
        parameters.extend(revocation.iter().map(|(name, value)| (*name, value.as_str())));
        let mut request = self.service.get(&parameters);
        request.insert_header("secret", self.header.expose().to_owned());
        request
    }
}
