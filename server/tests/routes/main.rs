//! What the server answers, by the URL: the folders here are the paths there.

#![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

#[expect(dead_code, reason = "the stores' own tests use the rest")]
#[path = "../cluster/mod.rs"]
mod cluster;
#[path = "../harness/mod.rs"]
mod harness;

mod admin;
mod api;
mod assets;
mod budget;
mod connections;
mod cors;
mod dev_outbox;
mod headers;
mod health;
mod home;
mod host_guard;
mod jwks;
mod openapi;
mod plain;
mod table;
mod v1;
mod v2;
mod verify;
