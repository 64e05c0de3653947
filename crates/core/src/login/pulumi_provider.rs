//! The rules of Pulumi's provider (parity §3): the first method that applies is chosen, and if it fails, no other is
//! tried.

use super::{default_chain, Choice};
use crate::{
    config::{
        keys::{self, Setting},
        ConsideredSource, Context, Decision,
    },
    credentials::{oidc, AzureCliSpec, ClientCertificateSpec, ClientSecretSpec, CredentialSpec, ManagedIdentitySpec},
    types::{CredentialKind, Error, HelpAnchor},
};

/// A way to a credential.
enum Way {
    /// The default chain: if it is asked for, and outside Pulumi also if nothing else is.
    DefaultChain,
    /// One of [`METHODS`].
    Method(&'static Method),
    /// The Azure CLI: if nothing else is asked for.
    AzureCli,
}

/// A method that a setting must ask for.
struct Method {
    kind: CredentialKind,
    /// Returns whether a setting asks for it.
    applies: fn(&Context<'_>) -> bool,
    build: fn(&Context<'_>) -> Result<CredentialSpec, Error>,
}

/// In the provider's order.
const METHODS: [Method; 4] = [
    Method {
        kind: CredentialKind::ClientCertificate,
        applies: |context| context.lookup.text(&keys::CLIENT_CERTIFICATE_PATH).is_some(),
        build: |context| ClientCertificateSpec::of_provider(context).map(CredentialSpec::ClientCertificate),
    },
    Method {
        kind: CredentialKind::ClientSecret,
        applies: |context| context.lookup.text(&keys::CLIENT_SECRET).is_some(),
        build: |context| ClientSecretSpec::of_provider(context).map(CredentialSpec::ClientSecret),
    },
    Method {
        kind: CredentialKind::Oidc,
        applies: |context| context.lookup.is_true(&keys::USE_OIDC),
        build: |context| oidc::of_provider(context).map(CredentialSpec::Oidc),
    },
    Method {
        kind: CredentialKind::ManagedIdentity,
        applies: |context| context.lookup.is_true(&keys::USE_MSI),
        build: |context| Ok(CredentialSpec::ManagedIdentity(ManagedIdentitySpec::of_provider(context))),
    },
];

/// Chooses the first way that applies. The others are looked at only for `explain()`.
pub(super) fn decide(context: &Context<'_>) -> Choice {
    let Decided { before, chosen, behind } = decided(context);
    let passed = |looks: Vec<Look>| looks.into_iter().map(|look| look.passed(context)).collect::<Vec<_>>();
    let considered = [passed(before), chosen.considered, passed(behind)].concat();
    Choice { credential: chosen.credential, considered }
}

/// Returns the chosen way by itself, even if it is incomplete: a chain is reported as one source.
pub(super) fn wanted(context: &Context<'_>) -> Choice {
    let mut choice = decided(context).chosen;
    choice.considered.truncate(1);
    choice
}

/// Every way, looked at once.
struct Decided {
    before: Vec<Look>,
    chosen: Choice,
    behind: Vec<Look>,
}

fn decided(context: &Context<'_>) -> Decided {
    let mut before: Vec<_> = ways(context).iter().map(|way| way.look(context)).collect();
    let place = before.iter().position(|look| look.is_wanted).unwrap_or(before.len() - 1);
    let behind = before.split_off(place + 1);
    let chosen = before.remove(place).choice;
    Decided { before, chosen, behind }
}

/// The ways in the order in which they are tried. The last one applies if nothing is configured: inside Pulumi the
/// Azure CLI, elsewhere the default chain, as scripts expect.
fn ways(context: &Context<'_>) -> Vec<Way> {
    let methods = METHODS.iter().map(Way::Method);
    if context.is_inside_pulumi {
        return [Way::DefaultChain].into_iter().chain(methods).chain([Way::AzureCli]).collect();
    }
    if wants_chain(context) {
        return [Way::DefaultChain].into_iter().chain(methods).collect();
    }
    methods.chain([Way::DefaultChain]).collect()
}

fn wants_chain(context: &Context<'_>) -> bool {
    context.lookup.is_true(&keys::USE_DEFAULT_AZURE_CREDENTIAL)
}

/// The result of a look at a method. Its choice records every setting that the method reads.
struct Look {
    kind: CredentialKind,
    is_wanted: bool,
    choice: Choice,
}

impl Way {
    fn look(&self, context: &Context<'_>) -> Look {
        let (lookup, kind) = (&context.lookup, self.kind());
        let ((is_wanted, credential), seen) = lookup.recording(|| (self.is_wanted(context), self.credential(context)));
        let choice = match credential {
            Some(credential) => Choice::of_one(kind, credential, seen),
            None => default_chain::choice(context).asked_for_by(seen),
        };
        Look { kind, is_wanted, choice }
    }

    fn is_wanted(&self, context: &Context<'_>) -> bool {
        match self {
            Self::DefaultChain => wants_chain(context) || !context.is_inside_pulumi,
            Self::Method(method) => (method.applies)(context),
            Self::AzureCli => true,
        }
    }

    /// Returns nothing for a chain, each of whose sources is reported.
    fn credential(&self, context: &Context<'_>) -> Option<Result<CredentialSpec, Error>> {
        match self {
            Self::DefaultChain => None,
            Self::Method(method) => {
                let help = HelpAnchor::Credential(method.kind);
                Some((method.build)(context).map_err(|error| error.with_help(help)))
            }
            Self::AzureCli => Some(Ok(CredentialSpec::AzureCli(AzureCliSpec::of_provider(context)))),
        }
    }

    fn kind(&self) -> CredentialKind {
        match self {
            Self::DefaultChain => CredentialKind::Chain,
            Self::Method(method) => method.kind,
            Self::AzureCli => CredentialKind::AzureCli,
        }
    }
}

impl Look {
    /// Returns the outcome of a way that is not chosen.
    fn passed(self, context: &Context<'_>) -> ConsideredSource {
        let kind = self.kind;
        let seen = self.choice.considered.into_iter().next().map(|heading| heading.settings).unwrap_or_default();
        if let Some(error) = switch(kind).and_then(|switch| without_effect(context, switch)) {
            return ConsideredSource::incomplete(kind, error.with_help(HelpAnchor::Credential(kind)), seen);
        }
        if !self.is_wanted {
            return ConsideredSource::without_error(kind, Decision::NotConfigured, seen);
        }
        match self.choice.credential {
            Ok(_) => ConsideredSource::without_error(kind, Decision::Overruled, seen),
            Err(error) => ConsideredSource::incomplete(kind, error, seen),
        }
    }
}

/// Returns the setting that asks for it by the word `true`.
fn switch(kind: CredentialKind) -> Option<&'static Setting> {
    match kind {
        CredentialKind::Oidc => Some(&keys::USE_OIDC),
        CredentialKind::ManagedIdentity => Some(&keys::USE_MSI),
        CredentialKind::Chain => Some(&keys::USE_DEFAULT_AZURE_CREDENTIAL),
        _ => None,
    }
}

/// Returns the log's warnings about switches that have no effect.
pub(super) fn warnings(context: &Context<'_>) -> Vec<String> {
    let switches = [&keys::USE_OIDC, &keys::USE_MSI, &keys::USE_DEFAULT_AZURE_CREDENTIAL];
    let errors = switches.into_iter().filter_map(|switch| without_effect(context, switch));
    errors.map(|error| error.message().to_owned()).collect()
}

/// The provider accepts only the word `true`. Terraform, whose variables these are, accepts others too, and Azure
/// Pipelines writes `True`: then the login is not the one that the user means.
fn without_effect(context: &Context<'_>, switch: &Setting) -> Option<Error> {
    let found = context.lookup.find(switch)?;
    let is_meant = YES.iter().any(|word| found.value.trim().eq_ignore_ascii_case(word));
    if !is_meant || found.value == "true" {
        return None;
    }
    let name = found.seen.name;
    let message =
        format!("{name} has no effect: only the word true, in lower case, counts. Set it to true, or remove it");
    Some(Error::configuration(message, [name]))
}

/// Other words for `true`: of Go's `strconv.ParseBool`, which Terraform uses, and of YAML 1.1.
const YES: [&str; 6] = ["true", "t", "1", "yes", "y", "on"];
