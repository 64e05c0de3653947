use super::ManagedIdentitySpec;
use crate::{
    host::{AssertionCallback, Environment},
    types::{shown, ClientId, CredentialKind, Error, Secret, TenantId},
};
use std::{path::PathBuf, time::Duration};

/// Which credential was asked for, complete and checked; `sources` knows how each gets its token.
#[derive(Clone, Debug)]
pub enum CredentialSpec {
    /// A service principal with a client secret.
    ClientSecret(ClientSecretSpec),
    /// A service principal with a certificate.
    ClientCertificate(ClientCertificateSpec),
    /// A service principal with an assertion: OIDC, workload identity, a callback.
    ClientAssertion(ClientAssertionSpec),
    /// A service principal acting for a user.
    OnBehalfOf(OnBehalfOfSpec),
    /// The host's managed identity.
    ManagedIdentity(ManagedIdentitySpec),
    /// The Azure CLI's account.
    AzureCli(AzureCliSpec),
    /// The Azure Developer CLI's account.
    AzureDeveloperCli(DeveloperToolSpec),
    /// Azure PowerShell's account.
    AzurePowerShell(DeveloperToolSpec),
    /// A program of the user's own.
    Command(CommandSpec),
    /// Several, in order.
    Chain(ChainSpec),
}

crate::types::opaque!(
    ServicePrincipal,
    CertificateOrigin,
    AssertionSpec,
    TokenProxySpec,
    AzureCliSpec,
    DeveloperToolSpec,
    DeveloperToolRun,
    CommandSpec
);

impl CredentialSpec {
    /// Its kind.
    pub fn kind(&self) -> CredentialKind {
        match self {
            Self::ClientSecret(_) => CredentialKind::ClientSecret,
            Self::ClientCertificate(_) => CredentialKind::ClientCertificate,
            Self::ClientAssertion(spec) => spec.kind,
            Self::OnBehalfOf(_) => CredentialKind::OnBehalfOf,
            Self::ManagedIdentity(_) => CredentialKind::ManagedIdentity,
            Self::AzureCli(_) => CredentialKind::AzureCli,
            Self::AzureDeveloperCli(_) => CredentialKind::AzureDeveloperCli,
            Self::AzurePowerShell(_) => CredentialKind::AzurePowerShell,
            Self::Command(_) => CredentialKind::Command,
            Self::Chain(_) => CredentialKind::Chain,
        }
    }

    /// The same, with the name of the cloud that az must be set to.
    pub fn with_cloud_name(self, name: Option<&str>) -> Self {
        let named = |member: ChainMember| ChainMember {
            credential: member.credential.map(|spec| Box::new(spec.with_cloud_name(name))),
            ..member
        };
        match self {
            Self::AzureCli(spec) => Self::AzureCli(AzureCliSpec { cloud_name: name.map(str::to_owned), ..spec }),
            Self::Chain(spec) => {
                Self::Chain(ChainSpec { members: spec.members.into_iter().map(named).collect(), ..spec })
            }
            other => other,
        }
    }

    /// The same, its managed identity looked for first, or not; of a chain that others follow, its last member's.
    pub fn with_probe(self, probe: bool) -> Self {
        match self {
            Self::ManagedIdentity(spec) => Self::ManagedIdentity(ManagedIdentitySpec { probe, ..spec }),
            Self::ClientAssertion(spec) => {
                Self::ClientAssertion(ClientAssertionSpec { assertion: spec.assertion.with_probe(probe), ..spec })
            }
            Self::Chain(mut chain) if probe => {
                let last = chain.members.iter_mut().rev().find_map(|member| member.credential.as_mut().ok());
                if let Some(last) = last {
                    **last = last.as_ref().clone().with_probe(true);
                }
                Self::Chain(chain)
            }
            other => other,
        }
    }

    /// The application that it is for, where it is for one.
    pub fn principal(&self) -> Option<&ServicePrincipal> {
        match self {
            Self::ClientSecret(spec) => Some(&spec.principal),
            Self::ClientCertificate(spec) => Some(&spec.principal),
            Self::ClientAssertion(spec) => Some(&spec.principal),
            Self::OnBehalfOf(spec) => Some(&spec.principal),
            _ => None,
        }
    }

    /// Whether it asks Entra ID in an application's own name (`client_credentials`), or any member of it does.
    pub fn is_of_application(&self) -> bool {
        match self {
            Self::ClientSecret(_) | Self::ClientCertificate(_) | Self::ClientAssertion(_) => true,
            Self::Chain(chain) => {
                let mut members = chain.members.iter().filter_map(|member| member.credential.as_ref().ok());
                members.any(|member| member.is_of_application())
            }
            _ => false,
        }
    }

