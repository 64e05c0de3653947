use super::{
    circuit_breaker::LogContext,
    names::Names,
    seal::{Content, StoreKey},
    shared_acquisition::StoreRequest,
    token_query::TokenQuery,
    value::StoredToken,
};
use crate::types::Secret;

impl StoreRequest {
    /// Deletes the stored token; if a token is given, only that one. A failure of the store is ignored.
    pub(crate) async fn forget(&self, query: &TokenQuery<'_>, meant: Option<&Secret>) {
        let (store, context) = (&self.store.store, LogContext { log: query.log, clock: query.clock });
        for key in query.opened.keys.iter() {
            let names = Names::new(self.store.prefix.as_deref(), key, &query.token);
            let Ok(Some(text)) = store.get(&names.token(), context).await else { continue };
            if meant.is_none_or(|meant| is_token(&names, key, &text, meant)) {
                let _ = store.delete(&names.token(), &text, context).await;
            }
        }
    }
}

fn is_token(names: &Names, key: &StoreKey, text: &str, meant: &Secret) -> bool {
    let opened = names.open(key, Content::Token, text);
    opened.and_then(|text| StoredToken::parse(&text)).is_some_and(|stored| stored.is(meant))
}
