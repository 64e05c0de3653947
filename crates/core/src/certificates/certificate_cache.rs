use super::SigningCertificate;
use crate::{
    flight::SingleFlight,
    host::{watch_idle, LONGEST_IDLE},
    types::Error,
};
use ring::{
    hmac,
    rand::{SecureRandom, SystemRandom},
};
use std::{
    collections::HashMap,
    fmt,
    future::Future,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};
use tokio::time::Instant;

/// More certificates than any program was seen to use; each takes some 5 KB.
const MOST_KEPT: usize = 256;

/// Certificates that were read before: opening a protected key takes longer than using it. Those not used for the
/// longest time make room for others.
#[derive(Clone)]
pub(crate) struct CertificateCache(Arc<Inner>);

struct Inner {
    /// Passwords and keys take part in a name without being kept.
    naming: hmac::Key,
    places: Mutex<Places>,
}

#[derive(Default)]
struct Places {
    uses: u64,
    by_name: HashMap<Name, Place>,
    /// Whether a task looks for those that are not used any more.
    is_watched: bool,
}

type Name = [u8; 32];

struct Place {
    last_use: u64,
    used_at: Instant,
    /// Those who want the same certificate at the same time wait for one reading of it.
    certificate: SingleFlight<Arc<SigningCertificate>>,
}

impl CertificateCache {
    /// The certificate that all these parts together name; `read` is called if it is not kept. A failure is not kept.
    pub(crate) async fn certificate<R>(
        &self,
        parts: &[&[u8]],
        read: impl FnOnce() -> R,
    ) -> Result<Arc<SigningCertificate>, Error>
    where
        R: Future<Output = Result<SigningCertificate, Error>> + Send + 'static,
    {
        let place = self.places().place(self.name(parts));
        self.watch();
        let read = || {
            let reading = read();
            async { reading.await.map(Arc::new) }
        };
        place.get(read).await
    }

    /// Forgets every certificate and its key; those that are being used are dropped afterwards.
    pub(crate) fn clear(&self) {
        let forgotten = std::mem::take(&mut self.places().by_name);
        drop(forgotten);
    }

    fn watch(&self) {
        if !std::mem::replace(&mut self.places().is_watched, true) {
            watch_idle(&self.0, |inner| inner.places().drop_idle());
        }
    }

    /// Each part is preceded by its length, so that no two lists of parts have the same name.
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

    fn places(&self) -> MutexGuard<'_, Places> {
        self.0.places()
    }
}

impl Inner {
    fn places(&self) -> MutexGuard<'_, Places> {
        self.places.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Default for CertificateCache {
    fn default() -> Self {
        let mut bytes = [0; 32];
        // Without randomness nothing could be signed either; a key of zeros only makes the hash an unkeyed one.
        let _ = SystemRandom::new().fill(&mut bytes);
        Self(Arc::new(Inner { naming: hmac::Key::new(hmac::HMAC_SHA256, &bytes), places: Mutex::default() }))
    }
}

impl fmt::Debug for CertificateCache {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "CertificateCache({} certificates)", self.places().by_name.len())
    }
}

impl Places {
    fn place(&mut self, name: Name) -> SingleFlight<Arc<SigningCertificate>> {
        self.uses += 1;
        if !self.by_name.contains_key(&name) && self.by_name.len() >= MOST_KEPT {
            self.make_room();
        }
        let place = self.by_name.entry(name).or_insert_with(|| Place {
            last_use: 0,
            used_at: Instant::now(),
            certificate: SingleFlight::default(),
        });
        (place.last_use, place.used_at) = (self.uses, Instant::now());
        place.certificate.clone()
    }

    /// Whether any are left to be looked at again.
    fn drop_idle(&mut self) -> bool {
        self.by_name.retain(|_, place| place.used_at.elapsed() < LONGEST_IDLE);
        self.is_watched = !self.by_name.is_empty();
        self.is_watched
    }

    fn make_room(&mut self) {
        let oldest = self.by_name.iter().min_by_key(|(_, place)| place.last_use).map(|(name, _)| *name);
        if let Some(name) = oldest {
            self.by_name.remove(&name);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::types::ErrorKind;
    use std::sync::atomic::{AtomicUsize, Ordering};

    const PEM: &[u8] = include_bytes!("../../tests/certificates/pkcs8.pem");

    /// Asks for a certificate; `reads` counts how often it had to be read.
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
    async fn a_certificate_is_read_once_for_all_who_want_it() {
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

    #[tokio::test(start_paused = true)]
    async fn a_certificate_is_dropped_that_is_cleared_or_not_used() {
        let (cache, reads) = (CertificateCache::default(), Arc::new(AtomicUsize::new(0)));
        take(&cache, b"a", &reads).await;
        cache.clear();
        assert!(cache.places().by_name.is_empty());
        take(&cache, b"a", &reads).await;
        take(&cache, b"b", &reads).await;
        for _ in 0..4 {
            tokio::time::sleep(LONGEST_IDLE / 2).await;
            take(&cache, b"a", &reads).await;
        }
        assert_eq!(cache.places().by_name.len(), 1, "the one that is used stays");
        tokio::time::sleep(LONGEST_IDLE * 2).await;
        assert!(cache.places().by_name.is_empty());
        take(&cache, b"a", &reads).await;
        tokio::time::sleep(LONGEST_IDLE * 2).await;
        assert!(cache.places().by_name.is_empty(), "the next ones are looked at too");
        assert_eq!(reads.load(Ordering::Relaxed), 4);
    }

    #[test]
    fn what_was_used_last_stays() {
        let mut places = Places::default();
        let name = |number: usize| {
            let mut name = [0; 32];
            name[..8].copy_from_slice(&number.to_le_bytes());
            name
        };
        for number in 0..MOST_KEPT {
            places.place(name(number));
        }
        places.place(name(0));
        places.place(name(MOST_KEPT));
        assert_eq!(places.by_name.len(), MOST_KEPT);
        assert!(places.by_name.contains_key(&name(0)) && !places.by_name.contains_key(&name(1)));
    }
}
