//! All that the widget says: one key per text, so that a language is one table.

use phone_verify_domain::{Channel, DeliveryReason, DeliveryState, DeliveryView, ErrorCode};

/// The language that texts fall back to.
pub const ENGLISH: &str = "en";

macro_rules! words {
    ($($(#[$meta:meta])* $key:ident = $english:literal;)+) => {
        /// A text of the widget; `{…}` stand for values that [`fill`] puts in.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Word { $($(#[$meta])* $key,)+ }

        impl Word {
            /// Every text.
            pub const ALL: &'static [Self] = &[$(Self::$key,)+];

            /// The text in English.
            #[must_use]
            pub const fn english(self) -> &'static str {
                match self { $(Self::$key => $english,)+ }
            }
        }
    };
}

words! {
    /// Names the choice of a country.
    Country = "Country";
    /// Names the search within the countries.
    SearchCountries = "Search countries";
    /// No country is called so.
    NoCountry = "No country found";
    /// Names the field of the number.
    PhoneNumber = "Phone number";
    /// Sends the PIN for the first time.
    GetPin = "Get PIN";
    /// What stands beside *Get PIN* where a page asks for it without words of its own.
    Terms = "We will send you one message or call. Your carrier may charge for it.";
    /// Before the field of the PIN.
    EnterPin = "Enter the {n}-digit PIN sent to {to}";
    /// The same after a call.
    EnterCalledPin = "Enter the {n}-digit PIN you hear in our call to {to}";
    /// Names the field of the PIN.
    Pin = "PIN";
    /// Checks the PIN.
    Verify = "Verify";
    /// Sends the same PIN again.
    SendAgain = "Send again";
    /// Has the same PIN spoken.
    CallMeInstead = "Call me instead";
    /// Goes back to the number.
    ChangeNumber = "Change number";
    /// Begins anew after an end.
    StartAgain = "Start again";
    /// Success.
    PhoneNumberVerified = "Phone number verified";

    /// Beside a button that must wait less than a minute.
    InSeconds = "in {s} s";
    /// Beside a button that must wait longer.
    InMinutes = "in {m} min {s} s";
    /// Beside a button whose means are spent.
    NoMoreSends = "no more messages";
    /// Beside a button that a page or a site does not offer.
    NotOffered = "not available";

    /// While the first message is being sent.
    SendingText = "Sending your PIN…";
    /// While the call is being placed.
    SendingCall = "Calling you…";
    /// While a PIN is being compared.
    Checking = "Checking your PIN…";
    /// The provider took the message.
    TextOnItsWay = "The message is on its way.";
    /// The provider took the call.
    CallOnItsWay = "We are calling you now.";
    /// The message arrived.
    TextDelivered = "The message has been delivered.";
    /// The call was answered.
    CallDelivered = "The call was answered.";
    /// Nobody knows.
    DeliveryUnknown = "We could not confirm that it was sent. If nothing arrives, send it again.";
    /// It did not arrive, for no reason that is known.
    NotDelivered = "It could not be delivered.";
    /// The phone is off or out of reach.
    Unreachable = "The phone could not be reached.";
    /// A landline, mostly.
    NotTextable = "This number cannot receive text messages. A call may work.";
    /// STOP.
    DeliveryOptedOut = "This number has opted out of our text messages. A call may work.";
    /// The provider blocks it.
    Blocked = "Messages to this number are blocked.";
    /// A carrier filtered it.
    Filtered = "The carrier filtered the message.";
    /// The provider does not go there.
    NotServed = "We cannot send to this country.";
    /// The line was busy.
    LineBusy = "The line was busy.";
    /// Nobody picked up.
    NoAnswer = "Nobody answered the call.";
    /// Our side is at fault.
    SenderAtFault = "We could not send it. The fault is ours.";

    /// Pressed without a number.
    NumberMissing = "Enter your phone number.";
    /// No number of any country.
    InvalidNumber = "This is not a valid phone number. Check the country and the digits.";
    /// The site does not go there.
    CountryNotServed = "Numbers of this country are not accepted here.";
    /// Premium and the like.
    NumberTypeRefused = "Numbers of this kind cannot be verified. Use a mobile or landline number.";
    /// Another account has it.
    NumberTaken = "This number is already in use.";
    /// STOP, on our own list.
    OptedOut = "This number has opted out of our text messages. Text START to us, or use another number.";
    /// Not this channel.
    ChannelUnavailable = "This way of sending is not available for your number.";
    /// Not the number of this verification.
    NumberMismatch = "This is not the number that the PIN was sent to.";
    /// Pressed without a PIN.
    PinMissing = "Enter the PIN.";
    /// Too few or too many digits.
    PinLength = "The PIN has {n} digits.";
    /// Compared and wrong.
    WrongPin = "This PIN is wrong.";
    /// One check is left.
    OneTryLeft = "You can try once more.";
    /// More are left.
    TriesLeft = "You can try {n} more times.";
    /// A limit.
    TooManyRequests = "Too many attempts. Please wait before you try again.";
    /// The provider is down.
    SenderUnavailable = "We could not send the PIN. Please try again in a moment.";
    /// No answer, or no sensible one.
    Unavailable = "We cannot reach the verification service. Please try again in a moment.";
    /// The same call is still under way.
    InProgress = "Your request is still being worked on. Please try again in a moment.";
    /// A proof of work failed.
    ChallengeFailed = "Your browser could not be checked. Please try again.";

    /// All checks are spent.
    Exhausted = "Too many wrong PINs.";
    /// Its time is over.
    Expired = "The PIN has expired.";
    /// The token's time is over.
    VerificationLapsed = "The verification is no longer valid.";
    /// Approved, but the result did not arrive.
    ResultLost = "Your number was verified, but the result did not arrive.";
    /// Set up wrongly: nothing a visitor can do.
    Misconfigured = "Phone verification is not available on this page.";
}

/// The text in the best language there is for `locale`.
#[must_use]
pub fn say(word: Word, _locale: &str) -> &'static str {
    word.english()
}

