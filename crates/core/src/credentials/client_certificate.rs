//! A service principal with a certificate, which signs an assertion (RFC 7523) in the form that Entra ID or AD FS
//! requires.

#[cfg(test)]
mod tests;

use super::{
    azure_identity::with_assertion,
    descriptor::{
        Descriptor, CERTIFICATE, CERTIFICATE_PATH, CLIENT_ID, FMI_PATH, PASSWORD, SEND_CERTIFICATE_CHAIN, TENANT_ID,
    },
    principal::{Principal, ServicePrincipal, CERTIFICATE_PROOF},
    route::Route,
    Acquisition, Credential,
};
use crate::{
    certificates::{AssertionClaims, AssertionForm, SigningCertificate, Unreadable, Validity},
    config::{keys, options::Options, Context},
    host::{blocking, FileIdentity, Files},
    key::{KeyBuilder, KeyPart, NamePart, Reach},
    types::{
        content_for_path, opaque, shown_path, AccessToken, ClientId, CredentialKind, Error, Resource, Secret, TenantId,
    },
};
use async_trait::async_trait;
use std::{
    path::{Path, PathBuf},
    sync::Arc,
    time::UNIX_EPOCH,
};
use tokio::sync::Semaphore;

/// A service principal with a certificate.
#[derive(Clone, Debug)]
pub struct ClientCertificateSpec {
    /// The application.
    pub principal: ServicePrincipal,
    /// Its certificate and key.
    pub certificate: CertificateSpec,
}

/// A certificate and its private key, not yet read.
#[derive(Clone, Debug)]
pub struct CertificateSpec {
    /// Where they come from.
    pub origin: CertificateOrigin,
    /// The password of the archive or key.
    pub password: Option<Secret>,
    /// Whether to send the certificate chain (`x5c`), for subject name and issuer authentication.
    pub send_chain: bool,
    /// The setting that contains or names it.
    pub setting: String,
}

/// Where a certificate comes from.
#[derive(Clone)]
pub enum CertificateOrigin {
    /// A file, which is read again when it changes.
    File(PathBuf),
    /// Its content as text: PEM, or the base64 of any format.
    Text(Secret),
}

opaque!(CertificateOrigin);

pub(crate) const DESCRIPTOR: Descriptor<ClientCertificateSpec> = Descriptor::of_application(
    &[TENANT_ID, CLIENT_ID, CERTIFICATE, CERTIFICATE_PATH, PASSWORD, SEND_CERTIFICATE_CHAIN, FMI_PATH],
    |_, options| ClientCertificateSpec::of_options(options),
);

impl ClientCertificateSpec {
    pub(crate) fn of_options(options: &Options<'_>) -> Result<Self, Error> {
        Ok(Self {
            principal: ServicePrincipal::of_options(options)?,
            certificate: CertificateSpec::of_options(options)?,
        })
    }

    pub(crate) fn of_provider(context: &Context<'_>) -> Result<Self, Error> {
        let path = context.lookup.text(&keys::CLIENT_CERTIFICATE_PATH).unwrap_or_default();
        let certificate = CertificateSpec {
            origin: CertificateOrigin::File(PathBuf::from(path)),
            password: context.lookup.secret(&keys::CLIENT_CERTIFICATE_PASSWORD),
            send_chain: false,
            setting: context.lookup.name(&keys::CLIENT_CERTIFICATE_PATH),
        };
        let principal = ServicePrincipal::of_provider(context, "as a Service Principal using a Client Certificate")?;
        Ok(Self { principal, certificate })
    }

    /// Reads the `AZURE_*` variables.
    pub(crate) fn of_environment(context: &Context<'_>) -> Result<Self, Error> {
        let (lookup, setting) = (&context.lookup, CERTIFICATE_PROOF.setting);
        let send_chain = lookup.text(&keys::AZURE_CLIENT_SEND_CERTIFICATE_CHAIN).map(str::trim);
        let certificate = CertificateSpec {
            origin: CertificateOrigin::File(PathBuf::from(lookup.text(setting).unwrap_or_default())),
            password: lookup.secret(&keys::AZURE_CLIENT_CERTIFICATE_PASSWORD),
            send_chain: send_chain.is_some_and(|value| value == "1" || value.eq_ignore_ascii_case("true")),
            setting: setting.name().to_owned(),
        };
        let principal = ServicePrincipal::of_environment(context, &CERTIFICATE_PROOF)?;
        Ok(Self { principal, certificate })
    }
}

