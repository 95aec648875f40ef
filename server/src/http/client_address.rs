//! Whose address a request counts for.

use http::HeaderMap;
use std::net::{IpAddr, SocketAddr};

/// The other end of the connection, put into each request by the accept loop.
#[derive(Clone, Copy, Debug)]
pub struct Peer(pub SocketAddr);

/// The client's address behind `proxies` trusted proxies: that many entries from the right of `X-Forwarded-For`, for each
/// proxy appends the address that it was called from. What stands further left is the client's own invention. Where there
/// are fewer entries, or no address there, the peer's counts.
#[must_use]
pub fn client_address(headers: &HeaderMap, peer: IpAddr, proxies: usize) -> IpAddr {
    let Some(hops_before) = proxies.checked_sub(1) else {
        return peer.to_canonical();
    };
    // A line that is not text still has its entries: if it did not count, a client could push its own line into its place.
    let lines = headers.get_all("x-forwarded-for").iter();
    let entries: Vec<&[u8]> = lines
        .flat_map(|line| line.as_bytes().split(|byte| *byte == b','))
        .collect();
    entries
        .iter()
        .rev()
        .nth(hops_before)
        .and_then(|entry| parse(std::str::from_utf8(entry).ok()?))
        .unwrap_or(peer)
        .to_canonical()
}

/// An address, with or without a port.
fn parse(entry: &str) -> Option<IpAddr> {
    let entry = entry.trim();
    entry
        .parse()
        .ok()
        .or_else(|| entry.parse::<SocketAddr>().ok().map(|address| address.ip()))
        .or_else(|| entry.strip_prefix('[')?.strip_suffix(']')?.parse().ok())
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::HeaderValue;

    fn address(lines: &[&str], proxies: usize) -> String {
        let mut headers = HeaderMap::new();
        for line in lines {
            headers.append("x-forwarded-for", HeaderValue::from_str(line).unwrap());
        }
        client_address(&headers, "192.0.2.1".parse().unwrap(), proxies).to_string()
    }

    #[test]
    fn without_proxies_no_header_is_read() {
        assert_eq!(address(&["203.0.113.9"], 0), "192.0.2.1");
    }

    #[test]
    fn the_address_is_as_many_entries_from_the_right_as_there_are_proxies() {
        let lines = ["6.6.6.6, 203.0.113.9", "198.51.100.7"];
        assert_eq!(address(&lines, 1), "198.51.100.7");
        assert_eq!(address(&lines, 2), "203.0.113.9");
        assert_eq!(address(&lines, 3), "6.6.6.6");
    }

    #[test]
    fn with_fewer_entries_or_no_address_the_peer_counts() {
        assert_eq!(address(&["203.0.113.9"], 2), "192.0.2.1");
        assert_eq!(address(&[], 1), "192.0.2.1");
        assert_eq!(address(&["203.0.113.9, unknown"], 1), "192.0.2.1");
        assert_eq!(address(&["203.0.113.9, "], 1), "192.0.2.1");
    }

    #[test]
    fn a_line_that_is_not_text_keeps_what_a_proxy_appended_to_it() {
        let mut headers = HeaderMap::new();
        headers.append("x-forwarded-for", HeaderValue::from_static("6.6.6.6"));
        let broken = HeaderValue::from_bytes(b"\xff, 203.0.113.9").unwrap();
        headers.append("x-forwarded-for", broken);
        let address = client_address(&headers, "192.0.2.1".parse().unwrap(), 1);
        assert_eq!(address.to_string(), "203.0.113.9");
    }

    #[test]
    fn ports_brackets_and_mapped_addresses_are_understood() {
        assert_eq!(address(&["203.0.113.9:4711"], 1), "203.0.113.9");
        assert_eq!(address(&["[2001:db8::1]:4711"], 1), "2001:db8::1");
        assert_eq!(address(&["[2001:db8::1]"], 1), "2001:db8::1");
        assert_eq!(address(&["::ffff:203.0.113.9"], 1), "203.0.113.9");
    }
}
