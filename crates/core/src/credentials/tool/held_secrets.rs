//! Finds the values of a program's environment that no message shows. A program may repeat any of them, and any may be a
//! secret: a value is shown only if its name or its form marks it as harmless.

use super::{
    value_hint::{hint, is_hidden, is_hidden_part, Hint},
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

impl Held {
    /// A program may print a part of a key's line, to fit its own width.
    fn of(part: Part) -> Self {
        let extent = if part.hint == Hint::OfKey { Extent::Pieces } else { Extent::Whole };
        Self { value: part.value, extent }
    }
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
    let parts = value_parts(&whole)?.into_iter().map(|part| (is_hidden_part(part.hint, part.value.expose()), part));
    let parts = parts.filter(|(is_hidden, part)| *is_hidden || part.hint == Hint::Plain);
    let mut values: Vec<_> = parts.map(|(is_hidden, part)| (part, is_hidden)).collect();
    let is_hidden = is_hidden(whole.hint, whole.value.expose());
    values.push((whole, is_hidden));
    Some(values)
}

#[cfg(test)]
mod tests;