impl CertificateSpec {
    pub(super) fn of_options(options: &Options<'_>) -> Result<Self, Error> {
        let given = options.one_of(&["certificate", "certificatePath"])?;
        let value = options.secret(given)?;
        Ok(Self {
            origin: match given {
                "certificatePath" => CertificateOrigin::File(PathBuf::from(value.expose())),
                _ => CertificateOrigin::Text(value),
            },
            password: options.text("password").map(Secret::new),
            send_chain: options.is_true("sendCertificateChain"),
            setting: options.named(given),
        })
    }
}

impl KeyPart for ClientCertificateSpec {
    fn add_to(&self, key: KeyBuilder) -> KeyBuilder {
        let Self { principal, certificate } = self;
        key.with(principal).with(certificate)
    }
}

impl KeyPart for CertificateSpec {
    fn add_to(&self, key: KeyBuilder) -> KeyBuilder {
        let Self { origin, password, send_chain, setting: _ } = self;
        let key = match origin {
            CertificateOrigin::File(path) => key.part("file").path(path),
            CertificateOrigin::Text(text) => key.part("text").part(text.expose()),
        };
        key.optional(password.as_ref().map(Secret::expose)).part([u8::from(*send_chain)])
    }
}

impl NamePart for ClientCertificateSpec {
    fn add_to_name(&self, reach: Reach, name: KeyBuilder) -> Option<KeyBuilder> {
        let Self { principal, certificate } = self;
        certificate.add_to_name(reach, principal.add_to_name(reach, name)?)
    }
}

impl NamePart for CertificateSpec {
    /// In a fleet each machine may have the certificate in another place, in another form, with another password. There
    /// its thumbprint is used, which `add_what_is_read` adds.
    fn add_to_name(&self, reach: Reach, name: KeyBuilder) -> Option<KeyBuilder> {
        let Self { origin: _, password: _, send_chain, setting: _ } = self;
        Some(match reach {
            Reach::Machine(_) => name.with(self),
            Reach::Fleet => name.part("certificate").part([u8::from(*send_chain)]),
        })
    }
}

/// The longest file. A chain with its key takes about 10 KB.
const LONGEST_FILE: usize = 1 << 20;

#[async_trait]
impl Credential for ClientCertificateSpec {
    async fn token(&self, kind: CredentialKind, acquisition: &Acquisition) -> Result<AccessToken, Error> {
        let principal = Principal {
            kind,
            tenant: acquisition.tenant_or(&self.principal.tenant),
            client_id: &self.principal.client_id,
            setting: &self.certificate.setting,
            fmi_path: self.principal.fmi_path.as_deref(),
        };
        let route = Route::of_application(acquisition, principal.tenant)?;
        let assertion = signed(&self.certificate, principal.tenant, principal.client_id, acquisition).await?;
        with_assertion(&route, acquisition, &principal, assertion).await
    }

    async fn add_what_is_read(&self, name: KeyBuilder, acquisition: &Acquisition) -> Option<KeyBuilder> {
        let certificate = read_certificate(&self.certificate, acquisition).await.ok()?;
        Some(name.part(certificate.thumbprint()))
    }

    /// azidentity reads the certificate when it builds the chain, and skips a credential that it cannot build.
    async fn prepare(&self, acquisition: &Acquisition) -> Result<(), Error> {
        read_certificate(&self.certificate, acquisition).await.map(drop)
    }

    fn principal(&self) -> Option<&ServicePrincipal> {
        Some(&self.principal)
    }

    fn is_of_application(&self) -> bool {
        true
    }
}

/// Returns an assertion for the tenant's token endpoint, signed with the certificate.
pub(super) async fn signed(
    spec: &CertificateSpec,
    tenant: &TenantId,
    client_id: &ClientId,
    acquisition: &Acquisition,
) -> Result<Secret, Error> {
    let authority = &acquisition.cloud.authority;
    let endpoint = authority.token_endpoint(tenant)?;
    let is_adfs = authority.is_adfs(tenant);
    let form = if is_adfs { AssertionForm::Adfs } else { AssertionForm::EntraId { with_chain: spec.send_chain } };
    let certificate = read_certificate(spec, acquisition).await?;
    let now = acquisition.host.clock.now() / 1000;
    check(certificate.validity(now), spec)?;
    let client_id = client_id.as_str().to_owned();
    busy(move || {
        let claims = AssertionClaims { audience: endpoint.as_str(), client_id: &client_id, now };
        certificate.assertion(form, &claims)
    })
    .await?
}

