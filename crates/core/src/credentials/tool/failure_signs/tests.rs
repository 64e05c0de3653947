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
    ("ERROR: fetching token: failed running az: signal: killed, stdout: , stderr: ", Resource::Memory),
    ("az: malloc: cannot allocate 12 bytes", Resource::Memory),
    ("az: realloc: cannot allocate 12 bytes", Resource::Memory),
    ("ERROR: fetching token: running az: Killed", Resource::Memory),
    ("az: line 3: Killed", Resource::Memory),
    ("az exited: (signal: killed)", Resource::Memory),
    ("az was ended by SIGKILL", Resource::Memory),
    ("the last state of az is OOMKilled", Resource::Memory),
    ("child process was terminated by signal 9", Resource::Memory),
    ("[WinError 1455] Die Auslagerungsdatei ist zu klein", Resource::Memory),
    ("(0x800705AF)", Resource::Memory),
    ("RangeError: Array buffer allocation failed", Resource::Memory),
    ("RuntimeError: can't allocate lock", Resource::Memory),
    ("libgcc_s.so.1 must be installed for pthread_exit to work", Resource::Memory),
    ("cannot allocate TLS data structures for initial thread", Resource::Memory),
    ("az: fork: Too many processes", Resource::Processes),
    ("az: can't create /a: Disc quota exceeded", Resource::Disk),
    ("[WinError 39] Der Datenträger ist voll", Resource::Disk),
    ("error:EMFILE", Resource::Descriptors),
    ("[WinError 4] Das System kann die Datei nicht öffnen", Resource::Descriptors),
    ("fatal error: thread exhaustion", Resource::Threads),
    (
        "Fatal Python error: _Py_HashRandomization_Init: failed to get random numbers to initialize Python",
        Resource::Randomness,
    ),
    ("Command '['az']' died with <Signals.SIGKILL: 9>.", Resource::Memory),
    ("Command '['az']' returned non-zero exit status 137.", Resource::Memory),
    ("sqlite3.OperationalError: database or disk is full", Resource::Disk),
    ("ERROR: fetching token: failed running az: exit code: 137, stdout: , stderr: ", Resource::Memory),
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
        for text in [said.to_owned(), format!("WARNING: {said}{login}"), format!("{beside} {said}{login} AADSTS70043")]
        {
            assert_eq!(shortage_in(&text).unwrap().0, expected, "{text}");
        }
    }
    for none in ["", login, "ERROR: AADSTS700082: expired", "[Errno 2] No such file", "[Errno 110] timed out"] {
        assert_eq!(shortage_in(none), None, "{none}");
    }
    for none in ["cannot read the systemfile", "pitchfork: no", "Killed it", "ERROR: it was killed", "signal 15"] {
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
    for said in ["ERROR: the account is out of space", ": line : 4711 Killed it"] {
        assert_eq!(shortage_in(said), None, "{said}");
    }
}

#[test]
fn a_library_that_is_not_mapped_is_a_shortage_unless_the_loader_says_that_it_is_not_allowed() {
    let object = "python3: error while loading shared libraries: libz.so.1: failed to map segment from shared object";
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
