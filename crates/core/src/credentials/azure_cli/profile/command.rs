use crate::{
    credentials::AzureCliSpec,
    host::{Command, CommandFailure, Commands, Environment, Output},
    types::Secret,
};

/// The name of the program.
pub(crate) const PROGRAM: &str = "az";

/// Runs az with these arguments. Its output is JSON.
pub(crate) async fn run(
    spec: &AzureCliSpec,
    commands: &Commands,
    arguments: &[&str],
) -> Result<Output, CommandFailure> {
    let (subcommand, options) = arguments.split_at(arguments.len().min(2));
    let all = subcommand.iter().chain(&["-o", "json"]).chain(options);
    let command = Command {
        program: PROGRAM.to_owned(),
        arguments: all.map(|argument| Secret::new(*argument)).collect(),
        timeout: spec.run.time_limit(),
        environment: environment(spec),
        folder: Some(spec.run.folder()),
    };
    commands.run(command).await
}

/// Runs `az account show` for the named subscription.
pub(crate) async fn show_account(spec: &AzureCliSpec, commands: &Commands) -> Result<Output, CommandFailure> {
    let mut arguments = vec!["account", "show"];
    arguments.extend(spec.subscription.iter().flat_map(|name| ["--subscription", name]));
    run(spec, commands, &arguments).await
}

/// The environment of az: it reads the same folder as this package, and prints no colours.
fn environment(spec: &AzureCliSpec) -> Environment {
    let own = spec.run.environment.with("AZURE_CORE_NO_COLOR", "true");
    spec.folder.as_ref().map_or(own.clone(), |folder| own.with("AZURE_CONFIG_DIR", &folder.to_string_lossy()))
}
