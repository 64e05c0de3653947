//! Every kind of credential that options can name, and how it is built from them.

use super::{default_chain, environment, pulumi_provider, tenants, Choice};
use crate::{
    config::{
        options::{is_common, is_known, Options, COMMON},
        ConsideredSource, Context, SeenSetting,
    },
    credentials::{
        self, ChainMember, ChainSpec, CloudReading, CredentialOption, CredentialSpec, Descriptor, OptionType, KINDS,
    },
    types::{CredentialKind, Error, HelpAnchor},
};

pub(super) const PULUMI: &str = "pulumi";
pub(super) const DEFAULT: &str = "default";
pub(super) const CHAIN: &str = "chain";

type Kind = credentials::Kind<CredentialSpec>;

/// The names that choose a kind by a rule; they follow the kinds.
static RULES: [Kind; 3] = [
    Kind {
        name: PULUMI,
        help: HelpAnchor::Pulumi,
        leads_to: |context| pulumi_provider::wanted(&context.of_provider()).kind(),
        descriptor: Descriptor::of_environment(&[], |context, _| pulumi(context, pulumi_provider::decide).credential),
    },
    Kind {
        name: DEFAULT,
        help: HelpAnchor::DefaultChain,
        leads_to: |_| CredentialKind::Chain,
        descriptor: Descriptor::of_environment(
            &[CredentialOption::new("requiredEnvVars", OptionType::OneOrMoreTexts)],
            |context, options| default(context, options).credential,
        ),
    },
    Kind {
        name: CHAIN,
        help: HelpAnchor::Credential(CredentialKind::Chain),
        leads_to: |_| CredentialKind::Chain,
        descriptor: Descriptor::new(&[CredentialOption::new("chain", OptionType::Members)], |context, options| {
            chain(context, options).credential
        }),
    },
];

/// Returns all kinds for which a program can ask, in the order of the documentation.
pub fn kinds() -> impl Iterator<Item = &'static Kind> {
    KINDS.iter().chain([&environment::KIND]).chain(&RULES)
}

/// Returns whether a credential of that kind has an option of that name, such as `expect.tenantId`. JavaScript uses it
/// to name the type of a value that is not text; the core reports a misspelt name.
#[must_use]
pub fn is_option(kind: &str, name: &str) -> bool {
    let found = kinds().find(|known| known.name == kind);
    found.is_some_and(|kind| is_known(name, &COMMON, |own| kind.descriptor.has_option(own)))
}

/// Returns what is read about the cloud from the environment if the options name none. A chain reads what any of its
/// members reads, because all have one cloud.
pub(super) fn cloud_reading(of: &Kind, options: &Options<'_>) -> CloudReading {
    let members = options.members();
    let of_members = members.iter().filter_map(|member| kind(member).ok()).map(|kind| kind.descriptor.cloud);
    of_members.chain([of.descriptor.cloud]).max().unwrap_or_default()
}

/// Returns the kind that the options name.
pub(super) fn kind(options: &Options<'_>) -> Result<&'static Kind, Error> {
    kinds().find(|kind| kind.name == options.kind()).ok_or_else(|| {
        let names: Vec<_> = kinds().map(|kind| kind.name).collect();
        options.wrong("credential", &format!("must be one of {}", names.join(", ")))
    })
}

/// Builds the credential from the options, once, and records what was considered for it.
pub(super) fn choice(kind: &Kind, context: &Context<'_>, options: &Options<'_>) -> Choice {
    match kind.name {
        PULUMI => pulumi(context, pulumi_provider::decide),
        DEFAULT => default(context, options),
        CHAIN => chain(context, options),
        _ => single(kind, context, options),
    }
}

/// Checks in the provider's order: the cloud, the auxiliary tenants, then the method (parity §3).
fn pulumi(context: &Context<'_>, decide: fn(&Context<'_>) -> Choice) -> Choice {
    let auxiliary = tenants::auxiliary(&context.lookup);
    let Choice { credential, considered } = decide(&context.of_provider());
    Choice { credential: auxiliary.and(credential), considered }
}

