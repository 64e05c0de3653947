//! Every kind of credential that options can name, and the specification that its options make.

use super::{arm, default_chain, environment, tenants};
use crate::{
    config::{
        keys,
        options::{is_known, Options, COMMON},
        Context, SeenSetting,
    },
    credentials::{
        azure_cli, azure_developer_cli, azure_powershell, client_assertion, client_certificate, client_secret, command,
        managed_identity::settings as managed_identity, oidc, on_behalf_of, workload_identity, AzureCliSpec,
        ChainMember, ChainSpec, ClientAssertionSpec, ClientCertificateSpec, ClientSecretSpec, CloudReading,
        CommandSpec, CredentialOption, CredentialSpec, Descriptor, ManagedIdentitySpec, OnBehalfOfSpec, OptionType,
    },
    types::{CredentialKind, Error, HelpAnchor},
};

pub(super) const PULUMI: &str = "pulumi";
pub(super) const DEFAULT: &str = "default";
pub(super) const CHAIN: &str = "chain";

/// A kind: what is said of it, and how it is made.
pub(super) struct Kind {
    pub(super) descriptor: &'static Descriptor,
    absence: Absence,
    pub(super) build: Build,
}

type Build = fn(&Context<'_>, &Options<'_>) -> Result<CredentialSpec, Error>;

/// What is not set, where that means that the kind is not configured here: a chain goes past it. Any other mistake is
/// an error.
type Absence = fn(&Context<'_>, &Options<'_>) -> Result<Option<Error>, Error>;

const fn kind_of(descriptor: &'static Descriptor, build: Build) -> Kind {
    Kind { descriptor, absence: |_, _| Ok(None), build }
}

const KINDS: [Kind; 15] = [
    kind_of(&client_secret::DESCRIPTOR, |_, options| {
        ClientSecretSpec::of_options(options).map(CredentialSpec::ClientSecret)
    }),
    kind_of(&client_certificate::DESCRIPTOR, |_, options| {
        ClientCertificateSpec::of_options(options).map(CredentialSpec::ClientCertificate)
    }),
    kind_of(&client_assertion::DESCRIPTOR, |_, options| {
        ClientAssertionSpec::of_options(options).map(CredentialSpec::ClientAssertion)
    }),
    kind_of(&oidc::DESCRIPTOR, |context, options| {
        oidc::of_options(context, options).map(CredentialSpec::ClientAssertion)
    }),
    Kind {
        absence: workload_identity::absence,
        ..kind_of(&workload_identity::DESCRIPTOR, |context, options| {
            workload_identity::of_options(context, options).map(CredentialSpec::ClientAssertion)
        })
    },
    kind_of(&managed_identity::DESCRIPTOR, |context, options| {
        ManagedIdentitySpec::of_options(context, options, "").map(CredentialSpec::ManagedIdentity)
    }),
    kind_of(&azure_cli::DESCRIPTOR, |context, options| {
        AzureCliSpec::of_options(context, options).map(CredentialSpec::AzureCli)
    }),
    kind_of(&azure_developer_cli::DESCRIPTOR, |context, options| {
        azure_developer_cli::of_options(context, options).map(CredentialSpec::AzureDeveloperCli)
    }),
    kind_of(&azure_powershell::DESCRIPTOR, |context, options| {
        azure_powershell::of_options(context, options).map(CredentialSpec::AzurePowerShell)
    }),
    kind_of(&on_behalf_of::DESCRIPTOR, |_, options| {
        OnBehalfOfSpec::of_options(options).map(CredentialSpec::OnBehalfOf)
    }),
    kind_of(&command::DESCRIPTOR, |context, options| {
        CommandSpec::of_options(context, options).map(CredentialSpec::Command)
    }),
    Kind {
        absence: |context, _| Ok(environment::absence(context)),
        ..kind_of(&environment::DESCRIPTOR, |context, _| environment::credential(context))
    },
    kind_of(&Descriptor::of_environment(PULUMI, &[]), |context, _| pulumi(&context.of_provider())),
    kind_of(
        &Descriptor::of_environment(DEFAULT, &[CredentialOption::new("requiredEnvVars", OptionType::OneOrMoreTexts)]),
        |context, options| {
            default_chain::check_required_variables(context, options.list("requiredEnvVars"))?;
            default_chain::choice(context).credential
        },
    ),
    kind_of(&Descriptor::new(CHAIN, &[CredentialOption::new("chain", OptionType::Members)]), chain),
];

/// What is said of every kind that a program can ask for, in the order of the documentation.
pub fn descriptors() -> Vec<&'static Descriptor> {
    KINDS.iter().map(|kind| kind.descriptor).collect()
}

