//! The operator's pages: rendered by the server, worked by plain forms. Nothing in them moves by itself, so no script is
//! needed to use them, and none is loaded.

mod breakers;
mod budget;
mod decisions;
mod frame;
mod log;
mod log_in;
mod number;
mod overview;
mod parts;
mod sites;

pub use breakers::{BreakerButton, BreakerDone, BreakerRow, BreakerStanding, BreakersPage};
pub use budget::{AccountRow, BudgetPage, BudgetTables, SendsLeft};
pub use decisions::{DecisionOutcome, DecisionRow, DecisionsPage};
use leptos::prelude::*;
use phone_verify_domain::{Channel, Country, DeliveryReason, DeliveryState};

/// One of the pages.
#[derive(Clone, Debug)]
pub struct AdminPage {
    /// URLs of the style sheets.
    pub styles: Vec<String>,
    /// What it shows.
    pub content: AdminContent,
}

/// What a page shows.
#[derive(Clone, Debug)]
pub enum AdminContent {
    /// Asks for the password.
    LogIn {
        /// Why the last one was not taken.
        problem: Option<LogInProblem>,
    },
    /// How things went.
    Overview(OverviewPage),
    /// One number.
    Number(Box<NumberPage>),
    /// What sends cost.
    Budget(Box<BudgetPage>),
    /// Prefixes and countries whose codes do not come back.
    Breakers(BreakersPage),
    /// What rules decided.
    Decisions(DecisionsPage),
    /// Who is served.
    Sites(Vec<SiteRow>),
    /// What was done here.
    Log(Vec<LogRow>),
    /// Something did not answer.
    Unavailable,
}

/// Why a password was not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogInProblem {
    /// It is another one.
    Wrong,
    /// It was not looked at.
    TooMany {
        /// Seconds until one is.
        retry_in: u64,
    },
}

/// How things went for a while.
#[derive(Clone, Debug, Default)]
pub struct OverviewPage {
    /// `day`, `week` or `month`.
    pub period: &'static str,
    /// The key of the site that is looked at; of all where empty.
    pub site: String,
    /// The keys of all sites.
    pub sites: Vec<String>,
    /// Each stretch of time, the oldest first.
    pub bars: Vec<Bar>,
    /// By country and channel, most sent first.
    pub shares: Vec<ShareRow>,
    /// What did not arrive, most frequent first.
    pub faults: Vec<FaultRow>,
    /// Senders that are down.
    pub down: Vec<(Channel, String)>,
}

/// A stretch of time.
#[derive(Clone, Debug)]
pub struct Bar {
    /// When it began, in UTC, for people.
    pub begins: String,
    /// How many may have left.
    pub sent: u64,
    /// How many of them led to an approval.
    pub approved: u64,
}

/// The part of one country and channel.
#[derive(Clone, Debug)]
pub struct ShareRow {
    /// Where to.
    pub country: Country,
    /// How.
    pub channel: Channel,
    /// How many may have left.
    pub sent: u64,
    /// How many of them are known to have arrived.
    pub delivered: u64,
    /// How many of them led to an approval.
    pub approved: u64,
}

/// Sendings that did not arrive, for one reason.
#[derive(Clone, Debug)]
pub struct FaultRow {
    /// Where to.
    pub country: Country,
    /// How.
    pub channel: Channel,
    /// By which sender.
    pub sender: String,
    /// Where they stand.
    pub state: DeliveryState,
    /// Why.
    pub reason: Option<DeliveryReason>,
    /// How many.
    pub count: u64,
}

/// A number that was typed in.
#[derive(Clone, Debug, Default)]
pub struct NumberPage {
    /// As it was typed.
    pub typed: String,
    /// What is known of it; nothing where it was not looked up, or is none.
    pub found: Option<NumberFound>,
    /// Whether what was typed is no number.
    pub is_none: bool,
    /// What was just done.
    pub done: Option<NumberButton>,
    /// The keys of all sites.
    pub sites: Vec<String>,
}

/// What is known of a number.
#[derive(Clone, Debug)]
pub struct NumberFound {
    /// Masked.
    pub mask: String,
    /// Its country, if it has one.
    pub country: Option<Country>,
    /// Whether it is blocked on all sites.
    pub blocked: bool,
    /// The sites on which it is blocked, beside that.
    pub blocked_on: Vec<String>,
    /// Whether its owner wants no text messages.
    pub opted_out: bool,
    /// Seconds for which its own limits keep messages from it.
    pub wait: u64,
    /// The last sendings to it, the newest first.
    pub sendings: Vec<SendingRow>,
    /// What rules decided against it, the newest first.
    pub decisions: Vec<DecisionRow>,
    /// What was done with it here, the newest first.
    pub log: Vec<LogRow>,
}

