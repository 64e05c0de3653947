//! The table of every setting that the core reads. JavaScript's snapshot of the environment and the table in
//! docs/settings.md are made from it.

use std::sync::LazyLock;

/// A setting: where its value may come from, and what it means.
#[derive(Debug)]
pub struct Setting {
    /// Its key in the configuration of Pulumi's Azure Native provider, without `azure-native:`.
    pub key: Option<&'static str>,
    /// Its variables, in the order in which they are read.
    pub variables: &'static [&'static str],
    /// Whether its value is a secret.
    pub is_secret: bool,
    /// Its meaning: a line of the documentation.
    pub meaning: &'static str,
}

impl Setting {
    const fn provider(key: &'static str, variables: &'static [&'static str], meaning: &'static str) -> Self {
        Self { key: Some(key), variables, is_secret: false, meaning }
    }

    const fn variable(variables: &'static [&'static str], meaning: &'static str) -> Self {
        Self { key: None, variables, is_secret: false, meaning }
    }

    const fn secret(self) -> Self {
        Self { is_secret: true, ..self }
    }

    /// Returns the name of its first variable, by which it is known without a configuration.
    pub fn name(&self) -> &'static str {
        self.variables[0]
    }
}

/// The prefix of the provider's keys in a stack's configuration.
pub const PACKAGE: &str = "azure-native";

