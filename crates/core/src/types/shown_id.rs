use super::{is_guid, suspicion::suspicion};

/// Returns whether an id that a service or program states may be shown. It may state anything in its place, also a secret
/// that it was given. Entra ID's ids are GUIDs; those of AD FS may be other texts, which are shown if the settings name
/// them too.
pub(crate) fn is_shown_id<'a>(id: &str, configured: impl IntoIterator<Item = &'a str>) -> bool {
    is_guid(id) || (suspicion(id).is_none() && configured.into_iter().any(|own| own.eq_ignore_ascii_case(id)))
}

#[cfg(test)]
mod tests {
    use super::*;

    const GUID: &str = "E8b1c0de-0000-4000-8000-000000000001";

    #[test]
    fn an_id_is_a_guid_or_one_of_the_settings() {
        let token = format!("eyJ{}", "a".repeat(40));
        let rows = [
            (GUID, "", true),
            ("Own-App", "own-app", true),
            ("own-app", "", false),
            ("own-app2", "own-app", false),
            ("own-ap", "own-app", false),
            ("", "own-app", false),
            (&GUID[1..], "", false),
            (&token, &token, false),
        ];
        for (id, configured, is_shown) in rows {
            assert_eq!(is_shown_id(id, [configured]), is_shown, "{id} {configured}");
        }
    }
}
