use super::{context, Certificate, Elements};
use crate::types::printable;
use der::{asn1::ObjectIdentifier, Tag, Tagged};
use std::net::IpAddr;

const KEY_USAGE: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.15");
const SUBJECT_ALTERNATIVE_NAME: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.17");
const EXTENDED_KEY_USAGE: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.37");
const SERVER_AUTHENTICATION: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.3.1");
const ANY_USE: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.37.0");

/// The first bit of a key usage (RFC 5280 §4.2.1.3).
const DIGITAL_SIGNATURE: u8 = 0x80;

/// The longest name that is shown whole.
const LONGEST_NAME: usize = 100;

impl<'a> Certificate<'a> {
    /// Returns whether it may belong to a TLS server: if extensions limit its use, they must allow signing a handshake
    /// and authenticating a server (RFC 5280 §4.2.1.3 and §4.2.1.12).
    pub(crate) fn may_serve(&self) -> bool {
        let signs = self.extension(KEY_USAGE).is_none_or(|usage| signs(usage).unwrap_or(false));
        signs && self.extension(EXTENDED_KEY_USAGE).is_none_or(|usage| is_for_servers(usage).unwrap_or(false))
    }

    /// Returns the host names and addresses of the certificate for messages, or nothing without the extension. The
    /// server can use any text as a name, so each becomes one short line.
    pub(crate) fn alternative_names(&self) -> Option<Vec<String>> {
        let mut names = Vec::new();
        for name in Elements::of(self.extension(SUBJECT_ALTERNATIVE_NAME)?, Tag::Sequence)? {
            if name.tag() == context(2, false) {
                names.push(shown(&String::from_utf8_lossy(name.value())));
            } else if name.tag() == context(7, false) {
                names.extend(address(name.value()).map(|address| address.to_string()));
            }
        }
        Some(names)
    }

    fn extension(&self, wanted: ObjectIdentifier) -> Option<&'a [u8]> {
        Elements::new(self.extensions)?.find_map(|extension| {
            let mut fields = Elements::new(extension.value())?;
            let kind = ObjectIdentifier::from_bytes(fields.content(Tag::ObjectIdentifier)?).ok()?;
            let _critical = fields.optional(Tag::Boolean);
            fields.content(Tag::OctetString).filter(|_| kind == wanted)
        })
    }
}

/// A bit string begins with the number of unused bits.
fn signs(usage: &[u8]) -> Option<bool> {
    let bits = Elements::new(usage)?.content(Tag::BitString)?;
    Some(bits.get(1)? & DIGITAL_SIGNATURE != 0)
}

fn is_for_servers(usage: &[u8]) -> Option<bool> {
    let mut purposes = Elements::of(usage, Tag::Sequence)?;
    Some(purposes.any(|purpose| purpose.value() == SERVER_AUTHENTICATION.as_bytes()))
}

/// Returns whether a list of purposes contains that of servers, or any purpose.
pub(super) fn is_any_of_servers(uses: &[u8]) -> bool {
    let wanted = [SERVER_AUTHENTICATION.as_bytes(), ANY_USE.as_bytes()];
    Elements::new(uses).is_some_and(|mut uses| uses.any(|one| wanted.contains(&one.value())))
}

fn shown(name: &str) -> String {
    printable(name).chars().take(LONGEST_NAME).collect()
}

fn address(bytes: &[u8]) -> Option<IpAddr> {
    let short = <[u8; 4]>::try_from(bytes).map(IpAddr::from);
    short.or_else(|_| <[u8; 16]>::try_from(bytes).map(IpAddr::from)).ok()
}
