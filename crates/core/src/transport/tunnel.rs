//! Connects through a proxy: an HTTP proxy by CONNECT (RFC 9110 §9.3.6), or a SOCKS5 proxy (RFC 1928).

use super::connection::Stream;
use crate::config::Proxy;
use azure_core::http::Url;
use base64::{engine::general_purpose::STANDARD, Engine};
use std::{io, net::SocketAddr};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio_socks::{tcp::Socks5Stream, Error as SocksError, TargetAddr};
use zeroize::Zeroizing;

/// The longest head of an answer.
const MOST_HEAD: usize = 8 * 1024;

/// The end of a head.
const HEAD_END: &[u8] = b"\r\n\r\n";

/// The schemes that a proxy may offer (IANA's registry). Others are not shown, because they may be any text.
const SCHEMES: [&str; 6] = ["Basic", "Digest", "Negotiate", "NTLM", "Kerberos", "Bearer"];

/// How a proxy refuses to connect to the host.
#[derive(Debug)]
pub(super) enum Refusal {
    /// An HTTP proxy's answer to CONNECT (RFC 9110 §9.3.6).
    Answer(ProxyAnswer),
    /// A SOCKS proxy requires a user and a password, or different ones (RFC 1929).
    Login(io::Error),
    /// A SOCKS proxy requires an address, and this machine finds none.
    Name(io::Error),
    /// The proxy answers something else, or closes the connection.
    Other(io::Error),
}

/// The proxy's answer.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct ProxyAnswer {
    pub(super) status: u16,
    /// The authentication schemes that it accepts, in its order.
    pub(super) schemes: Vec<&'static str>,
}

/// Asks an HTTP proxy for a tunnel to the address's host.
pub(super) async fn through_http(
    mut stream: Box<dyn Stream>,
    proxy: &Proxy,
    url: &Url,
) -> Result<Box<dyn Stream>, Refusal> {
    let head = exchanged(&mut stream, &request(proxy, url)).await.map_err(Refusal::Other)?;
    let answer = parse(&head).ok_or_else(|| Refusal::Other(not_http()))?;
    match answer.status {
        200..300 if head.ends_with(HEAD_END) => Ok(stream),
        _ => Err(Refusal::Answer(answer)),
    }
}

/// Asks a SOCKS5 proxy for a connection to the address's host: to one of these addresses, or by its name.
pub(super) async fn through_socks(
    stream: Box<dyn Stream>,
    proxy: &Proxy,
    url: &Url,
    addresses: Option<Vec<SocketAddr>>,
) -> Result<Box<dyn Stream>, Refusal> {
    let target = match addresses {
        Some(addresses) => {
            TargetAddr::Ip(*addresses.first().ok_or_else(|| Refusal::Name(io::ErrorKind::NotFound.into()))?)
        }
        None => TargetAddr::Domain(host(url).into(), port(url)),
    };
    let connected = match proxy.credentials() {
        Some((user, password)) => {
            Socks5Stream::connect_with_password_and_socket(stream, target, user, password.expose()).await
        }
        None => Socks5Stream::connect_with_socket(stream, target).await,
    };
    connected.map(|stream| Box::new(stream.into_inner()) as Box<dyn Stream>).map_err(refusal_of_socks)
}

fn refusal_of_socks(error: SocksError) -> Refusal {
    match error {
        SocksError::Io(error) => Refusal::Other(error),
        SocksError::PasswordAuthFailure(_)
        | SocksError::NoAcceptableAuthMethods
        | SocksError::UnknownAuthMethod
        | SocksError::InvalidAuthValues(_)
        | SocksError::AuthorizationRequired => Refusal::Login(io::Error::other(error)),
        other => Refusal::Other(io::Error::other(other)),
    }
}

fn host(url: &Url) -> &str {
    url.host_str().unwrap_or_default().trim_matches(['[', ']'])
}

fn port(url: &Url) -> u16 {
    url.port_or_known_default().unwrap_or_default()
}

fn request(proxy: &Proxy, url: &Url) -> Zeroizing<Vec<u8>> {
    let target = format!("{}:{}", url.host_str().unwrap_or_default(), port(url));
    let proof = proof(proxy).map(|proof| Zeroizing::new(format!("Proxy-Authorization: {}\r\n", proof.as_str())));
    let proof = proof.as_ref().map_or("", |proof| proof.as_str());
    Zeroizing::new(format!("CONNECT {target} HTTP/1.1\r\nHost: {target}\r\n{proof}\r\n").into_bytes())
}

/// Returns the credentials for an HTTP proxy (RFC 7617), as the value of `Proxy-Authorization`.
pub(super) fn proof(proxy: &Proxy) -> Option<Zeroizing<String>> {
    let (user, password) = proxy.credentials()?;
    let pair = Zeroizing::new(format!("{user}:{}", password.expose()));
    Some(Zeroizing::new(format!("Basic {}", Zeroizing::new(STANDARD.encode(&*pair)).as_str())))
}

async fn exchanged(stream: &mut Box<dyn Stream>, request: &[u8]) -> io::Result<Vec<u8>> {
    stream.write_all(request).await?;
    stream.flush().await?;
    let mut head = Vec::with_capacity(2048);
    while head.len() < MOST_HEAD && !head.windows(HEAD_END.len()).any(|end| end == HEAD_END) {
        if stream.read_buf(&mut head).await? == 0 {
            break;
        }
    }
    Ok(head)
}

fn not_http() -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, "the proxy's answer is not HTTP")
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

/// Returns the scheme at the beginning of a challenge (RFC 9110 §11.3); a part that is a parameter has none.
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
