//! Every kind of credential that can be had by hand: its options, and the specification that they make.

use super::{
    arm,
    cloud::CloudReading,
    default_chain, environment, federated, managed_identity,
    options::{Options, COMMON},
    principal, tenants, tools, Context,
};
use crate::{
    config::{keys, SeenSetting},
    credentials::{
        ApplicationProof, AssertionSpec, AzureCliSpec, CertificateOrigin, CertificateSpec, ChainMember, ChainSpec,
        ClientAssertionSpec, ClientCertificateSpec, ClientSecretSpec, CommandSpec, CredentialSpec, DeveloperToolRun,
        DeveloperToolSpec, OnBehalfOfSpec,
    },
    types::{CredentialKind, Error, HelpAnchor, Secret},
};
use std::path::PathBuf;

pub(super) const PULUMI: &str = "pulumi";
pub(super) const DEFAULT: &str = "default";
pub(super) const CHAIN: &str = "chain";
const ENVIRONMENT: &str = "environment";
const WORKLOAD_IDENTITY: &str = "workloadIdentity";
const MANAGED_IDENTITY: &str = "managedIdentity";
const OIDC: &str = "oidc";

/// A kind: how it is called, what it may be told, how it is made.
pub(super) struct Kind {
    pub(super) name: &'static str,
    /// Its options, apart from those that all have.
    pub(super) options: &'static [&'static str],
    cloud: CloudReading,
    absence: Absence,
    pub(super) build: Build,
}

/// Makes a specification; the text is the name of the cloud that is configured.
type Build = fn(&Context<'_>, &Options<'_>, Option<&str>) -> Result<CredentialSpec, Error>;

/// What is not set, where that means that the kind is not configured here: a chain goes past it. Any other mistake is
/// an error.
type Absence = fn(&Context<'_>, &Options<'_>) -> Result<Option<Error>, Error>;

