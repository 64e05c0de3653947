/// What is said of a kind of credential once: the options that its builder reads, and its place in the default chain.
#[derive(Clone, Copy, Debug)]
pub struct Descriptor {
    /// The name by which a program asks for it.
    pub name: &'static str,
    /// Its options, apart from those that every kind has.
    pub options: &'static [CredentialOption],
    /// What it reads of its cloud in the environment.
    pub(crate) cloud: CloudReading,
    /// Where it stands in the default chain, if it does.
    pub(crate) place: Option<Place>,
}

impl Descriptor {
    /// A kind that reads nothing of its cloud in the environment.
    pub(crate) const fn new(name: &'static str, options: &'static [CredentialOption]) -> Self {
        Self { name, options, cloud: CloudReading::Nothing, place: None }
    }

    /// Of an application, which proves itself to Entra ID: where that is, the environment says if no option does.
    pub(crate) const fn of_application(name: &'static str, options: &'static [CredentialOption]) -> Self {
        Self { cloud: CloudReading::Authority, ..Self::new(name, options) }
    }

    /// A kind whose settings are the environment's.
    pub(crate) const fn of_environment(name: &'static str, options: &'static [CredentialOption]) -> Self {
        Self { cloud: CloudReading::Cloud, ..Self::new(name, options) }
    }

    /// The same in the default chain, for what runs in production, by the name that `AZURE_TOKEN_CREDENTIALS` knows.
    pub(crate) const fn in_production(self, name: &'static str) -> Self {
        Self { place: Some(Place { name, is_for_development: false }), ..self }
    }

    /// The same in the default chain, for the developer at the desk.
    pub(crate) const fn in_development(self, name: &'static str) -> Self {
        Self { place: Some(Place { name, is_for_development: true }), ..self }
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
/// What tells that function from others where processes share tokens.
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
