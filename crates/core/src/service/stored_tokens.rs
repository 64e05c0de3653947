use super::{prepared_call::Prepared, Client, Service, TokenRequest};
use crate::{
    chain,
    clouds::credential_in,
    host::Environment,
    login::machine_store_location,
    store::machine::{maintain, KeptOnMachine, Maintenance},
    types::{Error, Secret},
};
use std::time::{Duration, UNIX_EPOCH};

impl Service {
    /// Deletes what the client's store keeps for this request; if a token is given, only that token.
    ///
    /// # Errors
    /// Those of [`Service::client_token`] that occur before a credential is asked.
    pub async fn forget(&self, client: &Client, request: &TokenRequest, meant: Option<&Secret>) -> Result<(), Error> {
        let Prepared { acquisition, store, .. } = self.prepared(self.call(client, request)?).await?;
        if let Some(store) = store {
            let credential = credential_in(client.settings(), &acquisition.cloud);
            chain::forget(&credential, &acquisition, &store, meant).await;
        }
        Ok(())
    }

    /// Does maintenance of the user's tokens in the store of this machine, whichever program has written them.
    ///
    /// # Errors
    /// [`ErrorKind::Configuration`](crate::ErrorKind::Configuration) if the environment names no folder for the store.
    pub async fn kept_on_machine(&self, environment: &Environment, work: Maintenance) -> Result<KeptOnMachine, Error> {
        let now = u64::try_from(self.host.clock.now()).unwrap_or_default();
        let now = UNIX_EPOCH + Duration::from_millis(now);
        Ok(maintain(machine_store_location(environment)?, work, now).await)
    }
}
