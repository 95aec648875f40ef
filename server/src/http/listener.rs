//! The accept loop: how many connections, how long a head may take, and how it ends.

use super::client_address::Peer;
use axum::Router;
use axum::body::Body;
use http::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::{GracefulShutdown, Watcher};
use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tower::ServiceExt;

/// How long a request's head may take, however it is dripped, and how long an idle connection is kept (contract 5).
const HEAD_TIME: Duration = Duration::from_secs(5);

/// Header lines; browsers and proxies send some thirty.
const MAX_HEADERS: usize = 64;

/// Bytes of a request's head.
const MAX_HEAD_BYTES: usize = 16 * 1024;

/// How long requests that are under way may still take when the server stops.
const DRAIN_TIME: Duration = Duration::from_secs(10);

/// The pause after the system had no more file descriptors, for some to come free.
const NO_DESCRIPTORS_PAUSE: Duration = Duration::from_millis(50);

/// How many connections at once.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Of everybody; more wait to be accepted.
    pub total: usize,
    /// Of one client address; more are closed at once. `None` where a proxy stands before the server.
    pub per_address: Option<usize>,
}

/// Serves `routes` until `shutdown` comes true, then lets what is under way finish for ten seconds.
pub async fn serve(
    listener: TcpListener,
    routes: Router,
    limits: Limits,
    shutdown: impl Future<Output = ()>,
) {
    let open = Arc::new(Semaphore::new(limits.total));
    let by_address = Counts::default();
    let graceful = GracefulShutdown::new();
    tokio::pin!(shutdown);
    loop {
        let next = async {
            let permit = open.clone().acquire_owned().await;
            (permit, listener.accept().await)
        };
        let (permit, accepted) = tokio::select! {
            next = next => next,
            () = &mut shutdown => break,
        };
        // The semaphore is never closed.
        let Ok(permit) = permit else { break };
        match accepted {
            Ok((stream, peer)) => {
                let Some(place) = by_address.take(peer.ip(), limits.per_address) else {
                    tracing::debug!("a connection too many of one address");
                    continue;
                };
                let connection = Connection {
                    stream,
                    peer,
                    routes: routes.clone(),
                    watcher: graceful.watcher(),
                    _places: (permit, place),
                };
                tokio::spawn(connection.serve());
            }
            Err(error) => accept_failed(&error).await,
        }
    }
    drop(listener);
    tracing::info!("stopping: no new connections are taken");
    if tokio::time::timeout(DRAIN_TIME, graceful.shutdown())
        .await
        .is_err()
    {
        tracing::warn!("some requests were still under way after ten seconds");
    }
}

async fn accept_failed(error: &io::Error) {
    let of_one_connection = matches!(
        error.kind(),
        io::ErrorKind::ConnectionRefused | io::ErrorKind::ConnectionAborted | io::ErrorKind::ConnectionReset
    );
    if !of_one_connection {
        tracing::error!(%error, "no connection can be accepted");
        tokio::time::sleep(NO_DESCRIPTORS_PAUSE).await;
    }
}

struct Connection {
    stream: TcpStream,
    peer: SocketAddr,
    routes: Router,
    watcher: Watcher,
    _places: (OwnedSemaphorePermit, Place),
}

impl Connection {
    async fn serve(self) {
        // Answers are small and whole: nothing is gained by waiting for more.
        let _ = self.stream.set_nodelay(true);
        let (routes, peer) = (self.routes, Peer(self.peer));
        let service = service_fn(move |request: Request<Incoming>| {
            let mut request = request.map(Body::new);
            request.extensions_mut().insert(peer);
            routes.clone().oneshot(request)
        });
        let connection = http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(HEAD_TIME)
            .max_headers(MAX_HEADERS)
            .max_header_size(MAX_HEAD_BYTES)
            .serve_connection(TokioIo::new(self.stream), service);
        if let Err(error) = self.watcher.watch(connection).await {
            tracing::debug!(%error, "a connection broke off");
        }
    }
}

/// Open connections by client network.
#[derive(Clone, Default)]
struct Counts(Arc<Mutex<HashMap<IpAddr, usize>>>);

impl Counts {
    fn take(&self, address: IpAddr, most: Option<usize>) -> Option<Place> {
        let Some(most) = most else {
            return Some(Place(None));
        };
        let network = network(address);
        let mut counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let count = counts.entry(network).or_default();
        if *count >= most {
            return None;
        }
        *count += 1;
        Some(Place(Some((self.clone(), network))))
    }

    fn give_back(&self, network: IpAddr) {
        let mut counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Entry::Occupied(mut count) = counts.entry(network) {
            *count.get_mut() -= 1;
            if *count.get() == 0 {
                count.remove();
            }
        }
    }
}

/// One subscriber's own: an IPv4 address, or an IPv6 /64.
fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => IpAddr::V6((address.to_bits() >> 64 << 64).into()),
        address @ IpAddr::V4(_) => address,
    }
}

/// A connection's place in the count, given back when it ends.
struct Place(Option<(Counts, IpAddr)>);

impl Drop for Place {
    fn drop(&mut self) {
        if let Some((counts, network)) = self.0.take() {
            counts.give_back(network);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_network_has_so_many_places_and_gets_them_back() {
        let counts = Counts::default();
        let take = |address: &str| counts.take(address.parse().unwrap(), Some(2));
        let first = take("2001:db8::1");
        let second = take("2001:db8::2");
        assert!(first.is_some() && second.is_some());
        assert!(take("2001:db8::3").is_none());
        assert!(take("2001:db8:0:1::3").is_some());
        assert!(take("192.0.2.1").is_some());
        drop(first);
        assert!(take("2001:db8::3").is_some());
        drop(second);
        assert!(counts.0.lock().unwrap().is_empty());
    }
}
