//! The specifications of applications that authenticate with something other than a secret, as a scenario writes them.

use azure_client_token_core::{
    credentials::{
        ApplicationProof, AssertionSpec, CertificateOrigin, CertificateSpec, ClientAssertionSpec,
        ClientCertificateSpec, CredentialSpec, ManagedIdentityHost, ManagedIdentityId, ManagedIdentitySpec,
        OnBehalfOfSpec, ServicePrincipal, TokenProxySpec,
    },
    AssertionCallback, ClientId, Error, ErrorKind, Secret, TenantId,
};
use serde::Deserialize;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct ByCertificate {
    tenant_id: String,
    client_id: String,
    certificate: Certificate,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct ByAssertion {
    tenant_id: String,
    client_id: String,
    assertion: Assertion,
    token_proxy: Option<TokenProxy>,
    /// The setting that contains or names the assertion.
    setting: String,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct ForUser {
    tenant_id: String,
    client_id: String,
    user_assertion: String,
    proof: Proof,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Certificate {
    path: String,
    password: Option<String>,
    #[serde(default)]
    send_chain: bool,
    setting: String,
}

#[derive(Debug, Deserialize)]
#[serde(tag = "from", rename_all = "camelCase", rename_all_fields = "camelCase", deny_unknown_fields)]
enum Assertion {
    Constant {
        token: String,
    },
    File {
        path: String,
    },
    Request {
        url: String,
        token: String,
        audience: String,
    },
    AzurePipelines {
        url: String,
        access_token: String,
        service_connection: String,
    },
    Imds {
        client_id: String,
        audience: String,
    },
    /// The program's own function: its result, or that it fails.
    Callback {
        gives: Option<String>,
    },
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct TokenProxy {
    url: String,
    ca_file: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
enum Proof {
    Secret(String),
    Certificate(Certificate),
    Assertion(Assertion),
}

impl ByCertificate {
    pub(crate) fn spec(&self) -> Result<CredentialSpec, Error> {
        let principal = principal(&self.tenant_id, &self.client_id)?;
        Ok(CredentialSpec::ClientCertificate(ClientCertificateSpec { principal, certificate: self.certificate.spec() }))
    }
}

impl ByAssertion {
    pub(crate) fn spec(&self, kind: fn(ClientAssertionSpec) -> CredentialSpec) -> Result<CredentialSpec, Error> {
        Ok(kind(ClientAssertionSpec {
            principal: principal(&self.tenant_id, &self.client_id)?,
            assertion: self.assertion.spec(),
            setting: self.setting.clone(),
            token_proxy: self.token_proxy.as_ref().map(TokenProxy::spec),
        }))
    }
}

impl ForUser {
    pub(crate) fn spec(&self) -> Result<CredentialSpec, Error> {
        Ok(CredentialSpec::OnBehalfOf(OnBehalfOfSpec {
            principal: principal(&self.tenant_id, &self.client_id)?,
            user_assertion: Secret::new(self.user_assertion.as_str()),
            proof: match &self.proof {
                Proof::Secret(secret) => ApplicationProof::Secret(Secret::new(secret.as_str())),
                Proof::Certificate(certificate) => ApplicationProof::Certificate(certificate.spec()),
                Proof::Assertion(assertion) => ApplicationProof::Assertion(assertion.spec()),
            },
        }))
    }
}

impl Certificate {
    fn spec(&self) -> CertificateSpec {
        CertificateSpec {
            origin: CertificateOrigin::File(self.path.clone().into()),
            password: self.password.as_deref().map(Secret::new),
            send_chain: self.send_chain,
            setting: self.setting.clone(),
        }
    }
}

impl Assertion {
    fn spec(&self) -> AssertionSpec {
        match self {
            Self::Constant { token } => AssertionSpec::Constant(Secret::new(token.as_str())),
            Self::File { path } => AssertionSpec::File(path.into()),
            Self::Request { url, token, audience } => AssertionSpec::Request {
                url: url.clone(),
                token: Secret::new(token.as_str()),
                audience: audience.clone(),
            },
            Self::AzurePipelines { url, access_token, service_connection } => AssertionSpec::AzurePipelines {
                url: url.clone(),
                access_token: Secret::new(access_token.as_str()),
                service_connection: service_connection.clone(),
            },
            Self::Imds { client_id, audience } => AssertionSpec::ManagedIdentity {
                identity: ManagedIdentitySpec {
                    identity: ManagedIdentityId::ClientId(client_id.clone()),
                    host: ManagedIdentityHost::Imds { authority_host: "http://169.254.169.254".to_owned() },
                    probe: false,
                },
                audience: audience.clone(),
            },
            Self::Callback { gives } => AssertionSpec::Callback(callback(gives.clone())),
        }
    }
}

/// Fails as the binding does if a function of the program is rejected: the reason stays in JavaScript.
fn callback(gives: Option<String>) -> AssertionCallback {
    AssertionCallback::new(0, move || {
        let gives = gives.clone();
        Box::pin(async move {
            let failed = || Error::new(ErrorKind::Authentication, "getAssertion() gave no assertion");
            gives.map(Secret::new).ok_or_else(failed)
        })
    })
}

impl TokenProxy {
    fn spec(&self) -> TokenProxySpec {
        TokenProxySpec {
            url: self.url.clone(),
            ca_file: self.ca_file.as_ref().map(Into::into),
            ca_data: None,
            sni_name: None,
        }
    }
}

fn principal(tenant: &str, client_id: &str) -> Result<ServicePrincipal, Error> {
    Ok(ServicePrincipal {
        tenant: TenantId::parse(tenant, "tenantId")?,
        client_id: ClientId::parse(client_id, "clientId")?,
        fmi_path: None,
    })
}
