//! Gives the fuzzers access to parsers that are private to this folder.

use super::{command, managed_identity, tool};
use crate::{
    credentials::ManagedIdentityHost,
    host::Output,
    transport::Answer,
    types::{AccessToken, CredentialKind, Error, Secret, UnixMillis},
};
use std::path::PathBuf;
use zeroize::Zeroizing;

/// Reads the answer of IMDS, App Service or another host: a token or a refusal.
pub(crate) fn managed_identity_answer(answer: &Answer, now: UnixMillis) -> Result<AccessToken, Error> {
    if answer.is_success() {
        return managed_identity::answer::token(answer, now);
    }
    let host = ManagedIdentityHost::Imds { authority_host: "http://host".to_owned() };
    Err(managed_identity::refusal::Service::of(&host)?.refusal(answer))
}

/// Returns the file that a challenge of Azure Arc's agent names.
pub(crate) fn arc_challenge(challenge: &str) -> Option<PathBuf> {
    managed_identity::arc::named_file(challenge)
}

/// Reads the output of az, azd, Azure PowerShell or the user's own program.
pub(crate) fn tool_output(stdout: &[u8], now: UnixMillis) -> Result<AccessToken, Error> {
    let stdout = Zeroizing::new(stdout.to_vec());
    let output = Output { status: Some(0), stdout, ..Output::default() };
    tool::ToolOutput::parse("az", &output)?.token("az", CredentialKind::AzureCli, None, now)
}

/// Reads the output of the user's own program.
pub(crate) fn command_output(stdout: &[u8], now: UnixMillis) -> Result<AccessToken, Error> {
    let stdout = Zeroizing::new(stdout.to_vec());
    let output = Output { status: Some(0), stdout, ..Output::default() };
    command::read("the command", &output, None, now)
}

/// Returns the part of a tool's error that is shown.
pub(crate) fn tool_complaint(stderr: &str) -> String {
    tool::said(stderr)
}

/// Returns what is shown of a text if a program with these variables prints it.
pub(crate) fn shown_by_program(text: &str, variables: &[(&str, &str)]) -> String {
    tool::without_secrets(text, &variables.iter().map(|(name, value)| (*name, Secret::new(*value))).collect(), &[])
}
