//! Decides why a program gave no token, by how it ended and what it printed. The order of the rules: the machine lacked
//! a resource; the network failed; Entra ID refused; the program may not use its files; the login has ended. A program
//! that has one of the first failures often prints the last as well: if az cannot open its token file, it reports that
//! there is no login.

use super::{
    exit_status::{signal, KILLED},
    failure_signs::{is_of_mount, is_of_network, shortage_in, NOT_MAPPED},
    Tool,
};
use crate::{
    host::Output,
    types::{Error, Resource},
};

/// Windows's `STATUS_NO_MEMORY` and `STATUS_COMMITMENT_LIMIT` (winerror.h), as statuses of a process.
const NO_MEMORY: [u32; 2] = [0xC000_0017, 0xC000_012D];

/// Entra ID's codes for a login that must be repeated: it has expired, was revoked, or no longer satisfies the
/// policies.
/// Source: <https://learn.microsoft.com/entra/identity-platform/reference-error-codes>.
const LOGIN_IS_OVER: [i64; 14] =
    [50_057, 50_076, 50_078, 50_079, 50_132, 50_133, 50_173, 65_001, 70_008, 70_043, 70_044, 700_081, 700_082, 700_084];

/// Entra ID's codes for a tenant that does not have the account, or that does not exist.
const TENANT_IS_WRONG: [i64; 5] = [50_020, 50_034, 90_002, 90_072, 900_023];

/// What az prints if it has accounts and none of them is the default. Source: `Profile.get_subscription` in
/// azure-cli-core.
const NO_DEFAULT: &str = "az account set";

/// What Python, Go, Node.js, .NET and Windows print if a program may not use a file, in lower case.
const NO_ACCESS: [&str; 9] = [
    "permission denied",
    "[errno 13]",
    "eacces",
    "[winerror 5]",
    "access is denied",
    "access to the path",
    "read-only file system",
    "[errno 30]",
    "erofs",
];

/// Why a tool failed on a machine that lacks nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum FailureCause {
    /// Its requests got no answer.
    Unanswered,
    /// Its account does not belong to the tenant.
    WrongTenant,
    /// Entra ID refused, with these or other codes.
    Refused,
    /// The program may not use its files.
    NoAccess,
    /// The user must log in.
    LoggedOut,
    /// It has no default account.
    NoDefault,
    /// The output does not name a reason.
    Unclear,
}

/// Returns the error of a program that met a shortage of the machine. Such a program has not shown whether it is logged
/// in, and its next run may succeed. `what`: the beginning of the message, such as `"the Azure CLI gave no token"`.
pub(crate) fn shortage(what: &str, output: &Output) -> Option<Error> {
    if is_killed(output) {
        let what = format!("{what}: it was ended by SIGKILL, which the system sends if memory runs out");
        return Some(Resource::Memory.lacking(&what, &"SIGKILL"));
    }
    let (resource, sign) = shortage_in(&String::from_utf8_lossy(&output.stderr))?;
    let cause = format!("it printed \"{}\"", sign.trim());
    match sign {
        NOT_MAPPED => Some(not_mapped(what).with_causes(vec![cause])),
        _ => Some(resource.lacking(what, &cause)),
    }
}

/// The error for a library that the loader did not map, without a reason from the loader.
fn not_mapped(what: &str) -> Error {
    let message = format!(
        "{what}: a library of it could not be mapped into memory. Give the process or the container more memory, or move the \
         program and TMPDIR from a disk that is mounted with noexec"
    );
    Error::exhausted(Resource::Memory, message)
}

/// Returns why the tool failed, if the machine lacks nothing. Lines of `text` that are warnings are ignored.
/// `is_whole`: whether the tool ended by itself and its output is complete; otherwise the output says nothing about the
/// login.
pub(super) fn failure_cause(tool: &Tool, text: &str, codes: &[i64], is_whole: bool) -> FailureCause {
    let lines = || text.lines().map(str::trim).filter(|line| !is_warning(line));
    let says = |words: &str| lines().any(|line| line.contains(words));
    if lines().any(is_of_network) {
        return FailureCause::Unanswered;
    }
    match codes {
        [] if lacks_access(text) => FailureCause::NoAccess,
        [] if is_whole && says(tool.login) => FailureCause::LoggedOut,
        [] if is_whole && says(NO_DEFAULT) => FailureCause::NoDefault,
        [] => FailureCause::Unclear,
        codes if codes.iter().any(|code| TENANT_IS_WRONG.contains(code)) => FailureCause::WrongTenant,
        codes if !codes.iter().all(|code| is_over(*code)) => FailureCause::Refused,
        _ if is_whole => FailureCause::LoggedOut,
        _ => FailureCause::Unclear,
    }
}

/// Returns whether the text, apart from warnings, says that the program may not use a file.
pub(super) fn lacks_access(text: &str) -> bool {
    text.lines().map(str::trim).filter(|line| !is_warning(line)).any(is_of_access)
}

/// Returns whether a line says that the program may not use a file: that does not show that it is logged out.
fn is_of_access(line: &str) -> bool {
    let line = line.to_lowercase();
    is_of_mount(&line) || NO_ACCESS.iter().any(|sign| line.contains(sign))
}

/// Returns whether the code alone shows that the login must be repeated.
pub(super) fn is_over(code: i64) -> bool {
    LOGIN_IS_OVER.contains(&code)
}

pub(super) fn is_warning(line: &str) -> bool {
    line.to_ascii_uppercase().starts_with("WARNING")
}

