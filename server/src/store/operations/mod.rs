//! The transactions, written once. Each database's module compiles this folder against its own `Connection` and `Row`
//! (`#[path]` in `sqlite/mod.rs` and `postgres/mod.rs`): concrete types, readable errors, one text.
//!
//! Rows are locked in this order, so that no two transactions wait for each other: the key of a call, a delivery, the limit of a
//! number's sends, verifications, a number, the limits of checks, a token, a subject; then what many numbers' transactions share: the
//! other limits of sends, the breakers of a prefix and of a country, budgets. A wish, a line and a block have rows of their own.
//!
//! A transaction begun here is a savepoint where the connection is in one already: SQLite's writer commits many at once.

mod announce;
mod answer;
mod block;
mod breaker;
mod budget;
mod check;
mod decisions;
mod erase;
mod idempotency;
mod import;
mod limits;
mod line;
mod look;
mod operator;
mod opt_out;
mod places;
mod read;
mod row;
mod send;
mod service;
mod session;
mod settle;
mod standing;
mod subject;
mod sweep;
mod taking;
mod token;
mod webhook;

pub(super) use announce::breaker as announce_breaker;
pub(super) use answer::answer_check;
pub(super) use block::{block, blocked, cancel_all, unblock};
pub(super) use breaker::{breakers, turn_breaker};
pub(super) use budget::{price, spent};
pub(super) use check::check;
pub(super) use decisions::{allowed, decisions, write_decisions};
pub(super) use erase::{erase_number, sealing_keys, sites};
pub(super) use idempotency::repeated;
pub(super) use import::{forget_legacy, has_legacy, import, recognise};
pub(super) use limits::arrivals;
pub(super) use line::{keep_line, line};
pub(super) use look::{open_calls, take_looks};
pub(super) use operator::{
    admin_log, begin_admin_session, end_admin_session, faults, has_admin_session, log_admin_action,
    take_limits, traffic, unlock,
};
pub(super) use opt_out::{opted_out, wish};
pub(super) use read::{keys_match, probe, record, sender_reference};
pub(super) use send::{resend, start};
pub(super) use service::{approve, attempts, count_attempts, history};
pub(super) use session::{open_session, session};
pub(super) use settle::{cancel, report, settle};
pub(super) use standing::standing;
pub(super) use subject::{claim_number, release_number, subject_number};
pub(super) use sweep::sweep;
pub(super) use token::redeem;
pub(super) use webhook::{replay_webhooks, take_webhooks, webhook_tried, webhooks, webhooks_waiting};

use super::{Connection, Row, begin};

type Result<T> = std::result::Result<T, sqlx::Error>;
