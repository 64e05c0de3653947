//! A service principal acting for a user who called it:
//! <https://learn.microsoft.com/entra/identity-platform/v2-oauth2-on-behalf-of-flow>. `azure_identity` has no
//! credential for it, so the form is our own.

use super::{
    assertion::{fetched, is_renewable, AssertionSpec},
    client_assertion::is_expired,
    client_certificate::{signed, CertificateSpec},
    descriptor::{
        CredentialOption, Descriptor, CERTIFICATE, CERTIFICATE_PATH, CLIENT_ID, GET_ASSERTION, PASSWORD,
        SEND_CERTIFICATE_CHAIN, TENANT_ID,
    },
    entra::Answered,
    pipeline,
    principal::{Principal, ServicePrincipal},
    route::Route,
    Acquisition, Credential,
};
use crate::{
    config::options::Options,
    key::{KeyBuilder, KeyPart, NamePart, Reach},
    types::{AccessToken, CredentialKind, Error, Secret},
};
use async_trait::async_trait;
use azure_core::http::{
    headers::{ACCEPT, CONTENT_TYPE},
    Method, Request,
};
use url::form_urlencoded::Serializer;

/// A service principal acting for a user (Entra ID's on-behalf-of flow, a form of RFC 7523).
#[derive(Clone, Debug)]
pub struct OnBehalfOfSpec {
    /// The application that received the user's token.
    pub principal: ServicePrincipal,
    /// The token that the user presented to it.
    pub user_assertion: Secret,
    /// How the application authenticates.
    pub proof: ApplicationProof,
}

/// How an application authenticates.
#[derive(Clone, Debug)]
pub enum ApplicationProof {
    /// With its secret.
    Secret(Secret),
    /// With a certificate.
    Certificate(CertificateSpec),
    /// With an assertion.
    Assertion(AssertionSpec),
}

pub(crate) const DESCRIPTOR: Descriptor<OnBehalfOfSpec> = Descriptor::of_application(
    &[
        TENANT_ID,
        CLIENT_ID,
        CredentialOption::secret("userAssertion"),
        CredentialOption::secret("clientSecret"),
        GET_ASSERTION,
        CERTIFICATE,
        CERTIFICATE_PATH,
        PASSWORD,
        SEND_CERTIFICATE_CHAIN,
    ],
    |_, options| OnBehalfOfSpec::of_options(options),
);

impl OnBehalfOfSpec {
    pub(crate) fn of_options(options: &Options<'_>) -> Result<Self, Error> {
        let proof = match options.one_of(&["clientSecret", "getAssertion", "certificate", "certificatePath"])? {
            "clientSecret" => ApplicationProof::Secret(options.secret("clientSecret")?),
            "getAssertion" => ApplicationProof::Assertion(AssertionSpec::of_callback(options)?),
            _ => ApplicationProof::Certificate(CertificateSpec::of_options(options)?),
        };
        let user_assertion = options.secret("userAssertion")?;
        Ok(Self { principal: ServicePrincipal::of_options(options)?, user_assertion, proof })
    }
}

impl KeyPart for OnBehalfOfSpec {
    fn add_to(&self, key: KeyBuilder) -> KeyBuilder {
        let Self { principal, user_assertion, proof } = self;
        key.with(principal).part(user_assertion.expose()).with(proof)
    }
}

impl NamePart for OnBehalfOfSpec {
    /// Tokens on behalf of users are not stored.
    fn add_to_name(&self, _: Reach, _: KeyBuilder) -> Option<KeyBuilder> {
        None
    }
}

impl KeyPart for ApplicationProof {
    fn add_to(&self, key: KeyBuilder) -> KeyBuilder {
        match self {
            Self::Secret(secret) => key.part("secret").part(secret.expose()),
            Self::Certificate(certificate) => key.part("certificate").with(certificate),
            Self::Assertion(assertion) => key.part("assertion").with(assertion),
        }
    }
}

const GRANT_TYPE: &str = "urn:ietf:params:oauth:grant-type:jwt-bearer";
const ASSERTION_TYPE: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/// The secret or signed assertion that is sent.
enum Proof {
    Secret(Secret),
    Assertion(Secret),
}

impl OnBehalfOfSpec {
    fn setting(&self) -> &str {
        match &self.proof {
            ApplicationProof::Secret(_) => "clientSecret",
            ApplicationProof::Certificate(spec) => &spec.setting,
            ApplicationProof::Assertion(_) => "getAssertion",
        }
    }

    async fn proof(&self, principal: &Principal<'_>, acquisition: &Acquisition) -> Result<Proof, Error> {
        Ok(match &self.proof {
            ApplicationProof::Secret(secret) => Proof::Secret(secret.clone()),
            ApplicationProof::Certificate(spec) => {
                Proof::Assertion(signed(spec, principal.tenant, principal.client_id, acquisition).await?)
            }
            ApplicationProof::Assertion(spec) => Proof::Assertion(fetched(spec, principal.setting, acquisition).await?),
        })
    }

    async fn exchanged(&self, principal: &Principal<'_>, acquisition: &Acquisition) -> Result<AccessToken, Error> {
        let route = Route::straight(acquisition, principal.tenant)?;
        let proof = self.proof(principal, acquisition).await?;
        let mut request = Request::new(route.endpoint.clone(), Method::Post);
        request.insert_header(CONTENT_TYPE, "application/x-www-form-urlencoded");
        request.insert_header(ACCEPT, "application/json");
        request.set_body(self.form(principal, &proof, acquisition));
        let policies = acquisition.claims.policies();
        let answer = pipeline::answer_over(&route.transport, acquisition, request, policies).await?;
        let answered = Answered { principal, host: &route.service, answer: &answer };
        answered.token(acquisition.host.clock.now())
    }

    fn form(&self, principal: &Principal<'_>, proof: &Proof, acquisition: &Acquisition) -> String {
        let mut form = Serializer::new(String::new());
        form.append_pair("grant_type", GRANT_TYPE)
            .append_pair("requested_token_use", "on_behalf_of")
            .append_pair("assertion", self.user_assertion.expose())
            .append_pair("client_id", principal.client_id.as_str())
            .append_pair("scope", &acquisition.scopes.as_slice().join(" "));
        match proof {
            Proof::Secret(secret) => form.append_pair("client_secret", secret.expose()),
            Proof::Assertion(assertion) => form
                .append_pair("client_assertion_type", ASSERTION_TYPE)
                .append_pair("client_assertion", assertion.expose()),
        };
        form.finish()
    }

    fn is_renewable(&self) -> bool {
        matches!(&self.proof, ApplicationProof::Assertion(spec) if is_renewable(spec))
    }
}

#[async_trait]
impl Credential for OnBehalfOfSpec {
    async fn token(&self, kind: CredentialKind, acquisition: &Acquisition) -> Result<AccessToken, Error> {
        let principal = Principal {
            kind,
            tenant: acquisition.tenant_or(&self.principal.tenant),
            client_id: &self.principal.client_id,
            setting: self.setting(),
            fmi_path: None,
        };
        match self.exchanged(&principal, acquisition).await {
            // Either assertion may be the one that has expired. The application's own can be renewed.
            Err(expired) if is_expired(&expired) && self.is_renewable() => {
                self.exchanged(&principal, acquisition).await
            }
            other => other,
        }
    }

    fn principal(&self) -> Option<&ServicePrincipal> {
        Some(&self.principal)
    }
}
