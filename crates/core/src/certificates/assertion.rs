use super::SigningCertificate;
use crate::types::{Error, ErrorKind, Secret};
use base64::{
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
    Engine,
};
use ring::{
    digest,
    rand::{SecureRandom, SystemRandom},
    signature::{RsaEncoding, RSA_PKCS1_SHA256, RSA_PSS_SHA256},
};
use serde::Serialize;

/// The lifetime in seconds. Entra ID asks for five to ten minutes,
/// <https://learn.microsoft.com/entra/identity-platform/certificate-credentials>.
const LIFETIME: i64 = 600;

/// The form of assertion that the service accepts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AssertionForm {
    /// Entra ID's: PS256, with the certificate's SHA-256 thumbprint.
    EntraId {
        /// Whether to send the certificate chain (`x5c`), for subject name and issuer authentication.
        with_chain: bool,
    },
    /// AD FS's: RS256, with the certificate's SHA-1 thumbprint, which all its versions accept.
    Adfs,
}

/// The content of a client assertion (RFC 7523 §3).
#[derive(Clone, Copy, Debug)]
pub struct AssertionClaims<'a> {
    /// The token endpoint that receives it.
    pub audience: &'a str,
    /// The application, which is both its issuer and its subject.
    pub client_id: &'a str,
    /// The current time, in seconds since the epoch.
    pub now: i64,
}

#[derive(Serialize)]
struct Header {
    alg: &'static str,
    typ: &'static str,
    #[serde(rename = "x5t#S256", skip_serializing_if = "Option::is_none")]
    sha256: Option<String>,
    #[serde(rename = "x5t", skip_serializing_if = "Option::is_none")]
    sha1: Option<String>,
    #[serde(rename = "x5c", skip_serializing_if = "Option::is_none")]
    chain: Option<Vec<String>>,
}

#[derive(Serialize)]
struct Claims<'a> {
    aud: &'a str,
    iss: &'a str,
    sub: &'a str,
    jti: String,
    iat: i64,
    nbf: i64,
    exp: i64,
}

impl SigningCertificate {
    /// Signs an assertion. This takes about a millisecond of computing, so do not call it on an event loop's thread.
    ///
    /// # Errors
    /// [`ErrorKind::Internal`] if the system gives no random numbers.
    pub fn assertion(&self, form: AssertionForm, claims: &AssertionClaims<'_>) -> Result<Secret, Error> {
        let unsigned = format!("{}.{}", part(&self.header(form))?, part(&claims.signed_now()?)?);
        let signature = self.signature(form, unsigned.as_bytes())?;
        Ok(Secret::new(format!("{unsigned}.{}", URL_SAFE_NO_PAD.encode(signature))))
    }

    fn header(&self, form: AssertionForm) -> Header {
        let thumbprint = |algorithm| URL_SAFE_NO_PAD.encode(digest::digest(algorithm, self.own()));
        let bare = Header { alg: "PS256", typ: "JWT", sha256: None, sha1: None, chain: None };
        match form {
            AssertionForm::EntraId { with_chain } => {
                let chain = with_chain.then(|| self.chain.iter().map(|der| STANDARD.encode(der)).collect());
                Header { sha256: Some(thumbprint(&digest::SHA256)), chain, ..bare }
            }
            AssertionForm::Adfs => {
                Header { alg: "RS256", sha1: Some(thumbprint(&digest::SHA1_FOR_LEGACY_USE_ONLY)), ..bare }
            }
        }
    }

    fn signature(&self, form: AssertionForm, message: &[u8]) -> Result<Vec<u8>, Error> {
        let padding: &dyn RsaEncoding = match form {
            AssertionForm::EntraId { .. } => &RSA_PSS_SHA256,
            AssertionForm::Adfs => &RSA_PKCS1_SHA256,
        };
        let mut signature = vec![0; self.key.public().modulus_len()];
        self.key.sign(padding, &SystemRandom::new(), message, &mut signature).map_err(|_| failed())?;
        Ok(signature)
    }
}

impl AssertionClaims<'_> {
    fn signed_now(&self) -> Result<Claims<'_>, Error> {
        Ok(Claims {
            aud: self.audience,
            iss: self.client_id,
            sub: self.client_id,
            jti: unique()?,
            iat: self.now,
            nbf: self.now,
            exp: self.now + LIFETIME,
        })
    }
}

fn part(value: &impl Serialize) -> Result<String, Error> {
    serde_json::to_vec(value).map(|json| URL_SAFE_NO_PAD.encode(json)).map_err(|_| failed())
}

/// Returns a new `jti`: the service accepts each assertion once.
fn unique() -> Result<String, Error> {
    let mut bytes = [0; 16];
    SystemRandom::new().fill(&mut bytes).map_err(|_| failed())?;
    Ok(URL_SAFE_NO_PAD.encode(bytes))
}

fn failed() -> Error {
    Error::new(ErrorKind::Internal, "the assertion could not be signed")
}
