//! What an operator's Prometheus reads (docs/operations.md).
//!
//! Every label has few values, known before a request comes: a route's pattern, an error's word, a country. Nothing of what a client
//! sends is one, so no number, address, code or id can get here.

mod labels;
mod page;
mod process;
mod store;

pub use page::Page;
pub use store::MeasuredStore;

use crate::senders::SendOutcome;
use labels::{Counted, CountryLabel, Operated, Operation, Outcome, Report, Routed, Sent, SentBy, Which};
use phone_verify_domain::{ApiError, Channel, Country, DeliveryReason, DeliveryState};
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::metrics::info::Info;
use prometheus_client::registry::{Registry, Unit};
use std::sync::Arc;
use std::time::Duration;
use tokio::time::Instant;

/// Upper bounds in seconds: from a commit on a fast disk to what a sender or the database may take at most.
const SECONDS: [f64; 14] = [
    0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0,
];

/// A report that gives none.
const NO_REASON: &str = "none";

/// Times by label.
type Times<L> = Family<L, Histogram, fn() -> Histogram>;

/// What is called by name in `phone_verify_requests_total`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Call {
    /// A verification is started, or, by a site's server, its code sent again.
    Start,
    /// A code is sent again.
    Resend,
    /// A code is checked.
    Check,
    /// A verification is looked at.
    View,
    /// A verification is given up or ended.
    End,
}

impl Call {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Start => "start",
            Self::Resend => "resend",
            Self::Check => "check",
            Self::View => "view",
            Self::End => "end",
        }
    }
}

/// The fixed word of a refusal, as `outcome`.
pub trait Refusal {
    /// The word.
    fn word(&self) -> &'static str;
}

impl Refusal for ApiError {
    fn word(&self) -> &'static str {
        self.code.as_str()
    }
}

/// All that is counted and timed; clones are the same.
#[derive(Clone)]
pub struct Metrics(Arc<Families>);

struct Families {
    registry: Registry,
    requests: Family<Outcome, Counter>,
    request_seconds: Times<Operation>,
    started: Family<Counted, Counter>,
    approved: Family<Counted, Counter>,
    wrong_codes: Counter,
    limited: Family<Which, Counter>,
    sends: Family<Sent, Counter>,
    send_seconds: Times<SentBy>,
    sender_up: Family<SentBy, Gauge>,
    reports: Family<Report, Counter>,
    store_seconds: Times<Operated>,
    store_errors: Family<Operated, Counter>,
    commits: Counter,
    committed: Counter,
    webhooks_waiting: Gauge,
    http_requests: Family<Routed, Counter>,
    http_seconds: Times<labels::Route>,
}

fn times() -> Histogram {
    Histogram::new(SECONDS)
}

fn new_times<L: Clone + std::hash::Hash + Eq>() -> Times<L> {
    Family::new_with_constructor(times as fn() -> Histogram)
}

impl Default for Metrics {
    fn default() -> Self {
        let mut families = Families {
            registry: Registry::default(),
            requests: Family::default(),
            request_seconds: new_times(),
            started: Family::default(),
            approved: Family::default(),
            wrong_codes: Counter::default(),
            limited: Family::default(),
            sends: Family::default(),
            send_seconds: new_times(),
            sender_up: Family::default(),
            reports: Family::default(),
            store_seconds: new_times(),
            store_errors: Family::default(),
            commits: Counter::default(),
            committed: Counter::default(),
            webhooks_waiting: Gauge::default(),
            http_requests: Family::default(),
            http_seconds: new_times(),
        };
        families.register();
        families.begin_at_zero();
        Self(Arc::new(families))
    }
}

impl Families {
    /// Names and help of all; the encoder adds `_total` to counters and the unit to times.
    fn register(&mut self) {
        let mut registry = Registry::default();
        registry.register_collector(Box::new(process::Process));
        let all = registry.sub_registry_with_prefix("phone_verify");
        let version = Info::new([("version", env!("CARGO_PKG_VERSION"))]);
        all.register("build", "The program that runs", version);
        all.register(
            "requests",
            "Calls of the verification service by every door; outcome is ok or the refusal's code",
            self.requests.clone(),
        );
        all.register_with_unit(
            "request",
            "How long such a call took, sending and committing included",
            Unit::Seconds,
            self.request_seconds.clone(),
        );
        all.register(
            "started",
            "Verifications begun, by the number's country",
            self.started.clone(),
        );
        all.register(
            "approved",
            "Verifications approved, by the number's country",
            self.approved.clone(),
        );
        all.register(
            "wrong_codes",
            "Codes that were compared and are wrong",
            self.wrong_codes.clone(),
        );
        all.register(
            "limited",
            "Refusals by a limit, as [limits] names it",
            self.limited.clone(),
        );
        all.register("sends", "What senders made of a message", self.sends.clone());
        all.register_with_unit(
            "send",
            "How long a sender took to answer",
            Unit::Seconds,
            self.send_seconds.clone(),
        );
        all.register(
            "sender_up",
            "0 while a sender is left alone because it fails",
            self.sender_up.clone(),
        );
        all.register(
            "delivery_reports",
            "What providers reported of a delivery, where it moved",
            self.reports.clone(),
        );
        self.register_store(all);
        all.register(
            "http_requests",
            "Answers by route and status",
            self.http_requests.clone(),
        );
        all.register_with_unit(
            "http_request",
            "From a request's head to its answer's",
            Unit::Seconds,
            self.http_seconds.clone(),
        );
        self.registry = registry;
    }

