use std::net::IpAddr;

/// The hosts that are reached without a proxy: `NO_PROXY`.
///
/// The rules are those of Go's `golang.org/x/net/http/httpproxy`, which Pulumi's provider follows: entries are
/// separated by commas; `*` exempts everything; an entry is an IP address, a CIDR block, or a domain name, the first
/// and the last with a port if that matters; `example.com` exempts the domain and its subdomains, `.example.com` and
/// `*.example.com` only its subdomains. `localhost` and loopback addresses are always exempt. The verdicts in
/// `tests/no_proxy/verdicts.json` are Go's own.
#[derive(Clone, Default, PartialEq, Eq, Hash)]
pub struct Exemptions(Vec<Exemption>);

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Exemption {
    Everything,
    Address { address: IpAddr, ports: Ports },
    Block { address: IpAddr, bits: u8 },
    Domain { suffix: String, includes_itself: bool, ports: Ports },
}

/// The ports that an entry is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Ports {
    All,
    One(u16),
    /// The port in the entry is not a valid port number.
    None,
}

crate::types::opaque!(Exemptions);

impl Exemptions {
    /// Reads the list; an entry that Go cannot use exempts nothing.
    pub fn parse(list: &str) -> Self {
        let entries = list.split(',').map(|entry| entry.trim().to_lowercase()).filter(|entry| !entry.is_empty());
        Self(entries.filter_map(|entry| Exemption::parse(&entry)).collect())
    }

    /// Returns whether that host and port are reached without a proxy. The host is in the form in which `Url` writes
    /// it.
    pub fn contain(&self, host: &str, port: u16) -> bool {
        let host = host.trim_start_matches('[').trim_end_matches(']');
        let address = host.parse().ok().map(|address: IpAddr| address.to_canonical());
        host == "localhost"
            || address.is_some_and(|address| address.is_loopback())
            || self.0.iter().any(|exemption| exemption.holds(host, address, port))
    }
}

impl Exemption {
    fn parse(entry: &str) -> Option<Self> {
        if entry == "*" {
            return Some(Self::Everything);
        }
        if let Some(block) = Self::block(entry) {
            return Some(block);
        }
        let (host, ports) = split(entry).map_or((entry, Ports::All), |(host, port)| (host, Ports::parse(port)));
        if let Ok(address) = host.parse::<IpAddr>() {
            return Some(Self::Address { address: address.to_canonical(), ports });
        }
        let host = host.strip_prefix('*').filter(|rest| rest.starts_with('.')).unwrap_or(host);
        (!host.is_empty()).then(|| Self::domain(host, ports))
    }

    fn domain(host: &str, ports: Ports) -> Self {
        let includes_itself = !host.starts_with('.');
        let dot = if includes_itself { "." } else { "" };
        Self::Domain { suffix: format!("{dot}{}", in_ascii(host)), includes_itself, ports }
    }

    /// Parses a CIDR block. `::ffff:10.0.0.0/104` is the IPv4 block `10.0.0.0/8`.
    fn block(entry: &str) -> Option<Self> {
        let (address, bits) = entry.split_once('/')?;
        let address: IpAddr = address.parse().ok()?;
        let bits: u8 = bits.parse().ok().filter(|_| bits.bytes().all(|byte| byte.is_ascii_digit()))?;
        let most = if address.is_ipv4() { 32 } else { 128 };
        let is_mapped = address.to_canonical() != address && (96..=most).contains(&bits);
        if is_mapped {
            return Some(Self::Block { address: address.to_canonical(), bits: bits - 96 });
        }
        (bits <= most).then_some(Self::Block { address, bits })
    }

    fn holds(&self, host: &str, address: Option<IpAddr>, port: u16) -> bool {
        match self {
            Self::Everything => true,
            Self::Address { address: exempt, ports } => address == Some(*exempt) && ports.contain(port),
            Self::Block { address: block, bits } => address.is_some_and(|address| is_in_block(address, *block, *bits)),
            Self::Domain { suffix, includes_itself, ports } => {
                let is_itself = *includes_itself && host == &suffix[1..];
                address.is_none() && (is_itself || host.ends_with(suffix.as_str())) && ports.contain(port)
            }
        }
    }
}

impl Ports {
    /// Ports are compared as text: `0443` matches no port.
    fn parse(text: &str) -> Self {
        match text.parse::<u16>() {
            _ if text.is_empty() => Self::All,
            Ok(port) if port.to_string() == text => Self::One(port),
            _ => Self::None,
        }
    }

    fn contain(self, port: u16) -> bool {
        self == Self::All || self == Self::One(port)
    }
}

/// Splits host and port as Go's `net.SplitHostPort` does, or returns nothing if Go would not.
fn split(entry: &str) -> Option<(&str, &str)> {
    let (host, port) = entry.rsplit_once(':')?;
    let name = match host.strip_prefix('[') {
        Some(inner) => inner.strip_suffix(']')?,
        None => Some(host).filter(|host| !host.contains(':'))?,
    };
    let has_bracket = [name, port].iter().any(|part| part.contains(['[', ']']));
    (!has_bracket).then_some((name, port))
}

/// Converts an internationalized name to its ASCII form (RFC 3492): label by label, in lower case. The other mappings
/// of UTS #46 need tables of 200 KB, which nothing else here uses. A name that needs them must be written in its ASCII
/// form.
fn in_ascii(host: &str) -> String {
    let labels: Vec<_> = host.split('.').map(label_in_ascii).collect();
    labels.join(".")
}

fn label_in_ascii(label: &str) -> String {
    let encoded = Some(label).filter(|label| !label.is_ascii()).and_then(idna::punycode::encode_str);
    encoded.map_or_else(|| label.to_owned(), |encoded| format!("xn--{encoded}"))
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
