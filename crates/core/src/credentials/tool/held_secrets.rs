//! Finds the values of a program's environment that no message shows. A program may repeat any of them, and any may be a
//! secret: a value is shown only if its name or its form marks it as harmless.

use super::{
    value_hint::{hint, is_hidden, is_hidden_part, is_path, Hint},
    value_parts::{value_parts, Part},
};
use crate::{
    host::Environment,
    types::{Extent, Secret},
};
use std::collections::HashSet;

/// A value to hide.
pub(super) struct Held {
    pub(super) value: Secret,
    pub(super) extent: Extent,
}

/// Signs at which programs cut a value that they cannot read: addresses, shells, lists.
const CUTS: [char; 19] =
    ['#', '/', '?', '@', ':', '&', ';', '|', '$', '%', ',', '(', '<', '>', ' ', '"', '\'', '\\', '!'];

impl Held {
    /// A program may print a part of a key's line, to fit its own width, and of a password, as far as it can read it.
    fn of(part: Part) -> Self {
        let extent = if part.hint == Hint::OfKey || is_password(&part) { Extent::Pieces } else { Extent::Whole };
        Self { value: part.value, extent }
    }
}

/// Returns whether the part is a secret without hosts, folders or names in it, of which other messages consist.
fn is_password(part: &Part) -> bool {
    let value = part.value.expose();
    part.hint == Hint::Secret && !value.contains("://") && !value.starts_with(['{', '[']) && !is_path(value)
}

/// Returns the pieces of a password that a program may show.
fn pieces(part: &Part) -> Vec<Part> {
    let value = if is_password(part) { part.value.expose() } else { "" };
    let pieces = value.split(CUTS).filter(|piece| piece.len() < value.len());
    pieces.map(|piece| Part::of(Hint::Nothing, piece)).collect()
}

/// Returns the values to hide, and the parts of values that are secrets by themselves, or nothing if a value has too many parts to
/// read all of them.
pub(super) fn held_secrets(environment: &Environment) -> Option<Vec<Held>> {
    let values: Vec<_> = environment.variables().map(values).collect::<Option<_>>()?;
    let (hidden, shown): (Vec<_>, Vec<_>) = values.into_iter().flatten().partition(|(_, is_hidden)| *is_hidden);
    // A tenant's name is no secret because a second variable has it too.
    let shown: HashSet<&str> = shown.iter().map(|(value, _)| value.value.expose()).collect();
    let is_known = |value: &Part| !value.hint.is_secret() && shown.contains(value.value.expose());
    let hidden = hidden.into_iter().map(|(value, _)| value);
    Some(hidden.filter(|value| !is_known(value)).map(Held::of).collect())
}

/// Returns the value of a variable and its parts, each with whether it is hidden. A part that is not hidden is returned only
/// if a name marks it as harmless.
fn values((name, value): (&str, &Secret)) -> Option<Vec<(Part, bool)>> {
    let whole = Part::of(hint(name), value.expose());
    let mut parts = value_parts(&whole)?;
    let pieces: Vec<_> = parts.iter().chain([&whole]).flat_map(pieces).collect();
    parts.extend(pieces);
    let parts = parts.into_iter().map(|part| (is_hidden_part(part.hint, part.value.expose()), part));
    let parts = parts.filter(|(is_hidden, part)| *is_hidden || part.hint == Hint::Plain);
    let mut values: Vec<_> = parts.map(|(is_hidden, part)| (part, is_hidden)).collect();
    let is_hidden = is_hidden(whole.hint, whole.value.expose());
    values.push((whole, is_hidden));
    Some(values)
}

#[cfg(test)]
mod tests;