    /// Whether its own settings leave that tenant open, or name it: of a chain, those of every member, since any of
    /// them may be the one that sends its secret there.
    pub fn admits(&self, tenant: &TenantId) -> bool {
        match self {
            Self::Chain(chain) => {
                let mut members = chain.members.iter().filter_map(|member| member.credential.as_ref().ok());
                members.all(|member| member.admits(tenant))
            }
            single => single.tenant().is_none_or(|own| own.as_str().eq_ignore_ascii_case(tenant.as_str())),
        }
    }

    /// The tenant that it belongs to, where its settings say so.
    pub fn tenant(&self) -> Option<&TenantId> {
        match self {
            Self::AzureCli(spec) => spec.tenant.as_ref(),
            Self::AzureDeveloperCli(spec) | Self::AzurePowerShell(spec) => spec.tenant.as_ref(),
            Self::Command(spec) => spec.tenant.as_ref(),
            single => single.principal().map(|principal| &principal.tenant),
        }
    }
}

/// An application in a tenant.
#[derive(Clone, PartialEq, Eq)]
pub struct ServicePrincipal {
    /// The tenant that knows the application.
    pub tenant: TenantId,
    /// The application.
    pub client_id: ClientId,
    /// The path of a federated managed identity, where its token is wanted in place of the application's own
    /// (`fmi_path`).
    pub fmi_path: Option<String>,
}

/// A service principal with a client secret.
#[derive(Clone, Debug)]
pub struct ClientSecretSpec {
    /// Whose secret it is.
    pub principal: ServicePrincipal,
    /// The secret.
    pub client_secret: Secret,
    /// The setting that gave the secret: named when the secret is refused.
    pub setting: String,
}

/// A service principal with a certificate.
#[derive(Clone, Debug)]
pub struct ClientCertificateSpec {
    /// Whose certificate it is.
    pub principal: ServicePrincipal,
    /// The certificate and its key.
    pub certificate: CertificateSpec,
}

/// A certificate and its private key, still unread.
#[derive(Clone, Debug)]
pub struct CertificateSpec {
    /// Where they come from.
    pub origin: CertificateOrigin,
    /// The archive's or the key's password.
    pub password: Option<Secret>,
    /// Send the certificate chain along (`x5c`), for subject name and issuer authentication.
    pub send_chain: bool,
    /// The setting that gave it.
    pub setting: String,
}

/// Where a certificate comes from.
#[derive(Clone)]
pub enum CertificateOrigin {
    /// A file, read again when it changes.
    File(PathBuf),
    /// Its bytes as text: PEM, or the base64 of anything.
    Text(Secret),
}

/// A service principal with an assertion that somebody else signs.
#[derive(Clone, Debug)]
pub struct ClientAssertionSpec {
    /// [`CredentialKind::Oidc`], [`CredentialKind::WorkloadIdentity`] or [`CredentialKind::ClientAssertion`].
    pub kind: CredentialKind,
    /// Who is to be believed to be that application.
    pub principal: ServicePrincipal,
    /// Where the assertion comes from.
    pub assertion: AssertionSpec,
    /// The setting that gave it.
    pub setting: String,
    /// The AKS identity-binding proxy, where one is to be used.
    pub token_proxy: Option<TokenProxySpec>,
}

/// Where an assertion comes from; it is got anew for each acquisition.
#[derive(Clone)]
pub enum AssertionSpec {
    /// It is there.
    Constant(Secret),
    /// A file holds it.
    File(PathBuf),
    /// A GitHub-Actions-like service gives it: `GET url&audience=…` with a bearer token.
    Request {
        /// The service's address; its own query parameters are kept.
        url: String,
        /// What to ask it with.
        token: Secret,
        /// The audience to ask for.
        audience: String,
    },
    /// Azure DevOps gives it: `POST url?api-version=7.1&serviceConnectionId=…`.
    AzurePipelines {
        /// `SYSTEM_OIDCREQUESTURI`.
        url: String,
        /// The job's `System.AccessToken`.
        access_token: Secret,
        /// The service connection's id.
        service_connection: String,
    },
    /// The program makes it.
    Callback(AssertionCallback),
    /// A managed identity's token is it.
    ManagedIdentity {
        /// Whose.
        identity: ManagedIdentitySpec,
        /// The audience to ask for.
        audience: String,
    },
}

impl AssertionSpec {
    fn with_probe(self, probe: bool) -> Self {
        match self {
            Self::ManagedIdentity { identity, audience } => {
                Self::ManagedIdentity { identity: ManagedIdentitySpec { probe, ..identity }, audience }
            }
            other => other,
        }
    }
}

