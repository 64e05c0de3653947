//! Assertions from files, CI services and the program, and through a token proxy.

use super::*;

#[tokio::test]
async fn a_token_file_is_read_at_each_acquisition_and_trimmed() {
    let bench = Bench::new(|_| answer(200, TOKEN));
    for content in ["first.jwt\n", " second.jwt \r\n"] {
        bench.files.write("/token", content);
        let kind = bench.token(with_assertion(AssertionSpec::File("/token".into()))).await.expect("a token");
        assert_eq!(kind, CredentialKind::Oidc);
    }
    let sent: Vec<_> = bench.forms().iter().map(|form| form["client_assertion"].clone()).collect();
    assert_eq!(sent, ["first.jwt", "second.jwt"]);
}

#[tokio::test]
async fn the_error_names_a_token_file_that_cannot_be_used() {
    let bench = Bench::new(|_| answer(200, TOKEN));
    bench.files.write("/empty", "\n");
    for (path, words) in [("/absent", "failed to read OIDC token from /absent: "), ("/empty", "it is empty")] {
        let error = bench.token(with_assertion(AssertionSpec::File(path.into()))).await.expect_err(path);
        assert_eq!((error.kind(), error.settings()), (ErrorKind::Configuration, &["ARM_OIDC_SETTING".to_owned()][..]));
        assert!(error.message().contains(words), "{error}");
    }
    assert!(bench.asked().is_empty());
}

