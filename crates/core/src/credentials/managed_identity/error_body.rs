use crate::transport::{Answer, Redaction};
use serde_json::Value;

/// A longer text is a page, not a reason.
const LONGEST_PLAIN_TEXT: usize = 300;

/// A longer list of numbers is not a list of causes.
const MOST_CODES: usize = 16;

/// The content of a refusal: `{error, error_description}` (IMDS), `{error: {code, message}}` (Azure ML, Cloud Shell,
/// Service Fabric, Arc), `{statusCode, message}` and `{ExceptionMessage, ErrorCode}` (App Service).
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct ErrorBody {
    /// The service's sentence, without the ids.
    pub(super) reason: String,
    /// The name of the error: `invalid_resource`.
    pub(super) code: Option<String>,
    /// The numbers of the AADSTS codes.
    pub(super) numbers: Vec<i64>,
    pub(super) correlation_id: Option<String>,
    pub(super) trace_id: Option<String>,
}

impl ErrorBody {
    /// Reads an answer in JSON. Returns `None` for one without a message and a code.
    pub(super) fn parse(answer: &Answer) -> Option<Self> {
        let body: Value = serde_json::from_slice(&answer.body).ok()?;
        let redaction = answer.redaction_of_members();
        let error = &body["error"];
        let first = |places: &[&Value]| places.iter().find_map(|place| word(&redaction, place));
        let code = first(&[error, &error["code"], &body["ErrorCode"]]);
        let texts = [
            &body["error_description"],
            &error["message"],
            &body["message"],
            &body["Message"],
            &body["ExceptionMessage"],
        ];
        let text = first(&texts).or_else(|| code.clone())?;
        let ids = [&body["correlation_id"], &error["correlationId"], &body["correlationId"], &body["CorrelationId"]];
        Some(Self {
            reason: reason(&text),
            numbers: redaction.without_secrets(numbers(&body, &text)),
            correlation_id: first(&ids).or_else(|| labelled(&text, CORRELATION_ID)),
            trace_id: first(&[&body["trace_id"]]).or_else(|| labelled(&text, TRACE_ID)),
            code,
        })
    }

    /// Returns whether the service says in its own words that the identity is missing. The error is then an absence.
    pub(super) fn is_absence(&self) -> bool {
        let reason = self.reason.to_ascii_lowercase();
        ["identity not found", "multiple user assigned identities exist"].iter().any(|words| reason.contains(words))
    }
}

/// Returns a short text that is neither JSON nor a page, and that may be shown.
pub(super) fn plain_text(answer: &Answer) -> Option<String> {
    let text = std::str::from_utf8(&answer.body).ok()?.trim();
    let is_page = text.starts_with(['<', '{', '[']) || text.chars().count() > LONGEST_PLAIN_TEXT;
    (!is_page).then(|| answer.redaction.readable(text)).filter(|text| !text.is_empty())
}

fn word(redaction: &Redaction, value: &Value) -> Option<String> {
    value.as_str().map(|text| redaction.readable(text)).filter(|text| !text.is_empty())
}

const CORRELATION_ID: &str = "Correlation ID:";
const TRACE_ID: &str = "Trace ID:";

/// Returns the sentence without its ids and its time, which have their own fields.
fn reason(text: &str) -> String {
    let ends = [TRACE_ID, CORRELATION_ID, "Timestamp:"].iter().filter_map(|label| text.find(label));
    let sentence = &text[..ends.min().unwrap_or(text.len())];
    sentence.trim().trim_end_matches('.').to_owned()
}

fn labelled(text: &str, label: &str) -> Option<String> {
    let (_, rest) = text.split_once(label)?;
    rest.split_whitespace().next().map(|id| id.trim_end_matches('.').to_owned())
}

/// Returns the numbers in the lists of Entra ID and of App Service, else the numbers in the text.
fn numbers(body: &Value, text: &str) -> Vec<i64> {
    let lists = [&body["error_codes"], &body["ServiceErrorCodes"]].into_iter().filter_map(Value::as_array);
    let listed: Vec<i64> = lists.flatten().filter_map(number).take(MOST_CODES).collect();
    if listed.is_empty() {
        in_text(text)
    } else {
        listed
    }
}

fn number(value: &Value) -> Option<i64> {
    value.as_i64().or_else(|| value.as_str()?.trim_start_matches("AADSTS").parse().ok())
}

