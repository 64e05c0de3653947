//! Decides whether a chain tries its next member. It implements the table "Chains" in ARCHITECTURE.md, and no other
//! code decides this: a credential only reports what happened, by the kind of its error.

use crate::{
    credentials::is_developers_tool,
    types::{CredentialKind, Error, ErrorKind},
};

/// How far a member came before it failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stage {
    /// Its settings made no credential. In an explicit chain only a member that is not configured here comes this far:
    /// any other mistake in its settings is an error before the chain begins.
    Made,
    /// The member was asked for a token.
    Asked,
}

/// Returns whether the chain tries the next member.
pub(super) fn goes_on(is_default: bool, member: CredentialKind, stage: Stage, error: &Error) -> bool {
    match (error.kind(), stage) {
        // `expect` exists to stop the program, not to choose among identities. The other errors say nothing about the
        // member, and the next member may be another identity.
        (
            ErrorKind::UnexpectedIdentity | ErrorKind::ResourceExhausted | ErrorKind::Cancelled | ErrorKind::Internal,
            _,
        ) => false,
        (ErrorKind::CredentialUnavailable, _) | (_, Stage::Made) => true,
        // In the default chain every failure of a developer's tool is an absence, as in Azure's SDKs: the tool may be
        // installed for another purpose.
        (_, Stage::Asked) => is_default && is_developers_tool(member),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::types::Resource;
    use CredentialKind::{AzureCli, AzureDeveloperCli, AzurePowerShell, ClientSecret, Command, ManagedIdentity};

    const TOOLS: [CredentialKind; 3] = [AzureCli, AzureDeveloperCli, AzurePowerShell];
    const OTHERS: [CredentialKind; 3] = [ClientSecret, Command, ManagedIdentity];

    /// The decisions in the default chain, and in an explicit one.
    fn verdicts(member: CredentialKind, stage: Stage, error: &Error) -> (bool, bool) {
        (goes_on(true, member, stage, error), goes_on(false, member, stage, error))
    }

    fn failed(kind: ErrorKind) -> Error {
        Error::new(kind, "")
    }

    #[test]
    fn an_absent_member_is_skipped_in_every_chain() {
        for member in [TOOLS, OTHERS].concat() {
            let absent = failed(ErrorKind::CredentialUnavailable);
            assert_eq!(verdicts(member, Stage::Asked, &absent), (true, true), "{member:?}");
            let not_configured = failed(ErrorKind::Configuration);
            assert_eq!(verdicts(member, Stage::Made, &not_configured), (true, true), "{member:?}");
        }
    }

    #[test]
    fn a_tool_that_ran_and_failed_is_skipped_only_in_the_default_chain() {
        let failures =
            [ErrorKind::Authentication, ErrorKind::ServiceUnavailable, ErrorKind::Timeout, ErrorKind::Network];
        for kind in failures {
            for tool in TOOLS {
                assert_eq!(verdicts(tool, Stage::Asked, &failed(kind)), (true, false), "{tool:?}: {kind:?}");
            }
            for other in OTHERS {
                assert_eq!(verdicts(other, Stage::Asked, &failed(kind)), (false, false), "{other:?}: {kind:?}");
            }
        }
    }

    #[test]
    fn a_shortage_of_the_machine_ends_every_chain_in_any_member_at_any_stage() {
        let resources = [
            Resource::Threads,
            Resource::Descriptors,
            Resource::Memory,
            Resource::Processes,
            Resource::Disk,
            Resource::Randomness,
        ];
        for resource in resources {
            let shortage = Error::exhausted(resource, "");
            assert!(shortage.retryable());
            for member in [TOOLS, OTHERS].concat() {
                for stage in [Stage::Made, Stage::Asked] {
                    assert_eq!(verdicts(member, stage, &shortage), (false, false), "{member:?}: {resource:?}");
                }
            }
        }
    }

    #[test]
    fn a_cancelled_call_a_defect_and_another_identity_end_every_chain() {
        for kind in [ErrorKind::Cancelled, ErrorKind::Internal, ErrorKind::UnexpectedIdentity] {
            for member in [TOOLS, OTHERS].concat() {
                assert_eq!(verdicts(member, Stage::Asked, &failed(kind)), (false, false), "{member:?}: {kind:?}");
            }
        }
    }

    #[test]
    fn every_kind_of_error_has_a_verdict_that_this_table_tests() {
        let tested = [
            ErrorKind::CredentialUnavailable,
            ErrorKind::Configuration,
            ErrorKind::Authentication,
            ErrorKind::ServiceUnavailable,
            ErrorKind::Timeout,
            ErrorKind::Network,
            ErrorKind::ResourceExhausted,
            ErrorKind::UnexpectedIdentity,
            ErrorKind::Cancelled,
            ErrorKind::Internal,
        ];
        assert!(ErrorKind::ALL.iter().all(|kind| tested.contains(kind)));
        let wrong_request = failed(ErrorKind::Configuration);
        assert_eq!(verdicts(ManagedIdentity, Stage::Asked, &wrong_request), (false, false));
        assert_eq!(verdicts(AzureCli, Stage::Asked, &wrong_request), (true, false));
    }
}
