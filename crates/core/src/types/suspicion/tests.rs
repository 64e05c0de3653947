use super::*;
use Suspicion::{Base64, LineBreak, Named, Pem, Token, TooLong, User};

#[test]
fn every_suspicion_is_a_plain_sentence() {
    for suspicion in [Pem, Token, Named, Base64, LineBreak, TooLong, User] {
        match suspicion {
            Pem | Token | Named | Base64 | LineBreak | TooLong | User => {}
        }
        assert!(super::super::is_plain(&suspicion.to_string()), "{suspicion}");
    }
}

#[test]
fn a_path_a_host_and_an_id_do_not_look_like_secrets() {
    let plain = [
        "",
        "/etc/azure/app.pem",
        r"C:\Users\me@work\certificate.pfx",
        r"C:\new\table\x64\me@work\u0041.pfx",
        r"\\server\share\me@work\certificate.pfx",
        "/home/keyJar/monkeyJungle.pem",
        "/home/me/Secret Folder/private.key",
        "/opt/visual basic/bearer files/app.pem",
        "/opt/ghp_app/npm_modules/eyJ/Q~1.pem",
        "/etc/begin/certificate.pem",
        "/var/run/secrets/azure/tokens/azure-identity-token",
        "me@contoso.example",
        "@scope/package",
        "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
        "/Secret Folder/private.key",
        "/bearer-docs/readme",
        "/bearer files/app.pem",
        "/password files/app.pem",
        "https://ewoiproject-production-of-the-team.vault.azure.net",
        "/home/ewkgroup-production-of-the-team/app.pem",
        "/home/monkeyJungleOfTheApplication-production.pem",
        "https://ewkstorage.blob.core.windows.net/container",
        "https://login.microsoftonline.com/",
        "home/me/Projects2024/CustomerPortal/CertificatesOfProduction/Server1/App2/Key3",
        "/eid1/c/pub/t/yQ3xV7bGkEm2Zp9LwT1aRg/a/b8Xn4KcQ2Eu6Vs0JdF5hMw/7b795fb9-09d3-42f4-a494-38864f99ba3c",
        "https://eyal-storage-of-the-team.vault.azure.net",
        "7b795fb9-09d3-42f4-a494-38864f99ba3c",
        "/subscriptions/7b795fb9-09d3-42f4-a494-38864f99ba3c/resourceGroups/r/providers/Microsoft.ManagedIdentity",
        "https://management.azure.com/.default",
        "system:serviceaccount:namespace:secret",
        "repo:contoso/app:environment:key",
        "https://host/path?api-version=2019&resource=https://a",
        r#"{"access_token":{"xms_cc":{"values":["cp1"]}}}"#,
    ];
    for value in plain {
        assert_eq!(suspicion(value), None, "{value}");
    }
}

#[test]
fn keys_and_tokens_look_like_secrets_in_every_spelling() {
    let token = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJ4In0.c2lnbmF0dXJl";
    let rows = [
        ("-----BEGIN PRIVATE KEY-----\nMIIE", Pem),
        ("-----begin private key-----MIIE", Pem),
        ("%2D%2D%2D%2D%2DBEGIN%20X", Pem),
        (r"-----BEGIN\nPRIVATE KEY-----\nMIIE", Pem),
        ("BEGIN RSA PRIVATE KEY MIIE", Pem),
        ("MIIE -----END PRIVATE KEY-----", Pem),
        (token, Token),
        (&format!("/tmp/{token}"), Token),
        (&token.to_lowercase(), Token),
        (&token.replace("Ci", "C\u{200b}i"), Token),
        (&token.replace('.', "%2E"), Token),
        ("ewogICJhbGciOiAibm9uZSIKfQ.e30.", Token),
        ("ghp_m4rkerw0rd", Token),
        ("/a/GITHUB_PAT_11m4rkerw0rd", Token),
        ("abc8Q~m4rkerw0rdm4rker", Token),
        ("Bearer m4rkerw0rd", Token),
        ("authorization bearer%20m4rkerw0rd", Token),
        ("Basic dXNlcjpwYXNz", Token),
        (&"Ab1+".repeat(16), Base64),
        (&"Ab1_".repeat(16), Base64),
        (&format!("/a/{}/b", "Ab1_".repeat(16)), Base64),
        (&format!("{}ab=", "Ab1/".repeat(10)), Base64),
        (&format!("{}ab%3D", "Ab1%2F".repeat(10)), Base64),
        ("dLw8v/RbQ2nXk9PzT4mJ7cYh1sGf6aUe+3oVtKi5WqBxN0/EyHrZlMjD8gSuC2pA", Base64),
        ("first\nsecond", LineBreak),
        ("first\u{85}second", LineBreak),
        ("first\u{b}second", LineBreak),
        ("first%0Asecond", LineBreak),
        (&format!("word{token}"), Token),
        ("ewkiYWxnIjogIm5vbmUiCn0.e30.c2lnbmF0dXJl", Token),
        ("x-bearer m4rkerw0rd", Token),
        ("Bearer:m4rkerw0rd", Token),
        ("/bearer m4rkerw0rd", Token),
        (" /Bearer:m4rkerw0rd", Token),
        ("program /bearer m4rker/w0rd", Token),
        ("wordeyJhbGciOiJub25lIn0.ewogICJzdWIiOiJtNHJrZXIifQ.", Token),
        ("wordewogICJhbGciOiJub25lIn0.eyAic3ViIjoibTRya2VyIn0.", Token),
        (&"a b/".repeat(1025), TooLong),
    ];
    for (value, expected) in rows {
        assert_eq!(suspicion(value), Some(expected), "{value}");
    }
}

