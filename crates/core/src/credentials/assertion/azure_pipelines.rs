//! The OIDC token of a service connection in Azure Pipelines:
//! <https://learn.microsoft.com/rest/api/azure/devops/distributedtask/oidctoken/create>.

use super::{
    oidc_request::{address, authorized, value, with_parameters, Service},
    Acquisition,
};
use crate::{
    transport::{secrets_of_address, Answer},
    types::{has_token, Error, Secret},
};
use azure_core::http::{
    headers::{HeaderName, CONTENT_LENGTH, CONTENT_TYPE},
    Method, Url,
};

const API_VERSION: &str = "7.1";

/// Without this header the service answers an invalid token with a sign-in page in place of an error.
const NO_SIGN_IN_PAGE: HeaderName = HeaderName::from_static("x-tfs-fedauthredirect");

const SERVICE: Service = Service {
    name: "Azure DevOps",
    advice:
        "Check the service connection's id, that this stage of the pipeline refers to it, that the pipeline may use \
             it, and that System.AccessToken is this job's own",
    says: own_words,
};

/// The longest `value` that can be an error message.
const LONGEST_SENTENCE: usize = 300;

/// Returns the answer's `message`, or its `value` if that is a sentence (dotnet/docker-tools issue 2012: "There is no
/// explicit reference to service connection … from current stage", with the status 200). A token has no spaces and
/// begins with `eyJ`.
fn own_words(answer: &Answer) -> Option<String> {
    let is_sentence = |text: &Secret| {
        let text = text.expose();
        text.contains(' ') && !text.contains("eyJ") && !has_token(text) && text.chars().count() <= LONGEST_SENTENCE
    };
    let said = value(answer, "message").or_else(|| value(answer, "value").filter(is_sentence))?;
    let said = answer.redaction_of_members().readable(said.expose());
    Some(said.trim_end_matches('.').to_owned()).filter(|said| !said.is_empty())
}
const URL_SETTING: &str = "SYSTEM_OIDCREQUESTURI";

/// A request for an assertion.
pub(super) struct AssertionRequest<'a> {
    pub(super) url: &'a str,
    pub(super) access_token: &'a Secret,
    pub(super) service_connection: &'a str,
}

impl AssertionRequest<'_> {
    pub(super) async fn assertion(&self, acquisition: &Acquisition) -> Result<Secret, Error> {
        let mut request = authorized(self.address()?, Method::Post, self.access_token);
        request.insert_header(CONTENT_TYPE, "application/json");
        request.insert_header(CONTENT_LENGTH, "0");
        request.insert_header(NO_SIGN_IN_PAGE, "Suppress");
        SERVICE.assertion(acquisition, request, "oidcToken", secrets_of_address(self.url)).await
    }

    fn address(&self) -> Result<Url, Error> {
        let url = address(self.url, URL_SETTING)?;
        Ok(with_parameters(url, &[("api-version", API_VERSION), ("serviceConnectionId", self.service_connection)]))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::transport::Redaction;

    fn said(body: &str) -> Option<String> {
        own_words(&Answer::of_json(200, body.as_bytes(), Redaction::of_form("token=job-access-t0ken")))
    }

    #[test]
    fn a_sentence_is_shown_and_a_token_is_not() {
        let message = r#"{"message":"No service connection found with job-access-t0ken.","value":"x y"}"#;
        assert_eq!(said(message).as_deref(), Some("No service connection found with ***"));
        let value = r#"{"count":151,"value":"There is no explicit reference."}"#;
        assert_eq!(said(value).as_deref(), Some("There is no explicit reference"));
        let spaced = r#"{"value":"a eyAiYWxnIjogIm5vbmUiIH0.eyAic3ViIjogIngiIH0."}"#;
        let long = format!(r#"{{"value":"{}"}}"#, "a ".repeat(151));
        for body in ["{}", "[]", r#"{"value":"opaque"}"#, r#"{"value":"a eyJhbGciOiJub25lIn0.e30."}"#, spaced, &long] {
            assert_eq!(said(body), None, "{body}");
        }
    }
}