/// Returns the certificate and its key. They are read once, and again when the file changes.
async fn read_certificate(spec: &CertificateSpec, acquisition: &Acquisition) -> Result<Arc<SigningCertificate>, Error> {
    let password = spec.password.as_ref().map_or(&[][..], |password| password.expose().as_bytes());
    let has_password = [u8::from(spec.password.is_some())];
    match &spec.origin {
        CertificateOrigin::Text(text) => {
            let parts = [b"text", text.expose().as_bytes(), &has_password, password];
            let read = || {
                let (text, spec) = (text.clone(), spec.clone());
                async move { of_text(text, &spec).await }
            };
            acquisition.certificates.certificate(&parts, read).await
        }
        CertificateOrigin::File(path) => {
            let files = &acquisition.host.files;
            let identity = files.identity(path).await.map_err(|error| unread(spec, path, &error))?;
            let identity = described(&identity);
            let parts = [b"file", path.as_os_str().as_encoded_bytes(), &identity, &has_password, password];
            let read = || {
                let (path, spec, files) = (path.clone(), spec.clone(), files.clone());
                async move { from_file(&path, &spec, &files).await }
            };
            acquisition.certificates.certificate(&parts, read).await
        }
    }
}

async fn from_file(path: &Path, spec: &CertificateSpec, files: &Files) -> Result<SigningCertificate, Error> {
    let content = files.read(path, LONGEST_FILE).await.map_err(|error| unread(spec, path, &error))?;
    let password = spec.password.clone();
    let read = busy(move || SigningCertificate::read(&content, password.as_ref().map(Secret::expose))).await?;
    read.map_err(|why| unusable(spec, &why))
}

async fn of_text(text: Secret, spec: &CertificateSpec) -> Result<SigningCertificate, Error> {
    let password = spec.password.clone();
    let read = move || SigningCertificate::read(text.expose().as_bytes(), password.as_ref().map(Secret::expose));
    busy(read).await?.map_err(|why| unusable(spec, &why))
}

/// Returns the properties that change when the file does.
fn described(identity: &FileIdentity) -> Vec<u8> {
    let modified = identity.modified.and_then(|modified| modified.duration_since(UNIX_EPOCH).ok());
    let modified = modified.unwrap_or_default().as_nanos().to_le_bytes();
    let numbers = [identity.length.to_le_bytes(), identity.inode.to_le_bytes()].concat();
    [&modified[..], &numbers, &identity.changed.to_le_bytes()].concat()
}

/// More of these at once would only compete for processors, and for the threads that resolve names and read files.
static AT_ONCE: Semaphore = Semaphore::const_new(MOST_AT_ONCE);
const MOST_AT_ONCE: usize = 4;

/// Runs work that keeps a processor busy for a while, such as decrypting a key or signing.
async fn busy<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, Error> {
    // The semaphore is never closed, so every caller gets its turn.
    let turn = AT_ONCE.acquire().await;
    let work = move || {
        let _turn = turn;
        work()
    };
    blocking(work).await
}

fn check(validity: Validity, spec: &CertificateSpec) -> Result<(), Error> {
    let problem = match validity {
        Validity::Valid => return Ok(()),
        Validity::Expired(day) => format!("expired on {day}: renew it, and add the new one to the application"),
        Validity::NotYet(day) => format!("is not valid before {day}: check the machine's clock"),
    };
    Err(Error::configuration(format!("{}: the certificate{} {problem}", spec.setting, place(spec)), [&spec.setting]))
}

fn place(spec: &CertificateSpec) -> String {
    match &spec.origin {
        CertificateOrigin::File(path) => format!(" in {}", shown_path(&spec.setting, path)),
        CertificateOrigin::Text(_) => String::new(),
    }
}

/// The beginning of Pulumi's sentence about a file, because people search for it.
const NOT_VALID: &str = "the Client Certificate Path is not a valid pfx file";

fn unread(spec: &CertificateSpec, path: &Path, error: &std::io::Error) -> Error {
    let setting = &spec.setting;
    let what = format!("{setting}: the certificate {} cannot be read", shown_path(setting, path));
    if let Some(shortage) = Resource::shortage(error, &what) {
        return shortage;
    }
    let reason = content_for_path("the certificate", setting, path)
        .unwrap_or_else(|| format!("failed to read certificate from {}: {error}", path.display()));
    Error::configuration(format!("{setting}: {NOT_VALID}: {reason}"), [setting])
}

fn unusable(spec: &CertificateSpec, why: &Unreadable) -> Error {
    let message = match &spec.origin {
        CertificateOrigin::File(path) => {
            format!("{}: {NOT_VALID}: {} cannot be used: {why}", spec.setting, shown_path(&spec.setting, path))
        }
        CertificateOrigin::Text(_) => format!("{}: the certificate cannot be used: {why}", spec.setting),
    };
    Error::configuration(message, [&spec.setting])
}
