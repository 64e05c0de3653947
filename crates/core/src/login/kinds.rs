//! Every kind of credential that options can name, and the specification that its options make.

use super::{arm, default_chain, environment, tenants};
use crate::{
    config::{
        keys,
        options::{is_known, Options, COMMON},
        Context, SeenSetting,
    },
    credentials::{
        self, managed_identity::settings as managed_identity, workload_identity, ChainMember, ChainSpec, CloudReading,
        CredentialOption, CredentialSpec, Descriptor, OptionType, KINDS,
    },
    types::{CredentialKind, Error, HelpAnchor},
};

pub(super) const PULUMI: &str = "pulumi";
pub(super) const DEFAULT: &str = "default";
pub(super) const CHAIN: &str = "chain";

type Kind = credentials::Kind<CredentialSpec>;

/// What leads to a kind by a rule, behind the kinds themselves.
static RULES: [Kind; 3] = [
    Kind {
        name: PULUMI,
        help: HelpAnchor::Pulumi,
        leads_to: |context| arm::wanted(&context.of_provider()).0,
        descriptor: Descriptor::of_environment(&[], |context, _| pulumi(&context.of_provider())),
    },
    Kind {
        name: DEFAULT,
        help: HelpAnchor::DefaultChain,
        leads_to: |_| CredentialKind::Chain,
        descriptor: Descriptor::of_environment(
            &[CredentialOption::new("requiredEnvVars", OptionType::OneOrMoreTexts)],
            |context, options| {
                default_chain::check_required_variables(context, options.list("requiredEnvVars"))?;
                default_chain::choice(context).credential
            },
        ),
    },
    Kind {
        name: CHAIN,
        help: HelpAnchor::Credential(CredentialKind::Chain),
        leads_to: |_| CredentialKind::Chain,
        descriptor: Descriptor::new(&[CredentialOption::new("chain", OptionType::Members)], chain),
    },
];

/// What a program can ask for, in the order of the documentation.
pub fn kinds() -> impl Iterator<Item = &'static Kind> {
    KINDS.iter().chain([&environment::KIND]).chain(&RULES)
}

/// Whether a credential of that kind has an option of that name, `expect.tenantId` among them: of a value that is no text,
/// JavaScript tells the type, and of a name that is misspelt the core says so.
#[must_use]
pub fn is_option(kind: &str, name: &str) -> bool {
    let found = kinds().find(|known| known.name == kind);
    found.is_some_and(|kind| is_known(name, &COMMON, |own| kind.descriptor.has_option(own)))
}

/// What the environment says of the cloud, where the options say nothing: of a chain, what any of its members reads
/// there, since they all have one cloud.
pub(super) fn cloud_reading(of: &Kind, options: &Options<'_>) -> CloudReading {
    let members = options.members();
    let of_members = members.iter().filter_map(|member| kind(member).ok()).map(|kind| kind.descriptor.cloud);
    of_members.chain([of.descriptor.cloud]).max().unwrap_or_default()
}

/// The kind that the options name.
pub(super) fn kind(options: &Options<'_>) -> Result<&'static Kind, Error> {
    kinds().find(|kind| kind.name == options.kind()).ok_or_else(|| {
        let names: Vec<_> = kinds().map(|kind| kind.name).collect();
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
    if kind.name == CHAIN {
        return Err(options.wrong("credential", "must not be another chain"));
    }
    if let Some(of_chain) = COMMON.into_iter().find(|name| options.has(name)) {
        return Err(options.wrong(of_chain, "belongs to the chain, not to one of its members"));
    }
    options.check_names(&[], |name| kind.descriptor.has_option(name))?;
    if let Some(absent) = (kind.descriptor.absence)(context, options)? {
        return Ok(ChainMember { kind: (kind.leads_to)(context), credential: Err(absent) });
    }
    let spec = (kind.descriptor.build)(context, options)?;
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
