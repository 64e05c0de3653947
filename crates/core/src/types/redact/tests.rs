use super::*;
use base64::{
    engine::general_purpose::{STANDARD, STANDARD_NO_PAD, URL_SAFE_NO_PAD},
    Engine,
};

const SECRET: &str = "Abc8Q~S3CR3T.mar/ker_9f8e+7d-x&w";

fn redacted(text: &str) -> String {
    redact(text, [SECRET].into_iter(), Extent::Pieces)
}

#[test]
fn a_secret_is_hidden_in_every_form_in_which_a_service_repeats_it() {
    let forms = [
        SECRET,
        "Abc8Q%7ES3CR3T.mar%2Fker_9f8e%2B7d-x%26w",
        "Abc8Q~S3CR3T.mar%2fker_9f8e%2b7d-x%26w",
        "Abc8Q~S3CR3T.mar%252Fker_9f8e%252B7d-x%2526w",
        "Abc8Q~S3CR3T.mar/ker_9f8e+7d-x&amp;w",
        "Abc8Q~S3CR3T.mar&#47;ker_9f8e+7d-x&#x26;w",
        r"Abc8Q~S3CR3T.mar\/ker_9f8e\u002b7d-x\u0026w",
        "ABC8Q~S3CR3T.MAR/KER_9F8E+7D-X&W",
        "Abc8Q~S3CR\r\n 3T.mar/ker_9f8e+7d-x&w",
        "Abc8Q~S3CR\u{200b}3T.mar/ker\u{ad}_9f8e+7d\u{feff}-x&w",
        "Abc8Q~S3CR\u{1b}[1m3T.mar/ker_9f8e+7d-x&w",
        "Abc8Q~S3CR\u{1b}]8;;a\u{7}3T.mar/ker_9f8e+7d-x&w",
        "QWJjOFF+UzNDUjNULm1hci9rZXJfOWY4ZSs3ZC14Jnc",
        "QWJjOFF-UzNDUjNULm1hci9rZXJfOWY4ZSs3ZC14Jnc",
        "41626338517e53334352 33542e6d61722f6b65725f396638652b37642d782677",
        "41626338517E533343523 3542E6D61722F6B65725F396638652B37642D782677",
        "Abc8Q~S3CR\u{a0}3T.mar\u{2009}/ker_9f8e\u{2028}+7d-x&w",
        "Abc8Q~S3CR\u{3164}3T.mar/ker\u{2800}_9f8e+7d\u{ffa0}-x&w",
        r"Abc8Q\x7eS3CR3T.mar\x2fker_9f8e\x2B7d-x\x26w",
        "Abc8Q~S3CR3T&period;mar&sol;ker&lowbar;9f8e&plus;7d-x&amp;w",
        "Abc8Q~S3CR&nbsp;3T.mar/ker&shy;_9f8e&zwj;+7d-x&amp;w",
        r"Abc8Q~S3CR\f3T.mar/ker\b_9f8e+7d-x&w",
        "Abc8Q%2525257ES3CR3T.mar%2525252Fker_9f8e%2525252B7d-x%25252526w",
    ];
    for form in forms {
        assert_eq!(redacted(&format!("sent {form}, which is wrong")), "sent ***, which is wrong", "{form:?}");
    }
    assert_eq!(redacted("sent \u{1b}]Abc8Q~S3CR3T.mar/ker_9f8e+7d-x&w"), "sent \u{1b}]***");
}

#[test]
fn letters_outside_of_ascii_are_found_by_their_names_in_html() {
    let hidden = redact("sent P&auml;ssw&ouml;rt&euro;Gr&ouml;&szlig;e", ["Pässwört€Größe"].into_iter(), Extent::Whole);
    assert_eq!(hidden, "sent ***");
}

#[test]
fn a_secret_is_hidden_in_the_base64_of_what_it_was_part_of() {
    let form = SECRET.replace('~', "%7E").replace('/', "%2F").replace('+', "%2B").replace('&', "%26");
    for before in ["", "a", "ab", "an-application:"] {
        for content in [SECRET, &form] {
            let encoded = STANDARD_NO_PAD.encode(format!("{before}{content} and more"));
            assert_hidden(&encoded, &redacted(&encoded));
        }
    }
    let utf16: Vec<u8> = format!("tool {SECRET}").encode_utf16().flat_map(u16::to_le_bytes).collect();
    assert_hidden(&STANDARD_NO_PAD.encode(&utf16), &redacted(&STANDARD_NO_PAD.encode(&utf16)));
}

