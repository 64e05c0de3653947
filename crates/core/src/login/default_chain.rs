//! The default chain of Azure's SDKs (parity §4).

use super::{environment, Choice};
use crate::{
    config::{
        keys::{self, Setting},
        ConsideredSource, Context, Decision,
    },
    credentials::{
        azure_cli, azure_developer_cli, azure_powershell, managed_identity::settings as managed_identity,
        workload_identity, AzureCliSpec, ChainMember, ChainSpec, CredentialSpec, Descriptor, ManagedIdentitySpec,
    },
    types::{shown, CredentialKind, Error, HelpAnchor, Secret},
};

/// A place in the chain.
struct Member {
    descriptor: &'static Descriptor,
    kind: fn(&Context<'_>) -> CredentialKind,
    settings: &'static [&'static Setting],
    /// Makes it; the flag: whether other places come after it.
    build: fn(&Context<'_>, bool) -> Result<CredentialSpec, Error>,
}

const MEMBERS: [Member; 6] = [
    Member {
        descriptor: &environment::DESCRIPTOR,
        kind: environment::kind,
        settings: environment::SETTINGS,
        build: |context, _| environment::credential(context),
    },
    Member {
        descriptor: &workload_identity::DESCRIPTOR,
        kind: |_| CredentialKind::WorkloadIdentity,
        settings: workload_identity::SETTINGS,
        build: |context, _| workload_identity::of_environment(context).map(CredentialSpec::ClientAssertion),
    },
    // Whether an IMDS answers is looked at first where others wait for their turn.
    Member {
        descriptor: &managed_identity::DESCRIPTOR,
        kind: |_| CredentialKind::ManagedIdentity,
        settings: &[&keys::AZURE_CLIENT_ID],
        build: |context, is_followed| {
            ManagedIdentitySpec::of_environment(context, is_followed).map(CredentialSpec::ManagedIdentity)
        },
    },
    Member {
        descriptor: &azure_cli::DESCRIPTOR,
        kind: |_| CredentialKind::AzureCli,
        settings: &[&keys::AZURE_CONFIG_DIR],
        build: |context, _| Ok(CredentialSpec::AzureCli(AzureCliSpec::of_environment(context))),
    },
    Member {
        descriptor: &azure_developer_cli::DESCRIPTOR,
        kind: |_| CredentialKind::AzureDeveloperCli,
        settings: &[&keys::AZD_CONFIG_DIR],
        build: |context, _| Ok(CredentialSpec::AzureDeveloperCli(azure_developer_cli::of_environment(context))),
    },
    Member {
        descriptor: &azure_powershell::DESCRIPTOR,
        kind: |_| CredentialKind::AzurePowerShell,
        settings: &[],
        build: |context, _| Ok(CredentialSpec::AzurePowerShell(azure_powershell::of_environment(context))),
    },
];

/// The chain, as far as `AZURE_TOKEN_CREDENTIALS` leaves it.
pub(super) fn choice(context: &Context<'_>) -> Choice {
    let narrowing = context.lookup.seen(&[&keys::AZURE_TOKEN_CREDENTIALS]);
    let places = match places(context) {
        Ok(places) => places,
        Err(error) => return Choice::of_one(CredentialKind::Chain, Err(error), narrowing),
    };
    let last = places.len() - 1;
    let (members, considered): (_, Vec<_>) =
        places.iter().enumerate().map(|(at, place)| place.member(context, at < last)).unzip();
    let heading = ConsideredSource::without_error(CredentialKind::Chain, Decision::Chosen, narrowing);
    Choice {
        credential: Ok(CredentialSpec::Chain(ChainSpec { members, is_default: true })),
        considered: [heading].into_iter().chain(considered).collect(),
    }
}

fn places(context: &Context<'_>) -> Result<Vec<&'static Member>, Error> {
    let name = keys::AZURE_TOKEN_CREDENTIALS.name();
    if !context.environment().has(name) {
        return Ok(MEMBERS.iter().collect());
    }
    let wanted = context.environment().var(name).unwrap_or_default();
    let places: Vec<_> = MEMBERS.iter().filter(|place| place.is_wanted(wanted)).collect();
    if places.is_empty() {
        return Err(unknown(wanted));
    }
    Ok(places)
}

fn unknown(wanted: &str) -> Error {
    let names: Vec<_> = MEMBERS.iter().filter_map(|member| member.descriptor.place).map(|place| place.name).collect();
    let setting = keys::AZURE_TOKEN_CREDENTIALS.name();
    let what = if wanted.is_empty() { "is set, but empty" } else { "names no credential that is known here" };
    let message = format!("{setting} {what}: it must be dev, prod, or one of {}", names.join(", "));
    Error::configuration(message, [setting]).with_help(HelpAnchor::DefaultChain)
}

impl Member {
    fn is_wanted(&self, wanted: &str) -> bool {
        let Some(place) = self.descriptor.place else { return false };
        match wanted.trim().to_ascii_lowercase().as_str() {
            "dev" => place.is_for_development,
            "prod" => !place.is_for_development,
            name => place.name.eq_ignore_ascii_case(name),
        }
    }

    /// Azure's SDKs make no credential of an application for an authority that is not https, and go on past it.
    fn at_authority(&self, context: &Context<'_>, spec: CredentialSpec) -> Result<CredentialSpec, Error> {
        match context.authority_mistake {
            Some(mistake) if self.descriptor.needs_authority() => Err(mistake.clone()),
            _ => Ok(spec),
        }
    }

    fn member(&self, context: &Context<'_>, is_followed: bool) -> (ChainMember, ConsideredSource) {
        let kind = (self.kind)(context);
        let credential = (self.build)(context, is_followed).and_then(|spec| self.at_authority(context, spec));
        let seen = managed_identity::seen(&context.lookup, kind, self.settings);
        let considered = ConsideredSource::of(kind, &credential, seen);
        (ChainMember { kind, credential: credential.map(Box::new) }, considered)
    }
}

/// Variables that the program declares to be indispensable.
pub(super) fn check_required_variables(context: &Context<'_>, names: &[Secret]) -> Result<(), Error> {
    let names = names.iter().map(Secret::expose);
    let absent: Vec<_> = names.filter(|name| context.environment().var(name).is_none()).collect();
    if absent.is_empty() {
        return Ok(());
    }
    let absent: Vec<_> = absent.into_iter().map(|name| shown("requiredEnvVars", name)).collect();
    let message = format!("the option requiredEnvVars names variables that are not set: {}", absent.join(", "));
    Err(Error::configuration(message, absent))
}
