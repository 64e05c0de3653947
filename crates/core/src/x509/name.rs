use super::Elements;
use crate::types::printable;
use der::{
    asn1::{AnyRef, ObjectIdentifier},
    Tag, Tagged,
};

const COMMON_NAME: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.4.3");

/// Source: the table of RFC 4514 §3.
const KEYWORDS: [(ObjectIdentifier, &str); 9] = [
    (COMMON_NAME, "CN"),
    (ObjectIdentifier::new_unwrap("2.5.4.6"), "C"),
    (ObjectIdentifier::new_unwrap("2.5.4.7"), "L"),
    (ObjectIdentifier::new_unwrap("2.5.4.8"), "ST"),
    (ObjectIdentifier::new_unwrap("2.5.4.9"), "STREET"),
    (ObjectIdentifier::new_unwrap("2.5.4.10"), "O"),
    (ObjectIdentifier::new_unwrap("2.5.4.11"), "OU"),
    (ObjectIdentifier::new_unwrap("0.9.2342.19200300.100.1.1"), "UID"),
    (ObjectIdentifier::new_unwrap("0.9.2342.19200300.100.1.25"), "DC"),
];

/// The longest name that is shown. A common name has at most 64 characters (X.520, ub-common-name); several parts have
/// more.
const LONGEST_NAME: usize = 200;

/// The issuer or the subject of a certificate: a sequence of sets of attributes (RFC 5280 §4.1.2.4).
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct Name<'a>(pub(super) &'a [u8]);

struct Attribute<'a> {
    kind: ObjectIdentifier,
    value: AnyRef<'a>,
}

impl<'a> Name<'a> {
    /// Returns the common name, or without one the whole name, most specific part first. An attacker on the path to a
    /// server can present a certificate with any name, so the result is one short line.
    pub(crate) fn readable(self) -> Option<String> {
        let attributes = self.attributes()?;
        let common_name = attributes.iter().find(|attribute| attribute.kind == COMMON_NAME);
        let whole = || attributes.iter().rev().map(Attribute::written).collect::<Vec<_>>().join(",");
        let name = printable(&common_name.map_or_else(whole, Attribute::text));
        Some(name.chars().take(LONGEST_NAME).collect::<String>()).filter(|name| !name.is_empty())
    }

    /// Returns the common name alone, as one short line.
    pub(crate) fn common_name(self) -> Option<String> {
        let attributes = self.attributes()?;
        let common_name = attributes.iter().find(|attribute| attribute.kind == COMMON_NAME)?;
        Some(printable(&common_name.text()).chars().take(LONGEST_NAME).collect())
    }

    /// Returns the name as it is encoded in the certificate.
    pub(crate) fn as_bytes(&self) -> &'a [u8] {
        self.0
    }

    fn attributes(self) -> Option<Vec<Attribute<'a>>> {
        let mut attributes = Vec::new();
        for set in Elements::new(self.0)? {
            for attribute in Elements::new(set.value())? {
                let mut fields = Elements::new(attribute.value())?;
                let kind = ObjectIdentifier::from_bytes(fields.content(Tag::ObjectIdentifier)?).ok()?;
                attributes.push(Attribute { kind, value: fields.next()? });
            }
        }
        Some(attributes)
    }
}

impl Attribute<'_> {
    fn written(&self) -> String {
        let keyword = KEYWORDS.iter().find(|(kind, _)| *kind == self.kind);
        let keyword = keyword.map_or_else(|| self.kind.to_string(), |(_, keyword)| (*keyword).to_owned());
        format!("{keyword}={}", self.text())
    }

    /// Text in UTF-16 has its own type; the other types contain ASCII or UTF-8 in practice.
    fn text(&self) -> String {
        if self.value.tag() != Tag::BmpString {
            return String::from_utf8_lossy(self.value.value()).into_owned();
        }
        let units: Vec<_> =
            self.value.value().chunks_exact(2).map(|pair| u16::from_be_bytes([pair[0], pair[1]])).collect();
        String::from_utf16_lossy(&units)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SET: u8 = 0x31;
    const SEQUENCE: u8 = 0x30;
    const OBJECT_IDENTIFIER: u8 = 0x06;
    const UTF8: u8 = 0x0c;
    const PRINTABLE: u8 = 0x13;
    const BMP: u8 = 0x1e;

    fn element(tag: u8, content: &[u8]) -> Vec<u8> {
        [&[tag, u8::try_from(content.len()).expect("a short one")], content].concat()
    }

    fn attribute(kind: &str, tag: u8, value: &[u8]) -> Vec<u8> {
        let kind = ObjectIdentifier::new_unwrap(kind);
        let fields = [element(OBJECT_IDENTIFIER, kind.as_bytes()), element(tag, value)].concat();
        element(SET, &element(SEQUENCE, &fields))
    }

    #[test]
    fn the_common_name_is_shown_or_without_one_the_whole_name() {
        let country = attribute("2.5.4.6", PRINTABLE, b"DE");
        let organisation = attribute("2.5.4.10", UTF8, "Grün".as_bytes());
        let wide = attribute("2.5.4.3", BMP, &[0x00, 0x52, 0x20, 0xac]);
        let odd = attribute("1.2.3.4", UTF8, b"x");
        let rows = [
            ([&country[..], &organisation, &wide].concat(), "R€"),
            ([&country[..], &organisation].concat(), "O=Grün,C=DE"),
            ([&country[..], &odd].concat(), "1.2.3.4=x,C=DE"),
        ];
        for (name, expected) in rows {
            assert_eq!(Name(&name).readable().as_deref(), Some(expected));
        }
        let hostile = attribute("2.5.4.3", UTF8, format!("a\u{1b}[31m\n\u{202e}{}", "b".repeat(60)).as_bytes());
        assert_eq!(Name(&hostile).readable(), Some(format!("a {}", "b".repeat(60))), "a terminal obeys it");
        for nameless in [&[][..], &element(SET, &element(SEQUENCE, b"?"))] {
            assert_eq!(Name(nameless).readable(), None);
        }
    }
}
