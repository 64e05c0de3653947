//! Lets the fuzzers call parsers that are private to this folder.

use super::{command, managed_identity, tool};
use crate::{
    credentials::ManagedIdentityHost,
    host::Output,
    transport::Answer,
    types::{AccessToken, CredentialKind, Error, UnixMillis},
};
use std::path::PathBuf;
use zeroize::Zeroizing;

/// What IMDS, App Service and the other hosts answer, tokens and refusals.
pub(crate) fn managed_identity_answer(answer: &Answer, now: UnixMillis) -> Result<AccessToken, Error> {
    if answer.is_success() {
        return managed_identity::answer::token(answer, now);
    }
    let host = ManagedIdentityHost::Imds { authority_host: "http://host".to_owned() };
    Err(managed_identity::refusal::Service::of(&host)?.refusal(answer))
}

/// The file that a challenge of Azure Arc's agent names.
pub(crate) fn arc_challenge(challenge: &str) -> Option<PathBuf> {
    managed_identity::arc::named_file(challenge)
}

/// What az, azd, Azure PowerShell and programs of the user's own print in place of a token, or as one.
pub(crate) fn tool_output(stdout: &[u8], now: UnixMillis) -> Result<AccessToken, Error> {
    let stdout = Zeroizing::new(stdout.to_vec());
    let output = Output { status: Some(0), stdout, ..Output::default() };
    tool::ToolOutput::parse("az", &output)?.token("az", CredentialKind::AzureCli, None, now)
}

/// What a program of the user's own prints.
pub(crate) fn command_output(stdout: &[u8], now: UnixMillis) -> Result<AccessToken, Error> {
    let stdout = Zeroizing::new(stdout.to_vec());
    let output = Output { status: Some(0), stdout, ..Output::default() };
    command::read("the command", &output, now)
}

/// What is shown of a tool's error.
pub(crate) fn tool_complaint(stderr: &str) -> String {
    tool::said(stderr)
}