/// Returns whether the program was killed, or the last program of a shell script was.
fn is_killed(output: &Output) -> bool {
    let by_windows = || NO_MEMORY.map(|status| Some(status.cast_signed())).contains(&output.status);
    signal(output) == Some(KILLED) || by_windows()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        credentials::azure_cli::TOOL,
        types::{is_plain, ErrorKind},
    };

    const LOGIN: &str = "\nERROR: Please run 'az login' to setup account.";

    fn output(stderr: &str, status: Option<i32>, signal: Option<i32>) -> Output {
        Output { status, signal, stderr: stderr.as_bytes().to_vec().into(), ..Output::default() }
    }

    #[test]
    fn a_program_that_sigkill_ended_met_a_shortage_of_memory() {
        let no_memory = NO_MEMORY.map(|status| (Some(status.cast_signed()), None));
        for (status, signal) in [(None, Some(9)), (Some(137), None), no_memory[0], no_memory[1]] {
            let error = shortage("the tool", &output(LOGIN, status, signal)).unwrap();
            assert_eq!((error.kind(), error.resource()), (ErrorKind::ResourceExhausted, Some(Resource::Memory)));
        }
        for (status, signal) in [(None, Some(15)), (Some(1), None), (Some(9), None), (None, None)] {
            assert!(shortage("the tool", &output(LOGIN, status, signal)).is_none(), "{status:?} {signal:?}");
        }
    }

    #[test]
    fn a_library_that_is_not_mapped_has_two_remedies() {
        let said = "az: error while loading shared libraries: libz.so.1: failed to map segment from shared object\n";
        let error = shortage("the tool gave no token", &output(said, Some(127), None)).unwrap();
        assert_eq!((error.resource(), error.retryable()), (Some(Resource::Memory), true));
        let message = error.message();
        assert!(
            message.contains("more memory, or move") && message.contains("noexec") && is_plain(message),
            "{message}"
        );
        let known = format!("{}: Cannot allocate memory", said.trim());
        let message = shortage("the tool", &output(&known, Some(127), None)).unwrap().message().to_owned();
        assert!(message.contains("ENOMEM") && !message.contains("noexec"), "{message}");
    }

    #[test]
    fn the_network_goes_before_a_refusal_and_a_refusal_before_a_login_that_is_over() {
        use FailureCause::{LoggedOut, NoDefault, Refused, Unanswered, Unclear, WrongTenant};
        let pool = "HTTPSConnectionPool(host='login.example', port=443): Max retries exceeded";
        let rows: [(&str, &[i64], FailureCause); 15] = [
            (pool, &[], Unanswered),
            (pool, &[70_043], Unanswered),
            ("dial tcp: lookup login.example: no such host", &[], Unanswered),
            ("[Errno -3] Temporary failure in name resolution", &[], Unanswered),
            ("The SSL connection could not be established, see inner exception.", &[53_003], Unanswered),
            ("", &[53_003, 70_043], Refused),
            ("", &[70_043, 530_003], Refused),
            ("", &[70_043, 90_033], Refused),
            ("", &[7_000_215], Refused),
            ("", &[50_020, 700_082], WrongTenant),
            ("", &[700_082, 50_173], LoggedOut),
            ("", &[], LoggedOut),
            ("WARNING: Connection refused: no news of updates", &[], LoggedOut),
            ("WARNING: Connection refused: no news of updates", &[700_082], LoggedOut),
            ("WARNING: in a future release, az login", &[53_003], Refused),
        ];
        for (said, codes, expected) in rows {
            assert_eq!(failure_cause(&TOOL, &format!("{said}{LOGIN}"), codes, true), expected, "{said} {codes:?}");
        }
        for (text, is_whole, expected) in [
            ("ERROR: Please run 'az login'.", false, Unclear),
            ("ERROR: Run 'az account set' to select one.", false, Unclear),
            ("WARNING: in a future release, az login asks for more\nERROR: no", true, Unclear),
            ("ERROR: Run 'az account set' to select one.", true, NoDefault),
            ("ERROR: no", true, Unclear),
        ] {
            assert_eq!(failure_cause(&TOOL, text, &[], is_whole), expected, "{text}");
        }
        for (codes, expected) in [([700_082, 50_173], Unclear), ([700_082, 53_003], Refused)] {
            assert_eq!(failure_cause(&TOOL, LOGIN, &codes, false), expected, "{codes:?}");
        }
    }

    #[test]
    fn a_file_that_the_tool_may_not_use_goes_before_its_advice_to_log_in() {
        use FailureCause::{LoggedOut, NoAccess};
        let rows: [(&str, &[i64], FailureCause); 6] = [
            ("PermissionError: [Errno 13] Permission denied: '/home/me/.azure/msal_token_cache.json'", &[], NoAccess),
            ("open /home/me/.azd/auth.json: read-only file system", &[], NoAccess),
            ("Access to the path '/home/me/.Azure/AzureRmContext.json' is denied.", &[], NoAccess),
            ("Permission denied", &[700_082], LoggedOut),
            ("WARNING: Permission denied: no log is written", &[], LoggedOut),
            ("libz.so.1: failed to map segment from shared object: Operation not permitted", &[], NoAccess),
        ];
        for (said, codes, expected) in rows {
            assert_eq!(failure_cause(&TOOL, &format!("{said}{LOGIN}"), codes, true), expected, "{said} {codes:?}");
        }
        assert_eq!(failure_cause(&TOOL, "az: python3: Permission denied", &[], true), NoAccess);
    }
}