const fn by_options(name: &'static str, options: &'static [&'static str], build: Build) -> Kind {
    Kind { name, options, cloud: CloudReading::Nothing, absence: |_, _| Ok(None), build }
}

/// Of an application, which proves itself to Entra ID: where that is, the environment says if no option does.
const fn of_application(name: &'static str, options: &'static [&'static str], build: Build) -> Kind {
    Kind { cloud: CloudReading::Authority, ..by_options(name, options, build) }
}

const fn by_environment(name: &'static str, options: &'static [&'static str], build: Build) -> Kind {
    Kind { cloud: CloudReading::Cloud, ..by_options(name, options, build) }
}

const KINDS: [Kind; 15] = [
    of_application("clientSecret", &["tenantId", "clientId", "clientSecret", "fmiPath"], |_, options, _| {
        client_secret(options)
    }),
    of_application(
        "clientCertificate",
        &["tenantId", "clientId", "certificate", "certificatePath", "password", "sendCertificateChain", "fmiPath"],
        |_, options, _| client_certificate(options),
    ),
    of_application("clientAssertion", &["tenantId", "clientId", "getAssertion", "fmiPath"], |_, options, _| {
        client_assertion(options)
    }),
    of_application(OIDC, federated::OPTIONS, federated::credential),
    Kind {
        absence: federated::absence,
        ..of_application(WORKLOAD_IDENTITY, federated::WORKLOAD_OPTIONS, |context, options, _| {
            federated::workload_identity(context, options)
        })
    },
    by_options(MANAGED_IDENTITY, &["clientId", "objectId", "resourceId"], |context, options, _| {
        managed_identity::of_options(context, options, "").map(CredentialSpec::ManagedIdentity)
    }),
    by_options("azureCli", &["tenantId", "subscription", "processTimeout"], azure_cli),
    by_options("azureDeveloperCli", &["tenantId", "processTimeout"], |context, options, _| {
        developer_tool(context, options, tools::azure_developer_cli(context)).map(CredentialSpec::AzureDeveloperCli)
    }),
    by_options("azurePowerShell", &["tenantId", "processTimeout"], |context, options, _| {
        developer_tool(context, options, tools::azure_powershell(context)).map(CredentialSpec::AzurePowerShell)
    }),
    of_application(
        "onBehalfOf",
        &[
            "tenantId",
            "clientId",
            "userAssertion",
            "clientSecret",
            "getAssertion",
            "certificate",
            "certificatePath",
            "password",
            "sendCertificateChain",
        ],
        |_, options, _| on_behalf_of(options),
    ),
    by_options(
        "command",
        &["program", "arguments", "environment", "tenantId", "processTimeout"],
        |context, options, _| command(context, options),
    ),
    Kind {
        absence: |context, _| Ok(environment::absence(context)),
        ..by_environment(ENVIRONMENT, &[], |context, _, _| environment::credential(context))
    },
    by_environment(PULUMI, &[], |context, _, cloud| pulumi(&context.of_provider(), cloud)),
    by_environment(DEFAULT, &["requiredEnvVars"], |context, options, cloud| {
        default_chain::check_required_variables(context, options.list("requiredEnvVars"))?;
        default_chain::choice(context, cloud).credential
    }),
    by_options(CHAIN, &["chain"], chain),
];

impl Kind {
    /// Where its mistakes are explained.
    pub(super) fn help(&self) -> HelpAnchor {
        let of_kind = CredentialKind::named(self.name).map(HelpAnchor::Credential);
        of_kind.unwrap_or(match self.name {
            ENVIRONMENT => HelpAnchor::Environment,
            PULUMI => HelpAnchor::Pulumi,
            _ => HelpAnchor::DefaultChain,
        })
    }

    /// What the environment says of the cloud, where the options say nothing: of a chain, what any of its members reads
    /// there, since they all have one cloud.
    pub(super) fn cloud_reading(&self, options: &Options<'_>) -> CloudReading {
        let members = options.members();
        let of_members = members.iter().filter_map(|member| kind(member).ok()).map(|kind| kind.cloud);
        of_members.chain([self.cloud]).max().unwrap_or_default()
    }
}

/// The kind that the options name.
pub(super) fn kind(options: &Options<'_>) -> Result<&'static Kind, Error> {
    KINDS.iter().find(|kind| kind.name == options.kind()).ok_or_else(|| {
        let names: Vec<_> = KINDS.iter().map(|kind| kind.name).collect();
        options.wrong("credential", &format!("must be one of {}", names.join(", ")))
    })
}

/// In the provider's order: the cloud is known, the auxiliary tenants are next, then comes the method (parity §3).
fn pulumi(context: &Context<'_>, cloud_name: Option<&str>) -> Result<CredentialSpec, Error> {
    tenants::auxiliary(&context.lookup)?;
    arm::decide(context, cloud_name).credential
}

/// What a kind that reads the environment sees there.
pub(super) fn seen_in_environment(context: &Context<'_>, options: &Options<'_>) -> Vec<SeenSetting> {
    let uses_variable = options.has("serviceConnectionId") && !options.has("oidcRequestUri");
    match options.kind() {
        MANAGED_IDENTITY => context.lookup.seen(managed_identity::SETTINGS),
        OIDC if options.has(MANAGED_IDENTITY) => context.lookup.seen(managed_identity::SETTINGS),
        OIDC if uses_variable => context.lookup.seen(&[&keys::SYSTEM_OIDCREQUESTURI]),
        ENVIRONMENT => context.lookup.seen(environment::SETTINGS),
        WORKLOAD_IDENTITY => context.lookup.seen(environment::WORKLOAD_SETTINGS),
        PULUMI => arm::wanted(&context.of_provider()).1,
        _ => Vec::new(),
    }
}

/// What those kinds lead to where they are incomplete.
pub(super) fn incomplete_kind(context: &Context<'_>, options: &Options<'_>) -> CredentialKind {
    match options.kind() {
        PULUMI => arm::wanted(&context.of_provider()).0,
        WORKLOAD_IDENTITY => CredentialKind::WorkloadIdentity,
        _ => environment::kind(context),
    }
}

fn client_secret(options: &Options<'_>) -> Result<CredentialSpec, Error> {
    Ok(CredentialSpec::ClientSecret(ClientSecretSpec {
        principal: principal::of_options(options)?,
        client_secret: options.secret("clientSecret")?,
        setting: options.named("clientSecret"),
    }))
}

fn client_certificate(options: &Options<'_>) -> Result<CredentialSpec, Error> {
    Ok(CredentialSpec::ClientCertificate(ClientCertificateSpec {
        principal: principal::of_options(options)?,
        certificate: certificate(options)?,
    }))
}

fn certificate(options: &Options<'_>) -> Result<CertificateSpec, Error> {
    let given = options.one_of(&["certificate", "certificatePath"])?;
    let value = options.secret(given)?;
    Ok(CertificateSpec {
        origin: match given {
            "certificatePath" => CertificateOrigin::File(PathBuf::from(value.expose())),
            _ => CertificateOrigin::Text(value),
        },
        password: options.text("password").map(Secret::new),
        send_chain: options.is_true("sendCertificateChain"),
        setting: options.named(given),
    })
}

fn client_assertion(options: &Options<'_>) -> Result<CredentialSpec, Error> {
    Ok(CredentialSpec::ClientAssertion(ClientAssertionSpec {
        kind: CredentialKind::ClientAssertion,
        principal: principal::of_options(options)?,
        assertion: callback(options)?,
        setting: options.named("getAssertion"),
        token_proxy: None,
    }))
}

fn callback(options: &Options<'_>) -> Result<AssertionSpec, Error> {
    options.one_of(&["getAssertion"])?;
    let callback = options.assertion().ok_or_else(|| options.wrong("getAssertion", "is missing"))?;
    Ok(AssertionSpec::Callback(callback.clone()))
}

fn azure_cli(context: &Context<'_>, options: &Options<'_>, cloud_name: Option<&str>) -> Result<CredentialSpec, Error> {
    Ok(CredentialSpec::AzureCli(AzureCliSpec {
        tenant: options.tenant("tenantId")?,
        subscription: options.owned("subscription"),
        run: developer_tool_run(context, options)?,
        ..tools::azure_cli(context, cloud_name)
    }))
}

fn developer_tool(
    context: &Context<'_>,
    options: &Options<'_>,
    tool: DeveloperToolSpec,
) -> Result<DeveloperToolSpec, Error> {
    Ok(DeveloperToolSpec { tenant: options.tenant("tenantId")?, run: developer_tool_run(context, options)?, ..tool })
}

fn developer_tool_run(context: &Context<'_>, options: &Options<'_>) -> Result<DeveloperToolRun, Error> {
    Ok(DeveloperToolRun { timeout: options.milliseconds("processTimeout")?, ..tools::developer_tool_run(context) })
}

fn on_behalf_of(options: &Options<'_>) -> Result<CredentialSpec, Error> {
    let proof = match options.one_of(&["clientSecret", "getAssertion", "certificate", "certificatePath"])? {
        "clientSecret" => ApplicationProof::Secret(options.secret("clientSecret")?),
        "getAssertion" => ApplicationProof::Assertion(callback(options)?),
        _ => ApplicationProof::Certificate(certificate(options)?),
    };
    let user_assertion = options.secret("userAssertion")?;
    Ok(CredentialSpec::OnBehalfOf(OnBehalfOfSpec { principal: principal::of_options(options)?, user_assertion, proof }))
}

/// A program of the user's own gets the whole environment of this login context, or the one that the options give.
fn command(context: &Context<'_>, options: &Options<'_>) -> Result<CredentialSpec, Error> {
    let environment = options.environment()?.unwrap_or_else(|| context.environment().clone());
    Ok(CredentialSpec::Command(CommandSpec {
        program: options.required("program")?.to_owned(),
        arguments: options.list("arguments").to_vec(),
        tenant: options.tenant("tenantId")?,
        run: DeveloperToolRun { environment, timeout: options.milliseconds("processTimeout")? },
    }))
}

fn chain(context: &Context<'_>, options: &Options<'_>, cloud_name: Option<&str>) -> Result<CredentialSpec, Error> {
    let members = options.members();
    if members.is_empty() {
        return Err(options.wrong("chain", "must have one member at least"));
    }
    let members: Result<Vec<_>, _> = members.iter().map(|options| member(context, options, cloud_name)).collect();
    Ok(CredentialSpec::Chain(ChainSpec { members: probing(members?), is_default: false }))
}

/// A managed identity that others follow is looked for before it is asked: where there is none, nobody answers.
fn probing(members: Vec<ChainMember>) -> Vec<ChainMember> {
    let followed = members.len().saturating_sub(1);
    let probing = |(place, member): (usize, ChainMember)| ChainMember {
        credential: member.credential.map(|spec| Box::new(spec.with_probe(place < followed))),
        ..member
    };
    members.into_iter().enumerate().map(probing).collect()
}

/// A member that is not configured here is passed over when the chain comes to it; what is wrong with one is told at
/// once.
fn member(context: &Context<'_>, options: &Options<'_>, cloud_name: Option<&str>) -> Result<ChainMember, Error> {
    let kind = kind(options)?;
    if kind.name == CHAIN {
        return Err(options.wrong("credential", "must not be another chain"));
    }
    if let Some(of_chain) = COMMON.into_iter().find(|name| options.has(name)) {
        return Err(options.wrong(of_chain, "belongs to the chain, not to one of its members"));
    }
    options.check_names(&[], kind.options)?;
    if let Some(absent) = (kind.absence)(context, options)? {
        return Ok(ChainMember { kind: incomplete_kind(context, options), credential: Err(absent) });
    }
    let spec = (kind.build)(context, options, cloud_name)?;
    Ok(ChainMember { kind: spec.kind(), credential: Ok(Box::new(spec)) })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::credentials::{ManagedIdentityHost, ManagedIdentityId, ManagedIdentitySpec};

    fn managed_identity() -> ChainMember {
        let host = ManagedIdentityHost::CloudShell { endpoint: String::new() };
        let spec = ManagedIdentitySpec { identity: ManagedIdentityId::SystemAssigned, host, probe: false };
        let credential = Ok(Box::new(CredentialSpec::ManagedIdentity(spec)));
        ChainMember { kind: CredentialKind::ManagedIdentity, credential }
    }

    #[test]
    fn a_managed_identity_is_looked_for_first_where_others_follow() {
        let members = probing(vec![managed_identity(), managed_identity()]);
        let probes: Vec<_> = members
            .iter()
            .map(|member| match member.credential.as_deref() {
                Ok(CredentialSpec::ManagedIdentity(spec)) => spec.probe,
                other => panic!("{other:?}"),
            })
            .collect();
        assert_eq!(probes, [true, false]);
        assert!(probing(Vec::new()).is_empty());
    }
}
