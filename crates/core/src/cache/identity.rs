//! The part of a key that tells one credential from another.

use super::KeyBuilder;
use crate::config::{
    ApplicationProof, AssertionSpec, CertificateOrigin, CertificateSpec, ChainSpec, CredentialSpec, DeveloperToolRun,
    ManagedIdentityHost, ManagedIdentityId, ManagedIdentitySpec, ServicePrincipal, TokenProxySpec,
};
use crate::types::TenantId;

impl KeyBuilder {
    /// Everything in a credential's specification that decides whose token it gets.
    pub(crate) fn credential(self, spec: &CredentialSpec) -> Self {
        let key = self.part(spec.kind().as_str());
        match spec {
            CredentialSpec::ClientSecret(spec) => key.principal(&spec.principal).part(spec.client_secret.expose()),
            CredentialSpec::ClientCertificate(spec) => key.principal(&spec.principal).certificate(&spec.certificate),
            CredentialSpec::ClientAssertion(spec) => {
                key.principal(&spec.principal).assertion(&spec.assertion).token_proxy(spec.token_proxy.as_ref())
            }
            CredentialSpec::OnBehalfOf(spec) => {
                key.principal(&spec.principal).part(spec.user_assertion.expose()).proof(&spec.proof)
            }
            CredentialSpec::ManagedIdentity(spec) => key.managed_identity(spec),
            CredentialSpec::AzureCli(spec) => key
                .optional(spec.tenant.as_ref().map(TenantId::as_str))
                .optional(spec.subscription.as_deref())
                .optional(spec.cloud_name.as_deref())
                .optional(spec.folder.as_ref().map(|folder| folder.as_os_str().as_encoded_bytes()))
                .run(&spec.run),
            CredentialSpec::AzureDeveloperCli(spec) | CredentialSpec::AzurePowerShell(spec) => {
                key.optional(spec.tenant.as_ref().map(TenantId::as_str)).run(&spec.run)
            }
            CredentialSpec::Command(spec) => key
                .part(&spec.program)
                .parts(spec.arguments.iter().map(crate::types::Secret::expose))
                .optional(spec.tenant.as_ref().map(TenantId::as_str))
                .run(&spec.run),
            CredentialSpec::Chain(spec) => key.chain(spec),
        }
    }

    /// A chain's members, in their order.
    pub(crate) fn chain(self, spec: &ChainSpec) -> Self {
        let key = self.part([u8::from(spec.is_default)]).part((spec.members.len() as u64).to_le_bytes());
        spec.members.iter().fold(key, |key, member| match &member.credential {
            Ok(credential) => key.credential(credential),
            Err(_) => key.part(member.kind.as_str()).part("unavailable"),
        })
    }

    /// A part that may be absent, which is not the same as empty.
    pub(crate) fn optional(self, part: Option<impl AsRef<[u8]>>) -> Self {
        match part {
            Some(part) => self.part([1]).part(part),
            None => self.part([0]),
        }
    }

    fn principal(self, principal: &ServicePrincipal) -> Self {
        self.part(principal.tenant.as_str()).part(principal.client_id.as_str())
    }

    fn certificate(self, spec: &CertificateSpec) -> Self {
        let key = match &spec.origin {
            CertificateOrigin::File(path) => self.part("file").part(path.as_os_str().as_encoded_bytes()),
            CertificateOrigin::Text(text) => self.part("text").part(text.expose()),
        };
        key.optional(spec.password.as_ref().map(crate::types::Secret::expose)).part([u8::from(spec.send_chain)])
    }

    fn assertion(self, spec: &AssertionSpec) -> Self {
        match spec {
            AssertionSpec::Constant(assertion) => self.part("constant").part(assertion.expose()),
            AssertionSpec::File(path) => self.part("file").part(path.as_os_str().as_encoded_bytes()),
            AssertionSpec::Request { url, token, audience } => {
                self.part("request").part(url).part(token.expose()).part(audience)
            }
            AssertionSpec::AzurePipelines { url, access_token, service_connection } => {
                self.part("pipelines").part(url).part(access_token.expose()).part(service_connection)
            }
            AssertionSpec::Callback(callback) => self.part("callback").part(callback.id().to_le_bytes()),
            AssertionSpec::ManagedIdentity { identity, audience } => {
                self.part("managed identity").managed_identity(identity).part(audience)
            }
        }
    }

    fn token_proxy(self, spec: Option<&TokenProxySpec>) -> Self {
        let Some(spec) = spec else { return self.part([0]) };
        self.part([1])
            .part(&spec.url)
            .optional(spec.ca_file.as_ref().map(|path| path.as_os_str().as_encoded_bytes()))
            .optional(spec.ca_data.as_deref())
            .optional(spec.sni_name.as_deref())
    }

    fn proof(self, proof: &ApplicationProof) -> Self {
        match proof {
            ApplicationProof::Secret(secret) => self.part("secret").part(secret.expose()),
            ApplicationProof::Certificate(spec) => self.part("certificate").certificate(spec),
            ApplicationProof::Assertion(spec) => self.part("assertion").assertion(spec),
        }
    }

    fn managed_identity(self, spec: &ManagedIdentitySpec) -> Self {
        let key = match &spec.identity {
            ManagedIdentityId::SystemAssigned => self.part("system"),
            ManagedIdentityId::ClientId(id) => self.part("client").part(id),
            ManagedIdentityId::ObjectId(id) => self.part("object").part(id),
            ManagedIdentityId::ResourceId(id) => self.part("resource").part(id),
        };
        match &spec.host {
            ManagedIdentityHost::Imds { authority_host } => key.part("imds").part(authority_host),
            ManagedIdentityHost::AppService { endpoint, header } => {
                key.part("app service").part(endpoint).part(header.expose())
            }
            ManagedIdentityHost::ServiceFabric { endpoint, header, thumbprint } => {
                key.part("service fabric").part(endpoint).part(header.expose()).part(thumbprint)
            }
            ManagedIdentityHost::MachineLearning { endpoint, secret, default_client_id } => {
                key.part("ml").part(endpoint).part(secret.expose()).optional(default_client_id.as_deref())
            }
            ManagedIdentityHost::CloudShell { endpoint } => key.part("cloud shell").part(endpoint),
            ManagedIdentityHost::Arc { endpoint } => key.part("arc").part(endpoint),
        }
    }

    fn run(self, run: &DeveloperToolRun) -> Self {
        self.part(&run.path)
    }
}
