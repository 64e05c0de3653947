use super::*;
use crate::{
    credentials::tool::value_hint::{hint, is_hidden_part},
    types::{redact, Extent},
};
use base64::{engine::general_purpose::STANDARD, Engine};

/// What is hidden of a value by itself.
fn hidden(name: &str, value: &str) -> Vec<String> {
    let parts = value_parts(&Part::of(hint(name), value)).unwrap();
    let parts = parts.into_iter().filter(|part| is_hidden_part(part.hint, part.value.expose()));
    parts.map(|part| part.value.expose().to_owned()).collect()
}

/// Each row is a value, and what is hidden of it.
fn assert_hidden(rows: &[(&str, &str)]) {
    let missing = rows.iter().filter(|(value, secret)| !hidden("ANY", value).contains(&(*secret).to_owned()));
    let missing: Vec<_> = missing.map(|(value, secret)| format!("{secret:?} of {value:?}\n")).collect();
    assert!(missing.is_empty(), "not hidden:\n{}", missing.concat());
}

/// Each row is a value that has the secret `marker` in it.
fn assert_hide_marker(rows: &[&str]) {
    assert_hidden(&rows.iter().map(|value| (*value, "marker")).collect::<Vec<_>>());
}

#[test]
fn the_secrets_in_a_text_of_connection_are_hidden() {
    assert_hide_marker(&[
        "Server=tcp:db.example,1433;User Id=sa;Password=marker;Encrypt=yes",
        "Server=x; Password = marker ; Encrypt=yes",
        "Server=x;Pwd={marker}",
        "host=h user=u password='marker' dbname=d",
        "DefaultEndpointsProtocol=https;AccountName=a;AccountKey=marker;EndpointSuffix=core.windows.net",
        "Endpoint=sb://a.servicebus.windows.net/;SharedAccessKeyName=Root;SharedAccessKey=marker",
        "jdbc:sqlserver://h:1433;database=d;user=u;password=marker;encrypt=true",
        "jdbc:postgresql://h/d?user=u&password=marker&ssl=true",
        "cache.example:6380,password=marker,ssl=True,abortConnect=False",
        "A_TOKEN=marker;B=x",
    ]);
    assert_hidden(&[
        (r#"Server=x;Password="a bc";Encrypt=yes"#, "a bc"),
        ("Server=x;Password='a;bc';Encrypt=yes", "a;bc"),
        (r#"Server=x;Password="a""bc";Encrypt=yes"#, r#"a"bc"#),
        ("Server=x;Password='a''bc';Encrypt=yes", "a'bc"),
        ("Server=x;Pwd={a;b}}c};Encrypt=yes", "a;b}c"),
        ("Server=x;Pwd={a;b}}c};Encrypt=yes", "a;b}}c"),
        ("Server=x;Password=abcd#cd&ef,gh;Encrypt=yes", "abcd#cd&ef,gh"),
        ("Server=x;Password=abcd#cd&ef,gh;Encrypt=yes", "abcd"),
        ("Server=x;Password=a@b=c?d;Encrypt=yes", "a@b=c?d"),
        ("Server=x;Password=one two three;Encrypt=yes", "one two three"),
        ("AccountName=a;AccountKey=Zm9vYmFy+/abc==;X=y", "Zm9vYmFy+/abc=="),
        (r#"{"c":"Server=x;Password=a b#c"}"#, "a b#c"),
        (r#"{"c":"Server=x;Password=\"a;b c\";"}"#, "a;b c"),
    ]);
}

#[test]
fn the_users_of_addresses_are_hidden() {
    assert_hide_marker(&[
        "postgres://user:marker@db.example/app",
        "postgres://user:marker@db.example/app?contact=a@b.example",
        "redis://:marker@cache.example:6380",
        "https://marker@host.example/",
        "https://marker:x-oauth-basic@host.example/",
        "https://marker:@host.example/",
        "amqp://u:first@h1,amqp://u:marker@h2",
        "amqp://u:marker@h1 amqp://u:second@h2",
        r#"["amqp://u:first@h1","amqp://u:marker@h2"]"#,
        "mongodb://u:marker@h1,h2/?ssl=true",
        "u:first@h1,u:marker@h2",
        "see http://a.example/x, and http://u:marker@b.example",
        "user:marker@tcp(db:3306)/app",
        "user:marker@host.example",
        "jdbc:oracle:thin:scott/marker@//h:1521/x",
        "https:user:marker@h",
        "sip:user:marker@h",
    ]);
    assert_hidden(&[
        ("postgres://u:a/b:c,d@h/x", "a/b:c,d"),
        ("postgres://u:a@bc@h/x", "a@bc"),
        ("postgres://u:my pass@h/x", "my pass"),
        ("postgres://u:p%40w%3A9@h/x", "p@w:9"),
        ("m4rkerw0rd9@host.example", "m4rkerw0rd9"),
    ]);
}

#[test]
fn the_secrets_in_json_and_its_like_are_hidden() {
    assert_hide_marker(&[
        r#"{"clientId":"x","clientSecret":"marker"}"#,
        r#"{"a":[{"apiKey":"marker"}]}"#,
        r#"{"connection":"Host=h;Password=marker"}"#,
        r#"["{\"token\":\"marker\"}"]"#,
        r#"{"a":"{\"b\":\"{\\\"c\\\":\\\"Pwd=marker\\\"}\"}"}"#,
        r#"{"p\u0061ssword":"marker"}"#,
        r#"{"password":"marker","password":"second"}"#,
        r#"{"password":"first","password":"marker"}"#,
        r#"{"password":"marker",}"#,
        r#"{"password":"marker" // the old one"#,
        r#"{"password":"marker"#,
        r#"{"password": /* old */ "x", token: 'marker'}"#,
        "{'password': 'marker'}",
        "{password:marker,host:h}",
        r#"{"passwords":["first","marker"]}"#,
        r#"{"secret":{"value":"marker"}}"#,
        r#"{"secrets":{"a":{"b":["x","marker"]}}}"#,
        r#"{"name":"DB_PASSWORD","value":"marker"}"#,
        r#"{"name":"DB_PASSWORD","slotSetting":false,"value":"marker"}"#,
        "{\n  \"password\" :\n    \"marker\"\n}",
        r#"["az","login","--password","marker"]"#,
        "@{Name='ApiKey'; Value='marker'}",
        "map[password:marker host:h]",
        "array('password' => 'marker')",
        r#"["password"] = "marker""#,
        r#"password = """marker""""#,
        "b'password': b'marker'",
    ]);
    assert_hidden(&[
        (r#"{"password":1234567890123}"#, "1234567890123"),
        (r#"{"password":1234}"#, "1234"),
        (r#"{"password":"a\"bc"}"#, r#"a\"bc"#),
        (r#"{"x":"correcthorse"}"#, "correcthorse"),
        (r#"["correcthorse","y"]"#, "correcthorse"),
    ]);
}

#[test]
fn the_secrets_in_files_of_settings_are_hidden() {
    assert_hide_marker(&[
        "A=b\nexport DB_PASSWORD=marker\nC=d",
        "A=b\nDB_PASSWORD='marker' # old\nC=d",
        "user: bob\npassword: marker\n",
        "user: bob\npassword:\n  marker\nhost: h",
        "password: |\n  marker\nhost: h",
        "passwords:\n  - marker\n",
        "[db]\nhost = h\npassword = marker ; the new one\n",
        r#"<add key="Password" value="marker"/>"#,
        r#"<add key="Password"  providerName="x" value="marker"/>"#,
        r#"<db user="u" password="marker"/>"#,
        r#"<password type="text">marker</password>"#,
        "<password>marker</password>",
        "<password><![CDATA[marker]]></password>",
        r#"<password value="marker"/>"#,
        r#"<entry key="password">marker</entry>"#,
        "<key>Password</key>\n<string>marker</string>",
        "<name>password</name><value>marker</value>",
        "&lt;password&gt;marker&lt;/password&gt;",
        "//registry.npmjs.org/:_authToken=marker",
        "machine h login u password marker",
        "machine h login u password=marker",
        r"A=b\nPASSWORD=marker\nC=d",
        r"user: bob\npassword: marker\nhost: h",
        "client_secret = \"marker\"",
        "user=u&password=marker&x=y",
        "user%3Du%26password%3Dmarker%26x",
    ]);
    assert_hidden(&[("user: bob\npassword: one two, three\nhost: h", "one two, three")]);
}

#[test]
fn the_secrets_in_headers_and_command_lines_are_hidden() {
    assert_hide_marker(&[
        "Authorization: Bearer marker",
        "Authorization=Bearer marker",
        "Bearer marker",
        "X-Api-Key: marker",
        "Accept: */*\r\nX-Api-Key: marker\r\nHost: h",
        "Cookie: sid=marker; theme=dark",
        "Cookie: theme=dark; sid=marker",
        "Set-Cookie: sid=marker; Path=/",
        "api-key=marker,other=1",
        "--password marker --verbose",
        "--password marker --value=x",
        "--password=marker",
        "--password 'marker'",
        "az login --service-principal -u x -p marker",
        "-Djavax.net.ssl.keyStorePassword=marker",
        "curl -u user:marker https://h.example",
        "curl --user 'user:marker' https://h.example",
        "cmdkey /add:h /user:u /pass:marker",
        "New-X -Password (ConvertTo-SecureString 'marker' -AsPlainText)",
        "-P marker",
        "-p=marker",
        "curl -uuser:marker https://h.example",
        "[('password', 'marker')]",
        r#"{"value":"marker","name":"password"}"#,
        "password: !!str marker",
        "tokens: [first, marker]",
        "password = <<END\nmarker\nEND\n",
        "Pass\u{200b}word：marker",
        r#"{"password":"marker\nsecond"}"#,
    ]);
    let basic = STANDARD.encode("user:marker");
    assert_hide_marker(&[
        &format!("Authorization: Basic {basic}"),
        &format!("Basic {basic}"),
        &format!(r#"{{"auths":{{"h":{{"auth":"{basic}"}}}}}}"#),
        &format!("_auth={basic}"),
        &format!("_password={}", STANDARD.encode("marker")),
        &STANDARD.encode(r#"{"password":"marker"}"#).replace('+', "-").replace('/', "_"),
        &STANDARD.encode(format!(r#"{{"auth":"{basic}"}}"#)),
        "50617373776f72643d6d61726b65723b783d79",
    ]);
}

const PEM: &str =
    "-----BEGIN PRIVATE KEY-----\nMIIEvAbcdefgh\nm4rkerw0rd9/ABCDEFGH+JKLMNOPQ=\n-----END PRIVATE KEY-----\n";

#[test]
fn each_line_of_a_key_is_hidden() {
    for value in [
        PEM.to_owned(),
        PEM.replace('\n', "\\n"),
        PEM.replace('\n', "\\\\n"),
        PEM.replace('\n', "\r\n"),
        PEM.replace('\n', " "),
        format!(r#"{{"privateKey":"{}"}}"#, PEM.replace('\n', "\\n")),
        format!(r#"{{"x":"{}"}}"#, PEM.replace('\n', "\\n")),
        format!("key: |\n  {}\nhost: h", PEM.lines().collect::<Vec<_>>().join("\n  ")),
        STANDARD.encode(PEM),
        STANDARD.encode(format!(r#"{{"x":"{}"}}"#, PEM.replace('\n', "\\n"))),
        STANDARD.encode(STANDARD.encode(PEM)),
        STANDARD.encode(PEM).split_inclusive('t').collect::<Vec<_>>().join("\n"),
    ] {
        assert_hidden(&[(&value, "MIIEvAbcdefgh"), (&value, "m4rkerw0rd9/ABCDEFGH+JKLMNOPQ=")]);
    }
}

#[test]
fn the_hashes_of_passwords_are_hidden() {
    let hash = "Tz.kq/WmLpRd.Xv/NbYcGh";
    for start in [
        "bob:$apr1$saltsalt$",
        "root:$1$saltsalt$",
        "root:$5$rounds=5000$saltsalt$",
        "root:$6$saltsalt$",
        "bob:$2y$10$",
        "hash $argon2id$v=19$m=65536,t=3,p=4$saltsalt$",
        "root:$y$j9T$saltsalt$",
        "bob:$$apr1$$saltsalt$$",
        "pbkdf2_sha256$260000$saltsalt$",
        "$pbkdf2-sha256$6400$saltsalt$",
        "$HOME $1$saltsalt$",
        "$sha1$40000$saltsalt$",
    ] {
        for end in ["", ":18000:0:99999:7:::", "\nalice:x", "\"", " # of bob"] {
            let value = format!("{start}{hash}{end}");
            assert_hidden(&[(&value, hash)]);
            let salt = if start.contains("salt") { "saltsalt" } else { hash };
            assert_hidden(&[(&value, salt)]);
        }
    }
    assert_eq!(hidden("ANY", "$HOME/bin:$PATH costs $1 or 5$ of production$teams"), [""; 0]);
}

#[test]
fn words_that_look_like_keys_are_hidden() {
    assert_hidden(&[
        ("h:5432:app:user:m4rkerw0rd9", "m4rkerw0rd9"),
        ("the seed is m4rkerw0rd9, he says", "m4rkerw0rd9"),
        ("login 0123456789abcdef0123456789abcdef now", "0123456789abcdef0123456789abcdef"),
        ("mysql -u root -pM4rker! db", "M4rker!"),
        ("sqlcmd -U sa -PM4rker! -d db", "M4rker!"),
        ("smbclient -U user%M4rker! share", "M4rker!"),
        ("hosts db.example 1 AbcdefghijklmnopqrstuvwxyzABCDEFGH1", "AbcdefghijklmnopqrstuvwxyzABCDEFGH1"),
    ]);
}

/// Each row is a value, and what messages go on showing of it.
#[test]
fn hosts_tenants_ids_and_ordinary_words_are_no_secrets() {
    for (value, shown) in [
        (
            "Server=tcp:db.example,1433;Database=orders-production;User Id=administrator;Password=x1;Encrypt=True;Ssl=Require",
            "tcp:db.example,1433 orders-production administrator Password x1 Encrypt True Require",
        ),
        (
            r#"{"tenantId":"contoso.onmicrosoft.com","host":"db.example","name":"orders-service","env":"production","secure":true}"#,
            "contoso.onmicrosoft.com db.example orders-service production true tenantId secure",
        ),
        (
            r#"{"clientSecret":"x","clientId":"7b795fb9-09d3-42f4-a494-38864f99ba3c","path":"/etc/app/config.json"}"#,
            "7b795fb9-09d3-42f4-a494-38864f99ba3c clientSecret clientId /etc/app/config.json",
        ),
        ("https://db.example:8443/ and https://vault.azure.net/.default", "https://db.example:8443/ vault https://vault.azure.net/.default"),
        ("Authorization: Bearer x", "Authorization Bearer"),
        ("Token: none\npassword: true\nsecret: production", "Token none password true secret production"),
        ("the key of the vault is in production, and the token of bob is missing", "vault production missing token of bob"),
        ("bob@contoso.example and alice@contoso.example", "alice bob@contoso.example contoso.example"),
        ("Fix the reset of a password, password reset and key rotation for us", "reset password key rotation"),
        ("env=production,owner=bob@contoso.example,team=orders", "production bob@contoso.example"),
        ("git@github.com:contoso/orders.git", "git@github.com contoso/orders.git"),
        ("tool -P8080 -Port:8080 -Password -P/var/data", "8080 -Port:8080 /var/data"),
        ("--no-password true -p 8080 -p /var/data -u root", "true 8080 /var/data root --no-password"),
        ("/usr/bin:/home/me/.pass:/opt/key:/bin", "/opt/key /bin /opt"),
        ("2026-01-01T00:00:00Z INFO westeurope rg-prod-01", "2026-01-01T00:00:00Z INFO westeurope rg-prod-01"),
        ("endpoint: https://login.microsoftonline.com/ tenant: contoso.onmicrosoft.com", "https://login.microsoftonline.com/ contoso.onmicrosoft.com"),
        (r#"<add key="Password" value="x1"/><add key="Mode" value="true"/>"#, "Password value true Mode key"),
    ] {
        assert_eq!(redact(shown, hidden("ANY", value).iter().map(String::as_str), Extent::Whole), shown, "{value}");
    }
    let connection =
        "Server=tcp:db.example,1433;Initial Catalog=orders;User Id=admin;Encrypt=true;Authentication=default";
    assert_eq!(hidden("DB_CONNECTION_STRING", connection), [""; 0]);
}

#[test]
fn the_name_of_a_variable_counts_for_all_parts_of_its_value() {
    for (name, value) in [
        ("MY_SECRET", r#"{"value":"marker"}"#),
        ("MY_SECRET", "value=marker"),
        ("MY_SECRET", "value: marker"),
        ("DB_NAME", "Server=x;Pwd={marker}"),
        ("DB_HOST", "user:marker@h"),
        ("GITHUB_X", "h;password=marker"),
        ("CONFIG_PATH", "/etc/db;pwd={marker}"),
        ("ANY", "/x?password=marker"),
    ] {
        assert!(hidden(name, value).contains(&"marker".to_owned()), "{name}={value}");
    }
}

/// What it costs is measured by `bench`; here it ends at all.
#[test]
fn long_values_are_bounded_work() {
    let number = |text: &str| (0..8192 / text.len()).map(|at| text.replace('#', &at.to_string())).collect::<String>();
    for piece in [
        "pwd=#",
        "pwd={#",
        "pwd='#",
        "pwd=\"#\\\"",
        "key: ",
        "{\"key\":",
        "@#",
        "//u:#@",
        "a:@",
        "\"#\":[",
        "<key><",
        "$1$#",
        "$y$$$#abcdefgh",
        "%25#",
        "\\",
    ] {
        let parts = value_parts(&Part::of(Hint::Nothing, number(piece))).unwrap_or_default();
        assert!(parts.iter().map(|part| part.value.expose().len()).sum::<usize>() <= 2 * MOST_BYTES, "{piece}");
    }
    let members = number(r#""name#":{"a":"long value #","b":"http://u:p#@h"},"#);
    assert!(hidden("ANY", &format!(r#"{{{members}"password":"marker"}}"#)).contains(&"marker".to_owned()));
}

#[test]
fn a_large_text_inside_of_another_one_is_read_whole() {
    let many = |member: &str| (0..700).map(|at| member.replace('#', &at.to_string())).collect::<String>();
    for text in [
        format!(r#"{{{}"password":"marker"}}"#, many(r#""name#":"value#","#)),
        format!("{}password = \"marker\"", many("name# = \"value#\"\n")),
        format!(r#"[{}{{"name":"PASSWORD","value":"marker"}}]"#, many(r#"{"name":"N#","value":"v#"},"#)),
        format!(r#"{{{}"x":"Server=s;Password=marker"}}"#, many(r#""c#":"Server=s#;Database=d","#)),
    ] {
        let nested = serde_json::Value::from(text).to_string();
        let twice = serde_json::json!({ "config": nested }).to_string();
        assert_hide_marker(&[&nested, &twice]);
    }
}

#[test]
fn a_value_may_be_cut_anywhere() {
    let value = "pwd=\"é\\\"😀'{k: [-p “x” <key>\u{200b}value='ß'>//ü:ö@ä %c3%a9 %ff&#xe9; w6k= 'a''b' -----BEGIN é\\n==, PRIVATE KEY";
    for (at, _) in value.char_indices() {
        value_parts(&Part::of(Hint::InSecret, &value[at..]));
        value_parts(&Part::of(Hint::Nothing, &value[..at]));
    }
}