    /// What alerts compare with before must be there before it happens.
    fn begin_at_zero(&self) {
        for &operation in store::OPERATIONS {
            self.store_errors.get_or_create_owned(&Operated { operation });
        }
        for state in [DeliveryState::Delivered, DeliveryState::Undelivered] {
            let (state, reason) = (state.as_str(), NO_REASON);
            self.reports.get_or_create_owned(&Report { state, reason });
        }
    }

    fn register_store(&self, all: &mut Registry) {
        all.register_with_unit(
            "store",
            "How long a transaction took, waiting for the writer included",
            Unit::Seconds,
            self.store_seconds.clone(),
        );
        all.register(
            "store_errors",
            "Transactions that the database did not answer",
            self.store_errors.clone(),
        );
        all.register(
            "sqlite_commits",
            "Commits of the SQLite writer",
            self.commits.clone(),
        );
        all.register(
            "sqlite_operations",
            "Operations in those commits",
            self.committed.clone(),
        );
        all.register(
            "webhooks_waiting",
            "Events of sites that are not delivered yet",
            self.webhooks_waiting.clone(),
        );
    }
}

impl Metrics {
    /// Counts and times one call of the verification service.
    pub(crate) async fn call<T, E: Refusal>(
        &self,
        call: Call,
        work: impl Future<Output = Result<T, E>>,
    ) -> Result<T, E> {
        let operation = call.as_str();
        let begun = Instant::now();
        let answer = work.await;
        let outcome = answer.as_ref().err().map_or("ok", Refusal::word);
        let families = &self.0;
        count(&families.requests, &Outcome { operation, outcome });
        time(
            &families.request_seconds,
            &Operation { operation },
            begun.elapsed(),
        );
        answer
    }

    /// A verification began.
    pub(crate) fn started(&self, channel: Channel, country: Country) {
        let country = CountryLabel(country);
        count(
            &self.0.started,
            &Counted {
                channel: channel.as_str(),
                country,
            },
        );
    }

    /// A number was proved.
    pub(crate) fn approved(&self, channel: Channel, country: Country) {
        let country = CountryLabel(country);
        count(
            &self.0.approved,
            &Counted {
                channel: channel.as_str(),
                country,
            },
        );
    }

    /// A code was compared and is wrong.
    pub(crate) fn wrong_code(&self) {
        self.0.wrong_codes.inc();
    }

    /// A limit refused.
    pub(crate) fn limited(&self, limit: &'static str) {
        count(&self.0.limited, &Which { limit });
    }

    /// A sender answered, or not in time.
    pub(crate) fn sent(&self, sender: &'static str, channel: Channel, outcome: &SendOutcome, took: Duration) {
        let channel = channel.as_str();
        let outcome = outcome.word();
        count(
            &self.0.sends,
            &Sent {
                sender,
                channel,
                outcome,
            },
        );
        time(&self.0.send_seconds, &SentBy { sender, channel }, took);
    }

    /// A provider reported what became of a delivery.
    pub(crate) fn reported(&self, state: DeliveryState, reason: Option<DeliveryReason>) {
        let reason = reason.map_or(NO_REASON, DeliveryReason::as_str);
        let state = state.as_str();
        count(&self.0.reports, &Report { state, reason });
    }

    /// A request was answered; `route` is the route's pattern, nothing where no route was met.
    pub(crate) fn answered(&self, method: &http::Method, route: Option<&str>, status: u16, took: Duration) {
        let route = route.unwrap_or("none").to_owned();
        let method = labels::method(method);
        let routed = Routed {
            method,
            route: route.clone(),
            status,
        };
        count(&self.0.http_requests, &routed);
        time(&self.0.http_seconds, &labels::Route { route }, took);
    }

    fn stored(&self, operation: &'static str, took: Duration, failed: bool) {
        let operation = Operated { operation };
        time(&self.0.store_seconds, &operation, took);
        if failed {
            count(&self.0.store_errors, &operation);
        }
    }
}

fn count<L>(family: &Family<L, Counter>, labels: &L)
where
    L: Clone + std::hash::Hash + Eq,
{
    family.get_or_create(labels).inc();
}

fn time<L>(family: &Times<L>, labels: &L, took: Duration)
where
    L: Clone + std::hash::Hash + Eq,
{
    family.get_or_create(labels).observe(took.as_secs_f64());
}