/// The default chain is reported with its sources wherever it occurs.
fn default(context: &Context<'_>, options: &Options<'_>) -> Choice {
    match default_chain::check_required_variables(context, options.list("requiredEnvVars")) {
        Ok(()) => default_chain::choice(context).asked_for_by(own(options)),
        Err(error) => Choice::of_one(CredentialKind::Chain, Err(error), own(options)),
    }
}

fn single(kind: &Kind, context: &Context<'_>, options: &Options<'_>) -> Choice {
    let (credential, found) = context.lookup.recording(|| (kind.descriptor.build)(context, options));
    let leads_to = credential.as_ref().map_or_else(|_| (kind.leads_to)(context), CredentialSpec::kind);
    Choice::of_one(leads_to, credential, [own(options), found].concat())
}

/// Returns the given options that not every credential has.
fn own(options: &Options<'_>) -> Vec<SeenSetting> {
    options.seen(|name| !is_common(name))
}

fn chain(context: &Context<'_>, options: &Options<'_>) -> Choice {
    let (members, considered): (Vec<_>, Vec<_>) =
        options.members().iter().map(|options| member(context, options)).unzip();
    let members = if members.is_empty() {
        Err(options.wrong("chain", "must have at least one member"))
    } else {
        members.into_iter().collect::<Result<Vec<_>, _>>()
    };
    let spec = |members| CredentialSpec::Chain(ChainSpec { members: probing(members), is_default: false });
    Choice { credential: members.map(spec), considered: considered.concat() }
}

/// Probes a managed identity first if other members follow: on a machine without one, no service answers.
fn probing(members: Vec<ChainMember>) -> Vec<ChainMember> {
    let followed = members.len().saturating_sub(1);
    let probing = |(place, member): (usize, ChainMember)| ChainMember {
        credential: member.credential.map(|spec| Box::new(spec.with_probe(place < followed))),
        ..member
    };
    members.into_iter().enumerate().map(probing).collect()
}

/// Builds a member. If it is not configured here, the chain skips it later; any other error in its options is reported
/// at once.
fn member(context: &Context<'_>, options: &Options<'_>) -> (Result<ChainMember, Error>, Vec<ConsideredSource>) {
    let kind = match kind(options).and_then(|kind| of_a_chain(kind, options)) {
        Ok(kind) => kind,
        Err(error) => {
            let considered = ConsideredSource::incomplete(CredentialKind::Chain, error.clone(), own(options));
            return (Err(error), vec![considered]);
        }
    };
    let Choice { credential, considered } = match kind.name {
        PULUMI => pulumi(context, pulumi_provider::wanted),
        _ => choice(kind, context, options),
    };
    (checked(kind, context, options, credential), considered)
}

fn of_a_chain(kind: &'static Kind, options: &Options<'_>) -> Result<&'static Kind, Error> {
    if kind.name == CHAIN {
        return Err(options.wrong("credential", "must not be another chain"));
    }
    Ok(kind)
}

fn checked(
    kind: &Kind,
    context: &Context<'_>,
    options: &Options<'_>,
    credential: Result<CredentialSpec, Error>,
) -> Result<ChainMember, Error> {
    if let Some(of_chain) = COMMON.into_iter().find(|name| options.has(name)) {
        return Err(options.wrong(of_chain, "belongs to the chain, not to one of its members"));
    }
    options.check_names(&[], |name| kind.descriptor.has_option(name))?;
    if let Some(absent) = (kind.descriptor.absence)(context, options)? {
        return Ok(ChainMember { kind: (kind.leads_to)(context), credential: Err(absent) });
    }
    let spec = credential?;
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
    fn a_managed_identity_is_probed_first_if_other_members_follow() {
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
