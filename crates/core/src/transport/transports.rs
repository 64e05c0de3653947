use super::{Transport, Wire};
use crate::config::{NetworkId, NetworkSettings};
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

/// Each takes half a megabyte, mostly for the certificates that it trusts. A program has one or two, unless it makes up
/// a proxy or a certificate for each of its credentials.
const MOST_KEPT: usize = 64;

/// The transports of the process: one for each distinct network settings. The one that was not used for the longest time
/// makes room for another.
#[derive(Default)]
pub(crate) struct Transports {
    opened: Mutex<Opened>,
    wire: Option<Arc<dyn Wire>>,
}

#[derive(Default)]
struct Opened {
    uses: u64,
    /// With the last of its uses.
    by_settings: HashMap<NetworkId, (u64, Arc<Transport>)>,
}

impl Transports {
    /// Transports that lead to a test's services.
    pub(crate) fn over(wire: Arc<dyn Wire>) -> Self {
        Self { opened: Mutex::default(), wire: Some(wire) }
    }

    /// Forgets them all, with the passwords of their proxies; those that are being used are dropped afterwards.
    pub(crate) fn clear(&self) {
        let mut opened = self.opened.lock().unwrap_or_else(PoisonError::into_inner);
        let forgotten = std::mem::take(&mut opened.by_settings);
        drop(opened);
        drop(forgotten);
    }

    /// The one for these settings, which have that id.
    pub(crate) fn of(&self, id: NetworkId, settings: &NetworkSettings) -> Arc<Transport> {
        let mut opened = self.opened.lock().unwrap_or_else(PoisonError::into_inner);
        opened.uses += 1;
        let now = opened.uses;
        if let Some((last_use, transport)) = opened.by_settings.get_mut(&id) {
            *last_use = now;
            return Arc::clone(transport);
        }
        opened.make_room();
        let transport = Arc::new(Transport::new(settings.clone(), self.wire.clone()));
        opened.by_settings.insert(id, (now, Arc::clone(&transport)));
        transport
    }
}

impl Opened {
    fn make_room(&mut self) {
        if self.by_settings.len() < MOST_KEPT {
            return;
        }
        let oldest = self.by_settings.iter().min_by_key(|(_, (last_use, _))| *last_use);
        if let Some(id) = oldest.map(|(id, _)| *id) {
            self.by_settings.remove(&id);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::TrustSettings;

    #[test]
    fn what_was_used_last_stays() {
        let transports = Transports::default();
        let settings = |number: usize| NetworkSettings {
            trust: TrustSettings { extra: vec![number.to_string()], ..TrustSettings::default() },
            ..NetworkSettings::default()
        };
        let of = |number| transports.of(settings(number).id(), &settings(number));
        let made: Vec<_> = (0..MOST_KEPT).map(of).collect();
        assert!(Arc::ptr_eq(&of(0), &made[0]));
        of(MOST_KEPT);
        assert!(Arc::ptr_eq(&of(0), &made[0]));
        assert!(!Arc::ptr_eq(&of(1), &made[1]));
        assert_eq!(transports.opened.lock().unwrap().by_settings.len(), MOST_KEPT);
        transports.clear();
        assert!(transports.opened.lock().unwrap().by_settings.is_empty());
    }
}
