//! What Twilio's failures mean: one table, from its numeric code to what the user, the verification and the operator get.
//!
//! Texts are never looked at: Twilio changes them, and they may hold the number. The codes and their meanings are those of
//! Twilio's error dictionary (docs/api/errors).

use crate::senders::{SendOutcome, Verdict};
use phone_verify_domain::{DeliveryReason, ErrorCode};

/// What a failure calls for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reaction {
    /// It is no number that can be reached: the user typed something else than meant.
    BadNumber,
    /// A number of a kind that is not served, such as premium rate.
    NumberType,
    /// The account does not reach the country.
    NotServed,
    /// The owner asked not to get messages.
    OptedOut,
    /// The number gets no text messages: a call may do.
    NotTextable,
    /// The phone cannot be reached now, or not this way: the other channel may do.
    Unreachable,
    /// Twilio or a carrier takes it for fraud. Whoever asked is not told.
    Blocked,
    /// A carrier filtered the text.
    Filtered,
    /// Not processed: the same request may be made again.
    Throttled,
    /// Not processed, and asking again at once would not help.
    Overloaded,
    /// Not processed, because enough was asked for this one number: others can be sent to.
    NumberSpent,
    /// It may have been acted upon.
    Unknown,
    /// It cannot work until the operator has changed something.
    Operator(Task),
}

/// What the operator has to look at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Task {
    /// SIDs and secrets.
    Credentials,
    /// The account itself.
    Account,
    /// A trial account.
    Trial,
    /// The number or service that sends, wherever it sends to.
    Sender,
    /// What the number or service that sends may send, and to where.
    Route,
    /// The text.
    Content,
    /// `public_url`, to which Twilio reports.
    Callback,
    /// What the call says.
    Twiml,
    /// The Verify service.
    VerifyService,
    /// The request was not as Twilio wants it.
    Request,
}

use Reaction::{
    BadNumber, Blocked, Filtered, NotServed, NotTextable, NumberSpent, NumberType, Operator, OptedOut,
    Overloaded, Throttled, Unknown, Unreachable,
};
use Task::{Account, Callback, Content, Credentials, Request, Route, Sender, Trial, Twiml, VerifyService};

