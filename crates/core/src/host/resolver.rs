//! Resolves host names with the machine's resolver. tokio and std report every failure as one error, with the C library's
//! text, which differs by platform and language. `getaddrinfo`'s own codes do not.

use super::blocking_io;
use crate::types::{Error, Resource};
use dns_lookup::{lookup_host, LookupError, LookupErrorKind};
use std::{error::Error as StdError, fmt, io, net::SocketAddr};

/// Why a name has no address.
#[derive(Debug)]
pub(crate) struct LookupFailure {
    /// The resolver's own error.
    words: io::Error,
    /// Whether a later answer is possible: the resolver has none at this time (`EAI_AGAIN`), or failed itself
    /// (`EAI_SYSTEM`), which says nothing about the name.
    pub(crate) is_deferred: bool,
}

impl LookupFailure {
    /// Returns the failure in an error of [`look_up`].
    pub(crate) fn of(error: &io::Error) -> Option<&Self> {
        error.get_ref()?.downcast_ref()
    }
}

impl fmt::Display for LookupFailure {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.words.fmt(formatter)
    }
}

impl StdError for LookupFailure {}

/// Returns the addresses of a name, with that port.
///
/// # Errors
/// A [`LookupFailure`], or the shortage if there was no thread, descriptor or memory to ask the resolver.
pub(crate) async fn look_up(name: &str, port: u16) -> io::Result<Vec<SocketAddr>> {
    let name = name.to_owned();
    let found = blocking_io(move || lookup_host(&name).map(Vec::from_iter).map_err(failure_or_shortage)).await?;
    Ok(found.into_iter().map(|address| SocketAddr::new(address, port)).collect())
}

/// Without descriptors the resolver reads neither its settings nor an answer, and reports that the name does not exist.
fn failure_or_shortage(error: LookupError) -> io::Error {
    let kind = error.kind();
    let words = io::Error::from(error);
    let is_memory = matches!(kind, LookupErrorKind::Memory);
    if let Some(resource) = is_memory.then_some(Resource::Memory).or_else(|| Resource::of_network(&words)) {
        return resource.lacked(words);
    }
    let is_deferred = matches!(kind, LookupErrorKind::Again | LookupErrorKind::System);
    descriptors_left("the name of the host cannot be looked up")
        .map_or_else(io::Error::other, |()| io::Error::other(LookupFailure { words, is_deferred }))
}

/// Checks whether this process may open another file.
///
/// # Errors
/// [`ErrorKind::ResourceExhausted`](crate::ErrorKind::ResourceExhausted), whose message begins with `what`.
pub(crate) fn descriptors_left(what: &str) -> Result<(), Error> {
    match io::pipe() {
        Ok(_) => Ok(()),
        Err(error) => Resource::shortage(&error, what).map_or(Ok(()), Err),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn names_and_addresses_are_looked_up() {
        assert_eq!(look_up("127.0.0.1", 1).await.unwrap(), ["127.0.0.1:1".parse().unwrap()]);
        assert_eq!(look_up("::1", 2).await.unwrap(), ["[::1]:2".parse().unwrap()]);
        assert!(look_up("localhost", 3).await.unwrap().iter().all(|address| address.ip().is_loopback()));
    }

    /// A label must not be empty (RFC 1035 §2.3.1), so no server is asked for such a name.
    #[tokio::test]
    async fn an_impossible_name_is_final_and_the_error_has_the_resolvers_words() {
        let error = look_up("nowhere..invalid", 1).await.unwrap_err();
        let failure = LookupFailure::of(&error).unwrap();
        assert!(!failure.is_deferred, "{failure:?}");
        assert!(failure.to_string().len() > 10, "{failure}");
    }

    #[cfg(target_os = "linux")]
    #[test]
    #[expect(clippy::disallowed_methods, reason = "a call of the C library that sets errno")]
    fn the_resolvers_code_decides() {
        // With EAI_SYSTEM, errno has the reason.
        std::fs::File::open("/dev/null/nowhere").unwrap_err();
        // netdb.h: EAI_AGAIN, EAI_NONAME, EAI_NODATA, EAI_FAIL, EAI_SYSTEM; EAI_MEMORY.
        for (code, is_deferred) in [(-3, true), (-2, false), (-5, false), (-4, false), (-11, true)] {
            let error = failure_or_shortage(LookupError::new(code));
            assert_eq!(LookupFailure::of(&error).unwrap().is_deferred, is_deferred, "{code}");
        }
        assert_eq!(Resource::of(&failure_or_shortage(LookupError::new(-10))), Some(Resource::Memory));
    }

    /// netdb.h, `EAI_SYSTEM`: errno has the reason.
    #[cfg(target_os = "linux")]
    #[test]
    fn a_shortage_of_the_resolver_does_not_mean_a_wrong_name() {
        use rustix::io::Errno;
        for (number, resource) in [
            (Errno::MFILE, Resource::Descriptors),
            (Errno::NFILE, Resource::Descriptors),
            (Errno::NOMEM, Resource::Memory),
            (Errno::NOBUFS, Resource::Memory),
            (Errno::AGAIN, Resource::Memory),
        ] {
            let said = io::Error::from_raw_os_error(number.raw_os_error());
            let shortage = Resource::shortage(&failure_or_shortage(said.into()), "no connection").unwrap();
            assert_eq!((shortage.resource(), shortage.retryable()), (Some(resource), true), "{number}");
        }
    }
}
