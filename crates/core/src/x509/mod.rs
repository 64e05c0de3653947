//! Layer 1: reads the needed fields of a certificate (RFC 5280 §4.1), from DER (X.690) and PEM (RFC 7468).
//!
//! A crate that decodes whole certificates, including extensions and tables of names, would take a tenth of the addon.

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
