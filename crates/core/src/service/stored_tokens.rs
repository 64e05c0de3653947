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
    /// Deletes what the client's store has kept for such a request; where a token is meant, only that one.
    ///
    /// # Errors
    /// As [`Service::client_token`], before a credential is asked.
    pub async fn forget(&self, client: &Client, request: &TokenRequest, meant: Option<&Secret>) -> Result<(), Error> {
        let Prepared { acquisition, store, .. } = self.prepared(self.call(client, request)?).await?;
        if let Some(store) = store {
            let credential = credential_in(client.settings(), &acquisition.cloud);
            chain::forget(&credential, &acquisition, &store, meant).await;
        }
        Ok(())
    }

    /// What the store of this machine keeps for the user, whichever program has written it.
    ///
    /// # Errors
    /// [`ErrorKind::Configuration`](crate::ErrorKind::Configuration) where the environment names no folder for it.
    pub async fn kept_on_machine(&self, environment: &Environment, work: Maintenance) -> Result<KeptOnMachine, Error> {
        let now = u64::try_from(self.host.clock.now()).unwrap_or_default();
        let now = UNIX_EPOCH + Duration::from_millis(now);
        Ok(maintain(machine_store_location(environment)?, work, now).await)
    }
}
