use crate::{host::look_up, types::Resource};
use socket2::{SockRef, TcpKeepalive};
use std::{io, net::SocketAddr, time::Duration};
use tokio::{net::TcpStream, task::JoinSet, time::timeout};
use url::Host;

/// How long a connection attempt lasts before the next address is tried in parallel (RFC 8305 §5, "Connection Attempt
/// Delay").
const ATTEMPT_DELAY: Duration = Duration::from_millis(250);

/// If no other address is left, only the caller's own limit applies.
const NO_DELAY: Duration = Duration::from_secs(60 * 60);

/// The interval of keep-alive packets on an idle connection: a router may drop a silent one.
const KEEPALIVE: Duration = Duration::from_secs(15);

/// Returns the addresses of a host: its own if it is one, or else those from the machine's resolver.
pub(super) async fn addresses(host: &Host<&str>, port: u16) -> io::Result<Vec<SocketAddr>> {
    match host {
        Host::Ipv4(address) => Ok(vec![(*address, port).into()]),
        Host::Ipv6(address) => Ok(vec![(*address, port).into()]),
        Host::Domain(name) => look_up(name, port).await,
    }
}

/// Connects to the first of these addresses that accepts the connection, by RFC 8305: the address families alternate,
/// and the next address is tried after a moment or a failure. A shortage of this machine ends the search, because the
/// silence of a further address would hide it.
pub(super) async fn dial(addresses: Vec<SocketAddr>) -> io::Result<TcpStream> {
    let mut attempts = JoinSet::new();
    let mut left = in_turns(addresses).into_iter().peekable();
    let mut failure: Option<Failure> = None;
    loop {
        if let Some(address) = left.next() {
            attempts.spawn(connected(address));
        }
        let delay = left.peek().map_or(NO_DELAY, |_| ATTEMPT_DELAY);
        match timeout(delay, attempts.join_next()).await {
            Ok(None) => {
                return Err(failure.map_or_else(|| io::ErrorKind::AddrNotAvailable.into(), |failure| failure.error));
            }
            Ok(Some(Ok(Ok(socket)))) => return Ok(socket),
            Ok(Some(Ok(Err(next)))) if next.reason == Reason::Shortage => return Err(next.error),
            Ok(Some(Ok(Err(next)))) => failure = Some(more_specific(failure, next)),
            Ok(Some(Err(defect))) => return Err(io::Error::other(defect)),
            Err(_) => {}
        }
    }
}

/// Why there is no connection to an address.
struct Failure {
    reason: Reason,
    error: io::Error,
}

/// How much a failure says, in ascending order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Reason {
    /// This machine has no IPv6 address, like most containers; Linux reports EADDRNOTAVAIL.
    NoIpv6,
    Host,
    /// This machine has no free port, so the address was not tried.
    NoPort,
    Shortage,
}

impl Failure {
    fn of(address: SocketAddr, error: io::Error) -> Self {
        if let Some(resource) = Resource::of_network(&error) {
            return Self { reason: Reason::Shortage, error: resource.lacked(error) };
        }
        let reason = match error.kind() {
            io::ErrorKind::AddrNotAvailable if address.is_ipv6() => Reason::NoIpv6,
            io::ErrorKind::AddrNotAvailable if cfg!(target_os = "linux") => Reason::NoPort,
            _ => Reason::Host,
        };
        Self { reason, error }
    }
}

fn more_specific(first: Option<Failure>, next: Failure) -> Failure {
    first.filter(|first| first.reason >= next.reason).unwrap_or(next)
}

async fn connected(address: SocketAddr) -> Result<TcpStream, Failure> {
    TcpStream::connect(address).await.and_then(prepared).map_err(|error| Failure::of(address, error))
}

/// Alternates the families, beginning with that of the first address (RFC 8305 §4).
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
    fn a_failure_of_this_machine_precedes_the_failure_of_a_host() {
        let of = |address: &str, kind: io::ErrorKind| Failure::of(address.parse().unwrap(), kind.into());
        let (refused, no_port) = (io::ErrorKind::ConnectionRefused, io::ErrorKind::AddrNotAvailable);
        for kind in [io::ErrorKind::OutOfMemory, io::ErrorKind::WouldBlock, io::ErrorKind::StorageFull] {
            let shortage = of("127.0.0.1:1", kind);
            assert_eq!(shortage.reason, Reason::Shortage, "{kind}");
            assert!(Resource::of(&shortage.error).is_some(), "{kind}");
        }
        for (first, next, kind) in [
            (of("[::1]:1", no_port), of("127.0.0.1:1", refused), refused),
            (
                of("[::1]:1", refused),
                of("127.0.0.1:1", no_port),
                if cfg!(target_os = "linux") { no_port } else { refused },
            ),
            (of("[::1]:1", refused), of("127.0.0.1:1", io::ErrorKind::HostUnreachable), refused),
        ] {
            assert_eq!(more_specific(Some(first), next).error.kind(), kind);
        }
        assert_eq!(more_specific(None, of("[::1]:1", refused)).error.kind(), refused);
    }

    #[tokio::test]
    async fn the_first_address_that_accepts_the_connection_is_used_and_the_first_failure_returned() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let open = listener.local_addr().unwrap();
        let closed = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
        assert_eq!(dial(vec![closed, open]).await.unwrap().peer_addr().unwrap(), open);
        assert_eq!(dial(vec![closed, closed]).await.unwrap_err().kind(), io::ErrorKind::ConnectionRefused);
        assert_eq!(dial(Vec::new()).await.unwrap_err().kind(), io::ErrorKind::AddrNotAvailable);
    }
}
