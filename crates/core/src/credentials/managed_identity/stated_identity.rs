//! Compares the identity that an answer states with the requested one. App Service and IMDS state the client id of the
//! identity whose token they give: `client_id`, "The client ID of the identity that was used", in "How to use managed
//! identities for App Service and Azure Functions", the REST endpoint reference, and in the sample answer of "How to use
//! managed identities for Azure resources on an Azure VM to acquire an access token" (Microsoft Learn). Azure Arc's agent
//! repeats the id of the request.
//!
//! Only ids of the requested kind are compared: a request by object id or resource id is answered with a client id, too.

use super::{named, refusal::Service, OPTIONS};
use crate::{
    credentials::ManagedIdentityId,
    transport::Answer,
    types::{shown, Error, ErrorKind},
};
use serde::Deserialize;
use std::borrow::Cow;

/// Whether the answer states the requested identity.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Statement {
    /// It states the requested id.
    Same,
    /// It states another id, or its ids cannot be read.
    Other,
    /// It states no id of that kind.
    Nothing,
}

/// The ids in a token's answer, under the names that the services use.
#[derive(Deserialize)]
struct StatedIds<'a> {
    #[serde(borrow, default)]
    client_id: Option<Cow<'a, str>>,
    #[serde(borrow, default)]
    clientid: Option<Cow<'a, str>>,
    #[serde(borrow, default)]
    object_id: Option<Cow<'a, str>>,
    #[serde(borrow, default)]
    principal_id: Option<Cow<'a, str>>,
    #[serde(borrow, default)]
    msi_res_id: Option<Cow<'a, str>>,
    #[serde(borrow, default)]
    mi_res_id: Option<Cow<'a, str>>,
}

/// Refuses a token whose answer states another identity than the requested one. A service without such a statement is
/// trusted: most of them refuse an identity that they do not have.
pub(super) fn check_identity(service: &Service, identity: &ManagedIdentityId, answer: &Answer) -> Result<(), Error> {
    match named(identity, OPTIONS) {
        Some((option, id)) if statement(identity, answer) == Statement::Other => Err(of_another(service, option, id)),
        _ => Ok(()),
    }
}

/// Returns what the answer states about that identity.
pub(super) fn statement(identity: &ManagedIdentityId, answer: &Answer) -> Statement {
    let Ok(ids) = serde_json::from_slice::<StatedIds<'_>>(&answer.body) else { return Statement::Other };
    let (id, stated) = match identity {
        ManagedIdentityId::SystemAssigned => return Statement::Nothing,
        ManagedIdentityId::ClientId(id) => (id, [ids.client_id, ids.clientid]),
        ManagedIdentityId::ObjectId(id) => (id, [ids.object_id, ids.principal_id]),
        ManagedIdentityId::ResourceId(id) => (id, [ids.msi_res_id, ids.mi_res_id]),
    };
    let mut stated = stated.into_iter().flatten().filter(|stated| !stated.is_empty()).peekable();
    match (stated.peek().is_some(), stated.all(|stated| stated.eq_ignore_ascii_case(id))) {
        (false, _) => Statement::Nothing,
        (true, true) => Statement::Same,
        (true, false) => Statement::Other,
    }
}

fn of_another(service: &Service, option: &str, id: &str) -> Error {
    let id = shown(option, id);
    let message = format!(
        "{} gave a token of another identity than the requested one with the {option} {id}: check that this identity is \
         assigned to this host, and that no other program answers in the service's place",
        service.place()
    );
    Error::new(ErrorKind::Authentication, message).with_host(service.host())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::transport::Redaction;

    const ID: &str = "/subscriptions/0/resourceGroups/g/providers/Microsoft.ManagedIdentity/userAssignedIdentities/one";

    fn stated(identity: &ManagedIdentityId, body: &str) -> Statement {
        statement(identity, &Answer::of_json(200, body.as_bytes(), Redaction::default()))
    }

    #[test]
    fn only_ids_of_the_requested_kind_count() {
        let [client, object, resource] = [
            ManagedIdentityId::ClientId("One".to_owned()),
            ManagedIdentityId::ObjectId("One".to_owned()),
            ManagedIdentityId::ResourceId(ID.to_owned()),
        ];
        let lower = format!(r#"{{"mi_res_id":"{}","client_id":"two"}}"#, ID.to_lowercase());
        let rows = [
            (&client, r#"{"client_id":"oNE"}"#, Statement::Same),
            (&client, r#"{"client_id":"\u006fne"}"#, Statement::Same),
            (&client, r#"{"client_id":"two"}"#, Statement::Other),
            (&client, r#"{"client_id":"one","clientid":"two"}"#, Statement::Other),
            (&client, r#"{"client_id":"two","client_id":"one"}"#, Statement::Other),
            (&client, r#"{"client_id":7}"#, Statement::Other),
            (&client, r#"{"client_id":"one "}"#, Statement::Other),
            (&client, r#"{"client_id":"","clientid":null,"object_id":"two"}"#, Statement::Nothing),
            (&object, r#"{"client_id":"two"}"#, Statement::Nothing),
            (&object, r#"{"client_id":"two","principal_id":"one"}"#, Statement::Same),
            (&object, r#"{"object_id":"two","principal_id":"one"}"#, Statement::Other),
            (&resource, &lower, Statement::Same),
            (&resource, r#"{"msi_res_id":"/two","mi_res_id":""}"#, Statement::Other),
            (&ManagedIdentityId::SystemAssigned, r#"{"client_id":"two"}"#, Statement::Nothing),
        ];
        for (identity, body, expected) in rows {
            assert_eq!(stated(identity, body), expected, "{body}");
        }
    }
}