/// Nothing is left except digits that also encode bytes around the secret.
fn assert_hidden(encoded: &str, shown: &str) {
    let (before, behind) = shown.split_once(HIDDEN).expect(encoded);
    assert!(before.len() <= 22 && behind.len() <= 14, "{encoded}: {shown}");
}

#[test]
fn a_long_piece_of_a_secret_is_hidden_and_a_short_one_is_not() {
    assert_eq!(redacted("begins with Abc8Q~S3CR3T"), "begins with ***");
    assert_eq!(redacted("begins with Abc8Q~S3CR"), "begins with ***");
    assert_eq!(redacted("Abc8Q~S3CR begins it"), "Abc8Q~S3CR begins it");
    let whole = redact("Abc8Q~S3CR3T begins it", [SECRET].into_iter(), Extent::Whole);
    assert_eq!(whole, "Abc8Q~S3CR3T begins it");
}

#[test]
fn a_secret_of_many_pieces_is_hidden_as_well() {
    let assertion = SECRET.repeat(200);
    let text = format!("begins with {}, the service says", &assertion[..4000]);
    assert_eq!(redact(&text, [assertion.as_str()].into_iter(), Extent::Pieces), "begins with ***, the service says");
}

#[test]
fn secrets_that_overlap_leave_nothing_of_each_other() {
    let secrets = ["token", "token-secret", "secret-token"];
    assert_eq!(redact("token-secret-token token", secrets.into_iter(), Extent::Whole), "*** ***");
}

#[test]
fn whole_secrets_of_any_length_are_found_in_a_text_of_almost_the_same_length() {
    let secrets = ["a%20b%20c%20d%20e%20f%20g%20h", "0123456789abcdef-fedcba9876543210", "short one"];
    for secret in secrets {
        for (text, expected) in [(secret, "***"), (&secret[1..], &secret[1..])] {
            assert_eq!(redact(text, secrets.into_iter(), Extent::Whole), expected);
        }
    }
    assert_eq!(redact("abcde fgh", ["a%62cde%20fgh"].into_iter(), Extent::Whole), "***");
    assert_eq!(redact("it is p@w:9", ["p%40w%3A9"].into_iter(), Extent::Whole), "it is ***");
}

#[test]
fn an_ordinary_text_stays_unchanged() {
    for text in ["", "ü 100 % of R&D; \\u00 \\", "%", "&amp;", "\u{1b}", "a%2", "&#xFFFFFFFF;"] {
        assert_eq!(redacted(text), text);
    }
}

