//! Breakers: how they stand, and buttons that open and close them.

use super::{country, parts, percent};
use leptos::prelude::*;
use phone_verify_domain::Country;

/// The breakers of prefixes and countries.
#[derive(Clone, Debug, Default)]
pub struct BreakersPage {
    /// Those that have counted sends of the last day or are open; the open ones first.
    pub rows: Vec<BreakerRow>,
    /// Whether they are switched off, so that none stops anything.
    pub are_off: bool,
    /// What was just done.
    pub done: Option<BreakerDone>,
    /// A place that was typed and is none.
    pub is_none: Option<String>,
}

/// A breaker.
#[derive(Clone, Debug)]
pub struct BreakerRow {
    /// What names it in a form.
    pub place: String,
    /// The country of its numbers.
    pub country: Country,
    /// The first digits of its name, where it is a prefix's: a keyed hash, of which no number is read.
    pub prefix: Option<String>,
    /// How it stands.
    pub standing: BreakerStanding,
    /// Sends to strangers that it has counted.
    pub sent: u64,
    /// Of these, that led to an approval.
    pub approved: u64,
}

/// How a breaker stands; moments are in UTC, for people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BreakerStanding {
    /// All are served.
    Closed,
    /// A prefix of which, while its country's is open, nobody is served but who was verified before: its codes do not come back.
    Bad,
    /// Strangers are not, until it is closed by hand.
    OpenByHand {
        /// Since when.
        since: String,
    },
    /// Strangers are not; of a country, those of prefixes whose codes do not come back.
    Open {
        /// Since when.
        since: String,
        /// When it tries again.
        until: String,
    },
    /// A few strangers are, to see whether their codes come back.
    HalfOpen {
        /// Since when it is open.
        since: String,
        /// How many were sent.
        sent: u32,
        /// How many of them were approved.
        approved: u32,
    },
}

/// A breaker was turned by hand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BreakerDone {
    /// How.
    pub button: BreakerButton,
    /// Whether it stood otherwise before.
    pub moved: bool,
}

/// What can be done with a breaker.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BreakerButton {
    /// *Open*.
    Open,
    /// *Close*.
    Close,
}

impl BreakerButton {
    /// The name of the buttons.
    pub const FIELD: &'static str = "do";

    /// The button's value.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Close => "close",
        }
    }

    /// The button that `value` names, if it names one.
    #[must_use]
    pub fn parse(value: &str) -> Option<Self> {
        [Self::Open, Self::Close]
            .into_iter()
            .find(|button| button.as_str() == value)
    }
}

pub(super) fn page(page: BreakersPage) -> impl IntoView {
    let off = page.are_off.then(|| {
        view! {
            <p class="ad-problem" role="alert">
                "They are switched off (limits.conversion.enabled): none of them stops anything."
            </p>
        }
    });
    let done = page.done.map(|done| {
        view! {
            <p class="ad-done" role="status">
                {words(done)}
            </p>
        }
    });
    view! {
        <p>
            "Where too few of the codes that are sent to strangers come back, their prefix gets no more of them for a while, and is told what everybody is told. Where too few come back in a country, each of its prefixes is judged by what became of its own codes in the last day. Numbers that were verified before are served throughout."
        </p>
        {off}
        {done}
        {table(page.rows)}
        <h2>"Open one by hand"</h2>
        {by_hand(page.is_none)}
    }
}

fn words(done: BreakerDone) -> &'static str {
    match (done.button, done.moved) {
        (BreakerButton::Open, true) => "It is open until it is closed by hand.",
        (BreakerButton::Open, false) => "It was open before; now it stays so until it is closed by hand.",
        (BreakerButton::Close, true) => "It is closed, and begins to count anew.",
        (BreakerButton::Close, false) => "It was closed before; it begins to count anew.",
    }
}

fn table(rows: Vec<BreakerRow>) -> AnyView {
    if rows.is_empty() {
        return view! { <p>"None has counted anything in the last day."</p> }.into_any();
    }
    let rows = rows.into_iter().map(row).collect_view();
    parts::table(
        "Breakers",
        &[
            "Whose",
            "How it stands",
            "Sent",
            "Approved",
            "Conversion",
            "By hand",
        ],
        rows,
    )
}

fn row(row: BreakerRow) -> impl IntoView {
    let (button, label) = match row.standing {
        BreakerStanding::Closed => (BreakerButton::Open, "Open"),
        BreakerStanding::Bad
        | BreakerStanding::OpenByHand { .. }
        | BreakerStanding::Open { .. }
        | BreakerStanding::HalfOpen { .. } => (BreakerButton::Close, "Close"),
    };
    let standing = standing(row.standing, row.prefix.is_none());
    let name = whose(row.country, row.prefix.as_deref());
    let described = format!("{label}: {name}");
    view! {
        <tr>
            <th scope="row">{name}</th>
            <td>{standing}</td>
            <td>{row.sent}</td>
            <td>{row.approved}</td>
            <td>{percent(row.approved, row.sent)}</td>
            <td>
                <form class="ad-form" method="post" action="/admin/breakers">
                    <input type="hidden" name="place" value=row.place />
                    <button
                        class="ad-button"
                        type="submit"
                        name=BreakerButton::FIELD
                        value=button.as_str()
                        aria-label=described
                    >
                        {label}
                    </button>
                </form>
            </td>
        </tr>
    }
}

/// Whose breaker it is.
pub(super) fn whose(of: Country, prefix: Option<&str>) -> String {
    match prefix {
        None => country(of),
        Some(prefix) => format!("Prefix {prefix} in {}", country(of)),
    }
}

fn standing(standing: BreakerStanding, is_country: bool) -> String {
    let each = if is_country {
        ", each prefix for itself"
    } else {
        ""
    };
    match standing {
        BreakerStanding::Closed => "Closed".to_owned(),
        BreakerStanding::Bad => "Stopped while its country is open".to_owned(),
        BreakerStanding::OpenByHand { since } => format!("Open by hand since {since}"),
        BreakerStanding::Open { since, until } => {
            format!("Open since {since}{each}, tries again at {until}")
        }
        BreakerStanding::HalfOpen {
            since,
            sent,
            approved,
        } => format!("Half open, open since {since}{each}: {approved} of {sent} tries approved"),
    }
}

fn by_hand(is_none: Option<String>) -> impl IntoView {
    let problem = is_none.is_some().then(|| {
        view! {
            <p class="ad-problem" id="problem" role="alert">
                "That is neither a country, as in US, nor a phone number with its country's calling code."
            </p>
        }
    });
    let wrong = is_none.is_some().then_some("true");
    let described = if is_none.is_some() {
        "problem"
    } else {
        "place-hint"
    };
    view! {
        <form class="ad-form ad-narrow" method="post" action="/admin/breakers">
            {problem}
            <label for="place">"Country or number"</label>
            <input
                id="place"
                name="place"
                autocomplete="off"
                dir="ltr"
                required
                maxlength="64"
                value=is_none
                aria-invalid=wrong
                aria-describedby=described
            />
            <p class="ad-hint" id="place-hint">
                "A country, as in US; or a number, for all that differ from it in their last four digits only."
            </p>
            <button
                class="ad-button"
                type="submit"
                name=BreakerButton::FIELD
                value=BreakerButton::Open.as_str()
            >
                "Open"
            </button>
        </form>
    }
}
