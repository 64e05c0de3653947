//! Compares `NO_PROXY` with Go: `no_proxy/verdicts.json` has lists, addresses, and the results of Go's `httpproxy`,
//! which `no_proxy/ask.go` writes. URLs are normalised first, as in every request.
#![allow(missing_docs, reason = "a test has no users")]
#![expect(clippy::disallowed_methods, reason = "Go is run, and reads a file")]

use azure_client_token_core::{config::ProxySettings, Environment};
use serde::Deserialize;
use std::{fs::File, path::PathBuf, process::Command};
use url::Url;

const VERDICTS: &str = include_str!("no_proxy/verdicts.json");

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Row {
    no_proxy: String,
    direct: Vec<String>,
    proxied: Vec<String>,
}

impl Row {
    fn is_proxied(&self, url: &str) -> bool {
        let proxy = "http://proxy.example:3128";
        let environment =
            Environment::from([("HTTPS_PROXY", proxy), ("HTTP_PROXY", proxy), ("NO_PROXY", self.no_proxy.as_str())]);
        let settings = ProxySettings::from_environment(&environment).expect("proxies");
        settings.serving(&Url::parse(url).expect(url)).is_some()
    }

    fn complaints(&self) -> Vec<String> {
        let wrong = |url: &&String, proxied: bool| self.is_proxied(url) != proxied;
        let not_direct = self.direct.iter().filter(|url| wrong(url, false));
        let not_proxied = self.proxied.iter().filter(|url| wrong(url, true));
        not_direct.chain(not_proxied).map(|url| format!("{:?} and {url}", self.no_proxy)).collect()
    }
}

#[test]
fn every_verdict_is_that_of_go() {
    let rows: Vec<Row> = serde_json::from_str(VERDICTS).expect("the verdicts");
    assert!(rows.len() > 50 && rows.iter().all(|row| row.direct.len() + row.proxied.len() > 0));
    let complaints: Vec<_> = rows.iter().flat_map(Row::complaints).collect();
    assert!(complaints.is_empty(), "Go decides otherwise about\n{}", complaints.join("\n"));
}

#[test]
fn the_verdicts_are_those_of_the_go_that_is_installed() {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/no_proxy");
    let Some(go) = ["go", "/usr/local/go/bin/go"].into_iter().find(|go| is_installed(go)) else {
        println!("skipped: Go is not installed, so that only its earlier verdicts are compared");
        return;
    };
    let rows = File::open(folder.join("verdicts.json")).expect("the verdicts");
    // Runs without a proxy and without a module, so nothing is downloaded.
    let asked =
        Command::new(go).args(["run", "ask.go"]).current_dir(&folder).env("GOPROXY", "off").stdin(rows).output();
    let asked = asked.expect("Go runs");
    assert!(asked.status.success(), "{}", String::from_utf8_lossy(&asked.stderr));
    assert_eq!(String::from_utf8_lossy(&asked.stdout), VERDICTS);
}

fn is_installed(go: &str) -> bool {
    Command::new(go).arg("version").output().is_ok_and(|output| output.status.success())
}
