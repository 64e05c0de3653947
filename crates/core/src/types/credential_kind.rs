/// Declares the kinds from one table: all that is said of a kind stands in its row.
macro_rules! credential_kinds {
    ($($(#[doc = $doc:literal])+ $kind:ident: $name:literal, $words:literal, $anchor:literal;)+) => {
        /// Which kind of credential gave a token, or was tried for one.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum CredentialKind {
            $($(#[doc = $doc])+ $kind,)+
        }

        impl CredentialKind {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$kind),+];

            /// The name that JavaScript sees, stable.
            pub fn as_str(self) -> &'static str {
                match self {
                    $(Self::$kind => $name,)+
                }
            }

            /// The name in a sentence: "… refused the client secret of application …".
            pub fn in_words(self) -> &'static str {
                match self {
                    $(Self::$kind => $words,)+
                }
            }

            /// The anchor of its section in TROUBLESHOOTING.md.
            pub(super) fn anchor(self) -> &'static str {
                match self {
                    $(Self::$kind => $anchor,)+
                }
            }
        }
    };
}

// The kind, its name in JavaScript, its name in a sentence, its section of TROUBLESHOOTING.md.
credential_kinds! {
    /// A service principal with a client secret.
    ClientSecret: "clientSecret", "client secret", "client-secret";
    /// A service principal with a certificate.
    ClientCertificate: "clientCertificate", "client certificate", "client-certificate";
    /// A service principal with an assertion that the program makes.
    ClientAssertion: "clientAssertion", "client assertion", "client-assertion";
    /// A service principal with another identity provider's token.
    Oidc: "oidc", "OIDC token", "oidc";
    /// An AKS workload identity.
    WorkloadIdentity: "workloadIdentity", "workload identity token", "workload-identity";
    /// The host's managed identity.
    ManagedIdentity: "managedIdentity", "managed identity", "managed-identity";
    /// The Azure CLI's account.
    AzureCli: "azureCli", "Azure CLI", "azure-cli";
    /// The Azure Developer CLI's account.
    AzureDeveloperCli: "azureDeveloperCli", "Azure Developer CLI", "azure-developer-cli";
    /// Azure PowerShell's account.
    AzurePowerShell: "azurePowerShell", "Azure PowerShell", "azure-powershell";
    /// A service principal acting for a user.
    OnBehalfOf: "onBehalfOf", "on-behalf-of request", "on-behalf-of";
    /// A program of the user's own.
    Command: "command", "command", "command";
    /// Several of them, in order.
    Chain: "chain", "chain of credentials", "chain";
}

impl CredentialKind {
    /// The kind that JavaScript calls so.
    pub(crate) fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|kind| kind.as_str() == name)
    }
}
