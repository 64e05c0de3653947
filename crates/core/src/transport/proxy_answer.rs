//! What a proxy answers to CONNECT, and why there is no connection to it. hyper-util's tunnel keeps neither the status of
//! a refusal nor its headers, and its SOCKS errors do not keep why the proxy was not reached: so we connect once more
//! ourselves, to tell the user.

use crate::{
    config::Proxy,
    host::{look_up, Progress},
    types::Phase,
};
use azure_core::http::Url;
use base64::{engine::general_purpose::STANDARD, Engine};
use rustls::{pki_types::ServerName, ClientConfig};
use std::{io, sync::Arc, time::Duration};
use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt},
    net::TcpStream,
    time::timeout,
};
use tokio_rustls::TlsConnector;
use zeroize::Zeroizing;

/// It has just answered.
const TIME: Duration = Duration::from_secs(5);

/// The longest head that is read.
const MOST_HEAD: usize = 8 * 1024;

/// The usual port of a SOCKS proxy (RFC 1928 §3).
const SOCKS_PORT: u16 = 1080;

/// The schemes that a proxy may offer (IANA's registry): others are not repeated, for they may be any text.
const SCHEMES: [&str; 6] = ["Basic", "Digest", "Negotiate", "NTLM", "Kerberos", "Bearer"];

/// What a connection of our own shows of a proxy.
#[derive(Debug)]
pub(super) enum ProxyWord {
    /// It answers.
    Answer(ProxyAnswer),
    /// It cannot be reached, for this reason.
    Unreached(io::Error),
}

/// The proxy's answer.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct ProxyAnswer {
    pub(super) status: u16,
    /// What it takes as a proof, in its order.
    pub(super) schemes: Vec<&'static str>,
}

/// Asks a proxy for a tunnel to that address, over TLS where it speaks it. Nothing, where it gives no answer that can be
/// read.
pub(super) async fn ask(proxy: &Proxy, url: &Url, tls: Option<ClientConfig>) -> Option<ProxyWord> {
    let address = Url::parse(proxy.address()).ok()?;
    let tls = tls.filter(|_| address.scheme() == "https");
    if tls.is_none() && address.scheme() != "http" {
        return None;
    }
    Progress::enter(Phase::Proxy);
    let head = timeout(TIME, head(&address, tls, &request(proxy, url)?)).await.ok()?.ok()?;
    parse(&head).map(ProxyWord::Answer)
}

/// Connects to a proxy. Nothing, where that succeeds or takes too long.
pub(super) async fn reach(proxy: &Proxy) -> Option<ProxyWord> {
    let address = Url::parse(proxy.address()).ok()?;
    timeout(TIME, connect(&address)).await.ok()?.err().map(ProxyWord::Unreached)
}

fn request(proxy: &Proxy, url: &Url) -> Option<Zeroizing<Vec<u8>>> {
    let target = format!("{}:{}", url.host_str()?, url.port_or_known_default()?);
    let proof = proxy.credentials().map(|(user, password)| {
        let pair = Zeroizing::new(format!("{user}:{}", password.expose()));
        Zeroizing::new(format!("Proxy-Authorization: Basic {}\r\n", Zeroizing::new(STANDARD.encode(&*pair)).as_str()))
    });
    let proof = proof.as_ref().map_or("", |proof| proof.as_str());
    Some(Zeroizing::new(format!("CONNECT {target} HTTP/1.1\r\nHost: {target}\r\n{proof}\r\n").into_bytes()))
}

async fn head(address: &Url, tls: Option<ClientConfig>, request: &[u8]) -> io::Result<Vec<u8>> {
    let socket = connect(address).await?;
    let Some(tls) = tls else { return answer(socket, request).await };
    let name = ServerName::try_from(host(address).to_owned()).map_err(io::Error::other)?;
    answer(TlsConnector::from(Arc::new(tls)).connect(name, socket).await?, request).await
}

async fn connect(address: &Url) -> io::Result<TcpStream> {
    let port = address.port_or_known_default().unwrap_or(SOCKS_PORT);
    let addresses = look_up(host(address), port).await?;
    TcpStream::connect(addresses.as_slice()).await
}

fn host(address: &Url) -> &str {
    address.host_str().unwrap_or_default().trim_matches(['[', ']'])
}

async fn answer(mut stream: impl AsyncRead + AsyncWrite + Unpin, request: &[u8]) -> io::Result<Vec<u8>> {
    stream.write_all(request).await?;
    stream.flush().await?;
    let mut head = Vec::with_capacity(2048);
    while head.len() < MOST_HEAD && !head.windows(4).any(|end| end == b"\r\n\r\n") {
        if stream.read_buf(&mut head).await? == 0 {
            break;
        }
    }
    Ok(head)
}

fn parse(head: &[u8]) -> Option<ProxyAnswer> {
    let text = String::from_utf8_lossy(head);
    let mut lines = text.split("\r\n");
    let (version, rest) = lines.next()?.split_once(' ')?;
    let status = rest.split(' ').next()?.parse().ok().filter(|status| (100..600).contains(status))?;
    let fields = lines.take_while(|line| !line.is_empty()).filter_map(|line| line.split_once(':'));
    let offers = fields.filter(|(name, _)| name.eq_ignore_ascii_case("proxy-authenticate"));
    let mut schemes: Vec<_> = offers.flat_map(|(_, value)| value.split(',').filter_map(scheme)).collect();
    schemes.dedup();
    version.starts_with("HTTP/1.").then_some(ProxyAnswer { status, schemes })
}

/// A challenge begins with its scheme (RFC 9110 §11.3); a part that is a parameter begins with none.
fn scheme(part: &str) -> Option<&'static str> {
    let word = part.split_whitespace().next()?;
    SCHEMES.into_iter().find(|scheme| scheme.eq_ignore_ascii_case(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_status_and_the_known_schemes_are_read_and_nothing_else() {
        let rows = [
            ("HTTP/1.1 503 Service Unavailable\r\n\r\n", Some((503, vec![]))),
            (
                "HTTP/1.0 407\r\nproxy-authenticate: negotiate\r\nProxy-Authenticate: NTLM\r\n\r\n",
                Some((407, vec!["Negotiate", "NTLM"])),
            ),
            (
                "HTTP/1.1 407 x\r\nProxy-Authenticate: Basic realm=\"a, marker\", Digest qop=auth\r\n\r\n",
                Some((407, vec!["Basic", "Digest"])),
            ),
            ("HTTP/1.1 407 x\r\nProxy-Authenticate: Marker x\r\n\r\nProxy-Authenticate: NTLM", Some((407, vec![]))),
            ("HTTP/1.1 marker\r\n\r\n", None),
            ("HTTP/1.1 9999 x\r\n\r\n", None),
            ("220 mail.example ESMTP\r\n", None),
            ("", None),
        ];
        for (head, expected) in rows {
            let expected = expected.map(|(status, schemes)| ProxyAnswer { status, schemes });
            assert_eq!(parse(head.as_bytes()), expected, "{head:?}");
        }
    }
}
