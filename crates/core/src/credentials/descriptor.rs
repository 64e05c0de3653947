use crate::{
    config::{options::Options, Context},
    types::{CredentialKind, Error, ErrorKind, HelpAnchor},
};

/// A value of the option `credential`: a kind of credential, or a rule that chooses one.
#[derive(Debug)]
pub struct Kind<T> {
    /// The name.
    pub name: &'static str,
    /// What is said of it.
    pub descriptor: Descriptor<T>,
    /// Where its mistakes are explained.
    pub(crate) help: HelpAnchor,
    /// The kind that it leads to, also where its settings are incomplete.
    pub(crate) leads_to: fn(&Context<'_>) -> CredentialKind,
}

/// What a kind's file says of it once: its options, how they make its structure, and its place in the default chain.
#[derive(Debug)]
pub struct Descriptor<T> {
    /// Its options, apart from those that every kind has.
    pub options: &'static [CredentialOption],
    /// What its options, and the environment where it reads that, make.
    pub(crate) build: Build<T>,
    /// What is not set, where that means that it is not configured here.
    pub(crate) absence: Absence,
    /// What it reads of its cloud in the environment.
    pub(crate) cloud: CloudReading,
    /// Where it stands in the default chain, if it does.
    pub(crate) place: Option<Place>,
    /// What the environment makes there; the flag: whether others stand behind it.
    pub(crate) in_place: BuildInPlace<T>,
    /// Whether it is the account of a developer's tool: that keeps who is logged in, in files on which tokens depend, and in
    /// the default chain every failure of it is an absence.
    pub(crate) is_developers_tool: bool,
}

pub(crate) type Build<T> = fn(&Context<'_>, &Options<'_>) -> Result<T, Error>;

pub(crate) type BuildInPlace<T> = fn(&Context<'_>, bool) -> Result<T, Error>;

/// A chain goes past what is absent. Any other mistake is an error.
pub(crate) type Absence = fn(&Context<'_>, &Options<'_>) -> Result<Option<Error>, Error>;

impl<T> Descriptor<T> {
    /// A kind that reads nothing of its cloud in the environment.
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

    /// Of an application, which proves itself to Entra ID: where that is, the environment says if no option does.
    pub(crate) const fn of_application(options: &'static [CredentialOption], build: Build<T>) -> Self {
        Self { cloud: CloudReading::Authority, ..Self::new(options, build) }
    }

    /// A kind whose settings are the environment's.
    pub(crate) const fn of_environment(options: &'static [CredentialOption], build: Build<T>) -> Self {
        Self { cloud: CloudReading::Cloud, ..Self::new(options, build) }
    }

    /// The account of a developer's tool.
    pub(crate) const fn of_tool(options: &'static [CredentialOption], build: Build<T>) -> Self {
        Self { is_developers_tool: true, ..Self::new(options, build) }
    }

    /// The same, not configured here where that is absent.
    pub(crate) const fn unless(self, absence: Absence) -> Self {
        Self { absence, ..self }
    }

    /// The same in the default chain, for what runs in production, by the name that `AZURE_TOKEN_CREDENTIALS` knows.
    pub(crate) const fn in_production(self, name: &'static str, in_place: BuildInPlace<T>) -> Self {
        Self { place: Some(Place { name, is_for_development: false }), in_place, ..self }
    }

    /// The same in the default chain, for the developer at the desk.
    pub(crate) const fn in_development(self, name: &'static str, in_place: BuildInPlace<T>) -> Self {
        Self { place: Some(Place { name, is_for_development: true }), in_place, ..self }
    }

    /// Whether it sends what proves an application to the authority.
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
    /// The name that `AZURE_TOKEN_CREDENTIALS` knows.
    pub(crate) name: &'static str,
    /// For the developer at the desk, not for what runs in production.
    pub(crate) is_for_development: bool,
}

/// What a kind reads of its cloud in the environment, where its options name none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum CloudReading {
    /// Its settings are its options alone.
    #[default]
    Nothing,
    /// `AZURE_AUTHORITY_HOST`.
    Authority,
    /// All that the login context reads.
    Cloud,
}

/// An option of a kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CredentialOption {
    /// Its name in JavaScript.
    pub name: &'static str,
    /// What its value is there.
    pub value: OptionType,
}

/// What the value of an option is in JavaScript.
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
/// The federated managed identity whose token is wanted.
pub(crate) const FMI_PATH: CredentialOption = CredentialOption::text("fmiPath");
/// How long a program may run.
pub(crate) const PROCESS_TIMEOUT: CredentialOption = CredentialOption::new("processTimeout", OptionType::Milliseconds);
/// What makes an assertion.
pub(crate) const GET_ASSERTION: CredentialOption = CredentialOption::new("getAssertion", OptionType::Function);
/// Distinguishes that function from others where processes share tokens.
pub(crate) const CACHE_KEY: CredentialOption = CredentialOption::text("cacheKey");
/// A certificate itself.
pub(crate) const CERTIFICATE: CredentialOption = CredentialOption::new("certificate", OptionType::TextOrBytes);
/// The file that has it.
pub(crate) const CERTIFICATE_PATH: CredentialOption = CredentialOption::text("certificatePath");
/// The password of either.
pub(crate) const PASSWORD: CredentialOption = CredentialOption::secret("password");
/// Whether its chain is sent along.
pub(crate) const SEND_CERTIFICATE_CHAIN: CredentialOption =
    CredentialOption::new("sendCertificateChain", OptionType::Flag);
