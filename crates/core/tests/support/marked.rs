//! Scenarios in which one setting has another value.

use super::Case;
use serde_json::{Map, Value};

/// The place of a setting in a scenario: a variable, a key of Pulumi's configuration, an option, or a member of a
/// specification.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Place {
    pub(crate) part: &'static str,
    pub(crate) path: Vec<String>,
}

/// Members of a specification and of options that are not values of settings, but decide which it is.
const STRUCTURE: [&str; 4] = ["credential", "kind", "from", "setting"];

/// Returns every setting of the scenario that is a text.
pub(crate) fn settings_of(scenario: &Value) -> Vec<Place> {
    let mut places = Vec::new();
    for part in ["environment", "config", "options", "spec"] {
        collect(part, &scenario[part], &mut Vec::new(), &mut places);
    }
    places
}

fn collect(part: &'static str, value: &Value, path: &mut Vec<String>, places: &mut Vec<Place>) {
    let members: Vec<(String, &Value)> = match value {
        Value::String(_) => return places.push(Place { part, path: path.clone() }),
        Value::Object(members) => members.iter().map(|(name, value)| (name.clone(), value)).collect(),
        Value::Array(values) => values.iter().enumerate().map(|(at, value)| (at.to_string(), value)).collect(),
        _ => return,
    };
    for (name, value) in members {
        if !STRUCTURE.contains(&name.as_str()) {
            path.push(name);
            collect(part, value, path, places);
            path.pop();
        }
    }
}

/// Returns the scenario with that value in that place. Its script is played as far as the calls go.
pub(crate) fn marked(scenario: &Value, place: &Place, value: &str) -> Result<Case, String> {
    let mut scenario = scenario.clone();
    let part = scenario
        .as_object_mut()
        .map(|members| members.entry(place.part).or_insert_with(|| Value::Object(Map::default())));
    let mut found = part.ok_or("a scenario is an object")?;
    for name in &place.path {
        found = match found {
            Value::Array(values) => {
                values.get_mut(name.parse::<usize>().unwrap_or_default()).ok_or("no such member")?
            }
            found => found.as_object_mut().ok_or("no members")?.entry(name.as_str()).or_insert(Value::Null),
        };
    }
    *found = Value::String(value.to_owned());
    Case::parse(&scenario.to_string())
}