/// A sending.
#[derive(Clone, Debug)]
pub struct SendingRow {
    /// When, in UTC, for people.
    pub at: String,
    /// By which site.
    pub site: String,
    /// How.
    pub channel: Channel,
    /// Where it stands.
    pub state: DeliveryState,
    /// Why it did not arrive.
    pub reason: Option<DeliveryReason>,
    /// Where its verification stands, in a word.
    pub status: &'static str,
}

/// What can be done with a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NumberButton {
    /// *Look up*.
    LookUp,
    /// *Unlock*.
    Unlock,
    /// *Block*.
    Block,
    /// *Unblock*.
    Unblock,
    /// *Erase*.
    Erase,
}

impl NumberButton {
    /// The name of the buttons.
    pub const FIELD: &'static str = "do";

    const ALL: [Self; 5] = [
        Self::LookUp,
        Self::Unlock,
        Self::Block,
        Self::Unblock,
        Self::Erase,
    ];

    /// The button's value.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::LookUp => "look-up",
            Self::Unlock => "unlock",
            Self::Block => "block",
            Self::Unblock => "unblock",
            Self::Erase => "erase",
        }
    }

    /// The button that `value` names, if it names one.
    #[must_use]
    pub fn parse(value: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|button| button.as_str() == value)
    }
}

/// A site, as the configuration has it.
#[derive(Clone, Debug)]
pub struct SiteRow {
    /// Its public name.
    pub key: String,
    /// What people call it.
    pub name: String,
    /// Where its pages may be.
    pub origins: Vec<String>,
    /// Whose numbers it serves; all where `None`.
    pub countries: Option<Vec<String>>,
    /// How its codes travel.
    pub channels: Vec<Channel>,
    /// Whether numbers are also kept encrypted.
    pub keeps_numbers: bool,
    /// Where its server is told of events: the host alone, because an address may hold a secret.
    pub webhook_host: Option<String>,
}

/// A line of the log.
#[derive(Clone, Debug)]
pub struct LogRow {
    /// When, in UTC, for people.
    pub at: String,
    /// In which log-in.
    pub session: Option<String>,
    /// What was done, as it is kept.
    pub action: &'static str,
    /// On which site, where it was not on all.
    pub site: Option<String>,
    /// Of which country or prefix the breaker was.
    pub breaker: Option<String>,
}

/// The whole document.
#[must_use]
pub fn admin_document(page: AdminPage) -> String {
    Owner::new().with(|| frame::document(page).to_html())
}

/// A share in words, as in `73 %`; of nothing there is none.
fn percent(part: u64, whole: u64) -> String {
    match whole {
        0 => "–".to_owned(),
        _ => format!("{} %", (part * 100 + whole / 2) / whole),
    }
}

/// What a channel is called.
fn channel(channel: Channel) -> &'static str {
    match channel {
        Channel::Sms => "Text message",
        Channel::Call => "Call",
    }
}

/// What a country is called in English.
fn country(country: Country) -> String {
    let code = country.as_str();
    rust_iso3166::from_alpha2(code)
        .map_or_else(|| code.to_owned(), |known| format!("{} ({code})", known.name))
}

/// What became of a sending, and why.
fn fate(state: DeliveryState, reason: Option<DeliveryReason>) -> String {
    let state = match state {
        DeliveryState::Sending => "On its way",
        DeliveryState::Accepted => "Taken by the sender",
        DeliveryState::Delivered => "Delivered",
        DeliveryState::Undelivered => "Not delivered",
        DeliveryState::Rejected => "Refused by the sender",
        DeliveryState::NotSent => "Not sent",
        DeliveryState::Unknown => "Unknown",
    };
    let Some(reason) = reason else {
        return state.to_owned();
    };
    let reason = match reason {
        DeliveryReason::Unreachable => {
            "the phone is off, out of reach, or the number is not in service (Twilio 30003, 30005)"
        }
        DeliveryReason::NotTextable => {
            "a landline, or a carrier that takes no messages (Twilio 30006, 21614)"
        }
        DeliveryReason::OptedOut => "its owner has said STOP (Twilio 21610)",
        DeliveryReason::Blocked => "the sender takes the number for a fraud’s and blocks it (Twilio 60410)",
        DeliveryReason::Filtered => "a carrier filtered the message (Twilio 30007)",
        DeliveryReason::NotServed => "the account may not send there (Twilio 21408)",
        DeliveryReason::Busy => "the line was busy",
        DeliveryReason::NoAnswer => "nobody answered",
        DeliveryReason::Sender => "the sender has a fault: `phone-verify doctor` says more",
    };
    format!("{state}: {reason}")
}
