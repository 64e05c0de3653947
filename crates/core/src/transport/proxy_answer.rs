//! What a proxy answers to CONNECT. hyper-util's tunnel keeps neither the status of a refusal nor its headers, so a
//! proxy that has refused is asked once more, by ourselves, to tell the user what it says.

use crate::{config::Proxy, host::Progress, types::Phase};
use azure_core::http::Url;
use base64::{engine::general_purpose::STANDARD, Engine};
use std::{io, time::Duration};
use tokio::{net::TcpStream, time::timeout};
use zeroize::Zeroizing;

/// It has just answered.
const TIME: Duration = Duration::from_secs(5);

/// The longest head that is read.
const MOST_HEAD: usize = 8 * 1024;

/// The schemes that a proxy may offer (IANA's registry): others are not repeated, for they may be any text.
const SCHEMES: [&str; 6] = ["Basic", "Digest", "Negotiate", "NTLM", "Kerberos", "Bearer"];

/// The proxy's answer.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct ProxyAnswer {
    pub(super) status: u16,
    /// What it takes as a proof, in its order.
    pub(super) schemes: Vec<&'static str>,
}

/// Asks an http proxy for a tunnel to that address. Nothing, where it gives no answer that can be read.
pub(super) async fn ask(proxy: &Proxy, url: &Url) -> Option<ProxyAnswer> {
    let address = Url::parse(proxy.address()).ok().filter(|address| address.scheme() == "http")?;
    Progress::enter(Phase::Proxy);
    let head = timeout(TIME, head(&address, &request(proxy, url)?)).await.ok()?.ok()?;
    parse(&head)
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

async fn head(address: &Url, request: &[u8]) -> io::Result<Vec<u8>> {
    let name = address.host_str().unwrap_or_default().trim_matches(['[', ']']);
    let socket = TcpStream::connect((name, address.port_or_known_default().unwrap_or(80))).await?;
    write(&socket, request).await?;
    let mut head = Vec::new();
    while head.len() < MOST_HEAD && !head.windows(4).any(|end| end == b"\r\n\r\n") {
        socket.readable().await?;
        let mut piece = [0; 2048];
        match socket.try_read(&mut piece) {
            Ok(0) => break,
            Ok(length) => head.extend_from_slice(&piece[..length]),
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
            Err(error) => return Err(error),
        }
    }
    Ok(head)
}

async fn write(socket: &TcpStream, mut rest: &[u8]) -> io::Result<()> {
    while !rest.is_empty() {
        socket.writable().await?;
        match socket.try_write(rest) {
            Ok(length) => rest = &rest[length..],
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
            Err(error) => return Err(error),
        }
    }
    Ok(())
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
