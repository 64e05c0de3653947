use crate::{
    config::{options::Options, Context},
    types::{CredentialKind, Error, ErrorKind, HelpAnchor},
};

/// A value of the option `credential`: a kind of credential, or a rule that chooses one.
#[derive(Debug)]
pub struct Kind<T> {
    /// The name.
    pub name: &'static str,
    /// Everything that the file of the kind declares.
    pub descriptor: Descriptor<T>,
    /// The section of the documentation that explains its errors.
    pub(crate) help: HelpAnchor,
    /// Returns the kind that is used, even if its settings are incomplete.
    pub(crate) leads_to: fn(&Context<'_>) -> CredentialKind,
}

/// Everything that the file of a kind declares: its options, how to build its structure, and its place in the default
/// chain.
#[derive(Debug)]
pub struct Descriptor<T> {
    /// Its options, without those that every kind has.
    pub options: &'static [CredentialOption],
    /// Builds the structure from the options, and from the environment if the kind reads it.
    pub(crate) build: Build<T>,
    /// Returns an error if the kind is not configured here.
    pub(crate) absence: Absence,
    /// What the kind reads about its cloud from the environment.
    pub(crate) cloud: CloudReading,
    /// Its place in the default chain, if it has one.
    pub(crate) place: Option<Place>,
    /// Builds the structure for the default chain. The flag: whether other members follow.
    pub(crate) in_place: BuildInPlace<T>,
    /// Whether it is the account of a developer's tool. Such a tool keeps its login in files on which tokens depend,
    /// and in the default chain each of its failures is an absence.
    pub(crate) is_developers_tool: bool,
}

pub(crate) type Build<T> = fn(&Context<'_>, &Options<'_>) -> Result<T, Error>;

pub(crate) type BuildInPlace<T> = fn(&Context<'_>, bool) -> Result<T, Error>;

/// Returns the error for which a chain skips the kind. Any other error in its settings ends the chain.
pub(crate) type Absence = fn(&Context<'_>, &Options<'_>) -> Result<Option<Error>, Error>;

impl<T> Descriptor<T> {
    /// A kind that reads nothing about its cloud from the environment.
    pub(crate) const fn new(options: &'static [CredentialOption], build: Build<T>) -> Self {
        Self {
            options,
            build,
            absence: |_, _| Ok(None),
            cloud: CloudReading::Nothing,
            place: None,
            in_place: |_, _| Err(Error::new(ErrorKind::Internal, "this kind has no place in the default chain")),
            is_developers_tool: false,
        }
    }

    /// An application's kind. If no option names the authority, the environment does.
    pub(crate) const fn of_application(options: &'static [CredentialOption], build: Build<T>) -> Self {
        Self { cloud: CloudReading::Authority, ..Self::new(options, build) }
    }

    /// A kind with the settings of the environment.
    pub(crate) const fn of_environment(options: &'static [CredentialOption], build: Build<T>) -> Self {
        Self { cloud: CloudReading::Cloud, ..Self::new(options, build) }
    }

    /// The account of a developer's tool.
    pub(crate) const fn of_tool(options: &'static [CredentialOption], build: Build<T>) -> Self {
        Self { is_developers_tool: true, ..Self::new(options, build) }
    }

    /// The same kind, which is skipped if `absence` returns an error.
    pub(crate) const fn unless(self, absence: Absence) -> Self {
        Self { absence, ..self }
    }

    /// The same kind with a place in the default chain, for production. `AZURE_TOKEN_CREDENTIALS` knows it by this
    /// name.
    pub(crate) const fn in_production(self, name: &'static str, in_place: BuildInPlace<T>) -> Self {
        Self { place: Some(Place { name, is_for_development: false }), in_place, ..self }
    }

    /// The same kind with a place in the default chain, for development.
    pub(crate) const fn in_development(self, name: &'static str, in_place: BuildInPlace<T>) -> Self {
        Self { place: Some(Place { name, is_for_development: true }), in_place, ..self }
    }

    /// Returns whether the kind sends a secret, certificate or assertion to the authority.
    pub(crate) fn needs_authority(&self) -> bool {
        self.cloud != CloudReading::Nothing
    }

    pub(crate) fn has_option(&self, name: &str) -> bool {
        self.options.iter().any(|option| option.name == name)
    }
}

/// A place in the default chain.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Place {
    /// The name in `AZURE_TOKEN_CREDENTIALS`.
    pub(crate) name: &'static str,
    /// Whether it is for development rather than production.
    pub(crate) is_for_development: bool,
}

/// What a kind reads about its cloud from the environment if its options name none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum CloudReading {
    /// Nothing: its options are its only settings.
    #[default]
    Nothing,
    /// `AZURE_AUTHORITY_HOST`.
    Authority,
    /// All settings that the login context reads.
    Cloud,
}

/// An option of a kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CredentialOption {
    /// Its name in JavaScript.
    pub name: &'static str,
    /// The type of its value there.
    pub value: OptionType,
}

/// The type of an option's value in JavaScript.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OptionType {
    /// A string.
    Text,
    /// A string that no error, log line or `explain()` may show.
    Secret,
    /// A boolean.
    Flag,
    /// A number of milliseconds.
    Milliseconds,
    /// An array of strings.
    Texts,
    /// A string, or an array of strings.
    OneOrMoreTexts,
    /// A string, or the bytes of a file.
    TextOrBytes,
    /// A string, or an object of variables.
    TextOrVariables,
    /// A function.
    Function,
    /// An object that names a managed identity.
    ManagedIdentity,
    /// An array of the options of other credentials.
    Members,
}

impl CredentialOption {
    pub(crate) const fn new(name: &'static str, value: OptionType) -> Self {
        Self { name, value }
    }

    pub(crate) const fn text(name: &'static str) -> Self {
        Self::new(name, OptionType::Text)
    }

    pub(crate) const fn secret(name: &'static str) -> Self {
        Self::new(name, OptionType::Secret)
    }
}

/// The application's tenant.
pub(crate) const TENANT_ID: CredentialOption = CredentialOption::text("tenantId");
/// The application.
pub(crate) const CLIENT_ID: CredentialOption = CredentialOption::text("clientId");
/// The federated managed identity whose token the application asks for.
pub(crate) const FMI_PATH: CredentialOption = CredentialOption::text("fmiPath");
/// The time limit of a program.
pub(crate) const PROCESS_TIMEOUT: CredentialOption = CredentialOption::new("processTimeout", OptionType::Milliseconds);
/// The function that returns an assertion.
pub(crate) const GET_ASSERTION: CredentialOption = CredentialOption::new("getAssertion", OptionType::Function);
/// A name for that function if processes share tokens.
pub(crate) const CACHE_KEY: CredentialOption = CredentialOption::text("cacheKey");
/// The certificate itself.
pub(crate) const CERTIFICATE: CredentialOption = CredentialOption::new("certificate", OptionType::TextOrBytes);
/// The file with the certificate.
pub(crate) const CERTIFICATE_PATH: CredentialOption = CredentialOption::text("certificatePath");
/// The password of the certificate or file.
pub(crate) const PASSWORD: CredentialOption = CredentialOption::secret("password");
/// Whether to send the certificate chain.
pub(crate) const SEND_CERTIFICATE_CHAIN: CredentialOption =
    CredentialOption::new("sendCertificateChain", OptionType::Flag);
