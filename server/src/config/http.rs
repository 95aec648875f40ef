use super::value::{BaseUrl, Count};
use serde::Deserialize;
use std::net::{Ipv4Addr, SocketAddr};

/// `[http]`: where the server listens and what it believes about the network before it.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct HttpConfig {
    /// Address and port to listen on; port 0 takes a free one.
    pub listen: SocketAddr,
    /// Scheme, host and port under which browsers and providers reach this server; the token's issuer. With it, requests
    /// for another host are refused. Without it: `http://` and the listen address.
    pub public_url: Option<BaseUrl>,
    /// How many proxies of one's own stand before the server: the client's address is that many entries from the right of
    /// `X-Forwarded-For`. 0 reads no header. Behind https it must be set, one way or the other.
    pub trusted_proxies: Option<u8>,
    /// Address and port of the metrics, which are served nowhere else.
    pub metrics_listen: Option<SocketAddr>,
    /// Open connections of one client address; used only with `trusted_proxies = 0`, else they are the proxy's.
    pub connections_per_address: Count,
}

impl Default for HttpConfig {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 3000)),
            public_url: None,
            trusted_proxies: None,
            metrics_listen: None,
            connections_per_address: Count::new(64),
        }
    }
}

impl HttpConfig {
    /// How many proxies are believed.
    #[must_use]
    pub fn proxies(&self) -> usize {
        usize::from(self.trusted_proxies.unwrap_or_default())
    }
}
