use super::{context, Elements, Name};
use der::{
    asn1::{AnyRef, GeneralizedTime, UtcTime},
    Tag, Tagged,
};

/// The fields of a certificate that are needed here, in DER. Nothing is verified, and every serial number is accepted:
/// some authorities issue numbers that RFC 5280 forbids.
pub(crate) struct Certificate<'a> {
    pub(crate) issuer: Name<'a>,
    pub(crate) subject: Name<'a>,
    /// In seconds since the epoch.
    pub(crate) valid_from: i64,
    pub(crate) valid_until: i64,
    /// The key in the encoding of its algorithm.
    pub(crate) public_key: &'a [u8],
    /// The sequence of its extensions, empty if it has none.
    pub(super) extensions: &'a [u8],
}

impl<'a> Certificate<'a> {
    pub(crate) fn parse(der: &'a [u8]) -> Option<Self> {
        let mut certificate = Elements::of(der, Tag::Sequence)?;
        let mut fields = certificate.within(Tag::Sequence)?;
        let _algorithm = certificate.content(Tag::Sequence)?;
        let _signature = certificate.content(Tag::BitString)?;
        let _version = fields.optional(context(0, true));
        let _serial_number = fields.content(Tag::Integer)?;
        let _algorithm = fields.content(Tag::Sequence)?;
        let issuer = Name(fields.content(Tag::Sequence)?);
        let mut validity = fields.within(Tag::Sequence)?;
        let (valid_from, valid_until) = (seconds(validity.next()?)?, seconds(validity.next()?)?);
        let subject = Name(fields.content(Tag::Sequence)?);
        let public_key = public_key(fields.within(Tag::Sequence)?)?;
        let extensions = extensions(fields).unwrap_or_default();
        certificate.is_finished().then_some(Self { issuer, subject, valid_from, valid_until, public_key, extensions })
    }
}

/// Returns the key in a `SubjectPublicKeyInfo` (RFC 5280 §4.1.2.7).
pub(crate) fn public_key_of(info: &[u8]) -> Option<&[u8]> {
    public_key(Elements::new(info)?)
}

/// Returns the length of an RSA key (RFC 8017, appendix A.1.1), or nothing for other keys.
pub(crate) fn rsa_bits(public_key: &[u8]) -> Option<usize> {
    let modulus = Elements::of(public_key, Tag::Sequence)?.content(Tag::Integer)?;
    let zeros = modulus.iter().take_while(|byte| **byte == 0).count();
    let first = modulus.get(zeros)?;
    Some((modulus.len() - zeros) * 8 - first.leading_zeros() as usize)
}

/// The extensions are the last field, after two that only version 2 had.
fn extensions(mut fields: Elements<'_>) -> Option<&[u8]> {
    let _issuer_id = fields.optional(context(1, false));
    let _subject_id = fields.optional(context(2, false));
    Elements::new(fields.content(context(3, true))?)?.content(Tag::Sequence)
}

fn seconds(time: AnyRef<'_>) -> Option<i64> {
    let since_epoch = match time.tag() {
        Tag::UtcTime => time.decode_as::<UtcTime>().ok()?.to_unix_duration(),
        _ => time.decode_as::<GeneralizedTime>().ok()?.to_unix_duration(),
    };
    i64::try_from(since_epoch.as_secs()).ok()
}

/// A bit string begins with the number of unused bits.
fn public_key(mut key: Elements<'_>) -> Option<&[u8]> {
    let _algorithm = key.content(Tag::Sequence)?;
    key.content(Tag::BitString)?.strip_prefix(&[0])
}

#[cfg(test)]
#[expect(clippy::disallowed_methods, reason = "the test files are read as they are")]
mod tests {
    use super::*;
    use x509_parser::prelude::{FromDer, X509Certificate};

    /// Their dates lie before and after 2050, which are encoded differently.
    const FILES: [&str; 5] = ["leaf.crt", "root.crt", "expired.pem", "not-yet-valid.pem", "refused-ec.pem"];

    fn certificate(file: &str) -> Vec<u8> {
        let content = std::fs::read(format!("{}/tests/certificates/{file}", env!("CARGO_MANIFEST_DIR"))).expect(file);
        let sections = ::pem::parse_many(content).expect(file);
        sections.into_iter().find(|section| section.tag() == "CERTIFICATE").expect(file).into_contents()
    }

    #[test]
    fn another_reader_sees_the_same() {
        for file in FILES {
            let der = certificate(file);
            let (_, other) = X509Certificate::from_der(&der).expect(file);
            let ours = Certificate::parse(&der).expect(file);
            assert_eq!(ours.valid_from, other.validity().not_before.timestamp(), "{file}");
            assert_eq!(ours.valid_until, other.validity().not_after.timestamp(), "{file}");
            assert_eq!(ours.public_key, &*other.public_key().subject_public_key.data, "{file}");
            let bits = other.public_key().parsed().expect(file).key_size();
            assert_eq!(rsa_bits(ours.public_key), (!file.contains("-ec")).then_some(bits), "{file}");
            assert_eq!(
                ours.alternative_names().is_some(),
                other.subject_alternative_name().expect(file).is_some(),
                "{file}"
            );
            let common_name = |name: &x509_parser::x509::X509Name<'_>| {
                name.iter_common_name().next().and_then(|name| name.as_str().ok().map(str::to_owned))
            };
            assert_eq!(ours.issuer.readable(), common_name(other.issuer()), "{file}");
            assert_eq!(ours.subject.readable(), common_name(other.subject()), "{file}");
        }
    }

    #[test]
    fn a_certificate_without_its_end_is_not_read() {
        let der = certificate("leaf.crt");
        for length in 0..der.len() {
            assert!(Certificate::parse(&der[..length]).is_none(), "cut at {length}");
        }
        assert!(Certificate::parse(&[&der[..], &[0]].concat()).is_none(), "something follows");
    }
}
