//! The words by which programs report a failure that is not their own: a shortage of the machine, or of the network.
//! All text is compared in lower case.

use crate::types::Resource;

/// What Python, Go, .NET, Node.js, Java, Rust, OpenSSL, shells, the C libraries of Linux (glibc and musl) and the loaders
/// of Linux and Windows print if something is short. The first match counts, so EAGAIN means processes unless threads are mentioned.
const SHORTAGES: [(Resource, &[&str]); 5] = [
    (
        Resource::Threads,
        &[
            "can't start new thread",
            "create new os thread",
            "newosproc",
            "pthread_create failed",
            "create native thread",
            "thread failed to start",
            "failed to create thread",
            "failed to spawn thread",
            "uv_thread_create",
            "max user processes",
        ],
    ),
    (
        Resource::Descriptors,
        &[
            "too many open files",
            "no file descriptors available",
            "[errno 23]",
            "[errno 24]",
            " emfile",
            " enfile",
            "shared object file: error 23",
            "shared object file: error 24",
            "pipe call failed",
            "epollcreate failed",
            "eventfd failed",
        ],
    ),
    (
        Resource::Memory,
        &[
            "cannot allocate memory",
            "can't allocate memory",
            "malloc: cannot allocate",
            "realloc: cannot allocate",
            "[errno 12]",
            "enomem",
            "memoryerror",
            "out of memory",
            "outofmemory",
            "0x8007000e",
            "insufficient memory",
            "not enough memory",
            "not enough storage is available",
            "memory exhausted",
            "memory allocation of",
            "memory allocation failed",
            "page summary memory",
            "std::bad_alloc",
            "heap initialization failed",
            "paging file is too small",
            "insufficient system resources",
            "buffer space",
            "enobufs",
            "shared object file: error 12",
            "cannot map zero-fill",
            "malloc failure",
            "memory allocation failure",
            "signal: killed",
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
    (
        Resource::Disk,
        &[
            "no space left on device",
            "enospc",
            "[errno 28]",
            "not enough space on the disk",
            "0x80070070",
            "[winerror 112]",
            "disk quota exceeded",
            ": quota exceeded",
            "no usable temporary directory found",
            "edquot",
            if cfg!(target_os = "macos") { "[errno 69]" } else { "[errno 122]" },
        ],
    ),
];

/// What the loader of Linux prints if it cannot map a library: because the machine lacks memory, which the loader names
/// if it knows it, or because the disk is mounted with `noexec`.
pub(super) const NOT_MAPPED: &str = "failed to map segment";

/// What follows if the mount is the reason: EPERM of mmap(2), or EACCES of a security module such as `SELinux`.
const NOT_ALLOWED: [&str; 2] = ["operation not permitted", "permission denied"];

/// What Python's requests (az), Go (azd) and .NET (PowerShell) print if a request gets no answer, or the answer of a
/// service that is out of order. Errors 5 and 116 belong to files on a server that does not answer.
const NETWORK: [&str; 56] = [
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
    "server misbehaving",
    "could not resolve",
    "could not be resolved",
    "dial tcp",
    "proxyconnect tcp",
    "i/o timeout",
    "timed out",
    "deadline exceeded",
    "handshake timeout",
    "httpclient.timeout",
    "a task was canceled",
    "the operation was canceled",
    "did not properly respond",
    "connection refused",
    "connection reset",
    "connection aborted",
    "connection broken",
    "broken pipe",
    "remote end closed connection",
    "response ended prematurely",
    "data from the transport connection",
    "incompleteread",
    "unexpected eof",
    "eof occurred in violation",
    "goaway",
    "httprequestexception",
    "error occurred while sending the request",
    "socketexception",
    "actively refused",
    "forcibly closed",
    "network is unreachable",
    "network unreachable",
    "network is down",
    "no route to host",
    "proxyerror",
    "tunnel connection failed",
    "sslerror",
    "certificate verif",
    "remote error: tls",
    "x509:",
    "unable to connect to the remote server",
    "ssl connection could not be established",
    "service unavailable",
    "server returned 5",
    "[errno 5]",
    "[errno 116]",
];

/// Returns what the machine lacks, and the words that say so.
pub(super) fn shortage_in(printed: &str) -> Option<(Resource, &'static str)> {
    let printed = printed.to_lowercase();
    let by_words = SHORTAGES.iter().find_map(|(resource, signs)| Some((*resource, found(&printed, signs)?)));
    let of_memory = || printed.lines().find_map(|line| said_by_shell(line).or_else(|| unmapped_for_any_reason(line)));
    by_words.or_else(|| Some((Resource::Memory, of_memory()?)))
}

/// Returns whether a line says that a request got no answer.
pub(super) fn is_of_network(line: &str) -> bool {
    let line = line.to_lowercase();
    // Python's `input()` without a terminal ends with "EOFError: EOF when reading a line", which is not a network
    // failure.
    found(&line, &NETWORK).is_some() || line.trim_end_matches(['.', '"', '\'', ')']).ends_with(": eof")
}

/// Returns a shell's message about a lack of memory. dash: `az: 1: Out of space`, and `Killed` for its program; bash:
/// `az: line 3: 4711 Killed  python3 …`.
fn said_by_shell(line: &str) -> Option<&'static str> {
    let is_number = |word: &str| !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_digit());
    let is_numbered = |before: &str| before.rsplit(": ").next().is_some_and(is_number);
    let reports_kill = |behind: &str| {
        let mut words = behind.split_whitespace();
        let number = words.next().and_then(|word| word.strip_suffix(':'));
        number.is_some_and(is_number) && words.next().is_some_and(is_number) && words.next() == Some("killed")
    };
    let line = line.trim();
    if line.strip_suffix(": out of space").is_some_and(is_numbered) {
        return Some("out of space");
    }
    let is_killed = line == "killed" || line.split_once(": line ").is_some_and(|(_, behind)| reports_kill(behind));
    is_killed.then_some("killed")
}

