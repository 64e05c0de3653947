use std::net::IpAddr;

/// The hosts that are reached without a proxy: `NO_PROXY`.
///
/// The rules are those of Go's `golang.org/x/net/http/httpproxy`, which Pulumi's provider lives by: entries are
/// separated by commas; `*` exempts everything; an entry is an IP address, a CIDR block, or a domain name, the first
/// and the last with a port if that matters; `example.com` exempts the domain and what is below it, `.example.com`
/// and `*.example.com` only what is below. The machine itself is always exempt.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Exemptions(Vec<Exemption>);

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Exemption {
    Everything,
    Address { address: IpAddr, port: Option<u16> },
    Block { address: IpAddr, bits: u8 },
    Domain { suffix: String, includes_itself: bool, port: Option<u16> },
}

impl Exemptions {
    /// Reads the list; an entry that makes no sense exempts nothing, as in Go.
    pub fn parse(list: &str) -> Self {
        Self(list.split(',').map(str::trim).filter(|entry| !entry.is_empty()).filter_map(Exemption::parse).collect())
    }

    /// Whether that host and port are reached without a proxy.
    pub fn contain(&self, host: &str, port: u16) -> bool {
        let host = host.trim_start_matches('[').trim_end_matches(']').trim_end_matches('.').to_ascii_lowercase();
        let address: Option<IpAddr> = host.parse().ok();
        host == "localhost"
            || address.is_some_and(|address| address.is_loopback())
            || self.0.iter().any(|exemption| exemption.holds(&host, address, port))
    }
}

impl Exemption {
    fn parse(entry: &str) -> Option<Self> {
        if entry == "*" {
            return Some(Self::Everything);
        }
        if let Some((address, bits)) = entry.split_once('/') {
            return Self::block(address, bits);
        }
        let (host, port) = host_and_port(entry);
        if let Ok(address) = host.parse() {
            return Some(Self::Address { address, port });
        }
        let host = host.strip_prefix('*').filter(|rest| rest.starts_with('.')).unwrap_or(host).to_ascii_lowercase();
        let name = host.trim_start_matches('.');
        let includes_itself = !host.starts_with('.');
        (!name.is_empty()).then(|| Self::Domain { suffix: format!(".{name}"), includes_itself, port })
    }

    fn block(address: &str, bits: &str) -> Option<Self> {
        let address: IpAddr = address.parse().ok()?;
        let bits: u8 = bits.parse().ok()?;
        let most = if address.is_ipv4() { 32 } else { 128 };
        (bits <= most).then_some(Self::Block { address, bits })
    }

    fn holds(&self, host: &str, address: Option<IpAddr>, port: u16) -> bool {
        let port_fits = |wanted: &Option<u16>| wanted.is_none_or(|wanted| wanted == port);
        match self {
            Self::Everything => true,
            Self::Address { address: exempt, port } => address == Some(*exempt) && port_fits(port),
            Self::Block { address: block, bits } => address.is_some_and(|address| is_in_block(address, *block, *bits)),
            Self::Domain { suffix, includes_itself, port } => {
                let is_itself = *includes_itself && host == &suffix[1..];
                (is_itself || host.ends_with(suffix.as_str())) && port_fits(port)
            }
        }
    }
}

/// `host`, `host:port`, `[address]:port`, or an IPv6 address, whose colons separate no port.
fn host_and_port(entry: &str) -> (&str, Option<u16>) {
    if let Some((address, rest)) = entry.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        return (address, rest.strip_prefix(':').and_then(|port| port.parse().ok()));
    }
    match entry.rsplit_once(':') {
        Some((host, port)) if !host.contains(':') => (host, port.parse().ok()),
        _ => (entry, None),
    }
}

fn is_in_block(address: IpAddr, block: IpAddr, bits: u8) -> bool {
    match (address, block) {
        (IpAddr::V4(address), IpAddr::V4(block)) => {
            let mask = u32::MAX.checked_shl(u32::from(32 - bits)).unwrap_or(0);
            u32::from(address) & mask == u32::from(block) & mask
        }
        (IpAddr::V6(address), IpAddr::V6(block)) => {
            let mask = u128::MAX.checked_shl(u32::from(128 - bits)).unwrap_or(0);
            u128::from(address) & mask == u128::from(block) & mask
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_of_entry() {
        // The list, a host and port that it exempts, one that it does not.
        let rows = [
            ("*", ("anything.example", 443), None),
            ("example.com", ("example.com", 443), Some(("notexample.com", 443))),
            ("example.com", ("login.example.com", 443), Some(("example.com.evil", 443))),
            (".example.com", ("login.example.com", 443), Some(("example.com", 443))),
            ("*.example.com", ("login.example.com", 443), Some(("example.com", 443))),
            ("EXAMPLE.com", ("Login.Example.COM.", 443), None),
            ("example.com:8443", ("example.com", 8443), Some(("example.com", 443))),
            ("10.1.2.3", ("10.1.2.3", 80), Some(("10.1.2.4", 80))),
            ("10.1.2.3:80", ("10.1.2.3", 80), Some(("10.1.2.3", 443))),
            ("10.0.0.0/8", ("10.255.0.1", 443), Some(("11.0.0.1", 443))),
            ("0.0.0.0/0", ("11.0.0.1", 443), Some(("a.name", 443))),
            ("fd00::/8", ("[fd12::1]", 443), Some(("fe80::1", 443))),
            ("fd12::1", ("fd12::1", 443), Some(("fd12::2", 443))),
            ("[fd12::1]:443", ("fd12::1", 443), Some(("fd12::1", 80))),
            (" a.example , , b.example", ("b.example", 1), Some(("c.example", 1))),
            ("", ("localhost", 1), Some(("a.example", 1))),
            ("", ("127.9.9.9", 1), Some(("128.0.0.1", 1))),
            ("", ("[::1]", 1), None),
            ("10.0.0.0/33, 10.0.0.0/x, /, :, .", ("localhost", 1), Some(("10.0.0.1", 1))),
        ];
        for (list, (host, port), other) in rows {
            let exemptions = Exemptions::parse(list);
            assert!(exemptions.contain(host, port), "{list:?} does not exempt {host}:{port}");
            if let Some((host, port)) = other {
                assert!(!exemptions.contain(host, port), "{list:?} exempts {host}:{port}");
            }
        }
    }
}