/// Every code that means something of its own, in order.
pub const TABLE: &[(u32, Reaction)] = &[
    // 10001 to 20504: the account, and the REST API as such.
    (10001, Operator(Account)),
    (10002, Operator(Trial)),
    (11200, Operator(Callback)),
    (11205, Operator(Callback)),
    (12100, Operator(Twiml)),
    (12200, Operator(Twiml)),
    (13224, BadNumber),
    (13225, Blocked),
    (13227, NotServed),
    (14107, Operator(Twiml)),
    (20001, Operator(Request)),
    (20003, Operator(Credentials)),
    (20004, Operator(Request)),
    (20005, Operator(Account)),
    (20006, Operator(Credentials)),
    (20008, Operator(Credentials)),
    (20010, Operator(Account)),
    (20403, Operator(Credentials)),
    (20404, Operator(Credentials)),
    (20422, Operator(Request)),
    (20429, Throttled),
    (20500, Unknown),
    (20503, Unknown),
    (20504, Unknown),
    // 212xx: calls, and numbers of either kind.
    (21201, BadNumber),
    (21202, NumberType),
    (21203, NotServed),
    (21205, Operator(Request)),
    (21206, Operator(Request)),
    (21208, Operator(Request)),
    (21209, Operator(Request)),
    (21210, Operator(Sender)),
    (21211, BadNumber),
    (21212, Operator(Sender)),
    (21213, Operator(Sender)),
    (21214, Unreachable),
    (21215, NotServed),
    (21216, Blocked),
    (21217, BadNumber),
    (21218, Operator(Request)),
    (21219, Operator(Trial)),
    (21220, Operator(Request)),
    (21264, Operator(Route)),
    // Twilio's finer codes of July 2024 for what used to be 21211, 21614 and 21606.
    (21265, BadNumber),
    (21266, BadNumber),
    (21267, Operator(Trial)),
    (21268, NumberType),
    (21401, BadNumber),
    (21402, Operator(Request)),
    (21407, Operator(Route)),
    (21408, NotServed),
    (21421, Operator(Route)),
    (21470, Operator(Credentials)),
    (21471, Operator(Credentials)),
    (21472, Operator(Account)),
    // 216xx and 217xx: messages and messaging services.
    (21601, Operator(Sender)),
    (21602, Operator(Content)),
    (21603, Operator(Sender)),
    (21604, BadNumber),
    (21605, Operator(Content)),
    (21606, Operator(Sender)),
    (21607, Operator(Sender)),
    (21608, Operator(Trial)),
    (21609, Operator(Callback)),
    (21610, OptedOut),
    (21611, Overloaded),
    (21612, NotTextable),
    (21614, NotTextable),
    (21616, Operator(Route)),
    (21617, Operator(Content)),
    (21618, Operator(Content)),
    (21619, Operator(Content)),
    (21624, Operator(Request)),
    (21626, Operator(Callback)),
    (21635, NotTextable),
    (21657, Operator(Sender)),
    (21659, Operator(Route)),
    (21660, Operator(Sender)),
    (21661, Operator(Route)),
    (21662, Operator(Route)),
    (21663, Operator(Route)),
    (21668, Operator(Route)),
    (21701, Operator(Sender)),
    (21702, Operator(Route)),
    (21703, Operator(Route)),
    (21704, Operator(Route)),
    (21705, Operator(Sender)),
    (21709, Operator(Route)),
    (21910, Operator(Route)),
    (22005, Overloaded),
    // 300xx and 304xx: what became of a message.
    (30001, Overloaded),
    (30002, Operator(Account)),
    (30003, Unreachable),
    (30004, Blocked),
    (30005, Unreachable),
    (30006, NotTextable),
    (30007, Filtered),
    (30008, Unreachable),
    (30017, Overloaded),
    (30018, Operator(Route)),
    (30022, Overloaded),
    (30023, Operator(Route)),
    (30024, Operator(Route)),
    (30027, Operator(Route)),
    (30032, Operator(Route)),
    (30033, Operator(Route)),
    (30034, Operator(Route)),
    (30035, Operator(Route)),
    (30036, Unreachable),
    (30037, Operator(Account)),
    (30038, Filtered),
    (30039, Filtered),
    (30040, Operator(Route)),
    (30041, Operator(Route)),
    (30042, Operator(Route)),
    (30044, Operator(Trial)),
    (30450, Blocked),
    (30453, Blocked),
    (32018, Operator(Twiml)),
    (57012, Operator(Callback)),
    // 60xxx: Verify.
    (60200, BadNumber),
    (60202, NumberSpent),
    (60203, NumberSpent),
    (60204, Operator(VerifyService)),
    (60205, NotTextable),
    (60207, Operator(VerifyService)),
    (60208, Operator(VerifyService)),
    (60209, Operator(VerifyService)),
    (60210, Operator(VerifyService)),
    (60211, Operator(VerifyService)),
    (60212, NumberSpent),
    (60213, Operator(VerifyService)),
    (60214, Operator(VerifyService)),
    (60217, Operator(VerifyService)),
    (60220, NotServed),
    (60221, Operator(VerifyService)),
    (60223, Operator(VerifyService)),
    (60224, Operator(VerifyService)),
    (60225, Operator(VerifyService)),
    (60226, Operator(VerifyService)),
    (60227, Operator(VerifyService)),
    (60228, Operator(VerifyService)),
    (60229, Operator(VerifyService)),
    (60238, Blocked),
    (60243, Operator(VerifyService)),
    (60410, Blocked),
    (60411, Operator(VerifyService)),
    (60413, Blocked),
    (60602, Operator(VerifyService)),
    (60605, NotServed),
    (60606, Operator(VerifyService)),
    (60607, Operator(VerifyService)),
    (60610, Operator(VerifyService)),
    (60611, Operator(VerifyService)),
];

