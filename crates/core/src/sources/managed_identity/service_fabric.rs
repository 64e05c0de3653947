//! A Service Fabric cluster. Source: "Acquire an access token using an app's managed identity" (Microsoft Learn). Its
//! certificate is the cluster's own, and known by its thumbprint alone.

use super::{get, judged, only_its_own, refusal::Service};
use crate::{
    config::ManagedIdentityId,
    sources::{pipeline, Acquisition},
    transport::RetryRules,
    types::{AccessToken, Error, Secret},
};
use std::sync::Arc;

const API_VERSION: &str = "2019-07-01-preview";

pub(super) struct ServiceFabric<'a> {
    pub(super) endpoint: &'a str,
    pub(super) header: &'a Secret,
    pub(super) thumbprint: &'a str,
}

impl ServiceFabric<'_> {
    pub(super) async fn token(
        &self,
        acquisition: &Acquisition,
        identity: &ManagedIdentityId,
        resource: &str,
    ) -> Result<AccessToken, Error> {
        only_its_own("Service Fabric", "name the identity in the application's manifest instead", identity)?;
        let parameters = [("api-version", API_VERSION), ("resource", resource)];
        let mut request = get(self.endpoint, "IDENTITY_ENDPOINT", &parameters)?;
        if request.url().scheme() != "https" {
            return Err(not_https());
        }
        request.insert_header("secret", self.header.expose().to_owned());
        let service = Service::of("Service Fabric", &request);
        // A transport of its own: a token is asked for once in hours, and another cluster's certificate is another.
        let transport = Arc::new(acquisition.direct.pinned_to(self.thumbprint));
        let answer = pipeline::answer_of_host(&RetryRules::ENTRA, &transport, acquisition, request).await?;
        judged(acquisition, &service, &answer)
    }
}

fn not_https() -> Error {
    let message = "IDENTITY_ENDPOINT must be https where IDENTITY_SERVER_THUMBPRINT names its certificate";
    Error::configuration(message, ["IDENTITY_ENDPOINT", "IDENTITY_SERVER_THUMBPRINT"])
}