/// The AKS identity-binding proxy (`AZURE_KUBERNETES_*`).
#[derive(Clone)]
pub struct TokenProxySpec {
    /// `AZURE_KUBERNETES_TOKEN_PROXY`: an https address.
    pub url: String,
    /// `AZURE_KUBERNETES_CA_FILE`: read at each acquisition.
    pub ca_file: Option<PathBuf>,
    /// `AZURE_KUBERNETES_CA_DATA`: PEM.
    pub ca_data: Option<String>,
    /// `AZURE_KUBERNETES_SNI_NAME`.
    pub sni_name: Option<String>,
}

/// A service principal acting for a user (RFC 7523 as Entra ID's on-behalf-of flow speaks it).
#[derive(Clone, Debug)]
pub struct OnBehalfOfSpec {
    /// The application in the middle.
    pub principal: ServicePrincipal,
    /// The user's token for that application.
    pub user_assertion: Secret,
    /// How the application proves itself.
    pub proof: ApplicationProof,
}

/// How an application proves itself.
#[derive(Clone, Debug)]
pub enum ApplicationProof {
    /// By its secret.
    Secret(Secret),
    /// By a certificate.
    Certificate(CertificateSpec),
    /// By an assertion.
    Assertion(AssertionSpec),
}

/// The Azure CLI's account.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct AzureCliSpec {
    /// The tenant to ask for, where named.
    pub tenant: Option<TenantId>,
    /// The subscription whose account to use, where named.
    pub subscription: Option<String>,
    /// The cloud that az must be set to, where one is configured: its canonical name.
    pub cloud_name: Option<String>,
    /// az's folder: `AZURE_CONFIG_DIR`, else `.azure` in the home folder.
    pub folder: Option<PathBuf>,
    /// How it is run.
    pub run: DeveloperToolRun,
}

/// azd's or PowerShell's account.
#[derive(Clone)]
pub struct DeveloperToolSpec {
    /// The tenant to ask for, where named.
    pub tenant: Option<TenantId>,
    /// Where it keeps who is logged in. azd: `AZD_CONFIG_DIR`, else `.azd` in the home folder; PowerShell: `.Azure` there.
    pub folder: Option<PathBuf>,
    /// How it is run.
    pub run: DeveloperToolRun,
}

/// A tool needs a second or two to start; azidentity gives it as long.
const TIME_LIMIT: Duration = Duration::from_secs(10);

/// How another program is run.
#[derive(Clone, Default, PartialEq, Eq, Hash)]
pub struct DeveloperToolRun {
    /// Its whole environment. `PATH` in it says where programs are looked for.
    pub environment: Environment,
    /// How long it may take; absent: 10 s.
    pub timeout: Option<Duration>,
}

impl DeveloperToolRun {
    /// How long it may take.
    pub fn time_limit(&self) -> Duration {
        self.timeout.unwrap_or(TIME_LIMIT)
    }
}

/// A program of the user's own.
#[derive(Clone)]
pub struct CommandSpec {
    /// The program.
    pub program: String,
    /// Its arguments, in which `{scope}` and `{tenant}` are replaced.
    pub arguments: Vec<Secret>,
    /// The tenant to put in, where named.
    pub tenant: Option<TenantId>,
    /// How it is run.
    pub run: DeveloperToolRun,
}

/// Several credentials, in order.
#[derive(Clone, Debug)]
pub struct ChainSpec {
    /// They are asked in this order.
    pub members: Vec<ChainMember>,
    /// The default chain: there every failure of az, azd and PowerShell counts as unavailable.
    pub is_default: bool,
}

/// One place in a chain.
#[derive(Clone, Debug)]
pub struct ChainMember {
    /// What stands in it.
    pub kind: CredentialKind,
    /// Its specification, or why it has none: an incomplete configuration is reported as unavailable.
    pub credential: Result<Box<CredentialSpec>, Error>,
}

impl AzureCliSpec {
    /// Refuses a subscription that could be read as something else on a command line, in Pulumi's words.
    ///
    /// # Errors
    /// [`ErrorKind::Configuration`](crate::ErrorKind::Configuration) for any other character than a name has.
    pub fn checked_subscription(&self) -> Result<(), Error> {
        let is_harmless = |character: char| character.is_alphanumeric() || "-_ .".contains(character);
        match &self.subscription {
            Some(name) if !name.chars().all(is_harmless) || name.starts_with('-') => {
                let message = format!(
                    "AzureCLICredential: Subscription \"{}\" contains invalid characters. If this is a name, use the \
                     subscription's ID: az account list",
                    shown("the subscription", name)
                );
                Err(Error::configuration(message, ["subscription", "ARM_SUBSCRIPTION_ID"]))
            }
            _ => Ok(()),
        }
    }
}