/// JSON may have white space after its brace: compact serialization (RFC 7515 §3.1) encodes the header as it is.
#[test]
fn a_token_with_white_space_in_its_header_looks_like_a_secret() {
    use base64::{engine::general_purpose::URL_SAFE_NO_PAD, Engine};
    for space in ["", " ", "  ", "\t", "\n", "\r\n", "\n\t", "\n  ", "\r", "\t ", "\t\n", " \n", "\t\r\n"] {
        let header = URL_SAFE_NO_PAD.encode(format!("{{{space}\"alg\": \"dir\", \"enc\": \"A256GCM\"}}"));
        for value in
            [format!("{header}.e30.c2ln"), format!("{header}..aXY.dGV4dA.dGFn"), format!("/a/{header}.e30.c2ln")]
        {
            assert_eq!(suspicion(&value), Some(Token), "{space:?}: {value}");
        }
    }
}

#[test]
fn a_secret_after_its_name_looks_like_one() {
    for value in [
        "https://a.blob.core.windows.net/c?sv=2024&sig=m4rker%3D",
        "?sig=m4rker",
        r#"{"clientSecret":"m4rker"}"#,
        r#"{\"clientSecret\": \"m4rker\"}"#,
        "{clientSecret:m4rker}",
        "%7B%22clientSecret%22%3A%22m4rker%22%7D",
        "Server=x;Password=m4rker;",
        "AccountName=a;AccountKey=m4rker==;EndpointSuffix=core.windows.net",
        "Endpoint=sb://a/;SharedAccessKeyName=n;SharedAccessKey=m4rker",
        "SharedAccessSignature sr=a&sig=m4rker",
        "key=m4rker",
        "https://a.azurewebsites.net/api/f?code=m4rker",
        "password: m4rker",
        "clientSecret:m4rker",
        "map[tenant:x client_secret:m4rker]",
        "(client_secret:m4rker)",
        "map[access_token:m4rker expires_in:1]",
        "IDENTITY_HEADER=m4rker",
        "<password>m4rker</password>",
        "program --client-secret m4rker",
        "program --client-secret -m4rker",
        "program /password m4rker",
        "program /password:m4rker",
        "/password m4rker",
        "/password:m4rker",
        "Driver=x;Pwd={m4rker}",
        "Pwd=<m4rker",
        "Pwd=,m4rker",
        "?sig[]=m4rker",
        "user[password]=m4rker",
        "$config['password']=m4rker",
        r#"{"name":"password","value":"m4rker"}"#,
        r#"{\"Value\": \"m4rker\", \"Name\": \"password\"}"#,
        r#"{"passwords": ["m4rker"]}"#,
        r#"<password type="x">m4rker"#,
        "user:x,password:m4rker",
        "user:x;password:m4rker",
        "key1=m4rker",
        "PrivateKeyPem=m4rker",
    ] {
        assert_eq!(suspicion(value), Some(Named), "{value}");
    }
}

#[test]
fn an_address_with_a_user_is_recognised_however_a_parser_reads_it() {
    for value in [
        "http://user:word@host/",
        "https://token@host",
        "token@host:8080",
        "token@host/path",
        "token@[::1]:8080",
        "token@my_proxy:8080",
        "http://user:12/34@host",
        "user:word@host:80",
        "u:word@host",
        ":word@host",
        r"DOMAIN\user:word@host:80",
        "//user:word@host",
        "//token@host/path",
        r"\\user:word@host\path",
        r"https:\\user:word@host",
        "https:/token@host",
        "https:token@host",
        "https://user%3Aword%40host",
        "https://user%253Aword%2540host",
        "ht\ttps://user:word\t@host",
        "h\u{200b}ttps:/\u{200b}/token@host",
        "https://user：word＠host",
        r"https://user:word\u0040host",
    ] {
        assert_eq!(suspicion(value), Some(User), "{value}");
    }
    assert_eq!(suspicion("https://user:wo\nrd@host"), Some(LineBreak));
}
