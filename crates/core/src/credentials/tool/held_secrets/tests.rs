use super::{super::without_secrets, *};

fn hidden(name: &str, value: &str) -> Vec<String> {
    let environment = Environment::from([(name, value)]);
    held_secrets(&environment).unwrap().iter().map(|held| held.value.expose().to_owned()).collect()
}

#[test]
fn a_value_is_hidden_unless_its_name_or_form_tells_that_it_is_none() {
    for (name, value) in [
        ("ANY", "correcthorse"),
        ("SLACK_WEBHOOK", "https://hooks.example/services/T0/B0/marker"),
        ("SESSION", "postgres://db.example/app?sslmode=require"),
        ("GITHUB_TOKEN", "word"),
        ("MY_API_KEY", "7b795fb9-09d3-42f4-a494-38864f99ba3c"),
        ("AWS_ACCESS_KEY_ID", "AKIAMARKER"),
        ("ARM_CLIENT_CERTIFICATE_PATH", "-----BEGIN PRIVATE KEY-----"),
        ("SERVICE_HOST", "http://user:word@host.example"),
        ("HOME", "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJ4In0.c2lnbmF0dXJl"),
    ] {
        assert!(hidden(name, value).contains(&value.to_owned()), "{name}={value}");
    }
    for (name, value) in [
        ("ANY", "1234567"),
        ("ANY", "/home/me/.config/app.json"),
        ("ANY", r"C:\Program Files\app"),
        ("ANY", "https://vault.azure.net/.default"),
        ("ANY", "postgres://db.example:5432"),
        ("ANY", "10.0.0.129"),
        ("ANY", "7b795fb9-09d3-42f4-a494-38864f99ba3c"),
        ("ARM_TENANT_ID", "contoso.example"),
        ("ARM_CLIENT_ID", "an-application"),
        ("NODE_ENV", "production"),
        ("DB_HOST", "db.example"),
        ("APP_PATH", "bin/program"),
        ("npm_package_name", "an-application"),
        ("PWD", "folder of mine"),
    ] {
        assert!(hidden(name, value).is_empty(), "{name}={value}");
    }
}

#[test]
fn the_secrets_in_a_value_are_hidden_by_themselves() {
    for value in [
        "postgres://user:marker@db.example/app",
        "postgres://user:marker@db.example/app?contact=a@b.example",
        "redis://:marker@cache.example:6380",
        "https://marker@host.example/",
        "Server=tcp:db.example,1433;User Id=sa;Pwd=marker;Encrypt=yes",
        "https://a.blob.example/c?sv=2024&sig=marker",
        r#"{"clientId":"x","clientSecret":"marker"}"#,
        r#"{"a":[{"apiKey":"marker"}]}"#,
        r#"{"connection":"Host=h;Password=marker"}"#,
        r#"["{\"token\":\"marker\"}"]"#,
    ] {
        assert!(hidden("ANY", value).contains(&"marker".to_owned()), "{value}");
    }
    let deep = format!("{}1{}", "[".repeat(5000), "]".repeat(5000));
    assert_eq!(hidden("ANY", &deep), [deep]);
}

#[test]
fn a_value_that_a_plain_variable_has_too_is_shown_unless_a_name_calls_it_secret() {
    let tenant = ("ARM_TENANT_ID", "contoso.example");
    let number = |name| held_secrets(&Environment::from([tenant, (name, "contoso.example")])).unwrap().len();
    assert_eq!((number("ANY"), number("ANY_TOKEN")), (0, 1));
}

/// Each of these programs prints what it takes for a port, a host, a program or a variable.
#[test]
fn a_piece_of_a_password_that_a_program_shows_is_hidden() {
    let environment = Environment::from([
        ("HTTPS_PROXY", "http://svc:oneofthesedays#letmein@proxy.example:3128"),
        ("DATABASE", "postgres://app:correct@horsebatterystaple@db.example/app"),
        ("MY_SECRET", "horsebattery&staplesweden$q"),
        ("OTHER_PASSWORD", "MyVeryLongPassphraseOfWords"),
    ]);
    for (text, shown) in [
        ("Failed to parse: 'svc:oneofthesedays' is not a valid host", "Failed to parse: 'svc:***' is not a valid host"),
        ("invalid port \":oneofthesedays\" after host", "invalid port \":***\" after host"),
        ("no host name \"horsebatterystaple@db.example\"", "no host name \"***@db.example\""),
        ("sh: staplesweden: not found", "sh: ***: not found"),
        ("NameError: name 'horsebattery' is not defined", "NameError: name '***' is not defined"),
        ("in LongPassphrase she", "in *** she"),
    ] {
        assert_eq!(without_secrets(text, &environment, &[]), shown);
    }
    let plain = Environment::from([
        ("TOKEN_FILE", "/var/run/secrets/azure/tokens/azure-identity-token"),
        ("MY_TOKEN_ADDRESS", "https://login.microsoftonline.com/common"),
        ("MY_CONNECTION_KEY", r#"{"tenant":"contoso.example"}"#),
    ]);
    let text = "login.microsoftonline.com, contoso.example and /var/run/secrets/azure are shown";
    assert_eq!(without_secrets(text, &plain, &[]), text);
}
