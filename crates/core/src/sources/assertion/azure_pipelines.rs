//! Azure DevOps' way of giving a job the identity of a service connection:
//! <https://learn.microsoft.com/rest/api/azure/devops/distributedtask/oidctoken/create>.

use super::{
    oidc_request::{address, value, with_parameters, Service},
    Acquisition,
};
use crate::{
    sources::pipeline,
    types::{Error, Secret},
};
use azure_core::http::{
    headers::{HeaderName, ACCEPT, AUTHORIZATION, CONTENT_LENGTH, CONTENT_TYPE},
    Method, Request as HttpRequest, Url,
};

const API_VERSION: &str = "7.1";

/// Without it a token that is not valid leads to a sign-in page instead of a refusal.
const NO_SIGN_IN_PAGE: HeaderName = HeaderName::from_static("x-tfs-fedauthredirect");

const SERVICE: Service = Service {
    name: "Azure DevOps",
    advice:
        "Check the service connection's id, that the pipeline may use it, and that System.AccessToken is this job's \
             own",
};
const URL_SETTING: &str = "SYSTEM_OIDCREQUESTURI";

/// What is asked, and with what.
pub(super) struct Request<'a> {
    pub(super) url: &'a str,
    pub(super) access_token: &'a Secret,
    pub(super) service_connection: &'a str,
}

impl Request<'_> {
    pub(super) async fn assertion(&self, acquisition: &Acquisition) -> Result<Secret, Error> {
        let mut request = HttpRequest::new(self.address()?, Method::Post);
        request.insert_header(ACCEPT, "application/json");
        request.insert_header(CONTENT_TYPE, "application/json");
        request.insert_header(CONTENT_LENGTH, "0");
        request.insert_header(NO_SIGN_IN_PAGE, "Suppress");
        request.insert_header(AUTHORIZATION, format!("Bearer {}", self.access_token.expose()));
        let answer = pipeline::answer(acquisition, request).await.map_err(|error| SERVICE.not_asked(&error))?;
        if !answer.is_success() {
            return Err(SERVICE.refused(&answer));
        }
        value(&answer, "oidcToken").ok_or_else(|| SERVICE.missing("oidcToken", &answer))
    }

    fn address(&self) -> Result<Url, Error> {
        let url = address(self.url, URL_SETTING)?;
        Ok(with_parameters(url, &[("api-version", API_VERSION), ("serviceConnectionId", self.service_connection)]))
    }
}
