use std::net::IpAddr;

/// A network as limits count it: one IPv4 address, or an IPv6 /64 or /48. Whoever has an IPv6 address has all of its /64.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Network(Vec<u8>);

impl Network {
    /// The networks of an address, the narrowest first. An IPv4 address in IPv6 clothes (`::ffff:192.0.2.1`) is itself.
    pub(super) fn of(address: IpAddr) -> Vec<Self> {
        match address.to_canonical() {
            IpAddr::V4(address) => vec![Self::prefix(&address.octets(), 32)],
            IpAddr::V6(address) => [64, 48]
                .map(|bits| Self::prefix(&address.octets(), bits))
                .to_vec(),
        }
    }

    /// What tells it from every other network.
    pub(super) fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    fn prefix(octets: &[u8], bits: u8) -> Self {
        let mut bytes = vec![bits];
        bytes.extend_from_slice(&octets[..usize::from(bits) / 8]);
        Self(bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::net::Ipv6Addr;

    fn networks(address: &str) -> Vec<Network> {
        Network::of(address.parse().unwrap())
    }

    #[test]
    fn an_ipv4_address_counts_for_itself_in_every_spelling() {
        assert_eq!(networks("192.0.2.1"), networks("::ffff:192.0.2.1"));
        assert_eq!(networks("192.0.2.1").len(), 1);
        assert_ne!(networks("192.0.2.1"), networks("192.0.2.2"));
    }

    #[test]
    fn a_64_within_a_48_is_another_network_in_the_same_wider_one() {
        let (one, other) = (networks("2001:db8:1:1::1"), networks("2001:db8:1:2::1"));
        assert_ne!(one[0], other[0]);
        assert_eq!(one[1], other[1]);
        assert_ne!(networks("2001:db8:2:1::1")[1], one[1]);
    }

    proptest! {
        #[test]
        fn all_addresses_of_a_64_are_one_network(high: u64, low: u64, other: u64) {
            let address = |low: u64| IpAddr::V6(Ipv6Addr::from(u128::from(high) << 64 | u128::from(low)));
            prop_assume!(high != 0);
            prop_assert_eq!(Network::of(address(low)), Network::of(address(other)));
        }
    }
}
