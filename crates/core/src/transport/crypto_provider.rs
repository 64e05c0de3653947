use rustls::{
    crypto::{ring, CryptoProvider, KeyProvider},
    pki_types::PrivateKeyDer,
    sign::SigningKey,
    Error,
};
use std::sync::{Arc, LazyLock};

/// Returns ring for a client without a certificate. Without the code that signs with one the addon is 20 KB smaller.
pub(super) fn crypto_provider() -> Arc<CryptoProvider> {
    static PROVIDER: LazyLock<Arc<CryptoProvider>> =
        LazyLock::new(|| Arc::new(CryptoProvider { key_provider: &NoKeys, ..ring::default_provider() }));
    Arc::clone(&PROVIDER)
}

#[derive(Debug)]
struct NoKeys;

impl KeyProvider for NoKeys {
    fn load_private_key(&self, _: PrivateKeyDer<'static>) -> Result<Arc<dyn SigningKey>, Error> {
        Err(Error::General("no private keys are used for TLS".to_owned()))
    }
}
