use super::{
    circuit_breaker::Told,
    names::Names,
    seal::{Content, StoreKey},
    shared_acquisition::Asked,
    token_query::Wanted,
    value::StoredToken,
};
use crate::types::Secret;

impl Asked {
    /// Deletes the token that is kept; where one is meant, only that one. What the store does not do is not done.
    pub(crate) async fn forget(&self, wanted: &Wanted<'_>, meant: Option<&Secret>) {
        let (store, told) = (&self.store.store, Told { log: wanted.log, clock: wanted.clock });
        for key in wanted.opened.keys.iter() {
            let names = Names::new(self.store.prefix.as_deref(), key, &wanted.token);
            let Ok(Some(text)) = store.get(&names.token(), told).await else { continue };
            if meant.is_none_or(|meant| is_token(&names, key, &text, meant)) {
                let _ = store.delete(&names.token(), &text, told).await;
            }
        }
    }
}

fn is_token(names: &Names, key: &StoreKey, text: &str, meant: &Secret) -> bool {
    let opened = names.open(key, Content::Token, text);
    opened.and_then(|text| StoredToken::parse(&text)).is_some_and(|stored| stored.is(meant))
}
