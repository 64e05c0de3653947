use super::{context, usage::is_any_of_servers, Elements};
use der::Tag;

/// Returns the certificate of a `TRUSTED CERTIFICATE`, in which OpenSSL states its purposes, or nothing if it is not
/// trusted for, or to issue for, a TLS server. Source: `X509_CERT_AUX` in OpenSSL's `x_x509a.c`.
pub(crate) fn trusted_certificate(content: &[u8]) -> Option<&[u8]> {
    let certificate = first_element(content)?;
    let rest = &content[certificate.len()..];
    if rest.is_empty() {
        return Some(certificate);
    }
    let mut limits = Elements::of(rest, Tag::Sequence)?;
    let trusted_for = limits.optional(Tag::Sequence);
    let rejected_for = limits.optional(context(0, true));
    let is_trusted = trusted_for.is_none_or(is_any_of_servers) && !rejected_for.is_some_and(is_any_of_servers);
    is_trusted.then_some(certificate)
}

/// Returns the first of several elements.
pub(crate) fn first_element(content: &[u8]) -> Option<&[u8]> {
    let mut elements = Elements::new(content)?;
    elements.content(Tag::Sequence)?;
    Some(&content[..content.len() - elements.rest()?.len()])
}