/// The language of what [`say`] says for `locale`: what a `lang` attribute must tell assistive technology.
#[must_use]
pub fn language(_locale: &str) -> &'static str {
    ENGLISH
}

/// Puts values in the place of `{name}`s.
#[must_use]
pub fn fill(text: &str, values: &[(&str, &str)]) -> String {
    let mut filled = String::with_capacity(text.len() + 16);
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        filled.push_str(before);
        let (name, after) = after.split_once('}').unwrap_or((after, ""));
        if let Some((_, value)) = values.iter().find(|(key, _)| *key == name) {
            filled.push_str(value);
        }
        rest = after;
    }
    filled.push_str(rest);
    filled
}

/// A number in digits.
#[must_use]
pub fn number(number: u32) -> String {
    number.to_string()
}

/// How long one must wait, as in *in 45 s*.
#[must_use]
pub fn wait(seconds: u64, locale: &str) -> String {
    let seconds = u32::try_from(seconds).unwrap_or(u32::MAX);
    let (minutes, rest) = (number(seconds / 60), number(seconds % 60));
    let word = if seconds < 60 {
        Word::InSeconds
    } else {
        Word::InMinutes
    };
    fill(say(word, locale), &[("m", &minutes), ("s", &rest)])
}

/// What a refusal means to the one who reads it.
#[must_use]
pub const fn of_error(code: ErrorCode) -> Word {
    match code {
        ErrorCode::InvalidNumber => Word::InvalidNumber,
        ErrorCode::CountryNotServed => Word::CountryNotServed,
        ErrorCode::NumberTypeRefused => Word::NumberTypeRefused,
        ErrorCode::NumberTaken => Word::NumberTaken,
        ErrorCode::NumberMismatch => Word::NumberMismatch,
        ErrorCode::OptedOut => Word::OptedOut,
        ErrorCode::ChannelUnavailable => Word::ChannelUnavailable,
        ErrorCode::WrongCode => Word::WrongPin,
        ErrorCode::InvalidCode => Word::PinLength,
        ErrorCode::TooManyRequests => Word::TooManyRequests,
        ErrorCode::SenderUnavailable => Word::SenderUnavailable,
        ErrorCode::RequestInProgress => Word::InProgress,
        ErrorCode::ChallengeRequired => Word::ChallengeFailed,
        ErrorCode::Exhausted => Word::Exhausted,
        ErrorCode::Expired | ErrorCode::Canceled | ErrorCode::NotFound => Word::Expired,
        ErrorCode::AlreadyApproved | ErrorCode::AlreadyRedeemed => Word::ResultLost,
        ErrorCode::InvalidToken => Word::VerificationLapsed,
        ErrorCode::Busy | ErrorCode::Unavailable | ErrorCode::IdempotencyMismatch => Word::Unavailable,
        ErrorCode::InvalidRequest
        | ErrorCode::Unauthorized
        | ErrorCode::OriginRefused
        | ErrorCode::SiteUnknown
        | ErrorCode::MethodNotAllowed
        | ErrorCode::TooLarge
        | ErrorCode::UnsupportedMediaType
        | ErrorCode::Misdirected
        | ErrorCode::InvalidSession => Word::Misconfigured,
    }
}

/// What has become of a message or a call.
#[must_use]
pub const fn of_delivery(delivery: DeliveryView, channel: Channel) -> Word {
    if let Some(reason) = delivery.reason {
        return match reason {
            DeliveryReason::Unreachable => Word::Unreachable,
            DeliveryReason::NotTextable => Word::NotTextable,
            DeliveryReason::OptedOut => Word::DeliveryOptedOut,
            DeliveryReason::Blocked => Word::Blocked,
            DeliveryReason::Filtered => Word::Filtered,
            DeliveryReason::NotServed => Word::NotServed,
            DeliveryReason::Busy => Word::LineBusy,
            DeliveryReason::NoAnswer => Word::NoAnswer,
            DeliveryReason::Sender => Word::SenderAtFault,
        };
    }
    match (delivery.state, channel) {
        (DeliveryState::Sending | DeliveryState::Accepted, Channel::Sms) => Word::TextOnItsWay,
        (DeliveryState::Sending | DeliveryState::Accepted, Channel::Call) => Word::CallOnItsWay,
        (DeliveryState::Delivered, Channel::Sms) => Word::TextDelivered,
        (DeliveryState::Delivered, Channel::Call) => Word::CallDelivered,
        (DeliveryState::Unknown, _) => Word::DeliveryUnknown,
        (DeliveryState::NotSent, _) => Word::SenderAtFault,
        (DeliveryState::Undelivered | DeliveryState::Rejected, _) => Word::NotDelivered,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_take_the_place_of_their_names() {
        assert_eq!(fill("a {x} b {y}{x}", &[("x", "1"), ("y", "2")]), "a 1 b 21");
        assert_eq!(fill("a {unknown} b", &[]), "a  b");
        assert_eq!(fill("a {open", &[("open", "1")]), "a 1");
    }

    #[test]
    fn waits_are_said_in_seconds_and_minutes() {
        assert_eq!(wait(0, "en"), "in 0 s");
        assert_eq!(wait(59, "en"), "in 59 s");
        assert_eq!(wait(125, "en"), "in 2 min 5 s");
    }

    #[test]
    fn every_text_is_there_and_its_braces_close() {
        for word in Word::ALL {
            let text = word.english();
            assert!(!text.is_empty());
            assert_eq!(text.matches('{').count(), text.matches('}').count(), "{text}");
        }
    }
}