fn in_text(text: &str) -> Vec<i64> {
    let digits = |part: &str| part.chars().take_while(char::is_ascii_digit).collect::<String>();
    let mut found: Vec<i64> =
        text.split("AADSTS").skip(1).filter_map(|part| digits(part).parse().ok()).take(MOST_CODES).collect();
    found.dedup();
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(body: &str) -> Answer {
        Answer::of_json(400, body.as_bytes(), Redaction::of_form("client_secret=hidden"))
    }

    fn said(body: &str) -> ErrorBody {
        ErrorBody::parse(&answer(body)).unwrap()
    }

    #[test]
    fn the_words_of_every_kind_of_host_are_found() {
        let rows = [
            (r#"{"error":"e","error_description":"Why."}"#, Some("e"), "Why"),
            (r#"{"error":{"code":"e","message":"Why."}}"#, Some("e"), "Why"),
            (r#"{"statusCode":400,"message":"Why."}"#, None, "Why"),
            (r#"{"Message":"Why."}"#, None, "Why"),
            (r#"{"ExceptionMessage":"Why.","ErrorCode":"e","Message":null}"#, Some("e"), "Why"),
            (r#"{"error":"only_a_code"}"#, Some("only_a_code"), "only_a_code"),
        ];
        for (body, code, reason) in rows {
            let said = said(body);
            assert_eq!((said.code.as_deref(), said.reason.as_str()), (code, reason), "{body}");
        }
        for body in ["", "[]", "{}", r#"{"error":""}"#, r#"{"error":null}"#, "<html>"] {
            assert_eq!(ErrorBody::parse(&answer(body)), None, "{body}");
        }
    }

    #[test]
    fn the_numbers_come_from_a_list_or_from_the_text() {
        let rows: [(&str, &[i64]); 6] = [
            (r#"{"error":"e","error_codes":[500011]}"#, &[500_011]),
            (r#"{"ErrorCode":"e","ServiceErrorCodes":["500011","AADSTS700016"]}"#, &[500_011, 700_016]),
            (r#"{"error":"e","error_description":"AADSTS500011: no such resource"}"#, &[500_011]),
            (r#"{"message":"failed: AADSTS50034: x AADSTS50034: y"}"#, &[50_034]),
            (r#"{"error":{"code":"e","message":"AADSTS7000215: z"}}"#, &[7_000_215]),
            (r#"{"error":"e","error_description":"AADSTS: none"}"#, &[]),
        ];
        for (body, numbers) in rows {
            assert_eq!(said(body).numbers, numbers, "{body}");
        }
        let many = format!(r#"{{"error":"e","error_codes":{:?}}}"#, vec![1; 1000]);
        assert_eq!(said(&many).numbers.len(), MOST_CODES);
    }

    #[test]
    fn a_number_that_was_sent_is_not_among_them() {
        let redaction = Redaction::of_form("client_secret=4711081512345678");
        let body = r#"{"error":"e","ServiceErrorCodes":["4711081512345678"]}"#;
        let said = ErrorBody::parse(&Answer::of_json(400, body.as_bytes(), redaction)).unwrap();
        assert!(said.numbers.is_empty(), "{said:?}");
    }

    #[test]
    fn a_token_of_the_answer_is_not_shown() {
        let token = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJ4In0.c2lnbmF0dXJl";
        for body in [
            serde_json::json!({ "message": format!("cannot read {{\"access_token\":\"{token}\"}}"), "correlationId": token }),
            serde_json::json!({ "error": { "code": token, "message": format!("bad {token}") } }),
            serde_json::json!({ "error": token, "error_description": "bad 0paque-m4rker", "access_token": "0paque-m4rker" }),
        ] {
            let said = format!("{:?}", self::said(&body.to_string()));
            assert!(said.contains("***") && !said.contains("eyJ") && !said.contains("0paque"), "{said}");
        }
        assert_eq!(plain_text(&answer(&format!("bad {token}"))).unwrap(), "bad ***");
    }

    #[test]
    fn line_breaks_become_spaces_and_the_sentence_contains_no_id() {
        let text = r#"{"error":"e","error_description":"AADSTS500011: not\r\nfound.\r\nTrace ID: t-1\r\nCorrelation ID: c-1\r\nTimestamp: now"}"#;
        let said = said(text);
        assert_eq!(said.reason, "AADSTS500011: not found");
        assert_eq!((said.trace_id.as_deref(), said.correlation_id.as_deref()), (Some("t-1"), Some("c-1")));
    }

    #[test]
    fn only_the_metadata_services_own_words_are_an_absence() {
        let absent =
            ["Identity not found", "identity NOT found.", "Multiple user assigned identities exist, please specify"];
        for text in absent {
            assert!(
                said(&format!(r#"{{"error":"invalid_request","error_description":"{text}"}}"#)).is_absence(),
                "{text}"
            );
        }
        for text in ["Required metadata header not specified", "AADSTS500011: The resource principal was not found"] {
            assert!(
                !said(&format!(r#"{{"error":"invalid_request","error_description":"{text}"}}"#)).is_absence(),
                "{text}"
            );
        }
    }

    #[test]
    fn a_short_plain_text_is_shown_without_its_secrets() {
        assert_eq!(plain_text(&answer("token service\r\nnot ready: hidden")).unwrap(), "token service not ready: ***");
        for body in ["", " \n", "<html>no</html>", "{\"a\":1", "[1]", &"long ".repeat(100)] {
            assert_eq!(plain_text(&answer(body)), None, "{body}");
        }
    }
}