/// The codes that say something of a code that Verify was to compare. By itself 20404 does not tell why Verify knows no such
/// verification: what is known here decides.
pub(super) const TABLE_OF_CHECKS: &[(u32, Verdict)] =
    &[(20404, Verdict::Gone), (60202, Verdict::NoChecksLeft)];

impl Reaction {
    /// What an answer other than 2xx calls for: by its code, else by its HTTP status. A 5xx says nothing, whatever its code.
    #[must_use]
    pub fn to(status: u16, code: Option<u32>) -> Self {
        if status >= 500 {
            return Unknown;
        }
        code.and_then(Self::to_code).unwrap_or(match status {
            401 => Operator(Credentials),
            // With a code that is not known yet, it may be for this one number's sake.
            403 | 404 if code.is_none() => Operator(Credentials),
            // The server gave up on the request, who knows when.
            408 => Unknown,
            429 => Throttled,
            400..500 => Operator(Request),
            // No redirect is followed, and nothing else is an answer to a POST.
            _ => Unknown,
        })
    }

    /// What a code calls for, in an answer or in a status callback.
    #[must_use]
    pub fn to_code(code: u32) -> Option<Self> {
        let index = TABLE.binary_search_by_key(&code, |(code, _)| *code).ok()?;
        Some(TABLE[index].1)
    }

    /// What became of the sending.
    #[must_use]
    pub fn outcome(self) -> SendOutcome {
        let error = match self {
            Unknown => return SendOutcome::Unknown,
            Throttled | Overloaded => return SendOutcome::NotSent,
            BadNumber => Some(ErrorCode::InvalidNumber),
            NumberType => Some(ErrorCode::NumberTypeRefused),
            NotServed => Some(ErrorCode::CountryNotServed),
            OptedOut => Some(ErrorCode::OptedOut),
            Operator(Credentials | Account | Sender) => return SendOutcome::Unusable,
            NumberSpent | Operator(_) => Some(ErrorCode::SenderUnavailable),
            NotTextable | Unreachable | Blocked | Filtered => None,
        };
        SendOutcome::Rejected {
            reason: self.reason(),
            error,
        }
    }

    /// What the view says of a delivery that failed so.
    #[must_use]
    pub fn reason(self) -> Option<DeliveryReason> {
        match self {
            NotServed => Some(DeliveryReason::NotServed),
            OptedOut => Some(DeliveryReason::OptedOut),
            NotTextable => Some(DeliveryReason::NotTextable),
            Unreachable => Some(DeliveryReason::Unreachable),
            Blocked => Some(DeliveryReason::Blocked),
            Filtered => Some(DeliveryReason::Filtered),
            Operator(_) => Some(DeliveryReason::Sender),
            BadNumber | NumberType | NumberSpent | Throttled | Overloaded | Unknown => None,
        }
    }
}

impl Task {
    /// What to do, for the log.
    #[must_use]
    pub const fn advice(self) -> &'static str {
        match self {
            Self::Credentials => {
                "Twilio does not accept the credentials: check twilio.account_sid, twilio.auth_token or twilio.api_key and \
                 twilio.api_key_secret, and that they are of the region that twilio.region names"
            }
            Self::Account => "the Twilio account is not active: look at it in Twilio's console",
            Self::Trial => {
                "a Twilio trial account reaches only numbers verified in its console: verify this one there, or upgrade"
            }
            Self::Sender => {
                "Twilio cannot send from this sender: check twilio.from, twilio.messaging_service_sid and twilio.senders"
            }
            Self::Route => {
                "Twilio cannot send this from this sender to that country: check the sender's capabilities and registration \
                 in Twilio's console, or name another one for the country in twilio.senders"
            }
            Self::Content => "Twilio or a carrier does not take the text: check code.template",
            Self::Callback => "Twilio cannot use the status callback: check http.public_url",
            Self::Twiml => "Twilio does not take what the call says: report it to this project",
            Self::VerifyService => {
                "the Verify service is not set up for this: check twilio.verify_service_sid and the service in Twilio's \
                 console"
            }
            Self::Request => {
                "Twilio does not take the request: look the code up at twilio.com/docs/api/errors"
            }
        }
    }
}

#[cfg(test)]
mod tests;
