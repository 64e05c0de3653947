//! Checks that a panic, which is a defect, does not show its subject. The panics happen in a test's services, in a
//! process of its own, whose whole output is searched.
#![allow(missing_docs, reason = "a test has no users")]
#![expect(
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "the test runs itself again, and reads what it prints"
)]

use async_trait::async_trait;
use azure_client_token_core::{
    host::{contained, flush_stderr, hide_panic_messages},
    resolve,
    testing::{HttpStub, StubAnswer, StubRequest},
    Client, Environment, Error, ErrorKind, Inputs, Service, TokenRequest,
};
use std::{process::Command, sync::Arc, time::Duration};

const SECRET: &str = "marker-secret";
const CHILD: &str = "PANICS_TEST_CHILD";

/// Cuts the request in the middle of a character, as a defect would. Such a panic repeats the whole text.
struct Careless;

#[async_trait]
impl HttpStub for Careless {
    async fn answer(&self, request: StubRequest) -> Result<StubAnswer, Error> {
        panic!("{}", cut(&String::from_utf8_lossy(&request.body)));
    }
}

fn cut(text: &str) -> String {
    let text = format!("ü{text}");
    text[1..].to_owned()
}

#[test]
fn a_panic_shows_no_secret_in_the_error_nor_on_stderr() {
    if std::env::var_os(CHILD).is_some() {
        return child();
    }
    let itself = std::env::current_exe().unwrap();
    for backtrace in ["0", "full"] {
        let mut again = Command::new(&itself);
        let name = "a_panic_shows_no_secret_in_the_error_nor_on_stderr";
        again.args(["--exact", name, "--nocapture"]).env(CHILD, "1").env("RUST_BACKTRACE", backtrace);
        let output = again.output().unwrap();
        let (stdout, stderr) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        assert!(output.status.success(), "{stderr}");
        assert_eq!(stderr.matches("azure-client-token: a defect at ").count(), 3, "{stderr}");
        assert!(stderr.contains("panics.rs:") && stderr.contains("(its message may hold a secret)"), "{stderr}");
        assert!(stderr.contains("(a literal is no secret)"), "{stderr}");
        assert_eq!(stdout.matches("ERR_INTERNAL").count(), 3, "{stdout}");
        assert!(!stdout.contains("marker") && !stderr.contains("marker"), "{stdout}{stderr}");
    }
}

/// `eprintln!` in the hook would panic as well, which ends the process.
#[cfg(target_os = "linux")]
#[test]
fn a_panic_ends_no_process_whose_stderr_cannot_be_written_to() {
    use std::process::Stdio;
    let name = "a_panic_shows_no_secret_in_the_error_nor_on_stderr";
    let full = || Stdio::from(std::fs::File::options().write(true).open("/dev/full").unwrap());
    let unread = || Stdio::from(std::io::pipe().unwrap().1);
    for stderr in [full(), unread()] {
        let mut again = Command::new(std::env::current_exe().unwrap());
        let output = again.args(["--exact", name, "--nocapture"]).env(CHILD, "1").stderr(stderr).output().unwrap();
        let stdout = String::from_utf8_lossy(&output.stdout);
        assert!(output.status.success(), "{:?}: {stdout}", output.status);
        assert_eq!(stdout.matches("ERR_INTERNAL").count(), 3, "{stdout}");
    }
}

/// Panics in a flight, in synchronous work, and with a literal message.
fn child() {
    hide_panic_messages();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let errors = [
        runtime.block_on(asked()),
        contained::<()>(|| panic!("{}", cut(SECRET))).unwrap_err(),
        contained::<()>(|| panic!("a literal is no secret")).unwrap_err(),
    ];
    flush_stderr(Duration::from_secs(10));
    for error in errors {
        assert_eq!(error.kind(), ErrorKind::Internal);
        println!("{error:?} {error} {:?}", error.causes());
    }
}

async fn asked() -> Error {
    let environment =
        Environment::from([("ARM_TENANT_ID", "tenant"), ("ARM_CLIENT_ID", "app"), ("ARM_CLIENT_SECRET", SECRET)]);
    let client = Client::new(resolve(&Inputs::of_environment(&environment)).unwrap());
    let service = Service::new().over(Arc::new(Careless));
    service.client_token(&client, &TokenRequest::default()).await.unwrap_err()
}
