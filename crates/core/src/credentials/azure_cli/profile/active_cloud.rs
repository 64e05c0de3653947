//! Finds the active cloud of the Azure CLI. Source: `get_active_cloud_name` in azure-cli-core and knack's `CLIConfig`, which reads
//! variables before files.

use crate::{
    config::keys,
    credentials::AzureCliSpec,
    host::{Environment, Files},
};
use std::{
    io,
    path::{Path, PathBuf},
};

/// The name of the public cloud, which is active if nothing is set.
const DEFAULT: &str = "AzureCloud";

/// The longest configuration. One with defaults for every command is shorter.
const LONGEST: usize = 1 << 20;

/// Returns the name of az's active cloud, or nothing if its configuration exists and cannot be read: it may name
/// another cloud.
pub(super) async fn name(spec: &AzureCliSpec, files: &Files) -> Option<String> {
    if let Some(name) = variable(&spec.run.environment) {
        return Some(name.to_owned());
    }
    let Some(folder) = &spec.folder else { return Some(DEFAULT.to_owned()) };
    match files.read(path(folder), LONGEST).await {
        Ok(content) => Some(configured(&String::from_utf8_lossy(&content)).unwrap_or(DEFAULT).to_owned()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Some(DEFAULT.to_owned()),
        Err(_) => None,
    }
}

/// Returns the name of the active cloud in the environment, which goes before the configuration.
fn variable(environment: &Environment) -> Option<&str> {
    environment.var(keys::AZURE_CLOUD_NAME.name())
}

/// Returns the path of the configuration in az's folder.
pub(super) fn path(folder: &Path) -> PathBuf {
    folder.join("config")
}

/// Returns `name` in the section `cloud`, as Python's `configparser` reads it.
fn configured(text: &str) -> Option<&str> {
    let mut is_cloud = false;
    let mut found = None;
    for line in text.trim_start_matches('\u{feff}').lines().map(str::trim) {
        if let Some(section) = line.strip_prefix('[') {
            is_cloud = section.split(']').next() == Some("cloud");
        } else if let Some((key, value)) = line.split_once(['=', ':']).filter(|_| is_cloud) {
            found = if key.trim().eq_ignore_ascii_case("name") { Some(value.trim()) } else { found };
        }
    }
    found.filter(|name| !name.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_section_cloud_names_it() {
        assert_eq!(configured("[cloud]\nname = AzureUSGovernment\n\n[core]\nname = other"), Some("AzureUSGovernment"));
        assert_eq!(configured("[core]\nname=x\r\n[cloud]\r\nNAME: AzureChinaCloud\r\n"), Some("AzureChinaCloud"));
        for none in [
            "",
            "[core]\nname = x",
            "[cloud]\n",
            "[cloud]\nname =",
            "[cloud]\n# name = x",
            "name = x",
            "[clouds]\nname=x",
        ] {
            assert_eq!(configured(none), None, "{none}");
        }
    }
}
