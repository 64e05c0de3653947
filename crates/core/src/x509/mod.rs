//! Floor 1: what is looked at in a certificate (RFC 5280 §4.1), and the elements of DER (X.690) that it is made of.
//!
//! The crates that decode the whole of certificates, extensions and tables of names included, take a tenth of the addon.

mod certificate;
mod elements;
mod name;

pub(crate) use certificate::Certificate;
pub(crate) use elements::{context, Elements};
pub(crate) use name::Name;
