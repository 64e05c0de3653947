//! The words by which programs report a failure that is not their own: a shortage of the machine, or of the network.
//! All text is compared in lower case.

use crate::types::Resource;

/// What Python, Go, .NET, Node.js, Java, Rust, OpenSSL, shells, the C libraries of Linux (glibc and musl) and the loaders
/// of Linux and Windows print if something is short. The first match counts, so EAGAIN means processes unless threads are mentioned.
/// Windows translates its sentences, so its numbers are here, too: winerror.h, as Python and as .NET print them.
const SHORTAGES: [(Resource, &[&str]); 6] = [
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
            "thread exhaustion",
            "no more threads can be created",
            "[winerror 164]",
        ],
    ),
    (
        Resource::Descriptors,
        &[
            "too many open files",
            "no file descriptors available",
            "limit on the number of open file descriptors",
            "[errno 23]",
            "[errno 24]",
            "emfile",
            "enfile",
            "too many open sockets",
            "[winerror 4]",
            "[winerror 10024]",
            "shared object file: error 23",
            "shared object file: error 24",
            "pipe call failed",
            "epollcreate failed",
            "kqueue failed",
            "eventfd failed",
        ],
    ),
    (
        Resource::Memory,
        &[
            "cannot allocate memory",
            "can't allocate memory",
            "malloc: cannot allocate",
            "xmalloc: cannot allocate",
            "realloc: cannot allocate",
            "xrealloc: cannot allocate",
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
            "not enough quota",
            "insufficient quota",
            "can't allocate lock",
            "memory allocation of",
            "allocation failed",
            "tls data structures",
            "libgcc_s.so.1 must be installed",
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
            "[winerror 8]",
            "[winerror 14]",
            "[winerror 1450]",
            "[winerror 1455]",
            "[winerror 1816]",
            "[winerror 10055]",
            "0x80070008",
            "0x800705aa",
            "0x800705af",
            "0x80070718",
            "oomkilled",
            "signal: killed",
            "sigkill",
            "signal 9",
            "exit code: 137",
            "exit code 137",
            "exit status 137",
            "exit code -9",
            "exit status -9",
            "return code -9",
        ],
    ),
    (
        Resource::Processes,
        &[
            "resource temporarily unavailable",
            "blockingioerror",
            "fork: ",
            "vfork: ",
            "cannot fork",
            "too many processes",
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
            "0x80070027",
            "[winerror 39]",
            "the disk is full",
            "disk quota exceeded",
            "disc quota exceeded",
            ": quota exceeded",
            "no usable temporary directory found",
            "database or disk is full",
            "edquot",
            if cfg!(target_os = "macos") { "[errno 69]" } else { "[errno 122]" },
        ],
    ),
    (
        Resource::Randomness,
        &["failed to get random numbers", "failed to read random data", "failed to generate random data"],
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
    let by_words = SHORTAGES.iter().find_map(|(resource, signs)| Some((*resource, found_as_word(&printed, signs)?)));
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
/// `az: line 3: 4711 Killed  python3 …`. A program that runs such a shell writes its own words before the message.
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
    let last = line.rsplit(": ").next().unwrap_or(line).trim_end_matches(is_mark);
    let is_killed = last == "killed" || line.split_once(": line ").is_some_and(|(_, behind)| reports_kill(behind));
    is_killed.then_some("killed")
}

fn is_mark(character: char) -> bool {
    character.is_ascii_punctuation() || character.is_whitespace()
}

/// Returns whether the rules of a disk or of the system forbid the program to map a library.
pub(super) fn is_of_mount(printed: &str) -> bool {
    printed.to_lowercase().lines().any(|line| line.contains(NOT_MAPPED) && found(line, &NOT_ALLOWED).is_some())
}

fn unmapped_for_any_reason(line: &str) -> Option<&'static str> {
    (line.contains(NOT_MAPPED) && found(line, &NOT_ALLOWED).is_none()).then_some(NOT_MAPPED)
}

/// Ignores signs that continue a word: "systemfile" has no EMFILE.
fn found_as_word(text: &str, signs: &[&'static str]) -> Option<&'static str> {
    let begins = |at: usize| !text[..at].ends_with(char::is_alphanumeric);
    let is_in_text = |sign: &str| text.match_indices(sign).any(|(at, _)| begins(at) || sign.starts_with(is_mark));
    signs.iter().find(|sign| is_in_text(sign)).copied()
}

fn found(text: &str, signs: &[&'static str]) -> Option<&'static str> {
    signs.iter().find(|sign| text.contains(**sign)).copied()
}

#[cfg(test)]
mod tests;
