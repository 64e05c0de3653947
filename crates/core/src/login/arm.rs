//! The provider's rules (parity §3): the first method that applies is the one; its failure never leads to another.

use super::{default_chain, Choice};
use crate::{
    config::{
        keys::{self, Setting},
        ConsideredSource, Context, Decision, SeenSetting,
    },
    credentials::{
        managed_identity::settings as managed_identity, oidc, AzureCliSpec, ClientCertificateSpec, ClientSecretSpec,
        CredentialSpec, ManagedIdentitySpec,
    },
    types::{CredentialKind, Error, HelpAnchor},
};

/// A way to a credential.
enum Way {
    /// The default chain, if it is asked for; outside of Pulumi also where nothing else is.
    DefaultChain,
    /// One of [`METHODS`].
    Method(&'static Method),
    /// The Azure CLI, where nothing else is asked for.
    AzureCli,
}

/// A method that has to be asked for.
struct Method {
    kind: CredentialKind,
    /// What it looks at, first what asks for it.
    settings: &'static [&'static Setting],
    /// Whether anything asks for it.
    applies: fn(&Context<'_>) -> bool,
    build: fn(&Context<'_>) -> Result<CredentialSpec, Error>,
}

/// In the provider's order.
const METHODS: [Method; 4] = [
    Method {
        kind: CredentialKind::ClientCertificate,
        settings: &[
            &keys::CLIENT_CERTIFICATE_PATH,
            &keys::CLIENT_CERTIFICATE_PASSWORD,
            &keys::TENANT_ID,
            &keys::CLIENT_ID,
        ],
        applies: |context| context.lookup.text(&keys::CLIENT_CERTIFICATE_PATH).is_some(),
        build: |context| ClientCertificateSpec::of_provider(context).map(CredentialSpec::ClientCertificate),
    },
    Method {
        kind: CredentialKind::ClientSecret,
        settings: &[&keys::CLIENT_SECRET, &keys::TENANT_ID, &keys::CLIENT_ID],
        applies: |context| context.lookup.text(&keys::CLIENT_SECRET).is_some(),
        build: |context| ClientSecretSpec::of_provider(context).map(CredentialSpec::ClientSecret),
    },
    Method {
        kind: CredentialKind::Oidc,
        settings: oidc::SETTINGS,
        applies: |context| context.lookup.is_true(&keys::USE_OIDC),
        build: |context| oidc::of_provider(context).map(CredentialSpec::Oidc),
    },
    Method {
        kind: CredentialKind::ManagedIdentity,
        settings: &[&keys::USE_MSI, &keys::CLIENT_ID],
        applies: |context| context.lookup.is_true(&keys::USE_MSI),
        build: |context| Ok(CredentialSpec::ManagedIdentity(ManagedIdentitySpec::of_provider(context))),
    },
];

/// What the default chain as a whole looks at.
const CHAIN_SETTINGS: &[&Setting] = &[&keys::USE_DEFAULT_AZURE_CREDENTIAL, &keys::AZURE_TOKEN_CREDENTIALS];

/// What the Azure CLI looks at, apart from the subscription, which is told of whatever the method is.
const CLI_SETTINGS: &[&Setting] = &[&keys::AZURE_CONFIG_DIR];

/// Chooses the first way that is wanted; those behind it are looked at for the explanation only.
pub(super) fn decide(context: &Context<'_>) -> Choice {
    let ways = ways(context);
    let place = place_of_wanted(&ways, context);
    let chosen = ways[place].choice(context);
    let before = ways[..place].iter().map(|way| way.passed(context));
    let behind = ways[place + 1..].iter().map(|way| way.passed(context));
    Choice { credential: chosen.credential, considered: before.chain(chosen.considered).chain(behind).collect() }
}

/// What is wanted, also where it is incomplete; and what was seen of it.
pub(super) fn wanted(context: &Context<'_>) -> (CredentialKind, Vec<SeenSetting>) {
    let ways = ways(context);
    let way = &ways[place_of_wanted(&ways, context)];
    (way.kind(), way.seen(context))
}

/// In the order in which they are looked at: the last one is there for who configures nothing. Inside Pulumi that is
/// the Azure CLI, elsewhere what a script expects.
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

fn place_of_wanted(ways: &[Way], context: &Context<'_>) -> usize {
    ways.iter().position(|way| way.is_wanted(context)).unwrap_or(ways.len() - 1)
}

fn wants_chain(context: &Context<'_>) -> bool {
    context.lookup.is_true(&keys::USE_DEFAULT_AZURE_CREDENTIAL)
}

impl Way {
    fn is_wanted(&self, context: &Context<'_>) -> bool {
        match self {
            Self::DefaultChain => wants_chain(context) || !context.is_inside_pulumi,
            Self::Method(method) => (method.applies)(context),
            Self::AzureCli => true,
        }
    }

    fn choice(&self, context: &Context<'_>) -> Choice {
        match self {
            Self::DefaultChain => {
                let asking = context.lookup.seen(&[&keys::USE_DEFAULT_AZURE_CREDENTIAL]);
                default_chain::choice(context).asked_for_by(asking)
            }
            Self::Method(method) => {
                let help = HelpAnchor::Credential(method.kind);
                let credential = (method.build)(context).map_err(|error| error.with_help(help));
                Choice::of_one(method.kind, credential, self.seen(context))
            }
            Self::AzureCli => {
                let credential = CredentialSpec::AzureCli(AzureCliSpec::of_provider(context));
                Choice::of_one(CredentialKind::AzureCli, Ok(credential), self.seen(context))
            }
        }
    }

    /// What becomes of a way that is not chosen.
    fn passed(&self, context: &Context<'_>) -> ConsideredSource {
        let (kind, seen) = (self.kind(), self.seen(context));
        if let Some(error) = self.switch().and_then(|switch| unheeded(context, switch)) {
            return ConsideredSource::incomplete(kind, error.with_help(HelpAnchor::Credential(kind)), seen);
        }
        if !self.is_wanted(context) {
            return ConsideredSource::without_error(kind, Decision::NotConfigured, seen);
        }
        match self.choice(context).credential {
            Ok(_) => ConsideredSource::without_error(kind, Decision::Overruled, seen),
            Err(error) => ConsideredSource::incomplete(kind, error, seen),
        }
    }

    /// The setting that asks for it by the word `true`.
    fn switch(&self) -> Option<&'static Setting> {
        match self.kind() {
            CredentialKind::Oidc => Some(&keys::USE_OIDC),
            CredentialKind::ManagedIdentity => Some(&keys::USE_MSI),
            CredentialKind::Chain => Some(&keys::USE_DEFAULT_AZURE_CREDENTIAL),
            _ => None,
        }
    }

    fn kind(&self) -> CredentialKind {
        match self {
            Self::DefaultChain => CredentialKind::Chain,
            Self::Method(method) => method.kind,
            Self::AzureCli => CredentialKind::AzureCli,
        }
    }

    fn seen(&self, context: &Context<'_>) -> Vec<SeenSetting> {
        let settings = match self {
            Self::DefaultChain => CHAIN_SETTINGS,
            Self::Method(method) => method.settings,
            Self::AzureCli => CLI_SETTINGS,
        };
        managed_identity::seen(&context.lookup, self.kind(), settings)
    }
}

/// What the log should say of switches that were set without effect.
pub(super) fn warnings(context: &Context<'_>) -> Vec<String> {
    let switches = [&keys::USE_OIDC, &keys::USE_MSI, &keys::USE_DEFAULT_AZURE_CREDENTIAL];
    let errors = switches.into_iter().filter_map(|switch| unheeded(context, switch));
    errors.map(|error| error.message().to_owned()).collect()
}

/// The provider takes the word `true` alone. Terraform, whose variables these are, takes others too, and Azure Pipelines
/// writes `True`: the login is another one than the user means.
fn unheeded(context: &Context<'_>, switch: &Setting) -> Option<Error> {
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

/// What else is written for `true`: by Go's `strconv.ParseBool`, which Terraform uses, and in YAML 1.1.
const YES: [&str; 6] = ["true", "t", "1", "yes", "y", "on"];