/// The spellings of a secret, each with its name.
fn spellings(secret: &str) -> Vec<(&'static str, String)> {
    let bytes = |parts: Vec<String>, between: &str| parts.join(between);
    let hex = |bytes: &[u8]| bytes.iter().map(|byte| format!("{byte:02x}")).collect::<Vec<_>>();
    let utf16 = |units: fn(u16) -> [u8; 2]| secret.encode_utf16().flat_map(units).collect::<Vec<u8>>();
    let units: String = secret.encode_utf16().map(|unit| format!("\\u{unit:04x}")).collect::<Vec<_>>().concat();
    let each = |with: &str| secret.chars().map(|character| format!("{character}{with}")).collect::<Vec<_>>().concat();
    let named = secret.replace('$', "&dollar;").replace('!', "&excl;").replace('#', "&num;").replace('(', "&lpar;");
    vec![
        ("upper case", secret.to_uppercase()),
        ("lower case", secret.to_lowercase()),
        ("hexadecimal of upper case", hex(secret.to_uppercase().as_bytes()).concat()),
        ("hexadecimal with colons", bytes(hex(secret.as_bytes()), ":")),
        ("hexadecimal with hyphens", bytes(hex(secret.as_bytes()), "-").to_uppercase()),
        ("hexadecimal with spaces", bytes(hex(secret.as_bytes()), " ")),
        ("hexadecimal with 0x", format!("0x{}", bytes(hex(secret.as_bytes()), ", 0x"))),
        ("hexadecimal with a backslash", format!("\\x{}", bytes(hex(secret.as_bytes()), "\\x"))),
        ("percent signs", format!("%{}", bytes(hex(secret.as_bytes()), "%"))),
        ("UTF-16 in hexadecimal", hex(&utf16(u16::to_le_bytes)).concat()),
        ("UTF-16 in hexadecimal, big end first", hex(&utf16(u16::to_be_bytes)).concat()),
        ("UTF-16 in base64", STANDARD.encode(utf16(u16::to_le_bytes))),
        ("UTF-16 in base64, big end first", STANDARD.encode(utf16(u16::to_be_bytes))),
        (
            "base64 in lines",
            STANDARD
                .encode(secret)
                .as_bytes()
                .chunks(5)
                .map(|line| format!("{}\r\n ", String::from_utf8_lossy(line)))
                .collect::<Vec<_>>()
                .concat(),
        ),
        ("base64 of HTML", URL_SAFE_NO_PAD.encode(&named)),
        ("numbers with tabs", secret.bytes().map(|byte| byte.to_string()).collect::<Vec<_>>().join("\t")),
        ("numbers with line breaks", secret.bytes().map(|byte| byte.to_string()).collect::<Vec<_>>().join("\r\n")),
        ("hyphens of print", each("\u{2011}")),
        ("middle dots", each("·")),
        ("quotes of print", secret.chars().map(|character| format!("“{character}”")).collect::<Vec<_>>().concat()),
        ("invisible notes", each("\u{1d173}\u{fff9}\u{1bca0}")),
        ("numbers", secret.bytes().map(|byte| byte.to_string()).collect::<Vec<_>>().join(", ")),
        ("units of JSON", units.clone()),
        ("units of an address", units.replace('\\', "%")),
        (
            "characters of JavaScript",
            secret.chars().map(|character| format!("\\u{{{:x}}}", u32::from(character))).collect::<Vec<_>>().concat(),
        ),
        (
            "characters of Perl",
            secret.chars().map(|character| format!("\\x{{{:x}}}", u32::from(character))).collect::<Vec<_>>().concat(),
        ),
        (
            "numbers of HTML",
            secret.chars().map(|character| format!("&#{:07};", u32::from(character))).collect::<Vec<_>>().concat(),
        ),
        ("names of HTML", named),
        ("octal", secret.bytes().map(|byte| format!("\\{byte:03o}")).collect::<Vec<_>>().concat()),
        ("a sequence of C1", each("\u{9b}0m")),
        ("a title", each("\u{1b}]0;t\u{1b}\\")),
        ("a character set", each("\u{1b}(B")),
        ("backspaces", each("x\u{8}")),
        ("commas", each(",")),
        ("quotes", secret.chars().map(|character| format!("'{character}'")).collect::<Vec<_>>().concat()),
        ("two texts", secret.replacen('e', "e\" + \"", 1)),
        (
            "wide letters",
            secret
                .chars()
                .map(|character| {
                    if character.is_ascii_graphic() {
                        char::from_u32(u32::from(character) + 0xfee0).unwrap()
                    } else {
                        character
                    }
                })
                .collect(),
        ),
    ]
}

#[test]
fn a_secret_of_any_script_is_hidden_in_every_spelling() {
    let secrets = [
        "Abc8Q~S3CR3T.mar_ker-9f8e7dXyz",
        "Pa$s!w#r*d(e)y,z:1;2@3?4^5{6}",
        "pä\u{df}wörtÄÖÜgeheimñç",
        "ab😀cd😀ef😀gh€ij",
    ];
    for secret in secrets {
        for (name, spelling) in spellings(secret) {
            for extent in [Extent::Whole, Extent::Pieces] {
                let shown = redact(&format!("it says: <{spelling}> end"), [secret].into_iter(), extent);
                let rest = shown.strip_prefix("it says: <").and_then(|rest| rest.strip_suffix("> end")).expect(name);
                assert!(rest.contains(HIDDEN) && rest.len() <= 24, "{name} of {secret}: {shown:?}");
            }
        }
    }
}

/// A program's output may be in Latin-1 or in a code page of Windows.
#[test]
fn a_secret_is_hidden_in_a_text_that_lost_its_letters_outside_of_ascii() {
    for lost in ["\u{fffd}", "\u{fffd}\u{fffd}", "?", "Ã¼"] {
        let text = format!("it is Zk7wQp2Lm{lost}9vRt4Bn8sY.");
        assert_eq!(redact(&text, ["Zk7wQp2Lmü9vRt4Bn8sY"].into_iter(), Extent::Whole), "it is ***.", "{text}");
    }
}

