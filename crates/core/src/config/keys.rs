//! Every variable that the core reads, in one place.

/// A group of variables that describe one service principal; the groups are never mixed.
#[derive(Debug)]
pub struct ClientSecretGroup {
    /// The tenant's GUID or domain name.
    pub tenant_id: &'static str,
    /// The application's client id.
    pub client_id: &'static str,
    /// The application's client secret.
    pub client_secret: &'static str,
}

/// The names that Pulumi's provider and Terraform's read.
pub const ARM_CLIENT_SECRET: ClientSecretGroup =
    ClientSecretGroup { tenant_id: "ARM_TENANT_ID", client_id: "ARM_CLIENT_ID", client_secret: "ARM_CLIENT_SECRET" };

/// The names that Azure's own SDKs read.
pub const AZURE_CLIENT_SECRET: ClientSecretGroup = ClientSecretGroup {
    tenant_id: "AZURE_TENANT_ID",
    client_id: "AZURE_CLIENT_ID",
    client_secret: "AZURE_CLIENT_SECRET",
};

/// Where tokens are issued, where no cloud is configured.
pub const AZURE_AUTHORITY_HOST: &str = "AZURE_AUTHORITY_HOST";

/// A PEM file that takes the place of the system's certificate store, as in OpenSSL.
pub const SSL_CERT_FILE: &str = "SSL_CERT_FILE";
/// Folders of PEM files that take the place of the system's certificate store, as in OpenSSL.
pub const SSL_CERT_DIR: &str = "SSL_CERT_DIR";
/// A PEM file of certificates to trust as well, as in Node.js.
pub const NODE_EXTRA_CA_CERTS: &str = "NODE_EXTRA_CA_CERTS";

/// The proxy for https addresses, in the order in which the names are looked at.
pub const HTTPS_PROXY: [&str; 2] = ["HTTPS_PROXY", "https_proxy"];
/// The proxy for http addresses.
pub const HTTP_PROXY: [&str; 2] = ["HTTP_PROXY", "http_proxy"];
/// The proxy for what has none.
pub const ALL_PROXY: [&str; 2] = ["ALL_PROXY", "all_proxy"];
/// What is reached without a proxy.
pub const NO_PROXY: [&str; 2] = ["NO_PROXY", "no_proxy"];

/// How much of the log is printed on stderr: `error`, `warn`, `info` or `debug`.
pub const AZURE_CLIENT_TOKEN_LOG: &str = "AZURE_CLIENT_TOKEN_LOG";

/// All of them: what a caller has to put into the snapshot.
pub const ALL: &[&str] = &[
    ARM_CLIENT_SECRET.tenant_id,
    ARM_CLIENT_SECRET.client_id,
    ARM_CLIENT_SECRET.client_secret,
    AZURE_CLIENT_SECRET.tenant_id,
    AZURE_CLIENT_SECRET.client_id,
    AZURE_CLIENT_SECRET.client_secret,
    AZURE_AUTHORITY_HOST,
    SSL_CERT_FILE,
    SSL_CERT_DIR,
    NODE_EXTRA_CA_CERTS,
    HTTPS_PROXY[0],
    HTTPS_PROXY[1],
    HTTP_PROXY[0],
    HTTP_PROXY[1],
    ALL_PROXY[0],
    ALL_PROXY[1],
    NO_PROXY[0],
    NO_PROXY[1],
    AZURE_CLIENT_TOKEN_LOG,
];
