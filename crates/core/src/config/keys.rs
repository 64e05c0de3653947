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
];
