//! The default chain of Azure's SDKs (parity §4).

use super::{environment, managed_identity, tools, Choice, Context};
use crate::{
    config::{
        keys::{self, Setting},
        ConsideredSource, Decision,
    },
    credentials::{ChainMember, ChainSpec, CredentialSpec, ManagedIdentityId, ManagedIdentitySpec},
    types::{shown, CredentialKind, Error, HelpAnchor, Secret},
};

/// A place in the chain, by the name that `AZURE_TOKEN_CREDENTIALS` knows.
struct Place {
    name: &'static str,
    /// For the developer at the desk, not for what runs in production.
    is_for_development: bool,
    /// Whether it sends what proves an application to the authority.
    needs_authority: bool,
    kind: fn(&Context<'_>) -> CredentialKind,
    settings: &'static [&'static Setting],
    build: fn(&Context<'_>, &Surroundings<'_>) -> Result<CredentialSpec, Error>,
}

/// What a place has to know of the rest of the chain.
struct Surroundings<'a> {
    /// Whether other places come after it.
    is_followed: bool,
    /// The cloud that is configured.
    cloud_name: Option<&'a str>,
}

const PLACES: [Place; 6] = [
    Place {
        name: "EnvironmentCredential",
        is_for_development: false,
        needs_authority: true,
        kind: environment::kind,
        settings: environment::SETTINGS,
        build: |context, _| environment::credential(context),
    },
    Place {
        name: "WorkloadIdentityCredential",
        is_for_development: false,
        needs_authority: true,
        kind: |_| CredentialKind::WorkloadIdentity,
        settings: environment::WORKLOAD_SETTINGS,
        build: |context, _| environment::workload_identity(context),
    },
    Place {
        name: "ManagedIdentityCredential",
        is_for_development: false,
        needs_authority: false,
        kind: |_| CredentialKind::ManagedIdentity,
        settings: &[&keys::AZURE_CLIENT_ID],
        build: user_assigned,
    },
    Place {
        name: "AzureCLICredential",
        is_for_development: true,
        needs_authority: false,
        kind: |_| CredentialKind::AzureCli,
        settings: &[&keys::AZURE_CONFIG_DIR],
        build: |context, surroundings| Ok(CredentialSpec::AzureCli(tools::azure_cli(context, surroundings.cloud_name))),
    },
    Place {
        name: "AzureDeveloperCLICredential",
        is_for_development: true,
        needs_authority: false,
        kind: |_| CredentialKind::AzureDeveloperCli,
        settings: &[&keys::AZD_CONFIG_DIR],
        build: |context, _| Ok(CredentialSpec::AzureDeveloperCli(tools::azure_developer_cli(context))),
    },
    Place {
        name: "AzurePowerShellCredential",
        is_for_development: true,
        needs_authority: false,
        kind: |_| CredentialKind::AzurePowerShell,
        settings: &[],
        build: |context, _| Ok(CredentialSpec::AzurePowerShell(tools::azure_powershell(context))),
    },
];

/// The chain, as far as `AZURE_TOKEN_CREDENTIALS` leaves it.
pub(super) fn choice(context: &Context<'_>, cloud_name: Option<&str>) -> Choice {
    let narrowing = context.lookup.seen(&[&keys::AZURE_TOKEN_CREDENTIALS]);
    let places = match places(context) {
        Ok(places) => places,
        Err(error) => return Choice::of_one(CredentialKind::Chain, Err(error), narrowing),
    };
    let last = places.len() - 1;
    let (members, considered): (_, Vec<_>) = places
        .iter()
        .enumerate()
        .map(|(at, place)| place.member(context, &Surroundings { is_followed: at < last, cloud_name }))
        .unzip();
    let heading = ConsideredSource::without_error(CredentialKind::Chain, Decision::Chosen, narrowing);
    Choice {
        credential: Ok(CredentialSpec::Chain(ChainSpec { members, is_default: true })),
        considered: [heading].into_iter().chain(considered).collect(),
    }
}

fn places(context: &Context<'_>) -> Result<Vec<&'static Place>, Error> {
    let name = keys::AZURE_TOKEN_CREDENTIALS.name();
    if !context.environment().has(name) {
        return Ok(PLACES.iter().collect());
    }
    let wanted = context.environment().var(name).unwrap_or_default();
    let places: Vec<_> = PLACES.iter().filter(|place| place.is_wanted(wanted)).collect();
    if places.is_empty() {
        return Err(unknown(wanted));
    }
    Ok(places)
}

fn unknown(wanted: &str) -> Error {
    let names: Vec<_> = PLACES.iter().map(|place| place.name).collect();
    let setting = keys::AZURE_TOKEN_CREDENTIALS.name();
    let what = if wanted.is_empty() { "is set, but empty" } else { "names no credential that is known here" };
    let message = format!("{setting} {what}: it must be dev, prod, or one of {}", names.join(", "));
    Error::configuration(message, [setting]).with_help(HelpAnchor::DefaultChain)
}

impl Place {
    fn is_wanted(&self, wanted: &str) -> bool {
        match wanted.trim().to_ascii_lowercase().as_str() {
            "dev" => self.is_for_development,
            "prod" => !self.is_for_development,
            name => self.name.eq_ignore_ascii_case(name),
        }
    }

    /// Azure's SDKs make no credential of an application for an authority that is not https, and go on past it.
    fn at_authority(&self, context: &Context<'_>, spec: CredentialSpec) -> Result<CredentialSpec, Error> {
        match context.authority_mistake {
            Some(mistake) if self.needs_authority => Err(mistake.clone()),
            _ => Ok(spec),
        }
    }

    fn member(&self, context: &Context<'_>, surroundings: &Surroundings<'_>) -> (ChainMember, ConsideredSource) {
        let kind = (self.kind)(context);
        let credential = (self.build)(context, surroundings).and_then(|spec| self.at_authority(context, spec));
        let seen = managed_identity::seen(&context.lookup, kind, self.settings);
        let considered = ConsideredSource::of(kind, &credential, seen);
        (ChainMember { kind, credential: credential.map(Box::new) }, considered)
    }
}

/// `AZURE_CLIENT_ID`, if it is set, names the identity; the provider's `clientId` does not. Whether anybody answers
/// at IMDS' address is looked at first where others wait for their turn.
fn user_assigned(context: &Context<'_>, surroundings: &Surroundings<'_>) -> Result<CredentialSpec, Error> {
    let client_id = context.lookup.text(&keys::AZURE_CLIENT_ID).map(str::to_owned);
    let spec = ManagedIdentitySpec {
        identity: client_id.map_or(ManagedIdentityId::SystemAssigned, ManagedIdentityId::ClientId),
        host: managed_identity::host(context.environment(), context.has_arc_agent),
        probe: surroundings.is_followed,
    };
    spec.check(keys::AZURE_CLIENT_ID.name())?;
    Ok(CredentialSpec::ManagedIdentity(spec))
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
