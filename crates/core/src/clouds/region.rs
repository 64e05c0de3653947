//! Reads the region of the machine from the instance metadata service. Address, version and time limit are those of
//! msal-node and MSAL for Go. If the service does not answer, the cloud's global token service is used, as in both.

use super::RequestContext;
use crate::{
    transport::{fetch_from_host, Answer, RetryRules},
    types::Region,
};
use std::time::Duration;
use url::Url;

const PATH: &str = "/metadata/instance/compute/location?format=text&api-version=2021-02-01";

const TIME_LIMIT: Duration = Duration::from_secs(2);

/// One try only: a token must not wait for the region.
const RULES: RetryRules = RetryRules { most_tries: 1, most_unreached: 1, ..RetryRules::ENTRA };

pub(super) async fn of_machine(authority_host: &str, context: &RequestContext) -> Option<Region> {
    let url = Url::parse(&format!("{authority_host}{PATH}")).ok()?;
    let exchange = context.exchange_over(&context.direct, &RULES);
    let answer = tokio::time::timeout(TIME_LIMIT, fetch_from_host(&exchange, &url)).await.ok()?.ok()?;
    named(&answer)
}

/// Returns the region. The name is checked, because another program that answers at that address must not choose a host
/// that receives secrets.
pub(crate) fn named(answer: &Answer) -> Option<Region> {
    let text = std::str::from_utf8(&answer.body).ok().filter(|_| answer.status == 200)?;
    Region::parse(text.trim(), "location").ok()
}
