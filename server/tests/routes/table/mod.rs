//! Every route of the server against every way in which a page could press it: by GET, as another content type, from no
//! Origin, another one and `null`. A route that is not in the table fails.

mod routes;

use crate::admin;
use crate::harness::{Reply, TestServer};
use reqwest::Method;
use routes::{Body, Call, Route};
use sqlx::{Connection, SqliteConnection};
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

/// What lets a request of a route through.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Guard {
    /// It changes nothing, whoever asks.
    Reads,
    /// Only pages of this server.
    OwnPages,
    /// The site's pages, and programs that are no browser.
    Site,
    /// Whoever knows the site's secret; no browser sends it by itself.
    Secret,
    /// The same with the secret in the form, where a wrong one is a 200 that says so: `v1/siteverify.rs` has those.
    SecretField,
    /// Whoever signs with Twilio's auth token; nobody here does.
    Signature,
}

/// Every route, by method and path.
pub fn calls() -> Vec<(Method, &'static str)> {
    let routes = routes::all().into_iter();
    routes.map(|route| (route.method, route.path)).collect()
}

/// Where a request says that it comes from.
#[derive(Clone, Copy, Debug)]
enum From {
    Nowhere,
    Elsewhere,
    Null,
    Here,
}

impl From {
    const ALL: [Self; 4] = [Self::Nowhere, Self::Elsewhere, Self::Null, Self::Here];

    fn origin(self, server: &TestServer) -> Option<&str> {
        match self {
            Self::Nowhere => None,
            Self::Elsewhere => Some("https://evil.example"),
            Self::Null => Some("null"),
            Self::Here => Some(&server.url),
        }
    }
}

impl Guard {
    fn admits(self, from: From) -> bool {
        match self {
            Self::Reads | Self::Secret | Self::SecretField => true,
            Self::OwnPages => matches!(from, From::Here),
            Self::Site => matches!(from, From::Here | From::Nowhere),
            Self::Signature => false,
        }
    }
}

/// A server whose limits nothing here reaches, and a view of its database from outside.
struct World {
    server: TestServer,
    database: SqliteConnection,
}

/// What a request did.
struct Effect {
    reply: Reply,
    /// Whether something was written or sent.
    changed: bool,
}

impl World {
    async fn start() -> Self {
        let server = admin::server(&[
            ("LIMITS__NUMBER__PER_HOUR", "1000"),
            ("LIMITS__NUMBER__PER_DAY", "1000"),
            ("LIMITS__CHECKS__PER_NUMBER_PER_DAY", "1000"),
            ("OUTBOX__KEEP", "1"),
            // They are written a while after the refusal that they explain.
            ("RETENTION__DECISIONS", "0s"),
            ("HTTP__TRUSTED_PROXIES", "1"),
        ])
        .await;
        let file = server.folder().join("data/phone-verify.db");
        let database = SqliteConnection::connect(&format!("sqlite://{}", file.display())).await;
        let mut world = Self {
            server,
            database: database.unwrap(),
        };
        world.quiet().await;
        world
    }

    /// Waits until what a server does by itself as it starts is done.
    async fn quiet(&mut self) {
        loop {
            let before = self.state().await;
            tokio::time::sleep(Duration::from_millis(300)).await;
            if self.state().await == before {
                return;
            }
        }
    }

    /// Another value after each commit of somebody else (SQLite's documentation, `PRAGMA data_version`).
    async fn state(&mut self) -> (i64, Option<String>) {
        let version: i64 = sqlx::query_scalar("PRAGMA data_version")
            .fetch_one(&mut self.database)
            .await
            .unwrap();
        let newest = self
            .server
            .outbox()
            .await
            .first()
            .map(|sent| sent["id"].to_string());
        (version, newest)
    }