#[tokio::test]
async fn a_ci_service_is_asked_for_the_assertion() {
    let bench = Bench::new(|request| match request.method.as_str() {
        "GET" => answer(201, r#"{"count":3,"Value":"ci.jwt"}"#),
        _ => answer(200, TOKEN),
    });
    let spec = request_to("https://ci.example/token?api-version=2.0&audience=other");
    bench.token(with_assertion(spec)).await.expect("a token");
    let asked = &bench.asked()[0];
    assert_eq!(asked.url, "https://ci.example/token?api-version=2.0&audience=api%3A%2F%2FAzureADTokenExchange");
    assert_eq!(header(asked, "accept"), Some("application/json"));
    assert_eq!(header(asked, "authorization"), Some("Bearer marker-request-token"));
    assert_eq!(bench.forms()[0]["client_assertion"], "ci.jwt");
}

#[tokio::test(start_paused = true)]
async fn the_error_of_a_ci_service_without_an_assertion_has_words_that_people_search_for() {
    type Row = (fn() -> Result<StubAnswer, Error>, &'static str, ErrorKind, usize);
    let rows: [Row; 4] = [
        (|| answer(403, "marker"), "GitHub OIDC: 403 with response: ", ErrorKind::Authentication, 1),
        (|| answer(503, "marker"), "GitHub OIDC: 503 with response: ", ErrorKind::ServiceUnavailable, 4),
        (|| answer(200, r#"{"token":"marker"}"#), "GitHub OIDC: 200 with no value", ErrorKind::Network, 1),
        (
            || Err(Error::new(ErrorKind::Network, "ci.example refuses the connection").with_phase(Phase::Connect)),
            "GitHub OIDC: couldn't request token: ci.example refuses",
            ErrorKind::Network,
            1,
        ),
    ];
    for (given, words, kind, tries) in rows {
        let bench = Bench::new(move |_| given());
        let error = bench.token(with_assertion(request_to("https://ci.example/"))).await.expect_err(words);
        assert!(error.message().contains(words), "{error}");
        assert_eq!(error.kind(), kind, "{error}");
        assert_eq!(bench.asked().len(), tries, "{error}");
        assert_discreet(&error);
    }
    let bench = Bench::new(|_| answer(200, TOKEN));
    let error = bench.token(with_assertion(request_to("marker"))).await.expect_err("no address");
    assert_eq!((error.kind(), error.settings()), (ErrorKind::Configuration, &["ARM_OIDC_SETTING".to_owned()][..]));
    assert_discreet(&error);
}

#[tokio::test]
async fn azure_devops_is_asked_in_its_own_way() {
    let bench = Bench::new(|request| match request {
        _ if request.url.starts_with("https://dev.example") => answer(200, r#"{"oidcToken":"devops.jwt"}"#),
        _ => answer(200, TOKEN),
    });
    let spec = AssertionSpec::AzurePipelines {
        url: "https://dev.example/project/_apis/oidctoken?kept=1".to_owned(),
        access_token: Secret::new("marker-access-token"),
        service_connection: "connection".to_owned(),
    };
    bench.token(with_assertion(spec)).await.expect("a token");
    let asked = &bench.asked()[0];
    assert_eq!(asked.method, "POST");
    let address = "https://dev.example/project/_apis/oidctoken?kept=1&api-version=7.1&serviceConnectionId=connection";
    assert_eq!(asked.url, address);
    assert_eq!(header(asked, "x-tfs-fedauthredirect"), Some("Suppress"));
    assert_eq!(header(asked, "authorization"), Some("Bearer marker-access-token"));
    assert_eq!(bench.forms()[0]["client_assertion"], "devops.jwt");
}

#[tokio::test]
async fn an_expired_assertion_is_fetched_again_once() {
    let files = FakeFiles::default();
    files.write("/token", "old.jwt");
    let renewing = files.clone();
    let bench = Bench::with_files(files, move |request| match form(request)["client_assertion"].as_str() {
        "old.jwt" => {
            renewing.write("/token", "new.jwt");
            refusal(700_024)
        }
        _ => answer(200, TOKEN),
    });
    bench.token(with_assertion(AssertionSpec::File("/token".into()))).await.expect("a token");
    assert_eq!(bench.forms().len(), 2);
}

#[tokio::test]
async fn an_expired_assertion_that_stays_the_same_is_refused_once() {
    let bench = Bench::new(|_| refusal(700_024));
    bench.files.write("/token", "old.jwt");
    let constant = AssertionSpec::Constant(Secret::new("marker.jwt"));
    for spec in [AssertionSpec::File("/token".into()), constant] {
        let error = bench.token(with_assertion(spec)).await.expect_err("refused");
        assert_eq!(error.refusal().expect("a refusal").error_codes, [700_024]);
        assert!(error.message().contains("ARM_OIDC_SETTING"), "{error}");
        assert_discreet(&error);
    }
    assert_eq!(bench.forms().len(), 2);
    // There is no third try, even if each assertion is a new one.
    let calls = Arc::new(AtomicUsize::new(0));
    let bench = Bench::new(|_| refusal(700_024));
    bench.token(with_assertion(AssertionSpec::Callback(counting(&calls)))).await.expect_err("refused");
    assert_eq!((calls.load(Ordering::Relaxed), bench.forms().len()), (2, 2));
}

fn counting(calls: &Arc<AtomicUsize>) -> AssertionCallback {
    let calls = Arc::clone(calls);
    AssertionCallback::new(1, move || {
        let number = calls.fetch_add(1, Ordering::Relaxed);
        Box::pin(async move { Ok(Secret::new(format!("made-{number}.jwt"))) })
    })
}

#[tokio::test]
async fn the_program_itself_may_make_the_assertion() {
    let bench = Bench::new(|_| answer(200, TOKEN));
    let calls = Arc::new(AtomicUsize::new(0));
    bench.token(with_assertion(AssertionSpec::Callback(counting(&calls)))).await.expect("a token");
    assert_eq!(bench.forms()[0]["client_assertion"], "made-0.jwt");
    let failing = AssertionCallback::new(2, || {
        Box::pin(async { Err(Error::new(ErrorKind::Authentication, "the callback failed")) })
    });
    let error = bench.token(with_assertion(AssertionSpec::Callback(failing))).await.expect_err("no assertion");
    assert_eq!(error.message(), "the callback failed");
    let empty = AssertionCallback::new(3, || Box::pin(async { Ok(Secret::new(" ")) }));
    let error = bench.token(with_assertion(AssertionSpec::Callback(empty))).await.expect_err("no assertion");
    assert!(error.message().contains("ARM_OIDC_SETTING gave an empty assertion"), "{error}");
}

#[tokio::test]
async fn a_token_proxy_is_asked_in_place_of_the_authority() {
    let proxied = |sni_name: Option<&str>| {
        CredentialSpec::WorkloadIdentity(ClientAssertionSpec {
            principal: principal(),
            assertion: AssertionSpec::File("/token".into()),
            setting: "AZURE_FEDERATED_TOKEN_FILE".to_owned(),
            token_proxy: Some(TokenProxySpec {
                url: "https://localhost:8443/identity/".to_owned(),
                ca_file: Some("/ca.pem".into()),
                ca_data: None,
                sni_name: sni_name.map(str::to_owned),
            }),
        })
    };
    let bench = Bench::new(|_| answer(200, TOKEN));
    bench.files.write("/token", "jwt");
    let error = bench.token(proxied(None)).await.expect_err("no authority");
    assert_eq!(error.settings(), ["AZURE_KUBERNETES_CA_FILE"]);
    bench.files.write("/ca.pem", file("root.crt"));
    let kind = bench.token(proxied(None)).await.expect("a token");
    assert_eq!(kind, CredentialKind::WorkloadIdentity);
    bench.token(proxied(Some("proxy.cluster.local"))).await.expect("a token");
    let asked = bench.asked();
    assert_eq!(asked[0].url, "https://localhost:8443/identity/contoso.example/oauth2/v2.0/token");
    assert_eq!(asked[1].url, "https://proxy.cluster.local:8443/identity/contoso.example/oauth2/v2.0/token");
    assert_eq!(header(&asked[1], "host"), Some("localhost:8443"));
}