/// Whether a credential of that kind has an option of that name, `expect.tenantId` among them: of a value that is no text,
/// JavaScript tells the type, and of a name that is misspelt the core says so.
#[must_use]
pub fn is_option(kind: &str, name: &str) -> bool {
    let found = KINDS.iter().find(|known| known.descriptor.name == kind);
    found.is_some_and(|kind| is_known(name, &COMMON, |own| kind.descriptor.has_option(own)))
}

impl Kind {
    /// Where its mistakes are explained.
    pub(super) fn help(&self) -> HelpAnchor {
        let of_kind = CredentialKind::named(self.descriptor.name).map(HelpAnchor::Credential);
        of_kind.unwrap_or(match self.descriptor.name {
            "environment" => HelpAnchor::Environment,
            PULUMI => HelpAnchor::Pulumi,
            _ => HelpAnchor::DefaultChain,
        })
    }

    /// What the environment says of the cloud, where the options say nothing: of a chain, what any of its members reads
    /// there, since they all have one cloud.
    pub(super) fn cloud_reading(&self, options: &Options<'_>) -> CloudReading {
        let members = options.members();
        let of_members = members.iter().filter_map(|member| kind(member).ok()).map(|kind| kind.descriptor.cloud);
        of_members.chain([self.descriptor.cloud]).max().unwrap_or_default()
    }
}

/// The kind that the options name.
pub(super) fn kind(options: &Options<'_>) -> Result<&'static Kind, Error> {
    KINDS.iter().find(|kind| kind.descriptor.name == options.kind()).ok_or_else(|| {
        let names: Vec<_> = KINDS.iter().map(|kind| kind.descriptor.name).collect();
        options.wrong("credential", &format!("must be one of {}", names.join(", ")))
    })
}

/// In the provider's order: the cloud is known, the auxiliary tenants are next, then comes the method (parity §3).
fn pulumi(context: &Context<'_>) -> Result<CredentialSpec, Error> {
    tenants::auxiliary(&context.lookup)?;
    arm::decide(context).credential
}

/// What a kind that reads the environment sees there.
pub(super) fn seen_in_environment(context: &Context<'_>, options: &Options<'_>) -> Vec<SeenSetting> {
    let uses_variable = options.has("serviceConnectionId") && !options.has("oidcRequestUri");
    match options.kind() {
        "managedIdentity" => context.lookup.seen(managed_identity::SETTINGS),
        "oidc" if options.has("managedIdentity") => context.lookup.seen(managed_identity::SETTINGS),
        "oidc" if uses_variable => context.lookup.seen(&[&keys::SYSTEM_OIDCREQUESTURI]),
        "environment" => context.lookup.seen(environment::SETTINGS),
        "workloadIdentity" => context.lookup.seen(workload_identity::SETTINGS),
        PULUMI => arm::wanted(&context.of_provider()).1,
        _ => Vec::new(),
    }
}

/// What those kinds lead to where they are incomplete.
pub(super) fn incomplete_kind(context: &Context<'_>, options: &Options<'_>) -> CredentialKind {
    match options.kind() {
        PULUMI => arm::wanted(&context.of_provider()).0,
        "workloadIdentity" => CredentialKind::WorkloadIdentity,
        _ => environment::kind(context),
    }
}

fn chain(context: &Context<'_>, options: &Options<'_>) -> Result<CredentialSpec, Error> {
    let members = options.members();
    if members.is_empty() {
        return Err(options.wrong("chain", "must have one member at least"));
    }
    let members: Result<Vec<_>, _> = members.iter().map(|options| member(context, options)).collect();
    Ok(CredentialSpec::Chain(ChainSpec { members: probing(members?), is_default: false }))
}

/// A managed identity that other members follow is probed first: on a machine without one, no service answers.
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
fn member(context: &Context<'_>, options: &Options<'_>) -> Result<ChainMember, Error> {
    let kind = kind(options)?;
    if kind.descriptor.name == CHAIN {
        return Err(options.wrong("credential", "must not be another chain"));
    }
    if let Some(of_chain) = COMMON.into_iter().find(|name| options.has(name)) {
        return Err(options.wrong(of_chain, "belongs to the chain, not to one of its members"));
    }
    options.check_names(&[], |name| kind.descriptor.has_option(name))?;
    if let Some(absent) = (kind.absence)(context, options)? {
        return Ok(ChainMember { kind: incomplete_kind(context, options), credential: Err(absent) });
    }
    let spec = (kind.build)(context, options)?;
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
