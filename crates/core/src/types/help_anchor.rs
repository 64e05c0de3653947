use super::{CredentialKind, ErrorKind};

/// A section of TROUBLESHOOTING.md, which is in the package and explains an error.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum HelpAnchor {
    /// The section of all errors with that code.
    Code(ErrorKind),
    /// The section of one kind of credential.
    Credential(CredentialKind),
    /// The credential that the `AZURE_*` variables name.
    Environment,
    /// The rules of Pulumi's provider, and its configuration.
    Pulumi,
    /// The default chain of Azure's SDKs.
    DefaultChain,
    /// A container registry that returns no token.
    Registry,
}

impl HelpAnchor {
    /// Returns the section's anchor, as GitHub and npm make it from the heading.
    pub fn anchor(self) -> String {
        match self {
            Self::Code(kind) => kind.code().to_lowercase(),
            Self::Credential(kind) => kind.anchor().to_owned(),
            Self::Environment => "environment".to_owned(),
            Self::Pulumi => "pulumi".to_owned(),
            Self::DefaultChain => "default-chain".to_owned(),
            Self::Registry => "container-registry".to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::types::{Attempt, AttemptOutcome, Error};
    use std::time::Duration;

    const PAPER: &str = include_str!("../../../../TROUBLESHOOTING.md");

    fn failed(kind: ErrorKind) -> Error {
        let (source, outcome) = (CredentialKind::AzureCli, AttemptOutcome::Failed);
        let attempt = Attempt { source, outcome, reason: None, duration: Duration::ZERO };
        Error::new(kind, "").with_attempts(vec![attempt])
    }

    #[test]
    fn every_help_anchor_has_its_section() {
        let headings =
            PAPER.lines().filter_map(|line| line.strip_prefix("##")).map(|line| line.trim_matches(['#', ' ']));
        let anchors: Vec<_> = headings.map(|heading| heading.to_lowercase().replace(' ', "-")).collect();
        let codes = ErrorKind::ALL.iter().copied().filter(|kind| *kind != ErrorKind::Cancelled).map(HelpAnchor::Code);
        let credentials = CredentialKind::ALL.iter().copied().map(HelpAnchor::Credential);
        let others = [HelpAnchor::Environment, HelpAnchor::Pulumi, HelpAnchor::DefaultChain, HelpAnchor::Registry];
        for help in codes.chain(credentials).chain(others) {
            assert!(anchors.contains(&help.anchor()), "TROUBLESHOOTING.md has no heading for #{}", help.anchor());
        }
    }

    #[test]
    fn it_is_the_credential_that_failed() {
        let az = HelpAnchor::Credential(CredentialKind::AzureCli);
        assert_eq!(failed(ErrorKind::Authentication).help(), az);
        assert_eq!(failed(ErrorKind::Timeout).help(), az, "a tool that hangs");
        assert_eq!(Error::new(ErrorKind::Configuration, "").help(), HelpAnchor::Code(ErrorKind::Configuration));
        let about_pulumi = Error::new(ErrorKind::Configuration, "").with_help(HelpAnchor::Pulumi);
        assert_eq!(
            about_pulumi.clone().with_help(HelpAnchor::Environment).help(),
            HelpAnchor::Pulumi,
            "who knows first"
        );
        assert_eq!(about_pulumi.help(), HelpAnchor::Pulumi);
    }

    #[test]
    fn the_route_to_a_host_and_defects_have_their_own_sections() {
        for kind in [ErrorKind::ServiceUnavailable, ErrorKind::ResourceExhausted, ErrorKind::UnexpectedIdentity] {
            assert_eq!(failed(kind).help(), HelpAnchor::Code(kind), "no setting of a credential mends it");
        }
        for kind in [ErrorKind::Network, ErrorKind::Timeout] {
            assert_eq!(failed(kind).with_host("login.example").help(), HelpAnchor::Code(kind));
        }
        assert_eq!(failed(ErrorKind::Internal).help(), HelpAnchor::Code(ErrorKind::Internal));
    }
}
