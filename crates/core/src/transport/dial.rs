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
/// the next address is tried after a moment or a failure. A shortage of this machine ends it: the silence of a further address
/// would hide it.
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
            Ok(Some(Ok(Err(next)))) if next.tells == Tells::OfShortage => return Err(next.error),
            Ok(Some(Ok(Err(next)))) => failure = Some(more_telling(failure, next)),
            Ok(Some(Err(defect))) => return Err(io::Error::other(defect)),
            Err(_) => {}
        }
    }
}

/// Why there is no connection to an address.
struct Failure {
    tells: Tells,
    error: io::Error,
}

/// What a failure tells of, the least telling first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Tells {
    /// This machine has no address of IPv6, as most containers: Linux says so by EADDRNOTAVAIL.
    OfNoIpv6,
    OfHost,
    /// This machine has no free port for it: the address was not asked.
    OfNoPort,
    OfShortage,
}

impl Failure {
    fn of(address: SocketAddr, error: io::Error) -> Self {
        if let Some(resource) = Resource::of_network(&error) {
            return Self { tells: Tells::OfShortage, error: resource.lacked(error) };
        }
        let tells = match error.kind() {
            io::ErrorKind::AddrNotAvailable if address.is_ipv6() => Tells::OfNoIpv6,
            io::ErrorKind::AddrNotAvailable if cfg!(target_os = "linux") => Tells::OfNoPort,
            _ => Tells::OfHost,
        };
        Self { tells, error }
    }
}

fn more_telling(first: Option<Failure>, next: Failure) -> Failure {
    first.filter(|first| first.tells >= next.tells).unwrap_or(next)
}

async fn connected(address: SocketAddr) -> Result<TcpStream, Failure> {
    TcpStream::connect(address).await.and_then(prepared).map_err(|error| Failure::of(address, error))
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
    fn what_keeps_this_machine_from_asking_tells_more_than_what_a_host_said() {
        let of = |address: &str, kind: io::ErrorKind| Failure::of(address.parse().unwrap(), kind.into());
        let (refused, no_port) = (io::ErrorKind::ConnectionRefused, io::ErrorKind::AddrNotAvailable);
        for kind in [io::ErrorKind::OutOfMemory, io::ErrorKind::WouldBlock, io::ErrorKind::StorageFull] {
            let shortage = of("127.0.0.1:1", kind);
            assert_eq!(shortage.tells, Tells::OfShortage, "{kind}");
            assert!(Resource::of(&shortage.error).is_some(), "{kind}");
        }
        for (first, next, told) in [
            (of("[::1]:1", no_port), of("127.0.0.1:1", refused), refused),
            (
                of("[::1]:1", refused),
                of("127.0.0.1:1", no_port),
                if cfg!(target_os = "linux") { no_port } else { refused },
            ),
            (of("[::1]:1", refused), of("127.0.0.1:1", io::ErrorKind::HostUnreachable), refused),
        ] {
            assert_eq!(more_telling(Some(first), next).error.kind(), told);
        }
        assert_eq!(more_telling(None, of("[::1]:1", refused)).error.kind(), refused);
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
