//! The default chain of Azure's SDKs (parity §4).

use super::{environment, Choice};
use crate::{
    config::{keys, ConsideredSource, Context, Decision},
    credentials::{ChainMember, ChainSpec, CredentialSpec, Kind, Place, KINDS},
    types::{shown, CredentialKind, Error, HelpAnchor, Secret},
};

/// Returns the chain with the members that `AZURE_TOKEN_CREDENTIALS` allows.
pub(super) fn choice(context: &Context<'_>) -> Choice {
    let (places, narrowing) = context.lookup.recording(|| places(context));
    let places = match places {
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

fn places(context: &Context<'_>) -> Result<Vec<Member>, Error> {
    let setting = &keys::AZURE_TOKEN_CREDENTIALS;
    if !context.environment().has(setting.name()) {
        return Ok(all().collect());
    }
    let wanted = context.lookup.text(setting).unwrap_or_default();
    let places: Vec<_> = all().filter(|member| member.is_wanted(wanted)).collect();
    if places.is_empty() {
        return Err(unknown(wanted));
    }
    Ok(places)
}

/// Returns every member: the environment's, then those of the kinds.
fn all() -> impl Iterator<Item = Member> {
    let kinds = [&environment::KIND].into_iter().chain(KINDS);
    kinds.filter_map(|kind| Some(Member { kind, place: kind.descriptor.place? }))
}

fn unknown(wanted: &str) -> Error {
    let names: Vec<_> = all().map(|member| member.place.name).collect();
    let setting = keys::AZURE_TOKEN_CREDENTIALS.name();
    let what = if wanted.is_empty() { "is set, but empty" } else { "names an unknown credential" };
    let message = format!("{setting} {what}: it must be dev, prod, or one of {}", names.join(", "));
    Error::configuration(message, [setting]).with_help(HelpAnchor::DefaultChain)
}

/// A kind with its place.
struct Member {
    kind: &'static Kind<CredentialSpec>,
    place: Place,
}

impl Member {
    fn is_wanted(&self, wanted: &str) -> bool {
        match wanted.trim().to_ascii_lowercase().as_str() {
            "dev" => self.place.is_for_development,
            "prod" => !self.place.is_for_development,
            name => self.place.name.eq_ignore_ascii_case(name),
        }
    }

    /// Azure's SDKs build no credential of an application for an authority that is not https, and skip it.
    fn at_authority(&self, context: &Context<'_>, spec: CredentialSpec) -> Result<CredentialSpec, Error> {
        match context.authority_mistake {
            Some(mistake) if self.kind.descriptor.needs_authority() => Err(mistake.clone()),
            _ => Ok(spec),
        }
    }

    fn member(&self, context: &Context<'_>, is_followed: bool) -> (ChainMember, ConsideredSource) {
        let kind = (self.kind.leads_to)(context);
        let made = || (self.kind.descriptor.in_place)(context, is_followed);
        let (credential, seen) = context.lookup.recording(made);
        let credential = credential.and_then(|spec| self.at_authority(context, spec));
        let considered = ConsideredSource::of(kind, &credential, seen);
        (ChainMember { kind, credential: credential.map(Box::new) }, considered)
    }
}

/// Checks the variables that the program requires.
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