#[test]
fn text_before_a_secret_does_not_shorten_it() {
    for secret in ["41bc-tiger-pass", "tiger-password", "u0041-tiger-pass", "amp;tiger-password"] {
        for before in ["100%", r"CORP\", "a&", "0x", "QWJj", r"\x"] {
            let shown = redact(&format!("{before}{secret}."), [secret].into_iter(), Extent::Whole);
            assert!(shown.ends_with("***.") && !shown.contains("tiger"), "{before}{secret}: {shown}");
        }
    }
}

#[test]
fn the_beginning_of_a_secret_is_hidden_where_a_text_is_cut() {
    let secret = "-----BEGIN KEY-----\nMarkerMIIE+vgIBADAN\nBg-----END KEY-----";
    for (text, shown) in [
        ("it is -----BEGIN KEY-----\nMarkerMI", "it is ***"),
        ("it is -----BEGIN KEY-----\nMarkerMIIE%2Bv", "it is ***"),
        ("it is -----BEG", "it is ***"),
        ("it is -----BEGIN KEY-----\nMarkerMI\u{fffd}", "it is -----***"),
        ("it is -----BEGIN KEY-----\nMarkerMI…\"", "it is ***"),
        ("it is -----BEGIN KEY-----\nMarkerMIIE%2", "it is ***"),
        (r"it is -----BEGIN KEY-----\nMarkerMIIE\u00", "it is ***"),
        ("it is -----BEGIN KEY-----\nMarkerMIIE%25", "it is ***"),
        ("it is -----B", "it is -----B"),
        ("-----BEGIN KEY----- it is", "-----BEGIN KEY----- it is"),
    ] {
        assert_eq!(redact(text, [secret].into_iter(), Extent::Whole), shown);
    }
    for cut in ["it is Zk7wQp2Lm%E2%82", "it is Zk7wQp2Lm&eur", "it is Zk7wQp2Lm\u{fffd}"] {
        assert_eq!(redact(cut, ["Zk7wQp2Lm€9vRt4Bn8sY"].into_iter(), Extent::Whole), "it is ***", "{cut}");
    }
    assert_eq!(overlap(b"xabababababac", b"abababacaba"), 8);
    assert_eq!(overlap(&b"a".repeat(20_000), &[b"a".repeat(10_000), b"b".to_vec()].concat()), 10_000);
}

#[test]
fn a_text_that_begins_many_secrets_at_each_place_is_hidden_whole() {
    let secrets: Vec<_> = (8..1500).map(|length| "a".repeat(length) + "b").collect();
    let text = "a".repeat(1 << 16);
    assert_eq!(redact(&text, secrets.iter().map(String::as_str), Extent::Whole), HIDDEN);
}

/// The runtime's thread does this work. `bench` measures its cost; this test checks that it ends.
#[test]
fn long_texts_and_long_secrets_are_bounded_work() {
    let secret = "c2VjcmV0".repeat(1 << 13);
    let text = format!("{}{}", r"%25&amp;\\".repeat(1000), &secret[..2000]);
    let shown = redact(&text, [secret.as_str()].into_iter(), Extent::Pieces);
    assert!(shown.len() < text.len() - 1900, "{}", shown.len());
}

/// Source of the texts: jq, Node.js's `JSON.parse`, Python's unittest.
#[test]
fn the_beginning_of_a_secret_is_hidden_before_a_mark_of_shortening() {
    for (text, shown) in [
        (r#"jq: string ("correcthor...) has no keys"#, r#"jq: string ("***...) has no keys"#),
        (r#"token 'c', "correcthor"... is not valid"#, r#"token 'c', "***"... is not valid"#),
        ("correcthor… and correcthor[25 chars]staple", "***… and ***[25 chars]staple"),
        ("correcthor is a word... correct", "correcthor is a word... correct"),
    ] {
        for extent in [Extent::Whole, Extent::Pieces] {
            assert_eq!(redact(text, ["correcthorsebatterystaple"].into_iter(), extent), shown);
        }
    }
}
