//! What has happened to a program that gave no token, by how it ended and what it printed. The rule, in this order: the
//! machine lacked something; the network failed; Entra ID refused; the login is over. A program that met the first of these
//! often says the last as well: az takes a file of tokens that it cannot open for one that is not there.

use super::Tool;
use crate::{
    host::Output,
    types::{Error, Resource},
};

/// SIGKILL, by POSIX's number.
const KILLED: i32 = 9;

/// What shells add to the number of the signal that ended their program.
const STATUS_OF_SIGNAL: i32 = 128;

/// Windows's `STATUS_NO_MEMORY` and `STATUS_COMMITMENT_LIMIT` (winerror.h), as statuses of a process.
const NO_MEMORY: [u32; 2] = [0xC000_0017, 0xC000_012D];

/// What is printed where something is short, in small letters: by Python, Go, .NET, Node.js, Java, Rust, shells, and the
/// loaders of Linux and Windows. The first that fits counts, so that EAGAIN without a word of threads means processes.
const SHORTAGES: [(Resource, &[&str]); 4] = [
    (
        Resource::Threads,
        &[
            "can't start new thread",
            "create new os thread",
            "pthread_create failed",
            "create native thread",
            "thread failed to start",
            "failed to create thread",
            "failed to spawn thread",
            "uv_thread_create",
        ],
    ),
    (
        Resource::Descriptors,
        &[
            "too many open files",
            "[errno 23]",
            "[errno 24]",
            " emfile",
            " enfile",
            "shared object file: error 23",
            "shared object file: error 24",
        ],
    ),
    (
        Resource::Memory,
        &[
            "cannot allocate memory",
            "can't allocate memory",
            "[errno 12]",
            "enomem",
            "memoryerror",
            "out of memory",
            "outofmemory",
            "insufficient memory",
            "not enough memory",
            "not enough storage is available",
            "memory exhausted",
            "memory allocation of",
            "std::bad_alloc",
            "heap initialization failed",
            "paging file is too small",
            "insufficient system resources",
            "buffer space",
            "enobufs",
            "shared object file: error 12",
        ],
    ),
    (
        Resource::Processes,
        &[
            "resource temporarily unavailable",
            "blockingioerror",
            " fork: ",
            "cannot fork",
            if cfg!(target_os = "macos") { "[errno 35]" } else { "[errno 11]" },
            "eagain",
        ],
    ),
];

/// What is printed where a request got no answer, in small letters: by Python's requests (az), Go (azd) and .NET
/// (PowerShell).
const NETWORK: [&str; 32] = [
    "httpsconnectionpool(",
    "httpconnectionpool(",
    "max retries exceeded",
    "establish a new connection",
    "network connection",
    "name resolution",
    "getaddrinfo",
    "name or service not known",
    "nodename nor servname",
    "no such host",
    "could not resolve",
    "could not be resolved",
    "dial tcp",
    "i/o timeout",
    "timed out",
    "deadline exceeded",
    "handshake timeout",
    "connection refused",
    "connection reset",
    "connection aborted",
    "httprequestexception",
    "socketexception",
    "actively refused",
    "forcibly closed",
    "network is unreachable",
    "no route to host",
    "proxyerror",
    "sslerror",
    "certificate verify failed",
    "x509:",
    "unable to connect to the remote server",
    "ssl connection could not be established",
];

/// Entra ID's codes for a login that has to be made again: expired, revoked, or more is asked for by now.
/// Source: <https://learn.microsoft.com/entra/identity-platform/reference-error-codes>.
const LOGIN_IS_OVER: [i64; 14] =
    [50_057, 50_076, 50_078, 50_079, 50_132, 50_133, 50_173, 65_001, 70_008, 70_043, 70_044, 700_081, 700_082, 700_084];

/// Its codes for a tenant that the account has nothing to do with, or that does not exist.
const TENANT_IS_WRONG: [i64; 5] = [50_020, 50_034, 90_002, 90_072, 900_023];

/// What az says where it has accounts and none of them is the default. Source: `Profile.get_subscription` in
/// azure-cli-core.
const NO_DEFAULT: &str = "az account set";

/// What has happened to a tool on a machine that lacks nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum FailureCause {
    /// Its requests got no answer.
    Unanswered,
    /// Its account does not belong to the tenant.
    WrongTenant,
    /// Entra ID refused, with these or other codes.
    Refused,
    /// It wants to be logged in.
    LoggedOut,
    /// It has no default account.
    NoDefault,
    /// It does not say.
    Unclear,
}

/// The error of a program that met a shortage of the machine: it says nothing of whom it is logged in as, and the next run
/// may succeed. `what` is the beginning of its message: `"the Azure CLI gave no token"`.
pub(crate) fn shortage(what: &str, output: &Output) -> Option<Error> {
    if is_killed(output) {
        let what = format!("{what}: it was ended by SIGKILL, as the system does where memory runs out");
        return Some(Resource::Memory.lacking(&what, &"SIGKILL"));
    }
    let printed = String::from_utf8_lossy(&output.stderr).to_lowercase();
    let (resource, sign) = SHORTAGES.iter().find_map(|(resource, signs)| Some((*resource, found(&printed, signs)?)))?;
    Some(resource.lacking(what, &format!("it printed \"{}\"", sign.trim())))
}

