//! A credential's specification in the form in which a scenario writes it.

use super::application::{ByAssertion, ByCertificate, ForUser};
use azure_client_token_core::{
    credentials::{
        AzureCliSpec, AzureDeveloperCliSpec, AzurePowerShellSpec, ChainMember, ChainSpec, CommandSpec, CredentialSpec,
        DeveloperToolRun, DeveloperToolSpec, ManagedIdentityHost, ManagedIdentityId, ManagedIdentitySpec,
    },
    Environment, Error, Secret, TenantId,
};
use serde::Deserialize;
use std::time::Duration;

#[derive(Debug, Deserialize)]
#[serde(tag = "kind", rename_all = "camelCase", rename_all_fields = "camelCase", deny_unknown_fields)]
pub(crate) enum Credential {
    ClientCertificate(ByCertificate),
    ClientAssertion(ByAssertion),
    Oidc(ByAssertion),
    WorkloadIdentity(ByAssertion),
    OnBehalfOf(ForUser),
    ManagedIdentity {
        host: Host,
        client_id: Option<String>,
        object_id: Option<String>,
        resource_id: Option<String>,
        #[serde(default)]
        probe: bool,
    },
    AzureCli {
        tenant_id: Option<String>,
        subscription: Option<String>,
        cloud_name: Option<String>,
        folder: Option<String>,
        time_zone: Option<String>,
        seconds: Option<u64>,
    },
    AzureDeveloperCli {
        tenant_id: Option<String>,
        folder: Option<String>,
        seconds: Option<u64>,
    },
    #[serde(rename = "azurePowerShell")]
    AzurePowerShell {
        tenant_id: Option<String>,
        seconds: Option<u64>,
    },
    Command {
        program: String,
        #[serde(default)]
        arguments: Vec<String>,
        tenant_id: Option<String>,
        seconds: Option<u64>,
    },
    Chain {
        members: Vec<Credential>,
        #[serde(default)]
        is_default: bool,
    },
}

#[derive(Debug, Deserialize)]
#[serde(tag = "kind", rename_all = "camelCase", rename_all_fields = "camelCase", deny_unknown_fields)]
pub(crate) enum Host {
    Imds {
        #[serde(default = "imds_address")]
        authority_host: String,
    },
    AppService {
        endpoint: String,
        header: String,
    },
    ServiceFabric {
        endpoint: String,
        header: String,
        thumbprint: String,
    },
    MachineLearning {
        endpoint: String,
        secret: String,
        default_client_id: Option<String>,
    },
    CloudShell {
        endpoint: String,
    },
    Arc {
        endpoint: String,
    },
}

fn imds_address() -> String {
    "http://169.254.169.254".to_owned()
}

impl Credential {
    pub(crate) fn spec(&self) -> Result<CredentialSpec, Error> {
        Ok(match self {
            Self::ClientCertificate(application) => application.spec()?,
            Self::ClientAssertion(application) => application.spec(CredentialSpec::ClientAssertion)?,
            Self::Oidc(application) => application.spec(CredentialSpec::Oidc)?,
            Self::WorkloadIdentity(application) => application.spec(CredentialSpec::WorkloadIdentity)?,
            Self::OnBehalfOf(application) => application.spec()?,
            Self::ManagedIdentity { host, client_id, object_id, resource_id, probe } => {
                let identity = match (client_id, object_id, resource_id) {
                    (Some(id), _, _) => ManagedIdentityId::ClientId(id.clone()),
                    (_, Some(id), _) => ManagedIdentityId::ObjectId(id.clone()),
                    (_, _, Some(id)) => ManagedIdentityId::ResourceId(id.clone()),
                    _ => ManagedIdentityId::SystemAssigned,
                };
                CredentialSpec::ManagedIdentity(ManagedIdentitySpec { identity, host: host.host(), probe: *probe })
            }
            Self::AzureCli { tenant_id, subscription, cloud_name, folder, time_zone, seconds } => {
                CredentialSpec::AzureCli(AzureCliSpec {
                    tenant: tenant(tenant_id.as_ref())?,
                    subscription: subscription.clone(),
                    cloud_name: cloud_name.clone(),
                    folder: folder.as_ref().map(Into::into),
                    run: in_time_zone(run(*seconds), time_zone.as_deref()),
                })
            }
            Self::AzureDeveloperCli { tenant_id, folder, seconds } => {
                let (tenant, folder) = (tenant(tenant_id.as_ref())?, folder.as_ref().map(Into::into));
                CredentialSpec::AzureDeveloperCli(AzureDeveloperCliSpec(DeveloperToolSpec {
                    tenant,
                    folder,
                    run: run(*seconds),
                }))
            }
            Self::AzurePowerShell { tenant_id, seconds } => {
                let tenant = tenant(tenant_id.as_ref())?;
                CredentialSpec::AzurePowerShell(AzurePowerShellSpec(DeveloperToolSpec {
                    tenant,
                    folder: None,
                    run: run(*seconds),
                }))
            }
            Self::Command { program, arguments, tenant_id, seconds } => CredentialSpec::Command(CommandSpec {
                program: program.clone(),
                arguments: arguments.iter().map(|argument| Secret::new(argument.as_str())).collect(),
                tenant: tenant(tenant_id.as_ref())?,
                run: run(*seconds),
            }),
            Self::Chain { members, is_default } => CredentialSpec::Chain(ChainSpec {
                members: members.iter().map(member).collect::<Result<_, _>>()?,
                is_default: *is_default,
            }),
        })
    }
}

impl Host {
    fn host(&self) -> ManagedIdentityHost {
        match self {
            Self::Imds { authority_host } => ManagedIdentityHost::Imds { authority_host: authority_host.clone() },
            Self::AppService { endpoint, header } => {
                ManagedIdentityHost::AppService { endpoint: endpoint.clone(), header: Secret::new(header.as_str()) }
            }
            Self::ServiceFabric { endpoint, header, thumbprint } => ManagedIdentityHost::ServiceFabric {
                endpoint: endpoint.clone(),
                header: Secret::new(header.as_str()),
                thumbprint: thumbprint.clone(),
            },
            Self::MachineLearning { endpoint, secret, default_client_id } => ManagedIdentityHost::MachineLearning {
                endpoint: endpoint.clone(),
                secret: Secret::new(secret.as_str()),
                default_client_id: default_client_id.clone(),
            },
            Self::CloudShell { endpoint } => ManagedIdentityHost::CloudShell { endpoint: endpoint.clone() },
            Self::Arc { endpoint } => ManagedIdentityHost::Arc { endpoint: endpoint.clone() },
        }
    }
}

fn member(credential: &Credential) -> Result<ChainMember, Error> {
    let spec = credential.spec()?;
    Ok(ChainMember { kind: spec.kind(), credential: Ok(Box::new(spec)) })
}

fn tenant(text: Option<&String>) -> Result<Option<TenantId>, Error> {
    text.map(|text| TenantId::parse(text, "tenantId")).transpose()
}

fn run(seconds: Option<u64>) -> DeveloperToolRun {
    let environment = Environment::from([("PATH", "/usr/bin")]);
    DeveloperToolRun { environment, timeout: seconds.map(Duration::from_secs) }
}

fn in_time_zone(run: DeveloperToolRun, zone: Option<&str>) -> DeveloperToolRun {
    let Some(zone) = zone else { return run };
    let environment = run.environment.with("TZ", zone);
    DeveloperToolRun { environment, ..run }
}