    async fn send(&mut self, method: &Method, call: &Call, content_type: &str, from: From) -> Effect {
        let before = self.state().await;
        let mut request = self.server.request_here(method.clone(), &call.path);
        if let Some(origin) = from.origin(&self.server) {
            request = request.header("origin", origin);
        }
        if let Some(value) = &call.cookie {
            request = request.header("cookie", value);
        }
        if let Some(value) = &call.authorization {
            request = request.header("authorization", value);
        }
        if *method != Method::GET
            && let Some(body) = &call.body
        {
            request = request
                .header("content-type", content_type)
                .body(body.text().to_owned());
        }
        let reply = Reply::of(request).await;
        let changed = self.state().await != before;
        Effect { reply, changed }
    }
}

#[track_caller]
fn refused(route: &Route, what: &str, effect: &Effect) {
    assert!(
        (400..500).contains(&effect.reply.status) && !effect.changed,
        "{} {} {what}: changed: {}, {:?}",
        route.method,
        route.path,
        effect.changed,
        effect.reply
    );
}

#[tokio::test]
async fn of_every_route_and_every_way_to_press_it_only_the_allowed_one_acts() {
    let mut world = World::start().await;
    for route in &routes::all() {
        for from in From::ALL {
            let call = routes::ready(&world.server, route).await;
            let content_type = call.body.as_ref().map_or("", Body::content_type);
            let effect = world.send(&route.method, &call, content_type, from).await;
            if !route.guard.admits(from) {
                refused(route, &format!("{from:?}"), &effect);
                continue;
            }
            let status = effect.reply.status;
            assert!(
                status < 400 || (route.built && matches!(status, 404 | 503)),
                "{} {} from {from:?} should have been let through: {:?}",
                route.method,
                route.path,
                effect.reply
            );
            // Readiness is found out by trying to write.
            assert!(
                effect.changed == route.changes || route.path == "/readyz",
                "{} {} from {from:?}: changed: {}",
                route.method,
                route.path,
                effect.changed
            );
        }
        if route.method == Method::GET {
            continue;
        }
        // Nothing of this is let through, so what is ready stays so.
        let call = routes::ready(&world.server, route).await;
        for from in From::ALL {
            let effect = world.send(&Method::GET, &call, "", from).await;
            assert!(
                !effect.changed,
                "GET {} from {from:?} changed something",
                route.path
            );
        }
        if call.body.is_some() {
            for content_type in ["text/plain", "multipart/form-data; boundary=x", ""] {
                let effect = world.send(&route.method, &call, content_type, From::Here).await;
                refused(route, content_type, &effect);
            }
        }
    }
}

#[tokio::test]
async fn a_secret_or_signature_is_asked_for_wherever_the_table_says_so() {
    let mut world = World::start().await;
    let guarded = |route: &&Route| matches!(route.guard, Guard::Secret | Guard::Signature);
    for route in routes::all().iter().filter(guarded) {
        for from in From::ALL {
            let call = Call {
                authorization: None,
                ..routes::ready(&world.server, route).await
            };
            let content_type = call.body.as_ref().map_or("", Body::content_type);
            let effect = world.send(&route.method, &call, content_type, from).await;
            refused(route, "without a secret", &effect);
        }
    }
}

#[tokio::test]
async fn every_route_is_in_the_table_with_all_its_methods() {
    let server = admin::server(&[]).await;
    let routes = routes::all();
    let named: BTreeSet<_> = routes.iter().map(|route| route.path.to_owned()).collect();
    assert_eq!(named, server.paths().await, "left: the table, right: the server");

    let mut methods: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    for route in &routes {
        let of_path = methods.entry(route.path).or_default();
        of_path.insert(route.method.to_string());
        if route.method == Method::GET {
            of_path.insert("HEAD".to_owned());
        }
    }
    for (path, expected) in methods {
        // No route has TRACE, so each says what it has.
        let reply = Reply::of(server.request(Method::TRACE, path)).await;
        assert_eq!(reply.status, 405, "{path}: {reply:?}");
        let allowed: BTreeSet<_> = reply
            .header("allow")
            .split(',')
            .map(|m| m.trim().to_owned())
            .collect();
        assert_eq!(allowed, expected, "{path}");
    }
}