macro_rules! settings {
    ($($(#[$note:meta])* $name:ident = $setting:expr;)*) => {
        $($(#[$note])* #[doc = "See its `meaning`."] pub static $name: Setting = $setting;)*

        /// All of them, in the order of the documentation.
        pub static SETTINGS: &[&Setting] = &[$(&$name),*];
    };
}

settings! {
    CLIENT_ID = Setting::provider("clientId", &["ARM_CLIENT_ID"],
        "The application (client) id; with `useMsi` the client id of the user-assigned identity").secret();
    CLIENT_SECRET = Setting::provider("clientSecret", &["ARM_CLIENT_SECRET"],
        "The application's client secret").secret();
    TENANT_ID = Setting::provider("tenantId", &["ARM_TENANT_ID"],
        "The tenant, a GUID or a domain name; not for the Azure CLI");
    SUBSCRIPTION_ID = Setting::provider("subscriptionId", &["ARM_SUBSCRIPTION_ID"],
        "The subscription: which account of the Azure CLI, and part of `getClientConfig`. No token needs one");
    CLIENT_CERTIFICATE_PATH = Setting::provider("clientCertificatePath", &["ARM_CLIENT_CERTIFICATE_PATH"],
        "A file with the application's certificate and private key, PEM or PKCS#12");
    CLIENT_CERTIFICATE_PASSWORD = Setting::provider("clientCertificatePassword", &["ARM_CLIENT_CERTIFICATE_PASSWORD"],
        "The password of that file").secret();
    AUXILIARY_TENANT_IDS = Setting::provider("auxiliaryTenantIds", &["ARM_AUXILIARY_TENANT_IDS"],
        "A JSON array of further tenants that a call may name");
    USE_OIDC = Setting::provider("useOidc", &["ARM_USE_OIDC"],
        "`true`: prove the application by another identity provider's token");
    OIDC_TOKEN = Setting::provider("oidcToken", &["ARM_OIDC_TOKEN"],
        "That token").secret();
    OIDC_TOKEN_FILE_PATH = Setting::provider("oidcTokenFilePath", &["ARM_OIDC_TOKEN_FILE_PATH"],
        "A file with that token, read again for each request");
    OIDC_REQUEST_TOKEN = Setting::provider("oidcRequestToken",
        &["ACTIONS_ID_TOKEN_REQUEST_TOKEN", "ARM_OIDC_REQUEST_TOKEN"],
        "The bearer token for the CI system's service that issues that token, such as GitHub's").secret();
    OIDC_REQUEST_URL = Setting::provider("oidcRequestUrl",
        &["ACTIONS_ID_TOKEN_REQUEST_URL", "ARM_OIDC_REQUEST_URL"],
        "The URL of that service");
    OIDC_AUDIENCE = Setting::provider("oidcAudience", &["ARM_OIDC_AUDIENCE"],
        "The audience to request from that service. Default: `api://AzureADTokenExchange`");
    USE_MSI = Setting::provider("useMsi", &["ARM_USE_MSI"],
        "`true`: the host's managed identity");
    MSI_ENDPOINT_IGNORED = Setting::provider("msiEndpoint", &["ARM_MSI_ENDPOINT"],
        "Accepted, without effect");
    USE_DEFAULT_AZURE_CREDENTIAL = Setting::provider("useDefaultAzureCredential", &["ARM_USE_DEFAULT_AZURE_CREDENTIAL"],
        "`true`: the default chain");
    DISABLE_INSTANCE_DISCOVERY = Setting::provider("disableInstanceDiscovery", &["ARM_DISABLE_INSTANCE_DISCOVERY"],
        "Accepted, without effect: instance discovery is never used");
    METADATA_HOST = Setting::provider("metadataHost", &["ARM_METADATA_HOSTNAME"],
        "A host whose metadata document describes the cloud; takes precedence over `environment`");
    ENVIRONMENT = Setting::provider("environment", &["ARM_ENVIRONMENT"],
        "The cloud by name: `public`, `usgovernment`, `china` or another of their names");
    AZURE_ENVIRONMENT = Setting::variable(&["AZURE_ENVIRONMENT"],
        "Used if `ARM_ENVIRONMENT` is not set");
    AZURE_AUTHORITY_HOST = Setting::variable(&["AZURE_AUTHORITY_HOST"],
        "The authority, an https URL; used if no cloud is configured");
    PULUMI_CONFIG = Setting::variable(&["PULUMI_CONFIG"],
        "A stack's configuration, a JSON object. If it is set, the program runs inside Pulumi, and the rules of Pulumi's provider apply").secret();
    AZURE_TENANT_ID = Setting::variable(&["AZURE_TENANT_ID"],
        "The tenant, for the default chain, `environment` and `workloadIdentity`");
    AZURE_CLIENT_ID = Setting::variable(&["AZURE_CLIENT_ID"],
        "The application, for the same; in the default chain also the user-assigned managed identity");
    AZURE_CLIENT_SECRET = Setting::variable(&["AZURE_CLIENT_SECRET"],
        "The application's client secret, for the default chain and `environment`").secret();
    AZURE_CLIENT_CERTIFICATE_PATH = Setting::variable(&["AZURE_CLIENT_CERTIFICATE_PATH"],
        "The application's certificate and private key, for the same");
    AZURE_CLIENT_CERTIFICATE_PASSWORD = Setting::variable(&["AZURE_CLIENT_CERTIFICATE_PASSWORD"],
        "The password of that file").secret();
    AZURE_CLIENT_SEND_CERTIFICATE_CHAIN = Setting::variable(&["AZURE_CLIENT_SEND_CERTIFICATE_CHAIN"],
        "`true` or `1`: send the certificate chain (x5c) as well");
    AZURE_FEDERATED_TOKEN_FILE = Setting::variable(&["AZURE_FEDERATED_TOKEN_FILE"],
        "Workload identity: the file with the service account's token. With `ARM_USE_OIDC` it is used if no other token is set");
    AZURE_TOKEN_CREDENTIALS = Setting::variable(&["AZURE_TOKEN_CREDENTIALS"],
        "The members of the default chain: `dev`, `prod`, or one credential's name");
    AZURE_USERNAME = Setting::variable(&["AZURE_USERNAME"],
        "Refused with an explanation: Microsoft has retired the sign-in by password. The default chain ignores it");
    AZURE_ADDITIONALLY_ALLOWED_TENANTS = Setting::variable(&["AZURE_ADDITIONALLY_ALLOWED_TENANTS"],
        "Further tenants that a call may name, separated by semicolons; `*` allows all");
    AZURE_REGIONAL_AUTHORITY_NAME = Setting::variable(&["AZURE_REGIONAL_AUTHORITY_NAME"],
        "A region such as `westus2`, whose token service is used for applications in Microsoft's own clouds; `AutoDiscoverRegion`: the region of the machine");
    REGION_NAME = Setting::variable(&["REGION_NAME"],
        "The region of the machine: set by App Service and Functions");
    AZURE_CONFIG_DIR = Setting::variable(&["AZURE_CONFIG_DIR"],
        "The Azure CLI's folder. Default: `.azure` in the home folder");
    AZURE_CLOUD_NAME = Setting::variable(&["AZURE_CLOUD_NAME"],
        "The Azure CLI's active cloud, instead of the one in its configuration");
    AZD_CONFIG_DIR = Setting::variable(&["AZD_CONFIG_DIR"],
        "The Azure Developer CLI's folder. Default: `.azd` in the home folder");
    SYSTEM_OIDCREQUESTURI = Setting::variable(&["SYSTEM_OIDCREQUESTURI"],
        "Azure Pipelines: the URL at which a job requests its OIDC token");
    SYSTEM_ACCESSTOKEN = Setting::variable(&["SYSTEM_ACCESSTOKEN"],
        "Azure Pipelines: the bearer token for that request").secret();
    SERVICE_CONNECTION_ID = Setting::variable(
        &["ARM_ADO_PIPELINE_SERVICE_CONNECTION_ID", "ARM_OIDC_AZURE_SERVICE_CONNECTION_ID", "AZURESUBSCRIPTION_SERVICE_CONNECTION_ID"],
        "Azure Pipelines: the service connection");
    IDENTITY_ENDPOINT = Setting::variable(&["IDENTITY_ENDPOINT"],
        "Managed identity: set by App Service, Service Fabric and Azure Arc");
    IDENTITY_HEADER = Setting::variable(&["IDENTITY_HEADER"],
        "Managed identity: set by App Service and Service Fabric").secret();
    IDENTITY_SERVER_THUMBPRINT = Setting::variable(&["IDENTITY_SERVER_THUMBPRINT"],
        "Managed identity: set by Service Fabric");
    IMDS_ENDPOINT = Setting::variable(&["IMDS_ENDPOINT"],
        "Managed identity: set by Azure Arc");
    MSI_ENDPOINT = Setting::variable(&["MSI_ENDPOINT"],
        "Managed identity: set by Cloud Shell and Azure Machine Learning");
    MSI_SECRET = Setting::variable(&["MSI_SECRET"],
        "Managed identity: set by Azure Machine Learning").secret();
    DEFAULT_IDENTITY_CLIENT_ID = Setting::variable(&["DEFAULT_IDENTITY_CLIENT_ID"],
        "Managed identity: set by Azure Machine Learning");
    AZURE_POD_IDENTITY_AUTHORITY_HOST = Setting::variable(&["AZURE_POD_IDENTITY_AUTHORITY_HOST"],
        "Managed identity: the URL of the instance metadata service. Default: `http://169.254.169.254`");
    AZURE_KUBERNETES_TOKEN_PROXY = Setting::variable(&["AZURE_KUBERNETES_TOKEN_PROXY"],
        "The cluster's identity binding proxy; read only with the option `enableAzureProxy`");
    AZURE_KUBERNETES_CA_FILE = Setting::variable(&["AZURE_KUBERNETES_CA_FILE"],
        "A file with the certificates to trust for that proxy");
    AZURE_KUBERNETES_CA_DATA = Setting::variable(&["AZURE_KUBERNETES_CA_DATA"],
        "Those certificates themselves");
    AZURE_KUBERNETES_SNI_NAME = Setting::variable(&["AZURE_KUBERNETES_SNI_NAME"],
        "The TLS server name (SNI) of that proxy");
    TRUSTED_FILE = Setting::variable(&[SSL_CERT_FILE],
        "A PEM file of certificates to trust instead of the system's, as in OpenSSL");
    TRUSTED_FOLDERS = Setting::variable(&[SSL_CERT_DIR],
        "Folders of such files, as in OpenSSL");
    TRUSTED_AS_WELL = Setting::variable(&[NODE_EXTRA_CA_CERTS],
        "A PEM file of certificates to trust in addition, as in Node.js");
    PROXY_FOR_HTTPS = Setting::variable(&HTTPS_PROXY,
        "The proxy for https addresses; in upper or lower case").secret();
    PROXY_FOR_HTTP = Setting::variable(&HTTP_PROXY,
        "The proxy for http addresses; in upper or lower case").secret();
    PROXY_FOR_ALL = Setting::variable(&ALL_PROXY,
        "The proxy for addresses without one of the two above; in upper or lower case").secret();
    PROXY_FOR_NONE = Setting::variable(&NO_PROXY,
        "Hosts to connect to without a proxy; in upper or lower case");
    UNDER_CGI = Setting::variable(&[REQUEST_METHOD],
        "Set by a web server that runs the program as CGI: `HTTP_PROXY` is then ignored, because a request could set it");
    LOG = Setting::variable(&["AZURE_CLIENT_TOKEN_LOG"],
        "The log level for stderr: `error`, `warn`, `info` or `debug`");
    CACHE = Setting::variable(&["AZURE_CLIENT_TOKEN_CACHE"],
        "Where tokens are kept in addition to this process's memory: `machine` or `off`. Default: `off`, and for the command `machine`");
    CACHE_DIRECTORY = Setting::variable(&["AZURE_CLIENT_TOKEN_CACHE_DIR"],
        "The folder for `machine`. Default: the user's cache folder");
    XDG_CACHE_HOME = Setting::variable(&["XDG_CACHE_HOME"],
        "The user's cache folder. Default: `.cache` in the home folder; not on macOS and Windows");
    LOCALAPPDATA = Setting::variable(&["LOCALAPPDATA"],
        "The user's cache folder on Windows");
    PATH = Setting::variable(&["PATH"],
        "Where the Azure CLI and other tools are looked for");
    TZ = Setting::variable(&["TZ"],
        "The time zone in which an old Azure CLI prints a token's expiry");
    HOME = Setting::variable(&["HOME", "USERPROFILE"],
        "The home folder, the second one on Windows");
}

/// A PEM file that replaces the system's certificate store, as in OpenSSL.
pub const SSL_CERT_FILE: &str = "SSL_CERT_FILE";
/// Folders of PEM files that replace the system's certificate store, as in OpenSSL.
pub const SSL_CERT_DIR: &str = "SSL_CERT_DIR";
/// A PEM file of additional trusted certificates, as in Node.js.
pub const NODE_EXTRA_CA_CERTS: &str = "NODE_EXTRA_CA_CERTS";

/// The proxy for https addresses; the names in the order in which they are read.
pub const HTTPS_PROXY: [&str; 2] = ["HTTPS_PROXY", "https_proxy"];
/// The proxy for http addresses.
pub const HTTP_PROXY: [&str; 2] = ["HTTP_PROXY", "http_proxy"];
/// The proxy for addresses without one of their own.
pub const ALL_PROXY: [&str; 2] = ["ALL_PROXY", "all_proxy"];
/// The hosts that are reached without a proxy.
pub const NO_PROXY: [&str; 2] = ["NO_PROXY", "no_proxy"];

/// A variable that a web server sets if it runs the program as CGI (RFC 3875 §4.1.12).
pub const REQUEST_METHOD: &str = "REQUEST_METHOD";

/// The names of all variables, which a caller must put into the snapshot.
pub static ALL: LazyLock<Vec<&'static str>> =
    LazyLock::new(|| SETTINGS.iter().flat_map(|setting| setting.variables).copied().collect());

/// The settings as a table in Markdown, for the documentation.
pub fn markdown_table() -> String {
    let head = "| variable | `azure-native:` | meaning |\n| --- | --- | --- |\n";
    SETTINGS.iter().fold(head.to_owned(), |table, setting| table + &row(setting))
}

fn row(setting: &Setting) -> String {
    let key = setting.key.map(|key| format!("`{key}`")).unwrap_or_default();
    // If a variable has a name in upper and in lower case, one of them is enough to show.
    let shown = setting.variables.iter().filter(|name| !name.contains(char::is_lowercase));
    let variables: Vec<_> = shown.map(|name| format!("`{name}`")).collect();
    let secret = if setting.is_secret { " (secret)" } else { "" };
    format!("| {} | {key} | {}{secret} |\n", variables.join(", "), setting.meaning)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn no_name_means_two_things() {
        assert_eq!(ALL.iter().collect::<HashSet<_>>().len(), ALL.len());
        let keys: Vec<_> = SETTINGS.iter().filter_map(|setting| setting.key).collect();
        assert_eq!(keys.iter().collect::<HashSet<_>>().len(), keys.len());
    }
}
