use super::SigningCertificate;
use crate::{flight::SingleFlight, lru::IdleCache, types::Error};
use ring::{
    hmac,
    rand::{SecureRandom, SystemRandom},
};
use std::{fmt, future::Future, sync::Arc};

/// The most certificates that are kept. No program is known to use more; each takes about 5 KB.
const MOST_KEPT: usize = 256;

/// The certificates that were already read: decrypting a protected key takes longer than signing with it.
#[derive(Clone)]
pub(crate) struct CertificateCache(Arc<Inner>);

struct Inner {
    /// The key by which passwords and private keys become part of a name without being kept.
    naming: hmac::Key,
    /// Calls that want the same certificate at the same time wait for one reading of it.
    certificates: IdleCache<Name, SingleFlight<Arc<SigningCertificate>>>,
}

type Name = [u8; 32];

impl CertificateCache {
    /// Returns the certificate that these parts name, and calls `read` if it is not kept. A failure is not kept.
    pub(crate) async fn certificate<R>(
        &self,
        parts: &[&[u8]],
        read: impl FnOnce() -> R,
    ) -> Result<Arc<SigningCertificate>, Error>
    where
        R: Future<Output = Result<SigningCertificate, Error>> + Send + 'static,
    {
        let certificate = self.0.certificates.get_or_insert_with(self.name(parts), SingleFlight::default);
        let read = || {
            let reading = read();
            async { reading.await.map(Arc::new) }
        };
        certificate.get(read).await
    }

    /// Forgets every certificate and its key. Those in use are dropped afterwards.
    pub(crate) fn clear(&self) {
        self.0.certificates.clear();
    }

    /// Hashes the parts. Each is preceded by its length, so that no two lists of parts have the same name.
    fn name(&self, parts: &[&[u8]]) -> Name {
        let mut context = hmac::Context::with_key(&self.0.naming);
        for part in parts {
            context.update(&(part.len() as u64).to_le_bytes());
            context.update(part);
        }
        let mut name = [0; 32];
        name.copy_from_slice(context.sign().as_ref());
        name
    }
}

impl Default for CertificateCache {
    fn default() -> Self {
        let mut bytes = [0; 32];
        // Without random numbers nothing could be signed either; a key of zeros only makes the hash an unkeyed one.
        let _ = SystemRandom::new().fill(&mut bytes);
        let naming = hmac::Key::new(hmac::HMAC_SHA256, &bytes);
        Self(Arc::new(Inner { naming, certificates: IdleCache::new(MOST_KEPT) }))
    }
}

impl fmt::Debug for CertificateCache {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_tuple("CertificateCache").field(&self.0.certificates).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::types::ErrorKind;
    use std::sync::atomic::{AtomicUsize, Ordering};

    const PEM: &[u8] = include_bytes!("../../tests/certificates/pkcs8.pem");

    /// Asks for a certificate. `reads` counts how often it is read.
    async fn take(cache: &CertificateCache, name: &[u8], reads: &Arc<AtomicUsize>) {
        let reads = Arc::clone(reads);
        let read = || async move {
            reads.fetch_add(1, Ordering::Relaxed);
            tokio::task::yield_now().await;
            Ok(SigningCertificate::read(PEM, None).unwrap())
        };
        cache.certificate(&[name], read).await.unwrap();
    }

    #[tokio::test]
    async fn a_certificate_is_read_once_for_all_callers() {
        let (cache, reads) = (CertificateCache::default(), Arc::new(AtomicUsize::new(0)));
        tokio::join!(take(&cache, b"a", &reads), take(&cache, b"a", &reads));
        take(&cache, b"a", &reads).await;
        assert_eq!(reads.load(Ordering::Relaxed), 1);
        take(&cache, b"b", &reads).await;
        assert_eq!(reads.load(Ordering::Relaxed), 2);
        assert_ne!(cache.name(&[b"ab", b"c"]), cache.name(&[b"a", b"bc"]));
    }

    #[tokio::test]
    async fn a_failure_is_not_kept() {
        let (cache, reads) = (CertificateCache::default(), Arc::new(AtomicUsize::new(0)));
        let failure = || async { Err(Error::new(ErrorKind::Configuration, "unreadable")) };
        assert!(cache.certificate(&[b"a"], failure).await.is_err());
        take(&cache, b"a", &reads).await;
        assert_eq!(reads.load(Ordering::Relaxed), 1);
    }

    #[tokio::test]
    async fn a_certificate_is_read_again_after_clear() {
        let (cache, reads) = (CertificateCache::default(), Arc::new(AtomicUsize::new(0)));
        take(&cache, b"a", &reads).await;
        cache.clear();
        take(&cache, b"a", &reads).await;
        assert_eq!(reads.load(Ordering::Relaxed), 2);
    }
}
