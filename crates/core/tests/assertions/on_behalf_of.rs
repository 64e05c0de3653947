//! A server that acts for the user who called it.

use super::*;

#[tokio::test]
async fn an_application_acts_for_a_user_with_a_secret_a_certificate_or_an_assertion() {
    let bench = Bench::new(|_| answer(200, TOKEN));
    bench.files.write("/c.pem", file("pkcs8.pem"));
    bench.files.write("/token", "federated.jwt");
    let proofs = [
        ApplicationProof::Secret(Secret::new("marker-secret")),
        ApplicationProof::Certificate(certificate_in("/c.pem")),
        ApplicationProof::Assertion(AssertionSpec::File("/token".into())),
    ];
    for proof in proofs {
        assert_eq!(bench.token(for_user(proof)).await.expect("a token"), CredentialKind::OnBehalfOf);
    }
    let forms = bench.forms();
    for form in &forms {
        assert_eq!(form["grant_type"], "urn:ietf:params:oauth:grant-type:jwt-bearer");
        assert_eq!(form["requested_token_use"], "on_behalf_of");
        assert_eq!(form["assertion"], "marker-user-token");
        assert_eq!(form["client_id"], "client");
    }
    assert_eq!(forms[0]["client_secret"], "marker-secret");
    assert_eq!(forms[1]["client_assertion_type"], JWT_BEARER);
    assert_eq!(part(&forms[1]["client_assertion"], 1)["iss"], "client");
    assert_eq!(forms[2]["client_assertion"], "federated.jwt");
}

#[tokio::test]
async fn a_claims_challenge_for_a_user_is_passed_on() {
    let body = r#"{"error":"interaction_required","error_description":"AADSTS50076: more, said marker-user-token",
        "error_codes":[50076],"suberror":"basic_action","claims":"{\"access_token\":{}}"}"#;
    let bench = Bench::new(move |_| answer(400, body));
    let proof = ApplicationProof::Secret(Secret::new("marker-secret"));
    let error = bench.token(for_user(proof)).await.expect_err("a challenge");
    let refusal = error.refusal().expect("a refusal");
    assert_eq!(refusal.claims.as_deref(), Some(r#"{"access_token":{}}"#));
    assert_eq!(refusal.error.as_deref(), Some("interaction_required"));
    assert!(error.message().contains("claims"), "{error}");
    assert_discreet(&error);
}
