use super::{Client, Service};

impl Service {
    /// Begins what the client's first call waits for before it can ask anyone: opens the store, or else reads the trusted
    /// certificates. A call that comes meanwhile waits for the same work. A failure is left to it: it tries again, and
    /// reports what it finds.
    pub async fn prepare(&self, client: &Client) {
        let Client { settings, network, log, .. } = client;
        if let Some(store) = &settings.store {
            store.prepare(log, &self.host.clock).await;
        } else if settings.credential.is_of_application() {
            self.transports.of(network.id, &settings.network).prepare().await;
        }
    }
}
