use super::{HttpStub, Transport};
use crate::{
    config::{NetworkId, NetworkSettings},
    lru::IdleCache,
};
use std::sync::Arc;

/// The most transports that are kept. Each takes half a megabyte, mostly for trusted certificates. A program has one or
/// two, unless each of its credentials has its own proxy or certificate.
const MOST_KEPT: usize = 64;

/// The transports of the process: one for each distinct network settings. A transport that is not used for a while is
/// dropped, with its proxy's password.
pub(crate) struct Transports {
    opened: IdleCache<NetworkId, Arc<Transport>>,
    stub: Option<Arc<dyn HttpStub>>,
}

impl Default for Transports {
    fn default() -> Self {
        Self { opened: IdleCache::new(MOST_KEPT), stub: None }
    }
}

impl Transports {
    /// Makes transports to a test's services.
    pub(crate) fn over(stub: Arc<dyn HttpStub>) -> Self {
        Self { stub: Some(stub), ..Self::default() }
    }

    /// Forgets all transports, with the passwords of their proxies. Those in use are dropped afterwards.
    pub(crate) fn clear(&self) {
        self.opened.clear();
    }

    /// Returns the transport for these settings, which have that id.
    pub(crate) fn of(&self, id: NetworkId, settings: &NetworkSettings) -> Arc<Transport> {
        let make = || Arc::new(Transport::new(settings.clone(), self.stub.clone()));
        self.opened.get_or_insert_with(id, make)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::TrustSettings;

    fn take(transports: &Transports, number: usize) -> Arc<Transport> {
        let trust = TrustSettings { extra: vec![number.to_string()], ..TrustSettings::default() };
        let settings = NetworkSettings { trust, ..NetworkSettings::default() };
        transports.of(settings.id(), &settings)
    }

    #[tokio::test]
    async fn equal_settings_have_one_transport_until_it_is_cleared() {
        let transports = Transports::default();
        let first = take(&transports, 0);
        assert!(Arc::ptr_eq(&take(&transports, 0), &first));
        assert!(!Arc::ptr_eq(&take(&transports, 1), &first));
        transports.clear();
        assert!(!Arc::ptr_eq(&take(&transports, 0), &first));
    }
}
