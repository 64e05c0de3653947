use super::{Transport, Wire};
use crate::{
    config::{NetworkId, NetworkSettings},
    host::{watch_idle, LONGEST_IDLE},
};
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};
use tokio::time::Instant;

/// Each takes half a megabyte, mostly for the certificates that it trusts. A program has one or two, unless it makes up
/// a proxy or a certificate for each of its credentials.
const MOST_KEPT: usize = 64;

/// The transports of the process: one for each distinct network settings. One that is not used for a while goes, with
/// the password of its proxy; the one that was not used for the longest time makes room for another.
#[derive(Default)]
pub(crate) struct Transports {
    opened: Arc<Mutex<Opened>>,
    wire: Option<Arc<dyn Wire>>,
}

#[derive(Default)]
struct Opened {
    uses: u64,
    by_settings: HashMap<NetworkId, Place>,
    /// Whether a task looks for those that are not used any more.
    is_watched: bool,
}

struct Place {
    last_use: u64,
    used_at: Instant,
    transport: Arc<Transport>,
}

impl Transports {
    /// Transports that lead to a test's services.
    pub(crate) fn over(wire: Arc<dyn Wire>) -> Self {
        Self { opened: Arc::default(), wire: Some(wire) }
    }

    /// Forgets them all, with the passwords of their proxies; those that are being used are dropped afterwards.
    pub(crate) fn clear(&self) {
        let forgotten = std::mem::take(&mut locked(&self.opened).by_settings);
        drop(forgotten);
    }

    /// The one for these settings, which have that id.
    pub(crate) fn of(&self, id: NetworkId, settings: &NetworkSettings) -> Arc<Transport> {
        let transport = locked(&self.opened).of(id, || Transport::new(settings.clone(), self.wire.clone()));
        self.watch();
        transport
    }

    fn watch(&self) {
        if !std::mem::replace(&mut locked(&self.opened).is_watched, true) {
            watch_idle(&self.opened, |opened| locked(opened).drop_idle());
        }
    }
}

fn locked(opened: &Mutex<Opened>) -> MutexGuard<'_, Opened> {
    opened.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Opened {
    fn of(&mut self, id: NetworkId, make: impl FnOnce() -> Transport) -> Arc<Transport> {
        self.uses += 1;
        if !self.by_settings.contains_key(&id) {
            self.make_room();
        }
        let place = self.by_settings.entry(id).or_insert_with(|| Place {
            last_use: 0,
            used_at: Instant::now(),
            transport: Arc::new(make()),
        });
        (place.last_use, place.used_at) = (self.uses, Instant::now());
        Arc::clone(&place.transport)
    }

    /// Whether any are left to be looked at again.
    fn drop_idle(&mut self) -> bool {
        self.by_settings.retain(|_, place| place.used_at.elapsed() < LONGEST_IDLE);
        self.is_watched = !self.by_settings.is_empty();
        self.is_watched
    }

    fn make_room(&mut self) {
        if self.by_settings.len() < MOST_KEPT {
            return;
        }
        let oldest = self.by_settings.iter().min_by_key(|(_, place)| place.last_use);
        if let Some(id) = oldest.map(|(id, _)| *id) {
            self.by_settings.remove(&id);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::TrustSettings;

    fn settings(number: usize) -> NetworkSettings {
        let trust = TrustSettings { extra: vec![number.to_string()], ..TrustSettings::default() };
        NetworkSettings { trust, ..NetworkSettings::default() }
    }

    fn take(transports: &Transports, number: usize) -> Arc<Transport> {
        transports.of(settings(number).id(), &settings(number))
    }

    fn kept(transports: &Transports) -> usize {
        locked(&transports.opened).by_settings.len()
    }

    #[tokio::test]
    async fn what_was_used_last_stays() {
        let transports = Transports::default();
        let made: Vec<_> = (0..MOST_KEPT).map(|number| take(&transports, number)).collect();
        assert!(Arc::ptr_eq(&take(&transports, 0), &made[0]));
        take(&transports, MOST_KEPT);
        assert!(Arc::ptr_eq(&take(&transports, 0), &made[0]));
        assert!(!Arc::ptr_eq(&take(&transports, 1), &made[1]));
        assert_eq!(kept(&transports), MOST_KEPT);
        transports.clear();
        assert_eq!(kept(&transports), 0);
    }

    #[tokio::test(start_paused = true)]
    async fn a_transport_is_dropped_that_is_not_used() {
        let transports = Transports::default();
        let unused = Arc::downgrade(&take(&transports, 0));
        let used = take(&transports, 1);
        for _ in 0..4 {
            tokio::time::sleep(LONGEST_IDLE / 2).await;
            assert!(Arc::ptr_eq(&take(&transports, 1), &used));
        }
        assert_eq!(kept(&transports), 1, "the one that is used stays");
        assert!(unused.upgrade().is_none());
        tokio::time::sleep(LONGEST_IDLE * 2).await;
        assert_eq!(kept(&transports), 0);
        take(&transports, 2);
        tokio::time::sleep(LONGEST_IDLE * 2).await;
        assert_eq!(kept(&transports), 0, "the next ones are looked at too");
    }
}
