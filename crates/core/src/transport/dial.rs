use crate::{host::look_up, types::Resource};
use socket2::{SockRef, TcpKeepalive};
use std::{io, net::SocketAddr, time::Duration};
use tokio::{net::TcpStream, task::JoinSet, time::timeout};
use url::Host;

/// How long an address has before the next one is tried beside it (RFC 8305 §5, "Connection Attempt Delay").
const ATTEMPT_DELAY: Duration = Duration::from_millis(250);

/// Where no other address is left, the caller's own limit counts.
const NO_DELAY: Duration = Duration::from_secs(60 * 60);

/// How often an idle connection shows that it is in use: a router may forget one that is silent.
const KEEPALIVE: Duration = Duration::from_secs(15);

/// The addresses of a host: its own where it is one, else those of the machine's resolver.
pub(super) async fn addresses(host: &Host<&str>, port: u16) -> io::Result<Vec<SocketAddr>> {
    match host {
        Host::Ipv4(address) => Ok(vec![(*address, port).into()]),
        Host::Ipv6(address) => Ok(vec![(*address, port).into()]),
        Host::Domain(name) => look_up(name, port).await,
    }
}

/// Connects to the first of these addresses that takes the connection, as RFC 8305 has it: the families take turns, and
/// the next address is tried after a moment or a failure.
pub(super) async fn dial(addresses: Vec<SocketAddr>) -> io::Result<TcpStream> {
    let mut attempts = JoinSet::new();
    let mut left = in_turns(addresses).into_iter().peekable();
    let mut failure = None;
    loop {
        if let Some(address) = left.next() {
            attempts.spawn(TcpStream::connect(address));
        }
        let delay = left.peek().map_or(NO_DELAY, |_| ATTEMPT_DELAY);
        match timeout(delay, attempts.join_next()).await {
            Ok(None) => return Err(failure.unwrap_or_else(|| io::ErrorKind::AddrNotAvailable.into())),
            Ok(Some(ended)) => match ended.map_err(io::Error::other).and_then(|connected| connected) {
                Ok(socket) => return prepared(socket),
                Err(error) => failure = Some(more_telling(failure, error)),
            },
            Err(_) => {}
        }
    }
}

/// The first failure, unless a later one is a shortage of this machine: then the addresses say nothing about the host.
fn more_telling(first: Option<io::Error>, next: io::Error) -> io::Error {
    match first {
        Some(first) if Resource::of(&next).is_none() => first,
        _ => next,
    }
}

/// The families alternate, beginning with that of the first address (RFC 8305 §4).
fn in_turns(addresses: Vec<SocketAddr>) -> Vec<SocketAddr> {
    let first_is_v6 = addresses.first().is_some_and(SocketAddr::is_ipv6);
    let (preferred, others): (Vec<_>, Vec<_>) =
        addresses.into_iter().partition(|address| address.is_ipv6() == first_is_v6);
    let mut others = others.into_iter();
    let mut turns: Vec<_> =
        preferred.into_iter().flat_map(|address| [Some(address), others.next()]).flatten().collect();
    turns.extend(others);
    turns
}

fn prepared(socket: TcpStream) -> io::Result<TcpStream> {
    socket.set_nodelay(true)?;
    let keepalive = TcpKeepalive::new().with_time(KEEPALIVE).with_interval(KEEPALIVE);
    SockRef::from(&socket).set_tcp_keepalive(&keepalive)?;
    Ok(socket)
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::net::TcpListener;

    fn parsed(addresses: &[&str]) -> Vec<SocketAddr> {
        addresses.iter().map(|address| address.parse().unwrap()).collect()
    }

    #[test]
    fn families_take_turns() {
        let mixed = parsed(&["[::1]:1", "[::2]:1", "[::3]:1", "1.1.1.1:1"]);
        assert_eq!(in_turns(mixed), parsed(&["[::1]:1", "1.1.1.1:1", "[::2]:1", "[::3]:1"]));
        let few = parsed(&["1.1.1.1:1", "[::1]:1", "[::2]:1"]);
        assert_eq!(in_turns(few), parsed(&["1.1.1.1:1", "[::1]:1", "[::2]:1"]));
        assert!(in_turns(Vec::new()).is_empty());
    }

    #[test]
    fn a_shortage_is_told_whichever_address_it_kept_from_being_tried() {
        let (refused, shortage) = (io::ErrorKind::ConnectionRefused, io::ErrorKind::OutOfMemory);
        for (first, next, told) in [
            (refused, shortage, shortage),
            (shortage, refused, shortage),
            (refused, io::ErrorKind::HostUnreachable, refused),
        ] {
            assert_eq!(more_telling(Some(first.into()), next.into()).kind(), told);
        }
        assert_eq!(more_telling(None, refused.into()).kind(), refused);
    }

    #[tokio::test]
    async fn the_first_address_that_takes_the_connection_is_used_and_the_first_failure_told() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let open = listener.local_addr().unwrap();
        let closed = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
        assert_eq!(dial(vec![closed, open]).await.unwrap().peer_addr().unwrap(), open);
        assert_eq!(dial(vec![closed, closed]).await.unwrap_err().kind(), io::ErrorKind::ConnectionRefused);
        assert_eq!(dial(Vec::new()).await.unwrap_err().kind(), io::ErrorKind::AddrNotAvailable);
    }
}
