//! Scenarios with another value in one of their settings.

use super::Case;
use serde_json::{Map, Value};

/// Where a setting stands in a scenario: a variable, a key of Pulumi's configuration, an option, or one of a specification.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Place {
    pub(crate) part: &'static str,
    pub(crate) path: Vec<String>,
}

/// What of a specification and of options is no value of a setting, but decides which it is.
const STRUCTURE: [&str; 4] = ["credential", "kind", "from", "setting"];

/// Every setting of the scenario that is a text.
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

/// The scenario with that value there, whose script is played as far as it goes.
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
