use super::{Attempt, Secret, TenantId};

/// A moment as JavaScript's `Date.now()` gives it: milliseconds since 1970-01-01 UTC.
pub type UnixMillis = i64;

/// An access token and what is known of it.
#[derive(Clone, Debug)]
pub struct AccessToken {
    /// The bearer token itself.
    pub token: Secret,
    /// When the service says that it ends.
    pub expires_on: UnixMillis,
    /// From when on a new one should be asked for.
    pub refresh_after: Option<UnixMillis>,
    /// The tenant that issued it, where known.
    pub tenant: Option<TenantId>,
    /// Which kind of credential gave it.
    pub source: CredentialKind,
    /// The sources that were tried, this one last.
    pub attempts: Vec<Attempt>,
}

/// Which kind of credential gave a token, or was tried for one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum CredentialKind {
    /// A service principal with a client secret.
    ClientSecret,
    /// A service principal with a certificate.
    ClientCertificate,
    /// A service principal with an assertion that the program makes.
    ClientAssertion,
    /// A service principal with another identity provider's token.
    Oidc,
    /// An AKS workload identity.
    WorkloadIdentity,
    /// The host's managed identity.
    ManagedIdentity,
    /// The Azure CLI's account.
    AzureCli,
    /// The Azure Developer CLI's account.
    AzureDeveloperCli,
    /// Azure PowerShell's account.
    AzurePowerShell,
    /// A service principal acting for a user.
    OnBehalfOf,
    /// A program of the user's own.
    Command,
    /// Several of them, in order.
    Chain,
}

impl CredentialKind {
    /// All of them.
    pub const ALL: [Self; 12] = [
        Self::ClientSecret,
        Self::ClientCertificate,
        Self::ClientAssertion,
        Self::Oidc,
        Self::WorkloadIdentity,
        Self::ManagedIdentity,
        Self::AzureCli,
        Self::AzureDeveloperCli,
        Self::AzurePowerShell,
        Self::OnBehalfOf,
        Self::Command,
        Self::Chain,
    ];

    /// The kind that JavaScript calls so.
    pub(crate) fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == name)
    }

    /// The name that JavaScript sees, stable.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::ClientSecret => "clientSecret",
            Self::ClientCertificate => "clientCertificate",
            Self::ClientAssertion => "clientAssertion",
            Self::Oidc => "oidc",
            Self::WorkloadIdentity => "workloadIdentity",
            Self::ManagedIdentity => "managedIdentity",
            Self::AzureCli => "azureCli",
            Self::AzureDeveloperCli => "azureDeveloperCli",
            Self::AzurePowerShell => "azurePowerShell",
            Self::OnBehalfOf => "onBehalfOf",
            Self::Command => "command",
            Self::Chain => "chain",
        }
    }

    /// The name in a sentence: "… refused the client secret of application …".
    pub fn in_words(self) -> &'static str {
        match self {
            Self::ClientSecret => "client secret",
            Self::ClientCertificate => "client certificate",
            Self::ClientAssertion => "client assertion",
            Self::Oidc => "OIDC token",
            Self::WorkloadIdentity => "workload identity token",
            Self::ManagedIdentity => "managed identity",
            Self::AzureCli => "Azure CLI",
            Self::AzureDeveloperCli => "Azure Developer CLI",
            Self::AzurePowerShell => "Azure PowerShell",
            Self::OnBehalfOf => "on-behalf-of request",
            Self::Command => "command",
            Self::Chain => "chain of credentials",
        }
    }
}