/// Returns whether the rules of a disk or of the system forbid the program to map a library.
pub(super) fn is_of_mount(printed: &str) -> bool {
    printed.to_lowercase().lines().any(|line| line.contains(NOT_MAPPED) && found(line, &NOT_ALLOWED).is_some())
}

fn unmapped_for_any_reason(line: &str) -> Option<&'static str> {
    (line.contains(NOT_MAPPED) && found(line, &NOT_ALLOWED).is_none()).then_some(NOT_MAPPED)
}

fn found(text: &str, signs: &[&'static str]) -> Option<&'static str> {
    signs.iter().find(|sign| text.contains(**sign)).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Messages of programs about a shortage, each with the resource that is short.
    const SAID: &[(&str, Resource)] = &[
        ("BlockingIOError: Resource temporarily unavailable", Resource::Processes),
        ("/usr/bin/az: fork: retry: Resource temporarily unavailable", Resource::Processes),
        ("/usr/bin/az: fork: Wiederholung: nicht verfügbar", Resource::Processes),
        ("/usr/bin/az: 3: Cannot fork", Resource::Processes),
        ("Error: spawn EAGAIN", Resource::Processes),
        (if cfg!(target_os = "macos") { "[Errno 35]" } else { "[Errno 11]" }, Resource::Processes),
        ("OSError: [Errno 24] Too many open files: '/home/me/.azure/msal_token_cache.json'", Resource::Descriptors),
        ("OSError: [Errno 23]", Resource::Descriptors),
        ("az: line 1: can't open /a: No file descriptors available", Resource::Descriptors),
        ("SSLError(1, \"[SSL] malloc failure (_ssl.c:1000)\")", Resource::Memory),
        ("socket.gaierror: [Errno -10] Memory allocation failure", Resource::Memory),
        ("az: signal: killed", Resource::Memory),
        ("az: can't create /a: Quota exceeded", Resource::Disk),
        ("FileNotFoundError: [Errno 2] No usable temporary directory found in ['/tmp']", Resource::Disk),
        ("Error: EMFILE: too many open files, open '/a'", Resource::Descriptors),
        ("python3: libz.so.1: cannot open shared object file: Error 24", Resource::Descriptors),
        ("runtime: pipe call failed with 24", Resource::Descriptors),
        ("runtime: epollcreate failed with 24", Resource::Descriptors),
        ("runtime: eventfd failed with 24", Resource::Descriptors),
        ("OSError: [Errno 12] Cannot allocate memory", Resource::Memory),
        ("Traceback (most recent call last):\nMemoryError", Resource::Memory),
        ("Exception of type 'System.OutOfMemoryException' was thrown.", Resource::Memory),
        ("Insufficient memory to continue the execution of the program.", Resource::Memory),
        ("Nicht genug Arbeitsspeicher.\nSystem.OutOfMemoryException", Resource::Memory),
        ("Failed to create CoreCLR, HRESULT: 0x8007000E", Resource::Memory),
        ("FATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory", Resource::Memory),
        ("fatal error: runtime: out of memory", Resource::Memory),
        ("fatal error: failed to reserve page summary memory", Resource::Memory),
        ("memory allocation of 1024 bytes failed", Resource::Memory),
        ("RuntimeError: memory allocation failed", Resource::Memory),
        ("/usr/bin/az: xmalloc: cannot allocate 12 bytes", Resource::Memory),
        ("/usr/bin/az: xrealloc: cannot allocate 12 bytes", Resource::Memory),
        ("dash: libc.so.6: failed to map segment from shared object", Resource::Memory),
        ("python3: libm.so.6: cannot map zero-fill pages", Resource::Memory),
        ("OSError: [WinError 1455] The paging file is too small for this operation to complete", Resource::Memory),
        ("OSError: [Errno 105] No buffer space available", Resource::Memory),
        ("OSError: [Errno 28] No space left on device: '/home/me/.azure/az.sess'", Resource::Disk),
        ("Error: ENOSPC: no space left on device, write", Resource::Disk),
        ("System.IO.IOException: There is not enough space on the disk. : 'C:\\a'", Resource::Disk),
        ("OSError: [Errno 122] Disk quota exceeded", Resource::Disk),
        ("RuntimeError: can't start new thread", Resource::Threads),
        ("runtime: failed to create new OS thread (have 5 already; errno=11)", Resource::Threads),
        ("runtime: may need to increase max user processes (ulimit -u)", Resource::Threads),
        ("fatal error: newosproc", Resource::Threads),
        ("OpenBLAS: pthread_create failed for thread 1 of 4: Resource temporarily unavailable", Resource::Threads),
    ];

    #[test]
    fn a_shortage_is_found_among_other_messages_of_a_program() {
        let login = "\nERROR: Please run 'az login' to setup account.";
        let beside = "HTTPSConnectionPool(host='a'):";
        for &(said, expected) in SAID {
            for text in
                [said.to_owned(), format!("WARNING: {said}{login}"), format!("{beside} {said}{login} AADSTS70043")]
            {
                assert_eq!(shortage_in(&text).unwrap().0, expected, "{text}");
            }
        }
        for none in ["", login, "ERROR: AADSTS700082: expired", "[Errno 2] No such file", "[Errno 110] timed out"] {
            assert_eq!(shortage_in(none), None, "{none}");
        }
    }

    #[test]
    fn a_shell_reports_a_lack_of_memory_in_lines_of_its_own() {
        for said in [
            "/usr/bin/az: 1: Out of space",
            "Killed",
            "/usr/bin/az: line 3: 4711 Killed                  python3 -m azure.cli",
        ] {
            let text = format!("{said}\nERROR: Please run 'az login' to setup account.");
            assert_eq!(shortage_in(&text).unwrap().0, Resource::Memory, "{said}");
        }
        for said in ["ERROR: the account is out of space", "Killed it", ": line : Killed"] {
            assert_eq!(shortage_in(said), None, "{said}");
        }
    }

    #[test]
    fn a_library_that_is_not_mapped_is_a_shortage_unless_the_loader_says_that_it_is_not_allowed() {
        let object =
            "python3: error while loading shared libraries: libz.so.1: failed to map segment from shared object";
        for (words, resource, is_mount) in [
            ("", Some(Resource::Memory), false),
            (": Cannot allocate memory", Some(Resource::Memory), false),
            (": Operation not permitted", None, true),
            (": Permission denied", None, true),
        ] {
            let said = format!("{object}{words}");
            let found = shortage_in(&said).map(|(resource, _)| resource);
            assert_eq!((found, is_of_mount(&said)), (resource, is_mount), "{words}");
        }
        assert!(!is_of_mount("ERROR: Permission denied"));
    }

    #[test]
    fn a_request_without_an_answer_differs_from_a_message_about_a_login() {
        for said in [
            "Get-AzAccessToken: A task was canceled.",
            "The request was canceled due to the configured HttpClient.Timeout of 100 seconds elapsing.",
            "An error occurred while sending the request.",
            "the connected party did not properly respond after a period of time",
            "Response status code does not indicate success: 503 (Service Unavailable).",
            "The response ended prematurely.",
            "Unable to read data from the transport connection: Network is down.",
            "ERROR: fetching token: Post \"https://login.example/token\": EOF",
            "Post \"https://login.example/token\": unexpected EOF",
            "http2: server sent GOAWAY and closed the connection",
            "remote error: tls: handshake failure",
            "write tcp: broken pipe",
            "proxyconnect tcp: no answer",
            "lookup login.example: server misbehaving",
            "('Connection broken: IncompleteRead(0 bytes read)')",
            "[SSL: UNEXPECTED_EOF] EOF occurred in violation of protocol",
            "Tunnel connection failed: 502 Bad Gateway",
            "Remote end closed connection without response",
            "Network unreachable",
            "Certificate verification failed.",
            "OSError: [Errno 5] Input/output error",
            "OSError: [Errno 116] Stale file handle",
            "Server returned 500",
        ] {
            assert!(is_of_network(said), "{said}");
        }
        for said in [
            "ERROR: Please run 'az login' to setup account.",
            "ERROR: not logged in, run `azd auth login` to login",
            "Your Azure credentials have not been set up or have expired, please run Connect-AzAccount to set up your Azure credentials.",
            "EOFError: EOF when reading a line",
            "OSError: [Errno 50]",
        ] {
            assert!(!is_of_network(said), "{said}");
        }
    }
}