/// What has happened, where the machine lacks nothing. The lines of `text` that warn are not about this call. `is_whole`:
/// whether the tool came to its end by itself; what it said before a signal ended it tells nothing of its login.
pub(super) fn failure_cause(tool: &Tool, text: &str, codes: &[i64], is_whole: bool) -> FailureCause {
    let lines = || text.lines().map(str::trim).filter(|line| !is_warning(line));
    let says = |words: &str| lines().any(|line| line.contains(words));
    if lines().any(|line| found(&line.to_lowercase(), &NETWORK).is_some()) {
        return FailureCause::Unanswered;
    }
    match codes {
        [] if is_whole && says(tool.login) => FailureCause::LoggedOut,
        [] if says(NO_DEFAULT) => FailureCause::NoDefault,
        [] => FailureCause::Unclear,
        codes if codes.iter().any(|code| TENANT_IS_WRONG.contains(code)) => FailureCause::WrongTenant,
        codes if codes.iter().all(|code| is_over(*code)) => FailureCause::LoggedOut,
        _ => FailureCause::Refused,
    }
}

/// Whether the code alone says that the login has to be made again.
pub(super) fn is_over(code: i64) -> bool {
    LOGIN_IS_OVER.contains(&code)
}

pub(super) fn is_warning(line: &str) -> bool {
    line.to_ascii_uppercase().starts_with("WARNING")
}

/// Killed itself, or the last program of a shell script that was.
fn is_killed(output: &Output) -> bool {
    let by_shell = Some(STATUS_OF_SIGNAL + KILLED);
    let by_windows = || NO_MEMORY.map(|status| Some(status.cast_signed())).contains(&output.status);
    output.signal == Some(KILLED) || output.status == by_shell || by_windows()
}

fn found(text: &str, signs: &[&'static str]) -> Option<&'static str> {
    signs.iter().find(|sign| text.contains(**sign)).copied()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{credentials::azure_cli::TOOL, types::ErrorKind};

    const LOGIN: &str = "\nERROR: Please run 'az login' to setup account.";

    fn output(stderr: &str, status: Option<i32>, signal: Option<i32>) -> Output {
        Output { status, signal, stdout: Vec::new().into(), stderr: stderr.as_bytes().to_vec().into() }
    }

    fn resource(stderr: &str) -> Option<Resource> {
        shortage("the tool", &output(stderr, Some(1), None))?.resource()
    }

    /// What programs say of a shortage, and the resource that is short.
    const SHORTAGES: &[(&str, Resource)] = &[
        ("BlockingIOError: Resource temporarily unavailable", Resource::Processes),
        ("/usr/bin/az: fork: retry: Resource temporarily unavailable", Resource::Processes),
        ("/usr/bin/az: fork: Wiederholung: nicht verfügbar", Resource::Processes),
        ("/usr/bin/az: 3: Cannot fork", Resource::Processes),
        ("Error: spawn EAGAIN", Resource::Processes),
        ("OSError: [Errno 24] Too many open files: '/home/me/.azure/msal_token_cache.json'", Resource::Descriptors),
        ("OSError: [Errno 23]", Resource::Descriptors),
        ("Error: EMFILE: too many open files, open '/a'", Resource::Descriptors),
        (
            "python3: error while loading shared libraries: libz.so.1: cannot open shared object file: Error 24",
            Resource::Descriptors,
        ),
        ("OSError: [Errno 12] Cannot allocate memory", Resource::Memory),
        ("Traceback (most recent call last):\nMemoryError", Resource::Memory),
        ("Exception of type 'System.OutOfMemoryException' was thrown.", Resource::Memory),
        ("Insufficient memory to continue the execution of the program.", Resource::Memory),
        ("Nicht genug Arbeitsspeicher.\nSystem.OutOfMemoryException", Resource::Memory),
        ("FATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory", Resource::Memory),
        ("fatal error: runtime: out of memory", Resource::Memory),
        ("memory allocation of 1024 bytes failed", Resource::Memory),
        ("OSError: [WinError 1455] The paging file is too small for this operation to complete", Resource::Memory),
        ("OSError: [Errno 105] No buffer space available", Resource::Memory),
        ("RuntimeError: can't start new thread", Resource::Threads),
        ("runtime: failed to create new OS thread (have 5 already; errno=11)", Resource::Threads),
        (
            "OpenBLAS blas_thread_init: pthread_create failed for thread 1 of 4: Resource temporarily unavailable",
            Resource::Threads,
        ),
    ];

    #[test]
    fn a_shortage_goes_before_all_else_that_a_program_says() {
        let again = if cfg!(target_os = "macos") { "[Errno 35]" } else { "[Errno 11]" };
        for &(said, expected) in SHORTAGES.iter().chain(&[(again, Resource::Processes)]) {
            for text in [said.to_owned(), format!("ERROR: {said}{LOGIN}"), format!("WARNING: {said}{LOGIN}")] {
                assert_eq!(resource(&text), Some(expected), "{text}");
            }
            let beside = format!("HTTPSConnectionPool(host='a'): {said}{LOGIN} AADSTS70043 AADSTS53003");
            assert_eq!(resource(&beside), Some(expected), "{beside}");
        }
        for none in ["", LOGIN, "ERROR: AADSTS700082: expired", "[Errno 2] No such file", "[Errno 110] timed out"] {
            assert_eq!(resource(none), None, "{none}");
        }
    }

    #[test]
    fn a_program_that_was_killed_met_a_shortage_of_memory_whoever_says_so() {
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
            ("WARNING: in a future release, az login asks for more\nERROR: no", true, Unclear),
            ("ERROR: Run 'az account set' to select one.", true, NoDefault),
            ("ERROR: no", true, Unclear),
        ] {
            assert_eq!(failure_cause(&TOOL, text, &[], is_whole), expected, "{text}");
        }
    }
}
