/// The table of all single kinds of credentials: a kind is a row here, and a file or a folder in `credentials/`. `$then`
/// makes of it what is needed: here the names, in `credentials/specification.rs` the rest.
///
/// Each row: the kind; its name in JavaScript, its name in a sentence, its section of TROUBLESHOOTING.md; its module in
/// `credentials/`, and its structure there. The default chain has its members in this order.
macro_rules! credential_kinds {
    ($then:ident) => {
        $then! {
            /// A service principal with a client secret.
            ClientSecret: "clientSecret", "client secret", "client-secret", client_secret, ClientSecretSpec;
            /// A service principal with a certificate.
            ClientCertificate: "clientCertificate", "client certificate", "client-certificate",
                client_certificate, ClientCertificateSpec;
            /// A service principal with an assertion that the program makes.
            ClientAssertion: "clientAssertion", "client assertion", "client-assertion",
                client_assertion, ClientAssertionSpec;
            /// A service principal with another identity provider's token.
            Oidc: "oidc", "OIDC token", "oidc", oidc, ClientAssertionSpec;
            /// An AKS workload identity.
            WorkloadIdentity: "workloadIdentity", "workload identity token", "workload-identity",
                workload_identity, ClientAssertionSpec;
            /// The host's managed identity.
            ManagedIdentity: "managedIdentity", "managed identity", "managed-identity",
                managed_identity, ManagedIdentitySpec;
            /// The Azure CLI's account.
            AzureCli: "azureCli", "Azure CLI", "azure-cli", azure_cli, AzureCliSpec;
            /// The Azure Developer CLI's account.
            AzureDeveloperCli: "azureDeveloperCli", "Azure Developer CLI", "azure-developer-cli",
                azure_developer_cli, AzureDeveloperCliSpec;
            /// Azure PowerShell's account.
            AzurePowerShell: "azurePowerShell", "Azure PowerShell", "azure-powershell",
                azure_powershell, AzurePowerShellSpec;
            /// A service principal acting for a user.
            OnBehalfOf: "onBehalfOf", "on-behalf-of request", "on-behalf-of", on_behalf_of, OnBehalfOfSpec;
            /// A program of the user's own.
            Command: "command", "command", "command", command, CommandSpec;
        }
    };
}

pub(crate) use credential_kinds;

macro_rules! declare_kinds {
    ($($(#[doc = $doc:literal])+ $kind:ident: $name:literal, $words:literal, $anchor:literal, $module:ident, $spec:ident;)+) => {
        /// The kind of credential that gave a token, or was tried for one.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum CredentialKind {
            $($(#[doc = $doc])+ $kind,)+
            /// Several credentials, in order.
            Chain,
        }

        impl CredentialKind {
            /// All kinds.
            pub const ALL: &'static [Self] = &[$(Self::$kind,)+ Self::Chain];

            /// Returns the name in JavaScript, which does not change.
            pub fn as_str(self) -> &'static str {
                match self {
                    $(Self::$kind => $name,)+
                    Self::Chain => "chain",
                }
            }

            /// Returns the name in a sentence: "… refused the client secret of application …".
            pub fn in_words(self) -> &'static str {
                match self {
                    $(Self::$kind => $words,)+
                    Self::Chain => "chain of credentials",
                }
            }

            /// Returns the anchor of its section in TROUBLESHOOTING.md.
            pub(super) fn anchor(self) -> &'static str {
                match self {
                    $(Self::$kind => $anchor,)+
                    Self::Chain => "chain",
                }
            }
        }
    };
}

credential_kinds!(declare_kinds);
