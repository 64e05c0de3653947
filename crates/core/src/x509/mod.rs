//! Layer 1: the fields of a certificate that are read here (RFC 5280 §4.1), the elements of DER (X.690) that it is made
//! of, and the sections of PEM (RFC 7468) that it is kept in.
//!
//! The crates that decode the whole of certificates, extensions and tables of names included, take a tenth of the addon.

mod certificate;
mod elements;
mod name;
mod pem;
mod trusted;
mod usage;

pub(crate) use certificate::{public_key_of, rsa_bits, Certificate};
pub(crate) use elements::{context, Elements};
pub(crate) use name::Name;
pub(crate) use pem::{sections, Section};
pub(crate) use trusted::{first_element, trusted_certificate};
