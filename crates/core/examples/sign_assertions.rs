//! Signs client assertions on one thread for a while, and prints how many a second; `bench/` compares that with Node's
//! own crypto.
//!
//! `cargo run --release -p azure-client-token-core --example sign_assertions -- CERTIFICATE.pem MILLISECONDS`
#![expect(clippy::disallowed_methods, clippy::print_stdout, reason = "a program of its own, which measures")]

use azure_client_token_core::certificates::{AssertionClaims, AssertionForm, SigningCertificate};
use std::{
    env,
    error::Error,
    fs,
    hint::black_box,
    time::{Duration, Instant},
};

/// Signed before the measurement, so that caches are warm.
const WARM_UP: u32 = 50;

fn main() -> Result<(), Box<dyn Error>> {
    let [path, milliseconds] = arguments()?;
    let certificate = SigningCertificate::read(&fs::read(path)?, None).map_err(|reason| format!("{reason:?}"))?;
    let duration = Duration::from_millis(milliseconds.parse()?);
    for _ in 0..WARM_UP {
        sign(&certificate)?;
    }
    let start = Instant::now();
    let mut count = 0_u32;
    while start.elapsed() < duration {
        sign(&certificate)?;
        count += 1;
    }
    println!("{}", f64::from(count) / start.elapsed().as_secs_f64());
    Ok(())
}

fn arguments() -> Result<[String; 2], &'static str> {
    let arguments: Vec<_> = env::args().skip(1).collect();
    arguments.try_into().map_err(|_| "usage: sign_assertions CERTIFICATE.pem MILLISECONDS")
}

fn sign(certificate: &SigningCertificate) -> Result<(), azure_client_token_core::Error> {
    let claims = AssertionClaims { audience: "https://localhost/", client_id: "client", now: 1_700_000_000 };
    black_box(certificate.assertion(AssertionForm::EntraId { with_chain: false }, &claims)?);
    Ok(())
}
