//! Names of hosts, looked up by the machine's own resolver.

use super::blocking_io;
use crate::types::{Error, Resource};
use std::{
    io,
    net::{SocketAddr, ToSocketAddrs},
};

/// The addresses of a name, with that port.
///
/// # Errors
/// What the resolver says; the shortage where there was no thread or descriptor to ask it with.
pub(crate) async fn look_up(name: &str, port: u16) -> io::Result<Vec<SocketAddr>> {
    let name = name.to_owned();
    blocking_io(move || (name.as_str(), port).to_socket_addrs().map(Vec::from_iter).map_err(or_shortage)).await
}

/// Without descriptors the resolver reads neither its settings nor an answer, and says that there is no such name.
fn or_shortage(error: io::Error) -> io::Error {
    descriptors_left("the name of the host cannot be looked up").map_or_else(io::Error::other, |()| error)
}

/// Whether this process may open anything more.
///
/// # Errors
/// [`ErrorKind::ResourceExhausted`](crate::ErrorKind::ResourceExhausted), whose message begins with `what`.
pub(crate) fn descriptors_left(what: &str) -> Result<(), Error> {
    match io::pipe() {
        Ok(_) => Ok(()),
        Err(error) => Resource::shortage(&error, what).map_or(Ok(()), Err),
    }
}
