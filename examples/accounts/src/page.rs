//! What a page shows: made by the server, sent along with the page, and read again by the wasm that takes the page over.

use serde::{Deserialize, Serialize};

/// One page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Page {
    /// Which, and with what.
    pub content: Content,
    /// What went wrong with the form that was posted.
    pub problem: Option<String>,
    /// Different for each page that is made: the same form sent twice is one request.
    pub once: String,
    /// Whether messages can be read at `/dev/outbox`.
    pub outbox: bool,
}

/// What is on a page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Content {
    /// `/register`, with what was typed before.
    Register {
        /// User name.
        user_name: String,
        /// Full name.
        full_name: String,
        /// Phone number.
        phone_number: String,
    },
    /// `/login`, with the user name that was typed before.
    LogIn {
        /// User name.
        user_name: String,
    },
    /// `/verify`
    Verify(Proving),
    /// `/second-step`
    SecondStep {
        /// The masked number that PINs go to; none where the account has none any more.
        to: Option<String>,
        /// The PIN that was sent and is awaited.
        code: Option<CodeStep>,
    },
    /// `/dashboard`
    Dashboard(Dashboard),
}

/// A number that is to be proved.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proving {
    /// The site key, for the component.
    pub site_key: String,
    /// The host's session that binds what the component does to this user.
    pub session: String,
    /// The number to begin with.
    pub number: String,
    /// The PIN that was sent and is awaited.
    pub code: Option<CodeStep>,
}

/// A PIN that is awaited. Waits are seconds from when the page was made; `None` means never.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CodeStep {
    /// Where it went and how long it is, in words.
    pub hint: String,
    /// What became of the message, in words.
    pub delivery: String,
    /// Until it may be sent again.
    pub again_in: Option<u64>,
    /// Until it may be told by a call.
    pub call_in: Option<u64>,
    /// Until the next PIN may be checked.
    pub check_in: Option<u64>,
}

/// What the owner of an account sees.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dashboard {
    /// Full name.
    pub full_name: String,
    /// User name.
    pub user_name: String,
    /// The masked number.
    pub to: String,
    /// Whether a log-in needs a second step.
    pub two_factor: bool,
    /// Recovery codes, on the one page that shows them.
    pub new_codes: Vec<String>,
    /// How many are left.
    pub codes_left: u32,
    /// Whether the log-in lies too far back for a change without the password.
    pub asks_password: bool,
}
