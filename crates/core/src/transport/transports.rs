use super::{Transport, Wire};
use crate::config::NetworkSettings;
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

/// The transports of the process: one for each distinct network settings.
#[derive(Default)]
pub(crate) struct Transports {
    opened: Mutex<HashMap<NetworkSettings, Arc<Transport>>>,
    wire: Option<Arc<dyn Wire>>,
}

impl Transports {
    /// Transports that lead to a test's services.
    pub(crate) fn over(wire: Arc<dyn Wire>) -> Self {
        Self { opened: Mutex::default(), wire: Some(wire) }
    }

    /// The one for these settings.
    pub(crate) fn of(&self, settings: &NetworkSettings) -> Arc<Transport> {
        let mut opened = self.opened.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(transport) = opened.get(settings) {
            return Arc::clone(transport);
        }
        let transport = Arc::new(Transport::new(settings.clone(), self.wire.clone()));
        opened.insert(settings.clone(), Arc::clone(&transport));
        transport
    }
}
